//! SQLite's log of what was written, and the way of its pages into the file.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::Db;

/// Pages in the log (of 4 KiB) at which a commit itself takes them into the file. As many as that gather only where nobody
/// else does it, or not fast enough: a large import, a command.
pub(super) const PAGES_MAX: u32 = 16_000;
/// Between a write and its way into the file. Pages that many writes change (the end of the ledger, the tops of indexes)
/// go once in this time.
const PAUSE: Duration = Duration::from_millis(250);

impl Db {
    /// Takes what is written into SQLite's file beside the writers, who then needn't do it in their commits, where everybody
    /// waits for them. Goes on until it is dropped.
    pub fn keep_log_short(&self) -> impl Future<Output = ()> + use<> {
        let (read, written) = (self.read.clone(), self.written.clone());
        let is_postgres = self.is_postgres();
        async move {
            if is_postgres {
                return;
            }
            loop {
                written.notified().await;
                tokio::time::sleep(PAUSE).await;
                // A connection that only reads may do this; it waits for nobody, and leaves what somebody still reads.
                let checkpoint =
                    Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(PASSIVE)");
                if let Err(error) = read.query_one_raw(checkpoint).await {
                    tracing::debug!(%error, "the log was not taken into the file");
                }
            }
        }
    }
}

/// Told of each write that begins.
pub(super) type Written = Arc<tokio::sync::Notify>;
