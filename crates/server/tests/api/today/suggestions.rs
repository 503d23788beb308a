//! What is suggested, why, and what is not.

use serde_json::{Value as Json, json};

use crate::activities::{act, create, hours, planned};
use crate::opportunities::opportunity_at;
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id_of};

async fn suggestions(client: &Client) -> Vec<Json> {
    let answer = client.get("/api/today").await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json["suggestions"]
        .as_array()
        .expect("a list")
        .clone()
}

/// The rules that suggest something, in order.
async fn rules(client: &Client) -> Vec<String> {
    let rule = |row: &Json| row["rule"].as_str().expect("a rule").to_owned();
    suggestions(client).await.iter().map(rule).collect()
}

/// The one suggestion of a rule.
async fn of(client: &Client, rule: &str) -> Option<Json> {
    let mut all = suggestions(client).await;
    all.retain(|row| row["rule"] == rule);
    assert!(all.len() <= 1, "{all:?}");
    all.pop()
}

/// Only this rule is on.
async fn only(world: &World, rule: &str) {
    let admin = world.as_person("admin");
    let rows = admin.get("/api/settings/suggestions").await.rows();
    let rules: Vec<Json> = rows
        .iter()
        .map(|row| json!({ "code": row["code"], "is_on": row["code"] == rule }))
        .collect();
    let answer = admin
        .patch("/api/settings/suggestions", 0, json!({ "rules": rules }))
        .await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
}

async fn visit(client: &Client, customer: &Json, days_ago: i64) -> Json {
    let body = json!({
        "customer_id": id_of(customer), "state": "done", "outcome": "effective", "started_at": hours(-24.0 * days_ago as f64),
    });
    create(client, "first", body).await
}

/// li does something as if it were so many days ago; sessions don't live that long.
async fn days_ago<T>(world: &World, days: i64, act: impl AsyncFnOnce(Client) -> T) -> (Client, T) {
    world.set_clock(NOW_MS - days * DAY_MS);
    let done = act(world.fresh_session("li").await).await;
    world.set_clock(NOW_MS);
    (world.fresh_session("li").await, done)
}

