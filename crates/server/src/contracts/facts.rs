//! Contracts, instalments and payments as the figures see them.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::NaiveDate;
use platform::clock::Clock;
use platform::db::col;
use platform::facts::{FactsOf, Follow, FollowedBy};
use platform::problem::Result;
use rules::contracts::facts::{
    Area, Contract, Figured, Kind, of_contract, of_instalment, of_payment, runs,
};
use rules::contracts::{InstalmentState, State};
use rules::facts::{Fact, RollUp};
use rules::funnel::facts::Span;
use rules::metrics::families::{CONTRACT_ROLL_UPS, INSTALMENT_ROLL_UPS, PAYMENT_ROLL_UPS, city_of};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::{CONTRACTS, INSTALMENTS, MATCHES, PAYMENTS};
use crate::opportunities::{CUSTOMER_FOLLOWED, lines};
use crate::organisation::former_owners::tenures;

/// Rows of these columns, with class and region of the customer at the end.
async fn rows(
    tx: &DatabaseTransaction,
    table: &'static str,
    columns: &[&'static str],
    ids: &[Uuid],
) -> Result<Vec<QueryResult>> {
    let of = |table: &'static str, name: &'static str| (Alias::new(table), Alias::new(name));
    let select = Query::select()
        .columns(columns.iter().map(|name| of(table, name)))
        .columns(["class", "region"].map(|name| of("customer", name)))
        .from(Alias::new(table))
        .left_join(
            Alias::new("customer"),
            Expr::col(of("customer", "id")).equals(of(table, "customer_id")),
        )
        .and_where(Expr::col(of(table, "id")).is_in(ids.iter().copied()))
        .to_owned();
    Ok(tx.query_all(&select).await?)
}

fn day(row: &QueryResult, place: usize) -> Result<Option<NaiveDate>> {
    let text: Option<String> = row.try_get_by_index(place)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Class and region from a place on.
fn area(row: &QueryResult, place: usize) -> Result<Area> {
    let text = |place: usize| -> Result<String> {
        let text: Option<String> = row.try_get_by_index(place)?;
        Ok(text.unwrap_or_default())
    };
    Ok(Area {
        class: text(place)?,
        region: city_of(&text(place + 1)?),
    })
}

pub struct ContractFacts;

const OF_CONTRACT: [&str; 11] = [
    "id",
    "owner_id",
    "state",
    "kind",
    "signed_on",
    "starts_on",
    "ends_on",
    "closed_on",
    "amount",
    "signed_owner_id",
    "opportunity_id",
];
const CONTRACT_FIELDS: [&str; 11] = {
    let mut fields = OF_CONTRACT;
    fields[0] = "customer_id";
    fields
};

/// A contract of a row, without whose it was and what it is about.
fn contract_of(row: &QueryResult) -> Result<Contract> {
    let state: String = row.try_get_by_index(2)?;
    let kind: String = row.try_get_by_index(3)?;
    Ok(Contract {
        state: State::from_code(&state).unwrap_or(State::Draft),
        kind: Kind::from_code(&kind),
        signed_on: day(row, 4)?,
        starts_on: day(row, 5)?,
        ends_on: day(row, 6)?,
        closed_on: day(row, 7)?,
        amount_minor: row.try_get_by_index(8)?,
        signed_owner: row.try_get_by_index(9)?,
        tenures: Vec::new(),
        area: Area::default(),
        lines: Vec::new(),
    })
}

/// What a customer's facts follow from of its contracts.
pub const OF_CUSTOMER: Follow = Follow {
    resource: CONTRACTS,
    fields: &[
        "customer_id",
        "state",
        "signed_on",
        "starts_on",
        "ends_on",
        "closed_on",
    ],
    by: FollowedBy::Named("customer_id"),
};

/// From when and until when the contracts of customers run.
pub async fn spans(
    tx: &DatabaseTransaction,
    customers: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Span>>> {
    let select = Query::select()
        .columns(OF_CONTRACT.map(Alias::new))
        .column(Alias::new("customer_id"))
        .from(Alias::new("contract"))
        .and_where(col("customer_id").is_in(customers.iter().copied()))
        .to_owned();
    let mut spans: HashMap<Uuid, Vec<Span>> = HashMap::new();
    for row in tx.query_all(&select).await? {
        if let Some(span) = runs(&contract_of(&row)?) {
            let customer = row.try_get_by_index(OF_CONTRACT.len())?;
            spans.entry(customer).or_default().push(span);
        }
    }
    Ok(spans)
}

#[async_trait]
impl FactsOf for ContractFacts {
    fn resource(&self) -> &'static str {
        CONTRACTS
    }

    fn revision(&self) -> u32 {
        2
    }

    fn fields(&self) -> &'static [&'static str] {
        &CONTRACT_FIELDS
    }

    fn follows(&self) -> &'static [Follow] {
        &[
            CUSTOMER_FOLLOWED,
            Follow {
                resource: "opportunity_lines",
                fields: &["opportunity_id", "product_id", "amount"],
                by: FollowedBy::Sharing("opportunity_id"),
            },
            Follow {
                resource: "products",
                fields: &["line_id"],
                by: FollowedBy::Beyond {
                    field: "opportunity_id",
                    table: "opportunity_line",
                    key: "opportunity_id",
                    column: "product_id",
                },
            },
        ]
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &CONTRACT_ROLL_UPS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let former = tenures(tx, ids).await?;
        let rows = rows(tx, "contract", &OF_CONTRACT, ids).await?;
        let opportunity_of =
            |row: &QueryResult| -> Result<Option<Uuid>> { Ok(row.try_get_by_index(10)?) };
        let mut opportunities = Vec::new();
        for row in &rows {
            opportunities.extend(opportunity_of(row)?);
        }
        let lines = match opportunities.is_empty() {
            true => HashMap::new(),
            false => lines(tx, &opportunities).await?,
        };
        let mut facts = Vec::new();
        for row in &rows {
            let sold = opportunity_of(row)?.and_then(|id| lines.get(&id)).cloned();
            facts.extend(of_contract(&Contract {
                tenures: former.of(row.try_get_by_index(0)?, row.try_get_by_index(1)?),
                area: area(row, OF_CONTRACT.len())?,
                lines: sold.unwrap_or_default(),
                ..contract_of(row)?
            }));
        }
        Ok(facts)
    }
}

