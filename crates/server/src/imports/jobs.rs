//! Checks and runs in the background, as the person who asked for them.

use std::path::Path;
use std::sync::Arc;

use platform::access::{Access, Source};
use platform::app::App;
use platform::job::{JobKind, Running};
use platform::problem::{Problem, Result};
use rules::permission::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::engine::{self, Outcome, Task};
use super::mapping::Mapping;
use super::plan::Plan;
use super::progress::{self, Watch};
use super::store::Import;
use super::{reading, saved, store};

pub const NAME: &str = "import";

#[derive(Debug, Serialize, Deserialize)]
pub struct Payload {
    pub import: Uuid,
    pub dry_run: bool,
}

pub fn kind() -> JobKind {
    JobKind::new(NAME, 1, run).long()
}

async fn run(running: Running) -> Result<Json> {
    let payload: Payload =
        serde_json::from_value(running.payload.clone()).map_err(Problem::internal)?;
    let app = running.app.clone();
    let import = store::read(&app, payload.import).await?;
    // After a crash the job comes again: what was committed stays done.
    if !import.is_busy() {
        return Ok(json!({}));
    }
    let source = Source::Import(import.id);
    let access = Access::of_person(&app, import.person_id, source).await?;
    let watch = Watch::new(Some(running), import.id, import.row_count);
    progress::began(import.id);
    let outcome = carry_out(&access, &import, payload.dry_run, &watch).await;
    let result = match outcome {
        Ok(outcome) => Ok(json!(outcome.summary)),
        Err(problem) => match store::failed(&access, import.id, &problem).await {
            Ok(()) => Err(problem),
            Err(worse) => Err(worse),
        },
    };
    progress::ended(import.id);
    result
}

/// Runs or rehearses an import that is marked as busy, and notes its end.
pub async fn carry_out(
    access: &Access,
    import: &Import,
    dry_run: bool,
    watch: &Watch,
) -> Result<Outcome> {
    let app: &Arc<App> = &access.app;
    let resource = access.resource(&import.resource)?;
    access.require(&resource.name, Action::Import)?;
    let mapping = import.mapping.clone().unwrap_or_default();
    let file = import.file(app).await?;
    let headers = headers_of(&file, &import.file_name).await?;
    let plan = Plan::new(access, &resource, &mapping, &headers).await?;
    let troubles = app.files.passing()?;
    let outcome = engine::run(Task {
        import: import.id,
        access: access.clone(),
        plan: &plan,
        file: file.to_path_buf(),
        file_name: import.file_name.clone(),
        troubles,
        troubles_key: import.troubles_key(),
        dry_run,
        watch,
    })
    .await?;
    match (&outcome.batch, dry_run) {
        _ if outcome.was_cancelled => {
            store::ended(access, import.id, "cancelled", &outcome).await?
        }
        (_, true) => store::ended(access, import.id, "checked", &outcome).await?,
        (None, false) => store::ended(access, import.id, "failed", &outcome).await?,
        (Some(_), false) => remember(access, import, &mapping, &headers).await?,
    }
    Ok(outcome)
}

/// The next file of the same source starts with the mapping that worked.
async fn remember(
    access: &Access,
    import: &Import,
    mapping: &Mapping,
    headers: &[String],
) -> Result<()> {
    saved::keep(
        access,
        &import.resource,
        &import.file_name,
        mapping,
        headers,
    )
    .await
}

pub async fn headers_of(path: &Path, file_name: &str) -> Result<Vec<String>> {
    let sheet = reading::open(path, file_name).await?;
    Ok(sheet
        .columns()
        .iter()
        .map(|column| column.name.clone())
        .collect())
}
