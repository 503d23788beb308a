//! Fields that administrators add while everything runs.

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, each_database, id, id_of, version_of};

async fn add(client: &Client, name: &str, kind: &str) -> Answer {
    let mut body = json!({ "resource": "customers", "name": name, "type": kind, "label": { "zh-CN": "尺寸", "en": "Size" } });
    if kind.ends_with("choice") {
        body["choices"] = json!([{ "code": "small", "label": { "zh-CN": "小" } }, { "code": "large", "label": { "zh-CN": "大" } }]);
    }
    client.post("/api/custom-fields", body).await
}

async fn field_of(client: &Client, name: &str) -> Option<Json> {
    let meta = client.get("/api/meta").await.json;
    let resources = meta["resources"].as_array().expect("resources").clone();
    let customers = resources
        .into_iter()
        .find(|resource| resource["name"] == "customers")?;
    customers["fields"]
        .as_array()?
        .iter()
        .find(|field| field["name"] == name)
        .cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_field_of_each_type_is_there_at_once_and_keeps_its_values() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let values = [
            ("text", json!("蓝色")),
            ("number", json!(12.5)),
            (
                "money",
                json!({ "amount_minor": 12_345, "currency": "CNY" }),
            ),
            ("day", json!("2026-07-01")),
            ("choice", json!("large")),
            ("multi_choice", json!(["small", "large"])),
            ("reference", json!(id("wang"))),
            ("bool", json!(true)),
        ];
        let mut body = json!({ "name": "红圈科技" });
        for (kind, value) in &values {
            let added = add(&admin, kind, kind).await;
            assert_eq!(added.status, 201, "{kind}: {:?}", added.json);
            body[format!("x_{kind}")] = value.clone();
        }
        let customer = li.create("customers", body.clone()).await;
        let read = li
            .get(&format!("/api/customers/{}", id_of(&customer)))
            .await
            .json;
        for (kind, value) in &values {
            assert_eq!(&read[format!("x_{kind}")], value, "{kind}");
        }
        assert_eq!(read["labels"][id("wang").to_string()], "王芳");
        let field = field_of(&li, "x_choice").await.expect("the field");
        assert_eq!(
            (&field["custom"], &field["label"]["en"]),
            (&json!(true), &json!("Size"))
        );
        let wrong = li
            .patch(
                &format!("/api/customers/{}", id_of(&customer)),
                1,
                json!({ "x_number": "viel", "x_choice": "huge" }),
            )
            .await;
        assert_eq!(wrong.errors().len(), 2, "{:?}", wrong.json);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_field_filters_sorts_and_changes_in_bulk_like_any_other() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        add(&admin, "size", "choice").await;
        add(&admin, "count", "number").await;
        for (name, size, count) in [("甲", "small", 3), ("乙", "large", 1), ("丙", "large", 2)] {
            li.create("customers", json!({ "name": name, "x_size": size, "x_count": count })).await;
        }
        let large = json!({ "field": "x_size", "op": "in", "value": ["large"] }).to_string();
        assert_eq!(li.names("customers", &[("filter", &large), ("sort", "-x_count")]).await, ["丙", "乙"]);
        let bulk = json!({ "filter": { "field": "x_count", "op": "ge", "value": 2 }, "action": "edit", "changes": { "x_size": "small" } });
        assert_eq!(li.post("/api/customers/bulk", bulk).await.json["changed"], 2);
        assert_eq!(li.names("customers", &[("filter", &large)]).await, ["乙"]);
        let view = json!({ "resource": "customers", "name": "大", "columns": ["name", "x_size"], "sort": "x_count" });
        assert_eq!(li.post("/api/views", view).await.status, 201);
        let file = li.get("/api/customers/export?format=csv&columns=name,x_size").await;
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        assert!(text.contains("尺寸") && text.contains("大"), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_field_is_gone_and_comes_back_with_its_values() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let field = add(&admin, "size", "text").await.json;
        let customer = li
            .create("customers", json!({ "name": "红圈科技", "x_size": "大" }))
            .await;
        let path = format!("/api/custom-fields/{}", id_of(&field));
        assert_eq!(li.delete(&path, 1).await.status, 403);
        assert_eq!(admin.delete(&path, 1).await.status, 204);
        assert_eq!(field_of(&li, "x_size").await, None);
        assert_eq!(
            li.patch(
                &format!("/api/customers/{}", id_of(&customer)),
                1,
                json!({ "x_size": "小" })
            )
            .await
            .status,
            422
        );
        assert_eq!(
            add(&admin, "size", "number").await.code(),
            "field_exists",
            "the column holds texts"
        );
        assert_eq!(add(&admin, "size", "text").await.status, 201);
        assert_eq!(
            li.get(&format!("/api/customers/{}", id_of(&customer)))
                .await
                .json["x_size"],
            "大"
        );
        assert_eq!(add(&admin, "size", "text").await.code(), "field_exists");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_renamed_reordered_and_lose_no_choice_in_use() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        add(&admin, "one", "text").await;
        let field = add(&admin, "size", "choice").await.json;
        li.create(
            "customers",
            json!({ "name": "红圈科技", "x_size": "large" }),
        )
        .await;
        let path = format!("/api/custom-fields/{}", id_of(&field));
        let without = json!({ "choices": [{ "code": "small", "label": { "zh-CN": "小" } }] });
        assert_eq!(admin.patch(&path, 1, without).await.code(), "choice_in_use");
        let changed = admin
            .patch(
                &path,
                1,
                json!({ "label": { "en": "Format" }, "position": 0, "required": true }),
            )
            .await;
        assert_eq!(
            (changed.status, version_of(&changed.json)),
            (200, 2),
            "{:?}",
            changed.json
        );
        assert_eq!(
            admin
                .patch(&path, 1, json!({ "required": false }))
                .await
                .status,
            412
        );
        let names: Vec<String> = admin
            .get("/api/custom-fields?resource=customers")
            .await
            .names();
        assert_eq!(names, ["x_size", "x_one"]);
        assert_eq!(
            field_of(&li, "x_size").await.expect("the field")["label"]["zh-CN"],
            "Format"
        );
        assert_eq!(
            li.post("/api/customers", json!({ "name": "无" }))
                .await
                .errors(),
            ["/x_size required"]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_field_is_refused() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        assert_eq!(
            add(&admin, "size; DROP TABLE customer", "text")
                .await
                .code(),
            "bad_name"
        );
        assert_eq!(add(&admin, "size", "json").await.code(), "unknown_type");
        assert_eq!(
            add(&world.as_person("director"), "size", "text")
                .await
                .status,
            403
        );
        let body = |part: Json| {
            let mut body =
                json!({ "resource": "customers", "type": "choice", "label": { "en": "Size" } });
            body.as_object_mut()
                .expect("an object")
                .extend(part.as_object().expect("an object").clone());
            body
        };
        for (part, code) in [
            (json!({}), "choices_required"),
            (json!({ "label": {} }), "required"),
            (
                json!({ "resource": "weather", "type": "text" }),
                "unknown_resource",
            ),
            (
                json!({ "resource": "roles", "type": "text" }),
                "not_extensible",
            ),
            (
                json!({ "choices": [{ "label": { "en": "A" } }, { "label": { "en": "A" } }] }),
                "already_exists",
            ),
        ] {
            assert_eq!(
                admin.post("/api/custom-fields", body(part)).await.code(),
                code
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_can_be_added_while_people_work() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let work = join_all((0..30).map(|i| {
            let li = li.clone();
            async move {
                let made = li
                    .post("/api/customers", json!({ "name": format!("客户{i}") }))
                    .await
                    .status;
                let read = li.get("/api/customers").await.status;
                (made, read)
            }
        }));
        let adding = join_all((0..5).map(|i| {
            let admin = admin.clone();
            async move { add(&admin, &format!("f{i}"), "text").await.status }
        }));
        let twice = join_all((0..2).map(|_| add(&admin, "same", "text")));
        let (worked, added, twice) = futures_util::join!(work, adding, twice);
        assert_eq!(worked, [(201, 200); 30]);
        assert_eq!(added, [201; 5]);
        let mut both: Vec<u16> = twice.iter().map(|answer| answer.status).collect();
        both.sort_unstable();
        assert!(both == [201, 409] || both == [201, 422], "{both:?}");
        assert_eq!(li.get("/api/customers").await.json["total"]["count"], 30);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_learns_of_a_new_field() {
    each_database(async |world| {
        if !world.is_postgres() {
            return;
        }
        let mut other = world.another_process().await;
        other.listen().await;
        add(&world.as_person("admin"), "size", "text").await;
        let li = other.as_person("li");
        for _ in 0..50 {
            if field_of(&li, "x_size").await.is_some() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the other process never learnt of the field");
    })
    .await;
}
