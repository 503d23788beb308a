//! The ledger: every write appends entries, chained by hash. History, undo, live updates and audit read it.

use std::borrow::Cow;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult};
use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::Db;
use crate::problem::{Problem, Result};

/// One change of one record. `before` and `after` hold only the fields that changed.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    pub seq: i64,
    pub at: i64,
    pub actor_id: Option<Uuid>,
    /// `session:…`, `token:…`, `import:…`, `system:…`.
    pub source: String,
    pub batch: Uuid,
    pub resource: String,
    pub record_id: Uuid,
    pub action: String,
    /// Who owned the guarding record when it happened: live updates go to those who cover this person.
    pub owner_id: Option<Uuid>,
    /// The record whose guard covers this one.
    pub root_id: Uuid,
    pub version: i64,
    pub before: Option<Json>,
    pub after: Option<Json>,
    /// `after` as it will be stored, in its place; only on the way into the ledger.
    #[serde(skip)]
    pub after_text: Option<String>,
}

impl Entry {
    /// `after`, also where a large write holds it as it will be stored.
    pub fn held_after(&self) -> Option<Cow<'_, Json>> {
        match (&self.after, &self.after_text) {
            (Some(after), _) => Some(Cow::Borrowed(after)),
            (None, Some(text)) => serde_json::from_str(text).ok().map(Cow::Owned),
            (None, None) => None,
        }
    }
}

pub const COLUMNS: [&str; 13] = [
    "seq",
    "at",
    "actor_id",
    "source",
    "batch",
    "resource",
    "record_id",
    "action",
    "owner_id",
    "root_id",
    "version",
    "before",
    "after",
];

/// Serialises writers of the chain on PostgreSQL; SQLite has one writer anyway.
const CHAIN_LOCK: &str = "SELECT pg_advisory_xact_lock(741853)";

impl Entry {
    pub fn read(row: &QueryResult) -> Result<Entry> {
        let json = |i: usize| -> Result<Option<Json>> {
            let text: Option<String> = row.try_get_by_index(i)?;
            Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
        };
        Ok(Entry {
            seq: row.try_get_by_index(0)?,
            at: row.try_get_by_index(1)?,
            actor_id: row.try_get_by_index(2)?,
            source: row.try_get_by_index(3)?,
            batch: row.try_get_by_index(4)?,
            resource: row.try_get_by_index(5)?,
            record_id: row.try_get_by_index(6)?,
            action: row.try_get_by_index(7)?,
            owner_id: row.try_get_by_index(8)?,
            root_id: row.try_get_by_index(9)?,
            version: row.try_get_by_index(10)?,
            before: json(11)?,
            after: json(12)?,
            after_text: None,
        })
    }
}

/// SHA-256 over the previous hash and the entry's fields, each with its length in front.
fn hash(previous: &[u8], entry: &Entry, before: Option<&str>, after: Option<&str>) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(&entry.at.to_le_bytes());
    part(entry.actor_id.unwrap_or_default().as_bytes());
    part(entry.source.as_bytes());
    part(entry.batch.as_bytes());
    part(entry.resource.as_bytes());
    part(entry.record_id.as_bytes());
    part(entry.action.as_bytes());
    part(entry.owner_id.unwrap_or_default().as_bytes());
    part(entry.root_id.as_bytes());
    part(&entry.version.to_le_bytes());
    part(before.unwrap_or_default().as_bytes());
    part(after.unwrap_or_default().as_bytes());
    hasher.finalize().to_vec()
}

/// The columns of a row, in the order that `Chain::row` gives them.
pub const ROW: [&str; COLUMNS.len() + 1] = {
    let mut row = ["hash"; COLUMNS.len() + 1];
    let (columns, _) = row.split_at_mut(COLUMNS.len());
    columns.copy_from_slice(&COLUMNS);
    row
};

/// The ledger's end, behind which a transaction appends.
pub struct Chain {
    seq: i64,
    hash: Vec<u8>,
}

impl Chain {
    /// Holds back the other writers of the chain until the transaction's end.
    pub async fn lock(tx: &DatabaseTransaction) -> Result<()> {
        if tx.get_database_backend() == DbBackend::Postgres {
            tx.execute_unprepared(CHAIN_LOCK).await?;
        }
        Ok(())
    }

