//! Activities that repeat: what a rule makes, and how far a change of one reaches.

use serde_json::{Value as Json, json};

use super::{create, kind, path, try_create};
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id_of, version_of};

/// Monday 2026-06-15, 14:00 in Shanghai.
const TWO: &str = "2026-06-15T06:00:00.000Z";

async fn weekly(client: &Client, rule: &str) -> Json {
    let body = json!({
        "subject": "周会", "planned_start_at": TWO, "repeat": { "rrule": rule },
    });
    create(client, "meeting", body).await
}

/// The occurrences in the order of their times, at most 100.
async fn occurrences(client: &Client) -> Vec<Json> {
    let filter = json!({ "field": "series_on", "op": "not_empty" }).to_string();
    let parameters = [
        ("filter", filter.as_str()),
        ("sort", "happens_at"),
        ("page_size", "100"),
    ];
    client.query("/api/activities", &parameters).await.rows()
}

fn times(rows: &[Json]) -> Vec<&str> {
    rows.iter()
        .map(|row| row["planned_start_at"].as_str().unwrap_or_default())
        .map(|at| &at[..16])
        .collect()
}

async fn change(client: &Client, row: &Json, scope: &str, changes: Json) -> Json {
    let path = format!("{}?scope={scope}", path(row));
    let answer = client.patch(&path, version_of(row), changes).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

#[tokio::test]
async fn a_repeating_plan_stands_on_each_of_its_days() {
    each_database(async |world| {
        let li = world.as_person("li");
        let first = weekly(&li, "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=5").await;
        let rows = occurrences(&li).await;
        assert_eq!(
            times(&rows),
            [
                "2026-06-15T06:00",
                "2026-06-18T06:00",
                "2026-06-22T06:00",
                "2026-06-25T06:00",
                "2026-06-29T06:00"
            ]
        );
        assert!(
            rows.iter()
                .all(|row| row["series_id"] == first["series_id"])
        );
        assert!(
            rows.iter()
                .all(|row| row["planned_end_at"].as_str().unwrap()[11..16] == *"07:00")
        );
        let series = li.get(&format!("{}/series", path(&first))).await;
        assert_eq!(series.json["rrule"], "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=5");
        assert_eq!(series.json["is_over"], true);
    })
    .await;
}

#[tokio::test]
async fn a_repeat_more_than_once_a_day_is_refused() {
    each_database(async |world| {
        let li = world.as_person("li");
        for (rule, code) in [
            ("FREQ=MINUTELY;COUNT=500", "repeats_too_often"),
            ("FREQ=DAILY;BYHOUR=8,9,10", "repeats_too_often"),
            ("FREQ=WEEKLY;BYDAY=TU", "repeat_misses_start"),
            ("EVERY MONDAY", "bad_repeat"),
        ] {
            let body =
                json!({ "subject": "x", "planned_start_at": TWO, "repeat": { "rrule": rule } });
            let answer = try_create(&li, "meeting", body).await;
            assert_eq!(
                (answer.status, answer.errors()),
                (422, vec![format!("/repeat {code}")]),
                "{rule}"
            );
        }
        assert_eq!(occurrences(&li).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_task_repeats_by_the_day_on_which_it_is_due() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({
            "subject": "月报", "due_on": "2026-06-30", "repeat": { "rrule": "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3" },
            "checklist": [{ "text": "汇总", "done": true }],
        });
        create(&li, "task", body).await;
        let rows = occurrences(&li).await;
        let due: Vec<&str> = rows.iter().filter_map(|row| row["due_on"].as_str()).collect();
        assert_eq!(due, ["2026-06-30", "2026-07-31", "2026-08-31"]);
        // A checklist begins anew each time.
        assert_eq!(rows[1]["checklist"][0]["done"], false);
    })
    .await;
}

#[tokio::test]
async fn a_changed_occurrence_stays_as_it_is_when_all_change() {
    each_database(async |world| {
        let li = world.as_person("li");
        weekly(&li, "FREQ=WEEKLY;COUNT=4").await;
        let rows = occurrences(&li).await;
        let own = change(
            &li,
            &rows[1],
            "this",
            json!({ "planned_start_at": "2026-06-23T02:00:00Z", "subject": "特别会" }),
        )
        .await;
        assert_eq!(own["is_series_exception"], true);
        change(
            &li,
            &rows[0],
            "all",
            json!({ "subject": "销售周会", "planned_start_at": "2026-06-15T08:00:00Z" }),
        )
        .await;
        let rows = occurrences(&li).await;
        assert_eq!(
            times(&rows),
            [
                "2026-06-15T08:00",
                "2026-06-23T02:00",
                "2026-06-29T08:00",
                "2026-07-06T08:00"
            ]
        );
        let subjects: Vec<&str> = rows
            .iter()
            .filter_map(|row| row["subject"].as_str())
            .collect();
        assert_eq!(subjects, ["销售周会", "特别会", "销售周会", "销售周会"]);
        assert_eq!(rows[1]["series_on"], "2026-06-22");
    })
    .await;
}

#[tokio::test]
async fn this_and_following_makes_a_second_series_and_undo_joins_them_again() {
    each_database(async |world| {
        let li = world.as_person("li");
        let first = weekly(&li, "FREQ=WEEKLY;BYDAY=MO;COUNT=6").await;
        let before = occurrences(&li).await;
        let path = format!("{}?scope=following", path(&before[2]));
        // From the third week on it is on Wednesdays.
        let changes = json!({ "planned_start_at": "2026-07-01T01:00:00Z" });
        let answer = li.patch(&path, version_of(&before[2]), changes).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        let rows = occurrences(&li).await;
        assert_eq!(
            times(&rows),
            [
                "2026-06-15T06:00",
                "2026-06-22T06:00",
                "2026-07-01T01:00",
                "2026-07-08T01:00",
                "2026-07-15T01:00",
                "2026-07-22T01:00"
            ]
        );
        assert_eq!(rows[1]["series_id"], first["series_id"]);
        assert_ne!(rows[2]["series_id"], first["series_id"]);
        assert_eq!(rows[2]["series_id"], rows[5]["series_id"]);
        let rule = async |row: &Json| {
            li.get(&format!("{}/series", super::path(row))).await.json["rrule"].clone()
        };
        assert_eq!(rule(&rows[0]).await, "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260628");
        assert_eq!(rule(&rows[2]).await, "FREQ=WEEKLY;BYDAY=WE;COUNT=4");
        let undone = li
            .post(&format!("/api/ledger/{}/undo", answer.batch()), json!({}))
            .await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        let rows = occurrences(&li).await;
        assert_eq!(times(&rows), times(&before));
        assert!(
            rows.iter()
                .all(|row| row["series_id"] == first["series_id"])
        );
        assert_eq!(rule(&rows[0]).await, "FREQ=WEEKLY;BYDAY=MO;COUNT=6");
    })
    .await;
}

#[tokio::test]
async fn moving_all_of_a_monthly_series_moves_each_to_its_own_day() {
    each_database(async |world| {
        let li = world.as_person("li");
        weekly(&li, "FREQ=MONTHLY;BYDAY=3MO;COUNT=4").await;
        let rows = occurrences(&li).await;
        assert_eq!(rows[1]["series_on"], "2026-07-20");
        // From the third Monday to the third Wednesday of the month, by the second occurrence.
        change(
            &li,
            &rows[1],
            "all",
            json!({ "planned_start_at": "2026-07-15T06:00:00Z" }),
        )
        .await;
        assert_eq!(
            times(&occurrences(&li).await),
            [
                "2026-06-17T06:00",
                "2026-07-15T06:00",
                "2026-08-19T06:00",
                "2026-09-16T06:00"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn deleting_this_and_following_leaves_what_came_before_and_undo_brings_all_back() {
    each_database(async |world| {
        let li = world.as_person("li");
        weekly(&li, "FREQ=WEEKLY").await;
        let rows = occurrences(&li).await;
        let all = rows.len();
        assert!(all > 50, "{all}");
        let path = format!("{}?scope=following", path(&rows[2]));
        let answer = li.delete(&path, version_of(&rows[2])).await;
        assert_eq!(answer.status, 204, "{:?}", answer.json);
        assert_eq!(occurrences(&li).await.len(), 2);
        extend_in(world, 40).await;
        let later = world.fresh_session("li").await;
        assert_eq!(
            occurrences(&later).await.len(),
            2,
            "an ended series grows no more"
        );
        world.set_clock(NOW_MS);
        // The session ended meanwhile.
        let li = world.fresh_session("li").await;
        let undo = format!("/api/ledger/{}/undo", answer.batch());
        let undone = li.post(&undo, json!({})).await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        assert_eq!(occurrences(&li).await.len(), all);
    })
    .await;
}

#[tokio::test]
async fn undoing_the_creation_of_a_series_leaves_nothing_that_grows() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({
            "kind_id": kind("meeting"), "planned_start_at": TWO, "repeat": { "rrule": "FREQ=WEEKLY" },
        });
        let answer = li.post("/api/activities", body).await;
        assert_eq!(answer.status, 201, "{:?}", answer.json);
        let undo = format!("/api/ledger/{}/undo", answer.batch());
        let undone = li.post(&undo, json!({})).await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        assert_eq!(occurrences(&li).await.len(), 0);
        extend_in(world, 20).await;
        assert_eq!(world.fresh_session("li").await.get("/api/activities").await.rows().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_series_goes_on_as_days_come_into_sight_once_and_only_once() {
    each_database(async |world| {
        let li = world.as_person("li");
        weekly(&li, "FREQ=WEEKLY").await;
        let before = occurrences(&li).await.len();
        extend_in(world, 3).await;
        let li = world.as_person("li");
        assert_eq!(occurrences(&li).await.len(), before, "far enough ahead");
        extend_in(world, 21).await;
        extend_in(world, 21).await;
        let li = world.fresh_session("li").await;
        let rows = occurrences(&li).await;
        assert_eq!(rows.len(), before + 3);
        let mut days: Vec<&str> = rows
            .iter()
            .filter_map(|row| row["series_on"].as_str())
            .collect();
        days.dedup();
        assert_eq!(days.len(), rows.len());
        assert_eq!(rows[before]["subject"], "周会");
        let inbox = li.get("/api/notifications").await;
        assert_eq!(
            inbox.json["rows"],
            json!([]),
            "nobody is told of what goes on by itself"
        );
    })
    .await;
}

/// So many days after the test's now, the jobs run.
async fn extend_in(world: &World, days: i64) {
    world.set_clock(NOW_MS + days * DAY_MS);
    world.run_jobs().await;
}

#[tokio::test]
async fn another_rule_from_here_on_replaces_what_follows() {
    each_database(async |world| {
        let li = world.as_person("li");
        weekly(&li, "FREQ=WEEKLY;COUNT=5").await;
        let rows = occurrences(&li).await;
        change(
            &li,
            &rows[2],
            "following",
            json!({ "repeat": { "rrule": "FREQ=DAILY;COUNT=2" } }),
        )
        .await;
        assert_eq!(
            times(&occurrences(&li).await),
            [
                "2026-06-15T06:00",
                "2026-06-22T06:00",
                "2026-06-29T06:00",
                "2026-06-30T06:00"
            ]
        );
        let rows = occurrences(&li).await;
        change(&li, &rows[0], "this", json!({ "repeat": null })).await;
        // The first series ends with its first occurrence; the second is another one.
        assert_eq!(
            times(&occurrences(&li).await),
            ["2026-06-15T06:00", "2026-06-29T06:00", "2026-06-30T06:00"]
        );
    })
    .await;
}

#[tokio::test]
async fn calling_off_all_ends_the_series_and_each_keeps_the_reason() {
    each_database(async |world| {
        let li = world.as_person("li");
        weekly(&li, "FREQ=WEEKLY;COUNT=3").await;
        let rows = occurrences(&li).await;
        let body = json!({ "reason": "换了周期", "scope": "all" });
        let answer = li.post(&format!("{}/cancel", path(&rows[1])), body).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        let rows = occurrences(&li).await;
        assert!(
            rows.iter()
                .all(|row| row["state"] == "cancelled" && row["cancel_reason"] == "换了周期")
        );
    })
    .await;
}

#[tokio::test]
async fn moving_by_the_verb_reaches_as_far_as_it_says() {
    each_database(async |world| {
        let li = world.as_person("li");
        weekly(&li, "FREQ=WEEKLY;COUNT=3").await;
        let rows = occurrences(&li).await;
        let body = json!({ "planned_start_at": "2026-06-22T01:00:00Z", "scope": "following" });
        let answer = li.post(&format!("{}/move", path(&rows[1])), body).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        assert_eq!(
            times(&occurrences(&li).await),
            ["2026-06-15T06:00", "2026-06-22T01:00", "2026-06-29T01:00"]
        );
    })
    .await;
}

#[tokio::test]
async fn an_activity_begins_to_repeat_later() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({ "subject": "周会", "planned_start_at": TWO });
        let row = create(&li, "meeting", body).await;
        li.edit(
            "activities",
            &row,
            json!({ "repeat": { "rrule": "FREQ=DAILY;COUNT=3" } }),
        )
        .await;
        assert_eq!(
            times(&occurrences(&li).await),
            ["2026-06-15T06:00", "2026-06-16T06:00", "2026-06-17T06:00"]
        );
        assert_eq!(id_of(&occurrences(&li).await[0]), id_of(&row));
    })
    .await;
}
