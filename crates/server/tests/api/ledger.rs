//! History, undo, recycle bin, audit, and what is cleared away.

use std::time::Duration;

use platform::db::{Db, Source};
use rules::permission::{Action, Grants, Scope};
use serde_json::{Value as Json, json};

use crate::organisation::give;
use crate::support::{Client, DAY_MS, NOW_MS, each_database, id, id_of, version_of};

async fn history(client: &Client, resource: &str, row: &Json) -> Vec<Json> {
    let answer = client
        .get(&format!("/api/{resource}/{}/history", id_of(row)))
        .await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.rows()
}

async fn undo(client: &Client, batch: &str) -> (u16, String) {
    let answer = client
        .post(&format!("/api/ledger/{batch}/undo"), json!({}))
        .await;
    (answer.status, answer.code().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn history_tells_who_changed_what_before_and_after() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        world
            .as_person("supervisor")
            .edit(
                "customers",
                &customer,
                json!({ "level": "A", "owner_id": id("wang") }),
            )
            .await;
        let rows = history(&world.as_person("wang"), "customers", &customer).await;
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0]["actor_id"], id("supervisor").to_string());
        assert_eq!(rows[0]["action"], "update");
        let level = rows[0]["changes"]
            .as_array()
            .expect("changes")
            .iter()
            .find(|change| change["field"] == "level");
        assert_eq!(
            level,
            Some(&json!({ "field": "level", "before": null, "after": "A" }))
        );
        assert_eq!(rows[1]["action"], "create");
        let answer = world
            .as_person("wang")
            .get(&format!("/api/customers/{}/history", id_of(&customer)))
            .await;
        assert_eq!(answer.json["labels"][id("wang").to_string()], "王芳");
        assert_eq!(answer.json["total"], json!({ "count": 2, "exact": true }));
        // Handed over, so no longer in the former owner's scope.
        assert_eq!(
            li.get(&format!("/api/customers/{}/history", id_of(&customer)))
                .await
                .status,
            404
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn history_masks_what_the_role_masks() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let body = json!({ "name": "周敏", "customer_id": customer["id"], "mobile": "13800138000", "wechat": "zhoumin" });
        let contact = li.create("contacts", body).await;
        let roles = admin.get("/api/roles").await.rows();
        let role = roles.iter().find(|role| role["code"] == "salesperson").expect("the role").clone();
        let mut grants = role["grants"].clone();
        grants["fields"] = json!({ "contacts": { "mobile": "mask", "wechat": "hide" } });
        admin.edit("roles", &role, json!({ "grants": grants })).await;
        let rows = history(&li, "contacts", &contact).await;
        let text = rows[0].to_string();
        assert!(!text.contains("13800138000") && !text.contains("wechat") && text.contains("mobile"), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_taken_back_while_nobody_changed_the_same_since() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        let first = li.patch(&path, 1, json!({ "level": "A" })).await;
        let other = li
            .patch(
                &path,
                version_of(&first.json),
                json!({ "phone": "021-55556666" }),
            )
            .await;
        assert_eq!(
            history(&li, "customers", &customer).await[1]["can_undo"],
            true
        );
        assert_eq!(undo(&li, &first.batch()).await.0, 200);
        let now = li.get(&path).await.json;
        assert_eq!(
            (&now["level"], now["phone"].is_null()),
            (&Json::Null, false)
        );
        let again = li
            .patch(&path, version_of(&now), json!({ "phone": "021-77778888" }))
            .await;
        assert_eq!(again.status, 200);
        assert_eq!(
            undo(&li, &other.batch()).await,
            (409, "changed_since".into())
        );
        assert_eq!(undo(&world.as_person("qian"), &again.batch()).await.0, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_customer_lies_in_the_bin_with_its_contacts_and_comes_back_with_them() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let contact = li.contact(&customer, "周敏").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        li.post(&format!("{path}/comments"), json!({ "body": "先别删" }))
            .await;
        let batch = li.delete(&path, 1).await.batch();
        assert_eq!(li.get(&path).await.status, 404);

        let bin = li.get("/api/recycle-bin").await;
        let labels: Vec<&str> = bin.json["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .filter_map(|row| row["label"].as_str())
            .collect();
        assert!(
            labels.contains(&"红圈科技") && labels.contains(&"周敏"),
            "{labels:?}"
        );
        assert_eq!(bin.json["rows"][0]["expires_on"], "2026-07-15");
        let only = li.get("/api/recycle-bin?resource=customers").await;
        assert_eq!(
            (only.rows().len(), &only.json["rows"][0]["batch"]),
            (1, &json!(batch))
        );
        assert_eq!(
            li.get("/api/recycle-bin?resource=nothing").await.status,
            422
        );
        // The supervisor might have deleted it; a stranger might not.
        assert_eq!(
            world
                .as_person("supervisor")
                .get("/api/recycle-bin")
                .await
                .rows()
                .len(),
            2
        );
        assert_eq!(
            world
                .as_person("qian")
                .get("/api/recycle-bin")
                .await
                .rows()
                .len(),
            0
        );

        assert_eq!(undo(&li, &batch).await.0, 200);
        assert_eq!(
            li.get(&format!("/api/contacts/{}", id_of(&contact)))
                .await
                .json["name"],
            "周敏"
        );
        assert_eq!(
            li.get(&format!("{path}/comments")).await.rows()[0]["body"],
            "先别删"
        );
        assert_eq!(li.names("customers", &[("q", "hq")]).await, ["红圈科技"]);
        assert_eq!(li.get("/api/recycle-bin").await.rows().len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_thirty_days_a_deleted_record_is_gone_with_all_that_hung_on_it() {
    each_database(async |world| {
        let li = world.as_person("li");
        let (gone, kept) = (li.customer("红圈科技").await, li.customer("蓝圈").await);
        for row in [&gone, &kept] {
            let path = format!("/api/customers/{}", id_of(row));
            assert_eq!(
                li.post(&format!("{path}/comments"), json!({ "body": "看" }))
                    .await
                    .status,
                201
            );
            assert_eq!(
                li.send(
                    axum::http::Method::PUT,
                    &format!("{path}/following"),
                    &[],
                    ""
                )
                .await
                .status,
                204
            );
        }
        let batch = li
            .delete(&format!("/api/customers/{}", id_of(&gone)), 1)
            .await
            .batch();
        world.set_clock(NOW_MS + 29 * DAY_MS);
        let cleared = server::ledger::purge(&world.app).await.expect("a purge");
        assert_eq!(cleared.records, 0);
        world.set_clock(NOW_MS + 31 * DAY_MS);
        assert_eq!(
            server::ledger::purge(&world.app)
                .await
                .expect("a purge")
                .records,
            1
        );
        assert_eq!(
            server::ledger::purge(&world.app)
                .await
                .expect("a purge")
                .records,
            0
        );
        let admin = world.fresh_session("admin").await;
        assert_eq!(admin.get("/api/recycle-bin").await.rows().len(), 0);
        assert_eq!(undo(&admin, &batch).await, (409, "undo_too_old".into()));
        assert_eq!(
            admin
                .get(&format!("/api/customers/{}/comments", id_of(&kept)))
                .await
                .rows()
                .len(),
            1
        );
        // The ledger still tells of it.
        let audit = admin
            .get(&format!("/api/audit?record_id={}", id_of(&gone)))
            .await;
        assert!(audit.rows().iter().any(|row| row["action"] == "delete"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_searched_by_administrators_only() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("=cmd|' /C calc'!A0").await;
        li.edit("customers", &customer, json!({ "level": "B" }))
            .await;
        world.as_person("qian").customer("白云").await;
        for person in ["li", "supervisor", "director", "support"] {
            assert_eq!(
                world.as_person(person).get("/api/audit").await.status,
                403,
                "{person}"
            );
        }
        let admin = world.as_person("admin");
        let by_li = admin
            .get(&format!(
                "/api/audit?actor_id={}&resource=customers",
                id("li")
            ))
            .await;
        assert_eq!(by_li.rows().len(), 2);
        assert_eq!(by_li.json["labels"][id("li").to_string()], "李明");
        let updates = admin
            .get("/api/audit?action=update&source=session&from=2026-06-15&to=2026-06-15")
            .await;
        assert_eq!(updates.rows().len(), 1);
        assert_eq!(
            admin.get("/api/audit?from=2026-06-16").await.rows().len(),
            0
        );
        assert_eq!(admin.get("/api/audit?source=nowhere").await.status, 422);

        let file = admin.get("/api/audit/export?resource=customers").await;
        assert_eq!(file.status, 200);
        let text = String::from_utf8(file.bytes.to_vec()).expect("UTF-8");
        assert!(
            text.starts_with('\u{feff}') && text.contains("白云"),
            "{text}"
        );
        assert!(text.contains("'=cmd"), "a formula is disarmed: {text}");
        let noted = admin.get("/api/audit?resource=audit&action=export").await;
        assert_eq!(noted.rows().len(), 1);
        assert_eq!(
            world.as_person("li").get("/api/audit/export").await.status,
            403
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_goes_on_page_by_page_without_gap_or_overlap() {
    each_database(async |world| {
        let li = world.as_person("li");
        for i in 0..60 {
            li.customer(&format!("客户{i}")).await;
        }
        let admin = world.as_person("admin");
        let first = admin.get("/api/audit?resource=customers").await;
        assert_eq!(first.rows().len(), 50);
        let second = admin
            .get(&format!(
                "/api/audit?resource=customers&before={}",
                first.json["next"]
            ))
            .await;
        assert_eq!(
            (second.rows().len(), second.json["next"].is_null()),
            (10, true)
        );
        let seqs: std::collections::BTreeSet<i64> = first
            .rows()
            .iter()
            .chain(&second.rows())
            .filter_map(|row| row["seq"].as_i64())
            .collect();
        assert_eq!(seqs.len(), 60);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_a_record_takes_nothing_of_it_back() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        let changed = li.patch(&path, 1, json!({ "level": "A" })).await;
        let handed = json!({ "owner_id": id("wang") });
        world
            .as_person("supervisor")
            .edit("customers", &changed.json, handed)
            .await;
        assert_eq!(undo(&li, &changed.batch()).await.0, 404);
        assert_eq!(world.as_person("wang").get(&path).await.json["level"], "A");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_handed_a_record_over_may_take_that_back_themselves() {
    each_database(async |world| {
        let grants = Grants::default().allow(
            "customers",
            &[Action::Read, Action::Create, Action::Edit, Action::Transfer],
            Scope::Own,
        );
        give(world, "li", grants, true).await;
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        let handed = li.patch(&path, 1, json!({ "owner_id": id("wang") })).await;
        assert_eq!(handed.status, 200, "{:?}", handed.json);
        assert_eq!(li.get(&path).await.status, 404);
        assert_eq!(undo(&li, &handed.batch()).await.0, 200);
        assert_eq!(li.get(&path).await.json["owner_id"], json!(id("li")));

        // Once the receiver has worked with it, it is theirs.
        let row = li.get(&path).await.json;
        let handed = li
            .patch(&path, version_of(&row), json!({ "owner_id": id("wang") }))
            .await;
        let wang = world.as_person("wang");
        let row = wang.get(&path).await.json;
        wang.edit("customers", &row, json!({ "level": "A" })).await;
        assert_eq!(undo(&li, &handed.batch()).await.0, 404);
        assert_eq!(wang.get(&path).await.json["owner_id"], json!(id("wang")));
    })
    .await;
}

#[tokio::test]
async fn what_belongs_to_something_gone_does_not_come_back_alone() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let customer = admin.customer("红圈科技").await;
        let opportunity =
            crate::opportunities::opportunity_at(&admin, &customer, "产线", json!({})).await;
        let path = format!("/api/opportunities/{}", id_of(&opportunity));
        let first = admin.delete(&path, 1).await;
        let path = format!("/api/customers/{}", id_of(&customer));
        let second = admin.delete(&path, 1).await;
        assert_eq!((first.status, second.status), (204, 204));
        assert_eq!(
            undo(&admin, &first.batch()).await,
            (409, "changed_since".to_owned())
        );
        assert_eq!(undo(&admin, &second.batch()).await.0, 200);
        assert_eq!(undo(&admin, &first.batch()).await.0, 200);
    })
    .await;
}

#[tokio::test]
async fn what_only_named_something_gone_comes_back_without_it() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let whole = admin.customer("红圈集团").await;
        let part = admin
            .create(
                "customers",
                json!({ "name": "红圈科技", "parent_id": whole["id"] }),
            )
            .await;
        let path = format!("/api/customers/{}", id_of(&part));
        let gone = admin.delete(&path, 1).await;
        let whole = format!("/api/customers/{}", id_of(&whole));
        assert_eq!(admin.delete(&whole, 1).await.status, 204);
        assert_eq!(undo(&admin, &gone.batch()).await.0, 200);
        assert_eq!(admin.get(&path).await.json["parent_id"], Json::Null);
    })
    .await;
}

/// Nobody's commit waits for it, so somebody else must do it: a log that only grows slows all reading down.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_comes_from_sqlites_log_into_its_file_by_itself() {
    each_database(async |world| {
        let Source::Sqlite(file) = world.app.db.source().clone() else {
            return;
        };
        let beside = tokio::spawn(world.app.db.keep_log_short());
        world.as_person("li").customer("红圈科技").await;
        let written = world.app.ledger_head().await.expect("the ledger's head");
        let folder = tempfile::tempdir().expect("a folder");
        let mut in_file = 0;
        for look in 0..50 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            // The file alone, as if the log had never been.
            let copy = folder.path().join(format!("{look}.db"));
            std::fs::copy(&file, &copy).expect("a copy");
            let alone = Db::open(Source::Sqlite(copy)).await.expect("the copy");
            in_file = platform::ledger::head(&alone).await.unwrap_or_default();
            alone.close().await.expect("its end");
            if in_file == written {
                break;
            }
        }
        beside.abort();
        assert_eq!(in_file, written);
    })
    .await;
}
