//! Opportunities as the figures see them, with their way through the stages.

use std::collections::HashMap;

use async_trait::async_trait;
use platform::clock::Clock;
use platform::db::col;
use platform::facts::{FactsOf, Follow, FollowedBy};
use platform::problem::Result;
use rules::facts::{Fact, RollUp};
use rules::metrics::families::city_of;
use rules::opportunities::Outcome;
use rules::opportunities::facts::{Figured, ROLL_UPS, StageEntry, facts_of};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::history::TABLE;
use crate::organisation::former_owners::tenures;

pub struct OpportunityFacts;

const COLUMNS: [&str; 13] = [
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
    "first_owner_id",
    "closed_owner_id",
];

/// Fields from which the facts follow, besides those of the customer and the lines.
const FIELDS: [&str; 13] = {
    let mut fields = COLUMNS;
    fields[0] = "customer_id";
    fields
};

/// How a customer and what it buys are parted.
pub const CUSTOMER: Follow = Follow {
    resource: "customers",
    fields: &["class", "region"],
    by: FollowedBy::Naming("customer_id"),
};

#[async_trait]
impl FactsOf for OpportunityFacts {
    fn resource(&self) -> &'static str {
        "opportunities"
    }

    fn revision(&self) -> u32 {
        2
    }

    fn fields(&self) -> &'static [&'static str] {
        &FIELDS
    }

    fn follows(&self) -> &'static [Follow] {
        &[
            CUSTOMER,
            Follow {
                resource: "opportunity_lines",
                fields: &["opportunity_id", "product_id", "amount"],
                by: FollowedBy::Named("opportunity_id"),
            },
            Follow {
                resource: "products",
                fields: &["line_id"],
                by: FollowedBy::Beside {
                    table: "opportunity_line",
                    key: "opportunity_id",
                    column: "product_id",
                },
            },
        ]
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
        let former = tenures(tx, ids).await?;
        let mut lines = lines(tx, ids).await?;
        let of = |table: &'static str, name: &'static str| (Alias::new(table), Alias::new(name));
        let select = Query::select()
            .columns(COLUMNS.map(|name| of("opportunity", name)))
            .columns(["class", "region"].map(|name| of("customer", name)))
            .from(Alias::new("opportunity"))
            .left_join(
                Alias::new("customer"),
                Expr::col(of("customer", "id")).equals(of("opportunity", "customer_id")),
            )
            .and_where(Expr::col(of("opportunity", "id")).is_in(ids.iter().copied()))
            .to_owned();
        let mut facts = Vec::new();
        for row in tx.query_all(&select).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            let way = ways.remove(&id).unwrap_or_default();
            let mut figured = figured(&row, clock)?;
            figured.tenures = former.of(id, figured.owner);
            figured.lines = lines.remove(&id).unwrap_or_default();
            facts.extend(facts_of(&figured, &way));
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
    let text = |i: usize| -> Result<String> {
        Ok(row
            .try_get_by_index::<Option<String>>(i)?
            .unwrap_or_default())
    };
    Ok(Figured {
        owner: row.try_get_by_index(1)?,
        first_owner: row.try_get_by_index(11)?,
        closed_owner: row.try_get_by_index(12)?,
        tenures: Vec::new(),
        class: text(13)?,
        region: city_of(&text(14)?),
        lines: Vec::new(),
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

pub type Lines = HashMap<Uuid, Vec<(Uuid, Option<Uuid>, i64)>>;

/// What opportunities are about: product, line of products, amount.
pub async fn lines(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<Lines> {
    let of = |table: &'static str, name: &'static str| (Alias::new(table), Alias::new(name));
    let line = "opportunity_line";
    let select = Query::select()
        .columns(["opportunity_id", "product_id"].map(|name| of(line, name)))
        .column(of("product", "line_id"))
        .column(of(line, "amount"))
        .from(Alias::new(line))
        .left_join(
            Alias::new("product"),
            Expr::col(of("product", "id")).equals(of(line, "product_id")),
        )
        .and_where(Expr::col(of(line, "opportunity_id")).is_in(ids.iter().copied()))
        .to_owned();
    let mut lines = Lines::new();
    for row in tx.query_all(&select).await? {
        let sold = (
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
            row.try_get_by_index(3)?,
        );
        lines
            .entry(row.try_get_by_index(0)?)
            .or_default()
            .push(sold);
    }
    Ok(lines)
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