pub struct InstalmentFacts;

const OF_INSTALMENT: [&str; 7] = [
    "id",
    "contract_id",
    "owner_id",
    "state",
    "due_on",
    "amount",
    "due_owner_id",
];
const INSTALMENT_FIELDS: [&str; 7] = {
    let mut fields = OF_INSTALMENT;
    fields[0] = "customer_id";
    fields
};

#[async_trait]
impl FactsOf for InstalmentFacts {
    fn resource(&self) -> &'static str {
        INSTALMENTS
    }

    fn revision(&self) -> u32 {
        2
    }

    fn fields(&self) -> &'static [&'static str] {
        &INSTALMENT_FIELDS
    }

    fn follows(&self) -> &'static [Follow] {
        &[
            CUSTOMER_FOLLOWED,
            // It goes with its contract; whose that was before stands beside the contract.
            Follow {
                resource: CONTRACTS,
                fields: &["owner_id"],
                by: FollowedBy::Naming("contract_id"),
            },
            Follow {
                resource: MATCHES,
                fields: &["instalment_id", "amount", "received_on"],
                by: FollowedBy::Named("instalment_id"),
            },
        ]
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &INSTALMENT_ROLL_UPS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let rows = rows(tx, "instalment", &OF_INSTALMENT, ids).await?;
        let contracts: Vec<Uuid> = rows
            .iter()
            .map(|row| row.try_get_by_index(1))
            .collect::<std::result::Result<_, _>>()?;
        let former = tenures(tx, &contracts).await?;
        let paid = paid(tx, ids).await?;
        let mut facts = Vec::new();
        for row in &rows {
            let state: String = row.try_get_by_index(3)?;
            let (Some(state), Some(due_on)) = (InstalmentState::from_code(&state), day(row, 4)?)
            else {
                continue;
            };
            let id: Uuid = row.try_get_by_index(0)?;
            facts.extend(of_instalment(&Figured {
                state,
                due_on,
                due_owner: row.try_get_by_index(6)?,
                tenures: former.of(row.try_get_by_index(1)?, row.try_get_by_index(2)?),
                area: area(row, OF_INSTALMENT.len())?,
                amount_minor: row.try_get_by_index(5)?,
                paid: paid.get(&id).cloned().unwrap_or_default(),
            }));
        }
        Ok(facts)
    }
}

/// What was paid of instalments on which day (minor units).
async fn paid(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(NaiveDate, i64)>>> {
    let select = Query::select()
        .columns(["instalment_id", "received_on", "amount"].map(Alias::new))
        .from(Alias::new("payment_match"))
        .and_where(col("instalment_id").is_in(ids.iter().copied()))
        .to_owned();
    let mut paid: HashMap<Uuid, Vec<(NaiveDate, i64)>> = HashMap::new();
    for row in tx.query_all(&select).await? {
        if let Some(on) = day(&row, 1)? {
            let of = paid.entry(row.try_get_by_index(0)?).or_default();
            of.push((on, row.try_get_by_index(2)?));
        }
    }
    Ok(paid)
}

pub struct PaymentFacts;

const OF_PAYMENT: [&str; 4] = ["customer_id", "owner_id", "received_on", "amount"];

#[async_trait]
impl FactsOf for PaymentFacts {
    fn resource(&self) -> &'static str {
        PAYMENTS
    }

    fn revision(&self) -> u32 {
        2
    }

    fn fields(&self) -> &'static [&'static str] {
        &OF_PAYMENT
    }

    fn follows(&self) -> &'static [Follow] {
        &[CUSTOMER_FOLLOWED]
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &PAYMENT_ROLL_UPS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let mut facts = Vec::new();
        for row in rows(tx, "payment", &OF_PAYMENT, ids).await? {
            let Some(received_on) = day(&row, 2)? else {
                continue;
            };
            let (owner, amount) = (row.try_get_by_index(1)?, row.try_get_by_index(3)?);
            let area = area(&row, OF_PAYMENT.len())?;
            facts.push(of_payment(received_on, owner, &area, amount));
        }
        Ok(facts)
    }
}
