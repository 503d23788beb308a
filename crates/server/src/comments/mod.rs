//! Comments on records, with people mentioned in them; and following a record.

mod following;
mod mentions;
mod stored;

pub(crate) use mentions::sees;

use std::collections::HashSet;

use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::future::BoxFuture;
use platform::access::Access;
use platform::app::Feature;
use platform::clock::new_id;
use platform::db::col;
use platform::labels;
use platform::ledger::Entry;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::web::{
    Body, Doc, Labels, Path, Query as Asked, Routes, batch_header, created, expected_version, json,
    no_content,
};
use platform::write::Write;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use stored::{COLUMNS, Comment};

/// Acts in the ledger.
pub const COMMENT: &str = "comment";
pub const UNCOMMENT: &str = "uncomment";

const BODY_MAX: usize = 10_000;
const MENTIONS_MAX: usize = 50;
const PAGE_SIZE: u64 = 50;

pub fn feature() -> Feature {
    Feature::default()
        .undo_act(COMMENT, undo_comment)
        .undo_act(UNCOMMENT, undo_uncomment)
}

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/{resource}/{id}/comments",
            Doc::new("comments", "Comments on a record, newest first, 50 a page").query::<Page>().answers::<CommentList>(),
            list,
        )
        .post(
            "/api/{resource}/{id}/comments",
            Doc::new("comments", "Comment on a record")
                .about("Whoever sees the record may. Mentioned people must see it too; they and the record's followers get a notification.")
                .body::<Said>()
                .status(201)
                .answers::<CommentRow>(),
            comment,
        )
        .patch(
            "/api/comments/{id}",
            Doc::new("comments", "Change one's own comment").if_match().body::<Said>().answers::<CommentRow>(),
            edit,
        )
        .delete(
            "/api/comments/{id}",
            Doc::new("comments", "Take back one's own comment, or any as an administrator").if_match().status(204),
            remove,
        )
        .merge(following::routes())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only comments before this one.
    before: Option<Uuid>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    body: String,
    /// People mentioned in it.
    #[serde(default)]
    mentions: Vec<Uuid>,
}

/// One comment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommentRow {
    pub id: Uuid,
    pub author_id: Uuid,
    pub body: String,
    pub mentions: Vec<Uuid>,
    pub created_at: String,
    pub edited_at: Option<String>,
    pub version: i64,
    pub can: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CommentList {
    rows: Vec<CommentRow>,
    labels: Labels,
    /// Give it as `before` for the next page; none at the end.
    next: Option<Uuid>,
}

/// Those of these comments that are still there.
pub(crate) async fn rows_by_id(access: &Access, ids: &[Uuid]) -> Result<Vec<CommentRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Comment::select();
    select.and_where(col("id").is_in(ids.iter().copied()));
    access
        .rows(&select)
        .await?
        .iter()
        .map(|row| Ok(Comment::read(row)?.row(access)))
        .collect()
}

/// People whose names go along with these comments.
pub(crate) fn people_in(rows: &[CommentRow]) -> HashSet<(String, Uuid)> {
    rows.iter()
        .flat_map(|row| row.mentions.iter().copied().chain([row.author_id]))
        .map(|person| ("people".to_owned(), person))
        .collect()
}

async fn list(
    access: Access,
    Path((name, id)): Path<(String, Uuid)>,
    Asked(page): Asked<Page>,
) -> Result<Response> {
    access.get(&access.resource(&name)?, id).await?;
    let mut select = Comment::select();
    select
        .and_where(col("record_id").eq(id))
        // Ids sort by time.
        .order_by(Alias::new("id"), Order::Desc)
        .limit(PAGE_SIZE);
    if let Some(before) = page.before {
        select.and_where(col("id").lt(before));
    }
    let rows: Vec<CommentRow> = access
        .rows(&select)
        .await?
        .iter()
        .map(|row| Ok(Comment::read(row)?.row(&access)))
        .collect::<Result<_>>()?;
    let next = (rows.len() as u64 == PAGE_SIZE)
        .then(|| rows.last().map(|row| row.id))
        .flatten();
    let labels = labels::of(&access, people_in(&rows)).await?.into();
    json(&CommentList { rows, labels, next })
}

/// The text and the mentions, checked against the record.
async fn checked(
    access: &Access,
    record: &Record,
    said: Said,
    known: &[Uuid],
) -> Result<(String, Vec<Uuid>)> {
    let body = said.body.trim().to_owned();
    if body.is_empty() {
        return Err(Problem::field("body", "required"));
    }
    if body.chars().count() > BODY_MAX {
        return Err(Problem::field_with(
            "body",
            "too_long",
            object!({ "max": BODY_MAX }),
        ));
    }
    if body.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Err(Problem::field("body", "control_characters"));
    }
    let mut mentions = said.mentions;
    mentions.sort_unstable();
    mentions.dedup();
    if mentions.len() > MENTIONS_MAX {
        return Err(Problem::field_with(
            "mentions",
            "too_many",
            object!({ "max": MENTIONS_MAX }),
        ));
    }
    let new: Vec<Uuid> = mentions
        .iter()
        .copied()
        .filter(|person| !known.contains(person))
        .collect();
    mentions::check(access, record, &new).await?;
    Ok((body, mentions))
}

