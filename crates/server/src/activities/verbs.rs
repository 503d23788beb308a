//! What happens to an activity: it is finished, called off, given another time, or begun by checking in.

use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::web::{Body, Doc, Path, Routes, known_version, saved, schema_of};
use rules::activities::State;
use rules::permission::Action;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::resources as descriptions;

/// What a body may say when an activity is finished; a plan is not changed any more.
const FINISHING: [&str; 20] = [
    "started_at",
    "ended_at",
    "device_at",
    "result",
    "analysis",
    "outcome",
    "intention_reached",
    "appointment_got",
    "is_refused",
    "refusal_reason",
    "needs_found",
    "competitor",
    "checklist",
    "template_version_id",
    "answers",
    "contact_ids",
    "participant_ids",
    "opportunity_id",
    "kind_id",
    "subject",
];

pub fn routes() -> Routes {
    let doc = |summary: &str| {
        Doc::new("activities", summary).may_match().answer_schema(
            "application/json",
            json!({ "$ref": "#/components/schemas/Activity" }),
        )
    };
    Routes::default()
        .post(
            "/api/activities/{id}/finish",
            doc("Log that it was done, and what came of it")
                .about("It was done when its plan said, or now, unless told. `follow_up` plans the next one in the same step; the answer names it in `follow_up_id`. What is done already is refused with its version.")
                .body_schema("application/json", finish_schema()),
            finish,
        )
        .post(
            "/api/activities/{id}/cancel",
            doc("Call it off").body::<Cancel>(),
            cancel,
        )
        .post(
            "/api/activities/{id}/move",
            doc("Give it another time")
                .about("The first time is kept. Without an end it stays as long as it was. Other open plans at that time stand in `warnings` of the answer.")
                .body::<Move>(),
            reschedule,
        )
        .post(
            "/api/activities/{id}/check-in",
            doc("Check in at the customer")
                .about("The first position at a customer who has none becomes the customer's.")
                .body_schema("application/json", super::position::schema()),
            check_in,
        )
}

fn finish_schema() -> Json {
    let resource = descriptions::activities();
    let mut properties: Map<String, Json> = FINISHING
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), schema_of(resource.field(name)?))))
        .collect();
    properties.extend(
        resource
            .members
            .iter()
            .map(|(name, schema)| ((*name).to_owned(), schema.clone())),
    );
    json!({ "type": "object", "properties": properties })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Cancel {
    reason: String,
    /// How far it reaches in a series: `this`, `following`, `all`.
    scope: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    /// RFC 3339; of what has a time.
    planned_start_at: Option<String>,
    planned_end_at: Option<String>,
    /// Of a task.
    due_on: Option<String>,
    /// How far it reaches in a series: `this`, `following`, `all`.
    scope: Option<String>,
}

async fn finish(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(mut body): Body<Map<String, Json>>,
) -> Result<Response> {
    let said = descriptions::activities().take_members(&mut body);
    if let Some(field) = body.keys().find(|name| !FINISHING.contains(&name.as_str())) {
        return Err(Problem::field(field, "unknown_field"));
    }
    body.insert("state".into(), json!(State::Done.code()));
    act(access, "finish", id, &headers, body, said).await
}

async fn cancel(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Cancel>,
) -> Result<Response> {
    let said = Map::from_iter([
        ("state".to_owned(), json!(State::Cancelled.code())),
        ("cancel_reason".to_owned(), json!(body.reason)),
    ]);
    act(access, "cancel", id, &headers, said, reach(body.scope)).await
}

async fn reschedule(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Move>,
) -> Result<Response> {
    let mut said = Map::new();
    for (name, value) in [
        ("planned_start_at", body.planned_start_at),
        ("planned_end_at", body.planned_end_at),
        ("due_on", body.due_on),
    ] {
        if let Some(value) = value {
            said.insert(name.into(), json!(value));
        }
    }
    if said.is_empty() {
        return Err(Problem::field("planned_start_at", "required"));
    }
    act(access, "reschedule", id, &headers, said, reach(body.scope)).await
}

/// How far a verb reaches, as the rules of series read it.
fn reach(scope: Option<String>) -> Map<String, Json> {
    scope
        .map(|scope| ("scope".to_owned(), Json::String(scope)))
        .into_iter()
        .collect()
}

async fn check_in(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Map<String, Json>>,
) -> Result<Response> {
    let said = Map::from_iter([(super::position::CHECK_IN.to_owned(), Json::Object(body))]);
    act(access, "check_in", id, &headers, Map::new(), said).await
}

/// Locks the activity and writes it under the verb's name; the rules decide.
async fn act(
    access: Access,
    verb: &str,
    id: Uuid,
    headers: &HeaderMap,
    fields: Map<String, Json>,
    said: Map<String, Json>,
) -> Result<Response> {
    let version = known_version(headers)?;
    let resource = access.resource("activities")?;
    let changes = access.parse(&resource, &fields, false)?;
    for name in changes.keys() {
        if let Some(field) = resource.field(name) {
            access.require_open(&resource, field, name)?;
        }
    }
    let mut write = access.write().await?;
    write.said = said;
    let record = write.lock_for(&resource, id, Action::Edit, version).await?;
    still_open(verb, &record)?;
    let record = write.apply(verb, record, changes).await.map_err(as_said)?;
    saved(write, &record, false).await
}

/// Of two devices that end the same plan the second learns that it came too late.
fn still_open(verb: &str, record: &Record) -> Result<()> {
    let code = match State::from_code(record.text("state")) {
        Some(State::Done) if verb != "check_in" => "already_done",
        Some(State::Cancelled) => "already_cancelled",
        _ => return Ok(()),
    };
    Err(Problem::rule(code).with(json!({ "version": record.version() })))
}

/// The pointer of the reason is that of the body.
fn as_said(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        if error.pointer == "/cancel_reason" {
            *error = FieldProblem {
                pointer: "/reason".into(),
                ..error.clone()
            };
        }
    }
    problem
}
