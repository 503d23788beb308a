//! Invitations by mail: to whom, with what, and what a change of mind sends after them.

use serde_json::{Value as Json, json};

use super::parsers;
use crate::activities::{create, hours, path};
use crate::support::{Client, Letter, Mailbox, World, each_database, id, id_of, version_of};

async fn contact(client: &Client, customer: &Json, name: &str, email: &str) -> Json {
    let body = json!({ "name": name, "customer_id": id_of(customer), "email": email });
    client.create("contacts", body).await
}

async fn letters(world: &World, mailbox: &Mailbox) -> Vec<Letter> {
    world.run_jobs().await;
    mailbox.take()
}

fn addressees(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.to.as_str()).collect()
}

/// The calendar in a letter, as two parsers read it; null without Python.
fn read(letter: &Letter) -> Json {
    let (method, text) = letter.calendar.as_ref().expect("a calendar");
    let read = parsers::read(text);
    if !read.is_null() {
        assert_eq!(&read["method"], method);
    }
    read
}

async fn visit(world: &World) -> (Client, Json) {
    let li = world.as_person("li");
    let customer = li.customer("红圈，股份").await;
    let wu = contact(&li, &customer, "吴, “总”", "wu@customer.example").await;
    let body = json!({
        "subject": "方案说明；第二轮🤝", "customer_id": id_of(&customer), "contact_ids": [id_of(&wu)],
        "participant_ids": [id("wang")], "planned_start_at": hours(24.0), "purpose": "逼单，底价 88 万", "invite": true,
    });
    let row = create(&li, "presentation", body).await;
    (li, row)
}

#[tokio::test]
async fn participants_and_contacts_are_invited_each_in_their_language_without_what_we_think() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let admin = world.as_person("admin");
        let wang = admin.get(&format!("/api/people/{}", id("wang"))).await.json;
        admin
            .edit("people", &wang, json!({ "language": "en" }))
            .await;
        let (_, row) = visit(world).await;
        let letters = letters(world, &mailbox).await;
        assert_eq!(
            addressees(&letters),
            ["wang@example.com", "wu@customer.example"]
        );
        assert!(
            letters[0].subject.starts_with("Invitation: 方案说明"),
            "{}",
            letters[0].subject
        );
        assert!(
            letters[1].subject.starts_with("邀请：方案说明"),
            "{}",
            letters[1].subject
        );
        assert!(
            letters[0].text.contains(&path(&row)["/api".len()..]),
            "ours may open it"
        );
        assert!(!letters[1].text.contains("chengdan.test"), "theirs may not");
        for letter in &letters {
            let whole = format!("{letter:?}");
            assert!(!whole.contains("底价"), "{whole}");
            let event = read(letter)["events"][0].clone();
            if event.is_null() {
                continue;
            }
            assert_eq!(event["summary"], "方案说明；第二轮🤝");
            assert_eq!(event["start"], "2026-06-16T02:00:00+00:00");
            assert_eq!(
                event["organizer"],
                json!([["mailto:li@example.com", "李明"]])
            );
            assert_eq!(
                event["attendees"][0],
                json!(["mailto:wang@example.com", "王芳"])
            );
        }
        if let Some(seen) = read(&letters[1])["events"][0]["attendees"].as_array() {
            assert_eq!(seen[1], json!(["mailto:wu@customer.example", "吴, “总”"]));
        }
        assert!(
            !format!("{:?}", letters[0]).contains("wu@customer.example"),
            "a contact is seen by nobody else"
        );
    })
    .await;
}

#[tokio::test]
async fn a_change_and_a_cancellation_follow_with_a_higher_sequence() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let (li, row) = visit(world).await;
        let first = read(&letters(world, &mailbox).await[0])["events"][0].clone();
        // What nobody is told of sends nothing.
        let row = li.edit("activities", &row, json!({ "purpose": "x" })).await;
        assert_eq!(letters(world, &mailbox).await.len(), 0);
        let row = li
            .edit(
                "activities",
                &row,
                json!({ "planned_start_at": hours(48.0) }),
            )
            .await;
        let moved = letters(world, &mailbox).await;
        assert_eq!(moved.len(), 2);
        assert!(
            moved[0].subject.starts_with("邀请有变动"),
            "{}",
            moved[0].subject
        );
        let second = read(&moved[0])["events"][0].clone();
        // Somebody comes, somebody goes: only they hear of it.
        let row = li
            .edit(
                "activities",
                &row,
                json!({ "participant_ids": [id("zhao")] }),
            )
            .await;
        let swapped = letters(world, &mailbox).await;
        assert_eq!(
            addressees(&swapped),
            ["wang@example.com", "zhao@example.com"]
        );
        assert_eq!(swapped[0].calendar.as_ref().unwrap().0, "CANCEL");
        assert_eq!(swapped[1].calendar.as_ref().unwrap().0, "REQUEST");
        let answer = li
            .post(
                &format!("{}/cancel", path(&row)),
                json!({ "reason": "客户出差" }),
            )
            .await;
        assert_eq!(answer.status, 200);
        let cancelled = letters(world, &mailbox).await;
        assert_eq!(
            addressees(&cancelled),
            ["wu@customer.example", "zhao@example.com"]
        );
        let last = read(&cancelled[0])["events"][0].clone();
        if !last.is_null() {
            assert_eq!(last["status"], "CANCELLED");
            assert_eq!(
                (&first["uid"], &second["uid"]),
                (&last["uid"], &last["uid"])
            );
            let sequences: Vec<i64> = [&first, &second, &last]
                .iter()
                .filter_map(|one| one["sequence"].as_i64())
                .collect();
            assert!(
                sequences.windows(2).all(|pair| pair[0] < pair[1]),
                "{sequences:?}"
            );
        }
        let undone = li
            .post(&format!("/api/ledger/{}/undo", answer.batch()), json!({}))
            .await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        let again = letters(world, &mailbox).await;
        assert_eq!(again[0].calendar.as_ref().unwrap().0, "REQUEST");
    })
    .await;
}

