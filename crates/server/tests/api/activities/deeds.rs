//! What was done: its times, and that it can have happened so.

use serde_json::json;

use super::{HOUR_MS, at, create, hours, path, planned, try_create};
use crate::support::{DAY_MS, NOW_MS, each_database, id_of};

#[tokio::test]
async fn a_deed_without_a_plan_is_unplanned_and_happens_now() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let body =
            json!({ "customer_id": id_of(&customer), "state": "done", "result": "见到厂长" });
        let row = create(&li, "first", body).await;
        assert_eq!(row["is_unplanned"], true);
        assert_eq!(row["is_backdated"], false);
        assert_eq!(row["started_at"], at(NOW_MS));
        assert_eq!(row["logged_at"], at(NOW_MS));
        assert_eq!(row["happens_at"], at(NOW_MS));
        assert_eq!(row["done_on"], "2026-06-15");
    })
    .await;
}

#[tokio::test]
async fn a_done_plan_keeps_its_plan_beside_the_deed() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, 1.0).await;
        world.set_clock(NOW_MS + 3 * HOUR_MS);
        let row = li
            .edit(
                "activities",
                &row,
                json!({ "state": "done", "outcome": "effective" }),
            )
            .await;
        assert_eq!(row["is_unplanned"], false);
        assert_eq!(row["planned_start_at"], hours(1.0));
        // Past by now, so that is when it was; it took as long as usual.
        assert_eq!(
            (&row["started_at"], &row["ended_at"]),
            (&json!(hours(1.0)), &json!(hours(2.0)))
        );
        assert_eq!(row["logged_at"], hours(3.0));
        let answer = li
            .patch(&path(&row), 2, json!({ "state": "planned" }))
            .await;
        assert_eq!((answer.status, answer.code()), (409, "already_done"));
        assert_eq!(answer.json["params"]["version"], 2);
    })
    .await;
}

#[tokio::test]
async fn what_has_not_happened_is_not_done() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({ "state": "done", "started_at": hours(1.0) });
        let answer = try_create(&li, "call", body).await;
        assert_eq!(answer.errors(), ["/started_at done_in_the_future"]);
        let body = json!({ "state": "done", "started_at": hours(-1.0), "ended_at": hours(1.0) });
        let answer = try_create(&li, "call", body).await;
        assert_eq!(answer.errors(), ["/ended_at done_in_the_future"]);
        // Clocks differ by a minute or two.
        let body = json!({ "state": "done", "started_at": at(NOW_MS + 60_000) });
        create(&li, "call", body).await;
        // What is open has no deed yet.
        let body = json!({ "due_on": "2026-06-20", "started_at": hours(-1.0) });
        let answer = try_create(&li, "task", body).await;
        assert_eq!(answer.errors(), ["/started_at only_when_done"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_visits_backwards_or_for_a_year() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({ "state": "done", "started_at": hours(-1.0), "ended_at": hours(-2.0) });
        let answer = try_create(&li, "first", body).await;
        assert_eq!(answer.errors(), ["/ended_at end_before_start"]);
        let body = json!({ "state": "done", "started_at": hours(-30.0), "ended_at": hours(-1.0) });
        let answer = try_create(&li, "first", body).await;
        assert_eq!(answer.errors(), ["/ended_at lasts_too_long"]);
    })
    .await;
}

#[tokio::test]
async fn a_deed_may_be_logged_three_days_later_and_is_marked() {
    each_database(async |world| {
        let li = world.as_person("li");
        let ago = |days: i64| json!({ "state": "done", "started_at": at(NOW_MS - days * DAY_MS) });
        let row = create(&li, "call", ago(3)).await;
        assert_eq!(
            (&row["is_backdated"], &row["done_on"]),
            (&json!(true), &json!("2026-06-12"))
        );
        let answer = try_create(&li, "call", ago(4)).await;
        assert_eq!(answer.errors(), ["/started_at backdated_too_far"]);
        assert_eq!(answer.json["errors"][0]["params"]["days"], 3);
    })
    .await;
}

#[tokio::test]
async fn a_device_a_day_ahead_is_put_right_by_the_server() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({
            "state": "done", "device_at": hours(24.0), "started_at": hours(23.0), "ended_at": hours(23.5),
        });
        let row = create(&li, "call", body).await;
        assert_eq!((&row["started_at"], &row["ended_at"]), (&json!(hours(-1.0)), &json!(hours(-0.5))));
        assert_eq!(row["device_at"], hours(24.0));
        assert_eq!(row["logged_at"], hours(0.0));
    })
    .await;
}

#[tokio::test]
async fn a_device_a_day_behind_is_believed_and_its_deed_marked() {
    each_database(async |world| {
        let li = world.as_person("li");
        // It may as well have had no network since.
        let body = json!({
            "state": "done", "device_at": hours(-24.0), "started_at": hours(-25.0), "ended_at": hours(-24.5),
        });
        let row = create(&li, "call", body).await;
        assert_eq!((&row["started_at"], &row["is_backdated"]), (&json!(hours(-25.0)), &json!(true)));
        assert_eq!((&row["device_at"], &row["logged_at"]), (&json!(hours(-24.0)), &json!(hours(0.0))));
    })
    .await;
}

#[tokio::test]
async fn a_device_a_day_ahead_that_says_the_right_time_is_believed() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({
            "state": "done", "device_at": hours(24.0), "started_at": hours(-1.0), "ended_at": hours(-0.5),
        });
        let row = create(&li, "call", body).await;
        assert_eq!((&row["started_at"], &row["ended_at"]), (&json!(hours(-1.0)), &json!(hours(-0.5))));
        assert_eq!(row["device_at"], hours(24.0));
    })
    .await;
}
