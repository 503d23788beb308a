//! An import as one write: rows come in chunks, names are looked up many at a time, and every bad cell is named.

mod chunk;
mod names;
mod references;
mod rows;
mod twice;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use platform::access::Access;
use platform::files::Passing;
use platform::problem::{Problem, Result};
use platform::write::{Cause, Write};
use rules::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::plan::Plan;
use super::progress::Watch;
use super::reading;
use super::resolve::Names;
use super::store;
use super::troubles::{Kind, Trouble, Troubles};

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Summary {
    pub create: u64,
    pub update: u64,
    /// Rows that change nothing, and duplicates that were to be left out.
    pub skip: u64,
    pub bad_rows: u64,
    pub warnings: u64,
    /// Records made because rows referred to them, by resource.
    #[serde(default)]
    pub made: BTreeMap<String, u64>,
}

/// How an import ended.
pub struct Outcome {
    pub summary: Summary,
    pub errors: Vec<Trouble>,
    pub warnings: Vec<Trouble>,
    pub kinds: Vec<Kind>,
    /// Names the write; none for a dry run and when nothing was written.
    pub batch: Option<Uuid>,
    pub was_cancelled: bool,
}

/// One import of one file.
pub struct Task<'a> {
    pub import: Uuid,
    pub access: Access,
    pub plan: &'a Plan,
    pub file: PathBuf,
    pub file_name: String,
    /// Where all troubles are written, and the key under which they are kept.
    pub troubles: Passing,
    pub troubles_key: String,
    pub dry_run: bool,
    pub watch: &'a Watch,
}

/// What a row says besides the record's fields.
pub type Extras = HashMap<String, Value>;

/// What stays in mind from row to row.
struct Running<'a> {
    plan: &'a Plan,
    access: Access,
    write: Write,
    names: Names,
    summary: Summary,
    troubles: Troubles,
    /// Row of the first occurrence of a key or unique value, by source and hash.
    seen: HashMap<(usize, u64), u32>,
    /// New customers so far, by the core of their name: `(row, name)`.
    cores: HashMap<String, Vec<(u32, String)>>,
    /// Ids given to rows ahead of them, where rows may refer to rows that follow.
    ahead: HashMap<u32, Uuid>,
    /// Those of them that don't exist yet.
    promised: HashSet<Uuid>,
    /// References to them from rows that came before.
    forward: Vec<Forward>,
    /// Who lies below whom, by source and record.
    above: HashMap<(usize, Uuid), Uuid>,
    usual_process: Option<Uuid>,
}

struct Forward {
    row: u32,
    source: usize,
    record: Uuid,
    refers_to: Uuid,
    text: String,
}

/// Runs an import or its dry run. Bad rows, refusals and a cancel are outcomes; errors are for what nobody foresaw.
pub async fn run(task: Task<'_>) -> Result<Outcome> {
    let cause = Cause::Import(task.import);
    let write = if task.dry_run {
        task.access.rehearse(cause).await?
    } else {
        task.access.write_as(cause).await?
    };
    let usual_process = match task.plan.resource.name.as_str() {
        "opportunities" => super::opportunities::usual_process(&task.access).await?,
        _ => None,
    };
    let mut running = Running {
        plan: task.plan,
        access: task.access.clone(),
        write,
        names: Names::new(&task.access),
        summary: Summary::default(),
        troubles: Troubles::at(&task.troubles)?,
        seen: HashMap::new(),
        cores: HashMap::new(),
        ahead: HashMap::new(),
        promised: HashSet::new(),
        forward: Vec::new(),
        above: HashMap::new(),
        usual_process,
    };
    if rows_of(&mut running, &task).await? {
        return running.end(task).await;
    }
    let outcome = outcome_of(running.summary, &mut running.troubles)?;
    keep_troubles(task).await?;
    Ok(Outcome {
        was_cancelled: true,
        ..outcome
    })
}

