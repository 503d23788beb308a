//! Calls, visits and tasks from elsewhere, with the times at which they happened.

use serde_json::{Value as Json, json};

use super::wizard::{Jobs, errors_of, import, plain, run, upload};
use crate::support::{Client, each_database, id, id_of};

async fn activities(client: &Client) -> Vec<Json> {
    client.get("/api/activities?sort=happens_at").await.rows()
}

/// The customer 红圈 with two of one name among its contacts, one of them elsewhere.
async fn company(admin: &Client) -> (Json, Json) {
    let customer = admin
        .create("customers", json!({ "name": "红圈", "owner_id": id("li") }))
        .await;
    let other = admin.customer("别家").await;
    admin.contact(&other, "张伟").await;
    let zhang = admin.contact(&customer, "张伟").await;
    admin.contact(&customer, "李娜").await;
    (customer, zhang)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_system_comes_in_with_its_past_dates() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let (customer, zhang) = company(&admin).await;
        let deal = crate::opportunities::opportunity_at(&admin, &customer, "产线改造", json!({})).await;
        let text = "活动类型,活动时间,状态,客户,联系人,商机,负责人,参与人,时长,跟进记录,创建时间\n\
            电话,2024-03-05 09:30,完成,红圈,张伟；李娜,产线改造,李明,王芳、赵强,20,谈了预算,2024-03-06\n\
            初访,2026-07-01 14:00,计划,红圈,,,li@example.com,,,,\n\
            初访,2025-01-02 10:00,,红圈,,,李明,,,,\n";
        let uploaded = upload(&admin, "activities", "跟进.csv", text).await;
        let mut mapping = uploaded["mapping"].clone();
        mapping["columns"]["状态"]["values"] = json!({ "完成": "done", "计划": "planned" });
        let field = |header: &str| mapping["columns"][header]["field"].clone();
        let fields: Vec<Json> = ["活动类型", "活动时间", "状态", "客户", "联系人", "商机", "负责人", "参与人", "时长", "跟进记录", "创建时间"]
            .map(field)
            .to_vec();
        assert_eq!(
            json!(fields),
            json!(["kind_id", "time", "state", "customer_id", "contact_ids", "opportunity_id", "owner_id", "participant_ids", "minutes", "result", "recorded_at"])
        );
        let done = run(&admin, &uploaded, &mapping).await;
        assert_eq!(done["state"], "done", "{done:#}");
        let rows = activities(&admin).await;
        let [call, visit, plan] = rows.as_slice() else {
            panic!("{rows:#?}");
        };
        assert_eq!((&call["state"], &call["done_on"]), (&json!("done"), &json!("2024-03-05")));
        assert_eq!(call["started_at"], "2024-03-05T01:30:00.000Z");
        assert_eq!(call["ended_at"], "2024-03-05T01:50:00.000Z");
        assert_eq!(call["created_at"], "2024-03-05T16:00:00.000Z");
        assert_eq!(call["contact_ids"][0], zhang["id"]);
        assert_eq!(call["opportunity_id"], deal["id"]);
        assert_eq!(call["participant_ids"], json!([id("wang"), id("zhao")]));
        assert_eq!((&call["subject"], &call["owner_id"]), (&json!("电话 · 红圈"), &json!(id("li"))));
        // Nobody logged it here, so nobody logged it late.
        assert_eq!((&call["logged_at"], &call["is_backdated"]), (&json!(null), &json!(null)));
        // What says no state and lies in the past was done; it takes as long as its kind.
        assert_eq!((&visit["state"], &visit["ended_at"]), (&json!("done"), &json!("2025-01-02T03:00:00.000Z")));
        assert_eq!((&plan["state"], &plan["planned_on"]), (&json!("planned"), &json!("2026-07-01")));
        // Whoever took part sees it.
        assert_eq!(activities(&world.as_person("zhao")).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effective_visit_of_the_past_lifts_its_customer_on_its_day_and_goes_back_with_the_file()
{
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let (customer, _) = company(&admin).await;
        let text = "类型,时间,客户,成效\n初访,2025-02-03 10:00,红圈,有效\n";
        let mapping = plain(&[
            ("类型", "kind_id"),
            ("时间", "time"),
            ("客户", "customer_id"),
            ("成效", "outcome"),
        ]);
        let done = import(&admin, "activities", "拜访.csv", text, &mapping).await;
        let level = async || {
            let path = format!("/api/customers/{}", id_of(&customer));
            admin.get(&path).await.json["funnel_level"].clone()
        };
        assert_eq!(level().await, "engaged");
        let path = format!("/api/imports/{}/undo", done["id"].as_str().unwrap());
        let undone = admin.post(&path, json!({})).await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        assert_eq!(level().await, "prospect");
        assert!(activities(&admin).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_have_been_is_named_by_its_cell() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        company(&admin).await;
        let mapping = plain(&[
            ("类型", "kind_id"),
            ("状态", "state"),
            ("开始", "started_at"),
            ("结束", "ended_at"),
            ("客户", "customer_id"),
            ("联系人", "contact_ids"),
        ]);
        let text = "类型,状态,开始,结束,客户,联系人\n\
            电话,done,2030-01-01 10:00,,,\n\
            电话,done,2025-01-02 10:00,2025-01-02 09:00,,\n\
            电话,done,2024-01-02 10:00,2025-01-02 10:00,,\n\
            握手,done,2024-01-02 10:00,,,\n\
            电话,done,2024-01-02 10:00,,红圈,王五\n\
            电话,done,2024-01-02 10:00,,,张伟\n";
        assert_eq!(
            errors_of(&admin, "activities", text, &mapping).await,
            [
                "2 开始 done_in_the_future",
                "3 结束 end_before_start",
                "4 结束 lasts_too_long",
                "5 类型 unknown_name",
                "6 联系人 unknown_name",
                // Without a customer nobody knows which of the two is meant.
                "7 联系人 ambiguous_reference",
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_names_what_an_import_reads_again() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let (customer, zhang) = company(&admin).await;
        let body = json!({
            "kind_id": crate::activities::kind("call"), "state": "done", "customer_id": customer["id"], "result": "谈了预算",
            "contact_ids": [zhang["id"]], "participant_ids": [id("wang"), id("zhao")],
        });
        admin.create("activities", body).await;
        let columns = "kind_id,state,started_at,ended_at,customer_id,contact_ids,participant_ids,result";
        let file = admin
            .query("/api/activities/export", &[("format", "csv"), ("columns", columns)])
            .await;
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        assert!(text.contains("王芳; 赵强"), "{text}");
        let uploaded = upload(&admin, "activities", "again.csv", &file.bytes).await;
        let done = run(&admin, &uploaded, &uploaded["mapping"]).await;
        assert_eq!(done["state"], "done", "{done:#}");
        let rows = activities(&admin).await;
        assert_eq!(rows.len(), 2);
        for field in columns.split(',') {
            assert_eq!(rows[0][field], rows[1][field], "{field}");
        }
    })
    .await;
}
