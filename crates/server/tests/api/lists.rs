//! Filters, order, pages and totals: what a person asks for is what both databases answer.

mod company;
mod oracle;

use std::cell::RefCell;
use std::collections::BTreeSet;

use platform::access::Access;
use platform::write::Cause;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value as Json, json};

use crate::support::{Client, NOW_MS, each_database};
use company::{CUSTOMERS, fill, number};

async fn all(client: &Client, resource: &str) -> Vec<Json> {
    client
        .query(&format!("/api/{resource}"), &[("page_size", "200")])
        .await
        .rows()
}

#[tokio::test]
async fn every_operator_finds_what_an_oracle_finds() {
    each_database(async |world| {
        fill(world).await;
        let admin = world.as_person("admin");
        let mut data = oracle::Data::new(world.app.clock.today());
        for resource in ["customers", "contacts", "products", "stages", "people"] {
            data.add(resource, all(&admin, resource).await);
        }
        let mut runner = TestRunner::deterministic();
        let mut found_some = BTreeSet::new();
        for _ in 0..400 {
            let (resource, filter) = oracle::filters().new_tree(&mut runner).unwrap().current();
            let expected: BTreeSet<String> = data.find(resource, &filter);
            let text = filter.to_string();
            let answer = admin
                .query(
                    &format!("/api/{resource}"),
                    &[("filter", &text), ("page_size", "200")],
                )
                .await;
            assert_eq!(answer.status, 200, "{resource} {text} {:?}", answer.json);
            let found: BTreeSet<String> = answer
                .rows()
                .iter()
                .map(|row| row["id"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(found, expected, "{resource} {text}");
            assert_eq!(
                answer.json["total"],
                json!({ "count": expected.len(), "exact": true }),
                "{text}"
            );
            if !found.is_empty() && found.len() < data.count(resource) {
                found_some.extend(oracle::operators(&filter));
            }
        }
        // The test could not fail if filters found always all or nothing.
        assert_eq!(found_some, oracle::all_operators());
    })
    .await;
}

/// What was sorted by, and the names in their order.
type Orders = Vec<(String, Vec<String>)>;

#[tokio::test]
async fn each_sortable_field_gives_the_same_order_on_both_databases() {
    let orders: RefCell<Vec<Orders>> = RefCell::default();
    each_database(async |world| {
        fill(world).await;
        let admin = world.as_person("admin");
        let meta = admin.get("/api/meta").await.json;
        let mut found = Vec::new();
        for resource in meta["resources"].as_array().unwrap() {
            let name = resource["name"].as_str().unwrap();
            if !["customers", "contacts", "products", "teams"].contains(&name) {
                continue;
            }
            for field in resource["fields"].as_array().unwrap() {
                for direction in ["", "-"] {
                    let sort = format!("{direction}{}", field["name"].as_str().unwrap());
                    let answer = admin
                        .query(
                            &format!("/api/{name}"),
                            &[("sort", &sort), ("page_size", "200")],
                        )
                        .await;
                    if field["sortable"] == false {
                        assert_eq!(answer.status, 422, "{name} {sort}");
                        continue;
                    }
                    let rows = answer.rows();
                    let field = field["name"].as_str().unwrap();
                    let first_null = rows.iter().position(|row| row[field].is_null());
                    let last_null = rows.iter().rposition(|row| row[field].is_null());
                    let nulls = rows.iter().filter(|row| row[field].is_null()).count();
                    if nulls > 0 {
                        // Nothing comes before something.
                        let expected = if direction.is_empty() {
                            (0, nulls - 1)
                        } else {
                            (rows.len() - nulls, rows.len() - 1)
                        };
                        assert_eq!(
                            (first_null, last_null),
                            (Some(expected.0), Some(expected.1)),
                            "{name} {sort}"
                        );
                    }
                    let names = rows
                        .iter()
                        .map(|row| row["name"].as_str().unwrap().to_owned())
                        .collect();
                    found.push((format!("{name} {sort}"), names));
                }
            }
        }
        assert!(found.len() > 60);
        orders.borrow_mut().push(found);
    })
    .await;
    let orders = orders.into_inner();
    for (sqlite, postgres) in orders
        .first()
        .iter()
        .flat_map(|o| o.iter())
        .zip(orders.get(1).iter().flat_map(|o| o.iter()))
    {
        assert_eq!(sqlite, postgres);
    }
}

#[tokio::test]
async fn chinese_names_sort_by_pinyin() {
    each_database(async |world| {
        let li = world.as_person("li");
        for name in [
            "重庆钢铁",
            "北京燃气",
            "安徽水泥",
            "Zeta",
            "上海电力",
            "长沙重工",
        ] {
            li.customer(name).await;
        }
        assert_eq!(
            li.names("customers", &[("sort", "name")]).await,
            [
                "安徽水泥",
                "北京燃气",
                "长沙重工",
                "重庆钢铁",
                "上海电力",
                "Zeta"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn pages_neither_overlap_nor_lose_a_record() {
    each_database(async |world| {
        fill(world).await;
        let admin = world.as_person("admin");
        for sort in ["name", "-level", "region,-name", "tags_none"] {
            let sort = if sort == "tags_none" { "" } else { sort };
            let mut ids = Vec::new();
            for page in 1..=9 {
                let page = page.to_string();
                let answer = admin
                    .query(
                        "/api/customers",
                        &[("sort", sort), ("page", &page), ("page_size", "7")],
                    )
                    .await;
                assert_eq!(
                    answer.json["total"],
                    json!({ "count": CUSTOMERS, "exact": true }),
                    "page {page}"
                );
                ids.extend(
                    answer
                        .rows()
                        .iter()
                        .map(|row| row["id"].as_str().unwrap().to_owned()),
                );
            }
            assert_eq!(ids.len(), CUSTOMERS, "{sort}");
            assert_eq!(
                ids.iter().collect::<BTreeSet<_>>().len(),
                CUSTOMERS,
                "{sort}"
            );
        }
        let beyond = admin.query("/api/customers", &[("page", "100")]).await;
        assert_eq!(
            (beyond.rows().len(), &beyond.json["total"]["count"]),
            (0, &json!(CUSTOMERS))
        );
    })
    .await;
}

#[tokio::test]
async fn totals_are_exact_up_to_ten_thousand_and_beyond_when_asked() {
    each_database(async |world| {
        let access = Access::system(&world.app, "tests");
        let mut write = access.write_as(Cause::Load).await.unwrap();
        for i in 0..10_050 {
            let columns = ["id", "version", "created_at", "updated_at", "name"];
            let row = vec![
                number(4, i).into(),
                1i64.into(),
                NOW_MS.into(),
                NOW_MS.into(),
                format!("线 {}", i % 50).into(),
            ];
            write.insert("product_line", &columns, row).await.unwrap();
        }
        write.commit().await.unwrap();
        let li = world.as_person("li");
        let total = async |parameters: &[(&str, &str)]| {
            li.query("/api/product_lines", parameters).await.json["total"].clone()
        };
        assert_eq!(total(&[]).await, json!({ "count": 10_000, "exact": false }));
        assert_eq!(
            total(&[("count", "exact")]).await,
            json!({ "count": 10_050, "exact": true })
        );
        let some = json!({ "field": "name", "op": "ne", "value": "线 7" }).to_string();
        assert_eq!(
            total(&[("filter", &some)]).await,
            json!({ "count": 9_849, "exact": true })
        );
    })
    .await;
}

#[tokio::test]
async fn chosen_columns_are_all_that_comes() {
    each_database(async |world| {
        let li = world.as_person("li");
        li.customer("甲").await;
        let row = li
            .query("/api/customers", &[("columns", "name,level")])
            .await
            .rows()[0]
            .clone();
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "version", "name", "level", "can"]);
    })
    .await;
}

#[tokio::test]
async fn me_and_my_team_are_whoever_asks() {
    each_database(async |world| {
        for name in ["li", "wang", "zhao", "director"] {
            world.as_person(name).customer(name).await;
        }
        let filter =
            |value: &str| json!({ "field": "owner_id", "op": "in", "value": [value] }).to_string();
        let seen = async |name: &str, value: &str| {
            world
                .as_person(name)
                .names("customers", &[("filter", &filter(value)), ("sort", "name")])
                .await
        };
        assert_eq!(seen("director", "me").await, ["director"]);
        assert_eq!(seen("director", "my_team").await, ["director"]);
        assert_eq!(seen("supervisor", "my_team").await, ["li", "wang"]);
        assert_eq!(seen("supervisor", "me").await, [""; 0]);
        let of_team =
            json!({ "field": "owner_id.team_id", "op": "in", "value": ["my_team"] }).to_string();
        assert_eq!(
            world
                .as_person("supervisor")
                .names("customers", &[("filter", &of_team), ("sort", "name")])
                .await,
            ["li", "wang"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_filter_through_a_reference_tells_nothing_out_of_scope() {
    each_database(async |world| {
        let parent = world
            .as_person("qian")
            .create("customers", json!({ "name": "母公司", "level": "A" }))
            .await;
        let child = world.as_person("li").customer("子公司").await;
        world
            .as_person("admin")
            .edit("customers", &child, json!({ "parent_id": parent["id"] }))
            .await;
        let filter = json!({ "field": "parent_id.level", "op": "eq", "value": "A" }).to_string();
        assert_eq!(
            world
                .as_person("admin")
                .names("customers", &[("filter", &filter)])
                .await,
            ["子公司"]
        );
        assert_eq!(
            world
                .as_person("li")
                .names("customers", &[("filter", &filter)])
                .await,
            [""; 0]
        );
    })
    .await;
}

#[tokio::test]
async fn names_are_found_by_part_pinyin_and_initials() {
    each_database(async |world| {
        let li = world.as_person("li");
        for name in [
            "上海电力设备有限公司",
            "重庆钢铁集团",
            "Acme Holding",
            "a_b 100% \\ \"quoted\"",
        ] {
            li.customer(name).await;
        }
        world.as_person("qian").customer("上海水务").await;
        for (q, expected) in [
            ("电力", "上海电力设备有限公司"),
            ("海电", "上海电力设备有限公司"),
            ("shanghai", "上海电力设备有限公司"),
            ("shdl", "上海电力设备有限公司"),
            ("上海 设备", "上海电力设备有限公司"),
            ("chongqing", "重庆钢铁集团"),
            ("cqgt", "重庆钢铁集团"),
            ("acme", "Acme Holding"),
            ("OLDIN", "Acme Holding"),
            ("a_b", "a_b 100% \\ \"quoted\""),
            ("100%", "a_b 100% \\ \"quoted\""),
        ] {
            assert_eq!(li.names("customers", &[("q", q)]).await, [expected], "{q}");
        }
        for q in ["水务", "xyz", "力电", "a%b"] {
            assert_eq!(li.names("customers", &[("q", q)]).await, [""; 0], "{q}");
        }
        // A changed name is found anew, the old one no more; a deleted record not at all.
        let row = li.query("/api/customers", &[("q", "acme")]).await.rows()[0].clone();
        let row = li
            .edit("customers", &row, json!({ "name": "苏州纺织" }))
            .await;
        assert_eq!(li.names("customers", &[("q", "szfz")]).await, ["苏州纺织"]);
        assert_eq!(li.names("customers", &[("q", "acme")]).await, [""; 0]);
        li.delete(
            &format!("/api/customers/{}", row["id"].as_str().unwrap()),
            row["version"].as_i64().unwrap(),
        )
        .await;
        assert_eq!(li.names("customers", &[("q", "szfz")]).await, [""; 0]);
    })
    .await;
}
