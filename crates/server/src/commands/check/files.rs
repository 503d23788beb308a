//! Whether every file that the database names is where files are kept, in its size.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::app::App;
use platform::db::{Db, col};
use sea_orm::sea_query::{Alias, ExprTrait, Query};

use super::Findings;
use crate::commands::Outcome;
use crate::{attachments, imports};

/// Files told of by name.
const TOLD: usize = 5;

pub async fn look(app: &Arc<App>, findings: &mut Findings) -> Outcome {
    let lost = lost(app).await?;
    // What was cleared away while this looked is named by nothing any more.
    let lost = match lost.is_empty() {
        true => lost,
        false => {
            let named = named(&app.db).await?;
            let still = |(key, _): &(String, _)| named.contains_key(key);
            lost.into_iter().filter(still).collect()
        }
    };
    let mut found = Vec::new();
    for how in ["missing", "cut or changed"] {
        let keys = lost.iter().filter(|(_, is)| *is == how);
        let keys: Vec<&str> = keys.map(|(key, _)| key.as_str()).collect();
        if keys.is_empty() {
            continue;
        }
        let more = if keys.len() > TOLD { ", …" } else { "" };
        found.push(format!(
            "{} are {how} in {} ({}{more})",
            keys.len(),
            app.files.place(),
            keys.get(..TOLD).unwrap_or(&keys).join(", ")
        ));
    }
    findings.add("files", found);
    Ok(())
}

/// The files that are not as they should be, and how.
async fn lost(app: &App) -> Outcome<Vec<(String, &'static str)>> {
    let named = named(&app.db).await?;
    let mut there = BTreeMap::new();
    for prefix in [attachments::PREFIX, imports::PREFIX] {
        there.extend(app.files.all(prefix).await?);
    }
    Ok(named
        .into_iter()
        .filter_map(|(key, size)| match (there.get(&key), size) {
            (None, _) => Some((key, "missing")),
            (Some(is), Some(size)) if *is != size => Some((key, "cut or changed")),
            _ => None,
        })
        .collect())
}

/// Every file that a row names, with its size in bytes where the row knows it.
pub async fn named(db: &Db) -> Outcome<BTreeMap<String, Option<u64>>> {
    let mut named = BTreeMap::new();
    let contents = Query::select()
        .distinct()
        .columns(["content_hash", "size"].map(Alias::new))
        .from(Alias::new("attachment"))
        .to_owned();
    for row in db.all(&contents).await? {
        let (hash, size): (String, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        named.insert(attachments::key_of(&hash), u64::try_from(size).ok());
    }
    let uploads = Query::select()
        .column(Alias::new("file_path"))
        .from(Alias::new("import"))
        .and_where(col("file_path").ne(""))
        .to_owned();
    for row in db.all(&uploads).await? {
        named.insert(row.try_get_by_index(0)?, None);
    }
    Ok(named)
}
