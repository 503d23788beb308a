//! An import as the API shows it.

use platform::access::Access;
use platform::web::Labels;
use rules::value::instant_text;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::engine::Summary;
use super::mapping::{ColumnMapping, Mapping};
use super::store::{BUSY, Import};
use super::targets::TargetShown;
use super::troubles::{self, Trouble};

#[derive(Debug, Serialize, ToSchema)]
pub struct ImportList {
    pub rows: Vec<ImportRow>,
    pub labels: Labels,
}

/// How an import is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRow {
    id: Uuid,
    resource: String,
    person_id: Uuid,
    file_name: String,
    row_count: i64,
    state: ImportState,
    progress: ImportProgress,
    summary: Option<Summary>,
    /// Why nothing could be read or written at all.
    problem: Option<ImportProblem>,
    /// Names the write for undo; none before it was imported.
    batch: Option<Uuid>,
    created_at: String,
    finished_at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    Uploaded,
    Checking,
    Checked,
    Running,
    Done,
    Failed,
    Cancelled,
    Undone,
}

impl ImportState {
    fn of(stored: &str) -> ImportState {
        match stored {
            "checking" => ImportState::Checking,
            "checked" => ImportState::Checked,
            "running" => ImportState::Running,
            "done" => ImportState::Done,
            "failed" => ImportState::Failed,
            "cancelled" => ImportState::Cancelled,
            "undone" => ImportState::Undone,
            _ => ImportState::Uploaded,
        }
    }
}

/// In rows.
#[derive(Debug, Serialize, ToSchema)]
struct ImportProgress {
    done: i64,
    total: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct ImportProblem {
    code: String,
    #[schema(value_type = BTreeMap<String, Json>)]
    params: Json,
    message: String,
}

/// How an import is, and what is wrong with which rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportShown {
    #[serde(flatten)]
    row: ImportRow,
    mapping: Option<Mapping>,
    /// The most frequent kinds of trouble, the most frequent one first.
    kinds: Vec<KindShown>,
    /// The first 200 that keep rows out.
    errors: Vec<TroubleShown>,
    /// The first 200 that keep nothing out.
    warnings: Vec<TroubleShown>,
    /// Of a file that waits for its mapping: its columns and what they can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<ColumnShown>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    targets: Option<Vec<TargetShown>>,
}

/// One bad cell, or a bad row when no column is named.
#[derive(Debug, Serialize, ToSchema)]
struct TroubleShown {
    /// As the spreadsheet program numbers it.
    row: u32,
    column: Option<String>,
    field: Option<String>,
    value: String,
    code: String,
    #[schema(value_type = BTreeMap<String, Json>)]
    params: Json,
    message: String,
}

/// The same trouble in many rows.
#[derive(Debug, Serialize, ToSchema)]
struct KindShown {
    column: Option<String>,
    field: Option<String>,
    code: String,
    value: String,
    /// Rows that have it.
    count: u64,
    /// The rows are imported all the same.
    is_warning: bool,
    message: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnShown {
    pub name: String,
    /// The first values, cut short.
    pub samples: Vec<String>,
    pub suggestion: Option<ColumnMapping>,
}

impl ImportRow {
    pub fn of(access: &Access, import: &Import) -> ImportRow {
        // Committed is not over: what others see of it is refreshed behind the commit.
        let stored = match import.state.as_str() {
            "done" if super::progress::is_worked_on(import.id) => "running",
            state => state,
        };
        let is_over = !BUSY.contains(&stored);
        let progress = super::progress::of(&access.app, import.job_id).filter(|_| !is_over);
        let done = if is_over && stored != "uploaded" {
            import.row_count
        } else {
            0
        };
        let (done, total) = progress.unwrap_or((done, import.row_count));
        ImportRow {
            id: import.id,
            resource: import.resource.clone(),
            person_id: import.person_id,
            file_name: import.file_name.clone(),
            row_count: import.row_count,
            state: ImportState::of(stored),
            progress: ImportProgress { done, total },
            summary: import.result.summary.clone(),
            problem: import.result.problem.as_ref().map(|problem| ImportProblem {
                code: problem.code.clone(),
                params: problem.params.clone(),
                message: message(access, &problem.code, &problem.params),
            }),
            batch: import.batch,
            created_at: instant_text(import.created_at),
            finished_at: import.finished_at.map(instant_text),
        }
    }
}

impl ImportShown {
    pub fn of(access: &Access, import: &Import) -> ImportShown {
        let shown = |list: &[Trouble]| -> Vec<TroubleShown> {
            list.iter()
                .map(|trouble| TroubleShown {
                    row: trouble.row,
                    column: trouble.column.clone(),
                    field: trouble.field.clone(),
                    value: trouble.value.clone(),
                    code: trouble.code.clone(),
                    params: trouble.params.clone(),
                    message: message(access, &trouble.code, &trouble.params),
                })
                .collect()
        };
        let kinds = import.result.kinds.iter().map(|kind| KindShown {
            column: kind.column.clone(),
            field: kind.field.clone(),
            code: kind.code.clone(),
            value: kind.value.clone(),
            count: kind.count,
            is_warning: kind.is_warning,
            message: message(access, &kind.code, &kind.params),
        });
        ImportShown {
            row: ImportRow::of(access, import),
            mapping: import.mapping.clone(),
            kinds: kinds.collect(),
            errors: shown(&import.troubles.errors),
            warnings: shown(&import.troubles.warnings),
            columns: None,
            targets: None,
        }
    }

    /// With what the file itself tells; its mapping unless another one was chosen.
    pub fn with_file(
        mut self,
        columns: Vec<ColumnShown>,
        targets: Vec<TargetShown>,
        mapping: Mapping,
    ) -> ImportShown {
        self.columns = Some(columns);
        self.targets = Some(targets);
        self.mapping.get_or_insert(mapping);
        self
    }
}

fn message(access: &Access, code: &str, params: &Json) -> String {
    troubles::message(&access.app, &access.actor.language, code, params)
}