async fn comment(
    access: Access,
    Path((name, id)): Path<(String, Uuid)>,
    Body(said): Body<Said>,
) -> Result<Response> {
    let record = access.get(&access.resource(&name)?, id).await?;
    let Some(author_id) = access.actor.person() else {
        return Err(Problem::forbidden());
    };
    let (body, mentions) = checked(&access, &record, said, &[]).await?;
    let mut write = access.write().await?;
    let comment = Comment {
        id: new_id(),
        resource: record.resource.name.clone(),
        record_id: record.id(),
        author_id,
        body,
        mentions,
        created_at: write.now,
        edited_at: None,
        version: 1,
    };
    let mentions = serde_json::to_string(&comment.mentions).map_err(Problem::internal)?;
    let row = vec![
        comment.id.into(),
        comment.resource.as_str().into(),
        comment.record_id.into(),
        comment.author_id.into(),
        comment.body.as_str().into(),
        mentions.into(),
        comment.created_at.into(),
        comment.edited_at.into(),
        comment.version.into(),
    ];
    write.insert("comment", &COLUMNS, row).await?;
    // The text is not in the ledger: what somebody takes back must not stay there for ever.
    let about = object!({ "comment": comment.id, "mentions": comment.mentions });
    write.note_on(&record, COMMENT, None, Some(about)).await?;
    let batch = write.commit().await?;
    Ok(batch_header(created(&comment.row(&access))?, batch))
}

async fn edit(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(said): Body<Said>,
) -> Result<Response> {
    let version = expected_version(&headers)?;
    let (mut comment, record) = Comment::find(&access, id).await?;
    if comment.author_id != access.actor.person_id {
        return Err(Problem::forbidden());
    }
    let (body, mentions) = checked(&access, &record, said, &comment.mentions).await?;
    let new: Vec<Uuid> = mentions
        .iter()
        .copied()
        .filter(|person| !comment.mentions.contains(person))
        .collect();
    let mut write = access.write().await?;
    let update = Query::update()
        .table(Alias::new("comment"))
        .value(Alias::new("body"), body.as_str())
        .value(
            Alias::new("mentions"),
            serde_json::to_string(&mentions).map_err(Problem::internal)?,
        )
        .value(Alias::new("edited_at"), write.now)
        .value(Alias::new("version"), version + 1)
        .and_where(col("id").eq(id))
        .and_where(col("version").eq(version))
        .and_where(col("removed_at").is_null())
        .to_owned();
    if write.execute(&update).await? == 0 {
        return Err(Problem::stale(comment.version));
    }
    comment.edited_at = Some(write.now);
    comment.version = version + 1;
    comment.body = body;
    comment.mentions = mentions;
    write
        .note_on(
            &record,
            "edit_comment",
            None,
            Some(object!({ "comment": id, "mentions": new })),
        )
        .await?;
    let batch = write.commit().await?;
    Ok(batch_header(json(&comment.row(&access))?, batch))
}

async fn remove(access: Access, Path(id): Path<Uuid>, headers: HeaderMap) -> Result<Response> {
    let version = expected_version(&headers)?;
    let (comment, record) = Comment::find(&access, id).await?;
    if comment.author_id != access.actor.person_id {
        access.require_configure(&comment.resource)?;
    }
    if comment.version != version {
        return Err(Problem::stale(comment.version));
    }
    let mut write = access.write().await?;
    let now = write.now;
    write.mark_removed("comment", id, Some(now)).await?;
    write
        .note_on(&record, UNCOMMENT, Some(object!({ "comment": id })), None)
        .await?;
    let batch = write.commit().await?;
    Ok(batch_header(no_content(), batch))
}

fn undo_comment<'a>(write: &'a mut Write, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let now = write.now;
        take_back(write, entry, entry.after.as_ref(), Some(now)).await
    })
}

fn undo_uncomment<'a>(write: &'a mut Write, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(take_back(write, entry, entry.before.as_ref(), None))
}

/// Only who said it, or took it back, may undo that.
async fn take_back(
    write: &mut Write,
    entry: &Entry,
    about: Option<&serde_json::Value>,
    removed_at: Option<i64>,
) -> Result<()> {
    let access = write.access.clone();
    if entry.actor_id.is_none() || entry.actor_id != access.actor.person() {
        return Err(Problem::forbidden());
    }
    let id = about
        .and_then(|about| about["comment"].as_str())
        .and_then(|id| Uuid::parse_str(id).ok());
    let id = id.ok_or_else(|| Problem::rule("cannot_undo"))?;
    let resource = access.resource(&entry.resource)?;
    let record = write
        .lock(&resource, entry.record_id)
        .await?
        .ok_or_else(|| Problem::rule("changed_since"))?;
    write.mark_removed("comment", id, removed_at).await?;
    let about = Some(object!({ "comment": id }));
    let (verb, before, after) = if removed_at.is_some() {
        (UNCOMMENT, about, None)
    } else {
        ("restore_comment", None, about)
    };
    write.note_on(&record, verb, before, after).await
}
