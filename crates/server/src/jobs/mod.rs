//! Background jobs for administrators: what runs, what failed and why, cancel and retry.

use axum::response::Response;
use platform::access::Access;
use platform::db::col;
use platform::labels;
use platform::problem::{Problem, Result};
use platform::web::{Doc, Labels, Path, Query as Asked, Routes, asked_number, json, no_content};
use rules::permission::Action;
use rules::value::instant_text;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query, UpdateStatement};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::ledger::Names;

const PAGE_SIZE: u64 = 50;
const PAGE_MAX: u64 = 1_000;
const STATES: [&str; 5] = ["queued", "running", "done", "failed", "cancelled"];

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/jobs",
            Doc::new("jobs", "Background jobs, newest first, 50 a page")
                .query::<Page>()
                .answers::<JobList>(),
            list,
        )
        .post(
            "/api/jobs/{id}/cancel",
            Doc::new(
                "jobs",
                "Cancel a job that waits or runs; it stops at its next step",
            )
            .status(204),
            cancel,
        )
        .post(
            "/api/jobs/{id}/retry",
            Doc::new("jobs", "Run a failed or cancelled job again").status(204),
            retry,
        )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    state: Option<String>,
    /// From 1.
    page: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct JobList {
    rows: Vec<JobRow>,
    labels: Labels,
}

#[derive(Debug, Serialize, ToSchema)]
struct JobRow {
    id: Uuid,
    kind: String,
    state: String,
    /// Whether it comes back by itself.
    repeats: bool,
    progress: Option<Progress>,
    attempts: i64,
    created_at: String,
    created_by: Option<Uuid>,
    /// When it is or was due.
    run_at: String,
    started_at: Option<String>,
    finished_at: Option<String>,
    error: Option<String>,
    can: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Progress {
    done: i64,
    total: i64,
}

async fn list(access: Access, Asked(page): Asked<Page>) -> Result<Response> {
    access.require("settings", Action::Configure)?;
    let number = asked_number("page", page.page, 1, PAGE_MAX)?;
    let columns = [
        "id",
        "kind",
        "state",
        "progress_done",
        "progress_total",
        "attempts",
        "created_at",
        "created_by",
        "run_at",
        "started_at",
        "finished_at",
        "error",
    ];
    let mut select = Query::select();
    select
        .columns(columns.map(Alias::new))
        .from(Alias::new("job"))
        .order_by(Alias::new("created_at"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE);
    if let Some(state) = &page.state {
        if !STATES.contains(&state.as_str()) {
            return Err(Problem::field("state", "unknown_choice"));
        }
        select.and_where(col("state").eq(state.as_str()));
    }
    let rows: Vec<JobRow> = access
        .rows(&select)
        .await?
        .iter()
        .map(|row| job(&access, row))
        .collect::<Result<_>>()?;
    let people: Names = rows
        .iter()
        .filter_map(|row| Some(("people".to_owned(), row.created_by?)))
        .collect();
    let labels = labels::of(&access, people).await?.into();
    json(&JobList { rows, labels })
}

fn repeats(access: &Access, kind: &str) -> bool {
    access.app.jobs.get(kind).is_some_and(|kind| kind.repeats())
}

fn job(access: &Access, row: &QueryResult) -> Result<JobRow> {
    let id: Uuid = row.try_get_by_index(0)?;
    let kind: String = row.try_get_by_index(1)?;
    let state: String = row.try_get_by_index(2)?;
    let stored: (Option<i64>, Option<i64>) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
    let progress = match (access.app.progress.get(&id), stored) {
        // This process's own jobs are known to the moment.
        (Some((done, total)), _) if state == "running" => Some(Progress { done, total }),
        (_, (Some(done), Some(total))) => Some(Progress { done, total }),
        _ => None,
    };
    let instant = |i: usize| -> Result<Option<String>> {
        Ok(row.try_get_by_index::<Option<i64>>(i)?.map(instant_text))
    };
    let repeats = repeats(access, &kind);
    let can = match state.as_str() {
        _ if access.actor.read_only => Vec::new(),
        "queued" | "running" if !repeats => vec!["cancel"],
        "failed" | "cancelled" => vec!["retry"],
        _ => Vec::new(),
    };
    Ok(JobRow {
        id,
        kind,
        state,
        repeats,
        progress,
        attempts: row.try_get_by_index(5)?,
        created_at: instant(6)?.unwrap_or_default(),
        created_by: row.try_get_by_index(7)?,
        run_at: instant(8)?.unwrap_or_default(),
        started_at: instant(9)?,
        finished_at: instant(10)?,
        error: row.try_get_by_index(11)?,
        can,
    })
}

async fn cancel(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let kind = kind_of(&access, id).await?;
    if repeats(&access, &kind) {
        return Err(Problem::rule("job_repeats"));
    }
    let mut update = Query::update();
    update
        .value(Alias::new("state"), "cancelled")
        .value(Alias::new("finished_at"), access.app.clock.now_ms())
        .and_where(col("state").is_in(["queued", "running"]));
    set(&access, id, &kind, "cancel", update, "job_not_running").await
}

async fn retry(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let kind = kind_of(&access, id).await?;
    let mut update = Query::update();
    update
        .value(Alias::new("state"), "queued")
        .value(Alias::new("attempts"), 0i64)
        .value(Alias::new("run_at"), access.app.clock.now_ms())
        .value(Alias::new("error"), None::<String>)
        .value(Alias::new("finished_at"), None::<i64>)
        .and_where(col("state").is_in(["failed", "cancelled"]));
    let answer = set(&access, id, &kind, "retry", update, "job_not_failed").await?;
    access.app.wake_jobs();
    Ok(answer)
}

async fn kind_of(access: &Access, id: Uuid) -> Result<String> {
    access.require("settings", Action::Configure)?;
    let select = Query::select()
        .column(Alias::new("kind"))
        .from(Alias::new("job"))
        .and_where(col("id").eq(id))
        .to_owned();
    Ok(access
        .row(&select)
        .await?
        .ok_or_else(Problem::not_found)?
        .try_get_by_index(0)?)
}

/// Brings a job into another state, if it still is in one that allows it.
async fn set(
    access: &Access,
    id: Uuid,
    kind: &str,
    verb: &str,
    mut update: UpdateStatement,
    refusal: &'static str,
) -> Result<Response> {
    update.table(Alias::new("job")).and_where(col("id").eq(id));
    let mut write = access.write().await?;
    if write.execute(&update).await? == 0 {
        return Err(Problem::rule(refusal));
    }
    write.note("jobs", id, verb, object!({ "kind": kind }));
    write.commit().await?;
    Ok(no_content())
}
