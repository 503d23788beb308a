//! Live updates: one stream of committed changes, fed by the ledger, the same for one process or ten.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde::Serialize;
use serde_json::Value as Json;
use sqlx::postgres::PgListener;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::db::Source;
use crate::ledger::{self, Entry};
use crate::problem::{Problem, Result};
use crate::resource::{Resource, read_value};

/// What a client learns of a change: enough to ask again, nothing of its content.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Change {
    #[serde(skip)]
    pub seq: i64,
    pub resource: String,
    pub id: Uuid,
    pub action: String,
    pub version: i64,
    #[serde(skip)]
    pub root_id: Uuid,
    #[serde(skip)]
    pub owner_id: Option<Uuid>,
    /// People whom the record names among those who may read it, now or until this change.
    #[serde(skip)]
    pub readers: Vec<Uuid>,
}

/// Begins a notice that names people whose inbox changed.
pub const INBOX: &str = "inbox:";

impl Change {
    /// That a person's inbox changed; it stands in no ledger, so it can't be resumed from.
    pub fn inbox(person: Uuid) -> Change {
        Change {
            seq: 0,
            resource: "notifications".into(),
            id: person,
            action: "update".into(),
            version: 0,
            root_id: person,
            owner_id: Some(person),
            readers: Vec::new(),
        }
    }
}

impl From<&Entry> for Change {
    fn from(entry: &Entry) -> Change {
        Change {
            seq: entry.seq,
            resource: entry.resource.clone(),
            id: entry.record_id,
            action: entry.action.clone(),
            version: entry.version,
            root_id: entry.root_id,
            owner_id: entry.owner_id,
            readers: Vec::new(),
        }
    }
}

/// Changes told one by one; of more at once, clients are told to ask again.
pub const TOLD_ONE_BY_ONE: usize = 500;

/// The changes that these entries made, each with the readers whom its record names.
pub async fn changes_of(app: &App, entries: &[Entry]) -> Result<Vec<Change>> {
    let mut changes: Vec<Change> = entries.iter().map(Change::from).collect();
    if entries.len() > TOLD_ONE_BY_ONE {
        return Ok(changes);
    }
    let registry = app.registry();
    let mut named: HashMap<&str, HashSet<Uuid>> = HashMap::new();
    for (change, entry) in changes.iter_mut().zip(entries) {
        let Some(resource) = registry
            .get(&entry.resource)
            .filter(|resource| !resource.readers.is_empty())
        else {
            continue;
        };
        let sides = [&entry.before, &entry.after];
        for side in sides.into_iter().flatten() {
            for reader in &resource.readers {
                change.readers.extend(ids_in(&side[reader.field]));
            }
        }
        named
            .entry(entry.resource.as_str())
            .or_default()
            .insert(entry.record_id);
    }
    for (name, ids) in named {
        let readers = readers_of(app, &*registry.find(name)?, &ids).await?;
        for change in changes.iter_mut().filter(|change| change.resource == name) {
            change
                .readers
                .extend(readers.get(&change.id).into_iter().flatten());
        }
    }
    Ok(changes)
}

/// A person's id, or a list of them, as the ledger keeps it.
fn ids_in(value: &Json) -> Vec<Uuid> {
    let id = |value: &Json| Uuid::parse_str(value.as_str()?).ok();
    match value {
        Json::Array(ids) => ids.iter().filter_map(id).collect(),
        one => id(one).into_iter().collect(),
    }
}

/// The people whom these records name among their readers.
async fn readers_of(
    app: &App,
    resource: &Resource,
    ids: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let fields: Vec<_> = resource
        .readers
        .iter()
        .filter_map(|reader| resource.field(reader.field))
        .collect();
    let mut select = Query::select();
    select
        .column(Alias::new("id"))
        .from(Alias::new(&resource.table))
        .and_where(crate::db::col("id").is_in(ids.iter().copied()));
    for field in &fields {
        select.column(Alias::new(&field.name));
    }
    let mut readers: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for row in app.db.all(&select).await? {
        let people = readers.entry(row.try_get_by_index(0)?).or_default();
        for (i, field) in fields.iter().enumerate() {
            let value = read_value(&row, i + 1, field.kind)?;
            people.extend(value.as_id().into_iter().chain(value.as_ids()));
        }
    }
    Ok(readers)
}

