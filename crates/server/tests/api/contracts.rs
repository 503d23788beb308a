//! Contracts: plans that add up, payments and what they settle, receivables by age, closed books.

mod matching;
mod receivables;

use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, each_database, id_of, version_of};

/// A contract at a customer of its own, signed on June 1 over 1,000.00 in three instalments: 300 due, 300 and 400 to come.
pub async fn contract(client: &Client, name: &str) -> Json {
    let customer = client.customer(&format!("{name}客户")).await;
    let contract = client
        .create(
            "contracts",
            json!({ "title": name, "customer_id": id_of(&customer), "amount": 100_000, "signed_on": "2026-06-01" }),
        )
        .await;
    let rows = json!([
        { "condition": "预付款", "due_on": "2026-06-01", "amount": 30_000 },
        { "condition": "到货款", "due_on": "2026-06-20", "amount": 30_000 },
        { "condition": "尾款", "due_on": "2026-08-01", "amount": 40_000 },
    ]);
    let answer = plan(client, &contract, json!({ "rows": rows })).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    now(client, &contract).await
}

pub async fn plan(client: &Client, contract: &Json, body: Json) -> Answer {
    let path = format!("/api/contracts/{}/plan", id_of(contract));
    client.put(&path, version_of(contract), body).await
}

/// The record as it is now.
pub async fn now(client: &Client, contract: &Json) -> Json {
    client
        .get(&format!("/api/contracts/{}", id_of(contract)))
        .await
        .json
}

/// `condition amount open state` of each instalment, in the plan's order.
pub async fn rows(client: &Client, contract: &Json) -> Vec<String> {
    let answer = client
        .get(&format!("/api/contracts/{}/plan", id_of(contract)))
        .await;
    answer
        .rows()
        .iter()
        .map(|row| {
            let minor = |name: &str| row[name]["amount_minor"].as_i64().unwrap_or(-1);
            format!(
                "{} {} {} {}",
                row["condition"].as_str().unwrap_or_default(),
                minor("amount"),
                minor("open_amount"),
                row["state"].as_str().unwrap_or_default()
            )
        })
        .collect()
}

