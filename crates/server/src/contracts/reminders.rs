//! Reminders of instalments: some days before they are due, and again while they are not paid.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use platform::access::Access;
use platform::app::App;
use platform::db::col;
use platform::job::{JobKind, Running};
use platform::problem::Result;
use platform::write::Write;
use rules::amount::format_minor;
use rules::contracts::InstalmentState;
use sea_orm::sea_query::{Alias, ExprTrait, OnConflict, Order, Query, SelectStatement};
use serde_json::{Value as Json, json};

use super::terms::Terms;
use super::{CONTRACTS, INSTALMENTS};
use crate::notifications::{Notice, tell};

/// Which reminders an instalment has had: a row for each, with its distance to the due day.
const TOLD: &str = "instalment_reminder";
const EVERY: Duration = Duration::from_secs(900);
/// A reminder that a stopped server missed is made up for within so many days; later the next one does.
const LATE_DAYS: u64 = 2;
/// Reminders in one write.
const CHUNK: u64 = 200;

pub fn job() -> JobKind {
    JobKind::new("instalment_reminders", 5, run).every(EVERY)
}

async fn run(running: Running) -> Result<Json> {
    Ok(json!({ "reminded": remind(&running.app).await? }))
}

async fn remind(app: &Arc<App>) -> Result<usize> {
    let access = Access::system(app, "instalment reminders");
    let terms = Terms::of(&app.settings());
    let before = terms.remind_before_days.iter().map(|days| -days);
    let after = terms.remind_after_days.iter().copied();
    let today = app.clock.today();
    let mut count = 0;
    for distance in before.chain(after) {
        loop {
            // A look without a lock first: most looks find nothing, and must not keep writers waiting.
            let due = due(&access, distance, today)?;
            if access.row(&due).await?.is_none() {
                break;
            }
            let mut write = access.write().await?;
            let told = tell_all(&mut write, &due, distance).await?;
            write.commit().await?;
            count += told;
        }
    }
    Ok(count)
}

/// Open instalments that are so many days from their due day (before it: negative) and were not told of at that distance.
fn due(access: &Access, distance: i64, today: NaiveDate) -> Result<SelectStatement> {
    let days = Days::new(distance.unsigned_abs());
    let last = match distance {
        ..0 => today.checked_add_days(days),
        _ => today.checked_sub_days(days),
    };
    let last = last.unwrap_or(today);
    let first = last.checked_sub_days(Days::new(LATE_DAYS)).unwrap_or(last);
    let instalments = access.resource(INSTALMENTS)?;
    let had = Query::select()
        .column(Alias::new("instalment_id"))
        .from(Alias::new(TOLD))
        .and_where(col("distance_days").eq(distance))
        .to_owned();
    let mut select = instalments.select();
    select
        .and_where(instalments.column("state").eq(InstalmentState::Open.code()))
        .and_where(instalments.column("due_on").gte(first.to_string()))
        .and_where(instalments.column("due_on").lte(last.to_string()))
        .and_where(instalments.column("id").not_in_subquery(had))
        .order_by_expr(instalments.column("id"), Order::Asc)
        .limit(CHUNK);
    Ok(select)
}

/// Tells the owners of what is due, once of each.
async fn tell_all(write: &mut Write, due: &SelectStatement, distance: i64) -> Result<usize> {
    let instalments = write.access.resource(INSTALMENTS)?;
    let rows = write.records(&instalments, due).await?;
    let contracts = write.access.resource(CONTRACTS)?;
    let currency = write.access.app.settings().currency.clone();
    let mut told = 0;
    for row in &rows {
        // Another process may have told of it; the row decides.
        let insert = Query::insert()
            .into_table(Alias::new(TOLD))
            .columns(["instalment_id", "distance_days"].map(Alias::new))
            .values_panic([row.id().into(), distance.into()])
            .on_conflict(
                OnConflict::columns(["instalment_id", "distance_days"].map(Alias::new))
                    .do_nothing()
                    .to_owned(),
            )
            .to_owned();
        if write.execute(&insert).await? == 0 {
            continue;
        }
        told += 1;
        let (Some(owner), Some(contract)) =
            (row.reference("owner_id"), row.reference("contract_id"))
        else {
            continue;
        };
        let Some(contract) = write.lock(&contracts, contract).await? else {
            continue;
        };
        let open = format_minor(row.int("open_amount").unwrap_or_default());
        let kind = match distance {
            1.. => "instalment_overdue",
            _ => "instalment_due",
        };
        let notice = Notice {
            excerpt: Some(format!(
                "{} · {open} {currency} · {}",
                row.text("condition"),
                row.text("due_on")
            )),
            ..Notice::of(owner, kind, &contract)
        };
        tell(write, notice).await?;
    }
    Ok(told)
}
