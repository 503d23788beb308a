//! Activities of the invented company as records, ready to be written.

use std::collections::HashMap;

use chrono::NaiveDate;
use demo::{Activity, Answer, CheckIn, Deed, Plan, Step, Task};
use platform::clock::Clock;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use rules::activities::{Family, State};
use rules::position::Position;
use rules::value::Value;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::records::{Shapes, record};
use crate::activities::{SHIPPED_KINDS, is_seeing, subject_of};
use crate::visit_templates::version_of;

/// A shipped kind, and the standard visit that ships for it.
pub struct Kind {
    id: Uuid,
    /// In Chinese.
    name: &'static str,
    template_version_id: Option<Uuid>,
    family: Family,
}

/// The shipped kinds by code.
pub type Kinds = HashMap<&'static str, Kind>;

pub fn kinds() -> Kinds {
    let of = |kind: &crate::activities::ShippedKind| Kind {
        id: kind.id(),
        name: kind.name[0],
        template_version_id: version_of(kind.code),
        family: kind.family,
    };
    SHIPPED_KINDS
        .iter()
        .map(|kind| (kind.code, of(kind)))
        .collect()
}

/// What the record of an activity takes from its customer.
#[derive(Clone, Copy)]
pub struct With<'a> {
    pub name: &'a str,
    /// Latitude and longitude in degrees.
    pub position: (f64, f64),
}

/// The record of an activity with a customer, or of one among ourselves.
pub fn activity(
    shapes: &Shapes,
    clock: &Clock,
    customer: Option<With<'_>>,
    activity: &Activity,
) -> Result<Record> {
    let kind = shapes
        .kinds
        .get(activity.kind)
        .ok_or_else(|| Problem::internal(format!("no kind {}", activity.kind)))?;
    let subject = match &activity.subject {
        Some(subject) => subject.clone(),
        None => subject_of(kind.name, customer.map(|customer| customer.name)),
    };
    let mut made = record(
        &shapes.activities,
        [
            ("id", activity.id.into()),
            ("created_at", activity.created_at.into()),
            ("created_by", activity.created_by.into()),
            ("updated_at", activity.updated_at.into()),
            ("updated_by", activity.owner_id.into()),
            ("subject", subject.into()),
            ("kind_id", kind.id.into()),
            ("state", activity.state.into()),
            ("owner_id", activity.owner_id.into()),
            ("participant_ids", ids(&activity.participant_ids)),
            ("customer_id", activity.customer_id.into()),
            ("contact_ids", ids(&activity.contact_ids)),
            ("opportunity_id", activity.opportunity_id.into()),
            ("cancel_reason", activity.cancel_reason.into()),
            ("follow_up_of_id", activity.follow_up_of_id.into()),
            ("has_follow_up", activity.has_follow_up.into()),
        ],
    );
    if let Some(plan) = &activity.plan {
        planned(&mut made, plan);
    }
    if let Some(deed) = &activity.deed {
        let is_unplanned = activity.plan.is_none();
        done(&mut made, clock, deed, is_unplanned);
        if let Some(check_in) = &deed.check_in {
            checked_in(
                &mut made,
                check_in,
                customer.map(|customer| customer.position),
            );
        }
    }
    let steps = activity.deed.iter().flat_map(|deed| &deed.steps);
    let answers: Map<String, Json> = steps.map(answered).collect();
    if let (Some(version), false) = (kind.template_version_id, answers.is_empty()) {
        made.set("template_version_id", version.to_string());
        made.set("answers", Value::Json(answers.into()));
    }
    if let Some(task) = &activity.task {
        tasked(&mut made, task);
    }
    Ok(made)
}

/// The day on which a customer was last visited.
pub fn last_visited_on(
    shapes: &Shapes,
    clock: &Clock,
    activities: &[Activity],
) -> Option<NaiveDate> {
    let visited = |activity: &Activity| {
        let kind = shapes.kinds.get(activity.kind)?;
        let deed = activity.deed.as_ref()?;
        (activity.state == State::Done.code() && is_seeing(kind.family)).then_some(deed.started_at)
    };
    let last = activities.iter().filter_map(visited).max();
    last.map(|started_at| clock.day_of(started_at))
}

