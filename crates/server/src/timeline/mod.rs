//! The timeline of a record: what was said, attached and changed, of it and of what belongs to it, and what was done with
//! it, newest first.
//!
//! The ledger has what was written in one order: two short walks along its index by record. Activities stand beside it at the
//! time at which they happened: a third walk.

mod activities;
mod children;
mod page;

use std::collections::HashMap;

use axum::response::Response;
use platform::access::Access;
use platform::db::col;
use platform::labels;
use platform::ledger::{COLUMNS, Entry};
use platform::problem::Result;
use platform::resource::Record;
use platform::web::{Doc, Labels, Path, Query as Asked, Routes, json};
use rules::permission::Action;
use rules::value::instant_text;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::attachments::{self, ATTACH, AttachmentRow};
use crate::comments::{self, COMMENT, CommentRow, UNCOMMENT};
use crate::ledger::{EntryRow, Names, describe, is_undoable};
use activities::{Happening, Walk};
use page::{Seen, merged};

const PAGE_SIZE: usize = 30;
/// Acts on comments that the comment itself shows.
const HIDDEN: [&str; 3] = [UNCOMMENT, "edit_comment", "restore_comment"];

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/{resource}/{id}/timeline",
        Doc::new(
            "ledger",
            "What happened to a record, to what belongs to it and with it, newest first, 30 a page",
        )
        .about("Activities stand at the time at which they happened; the next open plans stand above the first page.")
        .query::<Page>()
        .answers::<Timeline>(),
        timeline,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only what was before this place: the `next` of the page before.
    before: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Timeline {
    rows: Vec<TimelineRow>,
    labels: Labels,
    /// Give it as `before` for the next page; none at the end.
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum TimelineRow {
    Written(Box<WrittenRow>),
    Happened(HappenedRow),
}

/// Something that was planned or done with the record.
#[derive(Debug, Serialize, ToSchema)]
struct HappenedRow {
    /// `activity`
    kind: &'static str,
    at: String,
    /// Whose activity it is.
    actor_id: Option<Uuid>,
    record_id: Uuid,
    /// The activity, and `attachment_count`.
    activity: Json,
}

/// What the ledger has.
#[derive(Debug, Serialize, ToSchema)]
struct WrittenRow {
    /// `comment`, `attachment` or `change`.
    kind: &'static str,
    #[serde(flatten)]
    entry: EntryRow,
    /// The name of the record, where it is another one that belongs to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<CommentRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<AttachmentRow>,
}

impl From<Happening> for TimelineRow {
    fn from(happening: Happening) -> TimelineRow {
        TimelineRow::Happened(HappenedRow {
            kind: "activity",
            at: instant_text(happening.at),
            actor_id: happening.owner_id,
            record_id: happening.id,
            activity: happening.row,
        })
    }
}

fn newest(before: Option<i64>) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new("ledger"))
        .order_by(Alias::new("seq"), Order::Desc)
        .limit(PAGE_SIZE as u64 + 1);
    if let Some(seq) = before {
        select.and_where(col("seq").lt(seq));
    }
    select
}

