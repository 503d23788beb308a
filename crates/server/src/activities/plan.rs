//! The plan: when it is to happen, how long, and that it was moved.

use platform::problem::FieldProblem;
use platform::resource::Record;
use rules::activities::{
    BadStretch, DAY_MS, Family, HOUR_MS, LONGEST_DAYS, LONGEST_HOURS, MINUTE_MS, State,
    check_stretch,
};
use rules::value::Value;
use serde_json::json;

use super::rules_of::Act;

/// How long something takes whose kind doesn't say.
const USUAL_MINUTES: i64 = 30;
/// The earliest reminder, four weeks ahead.
const REMINDER_MINUTES_MAX: i64 = 40_320;

/// Completes the plan, and says what can't be.
pub fn settle(act: &Act, after: &mut Record, errors: &mut Vec<FieldProblem>) {
    stretch(act, after, errors);
    moved(act, after);
    let clock = act.clock();
    let planned_on = match after.int("planned_start_at") {
        Some(start) => Value::from(clock.day_of(start)),
        None => after.get("due_on").clone(),
    };
    after.set("planned_on", planned_on);
    // Something to be done without a day is a task; everything else has its time.
    let lacks_time = after.get("planned_start_at").is_null() && after.get("due_on").is_null();
    if act.is.is_open() && lacks_time && act.kind.family != Family::Task && !act.bulk {
        errors.push(FieldProblem::new("planned_start_at", "required", json!({})));
    }
    if after
        .int("reminder_minutes")
        .is_some_and(|minutes| !(0..=REMINDER_MINUTES_MAX).contains(&minutes))
    {
        let params = json!({ "min": 0, "max": REMINDER_MINUTES_MAX });
        errors.push(FieldProblem::new(
            "reminder_minutes",
            "out_of_range",
            params,
        ));
    }
    if act.is == State::Cancelled {
        if after.get("cancel_reason").is_null() && !act.bulk && act.becomes(State::Cancelled) {
            errors.push(FieldProblem::new("cancel_reason", "required", json!({})));
        }
    } else if !after.get("cancel_reason").is_null() {
        errors.push(FieldProblem::new(
            "cancel_reason",
            "only_when_cancelled",
            json!({}),
        ));
    }
}

/// Whole days begin and end at midnight; what has no end takes as long as its kind does.
fn stretch(act: &Act, after: &mut Record, errors: &mut Vec<FieldProblem>) {
    let Some(start) = after.int("planned_start_at") else {
        if !after.get("planned_end_at").is_null() {
            errors.push(FieldProblem::new("planned_start_at", "required", json!({})));
        }
        return;
    };
    let is_all_day = after.get("is_all_day").as_bool() == Some(true);
    let moved_alone =
        act.changed(after, "planned_start_at") && !act.changed(after, "planned_end_at");
    // Whoever names only another beginning keeps the length.
    let length = act
        .before
        .filter(|_| moved_alone)
        .and_then(|before| Some(before.int("planned_end_at")? - before.int("planned_start_at")?));
    let usual = act.kind.default_minutes.unwrap_or(USUAL_MINUTES) * MINUTE_MS;
    let end = match (length, after.int("planned_end_at")) {
        (Some(length), _) => start + length,
        (None, Some(end)) => end,
        (None, None) => start + if is_all_day { DAY_MS } else { usual },
    };
    let (start, end) = if is_all_day && end >= start {
        let clock = act.clock();
        let first = clock.day_of(start);
        let last = Ord::max(clock.day_of(end - 1), first);
        let after_last = last.succ_opt().unwrap_or(last);
        (clock.start_of(first), clock.start_of(after_last))
    } else {
        (start, end)
    };
    after.set("planned_start_at", start);
    after.set("planned_end_at", end);
    let longest = if is_all_day {
        // A day may be an hour longer where clocks are changed.
        LONGEST_DAYS * DAY_MS + HOUR_MS
    } else {
        LONGEST_HOURS * HOUR_MS
    };
    match check_stretch(start, end, longest) {
        Ok(()) => {}
        Err(BadStretch::EndBeforeStart) => errors.push(FieldProblem::new(
            "planned_end_at",
            "end_before_start",
            json!({}),
        )),
        Err(BadStretch::TooLong) if is_all_day => errors.push(FieldProblem::new(
            "planned_end_at",
            "lasts_too_many_days",
            json!({ "days": LONGEST_DAYS }),
        )),
        Err(BadStretch::TooLong) => errors.push(FieldProblem::new(
            "planned_end_at",
            "lasts_too_long",
            json!({ "hours": LONGEST_HOURS }),
        )),
    }
}

/// An open plan that gets another time was moved, and keeps the first.
fn moved(act: &Act, after: &mut Record) {
    if !act.is.is_open() || act.bulk {
        return;
    }
    let clock = act.clock();
    let time_of = |record: &Record| {
        let due = record.get("due_on").as_day().map(|day| clock.start_of(day));
        record.int("planned_start_at").or(due)
    };
    let first = act.before.and_then(time_of);
    let is_moved = first.is_some() && time_of(after).is_some() && first != time_of(after);
    if is_moved && after.get("first_planned_at").is_null() {
        after.set("first_planned_at", first);
    }
    let state = if is_moved || act.was == Some(State::Moved) {
        State::Moved
    } else {
        State::Planned
    };
    after.set("state", state.code());
}
