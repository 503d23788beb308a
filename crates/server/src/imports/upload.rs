//! Taking a file that is to be imported, and telling what stands in it.

use std::io::Write as _;

use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;
use platform::access::Access;
use platform::files::Passing;
use platform::problem::{Problem, Result};
use platform::web::Query;
use rules::permission::Action;
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use sheet::Sheet;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::mapping::Mapping;
use super::shown::ColumnShown;
use super::store::{self, Import};
use super::{reading, saved, targets};

/// Largest upload; `sheet::Limits` says the same.
const FILE_MAX: usize = 200 << 20;
/// A form's own bytes around the file.
pub(super) const FORM_MAX: usize = FILE_MAX + (1 << 20);
/// Values shown of each column.
const SAMPLES: usize = 5;
/// Characters shown of each value.
const SAMPLE_MAX: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct What {
    /// What the rows are: `customers`, `opportunities`…
    resource: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Uploaded {
    pub id: Uuid,
    pub file_name: String,
    pub row_count: u32,
    pub columns: Vec<ColumnShown>,
    pub targets: Vec<targets::TargetShown>,
    /// The kept mapping for these headers, or what the headers suggest.
    pub mapping: Mapping,
    pub is_saved_mapping: bool,
}

pub(super) async fn upload(
    access: Access,
    Query(what): Query<What>,
    mut form: Multipart,
) -> Result<Response> {
    let resource = access.resource(&what.resource)?;
    access.require(&resource.name, Action::Import)?;
    if resource.read_only {
        return Err(Problem::rule("not_importable"));
    }
    let too_large = || {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large")
            .with(object!({ "limit": FILE_MAX }))
    };
    while let Some(mut field) = form.next_field().await.map_err(|_| no_file())? {
        if field.name() != Some("file") {
            continue;
        }
        let file_name = field
            .file_name()
            .unwrap_or("file")
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect::<String>();
        let growing = access.app.files.passing()?;
        let mut file = std::fs::File::create(&*growing)?;
        let mut size = 0;
        let outcome = loop {
            match field.chunk().await {
                Ok(Some(bytes)) => {
                    size += bytes.len();
                    if size > FILE_MAX {
                        break Err(too_large());
                    }
                    if let Err(error) = file.write_all(&bytes) {
                        break Err(error.into());
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                    break Err(too_large());
                }
                Err(_) => break Err(no_file()),
            }
        };
        drop(file);
        outcome?;
        return uploaded(&access, &resource.name, &file_name, growing).await;
    }
    Err(no_file())
}

fn no_file() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no_file")
}

async fn uploaded(
    access: &Access,
    resource: &str,
    file_name: &str,
    file: Passing,
) -> Result<Response> {
    // A file that can't be read is of no use to anybody, and not kept.
    let sheet = reading::open(&file, file_name).await?;
    let (id, key) = store::new_place();
    access.app.files.keep(&key, file).await?;
    let import = store::add(access, id, resource, file_name, &key, sheet.row_count()).await?;
    let answer = described(access, &import, &sheet).await?;
    platform::web::created(&answer)
}

pub(super) async fn described(access: &Access, import: &Import, sheet: &Sheet) -> Result<Uploaded> {
    let headers = reading::headers(sheet);
    let samples: Vec<Vec<String>> = (0..headers.len())
        .map(|i| {
            let texts = sheet
                .samples()
                .iter()
                .filter_map(|row| row.cells.get(i))
                .map(|cell| cell.text());
            texts
                .filter(|text| !text.trim().is_empty())
                .take(SAMPLES)
                .map(|text| text.chars().take(SAMPLE_MAX).collect())
                .collect()
        })
        .collect();
    let known = targets::of(access, &access.resource(&import.resource)?).await?;
    let suggested = targets::suggest(access, &known, &headers, &samples);
    let saved = saved::find(access, &import.resource, &headers).await?;
    let columns = headers
        .iter()
        .zip(samples)
        .map(|(name, samples)| ColumnShown {
            suggestion: suggested.columns.get(name).cloned().flatten(),
            name: name.clone(),
            samples,
        })
        .collect();
    Ok(Uploaded {
        id: import.id,
        file_name: import.file_name.clone(),
        row_count: sheet.row_count(),
        columns,
        targets: known.iter().map(|target| target.shown(access)).collect(),
        is_saved_mapping: saved.is_some(),
        mapping: saved.unwrap_or(suggested),
    })
}