#[tokio::test]
async fn a_whole_series_is_one_mail_with_its_rule_and_its_exceptions() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let li = world.as_person("li");
        let body = json!({
            "subject": "周会", "planned_start_at": "2026-06-15T06:00:00Z", "participant_ids": [id("wang")],
            "repeat": { "rrule": "FREQ=WEEKLY;BYDAY=MO" }, "invite": true,
        });
        let first = create(&li, "meeting", body).await;
        let invited = letters(world, &mailbox).await;
        assert_eq!(addressees(&invited), ["wang@example.com"]);
        let whole = read(&invited[0]);
        if !whole.is_null() {
            assert_eq!(whole["events"].as_array().map(Vec::len), Some(1));
            assert_eq!(whole["events"][0]["rrule"], "FREQ=WEEKLY;BYDAY=MO");
            assert_eq!(whole["events"][0]["start"], "2026-06-15T14:00:00+08:00");
            assert_eq!(whole["zones"], json!(["Asia/Shanghai"]));
        }
        let filter = json!({ "field": "series_on", "op": "not_empty" }).to_string();
        let rows = li
            .query("/api/activities", &[("filter", &filter), ("sort", "happens_at")])
            .await
            .rows();
        // One occurrence moves: the mail is about that one, by its place in the series.
        li.edit("activities", &rows[2], json!({ "planned_start_at": "2026-06-30T06:00:00Z" })).await;
        let moved = letters(world, &mailbox).await;
        let one = read(&moved[0])["events"][0].clone();
        if !one.is_null() {
            assert_eq!(one["uid"], whole["events"][0]["uid"]);
            assert_eq!(one["recurrence_id"], "2026-06-29T06:00:00+00:00");
            assert_eq!(one["start"], "2026-06-30T06:00:00+00:00");
        }
        // One falls out, then all change: the mail tells both.
        let gone = li.delete(&path(&rows[3]), version_of(&rows[3])).await;
        assert_eq!(gone.status, 204);
        assert_eq!(letters(world, &mailbox).await[0].calendar.as_ref().unwrap().0, "CANCEL");
        let answer = li
            .patch(&format!("{}?scope=all", path(&first)), version_of(&first), json!({ "subject": "销售周会" }))
            .await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        let changed = letters(world, &mailbox).await;
        assert_eq!(changed.len(), 1);
        let all = read(&changed[0]);
        if !all.is_null() {
            assert_eq!(all["events"][0]["summary"], "销售周会");
            assert_eq!(all["events"][0]["exdates"], json!(["2026-07-06T14:00:00+08:00"]));
            assert_eq!(all["events"][1]["recurrence_id"], "2026-06-29T06:00:00+00:00");
        }
        let row = li.get(&path(&first)).await.json;
        let gone = li.delete(&format!("{}?scope=all", path(&row)), version_of(&row)).await;
        assert_eq!(gone.status, 204, "{:?}", gone.json);
        let last = letters(world, &mailbox).await;
        assert_eq!(last.len(), 1);
        assert_eq!(last[0].calendar.as_ref().unwrap().0, "CANCEL");
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_promised() {
    each_database(async |world| {
        let (_, row) = visit(world).await;
        assert_eq!(row["warnings"][0]["code"], "mail_not_configured");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_invited_who_was_not_asked() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let li = world.as_person("li");
        let body = json!({ "subject": "x", "planned_start_at": hours(2.0), "participant_ids": [id("wang")] });
        create(&li, "meeting", body).await;
        assert_eq!(letters(world, &mailbox).await.len(), 0);
    })
    .await;
}
