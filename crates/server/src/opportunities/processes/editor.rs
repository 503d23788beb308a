//! The editor of a process: its stages are saved together, in place or as a new revision.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use axum::response::Response;
use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::resource::{Record, Resource};
use platform::web::{Body, Doc, Path, Routes, batch_header, expected_version, json};
use platform::write::Write;
use rules::permission::Action;
use rules::value::{Changes, Value};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::history::TABLE;
use super::moving;
use super::wanted::{WantedStage, parse};

/// What makes a stage another one for those who are in it; its wording and advice may be mended at any time.
const MEANING: [&str; 5] = [
    "code",
    "kind",
    "win_chance",
    "standard_days",
    "funnel_level",
];

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SaveStages {
    /// All stages in their order; a known one with its `id`.
    #[schema(value_type = Vec<BTreeMap<String, Json>>)]
    stages: Vec<Map<String, Json>>,
    /// Moves what runs: from each old stage to a stage of the request, named by its id or its code.
    #[serde(rename = "move")]
    moves: Option<BTreeMap<Uuid, String>>,
}

pub fn routes() -> Routes {
    let stage = || json!({ "$ref": "#/components/schemas/Stage" });
    let rows = json!({ "type": "object", "required": ["rows"], "properties": { "rows": { "type": "array", "items": stage() } } });
    let saved = json!({ "type": "object", "required": ["process_id", "revision", "in_place", "moved", "stages"], "properties": {
        "process_id": { "type": "string", "format": "uuid", "description": "Another than asked when a new revision was made." },
        "revision": { "type": "integer" },
        "in_place": { "type": "boolean" },
        "moved": { "type": "integer", "description": "Running opportunities that went over." },
        "stages": { "type": "array", "items": stage() } } });
    Routes::default()
        .get(
            "/api/processes/{id}/stages",
            Doc::new("processes", "Stages in their order").schema("StageList", rows).answers_named("StageList"),
            async |access: Access, Path(id): Path<Uuid>| {
                let process = access.get(&access.resource("processes")?, id).await?;
                json(&json!({ "rows": stages_json(&access, process.id()).await? }))
            },
        )
        .put(
            "/api/processes/{id}/stages",
            Doc::new("processes", "SaveStages the stages")
                .about("In place while no opportunity uses what changes; else as a new revision, on which running opportunities go over when `move` says where.")
                .body::<SaveStages>()
                .schema("SavedStages", saved)
                .answers_named("SavedStages"),
            put,
        )
}

async fn put(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<SaveStages>,
) -> Result<Response> {
    access.require("processes", Action::Edit)?;
    let version = match headers.contains_key(header::IF_MATCH) {
        true => Some(expected_version(&headers)?),
        false => None,
    };
    let stages = access.resource("stages")?;
    let wanted = parse(&access, &stages, body.stages)?;
    let mut write = access.write().await?;
    let moves = body.moves.unwrap_or_default();
    let saved = save(&mut write, &stages, id, version, &wanted, moves).await?;
    let batch = write.commit().await?;
    let answer = json!({
        "process_id": saved.process.id(),
        "revision": saved.process.int("revision"),
        "in_place": saved.process.id() == id,
        "moved": saved.moved,
        "stages": stages_json(&access, saved.process.id()).await?,
    });
    Ok(batch_header(json(&answer)?, batch))
}

struct Saved {
    process: Record,
    moved: usize,
}

async fn save(
    write: &mut Write,
    stages: &Arc<Resource>,
    id: Uuid,
    version: Option<i64>,
    wanted: &[WantedStage],
    moves: BTreeMap<Uuid, String>,
) -> Result<Saved> {
    let processes = write.access.resource("processes")?;
    let process = write
        .lock_for(&processes, id, Action::Edit, version)
        .await?;
    let known = write.records(stages, &stages_of(stages, id)).await?;
    if let Some(i) = wanted.iter().position(|stage| {
        stage
            .id
            .is_some_and(|id| known.iter().all(|known| known.id() != id))
    }) {
        return Err(Problem::field(
            &format!("/stages/{i}/id"),
            "unknown_reference",
        ));
    }
    let mut in_use = false;
    for stage in changed(&known, wanted) {
        in_use |= is_used(write, stage).await?;
    }
    if !in_use {
        in_place(write, stages, &process, known, wanted).await?;
        return Ok(Saved { process, moved: 0 });
    }
    let next = revise(write, stages, process, wanted).await?;
    let moved = moving::move_running(write, &known, &next.stages, wanted, moves).await?;
    Ok(Saved {
        process: next.process,
        moved,
    })
}