#[tokio::test]
async fn a_contract_takes_from_its_opportunity_what_it_does_not_say() {
    each_database(async |world| {
        let li = world.as_person("li");
        let opportunity =
            super::opportunities::opportunity(&li, "产线改造", json!({ "amount": 88_800 })).await;
        let contract = li
            .create(
                "contracts",
                json!({ "opportunity_id": id_of(&opportunity) }),
            )
            .await;
        assert_eq!(contract["title"], "产线改造");
        assert_eq!(contract["customer_id"], opportunity["customer_id"]);
        assert_eq!(contract["amount"]["amount_minor"], 88_800);
        assert_eq!(contract["number"], "HT-2026-0001");
        assert_eq!(contract["state"], "draft");
        let other = li.customer("另一家").await;
        let wrong = li
            .post(
                "/api/contracts",
                json!({ "opportunity_id": id_of(&opportunity), "customer_id": id_of(&other) }),
            )
            .await;
        assert_eq!(wrong.errors(), ["/opportunity_id other_customer"]);
        // Its news stands on the timelines of both.
        for (resource, id) in [
            ("customers", &contract["customer_id"]),
            ("opportunities", &contract["opportunity_id"]),
        ] {
            let path = format!("/api/{resource}/{}/timeline", id.as_str().unwrap());
            let told = li.get(&path).await.rows();
            assert!(
                told.iter().any(|row| row["resource"] == "contracts"),
                "{resource}: {told:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_contract_needs_a_title_a_customer_and_an_amount() {
    each_database(async |world| {
        let li = world.as_person("li");
        let empty = li.post("/api/contracts", json!({})).await;
        assert_eq!(empty.errors(), ["/title required", "/customer_id required"]);
        let customer = li.customer("海川").await;
        let contract = |more: Json| {
            let mut body =
                json!({ "title": "合同", "customer_id": id_of(&customer), "amount": 100 });
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        for (more, expected) in [
            (json!({ "amount": null }), "/amount required"),
            (json!({ "amount": -1 }), "/amount negative"),
            (json!({ "signed_on": "2026-06-16" }), "/signed_on in_future"),
            (
                json!({ "state": "terminated" }),
                "/termination_reason required",
            ),
            (
                json!({ "starts_on": "2026-02-02", "ends_on": "2026-02-01" }),
                "/ends_on before_start",
            ),
        ] {
            let answer = li.post("/api/contracts", contract(more)).await;
            assert_eq!(
                (answer.status, answer.errors()),
                (422, vec![expected.to_owned()])
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_amount_in_another_currency_needs_a_dated_rate_and_is_kept_beside_the_own() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("海川").await;
        let body = |more: Json| {
            let mut body = json!({ "title": "出口", "customer_id": id_of(&customer),
                "own_amount": { "amount_minor": 1_000_050, "currency": "USD" } });
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        let without = li.post("/api/contracts", body(json!({}))).await;
        assert_eq!(
            without.errors(),
            ["/rate rate_missing", "/rate_on rate_missing"]
        );
        let wrong = li
            .post(
                "/api/contracts",
                body(json!({ "rate": 0, "rate_on": "2026-06-01" })),
            )
            .await;
        assert_eq!(wrong.errors(), ["/rate not_positive"]);
        let contract = li
            .create(
                "contracts",
                body(json!({ "rate": 7.1234, "rate_on": "2026-06-01" })),
            )
            .await;
        assert_eq!(
            contract["amount"],
            json!({ "amount_minor": 7_123_756, "currency": "CNY" })
        );
        assert_eq!(
            contract["own_amount"],
            json!({ "amount_minor": 1_000_050, "currency": "USD" })
        );
        let listed = li.get("/api/contracts").await.rows();
        assert_eq!(listed[0]["own_amount"], contract["own_amount"]);
        // Back in the company's own, nothing of the other is left.
        let back = li
            .edit(
                "contracts",
                &contract,
                json!({ "currency": null, "amount": 500 }),
            )
            .await;
        assert_eq!(
            (&back["own_amount"], &back["rate"], &back["rate_on"]),
            (&Json::Null, &Json::Null, &Json::Null)
        );
    })
    .await;
}

#[tokio::test]
async fn instalments_that_do_not_sum_are_refused_and_the_difference_is_named() {
    each_database(async |world| {
        let li = world.as_person("li");
        let contract = contract(&li, "产线").await;
        assert_eq!(
            rows(&li, &contract).await,
            ["预付款 30000 30000 open", "到货款 30000 30000 open", "尾款 40000 40000 open"]
        );
        let short = json!({ "rows": [{ "condition": "全款", "due_on": "2026-07-01", "amount": 99_999 }] });
        let answer = plan(&li, &contract, short).await;
        assert_eq!(answer.errors(), ["/amount plan_too_small"]);
        assert_eq!(answer.json["errors"][0]["params"]["difference"], "0.01 CNY");
        let dearer = li
            .patch(
                &format!("/api/contracts/{}", id_of(&contract)),
                version_of(&contract),
                json!({ "amount": 90_000 }),
            )
            .await;
        assert_eq!(dearer.errors(), ["/amount plan_too_large"]);
        // Together they change.
        let both = json!({ "amount": 90_000, "rows": [{ "condition": "全款", "due_on": "2026-07-01", "amount": 90_000 }] });
        let answer = plan(&li, &contract, both).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        assert_eq!(rows(&li, &contract).await, ["全款 90000 90000 open"]);
        assert_eq!(now(&li, &contract).await["amount"]["amount_minor"], 90_000);
        for (row, expected) in [
            (json!({ "condition": "", "due_on": "2026-07-01", "amount": 90_000 }), "/rows/0/condition required"),
            (json!({ "condition": "款", "due_on": "2026-02-30", "amount": 90_000 }), "/rows/0/due_on not_a_day"),
            (json!({ "condition": "款", "due_on": "2026-07-01", "amount": 0 }), "/rows/0/amount not_positive"),
            (json!({ "condition": "款", "due_on": "2026-07-01" }), "/rows/0/amount required"),
        ] {
            let contract = now(&li, &contract).await;
            let answer = plan(&li, &contract, json!({ "rows": [row] })).await;
            assert_eq!(answer.errors(), [expected]);
        }
    })
    .await;
}

#[tokio::test]
async fn an_even_split_is_exact_to_the_last_minor_unit() {
    each_database(async |world| {
        let li = world.as_person("li");
        let contract = contract(&li, "产线").await;
        let path = format!("/api/contracts/{}/plan/split", id_of(&contract));
        let answer = li
            .query(&path, &[("parts", "3"), ("first_on", "2026-01-31")])
            .await;
        let split: Vec<String> = answer
            .rows()
            .iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row["due_on"].as_str().unwrap(),
                    row["amount"]["amount_minor"]
                )
            })
            .collect();
        assert_eq!(
            split,
            ["2026-01-31 33334", "2026-02-28 33333", "2026-03-31 33333"]
        );
        let answer = plan(&li, &contract, json!({ "rows": answer.rows() })).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
    })
    .await;
}

#[tokio::test]
async fn a_contract_signed_without_a_plan_gets_one_instalment_that_a_plan_replaces() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("海川").await;
        let body = json!({ "title": "简单", "customer_id": id_of(&customer), "amount": 500 });
        let contract = li.create("contracts", body).await;
        assert!(rows(&li, &contract).await.is_empty());
        let contract = li
            .edit("contracts", &contract, json!({ "state": "running" }))
            .await;
        assert_eq!(contract["signed_on"], "2026-06-15");
        assert_eq!(rows(&li, &contract).await, ["合同全款 500 500 open"]);
        // As long as nobody has made a plan, it follows the amount.
        let contract = now(&li, &contract).await;
        let contract = li
            .edit("contracts", &contract, json!({ "amount": 600 }))
            .await;
        assert_eq!(rows(&li, &contract).await, ["合同全款 600 600 open"]);
        let contract = now(&li, &contract).await;
        let two = json!([
            { "condition": "一", "due_on": "2026-07-01", "amount": 200 },
            { "condition": "二", "due_on": "2026-08-01", "amount": 400 },
        ]);
        assert_eq!(
            plan(&li, &contract, json!({ "rows": two })).await.status,
            200
        );
        assert_eq!(
            rows(&li, &contract).await,
            ["一 200 200 open", "二 400 400 open"]
        );
        let contract = now(&li, &contract).await;
        let ended = li
            .edit(
                "contracts",
                &contract,
                json!({ "state": "terminated", "termination_reason": "客户停产" }),
            )
            .await;
        assert_eq!(ended["closed_on"], "2026-06-15");
        assert_eq!(
            rows(&li, &contract).await,
            ["一 200 0 cancelled", "二 400 0 cancelled"]
        );
    })
    .await;
}

#[tokio::test]
async fn numbers_follow_the_organisations_pattern_and_may_be_typed() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let terms = async |body: Json| {
            let headers = [("content-type", "application/json")];
            let path = "/api/settings/contracts";
            admin.send(axum::http::Method::PATCH, path, &headers, body.to_string()).await
        };
        let wrong = terms(json!({ "number_pattern": "HT-{nn}-x" })).await;
        assert_eq!(wrong.errors(), ["/number_pattern not_a_pattern"]);
        assert_eq!(terms(json!({ "number_pattern": "销{yy}{mm}-{nnn}" })).await.status, 200);
        let li = world.as_person("li");
        let customer = li.customer("海川").await;
        let number = async |number: Json| {
            let body = json!({ "title": "合同", "customer_id": id_of(&customer), "amount": 1, "number": number });
            li.create("contracts", body).await["number"].as_str().unwrap().to_owned()
        };
        assert_eq!(number(Json::Null).await, "销2606-001");
        assert_eq!(number(json!("销2606-007")).await, "销2606-007");
        assert_eq!(number(Json::Null).await, "销2606-008");
        assert_eq!(number(json!("甲方编号 9")).await, "甲方编号 9");
    })
    .await;
}

