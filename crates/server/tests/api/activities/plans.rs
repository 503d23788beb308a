//! What is planned: its time, its length, that it was moved or cancelled.

use serde_json::json;

use super::{create, hours, kind, path, planned, try_create};
use crate::support::{each_database, id, id_of};

#[tokio::test]
async fn a_plan_takes_as_long_as_its_kind_and_is_named_by_it() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈").await;
        let row = planned(&li, &customer, 2.0).await;
        assert_eq!(row["planned_end_at"], hours(3.0));
        assert_eq!(row["subject"], "初访 · 红圈");
        assert_eq!(
            (&row["state"], &row["planned_on"]),
            (&json!("planned"), &json!("2026-06-15"))
        );
        assert_eq!(row["happens_at"], hours(2.0));
        assert_eq!(row["owner_id"], json!(id("li")));
        let row = li
            .edit("activities", &row, json!({ "kind_id": kind("closing") }))
            .await;
        assert_eq!(row["subject"], "促成 · 红圈");
        let row = li
            .edit("activities", &row, json!({ "subject": "签字" }))
            .await;
        let row = li
            .edit("activities", &row, json!({ "kind_id": kind("call") }))
            .await;
        assert_eq!(row["subject"], "签字");
    })
    .await;
}

#[tokio::test]
async fn a_moved_plan_stays_open_and_keeps_its_first_time() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, 2.0).await;
        let row = li
            .edit(
                "activities",
                &row,
                json!({ "planned_start_at": hours(26.0) }),
            )
            .await;
        assert_eq!(
            (&row["state"], &row["first_planned_at"]),
            (&json!("moved"), &json!(hours(2.0)))
        );
        // It keeps its length.
        assert_eq!(row["planned_end_at"], hours(27.0));
        let row = li
            .edit(
                "activities",
                &row,
                json!({ "planned_start_at": hours(50.0) }),
            )
            .await;
        assert_eq!(row["first_planned_at"], hours(2.0));
        assert_eq!(row["planned_on"], "2026-06-17");
    })
    .await;
}

#[tokio::test]
async fn a_longer_plan_is_not_a_moved_one() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, 2.0).await;
        let row = li
            .edit("activities", &row, json!({ "planned_end_at": hours(5.0) }))
            .await;
        assert_eq!(row["state"], "planned");
    })
    .await;
}

#[tokio::test]
async fn whole_days_begin_and_end_at_midnight() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({
            "subject": "展会", "is_all_day": true, "planned_start_at": hours(24.0), "planned_end_at": hours(48.0),
        });
        let row = create(&li, "event", body).await;
        // Midnight in Shanghai is 16:00 UTC of the day before.
        assert_eq!(row["planned_start_at"], "2026-06-15T16:00:00.000Z");
        assert_eq!(row["planned_end_at"], "2026-06-17T16:00:00.000Z");
        let body = json!({
            "is_all_day": true, "planned_start_at": hours(0.0), "planned_end_at": hours(24.0 * 40.0),
        });
        let answer = try_create(&li, "event", body).await;
        assert_eq!(answer.errors(), ["/planned_end_at lasts_too_many_days"]);
    })
    .await;
}

#[tokio::test]
async fn a_plan_ends_after_its_beginning_and_within_a_day() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({ "planned_start_at": hours(2.0), "planned_end_at": hours(1.0) });
        let answer = try_create(&li, "meeting", body).await;
        assert_eq!(answer.errors(), ["/planned_end_at end_before_start"]);
        let body = json!({ "planned_start_at": hours(2.0), "planned_end_at": hours(8_760.0) });
        let answer = try_create(&li, "first", body).await;
        assert_eq!(answer.errors(), ["/planned_end_at lasts_too_long"]);
        let answer = try_create(&li, "first", json!({})).await;
        assert_eq!(answer.errors(), ["/planned_start_at required"]);
        // A task needs no day.
        create(&li, "task", json!({ "subject": "整理资料" })).await;
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_activity_needs_a_reason_and_stays_cancelled() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, 2.0).await;
        let answer = li
            .patch(&path(&row), 1, json!({ "state": "cancelled" }))
            .await;
        assert_eq!(answer.errors(), ["/cancel_reason required"]);
        let row = li
            .edit(
                "activities",
                &row,
                json!({ "state": "cancelled", "cancel_reason": "客户出差" }),
            )
            .await;
        let answer = li
            .patch(&path(&row), 2, json!({ "state": "planned" }))
            .await;
        assert_eq!((answer.status, answer.code()), (409, "already_cancelled"));
        assert_eq!(answer.json["params"]["version"], 2);
    })
    .await;
}

