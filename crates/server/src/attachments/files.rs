//! Files on disk: each content once, under its hash.

use std::path::{Path, PathBuf};

use platform::db::col;
use platform::problem::Result;
use platform::write::Write;
use sea_orm::sea_query::{Alias, Condition, ExprTrait, Query};

use crate::ledger;

/// Where the content with this SHA-256 lies; folders of 256 keep each small.
pub fn path_of(files: &Path, hash: &str) -> PathBuf {
    files
        .join("attachments")
        .join(hash.get(..2).unwrap_or("00"))
        .join(hash)
}

/// Where uploads grow until they are whole.
pub fn unfinished(files: &Path) -> PathBuf {
    files.join("attachments").join("unfinished")
}

/// Contents of the attachments that fit the condition.
pub async fn hashes_of(write: &mut Write, condition: Condition) -> Result<Vec<String>> {
    let select = Query::select()
        .distinct()
        .column(Alias::new("content_hash"))
        .from(Alias::new("attachment"))
        .cond_where(condition)
        .and_where(col("content_hash").is_not_null())
        .to_owned();
    write
        .rows(&select)
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect()
}

/// Removes what uploads left that never ended, for instance when the process was killed.
pub async fn remove_unfinished(files: &Path) -> Result<()> {
    let Ok(mut folder) = tokio::fs::read_dir(unfinished(files)).await else {
        return Ok(());
    };
    while let Some(file) = folder.next_entry().await? {
        if ledger::is_old(&file.path()).await {
            tokio::fs::remove_file(file.path()).await?;
        }
    }
    Ok(())
}