/// False when somebody cancelled.
async fn rows_of(running: &mut Running<'_>, task: &Task<'_>) -> Result<bool> {
    if running.plan.refers_to_itself() {
        let mut chunks = reading::chunks(task.file.clone(), task.file_name.clone());
        while let Some(chunk) = chunks.recv().await {
            running.look_ahead(&chunk?).await?;
        }
    }
    let mut done = 0;
    let mut chunks = reading::chunks(task.file.clone(), task.file_name.clone());
    while let Some(chunk) = chunks.recv().await {
        let chunk = chunk?;
        let rows = chunk.len() as u64;
        running.chunk(chunk).await?;
        done += rows;
        if !task.watch.goes_on(done).await? {
            return Ok(false);
        }
    }
    running.settle_forward().await?;
    Ok(true)
}

fn outcome_of(mut summary: Summary, troubles: &mut Troubles) -> Result<Outcome> {
    troubles.finish()?;
    summary.warnings = troubles.warning_count;
    Ok(Outcome {
        summary,
        errors: std::mem::take(&mut troubles.first),
        warnings: std::mem::take(&mut troubles.warnings),
        kinds: troubles.kinds(),
        batch: None,
        was_cancelled: false,
    })
}

/// Before anybody is told that they are there.
async fn keep_troubles(task: Task<'_>) -> Result<()> {
    let files = &task.access.app.files;
    Ok(files.keep(&task.troubles_key, task.troubles).await?)
}

impl Running<'_> {
    async fn end(mut self, task: Task<'_>) -> Result<Outcome> {
        let mut outcome = outcome_of(self.summary, &mut self.troubles)?;
        let (import, dry_run, file_name) = (task.import, task.dry_run, task.file_name.clone());
        keep_troubles(task).await?;
        let refused = outcome.summary.bad_rows > 0 && !self.plan.skip_bad_rows;
        if dry_run || refused {
            return Ok(outcome);
        }
        let mut write = self.write;
        let batch = write.batch;
        // In the same transaction, so that a crash leaves either all of it or nothing.
        if !store::done(&mut write, import, batch, &outcome).await? {
            outcome.was_cancelled = true;
            return Ok(outcome);
        }
        let what = json!({ "resource": self.plan.resource.name, "file_name": file_name, "summary": outcome.summary });
        write.note("imports", import, "run", what);
        write.commit().await?;
        outcome.batch = Some(batch);
        Ok(outcome)
    }

    fn trouble(
        &mut self,
        row: u32,
        source: Option<usize>,
        value: String,
        code: &str,
        params: serde_json::Value,
    ) -> Result<()> {
        let trouble = self.trouble_at(row, source, value, code, params);
        self.troubles.add(trouble)
    }

    fn trouble_at(
        &self,
        row: u32,
        source: Option<usize>,
        value: String,
        code: &str,
        params: serde_json::Value,
    ) -> Trouble {
        let source = source.map(|source| &self.plan.sources[source]);
        Trouble {
            row,
            column: source.and_then(|source| source.header.clone()),
            field: source.map(|source| source.name().to_owned()),
            value,
            code: code.to_owned(),
            params,
            is_warning: false,
        }
    }

    /// References to rows that turned out bad are emptied: the records themselves are good.
    async fn settle_forward(&mut self) -> Result<()> {
        for forward in std::mem::take(&mut self.forward) {
            if !self.promised.contains(&forward.refers_to)
                || self.promised.contains(&forward.record)
            {
                continue;
            }
            let field = self.plan.sources[forward.source].name().to_owned();
            let mut trouble = self.trouble_at(
                forward.row,
                Some(forward.source),
                forward.text,
                "refers_to_bad_row",
                json!({}),
            );
            trouble.is_warning = true;
            self.troubles.add(trouble)?;
            if self.write.is_rehearsal() {
                continue;
            }
            let resource = self.plan.resource.clone();
            let record = self
                .write
                .lock(&resource, forward.record)
                .await?
                .ok_or_else(Problem::not_found)?;
            self.write
                .apply("update", record, [(field, Value::Null)].into())
                .await?;
        }
        Ok(())
    }
}
