//! The ledger for people: history of a record, undo, recycle bin, audit; and what is cleared away after its time.

mod audit;
mod changes;
mod history;
mod purge;
mod recycle_bin;

use std::time::Duration;

use axum::response::Response;
use platform::access::Access;
use platform::app::Feature;
use platform::job::JobKind;
use platform::problem::Result;
use platform::web::{Doc, Path, Routes, batch_header, json};
use platform::write::Cause;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use changes::{EntryRow, Names, describe, is_undoable};
pub use purge::{Cleared, purge};

/// Often enough that nothing outlives its time by more than an hour.
const PURGE_EVERY: Duration = Duration::from_secs(3_600);

pub fn feature() -> Feature {
    let purge = JobKind::new("purge", 5, |running| async move {
        Ok(serde_json::json!(purge(&running.app).await?))
    });
    Feature::default().job(purge.every(PURGE_EVERY).long())
}

pub fn routes() -> Routes {
    Routes::default()
        .post(
            "/api/ledger/{batch}/undo",
            Doc::new("ledger", "Take back a whole write")
                .about("Within 30 days, while nobody has changed the same fields since; 409 says what stands against it. Restores deleted records.")
                .answers::<Undone>(),
            undo,
        )
        .merge(history::routes())
        .merge(recycle_bin::routes())
        .merge(audit::routes())
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Undone {
    /// Entries taken back.
    pub undone: usize,
}

async fn undo(access: Access, Path(batch): Path<Uuid>) -> Result<Response> {
    let mut write = access.write_as(Cause::Undo).await?;
    let undone = write.undo(batch).await?;
    let batch = write.commit().await?;
    Ok(batch_header(json(&Undone { undone })?, batch))
}
