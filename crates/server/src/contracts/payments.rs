//! Payments: money that came in, whole or in parts for what is due.

use async_trait::async_trait;
use chrono::Datelike;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use serde_json::json;
use uuid::Uuid;

use super::{CONTRACTS, amounts, books, matching, settle};
use crate::numbers::{self, Series};

pub struct Payments;

#[async_trait]
impl Rules for Payments {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else {
            return books::keep(write, before, None, "received_on", &[]);
        };
        if matches!(write.cause, Cause::Undo | Cause::Load) {
            return Ok(());
        }
        let mut errors = Vec::new();
        of_contract(write, before, after, &mut errors).await?;
        amounts::settle(write, after, &mut errors);
        if after.get("customer_id").is_null() {
            errors.push(FieldProblem::new("customer_id", "required", json!({})));
        }
        let amount = after.int("amount").unwrap_or_default();
        let matched = after.int("matched_amount").unwrap_or_default();
        if amount == 0 && errors.is_empty() {
            errors.push(FieldProblem::new("amount", "not_positive", json!({})));
        }
        if matched > 0 && amount < matched {
            let params = settle::money(write, &[("matched", matched)]);
            errors.push(FieldProblem::new("amount", "below_matched", params));
        }
        let today = write.access.app.clock.today();
        let received_on = after.get("received_on").as_day();
        if received_on.is_some_and(|day| day > today) {
            errors.push(FieldProblem::new("received_on", "in_future", json!({})));
        }
        let is_other_customer =
            before.is_some_and(|before| before.get("customer_id") != after.get("customer_id"));
        if is_other_customer && matched > 0 {
            errors.push(FieldProblem::new(
                "customer_id",
                "already_matched",
                json!({}),
            ));
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        after.set("open_amount", amount - matched);
        if before.is_none() || is_other_customer {
            belong(write, after).await?;
        }
        books::keep(write, before, Some(after), "received_on", &["amount"])?;
        numbered(write, before, after).await
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        if let Some(after) = after {
            settle::touch_payment(write, after.id(), before.is_none());
            if before.is_none() && write.cause == Cause::Edit {
                matching::warn_of_rest(write, after).await?;
            }
        }
        Ok(())
    }

    async fn finish(&self, write: &mut Write) -> Result<()> {
        settle::finish(write).await
    }
}

/// A payment for a contract is its customer's.
async fn of_contract(
    write: &mut Write,
    before: Option<&Record>,
    after: &mut Record,
    errors: &mut Vec<FieldProblem>,
) -> Result<()> {
    let Some(id) = after.reference("contract_id") else {
        return Ok(());
    };
    let same = |field: &str| before.is_some_and(|before| before.get(field) == after.get(field));
    if same("contract_id") && same("customer_id") {
        return Ok(());
    }
    let contracts = write.access.resource(CONTRACTS)?;
    let Some(contract) = write.lock(&contracts, id).await? else {
        errors.push(FieldProblem::new(
            "contract_id",
            "unknown_reference",
            json!({}),
        ));
        return Ok(());
    };
    if after.get("customer_id").is_null() {
        after.set("customer_id", contract.get("customer_id").clone());
    }
    if after.get("customer_id") != contract.get("customer_id") {
        errors.push(FieldProblem::new(
            "contract_id",
            "other_customer",
            json!({}),
        ));
    }
    Ok(())
}

/// It belongs to whoever has the contract, else the customer, on the day on which it is recorded; whoever records it need not.
async fn belong(write: &mut Write, after: &mut Record) -> Result<()> {
    let owner = match owner_of(write, CONTRACTS, after.reference("contract_id")).await? {
        Some(owner) => Some(owner),
        None => owner_of(write, "customers", after.reference("customer_id")).await?,
    };
    if let Some(owner) = owner {
        after.set("owner_id", owner);
    }
    write.hand_over(after.id());
    Ok(())
}

async fn owner_of(write: &mut Write, resource: &str, id: Option<Uuid>) -> Result<Option<Uuid>> {
    let resource = write.access.resource(resource)?;
    Ok(match id {
        Some(id) => write
            .lock(&resource, id)
            .await?
            .and_then(|record| record.reference("owner_id")),
        None => None,
    })
}

async fn numbered(write: &mut Write, before: Option<&Record>, after: &mut Record) -> Result<()> {
    let year = numbers::day_of(write, after).year();
    let series = Series {
        table: "payment",
        prefix: format!("P-{year:04}-"),
        width: 6,
    };
    numbers::settle(write, series, before, after).await
}
