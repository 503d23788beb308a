//! Mails gathered into one a day.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, DAY_MS, MINUTE_MS, NOW_MS, World, each_database, id, id_of};

const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Tuesday, eight o'clock in Shanghai: the day after the tests' now.
const TUESDAY_8_MS: i64 = NOW_MS + 22 * HOUR_MS;

async fn choose(client: &Client, body: Json) -> Answer {
    client
        .send(
            Method::PUT,
            "/api/notifications/choices",
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await
}

/// Wants comments and shared records by mail, gathered at eight.
async fn gather(client: &Client, days: &str) {
    let body = json!({ "mail": { "comment": true, "mention": true, "shared": true }, "digest": { "at": "08:00", "days": days } });
    let chosen = choose(client, body).await;
    assert_eq!(chosen.status, 200, "{:?}", chosen.json);
    assert_eq!(
        chosen.json["digest"],
        json!({ "at": "08:00", "days": days })
    );
}

async fn at(world: &World, at_ms: i64) {
    world.set_clock(at_ms);
    world.run_jobs().await;
}

/// One of the supervisor's records is shown to Li, with some words.
async fn share(world: &World, name: &str) -> Json {
    let wang = world.as_person("wang");
    let customer = wang.customer(name).await;
    let path = format!("/api/customers/{}/shares", id_of(&customer));
    let shared = wang
        .post(&path, json!({ "person_id": id("li"), "right": "edit" }))
        .await;
    assert!(shared.status < 300, "{:?}", shared.json);
    customer
}

async fn mention(world: &World, customer: &Json, words: &str) {
    let path = format!("/api/customers/{}/comments", id_of(customer));
    let body = json!({ "body": words, "mentions": [id("li")] });
    let said = world.as_person("wang").post(&path, body).await;
    assert!(said.status < 300, "{:?}", said.json);
}

#[tokio::test]
async fn what_gathers_is_one_mail_by_kind_with_links_and_comes_once() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        gather(&world.as_person("li"), "every").await;
        let one = share(world, "红圈科技").await;
        share(world, "蓝圈科技").await;
        mention(world, &one, "请看\n报价").await;
        at(world, TUESDAY_8_MS - MINUTE_MS).await;
        assert_eq!(mailbox.take().len(), 0, "too early");
        at(world, TUESDAY_8_MS).await;
        let letters = mailbox.take();
        assert_eq!(letters.len(), 1, "{letters:?}");
        let letter = &letters[0];
        assert_eq!(
            (letter.to.as_str(), letter.subject.as_str()),
            ("li@example.com", "3 条新消息")
        );
        for part in [
            "有人在留言中提到我 (1)",
            "有记录共享给我 (2)",
            &format!("http://chengdan.test/customers/{}", id_of(&one)),
            "蓝圈科技",
            "http://chengdan.test/settings/notifications",
        ] {
            assert!(letter.text.contains(part), "{part} in {}", letter.text);
        }
        assert!(
            letter.text.contains("请看 报价"),
            "one line each: {}",
            letter.text
        );
        for later in [MINUTE_MS, HOUR_MS, DAY_MS, 2 * DAY_MS] {
            at(world, TUESDAY_8_MS + later).await;
        }
        assert_eq!(mailbox.take().len(), 0, "nothing new, no mail");
    })
    .await;
}