fn ids(ids: &[Uuid]) -> Value {
    if ids.is_empty() {
        Value::Null
    } else {
        Value::List(ids.iter().map(Uuid::to_string).collect())
    }
}

fn set<const N: usize>(record: &mut Record, values: [(&str, Value); N]) {
    for (name, value) in values {
        record.set(name, value);
    }
}

fn planned(record: &mut Record, plan: &Plan) {
    set(
        record,
        [
            ("planned_start_at", plan.start_at.into()),
            ("planned_end_at", plan.end_at.into()),
            ("first_planned_at", plan.first_start_at.into()),
            ("due_on", plan.due_on.into()),
            ("purpose", plan.purpose.as_deref().into()),
            ("preparation", plan.preparation.into()),
            ("reminder_minutes", plan.reminder_minutes.into()),
        ],
    );
}

fn done(record: &mut Record, clock: &Clock, deed: &Deed, is_unplanned: bool) {
    let is_backdated = clock.day_of(deed.started_at) < clock.day_of(deed.logged_at);
    let outcome = deed.is_effective.map(|is_effective| {
        if is_effective {
            "effective"
        } else {
            "not_effective"
        }
    });
    set(
        record,
        [
            ("started_at", deed.started_at.into()),
            ("ended_at", deed.ended_at.into()),
            ("logged_at", deed.logged_at.into()),
            ("device_at", deed.device_at.into()),
            ("is_unplanned", is_unplanned.into()),
            ("is_backdated", is_backdated.into()),
            ("result", deed.result.as_deref().into()),
            ("analysis", deed.analysis.as_deref().into()),
            ("outcome", outcome.into()),
            (
                "intention_reached",
                deed.intention_reached.then_some(true).into(),
            ),
            ("appointment_got", deed.appointment_got.into()),
            ("is_refused", deed.refusal_reason.map(|_| true).into()),
            ("refusal_reason", deed.refusal_reason.into()),
            ("needs_found", deed.needs_found.as_deref().into()),
            ("competitor", deed.competitor.into()),
        ],
    );
}

fn checked_in(record: &mut Record, check_in: &CheckIn, customer: Option<(f64, f64)>) {
    record.set("checked_in_at", check_in.at);
    record.set("position", check_in.position);
    let Some((latitude, longitude, accuracy_m)) = check_in.place else {
        return;
    };
    let here = Position::new(latitude, longitude);
    let there = customer.and_then(|(latitude, longitude)| Position::new(latitude, longitude));
    let distance_m = here
        .zip(there)
        .map(|(here, there)| here.distance_m(there).round() as i64);
    set(
        record,
        [
            ("latitude", latitude.into()),
            ("longitude", longitude.into()),
            ("accuracy_m", accuracy_m.into()),
            ("distance_m", distance_m.into()),
        ],
    );
}

fn tasked(record: &mut Record, task: &Task) {
    record.set("priority", task.priority);
    record.set("giver_id", task.giver_id);
    if !task.checklist.is_empty() {
        let lines = task.checklist.iter();
        let lines = lines.map(|(text, done)| json!({ "text": text, "done": done }));
        record.set("checklist", Value::Json(lines.collect()));
    }
}

/// An answer as a phone sends it.
fn answered(step: &Step) -> (String, Json) {
    let json = match &step.answer {
        Answer::Yes(yes) => json!(yes),
        Answer::Number(number) => json!(number),
        Answer::Text(text) => json!(text),
        Answer::Choice(code) => json!(code),
        Answer::Products(ids) => json!(ids),
        Answer::CompetitorPrice(competitor, amount_minor, offer) => json!({
            "competitor": competitor, "offer": offer,
            "price": { "amount_minor": amount_minor, "currency": "CNY" },
        }),
    };
    (step.code.to_owned(), json)
}
