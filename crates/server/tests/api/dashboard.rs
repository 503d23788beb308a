//! The dashboard: every figure opens exactly the records that it counts.

use serde_json::{Value as Json, json};

use crate::opportunities::{Stages, acted, opportunity_at};
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id};

/// Opportunities of three people at different ends, over two months.
async fn pipeline(world: &World) {
    let stages = Stages::of(&world.as_person("admin"), "ordinary").await;
    for (p, person) in ["li", "wang", "qian"].into_iter().enumerate() {
        world.set_clock(NOW_MS - 20 * DAY_MS);
        let client = world.as_person(person);
        let customer = client.customer(&format!("{person}的客户")).await;
        for i in 0..7 {
            world.set_clock(NOW_MS - 20 * DAY_MS + i * DAY_MS);
            let close = ["2026-06-30", "2026-07-05", "2026-08-31"][i as usize % 3];
            let extra = json!({ "amount": 1_000 * (i + 1) + p as i64, "expected_close_on": if i == 6 { Json::Null } else { json!(close) } });
            let mut row = opportunity_at(&client, &customer, &format!("{person}{i}"), extra).await;
            let moves = [
                &["target"][..],
                &["target", "intention"],
                &["engaged", "target"],
                &[],
                &["intention"],
                &["target"],
                &[],
            ];
            for (j, stage) in moves[i as usize].iter().enumerate() {
                world.set_clock(NOW_MS - 15 * DAY_MS + (j as i64 * 3 + i) * DAY_MS);
                row = acted(
                    &client,
                    &row,
                    "advance",
                    json!({ "stage_id": stages.id(stage) }),
                )
                .await;
            }
            world.set_clock(NOW_MS - 10 * DAY_MS + i * DAY_MS);
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
                5 if p == 0 => {
                    acted(
                        &client,
                        &row,
                        "close",
                        json!({ "outcome": "lost", "loss_reason": "timing" }),
                    )
                    .await;
                }
                _ => {}
            }
        }
    }
    world.set_clock(NOW_MS);
}

/// Opens each figure of an answer and compares; answers how many there were.
async fn open_all(client: &Client, json: &Json, place: &str) -> usize {
    let mut opened = 0;
    match json {
        Json::Object(map) => {
            if let (Some(count), Some(filter)) =
                (map.get("count").and_then(Json::as_i64), map.get("filter"))
            {
                let resource = map
                    .get("resource")
                    .and_then(Json::as_str)
                    .unwrap_or("opportunities");
                let filter = filter.to_string();
                let query = [("filter", filter.as_str()), ("page_size", "200")];
                let answer = client.query(&format!("/api/{resource}"), &query).await;
                assert_eq!(answer.status, 200, "{place}: {:?}", answer.json);
                assert_eq!(answer.json["total"]["count"], count, "{place} {filter}");
                let sum = |field: &str| -> i64 {
                    answer
                        .rows()
                        .iter()
                        .filter_map(|row| row[field]["amount_minor"].as_i64())
                        .sum()
                };
                for field in ["amount", "weighted_amount"] {
                    if let Some(amount) = map.get(field) {
                        assert_eq!(
                            amount["amount_minor"],
                            sum(field),
                            "{place} {field} {filter}"
                        );
                    }
                }
                opened += 1;
            }
            for (name, value) in map {
                if name != "filter" {
                    opened += Box::pin(open_all(client, value, &format!("{place}/{name}"))).await;
                }
            }
        }
        Json::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                opened += Box::pin(open_all(client, item, &format!("{place}/{i}"))).await;
            }
        }
        _ => {}
    }
    opened
}

