//! One write: checks, rows, ledger entries and search index in one transaction.

mod buffer;
mod checks;
mod closure;
mod deletion;
mod entries;
mod facts;
mod memory;
mod parts;
mod pipe;
mod reading;
mod records;
mod rows;
mod rules;
mod undo;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::access::Access;
use crate::clock::new_id;
use crate::ledger::{self, Entry};
use crate::live::INBOX;
use crate::problem::Result;
use crate::resource::{Record, Resource};
use crate::search::Indexed;
use buffer::Buffer;
pub(crate) use buffer::insert_text;
use memory::Memory;
use pipe::Pipe;

pub use entries::from_stored;
pub use parts::Part;
pub use rules::{Outbox, Plain, Rules, UndoAct};
pub use undo::UNDO_DAYS;

/// Why a write happens; rules are milder to the past than to the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A person works.
    Edit,
    /// Rows of an imported file: history as it was, not as today's rules want it.
    Import(Uuid),
    /// An earlier batch is taken back.
    Undo,
    /// The product's own data: first start, demo company.
    Load,
}

impl Cause {
    pub fn is_bulk(self) -> bool {
        matches!(self, Cause::Import(_) | Cause::Load)
    }
}

/// One write under way. Dropped before its `commit`, also by a refusal on the way, it leaves nothing behind.
pub struct Write {
    pub access: Access,
    pub cause: Cause,
    /// Names this write for history and undo.
    pub batch: Uuid,
    pub now: i64,
    /// Set while a rule changes another record in consequence: no reason is asked of anybody.
    pub automatic: bool,
    /// What features keep in mind until the commit.
    pub memory: Memory,
    /// Members of the request's body that are no fields: a resource's description names them, its rules read them.
    pub said: Map<String, Json>,
    /// What rules add to the answer beside the record's own fields, such as `warnings`.
    pub answer: Map<String, Json>,
    pipe: Pipe,
    /// Decides everything as a write does, and writes nothing.
    is_rehearsal: bool,
    /// Records that a rehearsal would have made and that others refer to.
    rehearsed: HashMap<Uuid, Record>,
    entries: Vec<Entry>,
    /// The resources of these entries.
    touched: HashSet<String>,
    /// People whose inbox this write changed.
    told: Vec<Uuid>,
    /// A job was queued that is due at once.
    pub(crate) wakes_jobs: bool,
    /// How many of the entries already stand in the ledger; those hold no `before` and `after` any more.
    spilled: usize,
    buffers: Vec<Buffer>,
    /// The ledger's end, once this write has begun to append to it.
    chain: Option<ledger::Chain>,
    /// The next free key of each search index that this write has added to.
    search_keys: HashMap<String, i64>,
    index: Vec<(Arc<Resource>, Uuid, Indexed, bool)>,
    /// Guarding record and owner of what a bulk write has created, so that its dependants need not ask the database.
    roots: HashMap<Uuid, (Uuid, Option<Uuid>)>,
    facts: facts::Taken,
    /// A part was begun that may still be dropped.
    in_part: bool,
    /// Records that rules let reach somebody whom the actor's scope doesn't.
    handed_over: HashSet<Uuid>,
}

/// PostgreSQL carries at most 8,000 bytes in one notice.
const TOLD_AT_ONCE: usize = 200;

impl Write {
    pub(crate) async fn begin(access: Access, cause: Cause) -> Result<Write> {
        let tx = access.app.db.begin().await?;
        let mut write = Write::over(access, cause, tx);
        write.take_key().await?;
        Ok(write)
    }

    /// Takes the key of the request, before anything is made: another request with it waits here until this one has ended.
    async fn take_key(&mut self) -> Result<()> {
        let Some(once) = self.access.once.clone() else {
            return Ok(());
        };
        match once.take(self.batch, self.now) {
            Some(insert) if self.execute(&insert).await? == 0 => Err(once.repeated()),
            _ => Ok(()),
        }
    }

    fn over(access: Access, cause: Cause, tx: DatabaseTransaction) -> Write {
        let now = access.app.clock.now_ms();
        Write {
            access,
            cause,
            batch: new_id(),
            now,
            automatic: false,
            memory: Memory::default(),
            said: Map::new(),
            answer: Map::new(),
            pipe: Pipe::new(tx),
            is_rehearsal: false,
            rehearsed: HashMap::new(),
            entries: Vec::new(),
            touched: HashSet::new(),
            told: Vec::new(),
            wakes_jobs: false,
            spilled: 0,
            roots: HashMap::new(),
            facts: facts::Taken::default(),
            in_part: false,
            handed_over: HashSet::new(),
            buffers: Vec::new(),
            chain: None,
            search_keys: HashMap::new(),
            index: Vec::new(),
        }
    }

