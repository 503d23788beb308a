//! Product lines and the amount that comes of them.

use serde_json::{Value as Json, json};

use super::{opportunity, stored};
use crate::support::{each_database, id_of, version_of};

#[tokio::test]
async fn the_amount_is_the_sum_of_the_lines() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let product = |name: &str| json!({ "name": name, "list_price": 2_000, "floor_price": 1_700 });
        let one = admin.create("products", product("控制器")).await;
        let two = admin.create("products", product("传感器")).await;
        let li = world.as_person("li");
        let row = opportunity(&li, "产线", json!({ "amount": 5 })).await;
        let path = format!("/api/opportunities/{}/lines", id_of(&row));
        let lines = json!([
            { "product_id": id_of(&one), "quantity": 3, "price": 1_999, "discount_percent": 10 },
            { "product_id": id_of(&two), "quantity": 0.5, "price": { "amount_minor": 2_001, "currency": "CNY" } },
        ]);
        let answer = li.put(&path, version_of(&row), lines).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        // 3 × 19.99 less a tenth is 53.973; half of 20.01 is 10.005: both rounded half up.
        assert_eq!(answer.json["amount"]["amount_minor"], 5_397 + 1_001);
        let now = li.get(&format!("/api/opportunities/{}", id_of(&row))).await.json;
        assert_eq!(now["amount"], answer.json["amount"]);
        assert_eq!((&now["version"], &now["weighted_amount"]["amount_minor"]), (&answer.json["version"], &json!(320)));
        let got = li.get(&path).await;
        let below: Vec<&Json> = got.json["rows"].as_array().unwrap().iter().map(|line| &line["below_floor"]).collect();
        assert_eq!(below, [&json!(false), &json!(false)]);

        let by_hand = li.patch(&format!("/api/opportunities/{}", id_of(&row)), version_of(&now), json!({ "amount": 1 })).await;
        assert_eq!(by_hand.errors(), ["/amount amount_from_lines"]);

        // What was answered may be sent back; a line that is left out goes.
        let mut kept = got.rows();
        kept.remove(1);
        kept[0]["discount_percent"] = json!(16);
        let answer = li.put(&path, version_of(&now), json!(kept)).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        assert_eq!(answer.json["rows"][0]["id"], got.json["rows"][0]["id"]);
        assert_eq!(answer.json["rows"][0]["below_floor"], true);
        assert_eq!(answer.json["amount"]["amount_minor"], 5_037);
        assert_eq!(stored(world, "opportunity_lines").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_audit_is_read_where_nameless_lines_were_written() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let product = admin.create("products", json!({ "name": "控制器" })).await;
        let li = world.as_person("li");
        let row = opportunity(&li, "产线", json!({ "amount": 5 })).await;
        let path = format!("/api/opportunities/{}/lines", id_of(&row));
        let line = json!({ "product_id": id_of(&product), "quantity": 1, "price": 100 });
        let answer = li.put(&path, version_of(&row), json!([line])).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        let audit = admin.get("/api/audit?resource=opportunity_lines").await;
        assert_eq!(audit.status, 200, "{:?}", audit.json);
        assert_eq!(audit.rows().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn bad_lines_are_named_by_row_and_field_and_nothing_is_written() {
    each_database(async |world| {
        let product = world
            .as_person("admin")
            .create("products", json!({ "name": "控制器" }))
            .await;
        let li = world.as_person("li");
        let row = opportunity(&li, "产线", json!({ "amount": 5 })).await;
        let path = format!("/api/opportunities/{}/lines", id_of(&row));
        let good = json!({ "product_id": id_of(&product), "quantity": 1, "price": 100 });
        for (field, value, expected) in [
            ("quantity", json!(0), "/1/quantity not_positive"),
            ("price", json!(-1), "/1/price negative"),
            (
                "discount_percent",
                json!(101),
                "/1/discount_percent out_of_range",
            ),
            (
                "product_id",
                json!(id_of(&row)),
                "/1/product_id unknown_reference",
            ),
            ("price", json!(null), "/1/price required"),
            ("quantity", json!("viele"), "/1/quantity wrong_type"),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            let answer = li.put(&path, version_of(&row), json!([good, bad])).await;
            assert_eq!(
                (answer.status, answer.errors()),
                (422, vec![expected.to_owned()])
            );
        }
        assert!(stored(world, "opportunity_lines").await.is_empty());
        let answer = li.put(&path, 9, json!([good])).await;
        assert_eq!(answer.status, 412);
    })
    .await;
}
