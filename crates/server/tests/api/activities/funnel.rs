//! What visits say about their customer.

use serde_json::{Value as Json, json};

use super::{acted, at, create, planned};
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id_of};

async fn level(client: &Client, customer: &Json) -> String {
    let row = client
        .get(&format!("/api/customers/{}", id_of(customer)))
        .await
        .json;
    row["funnel_level"].as_str().unwrap_or_default().to_owned()
}

/// The day on which a customer first reached a level.
async fn reached_on(world: &World, customer: &Json, level: &str) -> Option<String> {
    use sea_orm::sea_query::{Alias, ExprTrait, Query};
    let select = Query::select()
        .column(Alias::new("reached_on"))
        .from(Alias::new("funnel_reach"))
        .and_where(platform::db::col("customer_id").eq(id_of(customer)))
        .and_where(platform::db::col("level").eq(level))
        .to_owned();
    let row = world.app.db.one(&select).await.expect("the row");
    row.map(|row| row.try_get_by_index(0).expect("a day"))
}

#[tokio::test]
async fn the_first_effective_visit_engages_the_customer_on_its_day() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let visit = |kind: &'static str, outcome: &str| {
            let body = json!({
                "state": "done", "customer_id": id_of(&customer), "outcome": outcome,
                "started_at": at(NOW_MS - 2 * DAY_MS),
            });
            create(&li, kind, body)
        };
        visit("first", "not_effective").await;
        visit("call", "effective").await;
        assert_eq!(level(&li, &customer).await, "prospect");
        visit("first", "effective").await;
        assert_eq!(level(&li, &customer).await, "engaged");
        assert_eq!(
            reached_on(world, &customer, "engaged").await.as_deref(),
            Some("2026-06-13")
        );
    })
    .await;
}

#[tokio::test]
async fn an_outcome_that_is_said_later_counts_and_is_taken_back_with_its_change() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let row = planned(&li, &customer, -2.0).await;
        let row = acted(&li, &row, "finish", json!({ "outcome": "effective" })).await;
        assert_eq!(level(&li, &customer).await, "engaged");
        let answer = li
            .patch(&super::path(&row), 2, json!({ "intention_reached": true }))
            .await;
        assert_eq!(level(&li, &customer).await, "intention");
        let batch = answer.batch();
        let undone = li
            .post(&format!("/api/ledger/{batch}/undo"), json!({}))
            .await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        assert_eq!(level(&li, &customer).await, "engaged");
        assert_eq!(reached_on(world, &customer, "intention").await, None);
    })
    .await;
}
