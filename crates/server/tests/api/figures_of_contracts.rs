//! Figures of contracts and payments, against numbers worked out by hand.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::contracts::plan;
use crate::figures::{ask, told};
use crate::opportunities::opportunity_at;
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id, id_of, version_of};

/// What the figures below are of.
struct Deals {
    /// One-off, 900.00, signed on May 20: 300 due on May 25, 600 on June 10. Of its opportunity, which sells 600.00 of one line
    /// of products and 400.00 of another.
    one_off: Json,
    /// Recurring, 1,200.00, signed on April 15 for May and June, due at once.
    recurring: Json,
    lines: [Uuid; 2],
}

async fn instalments(client: &Client, contract: &Json) -> Vec<Uuid> {
    let path = format!("/api/contracts/{}/plan", id_of(contract));
    client.get(&path).await.rows().iter().map(id_of).collect()
}

/// Records a payment for an instalment, unless it finds that by itself.
async fn pay(admin: &Client, contract: &Json, instalment: Uuid, on: &str, amount: i64) -> Json {
    let body = json!({ "customer_id": contract["customer_id"], "contract_id": id_of(contract), "amount": amount, "received_on": on });
    let payment = admin.create("payments", body).await;
    let path = format!("/api/payments/{}", id_of(&payment));
    let payment = admin.get(&path).await.json;
    if payment["open_amount"]["amount_minor"] == 0 {
        return payment;
    }
    let shares = json!({ "matches": [{ "instalment_id": instalment, "amount_minor": amount }] });
    let answer = admin
        .clone()
        .with("if-match", &format!("\"{}\"", version_of(&payment)))
        .post(&format!("{path}/matches"), shares)
        .await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

async fn deals(world: &World) -> Deals {
    let (li, admin) = (world.as_person("li"), world.as_person("admin"));
    let mut lines = Vec::new();
    let mut sold = Vec::new();
    for (name, price) in [("设备", 60_000), ("服务", 40_000)] {
        let line = admin.create("product_lines", json!({ "name": name })).await;
        let product = json!({ "name": format!("{name}一"), "line_id": id_of(&line) });
        let product = admin.create("products", product).await;
        sold.push(json!({ "product_id": id_of(&product), "quantity": 1, "price": price }));
        lines.push(id_of(&line));
    }
    let body = json!({ "name": "海川", "class": "key_account", "region": "3101" });
    let customer = li.create("customers", body).await;
    let opportunity = opportunity_at(&li, &customer, "产线", json!({})).await;
    let path = format!("/api/opportunities/{}/lines", id_of(&opportunity));
    let answer = li.put(&path, version_of(&opportunity), json!(sold)).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    let body = json!({ "opportunity_id": id_of(&opportunity), "amount": 90_000, "signed_on": "2026-05-20" });
    let one_off = li.create("contracts", body).await;
    let rows = json!({ "rows": [
        { "condition": "预付款", "due_on": "2026-05-25", "amount": 30_000 },
        { "condition": "尾款", "due_on": "2026-06-10", "amount": 60_000 },
    ] });
    let answer = plan(&li, &one_off, rows).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    let customer = li.customer("安泰").await;
    let body = json!({ "title": "运维", "customer_id": id_of(&customer), "kind": "recurring", "amount": 120_000,
        "signed_on": "2026-04-15", "starts_on": "2026-05-01", "ends_on": "2026-06-30" });
    let recurring = li.create("contracts", body).await;
    let first = instalments(&li, &recurring).await[0];
    pay(&admin, &recurring, first, "2026-06-01", 100_000).await;
    let first = instalments(&li, &one_off).await[0];
    pay(&admin, &one_off, first, "2026-06-05", 30_000).await;
    Deals {
        one_off,
        recurring,
        lines: [lines[0], lines[1]],
    }
}

#[tokio::test]
async fn revenue_counts_on_signing_and_recurring_revenue_as_it_runs() {
    each_database(async |world| {
        let deals = deals(world).await;
        let li = world.as_person("li");
        let metrics = "contracts_signed,new_revenue,one_off_revenue,recurring_revenue,total_revenue,customers_with_contract,arpu";
        let months = [("period", "2026-06"), ("periods", "3")];
        // 31 of the 61 days of the recurring contract lie in May.
        assert_eq!(
            told(&li, metrics, &months).await,
            [
                "contracts_signed: 1", "contracts_signed: 1", "contracts_signed: 0",
                "new_revenue: 120000", "new_revenue: 90000", "new_revenue: 0",
                "one_off_revenue: 0", "one_off_revenue: 90000", "one_off_revenue: 0",
                "recurring_revenue: 0", "recurring_revenue: 60983", "recurring_revenue: 59017",
                "total_revenue: 0", "total_revenue: 150983", "total_revenue: 59017",
                "customers_with_contract: 0", "customers_with_contract: 2", "customers_with_contract: 2",
                // That of the month before; nobody had a contract in March and April.
                "arpu: null", "arpu: null", "arpu: 75492",
            ]
        );
        let may = ("period", "2026-05");
        let by_line = told(&li, "new_revenue,product_share", &[may, ("by", "product_line")]).await;
        assert_eq!(
            by_line,
            [
                "new_revenue 设备: 54000",
                "new_revenue 服务: 36000",
                "product_share 设备: 0.357656",
                "product_share 服务: 0.238437",
            ]
        );
        let line = deals.lines[0].to_string();
        let sliced = told(&li, "total_revenue,product_share", &[may, ("product_line_id", &line)]).await;
        assert_eq!(sliced, ["total_revenue: 54000", "product_share: 0.357656"]);
        let by_class = told(&li, "customer_share", &[may, ("by", "class")]).await;
        assert_eq!(by_class, ["customer_share key_account: 0.5", "customer_share ordinary: 0.5"]);
        // Out of scope there is nothing.
        let zhao = world.as_person("zhao");
        let none = told(&zhao, "new_revenue,customers_with_contract", &[may]).await;
        assert_eq!(none, ["new_revenue: 0", "customers_with_contract: 0"]);

        // A recurring contract that ends early brings in what it did until then: 41 of 61 days.
        world.set_clock(NOW_MS);
        let changes = json!({ "state": "terminated", "closed_on": "2026-06-10", "termination_reason": "停产" });
        let now = li.get(&format!("/api/contracts/{}", id_of(&deals.recurring))).await.json;
        li.edit("contracts", &now, changes).await;
        let after = told(&li, "recurring_revenue,customers_with_contract", &months).await;
        assert_eq!(
            after,
            [
                "recurring_revenue: 0", "recurring_revenue: 60983", "recurring_revenue: 19672",
                "customers_with_contract: 0", "customers_with_contract: 2", "customers_with_contract: 1",
            ]
        );
        assert_eq!(world.wrong_sums().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_is_due_received_and_overdue_follows_each_payment() {
    each_database(async |world| {
        let deals = deals(world).await;
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        let months = [("period", "2026-06"), ("periods", "3")];
        let metrics = "due,received,collection_rate,overdue";
        assert_eq!(
            told(&li, metrics, &months).await,
            [
                "due: 120000",
                "due: 30000",
                "due: 60000",
                "received: 0",
                "received: 0",
                "received: 130000",
                "collection_rate: 0.0",
                "collection_rate: 0.0",
                "collection_rate: 2.166667",
                "overdue: 120000",
                "overdue: 150000",
                "overdue: 80000",
            ]
        );
        for (day, expected) in [
            ("2026-04-15", 0),
            ("2026-04-16", 120_000),
            ("2026-05-31", 150_000),
            ("2026-06-01", 50_000),
            ("2026-06-05", 20_000),
            ("2026-06-10", 20_000),
            ("2026-06-11", 80_000),
        ] {
            let on = told(&li, "overdue", &[("period", day)]).await;
            assert_eq!(on, [format!("overdue: {expected}")], "{day}");
        }
        // What will be overdue nobody knows.
        assert_eq!(
            told(&li, "overdue", &[("period", "2026-07")]).await,
            ["overdue: null"]
        );

        // A match that is taken back is open again, a payment that is deleted was never received.
        let rows = admin.get("/api/payments").await.rows();
        let paid = rows
            .iter()
            .find(|row| row["received_on"] == "2026-06-05")
            .expect("a payment");
        let answer = admin
            .delete(&format!("/api/payments/{}", id_of(paid)), version_of(paid))
            .await;
        assert_eq!(answer.status, 204, "{:?}", answer.json);
        let june = [("period", "2026-06")];
        assert_eq!(
            told(&li, "received,overdue", &june).await,
            ["received: 100000", "overdue: 110000"]
        );
        let undone = admin
            .post(&format!("/api/ledger/{}/undo", answer.batch()), json!({}))
            .await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        assert_eq!(
            told(&li, "received,overdue", &june).await,
            ["received: 130000", "overdue: 80000"]
        );

        // What was signed and due stays with whose it was; what is overdue goes along.
        world.set_clock(NOW_MS + DAY_MS);
        let now = admin
            .get(&format!("/api/contracts/{}", id_of(&deals.one_off)))
            .await
            .json;
        admin
            .edit("contracts", &now, json!({ "owner_id": id("wang") }))
            .await;
        let by_person = told(
            &admin,
            "new_revenue,due,overdue",
            &[("period", "2026-Q2"), ("by", "person")],
        )
        .await;
        assert_eq!(
            by_person,
            [
                "new_revenue 李明: 210000",
                "due 李明: 210000",
                "overdue 李明: 20000",
                "overdue 王芳: 60000"
            ]
        );
        let yesterday = told(
            &admin,
            "overdue",
            &[("period", "2026-06-15"), ("by", "person")],
        )
        .await;
        assert_eq!(yesterday, ["overdue 李明: 80000"]);

        // Another class of the customer takes all of it along; a deleted contract takes it away.
        let customer = admin
            .get(&format!(
                "/api/customers/{}",
                now["customer_id"].as_str().expect("an id")
            ))
            .await
            .json;
        admin
            .edit("customers", &customer, json!({ "class": "ordinary" }))
            .await;
        let by_class = told(
            &admin,
            "new_revenue,due,received",
            &[("period", "2026-Q2"), ("by", "class")],
        )
        .await;
        assert_eq!(
            by_class,
            [
                "new_revenue ordinary: 210000",
                "due ordinary: 210000",
                "received ordinary: 130000"
            ]
        );
        assert_eq!(world.wrong_sums().await, []);
    })
    .await;
}

/// Sums a field of the records behind each figure of an answer.
async fn opened(
    client: &Client,
    metric: &str,
    field: &str,
    more: &[(&str, &str)],
) -> Vec<(Json, i64)> {
    let answer = ask(client, metric, more).await;
    let mut all = Vec::new();
    for row in answer["rows"].as_array().expect("rows") {
        let Some(records) = row.get("records") else {
            continue;
        };
        let path = format!("/api/{}", records["resource"].as_str().expect("a resource"));
        let filter = records["filter"].to_string();
        let found = client
            .query(&path, &[("filter", &filter), ("page_size", "200")])
            .await;
        assert_eq!(found.status, 200, "{metric} {:?}", found.json);
        let rows = found.rows();
        let sum = match field {
            "" => i64::try_from(rows.len()).expect("few"),
            field => rows
                .iter()
                .filter_map(|row| row[field]["amount_minor"].as_i64())
                .sum(),
        };
        all.push((row["value"].clone(), sum));
    }
    all
}

#[tokio::test]
async fn every_figure_of_contracts_opens_its_records() {
    each_database(async |world| {
        let deals = deals(world).await;
        let line = deals.lines[0].to_string();
        let supervisor = world.as_person("supervisor");
        let mut some = 0;
        for (metric, field) in [
            ("contracts_signed", ""),
            ("new_revenue", "amount"),
            ("one_off_revenue", "amount"),
            ("due", "amount"),
            ("received", "amount"),
            ("overdue", "open_amount"),
            ("customers_with_contract", ""),
        ] {
            for more in [
                &[][..],
                &[("by", "person")],
                &[("by", "team")],
                &[("by", "class")],
                &[("class", "ordinary"), ("region", "31")],
            ] {
                for period in ["2026-06", "2026-Q2", "2026-06-01..2026-06-15"] {
                    let mut query = vec![("period", period)];
                    query.extend(more);
                    for (value, sum) in opened(&supervisor, metric, field, &query).await {
                        assert_eq!(
                            value.as_i64().unwrap_or_default(),
                            sum,
                            "{metric} {query:?}"
                        );
                        some += usize::from(sum > 0);
                    }
                }
            }
        }
        assert!(some > 50, "{some}");
        let sliced = opened(
            &supervisor,
            "contracts_signed",
            "",
            &[("period", "2026"), ("product_line_id", &line)],
        )
        .await;
        assert_eq!(sliced, [(json!(1), 1)]);
        let recurring = opened(
            &supervisor,
            "recurring_revenue",
            "",
            &[("period", "2026-05")],
        )
        .await;
        assert_eq!(recurring, [(json!(60_983), 1)]);
        let none = opened(
            &supervisor,
            "recurring_revenue",
            "",
            &[("period", "2026-07")],
        )
        .await;
        assert_eq!(none, [(json!(0), 0)]);
    })
    .await;
}
