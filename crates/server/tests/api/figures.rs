//! Figures: each opens the records that it counts, keeps to the caller's scope, and doesn't move with people and records.

use serde_json::{Value as Json, json};

use crate::activities;
use crate::opportunities::{Stages, acted, opportunity_at, process_id};
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id, id_of};

/// All metrics that count records.
const COUNTED: &str = "customers_prospect,customers_target,customers_engaged,customers_intention,customers_won,target_customers,\
    customers_prospect_further,customers_target_further,visits,visits_first,visits_presentation,return_visits,return_visits_service,calls,\
    visits_planned,visits_kept,opportunities_created,pipeline_created,opportunities_open,pipeline_open,opportunities_won,\
    opportunities_lost,won_amount,lost_amount";

pub async fn ask(client: &Client, metrics: &str, more: &[(&str, &str)]) -> Json {
    let mut query = vec![("metrics", metrics)];
    query.extend(more);
    let answer = client.query("/api/figures", &query).await;
    assert_eq!(answer.status, 200, "{more:?} {:?}", answer.json);
    answer.json
}

/// `metric: value` of an answer without a breakdown, `metric key: value` of one with.
pub async fn told(client: &Client, metrics: &str, more: &[(&str, &str)]) -> Vec<String> {
    let answer = ask(client, metrics, more).await;
    let rows = answer["rows"].as_array().expect("rows").iter();
    rows.map(|row| {
        let key = row.get("key").map(|key| {
            let label = key.as_str().and_then(|key| answer["labels"][key].as_str());
            format!(" {}", label.or(key.as_str()).unwrap_or("-"))
        });
        let metric = row["metric"].as_str().unwrap_or_default();
        format!("{metric}{}: {}", key.unwrap_or_default(), row["value"])
    })
    .collect()
}

/// A small history: each of three people with customers, visits, and opportunities that end in one way or another.
async fn history(world: &World) {
    let admin = world.as_person("admin");
    let stages = Stages::of(&admin, "ordinary").await;
    let process = process_id(&admin, "ordinary").await;
    for (p, person) in ["li", "wang", "qian"].into_iter().enumerate() {
        for i in 0..5i64 {
            world.set_clock(NOW_MS - (40 - i * 8) * DAY_MS);
            let client = world.as_person(person);
            let class = ["key_account", "ordinary"][i as usize % 2];
            let region = ["3101", "3201", "1101"][(p + i as usize) % 3];
            let body =
                json!({ "name": format!("{person}的客户{i}"), "class": class, "region": region });
            let customer = client.create("customers", body).await;
            let amount = 1_000 * (i + 1) + p as i64;
            let extra = json!({ "amount": amount, "process_id": process });
            let row = opportunity_at(&client, &customer, &format!("{person}{i}"), extra).await;
            let planned =
                activities::planned(&client, &customer, 24.0 - (40 - i * 8) as f64 * 24.0 + 2.0)
                    .await;
            world.set_clock(NOW_MS - (38 - i * 8) * DAY_MS);
            let outcome = ["effective", "not_effective"][i as usize % 2];
            if i < 4 {
                activities::acted(&client, &planned, "finish", json!({ "outcome": outcome })).await;
            }
            activities::create(
                &client,
                ["service", "call", "presentation"][i as usize % 3],
                json!({ "customer_id": id_of(&customer), "state": "done" }),
            )
            .await;
            let stage = stages.id(["target", "intention"][i as usize % 2]);
            let row = acted(&client, &row, "advance", json!({ "stage_id": stage })).await;
            world.set_clock(NOW_MS - (36 - i * 8) * DAY_MS);
            match i {
                0 | 1 => {
                    acted(&client, &row, "close", json!({ "outcome": "won" })).await;
                }
                2 => {
                    acted(
                        &client,
                        &row,
                        "close",
                        json!({ "outcome": "lost", "loss_reason": "price" }),
                    )
                    .await;
                }
                _ => {}
            }
        }
    }
    world.set_clock(NOW_MS);
}

/// Opens what is behind each figure of an answer; answers how many there were.
async fn open_all(client: &Client, answer: &Json, place: &str) -> usize {
    let mut opened = 0;
    for row in answer["rows"].as_array().expect("rows") {
        let Some(records) = row.get("records") else {
            continue;
        };
        let filter = records["filter"].to_string();
        let path = format!("/api/{}", records["resource"].as_str().expect("a resource"));
        let query = [("filter", filter.as_str()), ("page_size", "200")];
        let found = client.query(&path, &query).await;
        assert_eq!(found.status, 200, "{place}: {:?}", found.json);
        let metric = answer["metrics"]
            .as_array()
            .expect("metrics")
            .iter()
            .find(|metric| metric["code"] == row["metric"]);
        let expected = match metric.expect("a metric")["unit"].as_str() {
            Some("money") => json!(
                found
                    .rows()
                    .iter()
                    .filter_map(|row| row["amount"]["amount_minor"].as_i64())
                    .sum::<i64>()
            ),
            _ => found.json["total"]["count"].clone(),
        };
        let value = if row["value"].is_null() {
            json!(0)
        } else {
            row["value"].clone()
        };
        assert_eq!(value, expected, "{place} {} {filter}", row["metric"]);
        opened += 1;
    }
    opened
}

