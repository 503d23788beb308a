//! Who is told of activities: tasks, invitations, changed plans, comments.

use serde_json::{Value as Json, json};

use super::{acted, create, hours, path, planned};
use crate::support::{Client, each_database, id, id_of};

/// Kind and text of what is in somebody's inbox, the newest first.
async fn inbox(client: &Client) -> Vec<(String, String)> {
    let answer = client.get("/api/notifications").await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let rows = answer.rows();
    rows.iter()
        .map(|row| (text(&row["kind"]), text(&row["text"])))
        .collect()
}

fn told(kind: &str, text: &str) -> (String, String) {
    (kind.to_owned(), text.to_owned())
}

#[tokio::test]
async fn a_task_is_given_and_its_giver_follows_it() {
    each_database(async |world| {
        let (supervisor, li) = (world.as_person("supervisor"), world.as_person("li"));
        let body = json!({
            "subject": "整理报价", "owner_id": id("li"), "giver_id": id("director"), "due_on": "2026-06-18",
        });
        let task = create(&supervisor, "task", body).await;
        assert_eq!(inbox(&li).await, [told("given", "苏婷把任务「整理报价」交给了您")]);
        acted(&li, &task, "finish", json!({})).await;
        // Who gave it reads what came of it; who made it out follows it as any record.
        for (giver, kind) in [("supervisor", "change"), ("director", "task")] {
            let known = inbox(&world.as_person(giver)).await;
            assert_eq!(known.len(), 1, "{giver} {known:?}");
            assert_eq!(known[0].0, kind);
        }
        assert_eq!(inbox(&li).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_counted_in_learns_of_it_once_and_of_each_change_of_the_plan() {
    each_database(async |world| {
        let (li, wang) = (world.as_person("li"), world.as_person("wang"));
        let customer = li.customer("客户").await;
        let visit = planned(&li, &customer, 24.0).await;
        let visit = li
            .edit("activities", &visit, json!({ "participant_ids": [id("wang")], "purpose": "谈合同" }))
            .await;
        let invitation = told("invited", "李明请您一起参加「初访 · 客户」，2026-06-16 10:00");
        assert_eq!(inbox(&wang).await, std::slice::from_ref(&invitation));
        let visit = acted(&li, &visit, "move", json!({ "planned_start_at": hours(28.0) })).await;
        let known = inbox(&wang).await;
        assert_eq!(known.len(), 2);
        assert_eq!(known[0].0, "plan_changed");
        assert!(known[0].1.ends_with("「初访 · 客户」，2026-06-16 14:00"), "{known:?}");
        // While it is not looked at, it stays one notification.
        let visit = acted(&li, &visit, "move", json!({ "planned_start_at": hours(29.0) })).await;
        let known = inbox(&wang).await;
        assert_eq!(known.len(), 2);
        assert!(known[0].1.ends_with("2026-06-16 15:00"), "{known:?}");
        wang.post("/api/notifications/read", json!({})).await;
        acted(&li, &visit, "cancel", json!({ "reason": "客户出差" })).await;
        assert_eq!(inbox(&wang).await[0].0, "plan_changed");
        assert_eq!(inbox(&li).await, []);

        // A deed that is logged with somebody is no invitation.
        let body = json!({ "customer_id": id_of(&customer), "state": "done", "participant_ids": [id("wang")] });
        create(&li, "first", body).await;
        assert_eq!(inbox(&wang).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_a_superior_moves_is_told_and_comments_reach_all_who_take_part() {
    each_database(async |world| {
        let (li, wang) = (world.as_person("li"), world.as_person("wang"));
        let customer = li.customer("客户").await;
        let body = json!({
            "customer_id": id_of(&customer), "planned_start_at": hours(24.0), "participant_ids": [id("wang")],
        });
        let visit = create(&li, "first", body).await;
        let admin = world.as_person("admin");
        acted(&admin, &visit, "move", json!({ "planned_start_at": hours(26.0) })).await;
        assert_eq!(inbox(&li).await[0].0, "plan_changed");
        let comments = format!("{}/comments", path(&visit));
        assert_eq!(admin.post(&comments, json!({ "body": "带上样品" })).await.status, 201);
        assert_eq!(inbox(&li).await[0].0, "comment");
        assert_eq!(inbox(&wang).await[0], told("comment", "管理员在「初访 · 客户」留言：带上样品"));
    })
    .await;
}
