//! Who sees an activity: its owner, who commands them, who takes part, who gave it.

use serde_json::json;

use super::{act, acted, create, hours, path, planned};
use crate::support::{each_database, id, id_of};

#[tokio::test]
async fn who_takes_part_reads_it_and_changes_nothing() {
    each_database(async |world| {
        let (li, qian) = (world.as_person("li"), world.as_person("qian"));
        let body = json!({ "planned_start_at": hours(1.0), "participant_ids": [id("qian")], "subject": "技术交流" });
        let row = create(&li, "meeting", body).await;
        let seen = qian.get(&path(&row)).await;
        assert_eq!((seen.status, &seen.json["can"]), (200, &json!([])));
        let subjects = async || {
            let rows = qian.get("/api/activities").await.rows();
            rows.iter().map(|row| row["subject"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(subjects().await, ["技术交流"]);
        assert_eq!(qian.patch(&path(&row), 1, json!({ "subject": "x" })).await.status, 403);
        assert_eq!(act(&qian, &row, "cancel", json!({ "reason": "x" })).await.status, 403);
        // The one beside them takes no part.
        assert_eq!(world.as_person("wang").get(&path(&row)).await.status, 404);
        let row = li.edit("activities", &row, json!({ "participant_ids": [] })).await;
        assert_eq!(qian.get(&path(&row)).await.status, 404);
        assert!(subjects().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_gives_a_task_follows_it() {
    each_database(async |world| {
        let supervisor = world.as_person("supervisor");
        let body = json!({ "subject": "整理名单", "due_on": "2026-06-19", "owner_id": id("li"), "giver_id": id("supervisor") });
        let row = create(&supervisor, "task", body).await;
        assert_eq!(row["happens_at"], "2026-06-18T16:00:00.000Z");
        let answer = world.as_person("li").get("/api/activities").await;
        assert_eq!(answer.rows()[0]["giver_id"], json!(id("supervisor")));
        let filter = json!({ "field": "giver_id", "op": "in", "value": ["me"] }).to_string();
        assert_eq!(supervisor.query("/api/activities", &[("filter", &filter)]).await.rows().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_sees_a_customer_reads_what_happened_there() {
    each_database(async |world| {
        let (li, wang) = (world.as_person("li"), world.as_person("wang"));
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, -2.0).await;
        let row = acted(&li, &row, "finish", json!({ "result": "谈了价格" })).await;
        assert_eq!(wang.get(&path(&row)).await.status, 404);
        let shares = format!("/api/customers/{}/shares", id_of(&customer));
        let body = json!({ "person_id": id("wang"), "right": "read" });
        assert_eq!(li.post(&shares, body).await.status, 200);
        let seen = wang.get(&path(&row)).await;
        assert_eq!((seen.status, &seen.json["can"]), (200, &json!([])));
        let rows = wang
            .get(&format!("/api/customers/{}/timeline", id_of(&customer)))
            .await
            .rows();
        let kinds: Vec<&str> = rows
            .iter()
            .map(|row| row["kind"].as_str().unwrap())
            .collect();
        assert!(kinds.contains(&"activity"), "{kinds:?}");
        assert!(wang.get("/api/activities").await.rows().is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_gave_a_task_hears_that_it_is_done() {
    each_database(async |world| {
        let (li, supervisor) = (world.as_person("li"), world.as_person("supervisor"));
        let body =
            json!({ "subject": "整理名单", "due_on": "2026-06-19", "giver_id": id("supervisor") });
        let row = create(&li, "task", body).await;
        assert_eq!(supervisor.get(&path(&row)).await.json["following"], true);
        assert_eq!(
            world.as_person("director").get(&path(&row)).await.json["following"],
            false
        );
        acted(&li, &row, "finish", json!({})).await;
        let inbox = supervisor.get("/api/notifications").await.rows();
        assert_eq!(
            (&inbox[0]["kind"], &inbox[0]["record_id"]),
            (&json!("task"), &row["id"])
        );
    })
    .await;
}
