//! Reminders before something begins, the day's tasks in the morning, and what becomes of tasks that somebody gave.

use serde_json::{Value as Json, json};

use crate::activities::{create, hours, path};
use crate::support::{Client, DAY_MS, MINUTE_MS, NOW_MS, World, each_database, id, id_of};

const HOUR_MS: i64 = 60 * MINUTE_MS;

async fn inbox(client: &Client, kind: &str) -> Vec<Json> {
    let rows = client.get("/api/notifications").await.rows();
    rows.into_iter().filter(|row| row["kind"] == kind).collect()
}

/// So long after the test's now, the jobs run.
async fn later(world: &World, ms: i64) {
    world.set_clock(NOW_MS + ms);
    world.run_jobs().await;
}

#[tokio::test]
async fn everybody_who_takes_part_is_reminded_once_in_the_inbox_and_by_mail() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let li = world.as_person("li");
        let body = json!({
            "subject": "说明会", "planned_start_at": hours(2.0), "participant_ids": [id("wang")], "reminder_minutes": 30,
        });
        let row = create(&li, "meeting", body).await;
        later(world, 89 * MINUTE_MS).await;
        assert_eq!(inbox(&li, "reminder").await.len(), 0, "not yet");
        later(world, 90 * MINUTE_MS).await;
        later(world, 91 * MINUTE_MS).await;
        for person in ["li", "wang"] {
            let told = inbox(&world.as_person(person), "reminder").await;
            assert_eq!(told.len(), 1, "{person}");
            assert_eq!(told[0]["text"], "提醒：「说明会」（2026-06-15 12:00）");
            assert_eq!(told[0]["record_id"], row["id"]);
        }
        let letters = mailbox.take();
        let to: Vec<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(to, ["li@example.com", "wang@example.com"]);
        assert_ne!(letters[0].message_id, letters[1].message_id);
        assert!(letters[0].text.contains(&format!("http://chengdan.test/activities/{}", id_of(&row))));
    })
    .await;
}

#[tokio::test]
async fn a_moved_plan_reminds_at_its_new_time_and_a_cancelled_one_never() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body =
            json!({ "subject": "移动", "planned_start_at": hours(2.0), "reminder_minutes": 0 });
        let moved = create(&li, "meeting", body.clone()).await;
        let cancelled = create(&li, "meeting", body).await;
        li.edit(
            "activities",
            &moved,
            json!({ "planned_start_at": hours(3.0) }),
        )
        .await;
        let answer = li
            .post(
                &format!("{}/cancel", path(&cancelled)),
                json!({ "reason": "下雨" }),
            )
            .await;
        assert_eq!(answer.status, 200);
        later(world, 150 * MINUTE_MS).await;
        assert_eq!(inbox(&li, "reminder").await.len(), 0);
        later(world, 181 * MINUTE_MS).await;
        let told = inbox(&li, "reminder").await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["record_id"], moved["id"]);
    })
    .await;
}

#[tokio::test]
async fn after_a_silence_the_inbox_tells_all_and_mail_only_what_still_helps() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let li = world.as_person("li");
        for (subject, from_now) in [("早过了", 1.0), ("刚开始", 4.5), ("还没到", 6.0)] {
            let body = json!({ "subject": subject, "planned_start_at": hours(from_now), "reminder_minutes": 60 });
            create(&li, "meeting", body).await;
        }
        later(world, 5 * HOUR_MS).await;
        assert_eq!(inbox(&li, "reminder").await.len(), 3, "none is lost");
        let subjects: Vec<String> = mailbox.take().iter().map(|letter| letter.subject.clone()).collect();
        assert_eq!(subjects.len(), 2, "{subjects:?}");
        assert!(subjects.iter().all(|subject| !subject.contains("早过了")));
    })
    .await;
}

#[tokio::test]
async fn two_processes_remind_once() {
    each_database(async |world| {
        let li = world.as_person("li");
        for n in 0..20 {
            let body = json!({ "subject": format!("第 {n} 场"), "planned_start_at": hours(2.0 + f64::from(n)), "reminder_minutes": 0 });
            create(&li, "meeting", body).await;
        }
        world.set_clock(NOW_MS + DAY_MS);
        if world.is_postgres() {
            let other = world.another_process().await;
            other.set_clock(NOW_MS + DAY_MS);
            tokio::join!(world.run_jobs(), other.run_jobs());
        } else {
            world.run_jobs().await;
        }
        world.run_jobs().await;
        assert_eq!(inbox(&li, "reminder").await.len(), 20);
    })
    .await;
}

