//! Customers as the figures see them.

use std::collections::HashMap;

use async_trait::async_trait;
use platform::clock::Clock;
use platform::db::col;
use platform::facts::{FactsOf, Follow};
use platform::problem::Result;
use rules::facts::{Fact, RollUp};
use rules::funnel::FunnelLevel;
use rules::funnel::facts::{Figured, ROLL_UPS, Reach, facts_of};
use rules::metrics::families::city_of;
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::contracts::{RUNS, spans};
use crate::organisation::former_owners::tenures;

pub struct CustomerFacts;

const COLUMNS: [&str; 5] = ["id", "funnel_level", "owner_id", "class", "region"];

#[async_trait]
impl FactsOf for CustomerFacts {
    fn resource(&self) -> &'static str {
        "customers"
    }

    fn revision(&self) -> u32 {
        3
    }

    fn fields(&self) -> &'static [&'static str] {
        &COLUMNS
    }

    fn follows(&self) -> &'static [Follow] {
        &[RUNS]
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &ROLL_UPS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let mut reaches = reaches(tx, ids).await?;
        let mut spans = spans(tx, ids).await?;
        let former = tenures(tx, ids).await?;
        let select = Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("customer"))
            .and_where(col("id").is_in(ids.iter().copied()))
            .to_owned();
        let mut facts = Vec::new();
        for row in tx.query_all(&select).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            let text = |i: usize| row.try_get_by_index::<Option<String>>(i);
            let customer = Figured {
                level: row.try_get_by_index(1)?,
                tenures: former.of(id, row.try_get_by_index(2)?),
                class: text(3)?.unwrap_or_default(),
                region: city_of(&text(4)?.unwrap_or_default()),
                contracts: spans.remove(&id).unwrap_or_default(),
            };
            let reaches = reaches.remove(&id).unwrap_or_default();
            facts.extend(facts_of(&customer, &reaches));
        }
        Ok(facts)
    }
}

/// When customers reached which level.
async fn reaches(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Reach>>> {
    let columns = ["customer_id", "level", "reached_on", "person_id"];
    let select = Query::select()
        .columns(columns.map(Alias::new))
        .from(Alias::new("funnel_reach"))
        .and_where(col("customer_id").is_in(ids.iter().copied()))
        .to_owned();
    let mut reaches: HashMap<Uuid, Vec<Reach>> = HashMap::new();
    for row in tx.query_all(&select).await? {
        let level: String = row.try_get_by_index(1)?;
        let on: String = row.try_get_by_index(2)?;
        if let (Some(level), Ok(on)) = (FunnelLevel::from_code(&level), on.parse()) {
            let person = row.try_get_by_index(3)?;
            let reach = Reach { level, on, person };
            reaches
                .entry(row.try_get_by_index(0)?)
                .or_default()
                .push(reach);
        }
    }
    Ok(reaches)
}
