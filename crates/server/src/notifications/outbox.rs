//! From entries of the ledger to inboxes, in the transaction that makes the entries.

use std::collections::{BTreeMap, HashSet};

use async_trait::async_trait;
use platform::db::col;
use platform::following;
use platform::ledger::Entry;
use platform::problem::Result;
use platform::resource::{Guard, Record};
use platform::write::{Cause, Outbox, Write};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Notice, activities, tell};
use crate::comments;

pub struct Inboxes;

/// Beginning of a comment that a notification shows, in characters.
const EXCERPT: usize = 120;
/// A write of more entries is a bulk change: followers are not told of each.
const SINGLE_MAX: usize = 20;

#[async_trait]
impl Outbox for Inboxes {
    async fn entered(&self, write: &mut Write, entries: &[Entry]) -> Result<()> {
        if write.cause == Cause::Load {
            return Ok(());
        }
        assigned(write, entries).await?;
        activities::invited(write, entries).await?;
        for entry in entries.iter().filter(|entry| entry.version == 0) {
            match entry.action.as_str() {
                comments::COMMENT | "edit_comment" => commented(write, entry).await?,
                "share" => shared(write, entry).await?,
                _ => {}
            }
        }
        // The first entry is what the person did; the others follow from it.
        match entries.first() {
            Some(entry) if write.cause == Cause::Edit && entries.len() <= SINGLE_MAX => {
                changed(write, entry).await
            }
            _ => Ok(()),
        }
    }
}

pub fn id_in(json: Option<&Json>, name: &str) -> Option<Uuid> {
    json?
        .get(name)?
        .as_str()
        .and_then(|id| Uuid::parse_str(id).ok())
}

/// New owners learn of it: once per write and kind of record, however many there are.
async fn assigned(write: &mut Write, entries: &[Entry]) -> Result<()> {
    let registry = write.access.app.registry();
    let me = write.access.actor.person();
    let mut gained: BTreeMap<(Uuid, &str), (Uuid, i64)> = BTreeMap::new();
    let mut seen: HashSet<(Uuid, String)> = HashSet::new();
    for entry in entries.iter().filter(|entry| entry.version > 0) {
        let Some(Guard::Owner(field)) = registry
            .get(&entry.resource)
            .map(|resource| &resource.guard)
        else {
            continue;
        };
        let after = entry.held_after();
        let Some(owner) = id_in(after.as_deref(), field).filter(|owner| Some(*owner) != me) else {
            continue;
        };
        // A series is one thing that is handed over, however often it repeats.
        let series = after.as_deref().and_then(|after| after.get("series_id"));
        if series.is_some_and(|series| !seen.insert((owner, series.to_string()))) {
            continue;
        }
        let gain = gained
            .entry((owner, entry.resource.as_str()))
            .or_insert((entry.record_id, 0));
        gain.1 += 1;
    }
    for ((person, resource), (record, count)) in gained {
        let Some(found) = find(write, resource, record).await? else {
            continue;
        };
        let is_task = activities::is_task(write, &found).await?;
        tell(
            write,
            Notice {
                count,
                ..Notice::of(person, if is_task { "given" } else { "assigned" }, &found)
            },
        )
        .await?;
    }
    Ok(())
}

pub async fn find(write: &mut Write, resource: &str, id: Uuid) -> Result<Option<Record>> {
    let resource = write.access.app.registry().find(resource)?;
    write.lock(&resource, id).await
}

async fn commented(write: &mut Write, entry: &Entry) -> Result<()> {
    let Some(record) = find(write, &entry.resource, entry.record_id).await? else {
        return Ok(());
    };
    let about = entry.after.clone().unwrap_or_default();
    let Some(comment) = id_in(Some(&about), "comment") else {
        return Ok(());
    };
    let body = Query::select()
        .column(Alias::new("body"))
        .from(Alias::new("comment"))
        .and_where(col("id").eq(comment))
        .to_owned();
    let body: String = match write.rows(&body).await?.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => return Ok(()),
    };
    let mut excerpt: String = body.chars().take(EXCERPT).collect();
    if excerpt.len() < body.len() {
        excerpt.push('…');
    }
    let mentioned: HashSet<Uuid> = about["mentions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|id| Uuid::parse_str(id.as_str()?).ok())
        .collect();
    let followers = if entry.action == comments::COMMENT {
        following::followers(write, &record).await?
    } else {
        Vec::new()
    };
    let told = mentioned.iter().map(|person| (*person, "mention")).chain(
        followers
            .into_iter()
            .filter(|person| !mentioned.contains(person))
            .map(|person| (person, "comment")),
    );
    for (person, kind) in told {
        // Whoever followed may have lost sight of the record since.
        if kind == "mention" || comments::sees(&write.access.clone(), &record, person).await? {
            let notice = Notice {
                excerpt: Some(excerpt.clone()),
                ..Notice::of(person, kind, &record)
            };
            tell(write, notice).await?;
        }
    }
    Ok(())
}

async fn shared(write: &mut Write, entry: &Entry) -> Result<()> {
    let Some(person) = id_in(entry.after.as_ref(), "person_id") else {
        return Ok(());
    };
    match find(write, &entry.resource, entry.record_id).await? {
        Some(record) => tell(write, Notice::of(person, "shared", &record)).await,
        None => Ok(()),
    }
}

/// Followers learn that somebody changed the record; while they have not looked, it stays one notification.
async fn changed(write: &mut Write, entry: &Entry) -> Result<()> {
    if entry.version == 0 || entry.before.is_none() || entry.after.is_none() {
        return Ok(());
    }
    let Some(record) = find(write, &entry.resource, entry.record_id).await? else {
        return Ok(());
    };
    // A record that was handed over is told of as such, and so is an invitation.
    let new_owner = match record.resource.guard {
        Guard::Owner(field) => id_in(entry.after.as_ref(), field),
        _ => None,
    };
    let invited = activities::gained(entry);
    let is_plan = activities::is_plan_change(entry);
    let kind = if is_plan { "plan_changed" } else { "change" };
    for person in following::followers(write, &record).await? {
        let is_told = Some(person) == new_owner || invited.contains(&person);
        let is_told = is_told || super::is_told(write, person, entry.record_id);
        if is_told || Some(person) == write.access.actor.person() {
            continue;
        }
        if !comments::sees(&write.access.clone(), &record, person).await? {
            continue;
        }
        let excerpt = is_plan.then(|| activities::moment(write, person, &record));
        let again = Query::update()
            .table(Alias::new("notification"))
            .value(Alias::new("excerpt"), excerpt.clone())
            .value(Alias::new("at"), write.now)
            .value(Alias::new("actor_id"), write.access.actor.person())
            .value(Alias::new("verb"), entry.action.as_str())
            .and_where(col("person_id").eq(person))
            .and_where(col("record_id").eq(entry.record_id))
            .and_where(col("kind").eq(kind))
            .and_where(col("read_at").is_null())
            .to_owned();
        if write.execute(&again).await? == 0 {
            let notice = Notice {
                excerpt,
                verb: Some(&entry.action),
                ..Notice::of(person, kind, &record)
            };
            tell(write, notice).await?;
        }
    }
    Ok(())
}