#[tokio::test]
async fn each_person_chooses_what_comes_and_how() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let li = world.as_person("li");
        let choices = li.get("/api/notifications/choices").await.json;
        assert_eq!((&choices["mail"]["reminder"], &choices["mail"]["comment"]), (&json!(true), &json!(false)));
        assert_eq!(choices["mail_available"], true);
        let chosen = li
            .send(
                axum::http::Method::PUT,
                "/api/notifications/choices",
                &[("content-type", "application/json")],
                json!({ "choices": { "task": false }, "mail": { "reminder": false, "shared": true } }).to_string(),
            )
            .await;
        assert_eq!(chosen.status, 200, "{:?}", chosen.json);
        assert_eq!(chosen.json["choices"]["task"], false);
        let mailed: Vec<&String> = chosen.json["mail"]
            .as_object()
            .expect("choices")
            .iter()
            .filter(|(_, is_on)| **is_on == true)
            .map(|(kind, _)| kind)
            .collect();
        assert_eq!(mailed, ["shared"]);
        create(&li, "meeting", json!({ "subject": "不要邮件", "planned_start_at": hours(1.0), "reminder_minutes": 0 })).await;
        later(world, 61 * MINUTE_MS).await;
        assert_eq!(inbox(&li, "reminder").await.len(), 1);
        assert_eq!(mailbox.take().len(), 0);
        let bad = json!({ "mail": { "smoke_signals": true } }).to_string();
        let refused = li
            .send(axum::http::Method::PUT, "/api/notifications/choices", &[("content-type", "application/json")], bad)
            .await;
        assert_eq!(refused.errors(), ["/mail unknown_choice"]);
    })
    .await;
}

#[tokio::test]
async fn the_days_tasks_are_told_once_when_the_working_day_begins() {
    each_database(async |world| {
        let li = world.as_person("li");
        for (subject, due, priority) in [
            ("甲", "2026-06-16", "normal"),
            ("乙", "2026-06-16", "high"),
            ("丙", "2026-06-17", "high"),
        ] {
            create(
                &li,
                "task",
                json!({ "subject": subject, "due_on": due, "priority": priority }),
            )
            .await;
        }
        // Tuesday, eight o'clock: too early.
        later(world, 22 * HOUR_MS).await;
        assert_eq!(inbox(&li, "tasks_due").await.len(), 0);
        for minutes in [0, 10, 120] {
            later(world, 23 * HOUR_MS + minutes * MINUTE_MS).await;
        }
        let told = inbox(&li, "tasks_due").await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["text"], "今天有 2 项任务到期，其中有「乙」");
        assert_eq!(inbox(&world.as_person("wang"), "tasks_due").await.len(), 0);
        later(world, 47 * HOUR_MS + MINUTE_MS).await;
        assert_eq!(inbox(&li, "tasks_due").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn whoever_gave_a_task_reads_it_follows_it_and_learns_what_became_of_it() {
    each_database(async |world| {
        let (giver, doer) = (world.as_person("wang"), world.as_person("li"));
        let supervisor = world.as_person("supervisor");
        let mut rows = Vec::new();
        for subject in ["要做的", "不做的"] {
            let body = json!({ "subject": subject, "due_on": "2026-06-20", "owner_id": id("li") });
            let row = create(&supervisor, "task", body).await;
            assert_eq!(row["giver_id"], json!(id("supervisor")));
            rows.push(row);
        }
        assert_eq!(inbox(&doer, "given").await.len(), 2);
        let finished = doer
            .post(
                &format!("{}/finish", path(&rows[0])),
                json!({ "result": "已寄出" }),
            )
            .await;
        assert_eq!(finished.status, 200, "{:?}", finished.json);
        let declined = doer
            .post(
                &format!("{}/cancel", path(&rows[1])),
                json!({ "reason": "重复了" }),
            )
            .await;
        assert_eq!(declined.status, 200, "{:?}", declined.json);
        let texts: Vec<Json> = inbox(&supervisor, "task")
            .await
            .iter()
            .map(|row| row["text"].clone())
            .collect();
        assert_eq!(
            texts,
            [
                "李明没有做您交办的「不做的」: 重复了",
                "李明完成了您交办的「要做的」: 已寄出"
            ]
        );
        assert_eq!(
            inbox(&supervisor, "change").await.len(),
            0,
            "said once, in better words"
        );
        // A giver who sees nothing else of the doer's sees what they gave.
        let admin = world.as_person("admin");
        let row = create(
            &admin,
            "task",
            json!({ "subject": "代办", "owner_id": id("qian"), "giver_id": id("wang") }),
        )
        .await;
        let seen = giver.get(&path(&row)).await;
        assert_eq!((seen.status, &seen.json["following"]), (200, &json!(true)));
        let filter = json!({ "field": "giver_id", "op": "in", "value": ["me"] }).to_string();
        let given = giver
            .query("/api/activities", &[("filter", &filter)])
            .await
            .rows();
        assert_eq!(given.len(), 1);
    })
    .await;
}
