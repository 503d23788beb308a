//! Contracts, instalments and payments as the figures see them.

use async_trait::async_trait;
use platform::clock::Clock;
use platform::db::col;
use platform::facts::FactsOf;
use platform::problem::Result;
use rules::contracts::facts::{
    Figured, OF_CONTRACTS, OF_INSTALMENTS, OF_PAYMENTS, of_contract, of_instalment, of_payment,
};
use rules::contracts::{InstalmentState, State};
use rules::facts::{Fact, RollUp};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use super::{CONTRACTS, INSTALMENTS, PAYMENTS};

async fn rows(
    tx: &DatabaseTransaction,
    table: &'static str,
    columns: &[&'static str],
    ids: &[Uuid],
) -> Result<Vec<QueryResult>> {
    let select = Query::select()
        .columns(columns.iter().map(|name| Alias::new(*name)))
        .from(Alias::new(table))
        .and_where(col("id").is_in(ids.iter().copied()))
        .to_owned();
    Ok(tx.query_all(&select).await?)
}

fn day(row: &QueryResult, place: usize) -> Result<Option<chrono::NaiveDate>> {
    let text: Option<String> = row.try_get_by_index(place)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

pub struct ContractFacts;

const OF_CONTRACT: [&str; 5] = ["owner_id", "state", "signed_on", "kind", "amount"];

#[async_trait]
impl FactsOf for ContractFacts {
    fn resource(&self) -> &'static str {
        CONTRACTS
    }

    fn revision(&self) -> u32 {
        1
    }

    fn fields(&self) -> &'static [&'static str] {
        &OF_CONTRACT
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &OF_CONTRACTS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let mut facts = Vec::new();
        for row in rows(tx, "contract", &OF_CONTRACT, ids).await? {
            let state: String = row.try_get_by_index(1)?;
            let kind: String = row.try_get_by_index(3)?;
            facts.extend(of_contract(
                State::from_code(&state).unwrap_or(State::Draft),
                day(&row, 2)?,
                row.try_get_by_index(0)?,
                &kind,
                row.try_get_by_index(4)?,
            ));
        }
        Ok(facts)
    }
}

pub struct InstalmentFacts;

const OF_INSTALMENT: [&str; 5] = ["owner_id", "state", "due_on", "amount", "open_amount"];

#[async_trait]
impl FactsOf for InstalmentFacts {
    fn resource(&self) -> &'static str {
        INSTALMENTS
    }

    fn revision(&self) -> u32 {
        1
    }

    fn fields(&self) -> &'static [&'static str] {
        &OF_INSTALMENT
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &OF_INSTALMENTS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let mut facts = Vec::new();
        for row in rows(tx, "instalment", &OF_INSTALMENT, ids).await? {
            let state: String = row.try_get_by_index(1)?;
            let (Some(state), Some(due_on)) = (InstalmentState::from_code(&state), day(&row, 2)?)
            else {
                continue;
            };
            facts.extend(of_instalment(&Figured {
                state,
                due_on,
                owner: row.try_get_by_index(0)?,
                amount_minor: row.try_get_by_index(3)?,
                open_minor: row.try_get_by_index(4)?,
            }));
        }
        Ok(facts)
    }
}

pub struct PaymentFacts;

const OF_PAYMENT: [&str; 4] = ["owner_id", "received_on", "method", "amount"];

#[async_trait]
impl FactsOf for PaymentFacts {
    fn resource(&self) -> &'static str {
        PAYMENTS
    }

    fn revision(&self) -> u32 {
        1
    }

    fn fields(&self) -> &'static [&'static str] {
        &OF_PAYMENT
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &OF_PAYMENTS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let mut facts = Vec::new();
        for row in rows(tx, "payment", &OF_PAYMENT, ids).await? {
            let Some(received_on) = day(&row, 1)? else {
                continue;
            };
            let method: String = row.try_get_by_index(2)?;
            let (owner, amount) = (row.try_get_by_index(0)?, row.try_get_by_index(3)?);
            facts.push(of_payment(received_on, owner, &method, amount));
        }
        Ok(facts)
    }
}