/// Entries read at once while catching up.
const CATCH_UP: u64 = 1_000;

/// How often the server looks for what commands have written into its SQLite file.
const LOOK: Duration = Duration::from_secs(1);

/// Listens to what other processes commit, for as long as this one lives; on PostgreSQL to what all do.
pub async fn listen(app: Arc<App>) {
    let Source::Postgres(url) = app.db.source().clone() else {
        let mut seen = app.read_at();
        loop {
            tokio::time::sleep(LOOK).await;
            if let Err(problem) = look(&app, &mut seen).await {
                tracing::warn!(%problem, "could not look for what other processes wrote");
            }
        }
    };
    let mut seen: Option<i64> = None;
    loop {
        if let Err(problem) = follow(&app, &url, &mut seen).await {
            tracing::warn!(%problem, "live updates interrupted; reconnecting");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        if let Err(problem) = app.forget_all().await {
            tracing::warn!(%problem, "could not refresh after an interruption");
        }
    }
}

/// Tells what stands in the ledger after `seen`, except what this process itself has told.
async fn look(app: &App, seen: &mut i64) -> Result<()> {
    loop {
        if let Some(last) = app.own.end_of(*seen + 1) {
            *seen = last;
            continue;
        }
        let mut entries = ledger::after(&app.db, *seen, CATCH_UP).await?;
        let others = entries
            .iter()
            .take_while(|entry| app.own.end_of(entry.seq).is_none())
            .count();
        entries.truncate(others);
        let Some(newest) = entries.last() else {
            return Ok(());
        };
        *seen = newest.seq;
        app.forget(&entries).await?;
        app.announce(&entries).await;
    }
}

/// Stretches of the ledger that this process has written, until the look for others' entries has passed them.
#[derive(Default)]
pub struct Own(Mutex<BTreeMap<i64, i64>>);

impl Own {
    fn stretches(&self) -> MutexGuard<'_, BTreeMap<i64, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before the commit, so that nobody finds these entries without knowing whose they are.
    pub fn add(&self, first: i64, last: i64) {
        self.stretches().insert(first, last);
    }

    /// The commit failed.
    pub fn remove(&self, first: i64) {
        self.stretches().remove(&first);
    }

    /// The last number of the stretch that `seq` is in. Stretches before it are over.
    fn end_of(&self, seq: i64) -> Option<i64> {
        let mut stretches = self.stretches();
        while let Some(first) = stretches.first_entry() {
            if *first.get() >= seq || *first.key() >= seq {
                break;
            }
            first.remove();
        }
        let (first, last) = stretches.first_key_value()?;
        (*first..=*last).contains(&seq).then_some(*last)
    }
}

async fn follow(app: &App, url: &str, seen: &mut Option<i64>) -> Result<()> {
    let mut listener = PgListener::connect(url).await.map_err(Problem::internal)?;
    listener
        .listen("chengdan")
        .await
        .map_err(Problem::internal)?;
    let mut last = match *seen {
        Some(seq) => seq,
        None => app.read_at(),
    };
    loop {
        loop {
            let entries = ledger::after(&app.db, last, CATCH_UP).await?;
            let Some(newest) = entries.last() else { break };
            last = newest.seq;
            *seen = Some(last);
            app.forget(&entries).await?;
            app.announce(&entries).await;
        }
        let note = listener.recv().await.map_err(Problem::internal)?;
        if let Some(people) = note.payload().strip_prefix(INBOX) {
            let people: Vec<Uuid> = people
                .split(',')
                .filter_map(|id| Uuid::parse_str(id).ok())
                .collect();
            app.tell(&people);
        }
        tracing::trace!(payload = note.payload(), "change announced");
    }
}
