//! Series: activities that repeat. Each occurrence is an activity of its own; the series knows the rule.
//!
//! An occurrence stands for a day of the rule (`series_on`). One that was changed by itself is an exception: changes of
//! the whole series pass it by. A change of "this and following" makes a second series of the rest.

mod begin;
mod extend;
mod occurrences;
mod plan;
mod remove;
mod routes;
mod wide;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use platform::job::JobKind;
use platform::problem::{Problem, Result};
use platform::resource::{Guard, Record, Resource};
use platform::write::{Cause, Write};
use rules::recurrence::{Recurrence, RecurrenceError};
use rules::value::{Field, FieldType};
use serde_json::{Value as Json, json};
use uuid::Uuid;

pub use plan::{Plan, slot_start};
pub use routes::routes;

pub const RESOURCE: &str = "activity_series";
/// Days ahead for which occurrences stand in the calendar.
pub const AHEAD_DAYS: i64 = 400;

/// What a change of one occurrence hands on to the others.
const HANDED_ON: [&str; 14] = [
    "subject",
    "kind_id",
    "owner_id",
    "participant_ids",
    "customer_id",
    "contact_ids",
    "opportunity_id",
    "purpose",
    "preparation",
    "priority",
    "giver_id",
    "reminder_minutes",
    "invite",
    "is_all_day",
];
/// When it takes place.
const TIMES: [&str; 3] = ["planned_start_at", "planned_end_at", "due_on"];

/// Written with its occurrences only.
pub fn resource() -> Resource {
    Resource::new(
        RESOURCE,
        "series",
        Guard::Owner("owner_id"),
        vec![
            // As RFC 5545 writes it, `UNTIL` as a day.
            Field::text("rrule").required().in_list(),
            Field::reference("owner_id", "people").in_list(),
            Field::new("first_on", FieldType::Day).required().in_list(),
            // Occurrences up to this day exist.
            Field::new("made_until", FieldType::Day).required(),
            Field::new("is_over", FieldType::Bool).default(false),
            Field::new("invite_sequence", FieldType::Integer)
                .default(0i64)
                .internal(),
        ],
    )
    .label("rrule")
    .part_of("activities")
    .fixed()
    .read_only()
}

pub fn job() -> JobKind {
    extend::kind()
}

/// How far a change of one occurrence reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    This,
    Following,
    All,
}

pub fn repeat_schema() -> Json {
    json!({
        "type": ["object", "null"], "required": ["rrule"],
        "properties": { "rrule": { "type": "string", "example": "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231" } },
        "description": "Repeat by a rule of RFC 5545, at most once a day. In a change of an occurrence: the rule from here on; null ends the series with it."
    })
}

pub fn scope_schema() -> Json {
    json!({
        "type": "string", "enum": ["this", "following", "all"], "default": "this",
        "description": "How far a change of an occurrence reaches in its series: this one, this and what follows, or all that are still open."
    })
}

/// How far this request reaches; taken out, so that what follows from it does not reach further.
fn take_scope(write: &mut Write) -> Result<Scope> {
    match write.said.shift_remove("scope") {
        None | Some(Json::Null) => Ok(Scope::This),
        Some(Json::String(scope)) => match scope.as_str() {
            "this" => Ok(Scope::This),
            "following" => Ok(Scope::Following),
            "all" => Ok(Scope::All),
            _ => Err(Problem::field("scope", "unknown_choice")),
        },
        Some(_) => Err(Problem::field("scope", "wrong_type")),
    }
}

/// What a request says of repeating.
enum Repeat {
    Nothing,
    Stop,
    By(String),
}

fn take_repeat(write: &mut Write) -> Result<Repeat> {
    match write.said.shift_remove("repeat") {
        None => Ok(Repeat::Nothing),
        Some(Json::Null) => Ok(Repeat::Stop),
        Some(repeat) => match repeat["rrule"].as_str() {
            Some(rule) => Ok(Repeat::By(rule.to_owned())),
            None => Err(Problem::field("repeat", "bad_repeat")),
        },
    }
}

fn refusal(error: RecurrenceError) -> Problem {
    let code = match error {
        RecurrenceError::Form => "bad_repeat",
        RecurrenceError::TooOften => "repeats_too_often",
        RecurrenceError::MissesStart => "repeat_misses_start",
    };
    Problem::field("repeat", code)
}

