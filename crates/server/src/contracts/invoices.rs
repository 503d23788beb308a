//! Invoices: what was asked of the customer on paper, by contract.

use async_trait::async_trait;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::permission::Action;
use serde_json::json;

use super::{CONTRACTS, INVOICES, settle};

pub struct Invoices;

#[async_trait]
impl Rules for Invoices {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        if matches!(write.cause, Cause::Undo | Cause::Load) {
            return Ok(());
        }
        // Whoever may not issue invoices asks for one.
        if before.is_none() && !write.access.allows(INVOICES, Action::Edit) {
            after.set("state", "requested");
        }
        let contracts = write.access.resource(CONTRACTS)?;
        let contract = match after.reference("contract_id") {
            Some(id) => write.lock(&contracts, id).await?,
            None => None,
        };
        let Some(contract) = contract else {
            return Err(Problem::field("contract_id", "unknown_reference"));
        };
        let mut errors = Vec::new();
        if after.int("amount").is_some_and(|minor| minor <= 0) {
            errors.push(FieldProblem::new("amount", "not_positive", json!({})));
        }
        let is_issued = matches!(after.text("state"), "issued" | "delivered");
        let today = write.access.app.clock.today();
        match after.get("issued_on").as_day() {
            None if is_issued => after.set("issued_on", today),
            Some(day) if day > today => {
                errors.push(FieldProblem::new("issued_on", "in_future", json!({})));
            }
            _ => {}
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        after.set("customer_id", contract.get("customer_id").clone());
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        for record in [before, after].into_iter().flatten() {
            if let Some(contract) = record.reference("contract_id") {
                settle::touch_contract(write, contract, false);
            }
        }
        Ok(())
    }

    async fn finish(&self, write: &mut Write) -> Result<()> {
        settle::finish(write).await
    }
}