/// Stages that would go, mean something else, or stand in another order among those that stay.
fn changed<'a>(known: &'a [Record], wanted: &[WantedStage]) -> Vec<&'a Record> {
    let kept: Vec<Uuid> = wanted.iter().filter_map(|stage| stage.id).collect();
    let mut before: Vec<&Record> = known
        .iter()
        .filter(|stage| kept.contains(&stage.id()))
        .collect();
    before.sort_by_key(|stage| stage.int("position"));
    known
        .iter()
        .filter(|stage| {
            let Some(wanted) = wanted.iter().find(|wanted| wanted.id == Some(stage.id())) else {
                return true;
            };
            let place = kept.iter().position(|id| *id == stage.id());
            let was = before.iter().position(|before| before.id() == stage.id());
            place != was
                || MEANING
                    .iter()
                    .any(|field| wanted.changes.get(*field) != Some(stage.get(field)))
        })
        .collect()
}

/// Whether an opportunity is, or ever was, in the stage.
async fn is_used(write: &mut Write, stage: &Record) -> Result<bool> {
    let any = |table: &str| {
        Query::select()
            .expr(Expr::val(1))
            .from(Alias::new(table))
            .and_where(Expr::col(Alias::new("stage_id")).eq(stage.id()))
            .limit(1)
            .to_owned()
    };
    // By the process first, as the board's index is ordered.
    let is = any("opportunity")
        .and_where(Expr::col(Alias::new("process_id")).eq(stage.reference("process_id")))
        .to_owned();
    Ok(!write.rows(&is).await?.is_empty() || !write.rows(&any(TABLE)).await?.is_empty())
}

async fn in_place(
    write: &mut Write,
    stages: &Arc<Resource>,
    process: &Record,
    known: Vec<Record>,
    wanted: &[WantedStage],
) -> Result<()> {
    let mut left = known;
    for stage in wanted {
        let place = stage
            .id
            .and_then(|id| left.iter().position(|known| known.id() == id));
        match place {
            Some(place) => {
                write
                    .apply("update", left.remove(place), stage.changes.clone())
                    .await?;
            }
            None => {
                let mut changes = stage.changes.clone();
                changes.insert("process_id".into(), Value::Id(process.id()));
                write.create(stages, changes).await?;
            }
        }
    }
    for gone in left {
        write.delete(stages, gone.id(), None).await?;
    }
    Ok(())
}

struct Revision {
    process: Record,
    /// In the order of the wanted ones.
    stages: Vec<Record>,
}

/// Makes the next revision; the one before keeps what runs on it and takes nothing new.
async fn revise(
    write: &mut Write,
    stages: &Arc<Resource>,
    process: Record,
    wanted: &[WantedStage],
) -> Result<Revision> {
    if !process.get("replaced_by").is_null() {
        return Err(Problem::rule("process_replaced"));
    }
    let processes = process.resource.clone();
    let mut changes = Changes::new();
    for field in ["name", "name_en", "code"] {
        changes.insert(field.into(), process.get(field).clone());
    }
    changes.insert("is_active".into(), process.get("is_active").clone());
    changes.insert(
        "revision".into(),
        Value::Int(process.int("revision").unwrap_or(1) + 1),
    );
    let next = write.create(&processes, changes).await?;
    let mut made = Vec::new();
    for stage in wanted {
        let mut changes = stage.changes.clone();
        changes.insert("process_id".into(), Value::Id(next.id()));
        made.push(write.create(stages, changes).await?);
    }
    let retired = Changes::from([
        ("is_active".into(), Value::Bool(false)),
        ("replaced_by".into(), Value::Id(next.id())),
    ]);
    write.apply("update", process, retired).await?;
    Ok(Revision {
        process: next,
        stages: made,
    })
}

fn stages_of(stages: &Resource, process: Uuid) -> SelectStatement {
    let mut select = stages.select();
    select
        .and_where(stages.column("process_id").eq(process))
        .order_by_expr(stages.column("position"), Order::Asc)
        .order_by_expr(stages.column("id"), Order::Asc);
    select
}

async fn stages_json(access: &Access, process: Uuid) -> Result<Vec<Json>> {
    let stages = access.resource("stages")?;
    let currency = access.app.settings().currency.clone();
    let records = access
        .records(&stages, &stages_of(&stages, process))
        .await?;
    Ok(records
        .iter()
        .map(|record| {
            let fields = record.resource.fields.iter().zip(&record.values);
            Json::Object(
                fields
                    .map(|(field, value)| (field.name.clone(), field.to_json(value, &currency)))
                    .collect(),
            )
        })
        .collect())
}
