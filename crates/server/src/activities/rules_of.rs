//! What must hold for activities: states that only go forward, times that can be, and what follows from both.

use std::sync::Arc;

use async_trait::async_trait;
use platform::app::App;
use platform::clock::Clock;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::activities::{Family, State};
use rules::value::{LINE_MAX, Value};
use serde_json::{Value as Json, json};

use super::kinds::{Catalogue, Kind};
use super::{
    deed, evidence, follow_up, overlaps, participants, place, plan, position, series, subject,
    visited,
};
use crate::calendar;
use crate::customers::development;
use crate::visit_templates;

/// Lines of a checklist.
const CHECKLIST_MAX: usize = 100;

pub struct Activities;

#[async_trait]
impl Rules for Activities {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        // What is taken back was right when it was written.
        if write.cause == Cause::Undo {
            return Ok(());
        }
        let act = Act::of(write, before, after).await?;
        let mut errors = Vec::new();
        place::settle(write, before, after, &mut errors).await?;
        position::check_in(write, after, &mut errors).await?;
        plan::settle(&act, after, &mut errors);
        deed::settle(&act, after, &mut errors);
        checklist(&act, after, &mut errors);
        visit_templates::score(write, before, after, &mut errors).await?;
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        series::before(write, before, after).await?;
        given(write, &act, after);
        derive(&act, after);
        if follow_up::is_planned(write) {
            after.set("has_follow_up", true);
        }
        subject::settle(write, &act, after).await
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        participants::keep(write, before, after).await?;
        calendar::activity_written(write, before, after).await?;
        follow_up::touch(write, before, after);
        visited::touch(write, before, after).await?;
        let Some(after) = after else {
            return series::after(write, before, None).await;
        };
        evidence::show(write, before, after).await?;
        visit_templates::store(write, before, after).await?;
        if write.cause == Cause::Edit {
            // Of the occurrences of a series nobody is warned one by one.
            if !series::is_whole(write) {
                overlaps::warn(write, before, after).await?;
            }
            follow_up::plan(write, after).await?;
        }
        series::after(write, before, Some(after)).await
    }

    async fn finish(&self, write: &mut Write) -> Result<()> {
        position::place_customer(write).await?;
        follow_up::finish(write).await?;
        calendar::invitations::finish(write).await?;
        visited::finish(write).await?;
        development::finish(write).await
    }
}

/// One write of one activity.
pub struct Act<'a> {
    pub before: Option<&'a Record>,
    pub kinds: Arc<Catalogue>,
    pub kind: Arc<Kind>,
    pub was: Option<State>,
    pub is: State,
    /// Somebody does it now, by hand: today's rules hold.
    pub personal: bool,
    /// Rows of a file or the demo company: what they say of the past counts.
    pub bulk: bool,
    pub now: i64,
    pub app: Arc<App>,
}

impl<'a> Act<'a> {
    async fn of(write: &mut Write, before: Option<&'a Record>, after: &Record) -> Result<Act<'a>> {
        let kinds = Catalogue::of(write).await?;
        let kind = kind_of(write, &kinds, before, after)?.clone();
        let was = before.and_then(|before| State::from_code(before.text("state")));
        let is = State::from_code(after.text("state")).unwrap_or(State::Planned);
        let ended = match was {
            Some(State::Done) if is != State::Done => Some("already_done"),
            Some(State::Cancelled) if is != State::Cancelled => Some("already_cancelled"),
            _ => None,
        };
        if let (Some(code), Some(before)) = (ended, before) {
            return Err(Problem::rule(code).with(json!({ "version": before.version() })));
        }
        Ok(Act {
            before,
            kinds,
            kind,
            was,
            is,
            personal: write.cause == Cause::Edit && !write.access.actor.is_system(),
            bulk: write.cause.is_bulk(),
            now: write.now,
            app: write.access.app.clone(),
        })
    }
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }
    /// The field has another value than before this write.
    pub fn changed(&self, after: &Record, field: &str) -> bool {
        match self.before {
            Some(before) => before.get(field) != after.get(field),
            None => !after.get(field).is_null(),
        }
    }
    /// It becomes so in this very write.
    pub fn becomes(&self, state: State) -> bool {
        self.is == state && self.was != Some(state)
    }
}

fn kind_of<'k>(
    write: &Write,
    kinds: &'k Catalogue,
    before: Option<&Record>,
    after: &Record,
) -> Result<&'k Arc<Kind>> {
    let id = after
        .reference("kind_id")
        .ok_or_else(|| Problem::field("kind_id", "required"))?;
    let kind = kinds
        .get(id)
        .ok_or_else(|| Problem::field("kind_id", "unknown_reference"))?;
    let is_new = before.is_none_or(|before| before.reference("kind_id") != Some(id));
    if write.cause == Cause::Edit && is_new && !kind.is_active {
        return Err(Problem::field("kind_id", "kind_not_active"));
    }
    Ok(kind)
}

/// Whoever makes a task for somebody else, or passes on one of their own, gave it and follows what becomes of it. An open
/// task may be given to anybody; nothing else gets into a calendar out of the giver's reach.
fn given(write: &mut Write, act: &Act, after: &mut Record) {
    let maker = write.access.actor.person();
    let was_own = act
        .before
        .is_none_or(|before| before.reference("owner_id") == maker);
    let is_given = was_own && after.reference("owner_id") != maker;
    if !is_given || !act.personal || act.kind.family != Family::Task {
        return;
    }
    if after.get("giver_id").is_null() {
        after.set("giver_id", maker);
    }
    // Invitations go out in the name of whoever does it, so they are theirs to send.
    let invites = after.get("invite").as_bool() == Some(true);
    if after.reference("giver_id") == maker && act.is.is_open() && !invites {
        write.hand_over(after.id());
    }
}

/// A checklist is a list of `{"text", "done"}`.
fn checklist(act: &Act, after: &Record, errors: &mut Vec<FieldProblem>) {
    if !act.changed(after, "checklist") {
        return;
    }
    let fits = |line: &Json| {
        let text = line["text"].as_str().unwrap_or_default();
        let known = line.as_object().is_some_and(|line| line.len() <= 2);
        let done = line.get("done").is_none_or(Json::is_boolean);
        known && done && !text.trim().is_empty() && text.chars().count() <= LINE_MAX
    };
    let right = match after.get("checklist") {
        Value::Null => true,
        Value::Json(Json::Array(lines)) => lines.len() <= CHECKLIST_MAX && lines.iter().all(fits),
        _ => false,
    };
    if !right {
        errors.push(FieldProblem::new("checklist", "not_a_checklist", json!({})));
    }
}

/// The time that lists and calendars go by.
fn derive(act: &Act, after: &mut Record) {
    let due = after
        .get("due_on")
        .as_day()
        .map(|day| act.clock().start_of(day));
    let planned = after.int("planned_start_at").or(due);
    let happens_at = match act.is {
        State::Done => after.int("started_at").or(planned),
        _ => planned,
    };
    after.set("happens_at", happens_at);
}