#[tokio::test]
async fn a_customer_is_suggested_when_it_was_not_seen_for_longer_than_its_level_asks() {
    each_database(async |world| {
        only(world, "level_rhythm").await;
        let customer = async |li: &Client, name: &str, level: &str| {
            let level = (!level.is_empty()).then_some(level);
            li.create("customers", json!({ "name": name, "level": level })).await
        };
        let (_, (a, b, none)) = days_ago(world, 40, async |li| {
            let a = customer(&li, "甲", "A").await;
            (a, customer(&li, "乙", "B").await, customer(&li, "丙", "").await)
        })
        .await;
        let (li, ()) = days_ago(world, 15, async |li| {
            for row in [&a, &b, &none] {
                visit(&li, row, 15).await;
            }
        })
        .await;
        let row = of(&li, "level_rhythm").await.expect("a suggestion");
        assert_eq!(
            row["reason"],
            json!({ "code": "level_rhythm", "params": { "level": "A", "days": 15, "rhythm_days": 14 } })
        );
        assert_eq!((&row["record_id"], &row["label"]), (&a["id"], &json!("甲")));
        assert_eq!(row["action"], json!({ "kind": "plan", "prefill": { "customer_id": a["id"], "family": "visit" } }));
        assert_eq!(li.get(&format!("/api/customers/{}", id_of(&a))).await.json["last_visited_on"], "2026-05-31");

        // A new one is given its time; one that nobody ever saw counts from when it became known.
        customer(&li, "新", "A").await;
        assert!(of(&li, "level_rhythm").await.is_some());
        let (li, never) = days_ago(world, 30, async |li| customer(&li, "没去过", "A").await).await;
        let codes: Vec<Json> = suggestions(&li).await.iter().map(|row| row["reason"]["code"].clone()).collect();
        assert_eq!(codes, ["level_rhythm_never", "level_rhythm"]);
        planned(&li, &never, 48.0).await;
        assert_eq!(of(&li, "level_rhythm").await.expect("the other")["record_id"], a["id"]);

        // A visit settles it, whoever made it; when the visit is taken back, it is due again.
        let admin = world.as_person("admin");
        let deed = visit(&admin, &a, 0).await;
        assert_eq!(of(&li, "level_rhythm").await, None);
        let path = format!("/api/activities/{}", id_of(&deed));
        assert_eq!(admin.delete(&path, 1).await.status, 204);
        assert!(of(&li, "level_rhythm").await.is_some());
        assert_eq!(li.get(&format!("/api/customers/{}", id_of(&a))).await.json["last_visited_on"], "2026-05-31");
        assert_eq!(rules(&world.as_person("wang")).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_call_is_no_visit_and_a_return_visit_is_one() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let last = async || li.get(&format!("/api/customers/{}", id_of(&customer))).await.json["last_visited_on"].clone();
        let done = async |code: &str| {
            create(&li, code, json!({ "customer_id": id_of(&customer), "state": "done" })).await
        };
        done("call").await;
        assert_eq!(last().await, Json::Null);
        planned(&li, &customer, 1.0).await;
        assert_eq!(last().await, Json::Null);
        done("service").await;
        assert_eq!(last().await, "2026-06-15");
        let known = li.get(&format!("/api/customers/{}", id_of(&customer))).await.json;
        let answer = li.patch(&format!("/api/customers/{}", id_of(&customer)), known["version"].as_i64().unwrap(), json!({ "last_visited_on": "2026-06-01" })).await;
        assert_eq!(answer.errors(), ["/last_visited_on read_only"]);
        let unseen = json!({ "not": { "field": "last_visited_on", "op": "during", "value": "last_n_days:30" } }).to_string();
        li.customer("没去过").await;
        assert_eq!(li.names("customers", &[("filter", &unseen)]).await, ["没去过"]);
    })
    .await;
}

#[tokio::test]
async fn opportunities_are_suggested_when_they_are_late() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let extra = json!({ "next_step": "送方案", "next_step_on": "2026-06-14", "expected_close_on": "2026-06-01" });
        let late = opportunity_at(&li, &customer, "迟了", extra).await;
        let extra = json!({ "next_step": "送方案", "next_step_on": "2026-06-15", "expected_close_on": "2026-06-15" });
        opportunity_at(&li, &customer, "今天", extra).await;
        let row = of(&li, "next_step_overdue").await.expect("a suggestion");
        assert_eq!(row["reason"]["params"], json!({ "day": "2026-06-14", "days": 1 }));
        assert_eq!((&row["resource"], &row["record_id"]), (&json!("opportunities"), &late["id"]));
        assert_eq!(
            row["action"]["prefill"],
            json!({ "customer_id": customer["id"], "opportunity_id": late["id"], "purpose": "送方案" })
        );
        let row = of(&li, "close_date_passed").await.expect("a suggestion");
        assert_eq!((&row["record_id"], &row["action"]["kind"]), (&late["id"], &json!("open")));
        assert_eq!(of(&li, "stuck").await, None);
        world.set_clock(NOW_MS + 120 * DAY_MS);
        let li = world.fresh_session("li").await;
        let stuck: Vec<Json> = suggestions(&li).await.into_iter().filter(|row| row["rule"] == "stuck").collect();
        assert_eq!(stuck.len(), 2);
        let params = &stuck[0]["reason"]["params"];
        assert_eq!(params["days"], 120);
        assert!(params["stage"].as_str().is_some_and(|stage| !stage.is_empty()), "{params}");
    })
    .await;
}

