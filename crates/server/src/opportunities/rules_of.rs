//! What must hold for opportunities: a place in a process, a reason when lost, a next step while open.

use async_trait::async_trait;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::opportunities::Outcome;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

use super::stages::{Process, Processes, Stage};
use super::{closing, development, history};
use crate::numbers::Series;
use crate::organisation::former_owners;
use crate::{customers, numbers};

pub struct Opportunities;

#[async_trait]
impl Rules for Opportunities {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        // What is taken back was right when it was written.
        if write.cause == Cause::Undo {
            return Ok(());
        }
        let processes = Processes::of(write).await?;
        let (process, stage) = place(write, &processes, before, after).await?;
        let mut errors = Vec::new();
        amount(write, before, after, &mut errors).await?;
        closing::settle(write, before, after, process, stage, &mut errors)?;
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        owned(before, after);
        let series = series(write, after);
        numbers::settle(write, series, before, after).await
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        former_owners::follow(write, before, after).await?;
        let changed =
            |field: &str| before.is_none_or(|before| before.get(field) != after.get(field));
        if !changed("stage_id") && !changed("customer_id") {
            return Ok(());
        }
        let processes = Processes::of(write).await?;
        let found = after
            .reference("stage_id")
            .and_then(|id| processes.stage(id));
        let Some((process, stage)) =
            found.and_then(|stage| Some((processes.process(stage.process_id)?, stage)))
        else {
            return Ok(());
        };
        let mut entries = Vec::new();
        match (before, write.cause) {
            (None, Cause::Undo) => history::restore(write, after, process, stage).await?,
            (None, _) => entries = history::begin(write, after, process, stage).await?,
            (Some(_), _) if !changed("stage_id") => {}
            (Some(before), Cause::Undo) => {
                history::undo(write, before, after, process, stage).await?
            }
            (Some(_), _) => history::advance(write, after, process, stage).await?,
        }
        if customers::development::counts(write.cause) {
            if entries.is_empty() {
                let entered_at = after.int("stage_entered_at").unwrap_or(write.now);
                entries.push(history::StageEntry::new(
                    stage.id,
                    entered_at,
                    write.access.actor.person(),
                ));
            }
            for entry in &entries {
                if let Some(stage) = processes.stage(entry.stage_id) {
                    development::show(write, after, stage, entry);
                }
            }
        }
        Ok(())
    }

    async fn finish(&self, write: &mut Write) -> Result<()> {
        numbers::finish(write).await?;
        customers::development::finish(write).await
    }
}

/// Finds the process and stage of the record, and gives it the usual ones where it names none.
async fn place<'p>(
    write: &mut Write,
    processes: &'p Processes,
    before: Option<&Record>,
    after: &mut Record,
) -> Result<(&'p Process, &'p Stage)> {
    let same = |field: &str, after: &Record| {
        before.is_some_and(|before| before.get(field) == after.get(field))
    };
    for field in ["process_id", "stage_id"] {
        if before.is_some() && after.get(field).is_null() {
            return Err(Problem::field(field, "required"));
        }
    }
    let named = match after.reference("stage_id") {
        Some(id) => Some(
            processes
                .stage(id)
                .ok_or_else(|| Problem::field("stage_id", "unknown_reference"))?,
        ),
        None => None,
    };
    let process = match (after.reference("process_id"), named) {
        (Some(id), _) => processes
            .process(id)
            .ok_or_else(|| Problem::field("process_id", "unknown_reference"))?,
        (None, Some(stage)) => processes
            .process(stage.process_id)
            .ok_or_else(|| Problem::field("stage_id", "unknown_reference"))?,
        (None, None) => {
            let is_key_account = is_key_account(write, after.reference("customer_id")).await?;
            processes
                .usual(is_key_account)
                .ok_or_else(|| Problem::rule("no_process"))?
        }
    };
    // Whoever changes only the process begins it anew.
    let begins = named.is_none() || (!same("process_id", after) && same("stage_id", after));
    let stage = match named {
        Some(stage) if !begins => stage,
        _ => process
            .first_open()
            .ok_or_else(|| Problem::field("process_id", "process_without_stages"))?,
    };
    if stage.process_id != process.id {
        return Err(Problem::field("stage_id", "stage_not_in_process"));
    }
    if write.cause == Cause::Edit && !process.is_active && !same("process_id", after) {
        return Err(Problem::field("process_id", "process_not_active"));
    }
    after.set("process_id", process.id);
    after.set("stage_id", stage.id);
    Ok((process, stage))
}

async fn is_key_account(write: &mut Write, customer: Option<Uuid>) -> Result<bool> {
    let Some(customer) = customer else {
        return Ok(false);
    };
    let select = Query::select()
        .column(Alias::new("class"))
        .from(Alias::new("customer"))
        .and_where(Expr::col(Alias::new("id")).eq(customer))
        .to_owned();
    Ok(match write.rows(&select).await?.first() {
        Some(row) => row.try_get_by_index::<Option<String>>(0)?.as_deref() == Some("key_account"),
        None => false,
    })
}

/// An amount is never negative, and where there are lines it is theirs.
async fn amount(
    write: &mut Write,
    before: Option<&Record>,
    after: &Record,
    errors: &mut Vec<FieldProblem>,
) -> Result<()> {
    if after.int("amount").is_some_and(|minor| minor < 0) {
        errors.push(FieldProblem::new("amount", "negative", json!({})));
    }
    let by_hand = before.is_some_and(|before| before.get("amount") != after.get("amount"))
        && !write.automatic;
    if by_hand {
        let line = Query::select()
            .column(Alias::new("id"))
            .from(Alias::new("opportunity_line"))
            .and_where(Expr::col(Alias::new("opportunity_id")).eq(after.id()))
            .limit(1)
            .to_owned();
        if !write.rows(&line).await?.is_empty() {
            errors.push(FieldProblem::new("amount", "amount_from_lines", json!({})));
        }
    }
    Ok(())
}

/// Notes whose it was when it was made, and when it was closed.
fn owned(before: Option<&Record>, after: &mut Record) {
    let owner = after.reference("owner_id");
    if before.is_none() {
        after.set("first_owner_id", owner);
    }
    if !is_closed(after) {
        after.set("closed_owner_id", None::<Uuid>);
    } else if !before.is_some_and(is_closed) {
        after.set("closed_owner_id", owner);
    }
}

/// The series of a number that was given, else that of the year of creation.
fn series(write: &Write, after: &Record) -> Series {
    let created_in = chrono::Datelike::year(&numbers::day_of(write, after));
    let named = |number: &str| {
        let (year, _) = number.strip_prefix("O-")?.split_once('-')?;
        year.parse()
            .ok()
            .filter(|year| (1900..=9999).contains(year))
    };
    let year: i32 = named(after.text("number")).unwrap_or(created_in);
    Series {
        table: "opportunity",
        prefix: format!("O-{year:04}-"),
        width: 6,
    }
}

/// Whether the opportunity stands in a stage that ends it.
pub fn is_closed(record: &Record) -> bool {
    Outcome::from_code(record.text("outcome")).is_some_and(|outcome| outcome != Outcome::Open)
}
