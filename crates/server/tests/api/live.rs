//! Changes as they happen: only in scope, resumable, and the same whichever process made them.

use serde_json::json;

use crate::activities::{acted, create, hours};
use crate::organisation::{person, role};
use crate::support::{Events, PASSWORD, World, each_database, id, id_of, on_postgres, version_of};

async fn edit_name(
    world: &World,
    by: &str,
    row: &serde_json::Value,
    name: &str,
) -> serde_json::Value {
    world
        .as_person(by)
        .edit("customers", row, json!({ "name": name }))
        .await
}

#[tokio::test]
async fn a_stream_tells_of_changes_in_scope_and_no_others() {
    each_database(async |world| {
        world.listen().await;
        let mut events = world.as_person("li").live(None).await;
        assert_eq!(events.next().await.unwrap().kind, "ready");
        let of_qian = world.as_person("qian").customer("乙").await;
        let of_li = world.as_person("li").customer("甲").await;
        edit_name(world, "qian", &of_qian, "丙").await;
        let of_li = edit_name(world, "supervisor", &of_li, "丁").await;
        world
            .as_person("li")
            .delete(
                &format!("/api/customers/{}", id_of(&of_li)),
                version_of(&of_li),
            )
            .await;
        let mut seen = Vec::new();
        while let Some(event) = events.next().await {
            if event.kind == "notification" {
                continue;
            }
            assert_eq!(event.kind, "change");
            // Nothing of the content, not even its name.
            let mut keys: Vec<String> = event.data.as_object().unwrap().keys().cloned().collect();
            keys.sort();
            assert_eq!(keys, ["action", "id", "resource", "version"]);
            assert_eq!(event.data["id"], of_li["id"]);
            seen.push(event.data["action"].as_str().unwrap().to_owned());
        }
        assert_eq!(seen, ["create", "update", "delete"]);
    })
    .await;
}

#[tokio::test]
async fn a_stream_resumes_where_it_was_cut() {
    each_database(async |world| {
        world.listen().await;
        let mut events = world.as_person("li").live(None).await;
        events.next().await.unwrap();
        let row = world.as_person("li").customer("甲").await;
        let seen = events.next().await.unwrap().id.unwrap();
        drop(events);
        let row = edit_name(world, "li", &row, "乙").await;
        world.as_person("qian").customer("丙").await;
        edit_name(world, "li", &row, "丁").await;
        let mut events = world.as_person("li").live(Some(&seen)).await;
        let versions = [
            events.next().await.unwrap().data["version"].clone(),
            events.next().await.unwrap().data["version"].clone(),
        ];
        assert_eq!(versions, [json!(2), json!(3)]);
        assert!(events.next().await.is_none());
        // Whoever was away for long is told to ask again instead.
        for i in 0..501 {
            world.as_person("wang").customer(&format!("客户 {i}")).await;
        }
        let mut events = world.as_person("li").live(Some(&seen)).await;
        assert_eq!(events.next().await.unwrap().kind, "reset");
    })
    .await;
}

