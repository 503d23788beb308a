//! Live updates: one stream of committed changes, fed by the ledger, the same for one process or ten.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use sqlx::postgres::PgListener;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::db::Source;
use crate::ledger::{self, Entry};
use crate::problem::{Problem, Result};

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
        }
    }
}

/// Entries read at once while catching up.
const CATCH_UP: u64 = 1_000;

/// On PostgreSQL: listens to what all processes commit, for as long as the process lives.
pub async fn listen(app: Arc<App>) {
    let Source::Postgres(url) = app.db.source().clone() else {
        return;
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
            app.announce(&entries);
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
