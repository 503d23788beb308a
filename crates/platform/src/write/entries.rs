//! A write's entries in the ledger.

use std::collections::HashSet;

use rules::value::{FieldType, Value};
use sea_orm::DbBackend;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::buffer::Buffer;
use super::{Cause, Write};
use crate::ledger::{self, Entry};
use crate::problem::Result;
use crate::resource::{Record, SYSTEM};

/// Entries of a bulk write kept in memory. On PostgreSQL the first that goes out holds back the commits of all others,
/// so there only the largest imports write before their end; SQLite has one writer anyway.
const ENTRIES_KEPT: usize = 2_000;
const ENTRIES_KEPT_POSTGRES: usize = 40_000;
/// Records of a load whose guard is kept in memory.
const ROOTS_KEPT: usize = 100_000;

impl Write {
    pub(super) fn enter(
        &mut self,
        verb: &str,
        before: Option<&Record>,
        after: Option<&Record>,
        root: Uuid,
        owner: Option<Uuid>,
    ) {
        let Some(record) = after.or(before).filter(|_| !self.is_rehearsal) else {
            return;
        };
        let differs = |i: usize| match (before, after) {
            (Some(before), Some(after)) => i >= SYSTEM && before.values[i] != after.values[i],
            (Some(record), None) | (None, Some(record)) => !record.values[i].is_null(),
            (None, None) => false,
        };
        let side = |record: Option<&Record>| {
            record.map(|record| {
                let mut map = Map::new();
                for (i, field) in record.resource.fields.iter().enumerate() {
                    if differs(i) {
                        map.insert(field.name.clone(), record.values[i].to_json());
                    }
                }
                Json::Object(map)
            })
        };
        if !self.touched.contains(&record.resource.name) {
            self.touched.insert(record.resource.name.clone());
        }
        let source = self.source_text();
        let (at, actor_id) = match (self.cause, before) {
            (Cause::Load, None) => (
                record.int("created_at").unwrap_or(self.now),
                record.reference("created_by"),
            ),
            _ => (self.now, self.access.actor.person()),
        };
        // Rows by the million are written down at once; a tree of them would cost more than the rest. Those of a large file
        // wait as text, which takes a quarter of the memory.
        let is_many = self.entries.len() >= ENTRIES_KEPT;
        let is_loading = self.access.app.db.is_loading();
        let (after_json, after_text) = match (self.cause, before) {
            (Cause::Load, None) => (None, after.map(|record| stored_text(record, is_loading))),
            (Cause::Import(_), None) if is_many => (None, side(after).map(|it| it.to_string())),
            _ => (side(after), None),
        };
        self.entries.push(Entry {
            seq: 0,
            at,
            actor_id,
            source,
            batch: self.batch,
            resource: record.resource.name.clone(),
            record_id: record.id(),
            action: verb.into(),
            owner_id: owner,
            root_id: root,
            version: record.version(),
            before: side(before),
            after: after_json,
            after_text,
        });
    }

    pub(super) fn source_text(&self) -> String {
        match self.cause {
            Cause::Import(id) => format!("import:{id}"),
            _ => self.access.actor.source_text(),
        }
    }

    /// An entry of an act that changes no field of a record.
    fn act(&self, resource: &str, record_id: Uuid, verb: &str) -> Entry {
        Entry {
            seq: 0,
            at: self.now,
            actor_id: self.access.actor.person(),
            source: self.source_text(),
            batch: self.batch,
            resource: resource.into(),
            record_id,
            action: verb.into(),
            owner_id: self.access.actor.person(),
            root_id: record_id,
            version: 0,
            before: None,
            after: None,
            after_text: None,
        }
    }

    /// Notes an act that changes no row of a resource (a sign-in, an export, a preview).
    pub fn note(&mut self, resource: &str, record_id: Uuid, verb: &str, after: Json) {
        let entry = Entry {
            after: Some(after),
            ..self.act(resource, record_id, verb)
        };
        self.entries.push(entry);
    }

