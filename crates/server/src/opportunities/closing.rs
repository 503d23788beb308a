//! What follows from the stage that an opportunity stands in: outcome, days, chance, weight, and what must be said.

use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Write};
use rules::opportunities::{Outcome, weighted_minor};
use rules::value::Value;
use serde_json::json;

use super::history;
use super::rules_of::is_closed;
use super::stages::{Process, Stage};

const HALF_A_DAY_MS: i64 = 43_200_000;

/// One settlement: the record as it was and as it will be.
struct Move<'a> {
    before: Option<&'a Record>,
    stage: &'a Stage,
    /// The record is new or comes to another stage.
    moved: bool,
    /// Somebody does it now, by hand: today's rules hold.
    personal: bool,
    /// Rows of a file or the demo company: what they say of the past counts.
    bulk: bool,
}

impl Move<'_> {
    fn changed(&self, after: &Record, field: &str) -> bool {
        self.before
            .is_none_or(|before| before.get(field) != after.get(field))
    }
    /// The value was said in this very write.
    fn said(&self, after: &Record, field: &str) -> bool {
        !after.get(field).is_null() && self.changed(after, field)
    }
    fn was_closed(&self) -> bool {
        self.before.is_some_and(is_closed)
    }
}

/// Sets what the stage decides, and says what is missing.
pub fn settle(
    write: &Write,
    before: Option<&Record>,
    after: &mut Record,
    process: &Process,
    stage: &Stage,
    errors: &mut Vec<FieldProblem>,
) -> Result<()> {
    let moved = before.is_none_or(|before| before.get("stage_id") != after.get("stage_id"));
    let act = Move {
        before,
        stage,
        moved,
        personal: write.cause == Cause::Edit && !write.automatic && !write.access.actor.is_system(),
        bulk: write.cause.is_bulk(),
    };
    debug_assert_eq!(process.id, stage.process_id);
    after.set("outcome", stage.outcome.code());
    if act.was_closed() && moved && !act.bulk {
        if stage.outcome != Outcome::Open {
            return Err(Problem::rule("already_closed"));
        }
        if !act.said(after, "reopen_reason") {
            return Err(Problem::rule("reopen_needs_reason"));
        }
    }
    closed_on(write, &act, after, errors);
    loss(&act, after, errors);
    entered_at(write, &act, after);
    weight(&act, after, errors);
    slips(&act, after);
    next_step(&act, after, errors);
    Ok(())
}

fn closed_on(write: &Write, act: &Move, after: &mut Record, errors: &mut Vec<FieldProblem>) {
    let clock = &write.access.app.clock;
    if act.stage.outcome == Outcome::Open {
        if act.moved && act.was_closed() {
            for field in ["closed_on", "loss_reason", "loss_note", "win_note"] {
                after.set(field, Value::Null);
            }
        } else if !after.get("closed_on").is_null() {
            errors.push(FieldProblem::new(
                "closed_on",
                "only_when_closed",
                json!({}),
            ));
        }
        return;
    }
    if act.moved && act.personal {
        // The next step of what is over would only stand in lists of things to do.
        after.set("next_step", Value::Null);
        after.set("next_step_on", Value::Null);
    }
    if act.moved && !act.said(after, "reopen_reason") {
        after.set("reopen_reason", Value::Null);
    }
    match after.get("closed_on").as_day() {
        Some(day) if day > clock.today() => {
            errors.push(FieldProblem::new("closed_on", "in_future", json!({})))
        }
        Some(_) => {}
        None if act.moved => {
            let given = history::given_end(write, after.id()).map(|end| end.entered_at);
            let known = given.or_else(|| {
                if act.bulk {
                    after.int("stage_entered_at")
                } else {
                    None
                }
            });
            after.set("closed_on", clock.day_of(known.unwrap_or(write.now)));
        }
        None => errors.push(FieldProblem::new("closed_on", "required", json!({}))),
    }
}

fn loss(act: &Move, after: &Record, errors: &mut Vec<FieldProblem>) {
    let has_reason = !after.get("loss_reason").is_null();
    if act.stage.outcome == Outcome::Lost {
        let may_lack = act.bulk || !(act.moved || act.changed(after, "loss_reason"));
        if !has_reason && !may_lack {
            errors.push(FieldProblem::new("loss_reason", "required", json!({})));
        }
    } else if has_reason {
        errors.push(FieldProblem::new(
            "loss_reason",
            "only_when_lost",
            json!({}),
        ));
    }
}

fn entered_at(write: &Write, act: &Move, after: &mut Record) {
    if !act.moved {
        return;
    }
    let clock = &write.access.app.clock;
    let given = history::given_end(write, after.id()).map(|end| end.entered_at);
    let said = (act.bulk && act.said(after, "stage_entered_at"))
        .then(|| after.int("stage_entered_at"))
        .flatten();
    // A closing that is told later happened about noon of its day.
    let closed = after
        .get("closed_on")
        .as_day()
        .filter(|day| *day < clock.today());
    let closed = closed.map(|day| clock.start_of(day) + HALF_A_DAY_MS);
    let begun = if act.bulk && act.before.is_none() {
        after.int("created_at")
    } else {
        None
    };
    let at = Ord::min(
        given.or(said).or(closed).or(begun).unwrap_or(write.now),
        write.now,
    );
    // Never before the stage that it leaves, so that the way has no gaps.
    let earliest = match act.before {
        Some(before) => before.int("stage_entered_at"),
        None if act.bulk => None,
        None => after.int("created_at"),
    };
    after.set("stage_entered_at", Ord::max(at, earliest.unwrap_or(at)));
}

fn weight(act: &Move, after: &mut Record, errors: &mut Vec<FieldProblem>) {
    match act.stage.outcome {
        Outcome::Won => after.set("win_chance", 100.0),
        Outcome::Lost => after.set("win_chance", 0.0),
        Outcome::Open
            if after.get("win_chance").is_null()
                || (act.moved && !act.said(after, "win_chance")) =>
        {
            after.set("win_chance", act.stage.win_chance);
        }
        Outcome::Open => {}
    }
    let chance = after.get("win_chance").as_number().unwrap_or_default();
    if !(0.0..=100.0).contains(&chance) {
        errors.push(FieldProblem::new(
            "win_chance",
            "out_of_range",
            json!({ "min": 0, "max": 100 }),
        ));
    }
    let weighted = after
        .int("amount")
        .map(|amount| weighted_minor(amount, chance, act.stage.outcome));
    after.set("weighted_amount", weighted);
}

fn slips(act: &Move, after: &mut Record) {
    let Some(before) = act.before else { return };
    let (was, is) = (
        before.get("expected_close_on").as_day(),
        after.get("expected_close_on").as_day(),
    );
    if act.stage.outcome == Outcome::Open && was.is_some() && is > was {
        after.set(
            "close_slips",
            before.int("close_slips").unwrap_or_default() + 1,
        );
    }
}

/// An open opportunity has a next step; one that came without is not held up until it is moved.
fn next_step(act: &Move, after: &Record, errors: &mut Vec<FieldProblem>) {
    // A reopened one shows among those without next step until somebody knows it.
    if !act.personal || act.stage.outcome != Outcome::Open || act.was_closed() {
        return;
    }
    for field in ["next_step", "next_step_on"] {
        if after.get(field).is_null() && (act.moved || act.changed(after, field)) {
            errors.push(FieldProblem::new(field, "required", json!({})));
        }
    }
}