/// A stored rule; one that no longer reads repeats no more.
fn rule_of(series: &Record, zone: Tz) -> Result<Recurrence> {
    Recurrence::parse(series.text("rrule"), zone, NaiveTime::MIN).map_err(Problem::internal)
}

fn day_of(record: &Record, field: &str) -> Option<NaiveDate> {
    record.get(field).as_day()
}

/// The day on which an activity is planned.
fn planned_day(record: &Record, write: &Write) -> Option<NaiveDate> {
    match record.int("planned_start_at") {
        Some(at) => Some(write.access.app.clock.day_of(at)),
        None => day_of(record, "due_on"),
    }
}

pub fn series_id(record: &Record) -> Option<Uuid> {
    Uuid::parse_str(record.text("series_id")).ok()
}

/// Set while a series is written: its occurrences are then no changes of their own.
#[derive(Debug, Default)]
struct Whole;

pub fn is_whole(write: &Write) -> bool {
    write.memory.get::<Whole>().is_some()
}

/// Whether what was decided about the activity at hand reaches to a whole series.
pub fn is_planned(write: &Write) -> bool {
    let scope = write.said.get("scope").and_then(Json::as_str);
    write.memory.get::<begin::Begin>().is_some()
        || write.memory.get::<wide::Wide>().is_some()
        || matches!(scope, Some("following" | "all"))
}

/// Before an activity is written: reads what the request says of repeating, and decides how far it reaches.
pub async fn before(write: &mut Write, before: Option<&Record>, after: &mut Record) -> Result<()> {
    if write.cause != Cause::Edit || is_whole(write) {
        return Ok(());
    }
    let repeat = take_repeat(write)?;
    let scope = take_scope(write)?;
    let in_series = before.and_then(series_id);
    match (before, in_series, repeat) {
        (_, None, Repeat::By(rule)) => begin::plan(write, after, &rule),
        (Some(before), Some(id), Repeat::By(rule)) => {
            wide::plan_rule(write, id, before, after, &rule).await
        }
        (Some(before), Some(id), Repeat::Stop) => {
            whole(write, async |write| {
                wide::stop_after(write, id, before).await
            })
            .await
        }
        (Some(before), Some(id), Repeat::Nothing) if scope != Scope::This => {
            wide::plan(write, id, before, after, scope).await
        }
        (Some(before), Some(_), Repeat::Nothing) => {
            let is_own = HANDED_ON
                .iter()
                .filter(|field| **field != "owner_id")
                .chain(&TIMES)
                .any(|field| before.get(field) != after.get(field));
            if is_own {
                after.set("is_series_exception", true);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// After an activity was written: does what `before` decided.
pub async fn after(
    write: &mut Write,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<()> {
    if write.cause != Cause::Edit || is_whole(write) {
        return Ok(());
    }
    match (before, after) {
        (_, Some(after)) => {
            // What a follow-up brings along is not the record that was decided about.
            let begins = write.memory.get::<begin::Begin>();
            if begins.is_some_and(|begin| Some(begin.id) == series_id(after))
                && let Some(planned) = write.memory.take::<begin::Begin>()
            {
                whole(write, async |write| planned.carry_out(write, after).await).await?;
            }
            if let Some(before) = before
                && let Some(planned) = write.memory.take::<wide::Wide>()
            {
                whole(write, async |write| {
                    planned.carry_out(write, before, after).await
                })
                .await?;
            }
            Ok(())
        }
        (Some(before), None) => {
            let scope = take_scope(write)?;
            if let (Some(id), true) = (series_id(before), scope != Scope::This) {
                whole(write, async |write| {
                    remove::others(write, id, before, scope).await
                })
                .await?;
            }
            Ok(())
        }
        (None, None) => Ok(()),
    }
}

/// Writes a series with all its occurrences; of each alone nobody is asked or warned.
async fn whole(write: &mut Write, act: impl AsyncFnOnce(&mut Write) -> Result<()>) -> Result<()> {
    let automatic = write.automatic;
    write.automatic = true;
    write.memory.keep(Whole);
    let outcome = act(write).await;
    write.memory.take::<Whole>();
    write.automatic = automatic;
    outcome
}