#[tokio::test]
async fn closed_books_take_only_what_an_approver_writes_and_mark_it() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let headers = [("content-type", "application/json")];
        let body = json!({ "closed_until": "2026-05-31" }).to_string();
        let path = "/api/settings/contracts";
        let answer = admin.send(axum::http::Method::PATCH, path, &headers, body).await;
        assert_eq!(answer.json["closed_until"], "2026-05-31");
        let li = world.as_person("li");
        let customer = li.customer("海川").await;
        let signed = |day: &str| json!({ "title": "合同", "customer_id": id_of(&customer), "amount": 9, "signed_on": day });
        let refused = li.post("/api/contracts", signed("2026-05-31")).await;
        assert_eq!(refused.errors(), ["/signed_on books_closed"]);
        let open = li.create("contracts", signed("2026-06-01")).await;
        assert_eq!(open["is_backdated"], Json::Null);
        let path = format!("/api/contracts/{}", id_of(&open));
        let moved = li.patch(&path, version_of(&open), json!({ "signed_on": "2026-05-01" })).await;
        assert_eq!(moved.errors(), ["/signed_on books_closed"]);
        let late = admin.create("contracts", signed("2026-05-31")).await;
        assert_eq!(late["is_backdated"], true);
        let payment = json!({ "customer_id": id_of(&customer), "amount": 5, "received_on": "2026-05-30" });
        assert_eq!(admin.create("payments", payment).await["is_backdated"], true);
    })
    .await;
}
