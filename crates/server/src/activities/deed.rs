//! The deed: when it happened, and that it can have happened so.

use platform::problem::FieldProblem;
use platform::resource::Record;
use rules::activities::{
    BadStretch, HOUR_MS, LONGEST_HOURS, MINUTE_MS, State, check_stretch, clock_ahead_ms,
    is_in_future,
};
use serde_json::json;

use super::rules_of::Act;
use crate::settings::Day;

/// Fields that only a deed has.
const DEED_ONLY: [&str; 3] = ["started_at", "ended_at", "outcome"];

/// Completes the deed, and says what can't be.
pub fn settle(act: &Act, after: &mut Record, errors: &mut Vec<FieldProblem>) {
    if act.is != State::Done {
        for field in DEED_ONLY {
            if act.changed(after, field) && !after.get(field).is_null() && !act.bulk {
                errors.push(FieldProblem::new(field, "only_when_done", json!({})));
            }
        }
        return;
    }
    if act.becomes(State::Done) {
        begin(act, after);
    }
    let Some(started_at) = after.int("started_at") else {
        errors.push(FieldProblem::new("started_at", "required", json!({})));
        return;
    };
    if act.changed(after, "started_at") || act.changed(after, "ended_at") {
        times(act, after, started_at, errors);
    }
    let done_on = act.clock().day_of(started_at);
    after.set("done_on", done_on);
    if act.bulk {
        return;
    }
    let logged_on = act
        .clock()
        .day_of(after.int("logged_at").unwrap_or(act.now));
    after.set("is_backdated", done_on < logged_on);
    let is_news = act.becomes(State::Done) || act.changed(after, "started_at");
    let late = (act.clock().today() - done_on).num_days();
    let allowed = Day::of(&act.app.settings()).backdate_days;
    if act.personal && is_news && late > allowed {
        errors.push(FieldProblem::new(
            "started_at",
            "backdated_too_far",
            json!({ "days": allowed }),
        ));
    }
}

/// What a deed that says nothing of its time gets: its plan's, when that is past, else now.
fn begin(act: &Act, after: &mut Record) {
    if !act.bulk {
        after.set("logged_at", act.now);
        after.set("is_unplanned", act.before.is_none());
        // A device that is ahead puts all its times ahead; the server's clock is right. A device that knows it says times
        // that can be: these stay.
        let said = ["started_at", "ended_at"].map(|field| after.int(field));
        let cannot_be = said.iter().flatten().any(|at| is_in_future(*at, act.now));
        let ahead = after
            .int("device_at")
            .filter(|_| cannot_be)
            .map_or(0, |device_at| clock_ahead_ms(device_at, act.now));
        for field in ["started_at", "ended_at"] {
            if act.changed(after, field) {
                let at = after.int(field).map(|at| at - ahead);
                after.set(field, at);
            }
        }
    }
    let usual = act.kind.default_minutes.unwrap_or_default() * MINUTE_MS;
    let past = |at: &i64| *at <= act.now;
    let due = after
        .get("due_on")
        .as_day()
        .map(|day| act.clock().start_of(day));
    let created_at = after.int("created_at");
    let started_at = after
        .int("started_at")
        .or(after.int("ended_at").map(|end| end - usual))
        .or(after.int("checked_in_at"))
        .or(after.int("planned_start_at").filter(past))
        .or(due.filter(|_| act.bulk).filter(past))
        .or(created_at.filter(|_| act.bulk))
        .unwrap_or(act.now);
    after.set("started_at", started_at);
    if after.get("ended_at").is_null() {
        // Not beyond now, and never before its beginning.
        let end = Ord::max(Ord::min(started_at + usual, act.now), started_at);
        after.set("ended_at", end);
    }
}

fn times(act: &Act, after: &Record, started_at: i64, errors: &mut Vec<FieldProblem>) {
    let ended_at = after.int("ended_at");
    // An end that follows from its beginning needs no word of its own.
    let late = if is_in_future(started_at, act.now) {
        Some("started_at")
    } else {
        ended_at
            .filter(|at| is_in_future(*at, act.now))
            .map(|_| "ended_at")
    };
    if let Some(field) = late {
        errors.push(FieldProblem::new(field, "done_in_the_future", json!({})));
    }
    let Some(ended_at) = ended_at else { return };
    match check_stretch(started_at, ended_at, LONGEST_HOURS * HOUR_MS) {
        Err(BadStretch::EndBeforeStart) if late.is_none() => {
            errors.push(FieldProblem::new("ended_at", "end_before_start", json!({})))
        }
        Err(BadStretch::TooLong) => errors.push(FieldProblem::new(
            "ended_at",
            "lasts_too_long",
            json!({ "hours": LONGEST_HOURS }),
        )),
        _ => {}
    }
}