#[tokio::test]
async fn every_figure_opens_the_records_that_it_counts() {
    each_database(async |world| {
        history(world).await;
        let mut opened = 0;
        for person in ["li", "supervisor", "director", "admin"] {
            let client = world.as_person(person);
            for period in ["2026-05", "2026", "2026-05-10..2026-06-09", "2025-Q4"] {
                for more in [
                    &[][..],
                    &[("by", "person")],
                    &[("by", "team")],
                    &[("by", "class")],
                    &[("by", "region")],
                    &[("class", "ordinary"), ("region", "31")],
                    &[("team_id", &id("east").to_string()), ("region", "3201")],
                ] {
                    let mut query = vec![("period", period)];
                    query.extend(more);
                    let answer = ask(&client, COUNTED, &query).await;
                    opened +=
                        open_all(&client, &answer, &format!("{person} {period} {more:?}")).await;
                }
            }
        }
        assert!(opened > 1_000, "{opened}");
    })
    .await;
}

#[tokio::test]
async fn breakdowns_add_up_and_scopes_part_them() {
    each_database(async |world| {
        history(world).await;
        let year = ("period", "2026");
        let metrics = "opportunities_won,visits";
        let admin = world.as_person("admin");
        assert_eq!(
            told(&admin, metrics, &[year]).await,
            ["opportunities_won: 6", "visits: 15"]
        );
        assert_eq!(
            told(&admin, "opportunities_won", &[year, ("by", "person")]).await,
            [
                "opportunities_won 李明: 2",
                "opportunities_won 王芳: 2",
                "opportunities_won 钱进: 2"
            ]
        );
        let by_team = told(&admin, "opportunities_won", &[year, ("by", "team")]).await;
        assert_eq!(
            by_team,
            [
                "opportunities_won 成单科技: 0",
                "opportunities_won 华东区: 4",
                "opportunities_won 华北区: 2"
            ]
        );
        // A person sees their own, a supervisor their line, a director their region; out of it there is nothing, also by sums.
        let li = world.as_person("li");
        assert_eq!(
            told(&li, "opportunities_won", &[year]).await,
            ["opportunities_won: 2"]
        );
        assert_eq!(
            told(&li, "opportunities_won", &[year, ("by", "person")]).await,
            ["opportunities_won 李明: 2"]
        );
        let wang = id("wang").to_string();
        assert_eq!(
            told(&li, "opportunities_won", &[year, ("person_id", &wang)]).await,
            ["opportunities_won: null"]
        );
        let supervisor = world.as_person("supervisor");
        assert_eq!(
            told(&supervisor, "opportunities_won", &[year]).await,
            ["opportunities_won: 4"]
        );
        let north = id("north").to_string();
        assert_eq!(
            told(&supervisor, "win_rate", &[year, ("team_id", &north)]).await,
            ["win_rate: null"]
        );
        let director = world.as_person("director");
        assert_eq!(
            told(&director, "opportunities_won", &[year]).await,
            ["opportunities_won: 4"]
        );
        let nobody = uuid::Uuid::from_u128(1).to_string();
        assert_eq!(
            admin
                .query(
                    "/api/figures",
                    &[("metrics", "visits"), ("team_id", &nobody)]
                )
                .await
                .status,
            404
        );
    })
    .await;
}