    /// Asks for the end, once the others are held back.
    pub fn newest() -> SelectStatement {
        Query::select()
            .columns([Alias::new("seq"), Alias::new("hash")])
            .from(Alias::new("ledger"))
            .order_by(Alias::new("seq"), Order::Desc)
            .limit(1)
            .to_owned()
    }

    /// The end as the answer to `newest` tells it.
    pub fn of(newest: &[QueryResult]) -> Result<Chain> {
        Ok(match newest.first() {
            Some(row) => Chain {
                seq: row.try_get_by_index(0)?,
                hash: row.try_get_by_index(1)?,
            },
            None => Chain {
                seq: 0,
                hash: Vec::new(),
            },
        })
    }

    /// Gives an entry its `seq` and its place in the chain; answers its row.
    pub fn row(&mut self, entry: &mut Entry) -> [sea_orm::Value; 14] {
        self.seq += 1;
        entry.seq = self.seq;
        let before = entry.before.as_ref().map(Json::to_string);
        let after = entry
            .after_text
            .take()
            .or_else(|| entry.after.as_ref().map(Json::to_string));
        self.hash = hash(&self.hash, entry, before.as_deref(), after.as_deref());
        [
            entry.seq.into(),
            entry.at.into(),
            entry.actor_id.into(),
            entry.source.as_str().into(),
            entry.batch.into(),
            entry.resource.as_str().into(),
            entry.record_id.into(),
            entry.action.as_str().into(),
            entry.owner_id.into(),
            entry.root_id.into(),
            entry.version.into(),
            before.into(),
            after.into(),
            self.hash.clone().into(),
        ]
    }
}

/// Verifies the whole chain; the first break is the error, with its sequence number.
pub async fn verify(db: &Db) -> Result<std::result::Result<i64, i64>> {
    let mut previous: Vec<u8> = Vec::new();
    let mut seq = 0;
    loop {
        let rows = db
            .all(
                Query::select()
                    .columns(
                        COLUMNS
                            .iter()
                            .map(|c| Alias::new(*c))
                            .chain([Alias::new("hash")]),
                    )
                    .from(Alias::new("ledger"))
                    .and_where(Expr::col(Alias::new("seq")).gt(seq))
                    .order_by(Alias::new("seq"), Order::Asc)
                    .limit(5_000),
            )
            .await?;
        if rows.is_empty() {
            return Ok(Ok(seq));
        }
        for row in rows {
            let entry = Entry::read(&row)?;
            let before: Option<String> = row.try_get_by_index(11)?;
            let after: Option<String> = row.try_get_by_index(12)?;
            let stored: Vec<u8> = row.try_get_by_index(13)?;
            let expected = hash(&previous, &entry, before.as_deref(), after.as_deref());
            if entry.seq != seq + 1 || stored != expected {
                return Ok(Err(seq + 1));
            }
            previous = stored;
            seq = entry.seq;
        }
    }
}

/// Entries after `seq`, oldest first, at most `limit`.
pub async fn after(db: &Db, seq: i64, limit: u64) -> Result<Vec<Entry>> {
    let rows = db
        .all(
            Query::select()
                .columns(COLUMNS.iter().map(|c| Alias::new(*c)))
                .from(Alias::new("ledger"))
                .and_where(Expr::col(Alias::new("seq")).gt(seq))
                .order_by(Alias::new("seq"), Order::Asc)
                .limit(limit),
        )
        .await?;
    rows.iter().map(Entry::read).collect()
}

/// All entries of one batch, newest first.
pub async fn batch(db: &Db, batch: Uuid) -> Result<Vec<Entry>> {
    let rows = db
        .all(
            Query::select()
                .columns(COLUMNS.iter().map(|c| Alias::new(*c)))
                .from(Alias::new("ledger"))
                .and_where(Expr::col(Alias::new("batch")).eq(batch))
                .order_by(Alias::new("seq"), Order::Desc),
        )
        .await?;
    if rows.is_empty() {
        return Err(Problem::not_found());
    }
    rows.iter().map(Entry::read).collect()
}

/// The newest sequence number, 0 when the ledger is empty.
pub async fn head(db: &Db) -> Result<i64> {
    let row = db
        .one(
            Query::select()
                .column(Alias::new("seq"))
                .from(Alias::new("ledger"))
                .order_by(Alias::new("seq"), Order::Desc)
                .limit(1),
        )
        .await?;
    Ok(match row {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    })
}
