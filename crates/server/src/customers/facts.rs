//! Customers as the figures see them.

use async_trait::async_trait;
use platform::clock::Clock;
use platform::db::col;
use platform::facts::FactsOf;
use platform::problem::Result;
use rules::facts::{Fact, RollUp};
use rules::funnel::{CUSTOMERS, CUSTOMERS_BY_OWNER, facts_of};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

pub struct CustomerFacts;

#[async_trait]
impl FactsOf for CustomerFacts {
    fn resource(&self) -> &'static str {
        "customers"
    }

    fn revision(&self) -> u32 {
        1
    }

    fn fields(&self) -> &'static [&'static str] {
        &["funnel_level", "owner_id"]
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &[CUSTOMERS, CUSTOMERS_BY_OWNER]
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let select = Query::select()
            .columns(["funnel_level", "owner_id"].map(Alias::new))
            .from(Alias::new("customer"))
            .and_where(col("id").is_in(ids.iter().copied()))
            .to_owned();
        let mut facts = Vec::new();
        for row in tx.query_all(&select).await? {
            let level: String = row.try_get_by_index(0)?;
            facts.extend(facts_of(&level, row.try_get_by_index(1)?));
        }
        Ok(facts)
    }
}
