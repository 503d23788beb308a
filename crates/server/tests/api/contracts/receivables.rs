//! Receivables by age, in scope only.

use serde_json::{Value as Json, json};

use super::contract;
use crate::support::{Client, DAY_MS, NOW_MS, each_database, id_of};

async fn ages(client: &Client, by: &str) -> Json {
    let answer = client.query("/api/receivables", &[("by", by)]).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

/// Amounts by age, in minor units.
fn figures(of: &Json) -> Vec<i64> {
    let ages = of["ages"].as_array().expect("ages");
    ages.iter()
        .map(|age| age["amount"]["amount_minor"].as_i64().expect("minor units"))
        .collect()
}

#[tokio::test]
async fn receivables_age_from_day_to_day_and_every_figure_opens_its_records() {
    each_database(async |world| {
        let li = world.as_person("li");
        let contract = contract(&li, "产线").await;
        let now = ages(&li, "customer").await;
        assert_eq!(figures(&now["total"]), [70_000, 30_000, 0, 0, 0]);
        assert_eq!(now["slices"][0]["key"], contract["customer_id"]);
        assert_eq!(now["slices"][0]["overdue"]["amount_minor"], 30_000);
        world.set_clock(NOW_MS + 20 * DAY_MS);
        // Sessions last a week or more, but a fresh one is sure.
        let li = world.fresh_session("li").await;
        let later = ages(&li, "person").await;
        assert_eq!(figures(&later["total"]), [40_000, 30_000, 30_000, 0, 0]);
        assert_eq!(later["slices"][0]["key"], contract["owner_id"]);
        for age in later["total"]["ages"].as_array().unwrap() {
            let rows = li
                .query(
                    "/api/instalments",
                    &[("filter", &age["filter"].to_string())],
                )
                .await
                .rows();
            let listed: i64 = rows
                .iter()
                .map(|row| row["open_amount"]["amount_minor"].as_i64().unwrap())
                .sum();
            assert_eq!(age["amount"]["amount_minor"], listed, "{}", age["age"]);
        }
    })
    .await;
}

#[tokio::test]
async fn receivables_count_what_is_in_scope_and_follow_the_contract_to_its_new_owner() {
    each_database(async |world| {
        let (li, qian) = (world.as_person("li"), world.as_person("qian"));
        let one = contract(&li, "在内").await;
        contract(&qian, "在外").await;
        for (person, total) in [
            ("li", 100_000),
            ("supervisor", 100_000),
            ("admin", 200_000),
            ("zhao", 0),
            ("support", 0),
        ] {
            let seen = ages(&world.as_person(person), "team").await;
            assert_eq!(seen["total"]["amount"]["amount_minor"], total, "{person}");
        }
        let supervisor = world.as_person("supervisor");
        supervisor
            .edit(
                "contracts",
                &one,
                json!({ "owner_id": crate::support::id("wang") }),
            )
            .await;
        assert_eq!(ages(&li, "person").await["total"]["count"], 0);
        let wang = ages(&world.as_person("wang"), "person").await;
        assert_eq!(wang["slices"][0]["key"], json!(crate::support::id("wang")));
        assert_eq!(wang["total"]["count"], 3);
        let plan = format!("/api/contracts/{}/plan", id_of(&one));
        assert_eq!(world.as_person("wang").get(&plan).await.rows().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_invoice_follows_its_contract_and_who_sells_only_asks_for_one() {
    each_database(async |world| {
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        let contract = contract(&li, "产线").await;
        let body = |number: &str| json!({ "number": number, "contract_id": id_of(&contract), "amount": 30_000 });
        let asked = li.create("invoices", body("申请一")).await;
        assert_eq!((&asked["state"], &asked["issued_on"]), (&json!("requested"), &Json::Null));
        let issued = admin.create("invoices", body("25312000")).await;
        assert_eq!(issued["issued_on"], "2026-06-15");
        assert_eq!(issued["customer_id"], contract["customer_id"]);
        let now = super::now(&li, &contract).await;
        assert_eq!(now["invoiced_amount"]["amount_minor"], 30_000);
        admin.edit("invoices", &issued, json!({ "state": "voided" })).await;
        let now = super::now(&li, &contract).await;
        assert_eq!(now["invoiced_amount"]["amount_minor"], 0);
        let gone = world.as_person("qian").get(&format!("/api/invoices/{}", id_of(&asked))).await;
        assert_eq!(gone.status, 404);
    })
    .await;
}

#[tokio::test]
async fn owners_are_reminded_before_and_after_an_instalment_is_due_and_once_only() {
    each_database(async |world| {
        let li = world.as_person("li");
        contract(&li, "产线").await;
        let told = async |client: &Client| -> Vec<(String, String)> {
            let rows = client.get("/api/notifications").await.rows();
            rows.iter()
                .map(|row| {
                    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
                    (text("kind"), text("text"))
                })
                .filter(|(kind, _)| kind.starts_with("instalment"))
                .collect()
        };
        let due = (
            "instalment_due".to_owned(),
            "“产线”快到付款日：到货款 · 300.00 CNY · 2026-06-20".to_owned(),
        );
        let overdue = (
            "instalment_overdue".to_owned(),
            "“产线”有逾期应收：到货款 · 300.00 CNY · 2026-06-20".to_owned(),
        );
        // Five days before: the reminder of a week before, made up for. What was due two weeks ago has had its days.
        world.run_jobs().await;
        assert_eq!(told(&li).await, std::slice::from_ref(&due));
        for hours in [0, 1] {
            world.set_clock(NOW_MS + 6 * DAY_MS + hours * DAY_MS / 24);
            world.run_jobs().await;
        }
        let li = world.fresh_session("li").await;
        assert_eq!(told(&li).await, [overdue, due]);
    })
    .await;
}

#[tokio::test]
async fn an_overdue_instalment_is_suggested_until_something_is_planned_there() {
    each_database(async |world| {
        let li = world.as_person("li");
        let contract = contract(&li, "产线").await;
        let found = async || {
            let day = li.get("/api/today").await.json;
            let all = day["suggestions"].as_array().cloned().unwrap_or_default();
            all.into_iter()
                .find(|one| one["rule"] == "instalment_overdue")
        };
        let one = found().await.expect("a suggestion");
        assert_eq!(one["record_id"], contract["id"]);
        assert_eq!(one["reason"]["params"]["days"], 14);
        assert_eq!(one["reason"]["params"]["customer"], "产线客户");
        assert_eq!(
            one["action"]["prefill"]["customer_id"],
            contract["customer_id"]
        );
        let kinds = li.get("/api/activity_kinds").await.rows();
        let call = kinds
            .iter()
            .find(|kind| kind["code"] == "call")
            .expect("calls");
        let plan = json!({ "kind_id": call["id"], "customer_id": contract["customer_id"],
            "planned_start_at": "2026-06-16T02:00:00Z" });
        li.create("activities", plan).await;
        assert_eq!(found().await, None);
    })
    .await;
}
