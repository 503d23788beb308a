//! What the command line does with files: exactly what the wizard does, without waiting in a queue.

use std::path::Path;

use platform::access::Access;
use platform::problem::{Problem, Result};
use rules::permission::Action;
use serde_json::Value as Json;
use uuid::Uuid;

use super::mapping::Mapping;
use super::progress::Watch;
use super::shown::ImportShown;
use super::{jobs, reading, saved, store, targets};

/// Imports a file, or tries to. Without a mapping, the one kept for its headers is taken, else the suggested one. Answers
/// what `GET /api/imports/{id}` answers: state `checked`, `done`, or `failed` with its errors.
pub async fn import_file(
    access: &Access,
    resource: &str,
    path: &Path,
    mapping: Option<Mapping>,
    dry_run: bool,
) -> Result<Json> {
    let resource = access.resource(resource)?;
    access.require(&resource.name, Action::Import)?;
    if resource.read_only {
        return Err(Problem::rule("not_importable"));
    }
    let file_name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let sheet = reading::open(path, &file_name).await?;
    let headers = reading::headers(&sheet);
    let samples: Vec<Vec<String>> = (0..headers.len())
        .map(|i| {
            sheet
                .samples()
                .iter()
                .filter_map(|row| Some(row.cells.get(i)?.text().into_owned()))
                .collect()
        })
        .collect();
    let (id, place) = store::new_place();
    let copy = access.app.files.passing()?;
    std::fs::copy(path, &*copy)?;
    access.app.files.keep(&place, copy).await?;
    let import = store::add(
        access,
        id,
        &resource.name,
        &file_name,
        &place,
        sheet.row_count(),
    )
    .await?;
    let mapping = match mapping {
        Some(mapping) => mapping,
        None => match saved::find(access, &resource.name, &headers).await? {
            Some(mapping) => mapping,
            None => targets::suggest(
                access,
                &targets::of(access, &resource).await?,
                &headers,
                &samples,
            ),
        },
    };
    // A mapping that doesn't fit is the caller's mistake, not the import's failure.
    super::plan::Plan::new(access, &resource, &mapping, &headers).await?;
    let mut write = access.write().await?;
    store::start(
        &mut write,
        &import,
        &mapping,
        if dry_run { "checking" } else { "running" },
        Uuid::nil(),
    )
    .await?;
    write.commit().await?;
    let import = store::read(&access.app, id).await?;
    let watch = Watch::new(None, id, import.row_count);
    if let Err(problem) = jobs::carry_out(access, &import, dry_run, &watch).await {
        store::failed(access, id, &problem).await?;
        if problem.is_internal() {
            return Err(problem);
        }
    }
    let import = store::read(&access.app, id).await?;
    serde_json::to_value(ImportShown::of(access, &import)).map_err(Problem::internal)
}
