//! How an opportunity moves: advance, close, reopen.

use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::web::{Body, Doc, Path, Routes, expected_version, saved};
use platform::write::Write;
use rules::opportunities::Outcome;
use rules::permission::Action;
use rules::value::{Changes, Value};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules_of::is_closed;
use super::stages::Processes;

pub fn routes() -> Routes {
    let answer = || json!({ "$ref": "#/components/schemas/Opportunity" });
    let doc = |summary: &str| {
        Doc::new("opportunities", summary)
            .if_match()
            .answer_schema("application/json", answer())
    };
    Routes::default()
        .post(
            "/api/opportunities/{id}/advance",
            doc("Move to another stage")
                .about("An open opportunity needs a next step with its day.")
                .body::<Advance>(),
            advance,
        )
        .post(
            "/api/opportunities/{id}/close",
            doc("Win or lose it")
                .about("A lost one needs a reason.")
                .body::<Close>(),
            close,
        )
        .post(
            "/api/opportunities/{id}/reopen",
            doc("Take up again what was closed").body::<Reopen>(),
            reopen,
        )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Advance {
    stage_id: Uuid,
    next_step: Option<String>,
    next_step_on: Option<NaiveDate>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Close {
    outcome: End,
    /// Today unless told; never in the future.
    closed_on: Option<NaiveDate>,
    /// Needed when lost.
    loss_reason: Option<String>,
    competitor: Option<String>,
    note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum End {
    Won,
    Lost,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reopen {
    stage_id: Uuid,
    reason: String,
}

async fn advance(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Advance>,
) -> Result<Response> {
    let version = expected_version(&headers)?;
    let mut said = Map::from_iter([("stage_id".to_owned(), json!(body.stage_id))]);
    insert(&mut said, "next_step", body.next_step);
    insert(
        &mut said,
        "next_step_on",
        body.next_step_on.map(|day| day.to_string()),
    );
    act(access, "advance", id, version, said, async |_, _, _| Ok(())).await
}

async fn close(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Close>,
) -> Result<Response> {
    let version = expected_version(&headers)?;
    let mut said = Map::new();
    insert(
        &mut said,
        "closed_on",
        body.closed_on.map(|day| day.to_string()),
    );
    insert(&mut said, "loss_reason", body.loss_reason);
    insert(&mut said, "competitor", body.competitor);
    insert(
        &mut said,
        if body.outcome == End::Lost {
            "loss_note"
        } else {
            "win_note"
        },
        body.note,
    );
    let outcome = if body.outcome == End::Lost {
        Outcome::Lost
    } else {
        Outcome::Won
    };
    act(
        access,
        "close",
        id,
        version,
        said,
        async move |write: &mut Write, record: &Record, changes: &mut Changes| {
            if is_closed(record) {
                return Err(Problem::rule("already_closed"));
            }
            let processes = Processes::of(write).await?;
            let process = record
                .reference("process_id")
                .and_then(|id| processes.process(id));
            let end = process
                .and_then(|process| process.end(outcome))
                .ok_or_else(|| Problem::rule("no_process"))?;
            changes.insert("stage_id".into(), Value::Id(end.id));
            Ok(())
        },
    )
    .await
}

async fn reopen(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Reopen>,
) -> Result<Response> {
    let version = expected_version(&headers)?;
    let said = Map::from_iter([("stage_id".to_owned(), json!(body.stage_id))]);
    let reason = body.reason.trim().to_owned();
    act(
        access,
        "reopen",
        id,
        version,
        said,
        async move |write: &mut Write, record: &Record, changes: &mut Changes| {
            if !is_closed(record) {
                return Err(Problem::rule("not_closed"));
            }
            if reason.is_empty() {
                return Err(Problem::field("reason", "required"));
            }
            if reason.chars().count() > rules::value::LINE_MAX {
                return Err(Problem::field_with(
                    "reason",
                    "too_long",
                    json!({ "max": rules::value::LINE_MAX }),
                ));
            }
            let processes = Processes::of(write).await?;
            if processes
                .stage(body.stage_id)
                .is_some_and(|stage| stage.outcome != Outcome::Open)
            {
                return Err(Problem::field("stage_id", "stage_not_open"));
            }
            changes.insert("reopen_reason".into(), Value::Text(reason));
            Ok(())
        },
    )
    .await
}

fn insert(said: &mut Map<String, Json>, field: &str, value: Option<String>) {
    if let Some(value) = value {
        said.insert(field.into(), Json::String(value));
    }
}

/// Locks the opportunity, lets the verb add what follows, and writes it under the verb's name.
async fn act(
    access: Access,
    verb: &str,
    id: Uuid,
    version: i64,
    said: Map<String, Json>,
    follow: impl AsyncFnOnce(&mut Write, &Record, &mut Changes) -> Result<()>,
) -> Result<Response> {
    let resource = access.resource("opportunities")?;
    let mut changes = access.parse(&resource, &said, false)?;
    for name in changes.keys() {
        if let Some(field) = resource.field(name) {
            access.require_open(&resource, field, name)?;
        }
    }
    let mut write = access.write().await?;
    let record = write
        .lock_for(&resource, id, Action::Edit, Some(version))
        .await?;
    follow(&mut write, &record, &mut changes).await?;
    let record = write.apply(verb, record, changes).await.map_err(as_said)?;
    saved(write, &record, false).await
}

/// The pointers of the record's fields are those of the body, but for the note.
fn as_said(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        if matches!(error.pointer.as_str(), "/loss_note" | "/win_note") {
            *error = FieldProblem {
                pointer: "/note".into(),
                ..error.clone()
            };
        }
    }
    problem
}
