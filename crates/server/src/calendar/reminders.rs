//! Reminders before something begins: a row waits for each, and goes with the notice that it made.

use std::sync::Arc;
use std::time::Duration;

use platform::access::Access;
use platform::app::App;
use platform::clock::Clock;
use platform::db::col;
use platform::job::{JobKind, Running};
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::activities::{HOUR_MS, MINUTE_MS, State};
use sea_orm::sea_query::{Alias, ExprTrait, LockBehavior, LockType, Order, Query};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::entries::local_text;
use crate::notifications::{Notice, tell_until};

const TABLE: &str = "activity_reminder";
const EVERY: Duration = Duration::from_secs(30);
/// Reminders in one write.
const CHUNK: u64 = 200;
/// After a longer silence of the server the inbox still tells, but a mail would only puzzle.
const LATE_MAIL_MS: i64 = HOUR_MS;

/// When people are reminded of an activity; none when they are not.
fn remind_at(record: &Record) -> Option<i64> {
    let is_open = State::from_code(record.text("state")).is_some_and(State::is_open);
    let minutes = record.int("reminder_minutes").filter(|_| is_open)?;
    Some(record.int("happens_at")? - minutes * MINUTE_MS)
}

/// Keeps the waiting reminder in step with its activity.
pub async fn keep(
    write: &mut Write,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<()> {
    let (was, is) = (before.and_then(remind_at), after.and_then(remind_at));
    let Some(id) = after.or(before).map(Record::id).filter(|_| was != is) else {
        return Ok(());
    };
    if was.is_some() {
        let delete = Query::delete()
            .from_table(Alias::new(TABLE))
            .and_where(col("activity_id").eq(id))
            .to_owned();
        write.execute(&delete).await?;
    }
    // Nobody is reminded of what has begun already.
    let begins = after.and_then(|after| after.int("happens_at"));
    if let (Some(at), true) = (is, begins.is_some_and(|begins| begins > write.now)) {
        write
            .insert(
                TABLE,
                &["activity_id", "remind_at"],
                vec![id.into(), at.into()],
            )
            .await?;
    }
    Ok(())
}

pub fn job() -> JobKind {
    JobKind::new("reminders", 5, run).every(EVERY)
}

async fn run(running: Running) -> Result<Json> {
    Ok(json!({ "reminded": remind(&running.app).await? }))
}

/// Tells everybody whose reminder is due. A row is locked, told and removed in one write: none is told twice, also by two
/// processes at once, and none is lost when one of them ends in the middle.
async fn remind(app: &Arc<App>) -> Result<usize> {
    let access = Access::system(app, "reminders");
    let mut count = 0;
    loop {
        // A look without a lock first: most looks find nothing, and must not keep writers waiting.
        let mut due = Query::select();
        due.column(Alias::new("activity_id"))
            .from(Alias::new(TABLE))
            .and_where(col("remind_at").lte(app.clock.now_ms()))
            .order_by(Alias::new("remind_at"), Order::Asc)
            .limit(CHUNK);
        if access.row(&due).await?.is_none() {
            return Ok(count);
        }
        if app.db.is_postgres() {
            due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let mut write = access.write().await?;
        let ids: Vec<Uuid> = write
            .rows(&due)
            .await?
            .iter()
            .map(|row| row.try_get_by_index(0))
            .collect::<Result<_, _>>()?;
        if ids.is_empty() {
            // Another process has them all.
            return Ok(count);
        }
        remind_of(&mut write, &ids).await?;
        write.commit().await?;
        count += ids.len();
    }
}

async fn remind_of(write: &mut Write, ids: &[Uuid]) -> Result<()> {
    let activities = write.access.resource("activities")?;
    let mut select = activities.select();
    select.and_where(activities.column("id").is_in(ids.iter().copied()));
    let records = write.records(&activities, &select).await?;
    let app = write.access.app.clone();
    for record in &records {
        if remind_at(record).is_none() {
            continue;
        }
        let begins = record.int("happens_at").unwrap_or(write.now);
        let mut people = record.get("participant_ids").as_ids();
        people.extend(record.reference("owner_id"));
        people.sort_unstable();
        people.dedup();
        for person in people {
            let notice = Notice {
                excerpt: Some(time_text(record, begins, &app.clock)),
                ..Notice::of(person, "reminder", record)
            };
            tell_until(write, notice, Some(begins + LATE_MAIL_MS)).await?;
        }
    }
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("activity_id").is_in(ids.iter().copied()))
        .to_owned();
    write.execute(&delete).await?;
    Ok(())
}

/// When it begins, as people of every language read it.
fn time_text(record: &Record, begins: i64, clock: &Clock) -> String {
    let has_time = !record.get("planned_start_at").is_null()
        && record.get("is_all_day").as_bool() != Some(true);
    local_text(begins, has_time, clock)
}
