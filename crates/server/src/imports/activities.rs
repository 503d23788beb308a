//! What files of activities hold beside the record's own fields: one time for plan or deed, how long it took, when it was
//! written down.

use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::Write;
use rules::activities::{MINUTE_MS, State};
use rules::value::{Field, FieldType, Value};

use super::engine::Extras;

pub const NAME: &str = "activities";

/// When it happened or will: of the deed when done, else of the plan.
const TIME: &str = "time";
const MINUTES: &str = "minutes";
const RECORDED_AT: &str = "recorded_at";

pub fn extra_fields() -> Vec<Field> {
    vec![
        Field::new(TIME, FieldType::Instant),
        Field::new(MINUTES, FieldType::Integer),
        Field::new(RECORDED_AT, FieldType::Instant),
    ]
}

/// Fields that only what was done has.
const SIGNS_OF_A_DEED: [&str; 6] = [
    "started_at",
    "ended_at",
    "result",
    "outcome",
    "analysis",
    "needs_found",
];

/// Completes an activity before it is created. A file that says nothing of the state tells of the past, or of plans.
pub fn prepare(write: &Write, record: &mut Record, extras: &Extras) -> Result<()> {
    let said = |name: &str| extras.get(name).and_then(Value::as_int);
    if let Some(recorded_at) = said(RECORDED_AT) {
        if recorded_at > write.now {
            return Err(Problem::field(RECORDED_AT, "in_future"));
        }
        record.set("created_at", recorded_at);
    }
    let time = said(TIME);
    if record.get("state").is_null() {
        let is_deed = SIGNS_OF_A_DEED
            .iter()
            .any(|field| !record.get(field).is_null())
            || time.is_some_and(|time| time <= write.now);
        let state = if is_deed { State::Done } else { State::Planned };
        record.set("state", state.code());
    }
    let is_done = record.text("state") == State::Done.code();
    let [start, end] = if is_done {
        ["started_at", "ended_at"]
    } else {
        ["planned_start_at", "planned_end_at"]
    };
    if record.get(start).is_null() {
        record.set(start, time);
    }
    if let Some(minutes) = said(MINUTES) {
        if minutes < 0 {
            return Err(Problem::field(MINUTES, "negative"));
        }
        if let (Some(begun), true) = (record.int(start), record.get(end).is_null()) {
            let took = minutes.checked_mul(MINUTE_MS);
            record.set(end, took.and_then(|took| begun.checked_add(took)));
        }
    }
    Ok(())
}
