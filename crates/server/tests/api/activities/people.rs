//! Who sees an activity: its owner, who commands them, who takes part, who gave it.

use serde_json::json;

use super::{act, create, hours, path};
use crate::support::{each_database, id};

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
