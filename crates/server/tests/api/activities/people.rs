//! Who sees an activity: its owner, who commands them, who takes part, who gave it.

use serde_json::json;

use super::{act, acted, create, hours, path, planned, try_create};
use crate::support::{Answer, each_database, id, id_of};

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

/// What a task for a colleague says.
fn task_for(person: &str) -> serde_json::Value {
    json!({ "subject": "核对应收", "due_on": "2026-06-19", "owner_id": id(person) })
}

#[tokio::test]
async fn a_task_may_be_given_to_any_colleague_and_is_theirs_from_then_on() {
    each_database(async |world| {
        // Both see their own records only.
        let (li, qian) = (world.as_person("li"), world.as_person("qian"));
        let task = create(&li, "task", task_for("qian")).await;
        assert_eq!(
            (&task["giver_id"], &task["can"]),
            (&json!(id("li")), &json!([]))
        );
        assert_eq!(li.get(&path(&task)).await.status, 200);
        assert_eq!(
            li.patch(&path(&task), 1, json!({ "subject": "x" }))
                .await
                .status,
            403
        );
        assert_eq!(act(&li, &task, "finish", json!({})).await.status, 403);
        let kinds = qian.get("/api/notifications").await.rows();
        assert_eq!(kinds[0]["kind"], "given");
        acted(&qian, &task, "finish", json!({})).await;
        assert_eq!(li.get(&path(&task)).await.json["state"], "done");
        assert_eq!(li.get("/api/notifications").await.rows()[0]["kind"], "task");
        assert_eq!(world.as_person("wang").get(&path(&task)).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn nothing_but_an_open_task_of_the_givers_gets_to_somebody_out_of_reach() {
    each_database(async |world| {
        let (li, qian) = (world.as_person("li"), world.as_person("qian"));
        let with = |more: serde_json::Value| {
            let mut body = task_for("qian");
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        let times = json!({ "planned_start_at": hours(1.0), "giver_id": id("li") });
        for kind in ["first", "call", "meeting", "event"] {
            assert_eq!(try_create(&li, kind, with(times.clone())).await.status, 403, "{kind}");
        }
        for more in [
            json!({ "state": "done" }),
            json!({ "state": "cancelled", "cancel_reason": "x" }),
            json!({ "giver_id": id("supervisor") }),
            json!({ "invite": true }),
        ] {
            assert_eq!(try_create(&li, "task", with(more.clone())).await.status, 403, "{more}");
        }
        let follow_up = json!({ "follow_up": { "kind_id": crate::activities::kind("first"), "planned_start_at": hours(1.0) } });
        assert_eq!(try_create(&li, "task", with(follow_up)).await.status, 403);
        assert!(qian.get("/api/activities").await.rows().is_empty());
        // What is already there is no way in either.
        let visit = create(&li, "first", json!({ "planned_start_at": hours(1.0) })).await;
        let answer = li.patch(&path(&visit), 1, json!({ "owner_id": id("qian") })).await;
        assert_eq!((answer.status, answer.json["errors"][0]["code"].as_str()), (422, Some("transfer_not_allowed")));
    })
    .await;
}

#[tokio::test]
async fn an_own_task_is_passed_on_and_followed_and_one_that_was_given_is_not() {
    each_database(async |world| {
        let (li, qian) = (world.as_person("li"), world.as_person("qian"));
        let task = create(
            &li,
            "task",
            json!({ "subject": "整理名单", "due_on": "2026-06-19" }),
        )
        .await;
        let task = li
            .edit("activities", &task, json!({ "owner_id": id("qian") }))
            .await;
        assert_eq!(
            (&task["owner_id"], &task["giver_id"]),
            (&json!(id("qian")), &json!(id("li")))
        );
        // Passing on what another gave is for those who may transfer.
        let answer = qian
            .patch(&path(&task), 2, json!({ "owner_id": id("wang") }))
            .await;
        assert_eq!(answer.status, 422);
    })
    .await;
}

#[tokio::test]
async fn a_given_task_repeats_and_its_giver_takes_it_back_before_anybody_touched_it() {
    each_database(async |world| {
        let (li, qian) = (world.as_person("li"), world.as_person("qian"));
        let mut body = task_for("qian");
        body["repeat"] = json!({ "rrule": "FREQ=DAILY;COUNT=3" });
        let answer = try_create(&li, "task", body).await;
        assert_eq!(answer.status, 201, "{:?}", answer.json);
        assert_eq!(qian.get("/api/activities").await.rows().len(), 3);
        let undo = |answer: &Answer| format!("/api/ledger/{}/undo", answer.batch());
        assert_eq!(li.post(&undo(&answer), json!({})).await.status, 200);
        assert!(qian.get("/api/activities").await.rows().is_empty());
        let answer = try_create(&li, "task", task_for("qian")).await;
        acted(&qian, &answer.json, "finish", json!({})).await;
        assert_eq!(li.post(&undo(&answer), json!({})).await.status, 409);
    })
    .await;
}
