//! Imports as they are kept: the file, its mapping, its state, and what came of it.

use platform::access::Access;
use platform::app::App;
use platform::clock::new_id;
use platform::db::col;
use platform::files::Local;
use platform::problem::{Problem, Result};
use platform::write::Write;
use rules::permission::Action;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::engine::{Outcome, Summary};
use super::mapping::Mapping;
use super::troubles::{Kind, Trouble};

const TABLE: &str = "import";
const COLUMNS: [&str; 14] = [
    "id",
    "resource",
    "person_id",
    "file_name",
    "file_path",
    "row_count",
    "mapping",
    "state",
    "summary",
    "errors",
    "job_id",
    "batch",
    "created_at",
    "finished_at",
];

/// States in which a job works on the import.
pub const BUSY: [&str; 2] = ["checking", "running"];

/// One uploaded file and its fate.
#[derive(Debug, Clone)]
pub struct Import {
    pub id: Uuid,
    pub resource: String,
    pub person_id: Uuid,
    pub file_name: String,
    file_path: String,
    pub row_count: i64,
    pub mapping: Option<Mapping>,
    /// `uploaded checking checked running done failed cancelled undone`.
    pub state: String,
    pub result: Kept,
    pub troubles: KeptTroubles,
    pub job_id: Option<Uuid>,
    pub batch: Option<Uuid>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
}

/// What the last check or run found.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Kept {
    pub summary: Option<Summary>,
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// Why nothing could be read or written at all.
    pub problem: Option<KeptProblem>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptProblem {
    pub code: String,
    pub params: Json,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct KeptTroubles {
    #[serde(default)]
    pub errors: Vec<Trouble>,
    #[serde(default)]
    pub warnings: Vec<Trouble>,
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new(TABLE))
        .to_owned()
}

