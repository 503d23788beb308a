//! Payments, and the instalments that they settle.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{contract, now, rows};
use crate::support::{Answer, Client, each_database, id_of, version_of};

async fn payment(client: &Client, contract: &Json, amount: i64, more: Json) -> Json {
    let mut body = json!({ "customer_id": contract["customer_id"], "amount": amount, "received_on": "2026-06-10" });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    client.create("payments", body).await
}

async fn matched(client: &Client, payment: &Json, shares: &[(Uuid, i64)]) -> Answer {
    let shares: Vec<Json> = shares
        .iter()
        .map(|(id, minor)| json!({ "instalment_id": id, "amount_minor": minor }))
        .collect();
    let path = format!("/api/payments/{}/matches", id_of(payment));
    client
        .clone()
        .with("if-match", &format!("\"{}\"", version_of(payment)))
        .post(&path, json!({ "matches": shares }))
        .await
}

async fn instalments(client: &Client, contract: &Json) -> Vec<Uuid> {
    let path = format!("/api/contracts/{}/plan", id_of(contract));
    client.get(&path).await.rows().iter().map(id_of).collect()
}

#[tokio::test]
async fn a_payment_settles_partly_over_and_several_and_what_is_left_stays_unmatched() {
    each_database(async |world| {
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        let contract = contract(&li, "产线").await;
        let plan = instalments(&li, &contract).await;
        let paid = payment(&admin, &contract, 50_000, json!({})).await;
        // It belongs to whoever has the customer, not to who recorded it.
        assert_eq!(paid["owner_id"], contract["owner_id"]);
        assert_eq!(paid["number"], "P-2026-000001");
        let answer = matched(&admin, &paid, &[(plan[0], 30_000), (plan[1], 10_000)]).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        assert_eq!(answer.json["open_amount"]["amount_minor"], 10_000);
        assert_eq!(
            rows(&li, &contract).await,
            [
                "预付款 30000 0 settled",
                "到货款 30000 20000 open",
                "尾款 40000 40000 open"
            ]
        );
        let contract_now = now(&li, &contract).await;
        assert_eq!(contract_now["received_amount"]["amount_minor"], 40_000);

        // Neither more than is open, nor more than is left.
        let above = matched(&admin, &answer.json, &[(plan[1], 20_001)]).await;
        assert_eq!(above.errors(), ["/matches/0/amount_minor above_payment"]);
        let more = payment(&admin, &contract, 90_000, json!({})).await;
        let above = matched(&admin, &more, &[(plan[1], 20_001)]).await;
        assert_eq!(above.errors(), ["/matches/0/amount_minor above_instalment"]);
        for wrong in [0, -5] {
            let answer = matched(&admin, &more, &[(plan[1], wrong)]).await;
            assert_eq!(answer.errors(), ["/matches/0/amount_minor not_positive"]);
        }
        let other = super::contract(&li, "别家").await;
        let theirs = instalments(&li, &other).await;
        let answer = matched(&admin, &more, &[(theirs[0], 1)]).await;
        assert_eq!(answer.errors(), ["/matches/0/instalment_id other_customer"]);
    })
    .await;
}

#[tokio::test]
async fn a_match_is_taken_back_and_everything_is_open_again() {
    each_database(async |world| {
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        let contract = contract(&li, "产线").await;
        let plan = instalments(&li, &contract).await;
        let paid = payment(&admin, &contract, 30_000, json!({})).await;
        let answer = matched(&admin, &paid, &[(plan[0], 30_000)]).await;
        let batch = answer.batch();
        let filter =
            json!({ "field": "payment_id", "op": "in", "value": [id_of(&paid)] }).to_string();
        let known = admin
            .query("/api/payment_matches", &[("filter", &filter)])
            .await
            .rows();
        assert_eq!(known[0]["received_on"], "2026-06-10");
        // An instalment with money received can't go.
        let now_row = now(&li, &contract).await;
        let whole =
            json!({ "rows": [{ "condition": "全款", "due_on": "2026-07-01", "amount": 100_000 }] });
        assert_eq!(
            super::plan(&li, &now_row, whole).await.code(),
            "still_referenced"
        );
        let path = format!(
            "/api/payments/{}/matches/{}",
            id_of(&paid),
            id_of(&known[0])
        );
        let back = admin.delete(&path, 0).await;
        assert_eq!(
            back.json["open_amount"]["amount_minor"], 30_000,
            "{:?}",
            back.json
        );
        assert_eq!(rows(&li, &contract).await[0], "预付款 30000 30000 open");
        assert_eq!(
            now(&li, &contract).await["received_amount"]["amount_minor"],
            0
        );

        // The ledger's undo comes to the same.
        let again = matched(&admin, &back.json, &[(plan[0], 30_000)]).await;
        assert_ne!(again.batch(), batch);
        let undone = admin
            .post(&format!("/api/ledger/{}/undo", again.batch()), json!({}))
            .await;
        assert!(undone.status < 300, "{:?}", undone.json);
        assert_eq!(rows(&li, &contract).await[0], "预付款 30000 30000 open");
    })
    .await;
}

