//! Opportunities as the figures see them, with their way through the stages.

use std::collections::HashMap;

use async_trait::async_trait;
use platform::clock::Clock;
use platform::db::col;
use platform::facts::FactsOf;
use platform::problem::Result;
use rules::facts::{Fact, RollUp};
use rules::opportunities::Outcome;
use rules::opportunities::facts::{Figured, ROLL_UPS, StageEntry, facts_of};
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::history::TABLE;

pub struct OpportunityFacts;

const COLUMNS: [&str; 11] = [
    "id",
    "owner_id",
    "process_id",
    "stage_id",
    "outcome",
    "amount",
    "weighted_amount",
    "expected_close_on",
    "created_at",
    "closed_on",
    "loss_reason",
];

#[async_trait]
impl FactsOf for OpportunityFacts {
    fn resource(&self) -> &'static str {
        "opportunities"
    }

    fn revision(&self) -> u32 {
        1
    }

    fn fields(&self) -> &'static [&'static str] {
        &COLUMNS
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &ROLL_UPS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let mut ways = ways(tx, clock, ids).await?;
        let select = Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("opportunity"))
            .and_where(col("id").is_in(ids.iter().copied()))
            .to_owned();
        let mut facts = Vec::new();
        for row in tx.query_all(&select).await? {
            let way = ways.remove(&row.try_get_by_index(0)?).unwrap_or_default();
            facts.extend(facts_of(&figured(&row, clock)?, &way));
        }
        Ok(facts)
    }
}

fn figured(row: &QueryResult, clock: &Clock) -> Result<Figured> {
    let int = |i: usize| row.try_get_by_index::<Option<i64>>(i);
    let day = |i: usize| -> Result<Option<chrono::NaiveDate>> {
        let text: Option<String> = row.try_get_by_index(i)?;
        Ok(text.and_then(|text| text.parse().ok()))
    };
    let outcome: String = row.try_get_by_index(4)?;
    Ok(Figured {
        owner: row.try_get_by_index(1)?,
        process: row.try_get_by_index(2)?,
        stage: row.try_get_by_index(3)?,
        outcome: Outcome::from_code(&outcome).unwrap_or(Outcome::Open),
        amount: int(5)?.unwrap_or_default(),
        weighted_amount: int(6)?.unwrap_or_default(),
        expected_close_on: day(7)?,
        created_on: clock.day_of(row.try_get_by_index(8)?),
        closed_on: day(9)?,
        loss_reason: row.try_get_by_index(10)?,
    })
}

/// The ways of opportunities, each in the order of time.
async fn ways(
    tx: &DatabaseTransaction,
    clock: &Clock,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<StageEntry>>> {
    let columns = [
        "opportunity_id",
        "stage_id",
        "entered_at",
        "left_at",
        "passed_at",
    ];
    let select = Query::select()
        .columns(columns.map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(col("opportunity_id").is_in(ids.iter().copied()))
        .order_by(Alias::new("opportunity_id"), Order::Asc)
        .order_by(Alias::new("entered_at"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    let mut ways: HashMap<Uuid, Vec<StageEntry>> = HashMap::new();
    for row in tx.query_all(&select).await? {
        let entered_at: i64 = row.try_get_by_index(2)?;
        let left_at: Option<i64> = row.try_get_by_index(3)?;
        let passed_at: Option<i64> = row.try_get_by_index(4)?;
        ways.entry(row.try_get_by_index(0)?)
            .or_default()
            .push(StageEntry {
                stage: row.try_get_by_index(1)?,
                entered_on: clock.day_of(entered_at),
                stayed_ms: left_at.map(|left_at| left_at - entered_at),
                has_passed: passed_at.is_some(),
            });
    }
    Ok(ways)
}
