//! Rows go from the database to the file in batches: memory does not grow with them.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::access::Access;
use platform::clock::new_id;
use platform::problem::{Problem, Result};
use platform::resource::{Resource, read_value};
use platform::{labels, listing};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, ExprTrait, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use sheet::{Out, OutColumn, Writer};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::cells::{Column, columns};
use super::{ExportQuery, FileFormat};

/// Rows read at once: small beside the memory bound, large beside the cost of a statement.
const BATCH: usize = 5_000;
/// A workbook ends here; CSV goes on.
const WORKBOOK_ROWS: u64 = 1_048_575;

/// Where the file goes.
pub enum Sink<'a> {
    /// Gone when closed; for an answer.
    Nameless,
    At(&'a Path),
}

/// A written file.
pub struct Exported {
    /// At its beginning; none when it was written to a path.
    pub file: Option<File>,
    /// `客户-2026-06-15.xlsx`
    pub name: String,
    pub rows: u64,
}

/// Writes a list to a file: the rows that the actor may export, in the list's order, all of one moment.
pub async fn export(
    access: &Access,
    resource: &str,
    query: &ExportQuery,
    sink: Sink<'_>,
) -> Result<Exported> {
    let resource = access.resource(resource)?;
    let columns = columns(access, &resource, query.columns.as_deref())?;
    let mut select = listing::select(access, &resource, &query.list(), Action::Export)?;
    select.expr(resource.column("id"));
    listing::order(access, &resource, query.sort.as_deref(), &mut select)?;
    let temp = access.app.files.passing_folder()?;
    let title = access.app.catalog.text(
        &access.actor.language,
        &format!("{}.title", resource.name),
        &json!({}),
    );
    let mut file = FileWriter::start(
        query.format,
        &title,
        columns.iter().map(Column::out).collect(),
        temp,
        match sink {
            Sink::Nameless => None,
            Sink::At(path) => Some(path.to_owned()),
        },
    );
    let tx = access.app.db.begin_read().await?;
    // The order is found once; a page that skips what came before would find it again for each batch.
    let ids: Vec<Uuid> = tx
        .query_all(&select)
        .await?
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<std::result::Result<_, _>>()?;
    if query.format == FileFormat::Xlsx && ids.len() as u64 > WORKBOOK_ROWS {
        return Err(
            Problem::rule("too_many_rows_for_workbook").with(json!({ "max": WORKBOOK_ROWS }))
        );
    }
    for some in ids.chunks(BATCH) {
        let batch = tx.query_all(&rows_of(&resource, &columns, some)).await?;
        let batch = in_order(batch, columns.len(), some)?;
        if !file.write(cells_of(access, &columns, &batch).await?).await {
            break;
        }
    }
    let rows = ids.len() as u64;
    tx.rollback().await?;
    let file = file.finish().await?;
    note(access, &resource, query, rows).await?;
    let name = format!(
        "{title}-{}.{}",
        access.app.clock.today(),
        query.format.ending()
    );
    Ok(Exported { file, name, rows })
}

/// The columns of these records, with their ids behind.
fn rows_of(resource: &Resource, columns: &[Column], ids: &[Uuid]) -> SelectStatement {
    let mut select = SelectStatement::new();
    for column in columns {
        select.expr(resource.column(&column.field.name));
    }
    select
        .expr(resource.column("id"))
        .from(Alias::new(&resource.table))
        .and_where(resource.column("id").is_in(ids.iter().copied()));
    select
}

fn in_order(batch: Vec<QueryResult>, id_at: usize, ids: &[Uuid]) -> Result<Vec<QueryResult>> {
    let mut by_id = HashMap::with_capacity(batch.len());
    for row in batch {
        by_id.insert(row.try_get_by_index::<Uuid>(id_at)?, row);
    }
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

async fn cells_of(
    access: &Access,
    columns: &[Column],
    batch: &[QueryResult],
) -> Result<Vec<Vec<Out<'static>>>> {
    let mut wanted = HashSet::new();
    let mut values = Vec::with_capacity(batch.len());
    for row in batch {
        let mut read = Vec::with_capacity(columns.len());
        for (i, column) in columns.iter().enumerate() {
            let value = read_value(row, i, column.field.kind)?;
            column.refers(&value, &mut wanted);
            read.push(value);
        }
        values.push(read);
    }
    let labels = labels::of(access, wanted).await?;
    Ok(values
        .into_iter()
        .map(|row| {
            row.into_iter()
                .zip(columns)
                .map(|(value, column)| column.cell(access, value, &labels))
                .collect()
        })
        .collect())
}

/// Who took what out of the house stays in the ledger, also when they may only read.
async fn note(
    access: &Access,
    resource: &Arc<Resource>,
    query: &ExportQuery,
    rows: u64,
) -> Result<()> {
    let mut actor = (*access.actor).clone();
    actor.read_only = false;
    let writer = Access::new(access.app.clone(), Arc::new(actor));
    let mut write = writer.write().await?;
    let what = json!({
        "resource": resource.name, "rows": rows, "format": query.format.ending(),
        "filter": query.filter, "q": query.q, "columns": query.columns, "preview_by": access.actor.preview_by,
    });
    write.note("exports", new_id(), "export", what);
    write.commit().await?;
    Ok(())
}

/// A file that is written on a thread of its own, since that blocks.
pub struct FileWriter {
    batches: mpsc::Sender<Vec<Vec<Out<'static>>>>,
    done: tokio::task::JoinHandle<Result<Option<File>>>,
}

impl FileWriter {
    /// Begins a file at `path`, or a nameless one.
    pub fn start(
        format: FileFormat,
        title: &str,
        columns: Vec<OutColumn>,
        temp: PathBuf,
        path: Option<PathBuf>,
    ) -> FileWriter {
        let (batches, mut received) = mpsc::channel::<Vec<Vec<Out<'static>>>>(2);
        let title = title.to_owned();
        let done = tokio::task::spawn_blocking(move || {
            let mut kept = None;
            let mut writer = match format {
                FileFormat::Xlsx => {
                    Writer::xlsx(&title, &columns, &temp).map_err(Problem::internal)?
                }
                FileFormat::Csv => {
                    let file = match &path {
                        Some(path) => File::create(path)?,
                        None => tempfile::tempfile_in(&temp)?,
                    };
                    kept = Some(file.try_clone()?);
                    Writer::csv(&columns, Box::new(BufWriter::new(file)))
                        .map_err(Problem::internal)?
                }
            };
            while let Some(batch) = received.blocking_recv() {
                for row in batch {
                    writer.row(&row).map_err(Problem::internal)?;
                }
            }
            let written = writer.finish().map_err(Problem::internal)?;
            let file = written.file.or(kept);
            match (path, file) {
                (Some(path), Some(mut file)) => {
                    if format == FileFormat::Xlsx {
                        std::io::copy(&mut file, &mut File::create(path)?)?;
                    }
                    Ok(None)
                }
                (_, Some(mut file)) => {
                    file.seek(SeekFrom::Start(0))?;
                    Ok(Some(file))
                }
                (_, None) => Ok(None),
            }
        });
        FileWriter { batches, done }
    }

    /// Hands over rows; false when the thread has failed, and `finish` knows why.
    pub async fn write(&mut self, rows: Vec<Vec<Out<'static>>>) -> bool {
        self.batches.send(rows).await.is_ok()
    }

    /// Waits for the end of the file.
    pub async fn finish(self) -> Result<Option<File>> {
        drop(self.batches);
        self.done.await.map_err(Problem::internal)?
    }
}