    /// Begins a write that only decides: rules and checks run on the database as it stands, and nothing is written. It
    /// holds up no writer.
    pub(crate) async fn rehearse(access: Access, cause: Cause) -> Result<Write> {
        let tx = access.app.db.begin_read().await?;
        let mut write = Write::over(access, cause, tx);
        write.is_rehearsal = true;
        Ok(write)
    }

    pub fn is_rehearsal(&self) -> bool {
        self.is_rehearsal
    }

    /// Lets a rehearsal find a record that it would have made.
    pub fn remember(&mut self, record: &Record) {
        if self.is_rehearsal {
            self.rehearsed.insert(record.id(), record.clone());
        }
    }

    /// Warns the caller of something that holds nothing up; the answer carries it among its `warnings`.
    pub fn warn(&mut self, warning: Json) {
        let warnings = self.answer.entry("warnings").or_insert_with(|| json!([]));
        if let Json::Array(warnings) = warnings {
            warnings.push(warning);
        }
    }

    /// Tells a person, once this is committed, that their inbox changed.
    pub fn tell(&mut self, person: Uuid) {
        if !self.told.contains(&person) {
            self.told.push(person);
        }
    }

    /// Lets the rules of all touched resources finish, and those of what they touch in turn.
    async fn finish(&mut self) -> Result<()> {
        let mut seen = 0;
        while seen < self.entries.len() {
            let touched: BTreeSet<String> = self.entries[seen..]
                .iter()
                .map(|entry| entry.resource.clone())
                .collect();
            seen = self.entries.len();
            for resource in touched {
                self.access.app.rules(&resource).finish(self).await?;
            }
        }
        Ok(())
    }

    /// Tells the other processes on PostgreSQL what this write did, once it is committed.
    async fn notify_processes(&mut self) -> Result<()> {
        let last = self.entries.last();
        let process = self.access.app.process_id;
        let mut notices: Vec<String> = last
            .map(|last| format!("{process}:{}", last.seq))
            .into_iter()
            .collect();
        for some in self.told.chunks(TOLD_AT_ONCE) {
            let ids: Vec<String> = some.iter().map(Uuid::to_string).collect();
            notices.push(format!("{INBOX}{}", ids.join(",")));
        }
        let tx = self.pipe.settled().await?;
        for notice in notices {
            tx.execute_raw(sea_orm::Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_notify('chengdan', $1)",
                [notice.into()],
            ))
            .await?;
        }
        Ok(())
    }

    /// Whether this write has changed a record of these resources.
    pub fn has_touched(&self, resources: &[&str]) -> bool {
        resources.iter().any(|name| self.touched.contains(*name))
    }

    /// Commits: rows, index and ledger become visible together; then everybody who watches is told.
    pub async fn commit(mut self) -> Result<Uuid> {
        self.finish().await?;
        let entries = std::mem::take(&mut self.entries);
        let outboxes = match self.cause {
            // The past of an invented company is news to nobody.
            Cause::Load => Vec::new(),
            _ => self.access.app.outboxes.clone(),
        };
        for outbox in outboxes {
            outbox.entered(&mut self, &entries).await?;
        }
        self.entries.splice(0..0, entries);
        self.flush().await?;
        self.flush_index().await?;
        if self
            .entries
            .iter()
            .any(|entry| matches!(entry.resource.as_str(), "people" | "teams"))
        {
            closure::renew(self.pipe.settled().await?).await?;
        }
        self.roll_up().await?;
        self.append().await?;
        let app = self.access.app.clone();
        if app.db.is_postgres() {
            self.notify_processes().await?;
        }
        let stretch = self.entries.first().zip(self.entries.last());
        let stretch = stretch
            .filter(|_| !app.db.is_postgres())
            .map(|(first, last)| (first.seq, last.seq));
        if let Some((first, last)) = stretch {
            app.own.add(first, last);
        }
        if let Err(problem) = self.pipe.commit().await {
            if let Some((first, _)) = stretch {
                app.own.remove(first);
            }
            return Err(problem);
        }
        if self.wakes_jobs {
            app.wake_jobs();
        }
        app.committed(self.entries).await?;
        if !app.db.is_postgres() {
            app.tell(&self.told);
        }
        // What fills a whole database looks once, at its end.
        if self.cause.is_bulk() && !app.db.is_loading() {
            // What many rows have changed, plans must know. The rows are written, whatever becomes of this.
            if let Err(error) = app.db.refresh_statistics().await {
                tracing::warn!(%error, "statistics were not refreshed");
            }
        }
        Ok(self.batch)
    }
}
