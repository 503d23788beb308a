//! Contents of attachments: each once, under its hash.

use platform::db::col;
use platform::problem::Result;
use platform::write::Write;
use sea_orm::sea_query::{Alias, Condition, ExprTrait, Query};

/// What the keys of all attachments begin with.
pub const PREFIX: &str = "attachments/";

/// Under which the content with this SHA-256 is kept; folders of 256 keep each small.
pub fn key_of(hash: &str) -> String {
    format!("{PREFIX}{}/{hash}", hash.get(..2).unwrap_or("00"))
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
