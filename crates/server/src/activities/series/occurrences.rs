//! The occurrences of a series: finding them, and placing one on another day.

use chrono::{DateTime, NaiveDate, TimeDelta};
use platform::clock::Clock;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::activities::State;
use rules::recurrence::instant;
use rules::value::{Changes, Value};
use sea_orm::sea_query::{ExprTrait, Order};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{HANDED_ON, day_of};

/// Which occurrences are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that are still to come, and those that should have been.
    Open,
    Any,
}

/// The occurrences from a day on, in the order of their days.
pub(super) async fn from(
    write: &mut Write,
    series: Uuid,
    first: Option<NaiveDate>,
    which: Which,
) -> Result<Vec<Record>> {
    let activities = write.access.resource("activities")?;
    let mut select = activities.select();
    select
        .and_where(activities.column("series_id").eq(series.to_string()))
        .order_by_expr(activities.column("series_on"), Order::Asc)
        .order_by_expr(activities.column("id"), Order::Asc);
    if let Some(first) = first {
        select.and_where(activities.column("series_on").gte(first.to_string()));
    }
    if which == Which::Open {
        let open = [State::Planned, State::Moved].map(State::code);
        select.and_where(activities.column("state").is_in(open));
    }
    if write.access.app.db.is_postgres() {
        select.lock_exclusive();
    }
    write.records(&activities, &select).await
}

/// The times that an occurrence like this one has on another day: the same time of day, the same length.
pub(super) fn placed(like: &Record, on: NaiveDate, clock: &Clock) -> Changes {
    let zone = clock.zone();
    let local = |at: i64| {
        DateTime::from_timestamp_millis(at)
            .unwrap_or_default()
            .with_timezone(&zone)
            .naive_local()
    };
    let mut changes = Changes::new();
    let start = like.int("planned_start_at");
    let day = match start {
        Some(at) => Some(clock.day_of(at)),
        None => day_of(like, "due_on"),
    };
    let Some(day) = day else {
        return changes;
    };
    if let Some(start) = start {
        let is_all_day = like.get("is_all_day").as_bool() == Some(true);
        let place = |at: i64| instant(on.and_time(local(at).time()), zone).timestamp_millis();
        let new_start = if is_all_day {
            clock.start_of(on)
        } else {
            place(start)
        };
        changes.insert("planned_start_at".into(), Value::Int(new_start));
        if let Some(end) = like.int("planned_end_at") {
            let new_end = if is_all_day {
                let days = (clock.day_of(end) - day).num_days();
                clock.start_of(on + TimeDelta::days(days))
            } else {
                new_start + (end - start)
            };
            changes.insert("planned_end_at".into(), Value::Int(new_end));
        }
    }
    if let Some(due) = day_of(like, "due_on") {
        let due = on + (due - day);
        changes.insert("due_on".into(), Value::from(due));
    }
    changes
}

/// A new occurrence of a series, like another one, on a day of the rule.
pub(super) async fn make(
    write: &mut Write,
    series: Uuid,
    like: &Record,
    on: NaiveDate,
) -> Result<Record> {
    let app = write.access.app.clone();
    let mut changes = placed(like, on, &app.clock);
    for field in HANDED_ON {
        changes.insert(field.into(), like.get(field).clone());
    }
    changes.insert("checklist".into(), unticked(like.get("checklist")));
    changes.insert("series_id".into(), Value::Text(series.to_string()));
    changes.insert("series_on".into(), Value::from(on));
    write.create(&like.resource, changes).await
}

/// A checklist begins anew each time.
pub(super) fn unticked(checklist: &Value) -> Value {
    match checklist {
        Value::Json(Json::Array(lines)) => {
            let mut lines = lines.clone();
            for line in &mut lines {
                line["done"] = Json::Bool(false);
            }
            Value::Json(Json::Array(lines))
        }
        other => other.clone(),
    }
}

/// The occurrence that new ones are like: the last that is no exception, else the last.
pub(super) fn model(occurrences: &[Record]) -> Option<&Record> {
    let is_plain = |record: &&Record| record.get("is_series_exception").as_bool() != Some(true);
    occurrences
        .iter()
        .rev()
        .find(is_plain)
        .or(occurrences.last())
}