#[tokio::test]
async fn a_later_transfer_moves_no_history_but_the_stock() {
    each_database(async |world| {
        history(world).await;
        let admin = world.as_person("admin");
        let of = async |person: &str| {
            let person = id(person).to_string();
            let client = world.as_person("admin");
            told(
                &client,
                "opportunities_won,opportunities_created,opportunities_open",
                &[("period", "2026-06"), ("person_id", &person)],
            )
            .await
        };
        world.set_clock(NOW_MS + DAY_MS);
        let before = (of("li").await, of("wang").await);
        let rows = admin
            .query("/api/opportunities", &[("page_size", "200")])
            .await
            .rows();
        for row in rows.iter().filter(|row| row["owner_id"] == json!(id("li"))) {
            admin
                .edit("opportunities", row, json!({ "owner_id": id("wang") }))
                .await;
        }
        let after = (of("li").await, of("wang").await);
        assert_eq!(before.0[..2], after.0[..2]);
        assert_eq!(before.1[..2], after.1[..2]);
        assert_eq!(
            (before.0[2].as_str(), before.1[2].as_str()),
            ("opportunities_open: 2", "opportunities_open: 2")
        );
        assert_eq!(
            (after.0[2].as_str(), after.1[2].as_str()),
            ("opportunities_open: 0", "opportunities_open: 4")
        );
        // At the end of May they were still where they had been.
        let li = id("li").to_string();
        let may = told(
            &admin,
            "opportunities_open",
            &[("period", "2026-05"), ("person_id", &li)],
        )
        .await;
        assert_eq!(may, ["opportunities_open: 1"]);
    })
    .await;
}

