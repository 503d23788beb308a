//! The wizard's API: upload, check, run, look, cancel, undo, and the file of bad rows.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::response::Response;
use platform::access::Access;
use platform::job;
use platform::labels;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Path, Query, Routes, batch_header, json};
use platform::write::Cause;
use rules::permission::Action;
use serde::Deserialize;
use serde_json::{Value as Json, json as object};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::mapping::Mapping;
use super::plan::Plan;
use super::shown::{ImportList, ImportRow, ImportShown};
use super::upload::{FORM_MAX, Uploaded, What, described, upload};
use super::{bad_rows, jobs, progress, reading, saved, store};
use crate::exports::FileFormat;
use crate::ledger::Undone;

const LISTED: u64 = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    resource: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    mapping: Mapping,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Format {
    #[serde(default)]
    #[param(inline)]
    format: FileFormat,
}

pub fn routes() -> Routes {
    let file = object!({
        "type": "object", "required": ["file"],
        "properties": { "file": { "type": "string", "format": "binary" } }
    });
    Routes::default()
        .post(
            "/api/imports",
            Doc::new(
                "imports",
                "Upload a spreadsheet (XLSX, CSV; at most 200 MB and 1,000,000 rows)",
            )
            .about("Nothing is imported yet; the answer suggests what its columns mean.")
            .query::<What>()
            .body_schema("multipart/form-data", file)
            .status(201)
            .answers::<Uploaded>(),
            upload.layer(DefaultBodyLimit::max(FORM_MAX)),
        )
        .get(
            "/api/imports",
            Doc::new("imports", "The newest imports")
                .query::<Which>()
                .answers::<ImportList>(),
            list,
        )
        .get(
            "/api/imports/{id}",
            Doc::new("imports", "How an import is").answers::<ImportShown>(),
            show,
        )
        .post(
            "/api/imports/{id}/check",
            Doc::new("imports", "Try an import without writing anything")
                .body::<Wanted>()
                .status(202)
                .answers::<ImportShown>(),
            |access: Access, Path(id): Path<Uuid>, Body(wanted): Body<Wanted>| {
                start(access, id, wanted, true)
            },
        )
        .post(
            "/api/imports/{id}/run",
            Doc::new("imports", "Import, in one transaction in the background")
                .body::<Wanted>()
                .status(202)
                .answers::<ImportShown>(),
            |access: Access, Path(id): Path<Uuid>, Body(wanted): Body<Wanted>| {
                start(access, id, wanted, false)
            },
        )
        .post(
            "/api/imports/{id}/cancel",
            Doc::new("imports", "Stop a check or a run; nothing of it stays")
                .answers::<ImportShown>(),
            cancel,
        )
        .post(
            "/api/imports/{id}/undo",
            Doc::new(
                "imports",
                "Take an import back, within 30 days and while nobody has changed its records",
            )
            .answers::<Undone>(),
            undo,
        )
        .get(
            "/api/imports/{id}/errors",
            Doc::new(
                "imports",
                "The bad rows as they were, with the reasons behind them",
            )
            .query::<Format>()
            .answer_schema(
                "application/octet-stream",
                object!({ "type": "string", "format": "binary" }),
            ),
            errors,
        )
        .merge(saved::routes())
}

async fn list(access: Access, Query(which): Query<Which>) -> Result<Response> {
    let imports = store::list(&access, which.resource.as_deref(), LISTED).await?;
    let rows = imports.iter().map(|import| ImportRow::of(&access, import));
    let people = imports
        .iter()
        .map(|import| ("people".to_owned(), import.person_id))
        .collect();
    json(&ImportList {
        rows: rows.collect(),
        labels: labels::of(&access, people).await?.into(),
    })
}

async fn show(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let import = store::get(&access, id).await?;
    let mut answer = ImportShown::of(&access, &import);
    // Whoever opens a file that waits for its mapping or for its repair, on whatever device, needs its columns. Nobody asks
    // often then. A file that can't be read has failed for that reason and has none.
    let is_waiting = !import.is_busy() && !matches!(import.state.as_str(), "done" | "undone");
    if is_waiting
        && import.has_file()
        && let file = import.file(&access.app).await?
        && let Ok(sheet) = reading::open(&file, &import.file_name).await
    {
        let described = described(&access, &import, &sheet).await?;
        answer = answer.with_file(described.columns, described.targets, described.mapping);
    }
    json(&answer)
}

async fn start(access: Access, id: Uuid, wanted: Wanted, dry_run: bool) -> Result<Response> {
    let import = store::get(&access, id).await?;
    let resource = access.resource(&import.resource)?;
    access.require(&resource.name, Action::Import)?;
    if import.is_busy() || import.state == "done" {
        return Err(Problem::rule("import_busy"));
    }
    let file = import.file(&access.app).await?;
    let headers = jobs::headers_of(&file, &import.file_name).await?;
    // A mapping that doesn't fit is refused at once, not in the background.
    Plan::new(&access, &resource, &wanted.mapping, &headers).await?;
    progress::ended(import.id);
    let mut write = access.write().await?;
    let payload = object!(jobs::Payload {
        import: id,
        dry_run
    });
    let job = job::enqueue(&mut write, jobs::NAME, payload).await?;
    store::start(
        &mut write,
        &import,
        &wanted.mapping,
        if dry_run { "checking" } else { "running" },
        job,
    )
    .await?;
    write.commit().await?;
    access.app.wake_jobs();
    let mut response = json(&ImportShown::of(
        &access,
        &store::read(&access.app, id).await?,
    ))?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

async fn cancel(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let import = store::get(&access, id).await?;
    if !import.is_busy() {
        return Err(Problem::rule("import_not_running"));
    }
    progress::cancel(id);
    if access.app.db.is_postgres() {
        // The import may run in another process, which looks here.
        let mut write = access.write().await?;
        store::move_to(&mut write, id, &store::BUSY, "cancelled").await?;
        write.commit().await?;
    }
    json(&ImportShown::of(
        &access,
        &store::read(&access.app, id).await?,
    ))
}

async fn undo(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let import = store::get(&access, id).await?;
    let (Some(batch), "done") = (import.batch, import.state.as_str()) else {
        return Err(Problem::rule("import_not_done"));
    };
    let mut write = access.write_as(Cause::Undo).await?;
    let undone = match write.undo(batch).await {
        Ok(undone) => undone,
        Err(problem) => {
            drop(write);
            return Err(named(&access, problem).await);
        }
    };
    store::move_to(&mut write, id, &["done"], "undone").await?;
    let batch = write.commit().await?;
    Ok(batch_header(json(&Undone { undone })?, batch))
}

/// Says which record stands in the way of an undo.
async fn named(access: &Access, mut problem: Problem) -> Problem {
    let resource = problem
        .params
        .get("resource")
        .and_then(Json::as_str)
        .map(str::to_owned);
    let id = problem
        .params
        .get("id")
        .and_then(Json::as_str)
        .and_then(|id| Uuid::parse_str(id).ok());
    if let (Some(resource), Some(id)) = (resource, id) {
        let labels = platform::labels::of(access, [(resource, id)].into())
            .await
            .unwrap_or_default();
        problem.params["label"] = object!(
            labels
                .get(&id)
                .map_or_else(|| id.to_string(), |label| label.to_string())
        );
        problem.code = "import_changed_since";
    }
    problem
}

async fn errors(
    access: Access,
    Path(id): Path<Uuid>,
    Query(format): Query<Format>,
) -> Result<Response> {
    let import = store::get(&access, id).await?;
    bad_rows::answer(&access, &import, format.format).await
}
