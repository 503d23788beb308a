//! Kinds ship, and an organisation adds its own.

use serde_json::json;

use super::{kind, planned, try_create};
use crate::support::{each_database, id_of};

#[tokio::test]
async fn twelve_kinds_ship_in_their_order() {
    each_database(async |world| {
        let li = world.as_person("li");
        let names = li.names("activity_kinds", &[]).await;
        assert_eq!(
            names,
            [
                "初访",
                "说明",
                "促成",
                "约访",
                "收费",
                "协调",
                "调研",
                "服务",
                "电话",
                "会议",
                "促销活动",
                "任务"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_shipped_kind_is_renamed_but_never_another_one() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let path = format!("/api/activity_kinds/{}", kind("call"));
        let answer = admin.patch(&path, 1, json!({ "code": "ring" })).await;
        assert_eq!(answer.errors(), ["/code kind_is_built_in"]);
        let answer = admin.patch(&path, 1, json!({ "family": "task" })).await;
        assert_eq!(answer.errors(), ["/family kind_is_built_in"]);
        assert_eq!(admin.delete(&path, 1).await.code(), "kind_is_built_in");
        let answer = admin.patch(&path, 1, json!({ "name": "通话" })).await;
        assert_eq!(answer.json["name"], "通话");
    })
    .await;
}

#[tokio::test]
async fn an_own_kind_counts_as_its_family_until_it_is_put_aside() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let body =
            json!({ "code": "golf", "name": "球叙", "family": "event", "default_minutes": 240 });
        let own = admin.create("activity_kinds", body).await;
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, 2.0).await;
        let row = li
            .edit("activities", &row, json!({ "kind_id": own["id"] }))
            .await;
        assert_eq!(row["subject"], "球叙 · 客户");

        let own = admin
            .edit("activity_kinds", &own, json!({ "is_active": false }))
            .await;
        let answer = li
            .post(
                "/api/activities",
                json!({ "kind_id": own["id"], "due_on": "2026-06-20" }),
            )
            .await;
        assert_eq!(answer.errors(), ["/kind_id kind_not_active"]);
        // What is of that kind already stays as it is.
        li.edit("activities", &row, json!({ "purpose": "认识" }))
            .await;
        let path = format!("/api/activity_kinds/{}", id_of(&own));
        assert_eq!(admin.delete(&path, 2).await.code(), "still_referenced");
        assert_eq!(try_create(&li, "call", json!({})).await.status, 422);
    })
    .await;
}
