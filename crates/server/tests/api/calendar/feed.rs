//! The private address that phones and desktop calendars subscribe to.

use serde_json::{Value as Json, json};

use super::parsers;
use crate::activities::{at, create, hours, path};
use crate::support::{Answer, Client, DAY_MS, MINUTE_MS, NOW_MS, World, each_database, id, id_of};

async fn address(client: &Client) -> String {
    let answer = client.post("/api/me/calendar-feed", json!({})).await;
    assert_eq!(answer.status, 201, "{:?}", answer.json);
    let url = answer.json["url"].as_str().unwrap_or_default().to_owned();
    assert!(url.ends_with(".ics"), "{url}");
    url
}

async fn fetch(world: &World, url: &str) -> Answer {
    world.visitor().get(url).await
}

#[tokio::test]
async fn the_feed_means_the_same_to_two_parsers_whatever_stands_in_it() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("上海精密仪器，（集团）; 股份\\有限公司").await;
        let long = "第一行：价格、交期，以及付款；\n第二行 🚗🎉 emoji\n".repeat(12);
        let body = json!({
            "subject": "促成, 拜访; “签约”\\🤝", "customer_id": id_of(&customer),
            "planned_start_at": hours(2.0), "purpose": long.trim(),
        });
        create(&li, "closing", body).await;
        create(&li, "event", json!({ "subject": "展会", "is_all_day": true, "planned_start_at": at(NOW_MS - 10 * 60 * MINUTE_MS), "planned_end_at": at(NOW_MS + 14 * 60 * MINUTE_MS + DAY_MS) })).await;
        create(&li, "task", json!({ "subject": "交报告", "due_on": "2026-06-20" })).await;
        create(&world.as_person("wang"), "meeting", json!({ "subject": "一起", "planned_start_at": hours(5.0), "participant_ids": [id("li")] })).await;
        create(&world.as_person("wang"), "meeting", json!({ "subject": "别人的", "planned_start_at": hours(5.0) })).await;
        let answer = fetch(world, &address(&li).await).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
        let read = parsers::read(&answer.text());
        assert_eq!(parsers::by_rust(&answer.text()).len(), 4);
        if read.is_null() {
            return;
        }
        let events = read["events"].as_array().unwrap();
        let find = |summary: &str| {
            events
                .iter()
                .find(|event| event["summary"] == summary)
                .unwrap_or_else(|| panic!("no {summary} in {read}"))
        };
        let visit = find("促成, 拜访; “签约”\\🤝");
        let description = visit["description"].as_str().unwrap();
        assert!(description.contains(long.trim()), "{description}");
        assert!(description.contains("上海精密仪器，（集团）; 股份\\有限公司"), "{description}");
        assert_eq!(visit["start"], "2026-06-15T04:00:00+00:00");
        assert_eq!(visit["end"], "2026-06-15T05:30:00+00:00");
        assert_eq!((&find("展会")["start"], &find("展会")["end"]), (&json!("2026-06-15"), &json!("2026-06-17")));
        assert_eq!(find("交报告")["start"], "2026-06-20");
        find("一起");
    })
    .await;
}

#[tokio::test]
async fn an_address_opens_one_calendar_until_it_is_changed_or_ended() {
    each_database(async |world| {
        let li = world.as_person("li");
        assert_eq!(li.get("/api/me/calendar-feed").await.json["exists"], false);
        let first = address(&li).await;
        assert_eq!(fetch(world, &first).await.status, 200);
        let second = address(&li).await;
        assert_eq!(fetch(world, &first).await.status, 404);
        assert_eq!(fetch(world, &second).await.status, 200);
        let state = li.get("/api/me/calendar-feed").await.json;
        assert_eq!(state["exists"], true);
        assert!(
            !state.to_string().contains("/calendar/"),
            "the secret is shown once"
        );
        assert_eq!(li.delete("/api/me/calendar-feed", 0).await.status, 204);
        assert_eq!(fetch(world, &second).await.status, 404);
        assert_eq!(fetch(world, "/calendar/guess.ics").await.status, 404);
        assert_eq!(fetch(world, &second.replace(".ics", "")).await.status, 404);
        assert_eq!(
            world
                .visitor()
                .post("/api/me/calendar-feed", json!({}))
                .await
                .status,
            401
        );
    })
    .await;
}

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_again() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = create(
            &li,
            "meeting",
            json!({ "subject": "周会", "planned_start_at": hours(2.0) }),
        )
        .await;
        let url = address(&li).await;
        let first = fetch(world, &url).await;
        let etag = first.header("etag").expect("an ETag").to_owned();
        let again = world.visitor().with("if-none-match", &etag).get(&url).await;
        assert_eq!((again.status, again.bytes.len()), (304, 0));
        let since = first.header("last-modified").expect("a day").to_owned();
        let again = world
            .visitor()
            .with("if-modified-since", &since)
            .get(&url)
            .await;
        assert_eq!(again.status, 304);
        world.set_clock(NOW_MS + MINUTE_MS);
        li.edit("activities", &row, json!({ "subject": "晨会" }))
            .await;
        let again = world.visitor().with("if-none-match", &etag).get(&url).await;
        assert_eq!(again.status, 200);
        assert!(again.text().contains("SUMMARY:晨会"));
    })
    .await;
}

#[tokio::test]
async fn the_feed_reaches_a_quarter_back_and_a_year_ahead_and_forgets_what_was_cancelled() {
    each_database(async |world| {
        let li = world.as_person("li");
        for (subject, days) in [("近", 300), ("远", 420)] {
            create(
                &li,
                "meeting",
                json!({ "subject": subject, "planned_start_at": at(NOW_MS + days * DAY_MS) }),
            )
            .await;
        }
        let row = create(
            &li,
            "meeting",
            json!({ "subject": "取消", "planned_start_at": hours(2.0) }),
        )
        .await;
        li.post(
            &format!("{}/cancel", path(&row)),
            json!({ "reason": "下雨" }),
        )
        .await;
        let url = address(&li).await;
        let subjects = |answer: &Answer| -> Vec<Json> {
            parsers::by_rust(&answer.text())
                .iter()
                .map(|event| event[1].clone())
                .collect()
        };
        assert_eq!(subjects(&fetch(world, &url).await), ["近"]);
        world.set_clock(NOW_MS + (300 + 95) * DAY_MS);
        assert_eq!(subjects(&fetch(world, &url).await), ["远"]);
    })
    .await;
}

#[tokio::test]
async fn a_client_that_asks_all_the_time_is_slowed_down() {
    each_database(async |world| {
        let url = address(&world.as_person("li")).await;
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(fetch(world, &url).await.status);
        }
        assert_eq!(statuses[0], 200);
        assert_eq!(statuses.last(), Some(&429));
        world.set_clock(NOW_MS + 2 * MINUTE_MS);
        assert_eq!(fetch(world, &url).await.status, 200);
    })
    .await;
}