fn kept<T: Default + serde::de::DeserializeOwned>(row: &QueryResult, i: usize) -> Result<T> {
    let text: Option<String> = row.try_get_by_index(i)?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

impl Import {
    fn read(row: &QueryResult) -> Result<Import> {
        Ok(Import {
            id: row.try_get_by_index(0)?,
            resource: row.try_get_by_index(1)?,
            person_id: row.try_get_by_index(2)?,
            file_name: row.try_get_by_index(3)?,
            file_path: row.try_get_by_index(4)?,
            row_count: row.try_get_by_index(5)?,
            mapping: kept(row, 6)?,
            state: row.try_get_by_index(7)?,
            result: kept(row, 8)?,
            troubles: kept(row, 9)?,
            job_id: row.try_get_by_index(10)?,
            batch: row.try_get_by_index(11)?,
            created_at: row.try_get_by_index(12)?,
            finished_at: row.try_get_by_index(13)?,
        })
    }

    /// The uploaded file; 409 once it was cleared away.
    pub async fn file(&self, app: &App) -> Result<Local> {
        let gone = || Problem::rule("import_file_gone");
        if self.file_path.is_empty() {
            return Err(gone());
        }
        app.files.local(&self.file_path).await?.ok_or_else(gone)
    }

    pub fn has_file(&self) -> bool {
        !self.file_path.is_empty()
    }

    /// Where all troubles of the last check or run stand.
    pub fn troubles_key(&self) -> String {
        format!("{}.troubles", self.file_path)
    }

    pub fn is_busy(&self) -> bool {
        BUSY.contains(&self.state.as_str())
    }
}

/// What the keys of all uploads begin with.
pub const PREFIX: &str = "imports/";

/// A new upload and the key of its file.
pub fn new_place() -> (Uuid, String) {
    let id = new_id();
    (id, format!("{PREFIX}{id}"))
}

/// Removes the files that were uploaded before this time (milliseconds UTC); what came of them stays known.
pub async fn remove_files(app: &App, access: &Access, oldest: i64) -> Result<u64> {
    let mut select = select();
    select
        .and_where(col("created_at").lt(oldest))
        .and_where(col("file_path").ne(""));
    let mut removed = 0;
    for row in access.rows(&select).await? {
        let import = Import::read(&row)?;
        if import.is_busy() {
            continue;
        }
        for key in [import.file_path.clone(), import.troubles_key()] {
            removed += u64::from(app.files.remove(&key).await?);
        }
        let mut write = access.write().await?;
        let update = Query::update()
            .table(Alias::new("import"))
            .value(Alias::new("file_path"), "")
            .and_where(col("id").eq(import.id))
            .to_owned();
        write.execute(&update).await?;
        write.commit().await?;
    }
    Ok(removed)
}

/// Notes an uploaded file.
pub async fn add(
    access: &Access,
    id: Uuid,
    resource: &str,
    file_name: &str,
    file_path: &str,
    rows: u32,
) -> Result<Import> {
    let mut write = access.write().await?;
    let row = vec![
        id.into(),
        resource.into(),
        access.actor.person_id.into(),
        file_name.into(),
        file_path.into(),
        i64::from(rows).into(),
        "uploaded".into(),
        write.now.into(),
    ];
    write
        .insert(
            TABLE,
            &[
                "id",
                "resource",
                "person_id",
                "file_name",
                "file_path",
                "row_count",
                "state",
                "created_at",
            ],
            row,
        )
        .await?;
    write.commit().await?;
    read(&access.app, id).await
}

/// An import, whoever asks.
pub async fn read(app: &App, id: Uuid) -> Result<Import> {
    let mut select = select();
    select.and_where(col("id").eq(id));
    let row = app.db.one(&select).await?.ok_or_else(Problem::not_found)?;
    Import::read(&row)
}

/// An import of the caller, or anybody's for those who configure the resource.
pub async fn get(access: &Access, id: Uuid) -> Result<Import> {
    let import = read(&access.app, id).await?;
    let may = import.person_id == access.actor.person_id
        || access.allows(&import.resource, Action::Configure);
    if may {
        Ok(import)
    } else {
        Err(Problem::not_found())
    }
}

/// The newest imports that the caller may see.
pub async fn list(access: &Access, resource: Option<&str>, limit: u64) -> Result<Vec<Import>> {
    let mut select = select();
    if let Some(resource) = resource {
        select.and_where(col("resource").eq(resource));
    }
    if !access.allows("settings", Action::Configure) {
        select.and_where(col("person_id").eq(access.actor.person_id));
    }
    select
        .order_by(Alias::new("created_at"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .limit(limit);
    access
        .rows(&select)
        .await?
        .iter()
        .map(Import::read)
        .collect()
}

/// Hands the import to a job; 409 while another one works on it or after it is done.
pub async fn start(
    write: &mut Write,
    import: &Import,
    mapping: &Mapping,
    state: &str,
    job: Uuid,
) -> Result<()> {
    let mapping = serde_json::to_string(mapping).map_err(Problem::internal)?;
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("state"), state)
        .value(Alias::new("mapping"), mapping)
        .value(Alias::new("job_id"), job)
        .value(Alias::new("summary"), None::<String>)
        .value(Alias::new("errors"), None::<String>)
        .value(Alias::new("finished_at"), None::<i64>)
        .and_where(col("id").eq(import.id))
        .and_where(col("state").is_in(["uploaded", "checked", "failed", "cancelled", "undone"]))
        .to_owned();
    match write.execute(&update).await? {
        0 => Err(Problem::rule("import_busy")),
        _ => Ok(()),
    }
}

fn texts(outcome: &Outcome) -> Result<(String, String)> {
    let kept = Kept {
        summary: Some(outcome.summary.clone()),
        kinds: outcome.kinds.clone(),
        problem: None,
    };
    let troubles = KeptTroubles {
        errors: outcome.errors.clone(),
        warnings: outcome.warnings.clone(),
    };
    Ok((
        serde_json::to_string(&kept).map_err(Problem::internal)?,
        serde_json::to_string(&troubles).map_err(Problem::internal)?,
    ))
}

/// Inside the import's own write: it is done. False when it was cancelled meanwhile.
pub async fn done(write: &mut Write, import: Uuid, batch: Uuid, outcome: &Outcome) -> Result<bool> {
    let (kept, troubles) = texts(outcome)?;
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("state"), "done")
        .value(Alias::new("summary"), kept)
        .value(Alias::new("errors"), troubles)
        .value(Alias::new("batch"), batch)
        .value(Alias::new("finished_at"), write.now)
        .and_where(col("id").eq(import))
        .and_where(col("state").eq("running"))
        .to_owned();
    Ok(write.execute(&update).await? > 0)
}

/// Outside any write of the import: what its check or its refused run found.
pub async fn ended(access: &Access, import: Uuid, state: &str, outcome: &Outcome) -> Result<()> {
    let (kept, troubles) = texts(outcome)?;
    set(access, import, state, kept, Some(troubles)).await
}

/// The import could not go on at all.
pub async fn failed(access: &Access, import: Uuid, problem: &Problem) -> Result<()> {
    let (code, params) = match problem.errors.first() {
        Some(error) => (error.code.clone(), error.params.clone()),
        None => (problem.code.to_owned(), problem.params.clone()),
    };
    let kept = Kept {
        problem: Some(KeptProblem { code, params }),
        ..Kept::default()
    };
    set(
        access,
        import,
        "failed",
        serde_json::to_string(&kept).map_err(Problem::internal)?,
        None,
    )
    .await
}

async fn set(
    access: &Access,
    import: Uuid,
    state: &str,
    kept: String,
    troubles: Option<String>,
) -> Result<()> {
    let mut write = access.write().await?;
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("state"), state)
        .value(Alias::new("summary"), kept)
        .value(Alias::new("errors"), troubles)
        .value(Alias::new("finished_at"), write.now)
        .and_where(col("id").eq(import))
        .and_where(col("state").is_in(BUSY.into_iter().chain(["cancelled"])))
        .to_owned();
    write.execute(&update).await?;
    write.commit().await?;
    Ok(())
}

/// Moves an import to another state, if it is in one of these.
pub async fn move_to(write: &mut Write, import: Uuid, from: &[&str], state: &str) -> Result<bool> {
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("state"), state)
        .and_where(col("id").eq(import))
        .and_where(col("state").is_in(from.iter().copied()))
        .to_owned();
    Ok(write.execute(&update).await? > 0)
}

/// Whether nobody has cancelled it.
pub async fn is_wanted(app: &App, import: Uuid) -> Result<bool> {
    Ok(read(app, import).await?.is_busy())
}
