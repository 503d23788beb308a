//! What must hold for contracts: whose they are, how much they are about, and how they stand.

use async_trait::async_trait;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::contracts::State;
use rules::value::Value;
use serde_json::json;

use super::terms::Terms;
use super::{amounts, books, settle};
use crate::numbers::{self, Series};
use crate::organisation::former_owners;

pub struct Contracts;

#[async_trait]
impl Rules for Contracts {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else {
            return books::keep(write, before, None, "signed_on", &[]);
        };
        // What is taken back was right when it was written; loaded data brings with it what follows.
        if write.cause == Cause::Undo {
            return Ok(());
        }
        if write.cause == Cause::Load {
            signed_by(before, after);
            return Ok(());
        }
        from_opportunity(write, before, after).await?;
        let mut errors = Vec::new();
        for name in ["title", "customer_id"] {
            if after.get(name).is_null() {
                errors.push(FieldProblem::new(name, "required", json!({})));
            }
        }
        amounts::settle(write, after, &mut errors);
        stand(write, before, after, &mut errors);
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        signed_by(before, after);
        books::keep(write, before, Some(after), "signed_on", &["amount"])?;
        numbered(write, before, after).await
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        if let Some(after) = after {
            former_owners::follow(write, before, after).await?;
            let is_new_amount =
                before.is_none_or(|before| before.get("amount") != after.get("amount"));
            settle::touch_contract(write, after.id(), is_new_amount);
        }
        Ok(())
    }

    async fn finish(&self, write: &mut Write) -> Result<()> {
        settle::finish(write).await
    }
}

/// What a contract doesn't say itself it takes from its opportunity; both are the same customer's.
async fn from_opportunity(
    write: &mut Write,
    before: Option<&Record>,
    after: &mut Record,
) -> Result<()> {
    let Some(id) = after.reference("opportunity_id") else {
        return Ok(());
    };
    let same = |field: &str| before.is_some_and(|before| before.get(field) == after.get(field));
    if same("opportunity_id") && same("customer_id") {
        return Ok(());
    }
    let opportunities = write.access.resource("opportunities")?;
    let Some(opportunity) = write.lock(&opportunities, id).await? else {
        return Err(Problem::field("opportunity_id", "unknown_reference"));
    };
    let is_in_base = after.get("currency").is_null();
    for (field, from) in [
        ("title", "name"),
        ("customer_id", "customer_id"),
        ("amount", "amount"),
    ] {
        if after.get(field).is_null() && (field != "amount" || is_in_base) {
            after.set(field, opportunity.get(from).clone());
        }
    }
    if after.get("customer_id") != opportunity.get("customer_id") {
        return Err(Problem::field("opportunity_id", "other_customer"));
    }
    Ok(())
}

/// Settles state and days: who has a signing day is signed, who is signed has one.
fn stand(
    write: &Write,
    before: Option<&Record>,
    after: &mut Record,
    errors: &mut Vec<FieldProblem>,
) {
    let today = write.access.app.clock.today();
    let state_of = |record: &Record| State::from_code(record.text("state"));
    let was = before.and_then(state_of).unwrap_or(State::Draft);
    let mut state = state_of(after).unwrap_or(State::Draft);
    if state == State::Draft && was.is_signed() {
        if after.int("received_amount").is_some_and(|minor| minor > 0) {
            errors.push(FieldProblem::new("state", "already_paid", json!({})));
        }
        after.set("signed_on", Value::Null);
    } else if state == State::Draft && !after.get("signed_on").is_null() {
        state = State::Running;
        after.set("state", state.code());
    } else if state.is_signed() && after.get("signed_on").is_null() {
        after.set("signed_on", today);
    }
    match state {
        State::Draft | State::Running => {
            after.set("closed_on", Value::Null);
            after.set("termination_reason", Value::Null);
        }
        State::Completed | State::Terminated => {
            if after.get("closed_on").is_null() {
                after.set("closed_on", today);
            }
        }
    }
    let is_unexplained = state == State::Terminated && after.get("termination_reason").is_null();
    if is_unexplained && write.cause == Cause::Edit {
        errors.push(FieldProblem::new(
            "termination_reason",
            "required",
            json!({}),
        ));
    }
    let day = |name: &str| after.get(name).as_day();
    for name in ["signed_on", "closed_on"] {
        if day(name).is_some_and(|day| day > today) {
            errors.push(FieldProblem::new(name, "in_future", json!({})));
        }
    }
    for (first, last) in [("starts_on", "ends_on"), ("signed_on", "closed_on")] {
        if let (Some(first), Some(end)) = (day(first), day(last))
            && end < first
        {
            errors.push(FieldProblem::new(last, "before_start", json!({})));
        }
    }
}

/// Notes whose it was when it was signed.
fn signed_by(before: Option<&Record>, after: &mut Record) {
    let is_signed = |record: &Record| record.text("state") != State::Draft.code();
    if !is_signed(after) {
        after.set("signed_owner_id", Value::Null);
    } else if !before.is_some_and(is_signed) {
        after.set("signed_owner_id", after.reference("owner_id"));
    }
}

async fn numbered(write: &mut Write, before: Option<&Record>, after: &mut Record) -> Result<()> {
    let day = numbers::day_of(write, after);
    let Some(pattern) = Terms::of(&write.access.app.settings()).pattern() else {
        return Ok(());
    };
    let series = Series {
        table: "contract",
        prefix: pattern.prefix(day),
        width: pattern.width(),
    };
    numbers::settle(write, series, before, after).await
}