#[tokio::test]
async fn a_stream_follows_what_its_person_may_see() {
    each_database(async |world| {
        world.listen().await;
        let mut events = world.as_person("wang").live(None).await;
        events.next().await.unwrap();
        let of_li = world.as_person("li").customer("甲").await;
        assert!(events.next().await.is_none());
        let roles = json!({ "role_ids": [role(world, "administrator")] });
        world
            .as_person("admin")
            .edit("people", &person(world, "wang").await, roles)
            .await;
        edit_name(world, "li", &of_li, "乙").await;
        let mut told = Vec::new();
        while let Some(event) = events.next().await {
            told.push(
                event.data["resource"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            );
        }
        assert!(told.contains(&"customers".to_owned()), "{told:?}");
        world
            .as_person("admin")
            .edit(
                "people",
                &person(world, "wang").await,
                json!({ "is_active": false }),
            )
            .await;
        while events.next().await.is_some() {}
        world.as_person("li").customer("丙").await;
        assert!(events.next().await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    each_database(async |world| {
        world.listen().await;
        let answer = world
            .visitor()
            .post(
                "/api/session",
                json!({ "login": "li@example.com", "password": PASSWORD }),
            )
            .await;
        let phone = world.visitor().with_session(&answer.session().unwrap());
        let mut events = phone.live(None).await;
        events.next().await.unwrap();
        let rows = world.as_person("li").get("/api/sessions").await.rows();
        let other = rows.iter().find(|row| row["current"] == false).unwrap();
        world
            .as_person("li")
            .delete(
                &format!("/api/sessions/{}", other["id"].as_str().unwrap()),
                1,
            )
            .await;
        while events.next().await.is_some() {}
        world.as_person("li").customer("甲").await;
        assert!(events.next().await.is_none());
    })
    .await;
}

/// Waits until a condition holds: what another process did arrives within a moment.
async fn soon(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..40 {
        if holds().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("never: {what}");
}

#[tokio::test]
async fn processes_on_one_database_see_each_others_changes() {
    on_postgres(&async |world: &mut World| {
        world.listen().await;
        let mut other = world.another_process().await;
        other.listen().await;
        let mut events = world.as_person("li").live(None).await;
        events.next().await.unwrap();
        // Both have read everything once, so that both remember it.
        let row = world.as_person("li").customer("甲").await;
        let contact = world.as_person("li").contact(&row, "张三").await;
        let path = format!("/api/contacts/{}", id_of(&contact));
        let label = row["id"].as_str().unwrap();
        for process in [&*world, &other] {
            assert_eq!(
                process.as_person("li").get(&path).await.json["labels"][label],
                "甲"
            );
            assert_eq!(
                process.as_person("wang").get("/api/session").await.status,
                200
            );
        }
        edit_name(&other, "li", &row, "乙").await;
        let mut actions = Vec::new();
        while let Some(event) = events.next().await {
            actions.push(format!(
                "{} {}",
                event.data["resource"].as_str().unwrap(),
                event.data["action"].as_str().unwrap()
            ));
        }
        assert_eq!(
            actions,
            ["customers create", "contacts create", "customers update"]
        );
        soon("the new name", async || {
            world.as_person("li").get(&path).await.json["labels"][label] == "乙"
        })
        .await;
        // A right that was given there counts here, and one that was taken is gone.
        let roles = json!({ "role_ids": [role(world, "administrator")] });
        let wang = other
            .as_person("admin")
            .edit("people", &person(&other, "wang").await, roles)
            .await;
        soon("the new right", async || {
            world.as_person("wang").get("/api/customers").await.names() == ["乙"]
        })
        .await;
        other
            .as_person("admin")
            .edit("people", &wang, json!({ "is_active": false }))
            .await;
        soon("the end of a session", async || {
            world.as_person("wang").get("/api/session").await.status == 401
        })
        .await;
        // A role's change, a team's move, the company's name.
        let role = other
            .as_person("admin")
            .get(&format!("/api/roles/{}", role(world, "salesperson")))
            .await
            .json;
        other
            .as_person("admin")
            .edit("roles", &role, json!({ "grants": {} }))
            .await;
        soon("the lost right", async || {
            world.as_person("li").get("/api/customers").await.status == 403
        })
        .await;
        other
            .as_person("admin")
            .patch("/api/settings", 1, json!({ "company_name": "新名" }))
            .await;
        soon("the new name", async || {
            world.as_person("admin").get("/api/meta").await.json["company_name"] == "新名"
        })
        .await;
        let east = other
            .as_person("admin")
            .get(&format!("/api/teams/{}", id("east")))
            .await
            .json;
        other
            .as_person("admin")
            .edit("teams", &east, json!({ "name": "东区" }))
            .await;
        soon("the new name of a team", async || {
            world.app.directory().teams[&id("east")].name == "东区"
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn what_was_committed_before_a_process_listens_is_not_missed() {
    on_postgres(&async |world: &mut World| {
        let mut other = world.another_process().await;
        let li = person(world, "li").await;
        assert_eq!(other.as_person("li").get("/api/session").await.status, 200);
        world
            .as_person("admin")
            .edit("people", &li, json!({ "is_active": false }))
            .await;
        other.listen().await;
        soon("the end of a session", async || {
            other.as_person("li").get("/api/session").await.status == 401
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn who_takes_part_in_an_activity_or_gave_a_task_is_told_and_nobody_else() {
    each_database(async |world| {
        world.listen().await;
        let mut streams = Vec::new();
        for person in ["qian", "zhao"] {
            let mut events = world.as_person(person).live(None).await;
            events.next().await.unwrap();
            streams.push(events);
        }
        let [of_qian, of_zhao] = &mut streams[..] else {
            panic!()
        };
        let li = world.as_person("li");
        let meeting = json!({ "planned_start_at": hours(1.0), "participant_ids": [id("qian")] });
        let meeting = create(&li, "meeting", meeting).await;
        assert_eq!(changes(of_qian).await, ["create"]);
        let meeting = li
            .edit("activities", &meeting, json!({ "purpose": "谈价格" }))
            .await;
        assert_eq!(changes(of_qian).await, ["update"]);
        // That one is left out from now on is the last to hear of it.
        let meeting = li
            .edit("activities", &meeting, json!({ "participant_ids": [] }))
            .await;
        assert_eq!(changes(of_qian).await, ["update"]);
        li.edit("activities", &meeting, json!({ "purpose": "谈交期" }))
            .await;
        assert!(changes(of_qian).await.is_empty());
        let task = json!({ "subject": "整理名单", "due_on": "2026-06-19", "owner_id": id("li") });
        let task = create(&world.as_person("qian"), "task", task).await;
        assert_eq!(changes(of_qian).await, ["create"]);
        acted(&li, &task, "finish", json!({})).await;
        assert_eq!(changes(of_qian).await, ["finish"]);
        assert!(changes(of_zhao).await.is_empty());
    })
    .await;
}

/// The actions on activities that a stream tells of until it is quiet.
async fn changes(events: &mut Events) -> Vec<String> {
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        if event.kind == "change" {
            assert_eq!(event.data["resource"], "activities");
            told.push(event.data["action"].as_str().unwrap_or_default().to_owned());
        }
    }
    told
}
