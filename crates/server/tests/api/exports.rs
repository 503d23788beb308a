//! Exports: what a list shows, as a file, no further than its reader may see.

use std::io::Write;

use rules::permission::{Action, FieldRule, Grants, Scope};
use serde_json::{Value as Json, json};
use sheet::{Cell, Limits, Sheet};

use crate::imports::wizard::{Jobs, run, upload};
use crate::support::{Answer, each_database, id};

/// The cells of a file, header first.
fn cells(answer: &Answer) -> Vec<Vec<Cell>> {
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(&answer.bytes).expect("its content");
    let mut sheet = Sheet::open(file.path(), "export", &Limits::default()).expect("a spreadsheet");
    let header = sheet
        .columns()
        .iter()
        .map(|column| Cell::Text(column.name.clone()))
        .collect();
    let mut rows = vec![header];
    rows.extend(
        sheet
            .rows()
            .expect("rows")
            .map(|row| row.expect("a row").cells),
    );
    rows
}

fn texts(answer: &Answer) -> Vec<Vec<String>> {
    cells(answer)
        .iter()
        .map(|row| row.iter().map(|cell| cell.text().into_owned()).collect())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_says_in_words_what_the_records_hold() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        admin
            .create("customers", json!({
                "name": "红圈软件", "region": "4403", "industry": "I65", "level": "A", "owner_id": id("li"), "tags": ["重点", "软件"],
            }))
            .await;
        for format in ["xlsx", "csv"] {
            let path = format!("/api/customers/export?format={format}&columns=name,region,industry,class,owner_id,tags");
            let rows = texts(&admin.get(&path).await);
            assert_eq!(rows[0][..3], ["客户名称", "地区", "行业"].map(String::from), "{rows:?}");
            assert_eq!(rows[1][0], "红圈软件");
            assert_eq!(rows[1][1], "广东省/深圳市");
            assert!(rows[1][2].contains("软件"), "{rows:?}");
            assert_eq!(rows[1][4..], ["李明".to_owned(), "重点; 软件".to_owned()]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_and_days_are_amounts_and_days_in_a_workbook() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let customer = admin.customer("甲公司").await;
        admin
            .create("opportunities", json!({
                "name": "一", "customer_id": customer["id"], "amount": { "amount_minor": 123_450, "currency": "CNY" },
                "expected_close_on": "2026-09-30", "next_step": "电话", "next_step_on": "2026-06-20",
            }))
            .await;
        let rows = cells(&admin.get("/api/opportunities/export?columns=name,amount,expected_close_on,customer_id").await);
        let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 30).expect("a day");
        assert_eq!(rows[1], [Cell::Text("一".into()), Cell::Number(1234.5), Cell::Day(day), Cell::Text("甲公司".into())]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_keeps_to_the_list_filter_order_and_scope() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        for (name, owner) in [("丙", "li"), ("甲", "li"), ("乙", "qian")] {
            admin
                .create(
                    "customers",
                    json!({ "name": name, "owner_id": id(owner), "level": "B" }),
                )
                .await;
        }
        admin
            .create(
                "customers",
                json!({ "name": "丁", "owner_id": id("li"), "level": "C" }),
            )
            .await;
        let li = world.as_person("li");
        let filter = json!({ "field": "level", "op": "eq", "value": "B" }).to_string();
        let answer = li
            .query(
                "/api/customers/export",
                &[
                    ("format", "csv"),
                    ("columns", "name"),
                    ("filter", &filter),
                    ("sort", "created_at"),
                ],
            )
            .await;
        assert_eq!(texts(&answer), [["客户名称"], ["丙"], ["甲"]]);
        // The file is named for people, and the export stands in the ledger.
        let disposition = answer
            .header("content-disposition")
            .expect("a name")
            .to_owned();
        assert!(
            disposition.contains("%E5%AE%A2%E6%88%B7-2026-06-15.csv"),
            "{disposition}"
        );
        // Without the right there is no file.
        assert_eq!(
            world
                .as_person("support")
                .get("/api/customers/export")
                .await
                .status,
            403
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn masked_fields_stay_masked_and_hidden_ones_are_left_out() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let grants = Grants::default()
            .allow("customers", &[Action::Read, Action::Export], Scope::All)
            .field("customers", "phone", FieldRule::Mask)
            .field("customers", "address", FieldRule::Hide);
        let role = admin
            .create("roles", json!({ "name": "外部", "grants": grants }))
            .await;
        let zhao = admin.get(&format!("/api/people/{}", id("zhao"))).await.json;
        admin
            .edit("people", &zhao, json!({ "role_ids": [role["id"]] }))
            .await;
        admin
            .create(
                "customers",
                json!({ "name": "甲", "phone": "13812341234", "address": "人民路1号" }),
            )
            .await;
        let guest = world.as_person("zhao");
        let rows = texts(&guest.get("/api/customers/export?format=csv").await);
        assert!(!rows[0].contains(&"地址".to_owned()), "{rows:?}");
        assert!(rows[1].contains(&"138****1234".to_owned()), "{rows:?}");
        let refused = guest.get("/api/customers/export?columns=address").await;
        assert_eq!(refused.status, 422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_comes_back_as_an_update_changes_nothing() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        // Two people of one name: the name alone could mean either.
        admin.create("people", json!({ "name": "李明", "email": "other.li@example.com" })).await;
        let parent = admin.create("customers", json!({ "name": "母公司", "owner_id": id("li") })).await;
        admin
            .create("customers", json!({
                "name": "子公司", "short_name": "'子", "parent_id": parent["id"], "region": "440305", "industry": "C36", "level": "A",
                "class": "key_account", "employees": "100_499", "revenue_band": "5m_20m", "source": "referral", "owner_id": id("li"),
                "tags": ["一", "二"], "phone": "0755-12345678", "website": "https://example.com", "description": "两行\n文字",
            }))
            .await;
        let customer = admin.create("customers", json!({ "name": "=1+1" })).await;
        admin
            .create("opportunities", json!({
                "name": "项目", "customer_id": customer["id"], "amount": { "amount_minor": 1_250_000, "currency": "CNY" },
                "expected_close_on": "2026-09-30", "next_step": "电话", "next_step_on": "2026-06-20",
            }))
            .await;
        for (resource, key) in [("customers", "name"), ("opportunities", "number"), ("people", "id"), ("teams", "code"), ("products", "name")] {
            for format in ["xlsx", "csv"] {
                let columns = if key == "id" { "&columns=id,name,email,mobile,title,team_id,supervisor_id,role_ids,hired_on,is_active" } else { "" };
                let file = admin.get(&format!("/api/{resource}/export?format={format}{columns}")).await;
                assert_eq!(file.status, 200, "{resource}: {:?}", file.json);
                let titles = texts(&file)[0].clone();
                let uploaded = match send_back(&admin, resource, format, &file).await {
                    Some(uploaded) => uploaded,
                    None => continue,
                };
                let mut mapping = uploaded["mapping"].clone();
                mapping["mode"] = json!("update");
                mapping["key"] = json!(key);
                if key == "id" {
                    mapping["columns"]["编号"] = json!({ "field": "id" });
                }
                keep_own_titles(&mut mapping, &uploaded, &titles);
                let done = run(&admin, &uploaded, &mapping).await;
                assert_eq!(done["state"], "done", "{resource} {format}: {done:#}");
                assert_eq!(done["summary"]["update"], 0, "{resource} {format}: {:#}", done["summary"]);
                assert!(done["summary"]["skip"].as_u64() > Some(0));
            }
        }
    })
    .await;
}

async fn send_back(
    client: &crate::support::Client,
    resource: &str,
    format: &str,
    file: &Answer,
) -> Option<Json> {
    (texts(file).len() > 1).then_some(())?;
    Some(upload(client, resource, &format!("back.{format}"), &file.bytes).await)
}

/// Every column that an import knows by exactly this title belongs to that field; the others are left out.
fn keep_own_titles(mapping: &mut Json, uploaded: &Json, titles: &[String]) {
    let targets = uploaded["targets"].as_array().expect("targets");
    for title in titles {
        if mapping["columns"][title]["field"] == "id" {
            continue;
        }
        let own = targets
            .iter()
            .find(|target| target["label"]["zh-CN"] == json!(title));
        mapping["columns"][title] = match own {
            Some(target) => json!({ "field": target["field"] }),
            None => Json::Null,
        };
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_understood_by_the_import() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        for resource in [
            "customers",
            "contacts",
            "people",
            "teams",
            "products",
            "opportunities",
        ] {
            let template = admin
                .get(&format!("/api/{resource}/import-template?format=csv"))
                .await;
            assert_eq!(template.status, 200, "{resource}: {:?}", template.json);
            let titles = texts(&template)[0].clone();
            let row = vec!["x"; titles.len()].join(",");
            let filled = format!(
                "{}{row}\n",
                String::from_utf8(template.bytes.to_vec()).expect("UTF-8")
            );
            let uploaded = upload(&admin, resource, "template.csv", filled).await;
            let columns = uploaded["mapping"]["columns"]
                .as_object()
                .expect("columns")
                .clone();
            let lost: Vec<&String> = columns
                .iter()
                .filter(|(_, column)| column.is_null())
                .map(|(title, _)| title)
                .collect();
            assert!(lost.is_empty(), "{resource}: {lost:?}");
        }
    })
    .await;
}