#[tokio::test]
async fn an_effective_visit_asks_for_what_comes_next() {
    each_database(async |world| {
        only(world, "no_follow_up").await;
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let (_, deed) = days_ago(world, 3, async |li| visit(&li, &customer, 3).await).await;
        let (li, _) = days_ago(world, 2, async |li| {
            let other = li.customer("前天").await;
            visit(&li, &other, 2).await
        })
        .await;
        let row = of(&li, "no_follow_up").await.expect("a suggestion");
        assert_eq!(row["record_id"], deed["id"]);
        assert_eq!(
            row["reason"]["params"],
            json!({ "days": 3, "day": "2026-06-12" })
        );
        assert_eq!(row["action"]["prefill"]["follow_up_of_id"], deed["id"]);
        // Whatever is planned there settles it, whoever planned it.
        planned(&world.as_person("supervisor"), &customer, 30.0).await;
        assert_eq!(of(&li, "no_follow_up").await, None);
        // The figure is the organisation's.
        let change = json!({ "rules": [{ "code": "no_follow_up", "figures": { "days": 1 } }] });
        let admin = world.as_person("admin");
        assert_eq!(
            admin
                .patch("/api/settings/suggestions", 0, change)
                .await
                .status,
            200
        );
        assert_eq!(
            of(&li, "no_follow_up").await.expect("the other")["reason"]["params"]["days"],
            2
        );
    })
    .await;
}

#[tokio::test]
async fn birthdays_are_suggested_a_week_ahead_to_those_who_may_see_them() {
    each_database(async |world| {
        only(world, "birthday").await;
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let born = async |name: &str, birthday_on: &str| {
            let body = json!({ "name": name, "customer_id": id_of(&customer), "birthday_on": birthday_on });
            li.create("contacts", body).await
        };
        let soon = born("王主任", "1980-06-18").await;
        born("李总", "1975-06-24").await;
        born("张工", "1990-06-14").await;
        let row = of(&li, "birthday").await.expect("a suggestion");
        assert_eq!(row["label"], "王主任");
        assert_eq!(row["reason"]["params"], json!({ "day": "2026-06-18", "days": 3 }));
        assert_eq!(
            row["action"],
            json!({ "kind": "call", "prefill": { "customer_id": customer["id"], "contact_ids": [soon["id"]] } })
        );
        assert_eq!(of(&world.as_person("wang"), "birthday").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_won_customer_wants_to_be_visited_again() {
    each_database(async |world| {
        only(world, "idle_won").await;
        let body =
            json!({ "name": "老客户", "funnel_level": "won", "funnel_level_reason": "老合同" });
        let (_, customer) = days_ago(world, 200, async |li| {
            li.customer("没成交").await;
            li.create("customers", body).await
        })
        .await;
        let (li, _) = days_ago(world, 91, async |li| visit(&li, &customer, 91).await).await;
        let row = of(&li, "idle_won").await.expect("a suggestion");
        assert_eq!(
            (&row["record_id"], &row["reason"]["params"]["days"]),
            (&customer["id"], &json!(91))
        );
        assert_eq!(row["action"]["prefill"]["family"], "return_visit");
        visit(&li, &customer, 0).await;
        assert_eq!(of(&li, "idle_won").await, None);
    })
    .await;
}

#[tokio::test]
async fn an_empty_tomorrow_and_a_left_yesterday_are_said() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = of(&li, "no_plan_tomorrow").await.expect("a suggestion");
        assert_eq!(
            (&row["record_id"], &row["action"]["prefill"]),
            (&Json::Null, &json!({ "day": "2026-06-16" }))
        );
        let customer = li.customer("客户").await;
        planned(&li, &customer, 24.0).await;
        assert_eq!(of(&li, "no_plan_tomorrow").await, None);
        assert_eq!(of(&li, "planned_not_done").await, None);
        let left = planned(&li, &customer, -70.0).await;
        let row = of(&li, "planned_not_done").await.expect("a suggestion");
        assert_eq!(
            (&row["record_id"], &row["reason"]["params"]),
            (&left["id"], &json!({ "plans": 1, "day": "2026-06-12" }))
        );
        act(&li, &left, "finish", json!({ "started_at": hours(-70.0) })).await;
        assert_eq!(of(&li, "planned_not_done").await, None);
    })
    .await;
}

#[tokio::test]
async fn not_now_holds_for_a_week_and_for_one_person() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let extra = json!({ "next_step": "送方案", "next_step_on": "2026-06-14" });
        let late = opportunity_at(&li, &customer, "迟了", extra).await;
        assert_eq!(rules(&li).await, ["next_step_overdue", "no_plan_tomorrow"]);
        let path = "/api/today/suggestions/pause";
        let one = json!({ "rule": "next_step_overdue", "record_id": late["id"] });
        assert_eq!(li.post(path, one.clone()).await.status, 204);
        assert_eq!(
            li.post(path, json!({ "rule": "no_plan_tomorrow" }))
                .await
                .status,
            204
        );
        assert_eq!(rules(&li).await, [""; 0]);
        assert_eq!(rules(&world.as_person("wang")).await, ["no_plan_tomorrow"]);
        let json_type = [("content-type", "application/json")];
        let back = li
            .send(
                axum::http::Method::DELETE,
                path,
                &json_type,
                one.to_string(),
            )
            .await;
        assert_eq!(back.status, 204);
        assert_eq!(rules(&li).await, ["next_step_overdue"]);
        world.set_clock(NOW_MS + 7 * DAY_MS);
        assert!(rules(&li).await.contains(&"no_plan_tomorrow".to_owned()));
        assert_eq!(
            li.post(path, json!({ "rule": "rain" })).await.errors(),
            ["/rule unknown_choice"]
        );
    })
    .await;
}

