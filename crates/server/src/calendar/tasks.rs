//! Tasks: what is due today is told in the morning, and whoever gave one learns what became of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime};
use platform::access::Access;
use platform::app::App;
use platform::job::{JobKind, Running};
use platform::problem::Result;
use platform::resource::Record;
use platform::write::{Cause, Write};
use rules::activities::State;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::notifications::{self, Notice};
use crate::settings::Day;

const TOLD: &str = "told_of_tasks";
const EVERY: Duration = Duration::from_secs(300);
/// People told in one write.
const CHUNK: u64 = 200;
/// Beginning of a result or reason that a notification shows, in characters.
const EXCERPT: usize = 120;

/// Whoever gave a task learns that it was done or called off by somebody else.
pub async fn tell_giver(
    write: &mut Write,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<()> {
    let Some(after) = after.filter(|_| write.cause == Cause::Edit) else {
        return Ok(());
    };
    let state = after.text("state");
    let (verb, field) = match State::from_code(state) {
        Some(State::Done) => ("finish", "result"),
        Some(State::Cancelled) => ("cancel", "cancel_reason"),
        _ => return Ok(()),
    };
    let is_news = before.is_none_or(|before| before.text("state") != state);
    let Some(giver) = after.reference("giver_id").filter(|_| is_news) else {
        return Ok(());
    };
    let said = after.text(field);
    let excerpt = if said.is_empty() {
        String::new()
    } else {
        format!(": {}", said.chars().take(EXCERPT).collect::<String>())
    };
    let notice = Notice {
        excerpt: Some(excerpt),
        verb: Some(verb),
        ..Notice::of(giver, "task", after)
    };
    notifications::tell(write, notice).await
}

pub fn job() -> JobKind {
    JobKind::new("tasks_due", 5, run).every(EVERY)
}

async fn run(running: Running) -> Result<Json> {
    Ok(json!({ "told": tell_of_the_day(&running.app).await? }))
}

/// Once the working day has begun, tells everybody with open tasks of today: each person once a day.
async fn tell_of_the_day(app: &Arc<App>) -> Result<usize> {
    let now = DateTime::from_timestamp_millis(app.clock.now_ms()).unwrap_or_default();
    let time = now.with_timezone(&app.clock.zone()).time();
    let work_from = Day::of(&app.settings()).work_from;
    let begins = NaiveTime::parse_from_str(&work_from, "%H:%M").unwrap_or(NaiveTime::MIN);
    if time < begins {
        return Ok(0);
    }
    let access = Access::system(app, "tasks due");
    let today = app.clock.today();
    let mut count = 0;
    loop {
        let waiting = waiting(&access, today).await?;
        if waiting.is_empty() {
            return Ok(count);
        }
        let mut write = access.write().await?;
        count += tell(&mut write, &waiting, today).await?;
        write.commit().await?;
    }
}

/// People with open tasks of the day who have not been told.
async fn waiting(access: &Access, today: NaiveDate) -> Result<Vec<Uuid>> {
    let activity = |column: &str| Expr::col((Alias::new("activity"), Alias::new(column)));
    let told = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new(TOLD))
        .and_where(
            Expr::col((Alias::new(TOLD), Alias::new("person_id")))
                .equals((Alias::new("activity"), Alias::new("owner_id"))),
        )
        .and_where(Expr::col((Alias::new(TOLD), Alias::new("told_on"))).gte(today.to_string()))
        .to_owned();
    let select = Query::select()
        .distinct()
        .expr(activity("owner_id"))
        .from(Alias::new("activity"))
        .and_where(activity("state").is_in([State::Planned, State::Moved].map(State::code)))
        .and_where(activity("planned_on").eq(today.to_string()))
        .and_where(activity("due_on").is_not_null())
        .and_where(activity("owner_id").is_not_null())
        .and_where(Expr::exists(told).not())
        .limit(CHUNK)
        .to_owned();
    let rows = access.rows(&select).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<std::result::Result<_, _>>()?)
}

/// Marks each person as told, and tells those whom no other process has told meanwhile.
async fn tell(write: &mut Write, people: &[Uuid], today: NaiveDate) -> Result<usize> {
    let mut mine = Vec::new();
    for person in people {
        let mark = Query::insert()
            .into_table(Alias::new(TOLD))
            .columns(["person_id", "told_on"].map(Alias::new))
            .values_panic([(*person).into(), today.to_string().into()])
            .on_conflict(
                OnConflict::column(Alias::new("person_id"))
                    .update_column(Alias::new("told_on"))
                    .action_and_where(
                        Expr::col((Alias::new(TOLD), Alias::new("told_on"))).lt(today.to_string()),
                    )
                    .to_owned(),
            )
            .to_owned();
        if write.execute(&mark).await? > 0 {
            mine.push(*person);
        }
    }
    let activities = write.access.resource("activities")?;
    let mut select = activities.select();
    select
        .and_where(activities.column("owner_id").is_in(mine.iter().copied()))
        .and_where(
            activities
                .column("state")
                .is_in([State::Planned, State::Moved].map(State::code)),
        )
        .and_where(activities.column("planned_on").eq(today.to_string()))
        .and_where(activities.column("due_on").is_not_null())
        .order_by_expr(activities.column("id"), Order::Asc);
    let mut tasks: BTreeMap<Uuid, Vec<Record>> = BTreeMap::new();
    for row in write.rows(&select).await? {
        let record = Record::read(&activities, &row)?;
        if let Some(owner) = record.reference("owner_id") {
            tasks.entry(owner).or_default().push(record);
        }
    }
    let told = tasks.len();
    for (person, records) in tasks {
        let Some(first) = records
            .iter()
            .find(|record| record.text("priority") == "high")
            .or(records.first())
        else {
            continue;
        };
        let notice = Notice {
            count: i64::try_from(records.len()).unwrap_or(1),
            ..Notice::of(person, "tasks_due", first)
        };
        notifications::tell(write, notice).await?;
    }
    Ok(told)
}