#[tokio::test]
async fn every_figure_opens_its_records() {
    each_database(async |world| {
        pipeline(world).await;
        let big = json!({ "field": "amount", "op": "ge", "value": 3_000 }).to_string();
        for person in ["li", "supervisor", "admin", "support"] {
            let client = world.as_person(person);
            for path in [
                "funnel",
                "pipeline?by=person",
                "pipeline?by=team",
                "pipeline?by=month",
                "performance",
            ] {
                for (from, filter) in [
                    ("2026-01-01", ""),
                    ("2026-05-30", ""),
                    ("2026-01-01", big.as_str()),
                ] {
                    let (path, by) = path.split_once("?by=").unwrap_or((path, "person"));
                    let mut query = vec![("from", from), ("to", "2026-12-31"), ("filter", filter)];
                    if path == "pipeline" {
                        query.push(("by", by));
                    }
                    let answer = client
                        .query(&format!("/api/dashboard/{path}"), &query)
                        .await;
                    assert_eq!(answer.status, 200, "{path}: {:?}", answer.json);
                    let opened = open_all(&client, &answer.json, path).await;
                    assert!(opened > 0, "{path}: {:?}", answer.json);
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_funnel_counts_who_went_further() {
    each_database(async |world| {
        pipeline(world).await;
        let admin = world.as_person("admin");
        let answer = admin
            .get("/api/dashboard/funnel?from=2026-01-01&to=2026-06-15")
            .await
            .json;
        let stages = Stages::of(&admin, "ordinary").await;
        let row = |code: &str| -> Json {
            let rows = answer["stages"].as_array().expect("stages");
            rows.iter()
                .find(|row| row["stage_id"] == json!(stages.id(code)))
                .expect("a stage")
                .clone()
        };
        // All begin as prospects; number 3 and 6 of each person stay there.
        let prospect = row("prospect");
        assert_eq!(
            (&prospect["entered"]["count"], &prospect["passed"]["count"]),
            (&json!(21), &json!(15))
        );
        assert_eq!(prospect["conversion"], 0.7143);
        assert_eq!(prospect["standard_conversion"], 0.5);
        // Target: 0, 1 and 5 go there, 2 comes back to it; 0 and 1 are won, losing is no progress.
        let target = row("target");
        assert_eq!(
            (&target["entered"]["count"], &target["passed"]["count"]),
            (&json!(12), &json!(6))
        );
        assert_eq!(row("won")["entered"]["count"], 6);
        assert_eq!(row("won")["conversion"], Json::Null);
        assert_eq!(row("prospect")["median_days"], 5.0);
        let won = answer["customers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["funnel_level"] == "won")
            .unwrap();
        assert_eq!(won["count"], 3);
        let nothing = admin
            .get("/api/dashboard/funnel?from=2020-01-01&to=2020-12-31")
            .await
            .json;
        assert_eq!(nothing["stages"][0]["conversion"], Json::Null);
        assert_eq!(nothing["stages"][0]["median_days"], Json::Null);
    })
    .await;
}

#[tokio::test]
async fn performance_has_no_value_where_it_would_divide_by_zero() {
    each_database(async |world| {
        pipeline(world).await;
        let admin = world.as_person("admin");
        let path = "/api/dashboard/performance?from=2026-05-01&to=2026-06-30";
        let answer = admin.get(path).await.json;
        assert_eq!(
            (&answer["won"]["count"], &answer["lost"]["count"]),
            (&json!(6), &json!(4))
        );
        assert_eq!(answer["win_rate"]["by_count"], 0.6);
        // Won: 1,000 and 2,000 of three people, with 0, 1 and 2 分 more; lost: 3,000 of each and 6,000 of li.
        assert_eq!(answer["won"]["amount"]["amount_minor"], 9_006);
        assert_eq!(answer["win_rate"]["by_amount"], 0.3751);
        assert_eq!(answer["average_deal"]["amount"]["amount_minor"], 1_501);
        // Created 20 and 19 days ago, won 10 and 9 days ago.
        assert_eq!(
            (
                &answer["cycle"]["mean_days"],
                &answer["cycle"]["median_days"]
            ),
            (&json!(10.0), &json!(10.0))
        );
        assert_eq!(answer["loss_reasons"][0]["reason"], "price");
        assert_eq!(
            (
                &answer["loss_reasons"][0]["count"],
                &answer["loss_reasons"][0]["share"]
            ),
            (&json!(3), &json!(0.75))
        );
        assert_eq!(answer["months"][0]["month"], "2026-05");
        assert_eq!(
            (
                &answer["months"][0]["win_rate"],
                &answer["months"][1]["win_rate"]
            ),
            (&Json::Null, &json!(0.6))
        );
        let li = world.as_person("li").get(path).await.json;
        assert_eq!(
            (&li["won"]["count"], &li["lost"]["count"]),
            (&json!(2), &json!(2))
        );
        let nothing = admin
            .get("/api/dashboard/performance?from=2020-01-01&to=2020-01-31")
            .await
            .json;
        assert_eq!(nothing["win_rate"]["by_count"], Json::Null);
        assert_eq!(nothing["average_deal"]["amount"], Json::Null);
        assert_eq!(nothing["cycle"]["median_days"], Json::Null);
        let answer = admin
            .get("/api/dashboard/performance?from=2026-02-01&to=2026-01-01")
            .await;
        assert_eq!((answer.status, answer.code()), (422, "period_out_of_range"));
    })
    .await;
}

#[tokio::test]
async fn the_pipeline_is_sliced_by_person_team_and_month() {
    each_database(async |world| {
        pipeline(world).await;
        let admin = world.as_person("admin");
        let sliced = async |client: &Client, by: &str| {
            let answer = client
                .get(&format!("/api/dashboard/pipeline?by={by}"))
                .await
                .json;
            let slices = answer["slices"].as_array().expect("slices").clone();
            slices
                .iter()
                .map(|slice| (slice["key"].clone(), slice["count"].as_i64().unwrap()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            sliced(&admin, "month").await,
            [
                (json!("2026-06"), 3),
                (json!("2026-07"), 3),
                (json!("2026-08"), 2),
                (Json::Null, 3)
            ]
        );
        assert_eq!(
            sliced(&admin, "team").await,
            [(json!(id("east_1")), 7), (json!(id("north_1")), 4)]
        );
        assert_eq!(
            sliced(&world.as_person("wang"), "person").await,
            [(json!(id("wang")), 4)]
        );
        let answer = admin.get("/api/dashboard/pipeline?by=person").await.json;
        assert_eq!(answer["total"]["count"], 11);
        assert_eq!(answer["labels"][id("li").to_string()], "李明");
    })
    .await;
}
