//! Today: a person's day, a team's day, and what is suggested.

mod suggestions;
mod team;

use serde_json::{Value as Json, json};

use crate::activities::{act, acted, create, hours, planned};
use crate::opportunities::opportunity_at;
use crate::support::{Client, DAY_MS, NOW_MS, each_database, id, id_of};

/// A part of somebody's day: the subjects of its rows.
fn subjects(day: &Json, part: &str) -> Vec<String> {
    let rows = day[part].as_array().expect("a list of rows");
    let text = |row: &Json| row["subject"].as_str().unwrap_or_default().to_owned();
    rows.iter().map(text).collect()
}

async fn day_of(client: &Client, day: &str) -> Json {
    let answer = client.get(&format!("/api/today?day={day}")).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

#[tokio::test]
async fn a_day_has_its_plan_in_order_its_deeds_and_what_is_left() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let visit = async |subject: &str, from_now: f64| {
            let body = json!({ "subject": subject, "customer_id": id_of(&customer), "planned_start_at": hours(from_now) });
            create(&li, "first", body).await
        };
        visit("下午", 4.0).await;
        visit("上午", 1.0).await;
        visit("明天", 24.0).await;
        let done = visit("做完", 0.5).await;
        world.set_clock(NOW_MS - DAY_MS);
        visit("昨天", -22.0).await;
        world.set_clock(NOW_MS);
        act(&li, &done, "finish", json!({})).await;
        let moved = visit("改期", 2.0).await;
        acted(&li, &moved, "move", json!({ "planned_start_at": hours(3.0) })).await;
        let given_up = visit("取消", 5.0).await;
        acted(&li, &given_up, "cancel", json!({ "reason": "客户出差" })).await;
        for (subject, due_on) in [("旧任务", "2026-06-10"), ("今天的任务", "2026-06-15"), ("下周的任务", "2026-06-22")] {
            create(&li, "task", json!({ "subject": subject, "due_on": due_on })).await;
        }

        let day = li.get("/api/today").await.json;
        assert_eq!((&day["day"], &day["is_working_day"]), (&json!("2026-06-15"), &json!(true)));
        assert_eq!(subjects(&day, "plan"), ["上午", "改期", "下午"]);
        assert_eq!(subjects(&day, "done"), ["做完"]);
        assert_eq!(subjects(&day, "overdue"), ["昨天"]);
        assert_eq!(subjects(&day, "tasks"), ["旧任务", "今天的任务"]);
        assert_eq!(day["labels"][customer["id"].as_str().unwrap()], "客户");

        let tomorrow = day_of(&li, "2026-06-16").await;
        assert_eq!(subjects(&tomorrow, "plan"), ["明天"]);
        assert_eq!(subjects(&tomorrow, "overdue"), [""; 0]);
        assert_eq!(tomorrow["suggestions"], json!([]));
        assert_eq!(day_of(&li, "2026-06-20").await["is_working_day"], false);
        assert_eq!(li.get("/api/today?day=tomorrow").await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_anothers_day() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        planned(&li, &customer, 1.0).await;
        planned(&li, &customer, -1.0).await;
        for person in ["wang", "qian", "supervisor", "director", "admin", "support"] {
            let day = world.as_person(person).get("/api/today").await.json;
            for part in ["plan", "done", "tasks", "overdue", "promises"] {
                assert_eq!(day[part], json!([]), "{person} {part}");
            }
            assert!(!day.to_string().contains("客户"), "{person}");
        }
        assert_eq!(world.visitor().get("/api/today").await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn whoever_takes_part_has_it_in_their_day_but_not_the_customers_address() {
    each_database(async |world| {
        let qian = world.as_person("qian");
        let body = json!({ "name": "客户", "address": "长安街一号", "latitude": 39.9, "longitude": 116.4 });
        let customer = qian.create("customers", body).await;
        let body = json!({
            "subject": "一起去", "customer_id": id_of(&customer), "planned_start_at": hours(2.0), "participant_ids": [id("li")],
        });
        create(&qian, "first", body).await;
        let own = qian.get("/api/today").await.json;
        assert_eq!(own["plan"][0]["customer_address"], "长安街一号");
        let day = world.as_person("li").get("/api/today").await.json;
        assert_eq!(subjects(&day, "plan"), ["一起去"]);
        assert_eq!(day["plan"][0]["can"], json!([]));
        assert_eq!(day["plan"][0]["customer_address"], Json::Null);
        assert_eq!(day["plan"][0]["customer_latitude"], Json::Null);
        assert_eq!(subjects(&world.as_person("wang").get("/api/today").await.json, "plan"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_plan_tells_how_far_it_is_from_one_customer_to_the_next() {
    each_database(async |world| {
        let li = world.as_person("li");
        for (name, place, at) in [
            (
                "人民广场",
                json!({ "latitude": 31.2304, "longitude": 121.4737 }),
                1.0,
            ),
            ("无位置", json!({}), 2.0),
            (
                "虹桥",
                json!({ "latitude": 31.1942, "longitude": 121.3200 }),
                3.0,
            ),
        ] {
            let mut body = json!({ "name": name });
            body.as_object_mut()
                .unwrap()
                .extend(place.as_object().unwrap().clone());
            let customer = li.create("customers", body).await;
            planned(&li, &customer, at).await;
        }
        let day = li.get("/api/today").await.json;
        let leg = |i: usize| day["plan"][i]["leg_m"].clone();
        assert_eq!((leg(0), leg(1)), (Json::Null, Json::Null));
        let metres = leg(2).as_i64().unwrap();
        assert!((15_000..15_500).contains(&metres), "{metres}");
    })
    .await;
}

#[tokio::test]
async fn a_journey_of_several_days_is_planned_on_each_of_them() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({
            "subject": "展会", "is_all_day": true, "planned_start_at": hours(-24.0), "planned_end_at": hours(24.0),
        });
        create(&li, "event", body).await;
        for day in ["2026-06-14", "2026-06-15", "2026-06-16"] {
            assert_eq!(subjects(&day_of(&li, day).await, "plan"), ["展会"], "{day}");
        }
        assert_eq!(subjects(&day_of(&li, "2026-06-17").await, "plan"), [""; 0]);
        assert_eq!(subjects(&day_of(&li, "2026-06-15").await, "overdue"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn promises_are_next_steps_that_are_due() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        for (name, next_step_on) in [
            ("后天", "2026-06-17"),
            ("今天", "2026-06-15"),
            ("上周", "2026-06-08"),
        ] {
            let extra = json!({ "next_step": "送方案", "next_step_on": next_step_on });
            opportunity_at(&li, &customer, name, extra).await;
        }
        let names = |day: &Json| -> Vec<String> {
            let rows = day["promises"].as_array().unwrap();
            rows.iter()
                .map(|row| row["name"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(names(&li.get("/api/today").await.json), ["上周", "今天"]);
        assert_eq!(names(&day_of(&li, "2026-06-17").await), ["后天"]);
        assert_eq!(
            names(&world.as_person("wang").get("/api/today").await.json),
            [""; 0]
        );
    })
    .await;
}