#[tokio::test]
async fn what_was_read_is_left_out_and_nothing_left_is_no_mail() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let li = world.as_person("li");
        gather(&li, "every").await;
        choose(&li, json!({ "mail": { "reminder": true } })).await;
        share(world, "红圈科技").await;
        assert_eq!(
            li.post("/api/notifications/read", json!({})).await.status,
            204
        );
        at(world, TUESDAY_8_MS).await;
        assert_eq!(mailbox.take().len(), 0);
        // A kind that is no longer wanted is left out, too.
        share(world, "蓝圈科技").await;
        let li = world.fresh_session("li").await;
        choose(&li, json!({ "mail": { "shared": false } })).await;
        at(world, TUESDAY_8_MS + DAY_MS).await;
        assert_eq!(mailbox.take().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_digest_speaks_its_readers_language_and_keeps_their_hours() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let li = world.as_person("li");
        let me = li.get("/api/me").await.json;
        let body = json!({ "language": "en", "time_zone": "America/New_York" });
        let changed = li
            .send(
                Method::PATCH,
                "/api/me",
                &[("content-type", "application/json")],
                body.to_string(),
            )
            .await;
        assert_eq!(changed.status, 200, "{:?} {me:?}", changed.json);
        gather(&li, "every").await;
        share(world, "红圈科技").await;
        // Eight in New York is twenty in Shanghai: ten hours after ten.
        at(world, NOW_MS + 10 * HOUR_MS - MINUTE_MS).await;
        assert_eq!(mailbox.take().len(), 0);
        at(world, NOW_MS + 10 * HOUR_MS).await;
        let letters = mailbox.take();
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].subject, "New notifications: 1");
        assert!(
            letters[0].text.contains("A record is shared with me (1)"),
            "{}",
            letters[0].text
        );
    })
    .await;
}

#[tokio::test]
async fn on_working_days_a_holiday_waits_and_quiet_hours_go_first() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        // Friday, June 19, 2026 is the Dragon Boat Festival; the next working day is Monday.
        let li = world.as_person("li");
        gather(&li, "working").await;
        choose(
            &li,
            json!({ "quiet": { "from": "21:00", "until": "09:30" } }),
        )
        .await;
        world.set_clock(NOW_MS + 3 * DAY_MS);
        share(world, "红圈科技").await;
        for day in [4, 5, 6] {
            at(world, NOW_MS + day * DAY_MS).await;
        }
        at(world, NOW_MS + 7 * DAY_MS - HOUR_MS).await;
        assert_eq!(mailbox.take().len(), 0, "it is quiet until half past nine");
        at(world, NOW_MS + 7 * DAY_MS - 30 * MINUTE_MS).await;
        assert_eq!(mailbox.take().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_ends_the_digest_gets_at_once_what_has_gathered() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        let li = world.as_person("li");
        gather(&li, "every").await;
        share(world, "红圈科技").await;
        world.run_jobs().await;
        assert_eq!(mailbox.take().len(), 0);
        let ended = choose(&li, json!({ "digest": null })).await;
        assert_eq!(ended.json["digest"], Json::Null);
        at(world, NOW_MS + MINUTE_MS).await;
        assert_eq!(mailbox.take().len(), 1);
        share(world, "蓝圈科技").await;
        world.run_jobs().await;
        let single = mailbox.take();
        assert_eq!(single.len(), 1);
        assert!(single[0].subject.contains("蓝圈科技"), "{single:?}");
        for wrong in [
            json!({ "at": "8", "days": "every" }),
            json!({ "at": "08:00", "days": "never" }),
        ] {
            let refused = choose(&li, json!({ "digest": wrong })).await;
            assert_eq!(refused.errors(), ["/digest not_a_digest"]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_digest_is_sent_once_by_many_processes_and_after_a_restart() {
    each_database(async |world| {
        let mailbox = world.with_mail().await;
        gather(&world.as_person("li"), "every").await;
        for n in 0..30 {
            share(world, &format!("客户{n}")).await;
        }
        // The one that gathered is gone.
        let again = world.with_mail().await;
        drop(mailbox);
        world.set_clock(TUESDAY_8_MS);
        if world.is_postgres() {
            let other = world.another_process().await;
            other.set_clock(TUESDAY_8_MS);
            tokio::join!(world.run_jobs(), other.run_jobs());
        }
        world.run_jobs().await;
        at(world, TUESDAY_8_MS + HOUR_MS).await;
        let letters = again.take();
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].subject, "30 条新消息");
        assert!(
            letters[0].text.contains("还有 10 条"),
            "{}",
            letters[0].text
        );
    })
    .await;
}
