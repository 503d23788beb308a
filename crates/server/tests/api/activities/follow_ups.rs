//! What comes next is planned with the deed, and the deed knows of it.

use serde_json::{Value as Json, json};

use super::{HOUR_MS, act, acted, create, hours, kind, path, planned, read};
use crate::support::{Client, NOW_MS, each_database, id, id_of};

fn next(from_now: f64) -> Json {
    json!({ "kind_id": kind("presentation"), "planned_start_at": hours(from_now), "purpose": "演示" })
}

async fn undo(client: &Client, answer: &crate::support::Answer) -> u16 {
    let batch = answer.batch();
    client
        .post(&format!("/api/ledger/{batch}/undo"), json!({}))
        .await
        .status
}

#[tokio::test]
async fn a_deed_and_its_follow_up_are_one_step_that_is_taken_back_as_one() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, 1.0).await;
        world.set_clock(NOW_MS + 2 * HOUR_MS);
        let answer = act(
            &li,
            &row,
            "finish",
            json!({ "outcome": "effective", "follow_up": next(50.0) }),
        )
        .await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        assert_eq!(answer.json["has_follow_up"], true);
        let follow_up = li
            .get(&format!(
                "/api/activities/{}",
                answer.json["follow_up_id"].as_str().unwrap()
            ))
            .await
            .json;
        assert_eq!(follow_up["follow_up_of_id"], row["id"]);
        assert_eq!(
            (&follow_up["customer_id"], &follow_up["owner_id"]),
            (&customer["id"], &json!(id("li")))
        );
        assert_eq!(
            (&follow_up["purpose"], &follow_up["state"]),
            (&json!("演示"), &json!("planned"))
        );

        assert_eq!(undo(&li, &answer).await, 200);
        let row = read(&li, &row).await;
        assert_eq!(
            (&row["state"], &row["has_follow_up"]),
            (&json!("planned"), &json!(false))
        );
        assert_eq!(li.get(&path(&follow_up)).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn logging_carries_a_follow_up_too() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({ "state": "done", "customer_id": li.customer("客户").await["id"], "follow_up": next(24.0) });
        let row = create(&li, "first", body).await;
        assert_eq!(row["has_follow_up"], true);
        assert!(row["follow_up_id"].is_string());
        assert_eq!(read(&li, &row).await["has_follow_up"], true);
    })
    .await;
}

#[tokio::test]
async fn a_bad_follow_up_refuses_the_whole_step_and_says_where() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = planned(&li, &li.customer("客户").await, -1.0).await;
        let refused = async |follow_up: Json| {
            act(&li, &row, "finish", json!({ "follow_up": follow_up }))
                .await
                .errors()
        };
        assert_eq!(
            refused(json!({ "kind_id": kind("first") })).await,
            ["/follow_up/planned_start_at required"]
        );
        assert_eq!(
            refused(json!({ "planned_start_at": hours(5.0) })).await,
            ["/follow_up/kind_id required"]
        );
        assert_eq!(refused(json!("明天")).await, ["/follow_up wrong_type"]);
        let done = json!({ "kind_id": kind("first"), "state": "done" });
        assert_eq!(
            refused(done).await,
            ["/follow_up/state follow_up_is_a_plan"]
        );
        assert_eq!(read(&li, &row).await["state"], "planned");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_customer_comes_back_with_all_that_happened() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let deal = crate::opportunities::opportunity_at(&li, &customer, "产线", json!({})).await;
        let body =
            json!({ "state": "done", "opportunity_id": deal["id"], "follow_up": next(24.0) });
        let row = create(&li, "first", body).await;
        let customer_path = format!("/api/customers/{}", id_of(&customer));
        let deleted = li.delete(&customer_path, 1).await;
        assert_eq!(deleted.status, 204, "{:?}", deleted.json);
        assert_eq!(li.get(&path(&row)).await.status, 404);
        assert_eq!(undo(&li, &deleted).await, 200);
        let back = read(&li, &row).await;
        assert_eq!(
            (&back["has_follow_up"], &back["opportunity_id"]),
            (&json!(true), &deal["id"])
        );
        let follow_up = li
            .get(&format!(
                "/api/activities/{}",
                row["follow_up_id"].as_str().unwrap()
            ))
            .await
            .json;
        assert_eq!(
            (&follow_up["follow_up_of_id"], &follow_up["opportunity_id"]),
            (&row["id"], &deal["id"])
        );
    })
    .await;
}

#[tokio::test]
async fn a_deed_is_without_follow_up_until_there_is_one() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let body = json!({ "state": "done", "customer_id": id_of(&customer), "outcome": "effective" });
        let row = create(&li, "first", body).await;
        let filter = json!({ "field": "has_follow_up", "op": "is", "value": false }).to_string();
        let lacking = async || li.query("/api/activities", &[("filter", &filter)]).await.rows().len();
        assert_eq!(lacking().await, 1);
        let body = json!({ "follow_up_of_id": row["id"], "planned_start_at": hours(30.0), "customer_id": id_of(&customer) });
        let follow_up = create(&li, "closing", body).await;
        // The follow-up itself has none yet.
        assert_eq!(lacking().await, 1);
        assert_eq!(read(&li, &row).await["has_follow_up"], true);
        assert_eq!(read(&li, &row).await["version"], 1);
        assert_eq!(li.delete(&path(&follow_up), 1).await.status, 204);
        assert_eq!(read(&li, &row).await["has_follow_up"], false);
        // One that was logged without its plan can be changed in spite of what followed it.
        acted(&li, &row, "check-in", json!({ "position": "unavailable" })).await;
    })
    .await;
}
