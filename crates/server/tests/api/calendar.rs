//! Whose time is taken by what, and by whom it is seen.

mod feed;
mod invitations;
mod parsers;
mod reminders;

use serde_json::{Value as Json, json};

use crate::activities::{at, create, hours};
use crate::support::{Client, DAY_MS, NOW_MS, each_database, id, id_of};

/// A week of a calendar, from the test's Monday.
async fn week(client: &Client, whose: &str) -> Json {
    let path = format!("/api/calendar?from=2026-06-15&until=2026-06-21{whose}");
    let answer = client.get(&path).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

fn entries(calendar: &Json) -> Vec<Json> {
    calendar["entries"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_colleague_out_of_scope_sees_that_the_time_is_taken_and_nothing_else() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("绝密客户").await;
        let body = json!({ "customer_id": id_of(&customer), "planned_start_at": hours(2.0) });
        create(&li, "closing", body).await;
        create(
            &li,
            "task",
            json!({ "subject": "绝密任务", "due_on": "2026-06-16" }),
        )
        .await;
        let of_li = format!("&people={}", id("li"));
        for stranger in ["wang", "qian"] {
            let seen = week(&world.as_person(stranger), &of_li).await;
            assert_eq!(
                seen["entries"],
                json!([{
                    "person_id": id("li"), "starts_at": hours(2.0), "ends_at": hours(3.5),
                    "is_all_day": false, "is_busy_only": true,
                }]),
                "{stranger}"
            );
            assert!(!seen.to_string().contains("绝密"), "{seen}");
            assert_eq!(seen["labels"], json!({}));
        }
        let seen = week(&world.as_person("supervisor"), &of_li).await;
        let entries = entries(&seen);
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0]["subject"], "促成 · 绝密客户");
        assert_eq!(entries[1]["due_on"], "2026-06-16");
        assert_eq!(seen["labels"][id_of(&customer).to_string()], "绝密客户");
    })
    .await;
}

#[tokio::test]
async fn a_team_stands_side_by_side_with_those_who_only_take_part() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({
            "subject": "一起去", "planned_start_at": hours(3.0), "participant_ids": [id("wang")],
        });
        create(&li, "meeting", body).await;
        let team = format!("&team_id={}", id("east_1"));
        let seen = week(&world.as_person("supervisor"), &team).await;
        let names: Vec<&str> = seen["people"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|person| person["name"].as_str())
            .collect();
        assert_eq!(names.len(), 3, "{names:?}");
        let people: Vec<Json> = entries(&seen)
            .iter()
            .map(|one| one["person_id"].clone())
            .collect();
        assert_eq!(people, [json!(id("li")), json!(id("wang"))]);
        // Whoever takes part reads it in their own calendar, though it is not theirs.
        let own = week(&world.as_person("wang"), "").await;
        assert_eq!(entries(&own)[0]["subject"], "一起去");
        assert_eq!(entries(&own)[0]["is_busy_only"], false);
    })
    .await;
}

#[tokio::test]
async fn what_reaches_into_the_week_is_in_it_and_what_was_cancelled_is_not() {
    each_database(async |world| {
        let li = world.as_person("li");
        let day = |days: i64| at(NOW_MS - 10 * 60 * 60_000 + days * DAY_MS);
        let fair = json!({
            "subject": "展会", "is_all_day": true, "planned_start_at": day(-20), "planned_end_at": day(2),
        });
        create(&li, "event", fair).await;
        create(&li, "event", json!({ "subject": "早已结束", "is_all_day": true, "planned_start_at": day(-20), "planned_end_at": day(-1) })).await;
        create(&li, "meeting", json!({ "subject": "夜里", "planned_start_at": at(NOW_MS - 11 * 3_600_000), "planned_end_at": at(NOW_MS - 9 * 3_600_000) })).await;
        create(&li, "meeting", json!({ "subject": "下周", "planned_start_at": day(7) })).await;
        let row = create(&li, "meeting", json!({ "subject": "取消", "planned_start_at": hours(2.0) })).await;
        li.edit("activities", &row, json!({ "state": "cancelled", "cancel_reason": "下雨" })).await;
        let seen = entries(&week(&li, "").await);
        let subjects: Vec<&str> = seen.iter().filter_map(|one| one["subject"].as_str()).collect();
        assert_eq!(subjects, ["展会", "夜里"]);
    })
    .await;
}

#[tokio::test]
async fn holidays_and_the_days_that_make_up_for_them_are_named() {
    each_database(async |world| {
        let li = world.as_person("li");
        let seen = li
            .get("/api/calendar?from=2026-06-15&until=2026-06-30")
            .await;
        let holidays = seen.json["holidays"].clone();
        assert_eq!(
            holidays[0],
            json!({ "day": "2026-06-19", "name": "端午节", "is_working": false })
        );
        assert_eq!(holidays.as_array().map(Vec::len), Some(3));
        let seen = li
            .get("/api/calendar?from=2026-02-14&until=2026-02-14")
            .await;
        assert_eq!(seen.json["holidays"][0]["is_working"], true);
    })
    .await;
}

#[tokio::test]
async fn too_long_a_stretch_and_unknown_people_are_refused() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stranger = uuid::Uuid::from_u128(7);
        for (query, pointer) in [
            (
                "from=2026-01-01&until=2026-12-31".to_owned(),
                "/until out_of_range",
            ),
            (
                "from=2026-01-02&until=2026-01-01".to_owned(),
                "/until out_of_range",
            ),
            (
                format!("from=2026-01-01&until=2026-01-02&people={stranger}"),
                "/people unknown_reference",
            ),
            (
                format!("from=2026-01-01&until=2026-01-02&team_id={stranger}"),
                "/team_id unknown_reference",
            ),
        ] {
            let answer = li.get(&format!("/api/calendar?{query}")).await;
            assert_eq!(
                (answer.status, answer.errors()),
                (422, vec![pointer.to_owned()]),
                "{query}"
            );
        }
        assert_eq!(li.get("/api/calendar?from=x&until=y").await.status, 422);
        assert_eq!(
            world
                .visitor()
                .get("/api/calendar?from=2026-01-01&until=2026-01-02")
                .await
                .status,
            401
        );
    })
    .await;
}
