//! One person's day: the plan in its order, what is done, what is due, what was promised.

use std::collections::HashMap;

use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::web::{Doc, Query as Asked, Routes, json_bytes};
use rules::activities::{DAY_MS, Family, LONGEST_DAYS, State};
use rules::holidays::is_working_day;
use rules::permission::Action;
use rules::position::Position;
use rules::suggestions::next_working_day;
use rules::value::Value;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use utoipa::IntoParams;
use uuid::Uuid;

use super::rows::{Answer, ascending, descending, owned_by};
use super::suggestions;
use crate::activities::Catalogue;

/// Open plans of one person that a day looks at, the latest first: more than anybody has open, and a bound for whoever never
/// closes any.
const OPEN_MAX: u64 = 300;
/// Deeds of a day, invitations of a day, promises.
const LIST_MAX: u64 = 100;

pub fn routes() -> Routes {
    let activities =
        || json!({ "type": "array", "items": { "$ref": "#/components/schemas/Activity" } });
    let plan = json!({ "type": "array", "items": { "allOf": [{ "$ref": "#/components/schemas/Activity" }, {
        "type": "object", "properties": {
            "customer_address": { "type": ["string", "null"] },
            "customer_latitude": { "type": ["number", "null"], "description": "Degrees (WGS 84)." },
            "customer_longitude": { "type": ["number", "null"] },
            "leg_m": { "type": ["integer", "null"], "description": "Metres from the customer before, as the crow flies." }
        } }] } });
    let answer = json!({
        "type": "object",
        "required": ["day", "is_working_day", "plan", "done", "tasks", "overdue", "promises", "suggestions", "labels"],
        "properties": {
            "day": { "type": "string", "format": "date" },
            "is_working_day": { "type": "boolean" },
            "plan": plan,
            "done": activities(),
            "tasks": activities(),
            "overdue": activities(),
            "promises": { "type": "array", "items": { "$ref": "#/components/schemas/Opportunity" } },
            "suggestions": { "type": "array", "items": { "$ref": "#/components/schemas/Suggestion" } },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } },
        },
    });
    Routes::default().get(
        "/api/today",
        Doc::new("today", "My day: plan, deeds, tasks, promises, suggestions")
            .about(
                "`plan` is what I and those I take part with still want to do, by time; `tasks` are due by this day; `overdue` was \
                 planned before and is neither done nor given up; `promises` are my open opportunities whose next step is due. \
                 Suggestions come for the present day only.",
            )
            .query::<AskedDay>()
            .names::<suggestions::Suggestion>()
            .answer_schema("application/json", answer),
        today,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AskedDay {
    /// The business day; the present one unless told.
    pub day: Option<NaiveDate>,
}

/// What a person has to do with one day. Open activities are sorted by time.
pub struct Day {
    pub day: NaiveDate,
    /// The day is the present one.
    pub is_today: bool,
    pub plan: Vec<Record>,
    pub done: Vec<Record>,
    pub tasks: Vec<Record>,
    /// The latest first.
    pub overdue: Vec<Record>,
    /// Something is planned for the next working day.
    pub has_plan_next: bool,
}

async fn today(access: Access, Asked(asked): Asked<AskedDay>) -> Result<Response> {
    access.require("activities", Action::Read)?;
    let day = Day::of(&access, asked.day).await?;
    let activities = access.resource("activities")?;
    let opportunities = access.resource("opportunities")?;
    let places = Places::of(&access, &day.plan).await?;
    let promises = promises(&access, &day).await?;
    let suggested = if day.is_today {
        suggestions::of(&access, &day).await?
    } else {
        Vec::new()
    };
    let mut answer = Answer::new(&access);
    answer.member("day", &day.day)?;
    answer.member("is_working_day", &is_working_day(day.day))?;
    let legs = places.extras(&day.plan);
    answer.rows("plan", &activities, day.plan.iter().zip(legs))?;
    for (name, records) in [
        ("done", &day.done),
        ("tasks", &day.tasks),
        ("overdue", &day.overdue),
    ] {
        let rows = records.iter().map(|record| (record, Vec::new()));
        answer.rows(name, &activities, rows)?;
    }
    let rows = promises.iter().map(|record| (record, Vec::new()));
    answer.rows("promises", &opportunities, rows)?;
    answer.member("suggestions", &suggested)?;
    Ok(json_bytes(answer.finish().await?))
}

impl Day {
    async fn of(access: &Access, asked: Option<NaiveDate>) -> Result<Day> {
        let clock = &access.app.clock;
        let today = clock.today();
        let day = asked.unwrap_or(today);
        let after = day
            .succ_opt()
            .ok_or_else(|| Problem::field("day", "not_a_day"))?;
        let (start, end) = (clock.start_of(day), clock.start_of(after));
        let next = next_working_day(day);
        let next_start = clock.start_of(next);
        let horizon = clock.start_of(next.succ_opt().unwrap_or(next));
        let is_today = day == today;
        let kinds = Catalogue::all(access).await?;
        let mut open = own(access, &[State::Planned, State::Moved], None, horizon).await?;
        let mut done = own(access, &[State::Done], Some(start), end).await?;
        // Invitations are looked for from the longest plan that may still go on.
        let longest = start - LONGEST_DAYS * DAY_MS;
        for record in invited(access, longest, horizon).await? {
            match State::from_code(record.text("state")) {
                Some(State::Planned | State::Moved) => open.push(record),
                Some(State::Done) if begins(&record) >= start && begins(&record) < end => {
                    done.push(record);
                }
                _ => {}
            }
        }
        open.sort_by_key(|record| (begins(record), record.id()));
        done.sort_by_key(|record| (begins(record), record.id()));
        let mut found = Day {
            day,
            is_today,
            plan: Vec::new(),
            done,
            tasks: Vec::new(),
            overdue: Vec::new(),
            has_plan_next: false,
        };
        for record in open {
            let is_task = record
                .reference("kind_id")
                .and_then(|id| kinds.get(id))
                .is_some_and(|kind| kind.family == Family::Task);
            let at = begins(&record);
            let lasts_until = record.int("planned_end_at").unwrap_or(at);
            if at >= end {
                found.has_plan_next |= at >= next_start && !is_task;
            } else if at >= start || (lasts_until > start && !is_task) {
                let list = if is_task {
                    &mut found.tasks
                } else {
                    &mut found.plan
                };
                list.push(record);
            } else if is_today {
                let list = if is_task {
                    &mut found.tasks
                } else {
                    &mut found.overdue
                };
                list.push(record);
            }
        }
        found.overdue.reverse();
        Ok(found)
    }
}

/// The time that a day goes by, in milliseconds.
fn begins(record: &Record) -> i64 {
    record.int("happens_at").unwrap_or_default()
}

/// The actor's own activities in these states that happen before an instant, the latest first.
async fn own(
    access: &Access,
    states: &[State],
    from: Option<i64>,
    before: i64,
) -> Result<Vec<Record>> {
    let resource = access.resource("activities")?;
    let mut found = Vec::new();
    // One walk along the index for each state: both databases would sort what they find for several at once.
    for state in states {
        let Some(mut select) = owned_by(access, &resource, access.actor.person_id) else {
            break;
        };
        select
            .and_where(resource.column("state").eq(state.code()))
            .and_where(resource.column("happens_at").lt(before))
            .limit(OPEN_MAX);
        descending(&mut select, resource.column("happens_at"));
        if let Some(from) = from {
            select.and_where(resource.column("happens_at").gte(from));
        }
        found.extend(access.records(&resource, &select).await?);
    }
    Ok(found)
}

/// Activities of others that the actor takes part in: whoever takes part may read them.
async fn invited(access: &Access, from: i64, before: i64) -> Result<Vec<Record>> {
    let resource = access.resource("activities")?;
    let ids = Query::select()
        .column(Alias::new("activity_id"))
        .from(Alias::new("activity_participant"))
        .and_where(col("person_id").eq(access.actor.person_id))
        .and_where(col("happens_at").gte(from))
        .and_where(col("happens_at").lt(before))
        .order_by(Alias::new("happens_at"), Order::Desc)
        .limit(LIST_MAX)
        .to_owned();
    let mut found: Vec<Uuid> = Vec::new();
    for row in access.rows(&ids).await? {
        found.push(row.try_get_by_index(0)?);
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = resource.select();
    select
        .and_where(resource.column("id").is_in(found))
        .and_where(resource.column("owner_id").ne(access.actor.person_id));
    access.records(&resource, &select).await
}

/// The actor's open opportunities whose next step is due: by the present day, or on another one.
async fn promises(access: &Access, day: &Day) -> Result<Vec<Record>> {
    let resource = access.resource("opportunities")?;
    let Some(mut select) = owned_by(access, &resource, access.actor.person_id) else {
        return Ok(Vec::new());
    };
    let due = resource.column("next_step_on");
    let on = day.day.to_string();
    select
        .and_where(resource.column("outcome").eq("open"))
        .and_where(if day.is_today {
            due.clone().lte(on)
        } else {
            due.clone().eq(on)
        })
        .limit(LIST_MAX);
    ascending(&mut select, due);
    access.records(&resource, &select).await
}

/// Where the customers of a plan are.
struct Places(HashMap<Uuid, Place>);

struct Place {
    address: Json,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Places {
    /// The name of a customer is part of the activity; where it is, only those know who may read it.
    async fn of(access: &Access, plan: &[Record]) -> Result<Places> {
        let mut ids: Vec<Uuid> = plan
            .iter()
            .filter_map(|record| record.reference("customer_id"))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = HashMap::new();
        if ids.is_empty() || !access.allows("customers", Action::Read) {
            return Ok(Places(found));
        }
        let customers = access.resource("customers")?;
        let mut select = access.select(&customers, Action::Read)?;
        select.and_where(customers.column("id").is_in(ids));
        for record in access.records(&customers, &select).await? {
            let shown = |name: &str| {
                let field = customers.field(name)?;
                access.shown(&customers, field, record.get(name))
            };
            let degrees = |name: &str| shown(name).as_ref().and_then(Value::as_number);
            let place = Place {
                address: shown("address").map_or(Json::Null, |value| value.to_json()),
                latitude: degrees("latitude"),
                longitude: degrees("longitude"),
            };
            found.insert(record.id(), place);
        }
        Ok(Places(found))
    }

    /// What each row of the plan says of its customer's place, and how far it is from the one before.
    fn extras(&self, plan: &[Record]) -> Vec<Vec<u8>> {
        let mut last: Option<Position> = None;
        let mut extras = Vec::with_capacity(plan.len());
        for record in plan {
            let place = record
                .reference("customer_id")
                .and_then(|id| self.0.get(&id));
            let here = place.and_then(|place| Position::new(place.latitude?, place.longitude?));
            let leg = last
                .zip(here)
                .map(|(from, to)| from.distance_m(to).round() as i64);
            last = here.or(last);
            extras.push(
                format!(
                    "\"customer_address\":{},\"customer_latitude\":{},\"customer_longitude\":{},\"leg_m\":{}",
                    place.map_or(&Json::Null, |place| &place.address),
                    json!(here.map(Position::latitude)),
                    json!(here.map(Position::longitude)),
                    json!(leg),
                )
                .into_bytes(),
            );
        }
        extras
    }
}
