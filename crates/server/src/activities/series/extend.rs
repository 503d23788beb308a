//! Once a day the series that go on get the occurrences of the days that have come into sight.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use platform::access::Access;
use platform::app::App;
use platform::job::{JobKind, Running};
use platform::problem::Result;
use platform::write::{Cause, Write};
use rules::value::{Changes, Value};
use sea_orm::sea_query::{ExprTrait, Order};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::occurrences::Which;
use super::{AHEAD_DAYS, RESOURCE, begin, day_of, occurrences, rule_of};

/// Several times a day, so that a night of downtime costs nothing.
const EVERY: Duration = Duration::from_secs(6 * 3_600);
/// A daily series gets a week of occurrences at once rather than one a day: fewer writes, and the calendar reaches far
/// enough either way.
const SLACK_DAYS: i64 = 7;
/// Series looked at together.
const CHUNK: u64 = 500;

pub(super) fn kind() -> JobKind {
    JobKind::new("extend_series", 5, run).every(EVERY).long()
}

async fn run(running: Running) -> Result<Json> {
    Ok(json!({ "series": extend(&running.app).await? }))
}

/// Extends the series that end too near; answers how many. Each is a write of its own, so one that fails keeps back no other.
pub(super) async fn extend(app: &Arc<App>) -> Result<usize> {
    let access = Access::system(app, "extend series");
    let series = access.resource(RESOURCE)?;
    let near = app.clock.today() + Days::new((AHEAD_DAYS - SLACK_DAYS).unsigned_abs());
    let mut count = 0;
    let mut last: Option<Uuid> = None;
    loop {
        let mut select = access.scoped(&series, rules::permission::Action::Read)?;
        select
            .expr(series.column("id"))
            .and_where(series.column("is_over").eq(false))
            .and_where(series.column("made_until").lte(near.to_string()))
            .order_by_expr(series.column("id"), Order::Asc)
            .limit(CHUNK);
        if let Some(last) = last {
            select.and_where(series.column("id").gt(last));
        }
        let rows = access.rows(&select).await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in rows {
            let id: Uuid = row.try_get_by_index(0)?;
            last = Some(id);
            let mut write = access.write_as(Cause::Load).await?;
            match extend_one(&mut write, id, near).await {
                Ok(true) => {
                    write.commit().await?;
                    count += 1;
                }
                Ok(false) => {}
                Err(problem) => {
                    tracing::warn!(%problem, series = %id, "could not extend a series");
                }
            }
        }
    }
}

async fn extend_one(write: &mut Write, id: Uuid, near: NaiveDate) -> Result<bool> {
    let app = write.access.app.clone();
    let resource = write.access.resource(RESOURCE)?;
    // Locked and looked at again: another process may have been here.
    let Some(series) = write.lock(&resource, id).await? else {
        return Ok(false);
    };
    let (Some(first), Some(made_until)) =
        (day_of(&series, "first_on"), day_of(&series, "made_until"))
    else {
        return Ok(false);
    };
    if made_until > near || series.get("is_over").as_bool() == Some(true) {
        return Ok(false);
    }
    let made = occurrences::from(write, id, None, Which::Any).await?;
    let like = occurrences::model(&made);
    let is_there = |owner: Option<Uuid>| {
        let directory = app.directory();
        owner.is_some_and(|owner| directory.people.get(&owner).is_some_and(|p| p.is_active))
    };
    let horizon = begin::horizon(write, first);
    let rule = rule_of(&series, app.clock.zone())?;
    let mut is_over = begin::is_over(&rule, first, horizon);
    match like {
        Some(like) if is_there(like.reference("owner_id")) => {
            for day in rule.days(first, made_until + Days::new(1), horizon) {
                occurrences::make(write, id, like, day).await?;
            }
        }
        // Nobody left to do it.
        Some(_) => is_over = true,
        // All occurrences were taken away; what comes back by undo goes on with the next run.
        None => return Ok(false),
    }
    let changes = Changes::from([
        ("made_until".to_owned(), Value::from(horizon)),
        ("is_over".to_owned(), Value::Bool(is_over)),
    ]);
    write.apply("update", series, changes).await?;
    Ok(true)
}
