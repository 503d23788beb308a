//! Finish, cancel, move, check in.

use serde_json::json;

use super::{HOUR_MS, act, acted, at, create, hours, path, planned, read, try_create};
use crate::support::{NOW_MS, each_database, id_of};

#[tokio::test]
async fn of_two_devices_that_finish_a_plan_the_second_hears_of_the_first() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = planned(&li, &li.customer("客户").await, 1.0).await;
        world.set_clock(NOW_MS + 2 * HOUR_MS);
        let body = json!({ "outcome": "effective", "result": "谈得好" });
        acted(&li, &row, "finish", body.clone()).await;
        // Without a version it is the state that speaks, with one the version.
        let answer = li
            .post(&format!("{}/finish", path(&row)), body.clone())
            .await;
        assert_eq!((answer.status, answer.code()), (409, "already_done"));
        assert_eq!(answer.json["params"]["version"], 2);
        assert_eq!(act(&li, &row, "finish", body).await.status, 412);
        let answer = li
            .post(&format!("{}/cancel", path(&row)), json!({ "reason": "x" }))
            .await;
        assert_eq!(answer.code(), "already_done");
        assert_eq!(read(&li, &row).await["result"], "谈得好");
    })
    .await;
}

#[tokio::test]
async fn finishing_says_the_deed_and_nothing_of_the_plan() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = planned(&li, &li.customer("客户").await, 1.0).await;
        let answer = act(
            &li,
            &row,
            "finish",
            json!({ "planned_start_at": hours(2.0) }),
        )
        .await;
        assert_eq!(answer.errors(), ["/planned_start_at unknown_field"]);
        let answer = act(&li, &row, "finish", json!({ "started_at": hours(1.0) })).await;
        assert_eq!(answer.errors()[0], "/started_at done_in_the_future");
        let history = li.get(&format!("{}/history", path(&row))).await.rows();
        assert_eq!(history.len(), 1);
        acted(&li, &row, "finish", json!({})).await;
        let history = li.get(&format!("{}/history", path(&row))).await.rows();
        assert_eq!(history[0]["action"], "finish");
    })
    .await;
}

#[tokio::test]
async fn a_plan_is_cancelled_with_a_reason() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = planned(&li, &li.customer("客户").await, 1.0).await;
        let answer = act(&li, &row, "cancel", json!({ "reason": " " })).await;
        assert_eq!(answer.errors(), ["/reason required"]);
        let row = acted(&li, &row, "cancel", json!({ "reason": "客户出差" })).await;
        assert_eq!(row["cancel_reason"], "客户出差");
        let answer = li.post(&format!("{}/finish", path(&row)), json!({})).await;
        assert_eq!(answer.code(), "already_cancelled");
        let answer = li
            .post(
                &format!("{}/move", path(&row)),
                json!({ "planned_start_at": hours(5.0) }),
            )
            .await;
        assert_eq!(answer.code(), "already_cancelled");
    })
    .await;
}

#[tokio::test]
async fn moving_warns_of_what_else_is_planned_then() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let one = planned(&li, &customer, 1.0).await;
        let two = planned(&li, &customer, 5.0).await;
        assert_eq!(two["warnings"], json!(null));
        let moved = acted(&li, &two, "move", json!({ "planned_start_at": hours(1.5) })).await;
        assert_eq!(moved["state"], "moved");
        assert_eq!(
            moved["warnings"],
            json!([{ "code": "overlaps", "activity_id": one["id"], "subject": one["subject"] }])
        );
        // One after the other is no overlap; what is done or somebody else's neither.
        let next = planned(&li, &customer, 2.5).await;
        assert_eq!(next["warnings"], json!(null));
        let wang = world.as_person("wang");
        let other = create(&wang, "call", json!({ "planned_start_at": hours(1.0) })).await;
        assert_eq!(other["warnings"], json!(null));
        acted(&li, &one, "cancel", json!({ "reason": "不去了" })).await;
        let again = create(&li, "call", json!({ "planned_start_at": hours(1.0) })).await;
        assert_eq!(again["warnings"], json!(null));
        // A fair goes on while somebody visits its guests.
        let fair = json!({ "planned_start_at": hours(1.0), "is_all_day": true });
        assert_eq!(create(&li, "event", fair).await["warnings"], json!(null));
        assert_eq!(
            act(&li, &moved, "move", json!({})).await.errors(),
            ["/planned_start_at required"]
        );
    })
    .await;
}