#[tokio::test]
async fn a_proposal_goes_by_the_exact_amount_then_the_reference_then_the_oldest() {
    each_database(async |world| {
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        let contract = contract(&li, "产线").await;
        let plan = instalments(&li, &contract).await;
        for (amount, reference, expected) in [
            (40_000, "", vec![(plan[2], 40_000, "amount")]),
            (
                35_000,
                "HT 2026 0001",
                vec![
                    (plan[0], 30_000, "reference"),
                    (plan[1], 5_000, "reference"),
                ],
            ),
            (
                35_000,
                "货款",
                vec![(plan[0], 30_000, "oldest"), (plan[1], 5_000, "oldest")],
            ),
        ] {
            let paid = payment(&admin, &contract, amount, json!({ "reference": reference })).await;
            let answer = admin
                .get(&format!("/api/payments/{}/proposal", id_of(&paid)))
                .await;
            let rows: Vec<(String, i64, String)> = answer
                .rows()
                .iter()
                .map(|row| {
                    (
                        row["instalment_id"].as_str().unwrap().to_owned(),
                        row["amount"]["amount_minor"].as_i64().unwrap(),
                        row["because"].as_str().unwrap().to_owned(),
                    )
                })
                .collect();
            let expected: Vec<(String, i64, String)> = expected
                .into_iter()
                .map(|(id, minor, because)| (id.to_string(), minor, because.to_owned()))
                .collect();
            assert_eq!(rows, expected, "{amount} {reference}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_payment_for_a_contract_is_matched_at_once_and_one_that_is_too_large_is_warned_of() {
    each_database(async |world| {
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        let contract = contract(&li, "产线").await;
        let body = json!({ "contract_id": id_of(&contract), "amount": 120_000, "received_on": "2026-06-10" });
        let answer = admin.post("/api/payments", body).await;
        assert_eq!(answer.status, 201, "{:?}", answer.json);
        assert_eq!(answer.json["warnings"][0]["code"], "payment_above_open");
        assert_eq!(answer.json["warnings"][0]["params"]["over"], "200.00 CNY");
        let paid = admin
            .get(&format!("/api/payments/{}", id_of(&answer.json)))
            .await
            .json;
        assert_eq!(paid["open_amount"]["amount_minor"], 20_000);
        assert!(rows(&li, &contract).await.iter().all(|row| row.ends_with("settled")));
        // What is matched holds the amount and the customer.
        let path = format!("/api/payments/{}", id_of(&paid));
        let less = admin.patch(&path, version_of(&paid), json!({ "amount": 99_999 })).await;
        assert_eq!(less.errors(), ["/amount below_matched"]);
        let other = admin.customer("另一家").await;
        let moved = admin
            .patch(&path, version_of(&paid), json!({ "customer_id": id_of(&other), "contract_id": null }))
            .await;
        assert_eq!(moved.errors(), ["/customer_id already_matched"]);
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_more_than_nothing_of_today_or_before_and_has_a_rate_in_another_currency() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let customer = admin.customer("海川").await;
        for (more, expected) in [
            (json!({ "amount": -1 }), "/amount negative"),
            (json!({ "amount": 0 }), "/amount not_positive"),
            (json!({ "received_on": "2026-06-16" }), "/received_on in_future"),
            (json!({ "currency": "USD", "own_amount": 5, "rate_on": "2026-06-01" }), "/rate rate_missing"),
            (json!({ "customer_id": null }), "/customer_id required"),
        ] {
            let mut body = json!({ "customer_id": id_of(&customer), "amount": 100, "received_on": "2026-06-10" });
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            let answer = admin.post("/api/payments", body).await;
            assert_eq!((answer.status, answer.errors()), (422, vec![expected.to_owned()]));
        }
    })
    .await;
}

#[tokio::test]
async fn imported_payments_that_name_their_contract_are_matched_one_after_the_other() {
    each_database(async |world| {
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        let contract = contract(&li, "产线").await;
        let _jobs = crate::imports::wizard::Jobs::of(world);
        let number = contract["number"].as_str().unwrap();
        let file = format!(
            "到账日期,合同,回款金额,付款方\n2026-06-02,{number},200.00,海川\n2026-06-03,{number},200.00,海川\n"
        );
        let uploaded = crate::imports::wizard::upload(&admin, "payments", "rows.csv", file).await;
        let state = crate::imports::wizard::run(&admin, &uploaded, &uploaded["mapping"]).await;
        assert_eq!(state["state"], "done", "{state:#}");
        assert_eq!(
            rows(&li, &contract).await,
            ["预付款 30000 0 settled", "到货款 30000 20000 open", "尾款 40000 40000 open"]
        );
    })
    .await;
}
