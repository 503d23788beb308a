//! Instalments: parts of a contract's amount, each with its condition and its day.

use async_trait::async_trait;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use serde_json::json;

use super::settle;

pub struct Instalments;

#[async_trait]
impl Rules for Instalments {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        if write.cause == Cause::Undo {
            return Ok(());
        }
        let mut errors = Vec::new();
        if after.int("amount").is_some_and(|minor| minor <= 0) {
            errors.push(FieldProblem::new("amount", "not_positive", json!({})));
        }
        let moved = |before: &Record| before.get("contract_id") != after.get("contract_id");
        if before.is_some_and(moved) {
            errors.push(FieldProblem::new("contract_id", "read_only", json!({})));
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        if write.cause == Cause::Load {
            after.set("due_owner_id", after.reference("owner_id"));
        }
        // Whoever touches it has made it their own.
        if !write.automatic && write.cause != Cause::Load {
            after.set("is_automatic", false);
        }
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        let changed = |field: &str| before.map(|r| r.get(field)) != after.map(|r| r.get(field));
        if let Some(contract) = after.or(before).and_then(|r| r.reference("contract_id"))
            && (changed("amount") || changed("id"))
        {
            settle::touch_contract(write, contract, true);
        }
        Ok(())
    }

    async fn finish(&self, write: &mut Write) -> Result<()> {
        settle::finish(write).await
    }
}