#[tokio::test]
async fn the_first_check_in_places_the_customer_and_the_next_measures() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, 1.0).await;
        let here = json!({ "position": "located", "latitude": 31.2304, "longitude": 121.4737, "accuracy_m": 20, "device_at": hours(24.0) });
        let row = acted(&li, &row, "check-in", here).await;
        assert_eq!((&row["checked_in_at"], &row["device_at"]), (&json!(at(NOW_MS)), &json!(hours(24.0))));
        assert_eq!(row["distance_m"], json!(null));
        let path_of = format!("/api/customers/{}", id_of(&customer));
        let placed = li.get(&path_of).await.json;
        assert_eq!((&placed["latitude"], &placed["longitude"]), (&json!(31.2304), &json!(121.4737)));

        let row = planned(&li, &customer, 3.0).await;
        let there = json!({ "position": "located", "latitude": 31.2394, "longitude": 121.4737 });
        let row = acted(&li, &row, "check-in", there.clone()).await;
        // A hundredth of a degree northwards is about 1,001 metres.
        assert_eq!(row["distance_m"], 1_001);
        let answer = act(&li, &row, "check-in", there).await;
        assert_eq!((answer.status, answer.code()), (409, "already_checked_in"));
    })
    .await;
}

#[tokio::test]
async fn a_vague_position_places_no_customer_and_an_impossible_one_is_refused() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, 1.0).await;
        for (latitude, longitude) in [(0.0, 0.0), (91.0, 10.0), (31.0, 181.0)] {
            let body = json!({ "position": "located", "latitude": latitude, "longitude": longitude });
            let answer = act(&li, &row, "check-in", body).await;
            assert_eq!(answer.errors(), ["/latitude impossible_position"]);
        }
        let answer = act(&li, &row, "check-in", json!({ "position": "located" })).await;
        assert_eq!(answer.errors(), ["/latitude required"]);
        let body = json!({ "position": "refused", "latitude": 31.0, "longitude": 121.0 });
        assert_eq!(act(&li, &row, "check-in", body).await.errors(), ["/latitude impossible_position"]);
        assert_eq!(act(&li, &row, "check-in", json!({})).await.errors(), ["/position required"]);
        let vague = json!({ "position": "located", "latitude": 31.0, "longitude": 121.0, "accuracy_m": 5_000 });
        let row = acted(&li, &row, "check-in", vague).await;
        assert_eq!(row["accuracy_m"], 5_000);
        let customer = li.get(&format!("/api/customers/{}", id_of(&customer))).await.json;
        assert_eq!(customer["latitude"], json!(null));
        // Who refuses to be located is marked so, and the visit counts.
        let row = planned(&li, &customer, 4.0).await;
        let row = acted(&li, &row, "check-in", json!({ "position": "refused" })).await;
        assert_eq!(row["position"], "refused");
        world.set_clock(NOW_MS + HOUR_MS);
        let row = acted(&li, &row, "finish", json!({})).await;
        // It began when somebody came.
        assert_eq!(row["started_at"], at(NOW_MS));
    })
    .await;
}

#[tokio::test]
async fn a_visit_is_logged_and_checked_in_with_one_request() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let body = json!({
            "state": "done", "customer_id": id_of(&customer), "result": "见面",
            "check_in": { "position": "located", "latitude": 31.2, "longitude": 121.4 },
        });
        let row = create(&li, "first", body).await;
        assert_eq!(
            (&row["position"], &row["checked_in_at"]),
            (&json!("located"), &json!(at(NOW_MS)))
        );
        let body = json!({ "state": "done", "check_in": { "position": "nowhere" } });
        assert_eq!(
            try_create(&li, "first", body).await.errors(),
            ["/position unknown_choice"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_customers_position_is_whole_and_possible() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        for (body, error) in [
            (json!({ "latitude": 31.2 }), "/longitude required"),
            (
                json!({ "latitude": 131.2, "longitude": 121.4 }),
                "/latitude impossible_position",
            ),
            (
                json!({ "latitude": 0, "longitude": 0 }),
                "/latitude impossible_position",
            ),
        ] {
            assert_eq!(li.patch(&path, 1, body).await.errors(), [error]);
        }
        li.edit(
            "customers",
            &customer,
            json!({ "latitude": 31.2, "longitude": 121.4 }),
        )
        .await;
    })
    .await;
}
