//! What nobody means, but somebody sends: each gets a clear answer, and nothing is written.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{World, each_database, id_of};

async fn refused(world: &World, field: &str, value: Json, code: &str) {
    let mut body = json!({ "name": "甲" });
    body[field] = value.clone();
    let answer = world.as_person("li").post("/api/customers", body).await;
    let shown: String = value.to_string().chars().take(60).collect();
    assert_eq!(
        (answer.status, answer.errors()),
        (422, vec![format!("/{field} {code}")]),
        "{field} {shown}"
    );
}

#[tokio::test]
async fn values_of_a_wrong_type_are_refused_at_their_place() {
    each_database(async |world| {
        for value in [json!(1), json!(true), json!([]), json!({}), json!(["x"])] {
            refused(world, "name", value.clone(), "wrong_type").await;
            refused(world, "level", value.clone(), "wrong_type").await;
        }
        for value in [
            json!("x"),
            json!({}),
            json!([1]),
            json!([null]),
            json!([["x"]]),
        ] {
            refused(world, "tags", value, "wrong_type").await;
        }
        refused(world, "owner_id", json!(7), "not_an_id").await;
        refused(world, "owner_id", json!("李明"), "not_an_id").await;
        refused(world, "region", json!("99"), "unknown_region").await;
        refused(world, "industry", json!("ZZ"), "unknown_industry").await;
        refused(world, "website", json!("javascript:alert(1)"), "not_a_url").await;
        refused(world, "phone", json!("call me"), "not_a_phone").await;
        refused(
            world,
            "credit_code",
            json!("91310000MA1FL8TQ37"),
            "bad_credit_code",
        )
        .await;
        assert_eq!(world.as_person("li").names("customers", &[]).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn texts_have_an_end_and_no_control_characters() {
    each_database(async |world| {
        let li = world.as_person("li");
        let name = "长".repeat(400);
        assert_eq!(li.customer(&name).await["name"], json!(name));
        refused(world, "name", json!("长".repeat(401)), "too_long").await;
        refused(world, "description", json!("x".repeat(20_001)), "too_long").await;
        refused(world, "tags", json!(["x".repeat(41)]), "too_long").await;
        refused(world, "tags", json!((0..51).map(|i| i.to_string()).collect::<Vec<_>>()), "too_many").await;
        for text in ["a\u{0}b", "a\u{7}b", "a\nb", "a\u{1b}[31mb"] {
            refused(world, "name", json!(text), "control_characters").await;
            refused(world, "tags", json!([text]), "control_characters").await;
        }
        refused(world, "description", json!("a\u{0}b"), "control_characters").await;
        refused(world, "level", json!("A\u{0}"), "unknown_choice").await;
        let strange = "👩‍👩‍👧‍👦 Ünïcödé ﷽ 𠮷野家 'quotes\" \\ % _ <script>";
        let row = li.create("customers", json!({ "name": strange, "tags": ["百分 100%", "👍"], "description": "两行\n文字" })).await;
        let read = li.get(&format!("/api/customers/{}", id_of(&row))).await.json;
        assert_eq!((&read["name"], &read["tags"], &read["description"]), (&json!(strange), &json!(["百分 100%", "👍"]), &json!("两行\n文字")));
        for q in ["𠮷野", "👩‍👩", "100%", "'quotes\"", "\\", "%", "_", "\u{0}", "a\u{0}b", "\"", "*", "OR", "NEAR(", "^", "~", "--", "张 \u{3000}", "-"] {
            assert_eq!(li.query("/api/customers", &[("q", q)]).await.status, 200, "{q:?}");
        }
        assert_eq!(li.names("customers", &[("q", "𠮷野")]).await, [strange]);
        assert_eq!(li.query("/api/customers", &[("q", &"长".repeat(5_000))]).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn numbers_and_days_have_bounds() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let price = async |price: Json| {
            admin
                .post(
                    "/api/products",
                    json!({ "name": "甲", "list_price": price }),
                )
                .await
        };
        for bad in [
            json!(i64::MIN),
            json!(i64::MAX),
            json!({ "amount_minor": i64::MIN }),
            json!(10_000_000_000_000_001i64),
        ] {
            assert_eq!(
                price(bad.clone()).await.errors(),
                ["/list_price amount_too_large"],
                "{bad}"
            );
        }
        for bad in [
            json!(1.5),
            json!("12"),
            json!({}),
            json!({ "amount_minor": "1" }),
            json!(1e300),
            json!([1]),
        ] {
            assert_eq!(
                price(bad.clone()).await.errors(),
                ["/list_price wrong_type"],
                "{bad}"
            );
        }
        assert_eq!(price(json!(-1)).await.errors(), ["/list_price negative"]);
        assert_eq!(
            price(json!({ "amount_minor": 1, "currency": "CNY" }))
                .await
                .status,
            201
        );
        let hired = async |day: Json| {
            admin
                .post("/api/people", json!({ "name": "甲", "hired_on": day }))
                .await
        };
        for (day, code) in [
            (json!("1899-12-31"), "year_out_of_range"),
            (json!("2201-01-01"), "year_out_of_range"),
            (json!("0001-01-01"), "year_out_of_range"),
            (json!("+262143-01-01"), "not_a_day"),
            (json!("2026-02-29"), "not_a_day"),
            (json!("2026/02/01"), "not_a_day"),
            (json!("26-2-1"), "year_out_of_range"),
            (json!("tomorrow"), "not_a_day"),
            (json!(45_000), "not_a_day"),
        ] {
            let answer = hired(day.clone()).await;
            assert_eq!(
                (answer.status, answer.errors()),
                (422, vec![format!("/hired_on {code}")]),
                "{day}"
            );
        }
        assert_eq!(hired(json!("2026-02-28")).await.status, 201);
    })
    .await;
}

#[tokio::test]
async fn money_in_another_currency_is_refused_at_its_field() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let dollars = json!({ "amount_minor": 100, "currency": "USD" });
        let refused = |answer: &crate::support::Answer, at: &str| {
            assert_eq!(
                answer.errors(),
                [format!("{at} wrong_currency")],
                "{:?}",
                answer.json
            );
            assert_eq!(answer.json["errors"][0]["params"]["currency"], "CNY");
        };
        let body = json!({ "name": "甲", "list_price": dollars });
        refused(&admin.post("/api/products", body).await, "/list_price");
        let product = admin.create("products", json!({ "name": "甲" })).await;
        let path = format!("/api/products/{}", id_of(&product));
        let changes = json!({ "list_price": dollars });
        refused(&admin.patch(&path, 1, changes.clone()).await, "/list_price");
        let bulk = json!({ "ids": [id_of(&product)], "action": "edit", "changes": changes });
        refused(&admin.post("/api/products/bulk", bulk).await, "/list_price");
        let row = crate::opportunities::opportunity(&admin, "产线", json!({})).await;
        let lines = json!([{ "product_id": id_of(&product), "quantity": 1, "price": dollars }]);
        let path = format!("/api/opportunities/{}/lines", id_of(&row));
        refused(&admin.put(&path, 1, lines).await, "/0/price");
        for wrong in [
            json!({ "amount_minor": 1, "currency": 7 }),
            json!({ "currency": "CNY" }),
        ] {
            let answer = admin
                .post(
                    "/api/products",
                    json!({ "name": "甲", "list_price": wrong }),
                )
                .await;
            assert_eq!(answer.errors(), ["/list_price wrong_type"]);
        }
        let meant = json!({ "amount_minor": 100, "currency": null });
        assert_eq!(
            admin
                .post(
                    "/api/products",
                    json!({ "name": "乙", "list_price": meant })
                )
                .await
                .status,
            201
        );
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    each_database(async |world| {
        let li = world.as_person("li");
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let deep_field = format!(
            "{{\"name\":\"x\",\"tags\":{}{}}}",
            "[".repeat(5_000),
            "]".repeat(5_000)
        );
        for (body, code) in [
            ("", "not_json"),
            ("{", "not_json"),
            ("{\"name\":1e999}", "not_json"),
            ("null", "not_an_object"),
            ("[]", "not_an_object"),
            ("\"x\"", "not_an_object"),
            ("{\"name\":\"\\ud800\"}", "not_json"),
            (deep.as_str(), "not_json"),
            (deep_field.as_str(), "not_json"),
        ] {
            for path in ["/api/customers", "/api/session", "/api/tokens"] {
                let answer = li
                    .send(
                        Method::POST,
                        path,
                        &[("content-type", "application/json")],
                        body.to_owned(),
                    )
                    .await;
                let shown: String = body.chars().take(30).collect();
                assert_eq!(answer.status, 422, "{path} {shown}");
                if path == "/api/customers" {
                    assert_eq!(answer.code(), code, "{shown}");
                }
            }
        }
        let invalid = li
            .send(
                Method::POST,
                "/api/customers",
                &[],
                b"{\"name\":\"\xff\"}".to_vec(),
            )
            .await;
        assert_eq!((invalid.status, invalid.code()), (422, "not_json"));
        assert_eq!(li.names("customers", &[]).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn ten_megabytes_are_too_large() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({ "name": "x".repeat(10 * 1024 * 1024) });
        for path in ["/api/customers", "/api/customers/bulk", "/api/session"] {
            let answer = li.post(path, body.clone()).await;
            assert_eq!(
                (path, answer.status, answer.code()),
                (path, 413, "body_too_large")
            );
        }
    })
    .await;
}

#[tokio::test]
async fn queries_that_mean_nothing_are_refused() {
    each_database(async |world| {
        let li = world.as_person("li");
        let nested = format!("{}{{\"field\":\"level\",\"op\":\"empty\"}}{}", "{\"not\":".repeat(50), "}".repeat(50));
        let wide = json!({ "or": (0..101).map(|_| json!({ "field": "level", "op": "empty" })).collect::<Vec<_>>() }).to_string();
        let many: Vec<Json> = (0..90).map(|_| json!({ "field": "name", "op": "in", "value": (0..400).map(|i| i.to_string()).collect::<Vec<_>>() })).collect();
        let many = json!({ "or": many }).to_string();
        let filter = |field: &str, op: &str, value: Json| json!({ "field": field, "op": op, "value": value }).to_string();
        let long_like = filter("name", "contains", json!("x".repeat(60_000)));
        let filters = [
            ("no json".to_owned(), "not_a_filter"),
            ("[]".into(), "not_a_filter"),
            ("{}".into(), "not_a_filter"),
            ("{\"and\":[],\"or\":[]}".into(), "not_a_filter"),
            (nested, "filter_too_large"),
            (wide, "filter_too_large"),
            (many, "filter_too_large"),
            (long_like, "too_long"),
            (filter("moon", "eq", json!(1)), "unknown_field"),
            (filter("moon.x", "eq", json!(1)), "unknown_field"),
            (filter("name.x", "eq", json!(1)), "unknown_field"),
            (filter("owner_id.moon", "eq", json!(1)), "unknown_field"),
            (filter("parent_id.parent_id.name", "eq", json!("x")), "unknown_field"),
            (filter("name", "burn", json!(1)), "not_a_filter"),
            (filter("name", "eq", json!(1)), "wrong_type"),
            (filter("name", "eq", json!("a\u{0}b")), "control_characters"),
            (filter("name", "contains", json!("a\u{0}b")), "control_characters"),
            (filter("level", "eq", json!("A\u{0}")), "control_characters"),
            (filter("region", "in", json!(["31\u{0}"])), "control_characters"),
            (filter("tags", "has_any", json!(["a\u{0}"])), "control_characters"),
            (filter("name", "lt", json!("x")), "operator_does_not_fit"),
            (filter("tags", "in", json!(["x"])), "operator_does_not_fit"),
            (filter("tags", "has_any", json!([])), "required"),
            (filter("tags", "has_any", json!("x")), "wrong_type"),
            (filter("created_at", "during", json!("some_day")), "unknown_period"),
            (filter("created_at", "during", json!("last_n_days:99999999999")), "unknown_period"),
            (filter("created_at", "lt", json!("1800-01-01T00:00:00Z")), "year_out_of_range"),
            (filter("created_at", "between", json!(["2026-01-01"])), "between_needs_two"),
            (filter("owner_id", "in", json!(["you"])), "not_an_id"),
        ];
        for (filter, code) in filters {
            let shown: String = filter.chars().take(80).collect();
            // An address holds 64 kB; what is longer comes in a body.
            if filter.len() < 20_000 {
                let answer = li.query("/api/customers", &[("filter", &filter)]).await;
                assert_eq!((answer.status, answer.code()), (422, code), "{shown}");
            }
            if let Ok(filter) = serde_json::from_str::<Json>(&filter) {
                let answer = li.post("/api/customers/bulk", json!({ "filter": filter, "action": "delete" })).await;
                assert_eq!(answer.status, 422, "{shown}");
            }
        }
        let sorts = "name,".repeat(3_000);
        for (name, value) in [
            ("sort", "moon"), ("sort", "tags"), ("sort", ",,"), ("sort", "name;drop table customer"), ("sort", &sorts),
            ("page", "0"), ("page", "-1"), ("page", "x"), ("page", "99999999999999999999"), ("page", "18446744073709551615"),
            ("page_size", "0"), ("page_size", "201"), ("columns", "moon"),
        ] {
            let answer = li.query("/api/customers", &[(name, value)]).await;
            assert_eq!(answer.status, 422, "{name}={}", &value[..value.len().min(40)]);
        }
        assert_eq!(li.query("/api/teams", &[("q", "x")]).await.code(), "not_searchable");
    })
    .await;
}