#[tokio::test]
async fn administrators_switch_rules_and_set_their_figures() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let path = "/api/settings/suggestions";
        let rows = world.as_person("li").get(path).await.rows();
        assert_eq!(rows.len(), 10);
        let row = |rows: &[Json], code: &str| {
            rows.iter().find(|row| row["code"] == code).unwrap().clone()
        };
        assert_eq!(
            row(&rows, "level_rhythm")["figures"],
            json!({ "A": 14, "B": 30, "C": 60, "D": 90 })
        );
        assert_eq!(
            row(&rows, "idle_won"),
            json!({ "code": "idle_won", "is_on": true, "figures": { "days": 90 } })
        );
        let change = json!({ "rules": [
            { "code": "no_plan_tomorrow", "is_on": false },
            { "code": "idle_won", "figures": { "days": 60 } },
        ] });
        assert_eq!(
            world
                .as_person("li")
                .patch(path, 0, change.clone())
                .await
                .status,
            403
        );
        let rows = admin.patch(path, 0, change).await.rows();
        assert_eq!(
            row(&rows, "idle_won"),
            json!({ "code": "idle_won", "is_on": true, "figures": { "days": 60 } })
        );
        assert_eq!(row(&rows, "no_plan_tomorrow")["is_on"], false);
        assert_eq!(rules(&world.as_person("li")).await, [""; 0]);
        for (rule, error) in [
            (json!({ "code": "rain" }), "/rules/0/code unknown_choice"),
            (
                json!({ "code": "stuck", "figures": { "days": 3 } }),
                "/rules/0/figures/days unknown_field",
            ),
            (
                json!({ "code": "birthday", "figures": { "days": 0 } }),
                "/rules/0/figures/days out_of_range",
            ),
        ] {
            assert_eq!(
                admin
                    .patch(path, 0, json!({ "rules": [rule] }))
                    .await
                    .errors(),
                [error]
            );
        }
    })
    .await;
}

#[tokio::test]
async fn at_most_eight_are_suggested_and_each_rule_has_its_turn() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        for i in 0..12 {
            let extra = json!({ "next_step": "送方案", "next_step_on": "2026-06-01", "expected_close_on": "2026-06-01" });
            opportunity_at(&li, &customer, &format!("商机{i}"), extra).await;
        }
        let all = rules(&li).await;
        assert_eq!(all.len(), 8);
        assert_eq!(all[..3], ["next_step_overdue", "close_date_passed", "no_plan_tomorrow"]);
    })
    .await;
}