#[tokio::test]
async fn somebody_who_changes_the_team_counts_in_each_for_its_days() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let visit = async |client: &Client| {
            let customer = client.customer("客户").await;
            let body = json!({ "customer_id": id_of(&customer), "state": "done" });
            activities::create(client, "first", body).await;
        };
        world.set_clock(NOW_MS - 20 * DAY_MS);
        visit(&world.as_person("li")).await;
        world.set_clock(NOW_MS);
        visit(&world.as_person("li")).await;
        world.set_clock(NOW_MS + 3 * DAY_MS);
        let li = admin.get(&format!("/api/people/{}", id("li"))).await.json;
        admin
            .edit("people", &li, json!({ "team_id": id("north_1") }))
            .await;
        world.app.actors.invalidate_all();
        visit(&world.as_person("li")).await;
        let of = async |client: &Client, team: &str, period: &str| {
            let team = id(team).to_string();
            told(
                client,
                "visits,customers_visited",
                &[("period", period), ("team_id", &team)],
            )
            .await
        };
        let times = |n: i64| [format!("visits: {n}"), format!("customers_visited: {n}")];
        // Of the longer ones whole months lie before the change.
        for (period, before) in [
            ("2026-06", 1),
            ("2026-06-01..2026-06-30", 1),
            ("2026-Q2", 2),
            ("2026-03-20..2026-07-10", 2),
        ] {
            for (team, visits) in [("east_1", before), ("north", 1), ("company", before + 1)] {
                let told = of(&admin, team, period).await;
                assert_eq!(told, times(visits), "{team} {period}");
            }
        }
        // The team's past stays with whoever sees the team, and what comes later is no longer theirs to see.
        let director = world.as_person("director");
        assert_eq!(
            told(&director, "visits", &[("period", "2026-06")]).await,
            ["visits: 1"]
        );
        assert_eq!(
            of(&director, "north", "2026-06").await,
            ["visits: null", "customers_visited: null"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_figure_is_held_against_earlier_times_and_against_peers() {
    each_database(async |world| {
        history(world).await;
        let admin = world.as_person("admin");
        let more = [
            ("period", "2026-06"),
            ("compare", "previous,last_year"),
            ("to_date", "true"),
        ];
        let answer = ask(
            &admin,
            "opportunities_created,win_rate,target_customer_growth",
            &more,
        )
        .await;
        let period = &answer["periods"][0];
        assert_eq!(
            (
                &period["counted_to"],
                &period["working_days"],
                &period["working_days_counted"]
            ),
            (&json!("2026-06-15"), &json!(21), &json!(11))
        );
        let row = &answer["rows"][0];
        let previous = &row["compared"][0];
        assert_eq!(
            (&previous["from"], &previous["to"]),
            (&json!("2026-05-01"), &json!("2026-05-15"))
        );
        assert_eq!(
            (&row["value"], &previous["value"], &previous["change"]),
            (&json!(3), &json!(6), &json!(-0.5))
        );
        // A year ago nothing was, so nothing can be said of the change.
        assert_eq!(
            (&row["compared"][1]["value"], &row["compared"][1]["change"]),
            (&json!(0), &Json::Null)
        );
        let growth = &answer["rows"][2];
        let inputs: Vec<(String, Json)> = growth["inputs"]
            .as_array()
            .expect("inputs")
            .iter()
            .map(|input| {
                (
                    format!(
                        "{} {}",
                        input["metric"].as_str().expect("a code"),
                        input["period"].as_str().expect("a period")
                    ),
                    input["value"].clone(),
                )
            })
            .collect();
        assert_eq!(inputs[0].0, "customers_target 2026-06");
        assert_eq!(inputs[1].0, "target_customers 2026-05");
        let expected =
            inputs[0].1.as_f64().expect("a count") / inputs[1].1.as_f64().expect("a count");
        assert!((growth["value"].as_f64().expect("a rate") - expected).abs() < 1e-6);

        let answer = ask(
            &admin,
            "won_amount",
            &[("period", "2026"), ("by", "person")],
        )
        .await;
        let ranks: Vec<(&Json, &Json)> = answer["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| (&row["rank"], &row["percentile"]))
            .collect();
        assert_eq!(
            ranks,
            [
                (&json!(3), &json!(0.0)),
                (&json!(2), &json!(0.5)),
                (&json!(1), &json!(1.0))
            ]
        );
        let peers = &answer["peers"][0];
        assert_eq!(
            (&peers["count"], &peers["best"], &peers["median"]),
            (&json!(3), &json!(3_004), &json!(3_002))
        );

        let answer = ask(
            &admin,
            "visits",
            &[("period", "2026-W25"), ("periods", "4")],
        )
        .await;
        let periods: Vec<&Json> = answer["periods"]
            .as_array()
            .expect("periods")
            .iter()
            .map(|period| &period["period"])
            .collect();
        assert_eq!(periods, ["2026-W22", "2026-W23", "2026-W24", "2026-W25"]);
    })
    .await;
}

#[tokio::test]
async fn a_program_takes_figures_as_lines() {
    each_database(async |world| {
        history(world).await;
        let admin = world.as_person("admin");
        let query = [("metrics", "opportunities_won,win_rate"), ("period", "2026-Q2"), ("by", "person"), ("compare", "previous")];
        let answer = admin.query("/api/figures/export", &query).await;
        assert_eq!(answer.status, 200);
        let text = answer.text();
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "metric,name,period,key,label,unit,value,median,previous,previous_change,last_year,last_year_change,rank,percentile");
        let li = id("li");
        assert_eq!(lines[1], format!("opportunities_won,赢单数,2026-Q2,{li},李明,count,2,,0,,,,1,0.5"));
        assert_eq!(lines.len(), 7);
        let query = [("metrics", "won_amount"), ("format", "xlsx")];
        let workbook = admin.query("/api/figures/export", &query).await;
        assert_eq!(workbook.status, 200);
        assert!(workbook.bytes.starts_with(b"PK"));
        let name = workbook.header("content-disposition").expect("a name");
        assert!(name.starts_with("attachment; filename=\"export.xlsx\""), "{name}");
    })
    .await;
}

#[tokio::test]
async fn a_bad_question_says_what_is_wrong_with_it() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        for (query, expected) in [
            (("metrics", "gone"), "/metrics unknown_metric"),
            (("metrics", " "), "/metrics required"),
            (("period", "2026-13"), "/period unknown_period"),
            (("period", "2026-W60"), "/period unknown_period"),
            (("compare", "target"), "/compare unknown_choice"),
            (("region", "3"), "/region unknown_region"),
            (("periods", "0"), "/periods out_of_range"),
        ] {
            let mut all = vec![("metrics", "visits")];
            all.retain(|(name, _)| *name != query.0);
            all.push(query);
            let answer = admin.query("/api/figures", &all).await;
            assert_eq!(
                (answer.status, answer.errors()),
                (422, vec![expected.to_owned()]),
                "{query:?}"
            );
        }
        // A metric that its facts don't know by product has no value by product.
        let product = admin.create("products", json!({ "name": "产品" })).await;
        let product = id_of(&product).to_string();
        assert_eq!(
            told(
                &admin,
                "visits,opportunities_won",
                &[("product_id", &product)]
            )
            .await,
            ["visits: null", "opportunities_won: 0"]
        );
    })
    .await;
}

#[tokio::test]
async fn who_may_not_see_amounts_learns_none_from_figures() {
    each_database(async |world| {
        history(world).await;
        let admin = world.as_person("admin");
        let roles = admin.get("/api/roles").await.rows();
        let role = roles
            .iter()
            .find(|role| role["code"] == "salesperson")
            .expect("a role");
        let mut grants = role["grants"].clone();
        grants["fields"] = json!({ "opportunities": { "amount": "mask" } });
        admin.edit("roles", role, json!({ "grants": grants })).await;
        world.app.actors.invalidate_all();
        let li = world.as_person("li");
        for metric in ["won_amount", "average_deal", "pipeline_velocity"] {
            let answer = li.query("/api/figures", &[("metrics", metric)]).await;
            assert_eq!(answer.errors(), ["/metrics field_not_allowed"], "{metric}");
        }
        assert_eq!(
            told(&li, "win_rate", &[("period", "2026")]).await,
            ["win_rate: 0.666667"]
        );
    })
    .await;
}