#[tokio::test]
async fn an_opportunity_brings_its_customer_and_no_other_fits() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("甲").await;
        let other = li.customer("乙").await;
        let deal = crate::opportunities::opportunity_at(&li, &customer, "产线", json!({})).await;
        let body = json!({ "opportunity_id": id_of(&deal), "planned_start_at": hours(1.0) });
        let row = create(&li, "first", body).await;
        assert_eq!(row["customer_id"], customer["id"]);
        let body = json!({
            "opportunity_id": id_of(&deal), "customer_id": id_of(&other), "planned_start_at": hours(1.0),
        });
        let answer = try_create(&li, "first", body).await;
        assert_eq!(answer.errors(), ["/opportunity_id opportunity_of_another_customer"]);
    })
    .await;
}

#[tokio::test]
async fn lists_of_people_and_contacts_must_exist_and_filter() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let (one, two) = (
            li.contact(&customer, "张三").await,
            li.contact(&customer, "李四").await,
        );
        let body = json!({
            "planned_start_at": hours(1.0), "customer_id": id_of(&customer),
            "contact_ids": [one["id"], two["id"], one["id"]], "participant_ids": [id("wang")],
        });
        let row = create(&li, "meeting", body).await;
        assert_eq!(row["contact_ids"], json!([one["id"], two["id"]]));
        let labels = &row["labels"];
        assert_eq!(labels[one["id"].as_str().unwrap()], "张三");
        assert_eq!(labels[id("wang").to_string()], "王芳");

        let body = json!({ "planned_start_at": hours(1.0), "contact_ids": [id("li")] });
        let answer = try_create(&li, "meeting", body).await;
        assert_eq!(answer.errors(), ["/contact_ids unknown_reference"]);
        let body = json!({ "planned_start_at": hours(1.0), "participant_ids": ["x"] });
        let answer = try_create(&li, "meeting", body).await;
        assert_eq!(answer.errors(), ["/participant_ids not_an_id"]);

        let with = |person: &str| {
            json!({ "field": "participant_ids", "op": "has_any", "value": [person] }).to_string()
        };
        for (person, count) in [
            (id("wang").to_string(), 1),
            (id("qian").to_string(), 0),
            ("me".into(), 0),
        ] {
            let rows = li
                .query("/api/activities", &[("filter", &with(&person))])
                .await
                .rows();
            assert_eq!(rows.len(), count, "{person}");
        }
        // A contact that is deleted stays in the list, and is there again when it comes back.
        let deleted = li
            .delete(&format!("/api/contacts/{}", id_of(&one)), 1)
            .await;
        assert_eq!(deleted.status, 204);
        let row = li
            .edit("activities", &row, json!({ "purpose": "认识" }))
            .await;
        assert_eq!(row["contact_ids"], json!([one["id"], two["id"]]));
    })
    .await;
}

#[tokio::test]
async fn a_checklist_is_lines_with_a_text() {
    each_database(async |world| {
        let li = world.as_person("li");
        let list = json!([{ "text": "报价", "done": true }, { "text": "合同" }]);
        let row = create(&li, "task", json!({ "subject": "准备", "checklist": list })).await;
        assert_eq!(row["checklist"], list);
        for bad in [
            json!("报价"),
            json!([{ "done": true }]),
            json!([{ "text": " " }]),
            json!([{ "text": "x", "done": 1 }]),
        ] {
            let answer = try_create(&li, "task", json!({ "checklist": bad })).await;
            assert_eq!(answer.errors(), ["/checklist not_a_checklist"]);
        }
    })
    .await;
}