async fn timeline(
    access: Access,
    Path((name, id)): Path<(String, Uuid)>,
    Asked(page): Asked<Page>,
) -> Result<Response> {
    let resource = access.resource(&name)?;
    let record = access.get(&resource, id).await?;
    let mut seen = match page.before.as_deref() {
        Some(place) => Seen::read(place)?,
        None => Seen::default(),
    };
    let mut names = Names::new();
    let mut entries = entries(&access, &record, seen.seq).await?;
    let now = access.app.clock.now_ms();
    let (mut upcoming, mut happened) = (Vec::new(), Vec::new());
    if let Some(walk) = Walk::of(&access, &record)? {
        if page.before.is_none() {
            upcoming = walk.upcoming(now, &mut names).await?;
        }
        happened = walk
            .past(now, seen.happening, PAGE_SIZE + 1, &mut names)
            .await?;
    }
    let order = merged(
        &entries.iter().map(|entry| entry.at).collect::<Vec<_>>(),
        &happened.iter().map(|one| one.at).collect::<Vec<_>>(),
        PAGE_SIZE,
    );
    let written = order.iter().filter(|is_written| **is_written).count();
    let is_last = order.len() == entries.len() + happened.len();
    entries.truncate(written);
    happened.truncate(order.len() - written);
    seen.seq = entries.last().map(|entry| entry.seq).or(seen.seq);
    seen.happening = happened
        .last()
        .map(|one| (one.at, one.id))
        .or(seen.happening);
    let next = (!is_last).then(|| seen.write());
    let said = Said::read(&access, &record, &entries, &mut names).await?;
    let registry = access.app.registry();
    let mut rows: Vec<TimelineRow> = upcoming.into_iter().map(TimelineRow::from).collect();
    let mut happened = happened.into_iter();
    let mut entries = entries.iter();
    for is_written in order {
        let Some(entry) = is_written.then(|| entries.next()).flatten() else {
            rows.extend(happened.next().map(TimelineRow::from));
            continue;
        };
        let is_own = entry.record_id == id;
        let mut described = describe(&access, registry.get(&entry.resource), entry, &mut names);
        described.can_undo = is_own && is_undoable(&access, &resource, Some(&record), entry);
        if !is_own {
            names.insert((entry.resource.clone(), entry.record_id));
            if entry.before.is_none() || entry.after.is_none() {
                // That it came or went is the news; its fields stand on its own page.
                described.changes.clear();
            }
        }
        let about = subject(entry);
        let comment = about.and_then(|id| said.comments.get(&id).cloned());
        let attachment = about.and_then(|id| said.attachments.get(&id).cloned());
        let kind = match entry.action.as_str() {
            COMMENT if comment.is_none() => continue,
            ATTACH if attachment.is_none() => continue,
            COMMENT => "comment",
            ATTACH => "attachment",
            _ => "change",
        };
        rows.push(TimelineRow::Written(Box::new(WrittenRow {
            kind,
            entry: described,
            label: None,
            comment,
            attachment,
        })));
    }
    let names = labels::of(&access, names).await?;
    for row in &mut rows {
        if let TimelineRow::Written(row) = row
            && row.entry.record_id != id
        {
            row.label = names.get(&row.entry.record_id).map(|name| name.to_string());
        }
    }
    json(&Timeline {
        rows,
        labels: names.into(),
        next,
    })
}

/// The record's own entries and those of what belongs to it, newest first, one more than a page.
async fn entries(access: &Access, record: &Record, before: Option<i64>) -> Result<Vec<Entry>> {
    let mut own = newest(before);
    own.and_where(col("record_id").eq(record.id()))
        .and_where(col("action").is_not_in(HIDDEN));
    let mut rows = access.rows(&own).await?;
    let children = children::of(access, record).await?;
    if !children.is_empty() {
        let mut theirs = newest(before);
        theirs
            .and_where(col("record_id").is_in(children))
            .and_where(col("action").is_in(children::ACTS));
        rows.extend(access.rows(&theirs).await?);
    }
    let mut entries: Vec<Entry> = rows.iter().map(Entry::read).collect::<Result<_>>()?;
    // An id is unique among all resources, so an entry comes once.
    entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.seq));
    entries.truncate(PAGE_SIZE + 1);
    Ok(entries)
}

/// The comment or attachment that an act is about.
fn subject(entry: &Entry) -> Option<Uuid> {
    let about = entry.after.as_ref().filter(|_| entry.version == 0)?;
    let id = about
        .get("comment")
        .or_else(|| about.get("attachment"))?
        .as_str()?;
    Uuid::parse_str(id).ok()
}

/// What was said and attached, as far as it is still there.
struct Said {
    comments: HashMap<Uuid, CommentRow>,
    attachments: HashMap<Uuid, AttachmentRow>,
}

impl Said {
    async fn read(
        access: &Access,
        record: &Record,
        entries: &[Entry],
        names: &mut Names,
    ) -> Result<Said> {
        let of = |verb: &str| -> Vec<Uuid> {
            entries
                .iter()
                .filter(|entry| entry.action == verb)
                .filter_map(subject)
                .collect()
        };
        let comments = comments::rows_by_id(access, &of(COMMENT)).await?;
        names.extend(comments::people_in(&comments));
        let may_edit = access.may(record, Action::Edit).await?;
        let attachments = attachments::rows_by_id(access, &of(ATTACH), may_edit).await?;
        Ok(Said {
            comments: comments.into_iter().map(|row| (row.id, row)).collect(),
            attachments: attachments.into_iter().map(|row| (row.id, row)).collect(),
        })
    }
}