    /// Enters an act on a record that changes none of its fields (a comment, a share, an attachment): whoever sees the
    /// record sees the act. `before` and `after` say what was there and what is, so that the verb's `UndoAct` can go back.
    pub async fn note_on(
        &mut self,
        record: &Record,
        verb: &str,
        before: Option<Json>,
        after: Option<Json>,
    ) -> Result<()> {
        let (root_id, owner_id) = self.root_of(record).await?;
        let entry = Entry {
            owner_id,
            root_id,
            before,
            after,
            ..self.act(&record.resource.name, record.id(), verb)
        };
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the entries of a bulk write that have gathered, so that memory does not grow with its rows.
    pub(super) async fn spill(&mut self) -> Result<()> {
        let kept = if self.access.app.db.is_postgres() && !self.access.app.db.is_loading() {
            ENTRIES_KEPT_POSTGRES
        } else {
            ENTRIES_KEPT
        };
        if self.entries.len().saturating_sub(self.spilled) < kept {
            return Ok(());
        }
        self.append().await?;
        for entry in &mut self.entries[self.spilled..] {
            entry.before = None;
            entry.after = None;
            entry.after_text = None;
        }
        if self.access.app.db.is_loading() {
            self.forget_written();
        }
        self.spilled = self.entries.len();
        Ok(())
    }

    /// Of a load nobody is told record by record: of its written entries the first of each resource says what was touched,
    /// the last how far the ledger goes.
    fn forget_written(&mut self) {
        let last = self.entries.pop();
        let mut seen = HashSet::new();
        self.entries
            .retain(|entry| seen.insert(entry.resource.clone()));
        self.entries.extend(last);
        // Whose root is not known any more is asked.
        if self.roots.len() > ROOTS_KEPT {
            self.roots.clear();
        }
    }

    /// Chains the entries that are not in the ledger yet behind its end.
    pub(super) async fn append(&mut self) -> Result<()> {
        if self.entries.len() == self.spilled {
            return Ok(());
        }
        let mut chain = match self.chain.take() {
            Some(chain) => chain,
            None => self.chain_end().await?,
        };
        let mut buffer = Buffer::new("ledger", &ledger::ROW);
        let backend = self.pipe.backend();
        for i in self.spilled..self.entries.len() {
            if buffer.push(chain.row(&mut self.entries[i]))
                && let Some(statement) = buffer.take(backend)
            {
                self.hand_on(statement).await?;
            }
        }
        if let Some(statement) = buffer.take(backend) {
            self.hand_on(statement).await?;
        }
        self.chain = Some(chain);
        Ok(())
    }

    /// The ledger's end; from here on nobody else appends to it until this write has ended.
    pub(super) async fn chain_end(&mut self) -> Result<ledger::Chain> {
        if self.pipe.backend() == DbBackend::Postgres {
            ledger::Chain::lock(self.pipe.settled().await?).await?;
        }
        ledger::Chain::of(&self.pipe.rows(&ledger::Chain::newest()).await?)
    }
}

/// What the ledger keeps of a loaded record: what a list would say of it; only its name when a whole database is filled.
/// Nothing is lost by that: each field's first value stands in the row, or in the `before` of the first entry that changed it.
fn stored_text(record: &Record, is_loading: bool) -> String {
    let mut out = Vec::with_capacity(600);
    out.push(b'{');
    let label = &record.resource.label_field;
    for (field, value) in record.resource.fields.iter().zip(&record.values) {
        let is_told = field.name == *label || (!is_loading && (field.in_list || field.required));
        if value.is_null() || field.system || !is_told {
            continue;
        }
        if out.len() > 1 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(field.name.as_bytes());
        out.extend_from_slice(b"\":");
        let written = match value {
            Value::Text(text) => serde_json::to_writer(&mut out, text),
            Value::Int(int) => serde_json::to_writer(&mut out, int),
            Value::Id(id) => serde_json::to_writer(&mut out, id),
            other => serde_json::to_writer(&mut out, &other.to_json()),
        };
        // Writing into memory fails for no value that a record can hold.
        if written.is_err() {
            out.extend_from_slice(b"null");
        }
    }
    out.push(b'}');
    String::from_utf8(out).unwrap_or_default()
}

/// Reads a value back from the ledger.
pub fn from_stored(kind: FieldType, json: &Json) -> Value {
    match (kind, json) {
        (_, Json::Null) => Value::Null,
        (FieldType::Reference, Json::String(id)) => {
            Uuid::parse_str(id).map_or(Value::Null, Value::Id)
        }
        (FieldType::Json, json) => Value::Json(json.clone()),
        (FieldType::Number, json) => json.as_f64().map_or(Value::Null, Value::Number),
        (_, Json::String(text)) => Value::Text(text.clone()),
        (_, Json::Bool(bool)) => Value::Bool(*bool),
        (_, Json::Array(items)) => Value::List(
            items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
        ),
        (_, json) => json.as_i64().map_or(Value::Null, Value::Int),
    }
}
