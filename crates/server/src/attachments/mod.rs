//! Attachments: any file, kept under its content's hash, guarded like its record.

mod content;
mod files;
mod serve;
mod upload;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::response::Response;
use futures_util::future::BoxFuture;
use platform::access::Access;
use platform::app::Feature;
use platform::db::col;
use platform::labels;
use platform::ledger::Entry;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::web::{Doc, Labels, Path, Routes, batch_header, json, no_content};
use platform::write::Write;
use rules::permission::Action;
use rules::value::instant_text;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query, SelectStatement};
use serde::Serialize;
use serde_json::json as object;
use utoipa::ToSchema;
use uuid::Uuid;

pub use files::{PREFIX, hashes_of, key_of};

/// Largest file.
pub const SIZE_MAX: u64 = 50 * 1024 * 1024;
/// The form around it.
const FORM_MAX: usize = SIZE_MAX as usize + 64 * 1024;
/// Files of one record; more belong into a file store.
const FILES_MAX: u64 = 500;

/// Acts in the ledger.
pub const ATTACH: &str = "attach";
pub const DETACH: &str = "detach";

pub fn feature() -> Feature {
    Feature::default()
        .undo_act(ATTACH, undo_attach)
        .undo_act(DETACH, undo_detach)
}

pub fn routes() -> Routes {
    let form = object!({
        "type": "object", "required": ["file"],
        "properties": { "file": { "type": "string", "contentMediaType": "application/octet-stream" } }
    });
    Routes::default()
        .post(
            "/api/{resource}/{id}/attachments",
            Doc::new("attachments", "Attach a file of at most 50 MB")
                .about("Its type is found in its content, whatever its name says. Needs the right to edit the record.")
                .body_schema("multipart/form-data", form)
                .status(201)
                .answers::<AttachmentRow>(),
            upload::attach.layer(DefaultBodyLimit::max(FORM_MAX)),
        )
        .get(
            "/api/{resource}/{id}/attachments",
            Doc::new("attachments", "The files of a record, newest first").answers::<AttachmentList>(),
            list,
        )
        .get(
            "/api/attachments/{id}",
            Doc::new("attachments", "Download a file")
                .about("With `inline=1` images and PDF are shown by the browser instead.")
                .query::<serve::Shown>()
                .answer_schema("application/octet-stream", object!({ "type": "string", "format": "binary" })),
            serve::download,
        )
        .delete("/api/attachments/{id}", Doc::new("attachments", "Remove a file; its batch can be undone").status(204), detach)
}

/// One attached file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttachmentRow {
    pub id: Uuid,
    pub name: String,
    /// In bytes.
    pub size: i64,
    pub content_type: String,
    pub created_at: String,
    pub created_by: Option<Uuid>,
    pub can: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
struct AttachmentList {
    rows: Vec<AttachmentRow>,
    labels: Labels,
}

/// A row of the table.
pub(crate) struct Attachment {
    pub id: Uuid,
    resource: String,
    record_id: Uuid,
    name: String,
    content_type: String,
    size: i64,
    content_hash: String,
    created_at: i64,
    created_by: Option<Uuid>,
}

const COLUMNS: [&str; 9] = [
    "id",
    "resource",
    "record_id",
    "name",
    "content_type",
    "size",
    "content_hash",
    "created_at",
    "created_by",
];

impl Attachment {
    fn select() -> SelectStatement {
        Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("attachment"))
            .and_where(col("removed_at").is_null())
            .to_owned()
    }

    fn read(row: &QueryResult) -> Result<Attachment> {
        Ok(Attachment {
            id: row.try_get_by_index(0)?,
            resource: row.try_get_by_index(1)?,
            record_id: row.try_get_by_index(2)?,
            name: row.try_get_by_index(3)?,
            content_type: row.try_get_by_index(4)?,
            size: row.try_get_by_index(5)?,
            content_hash: row.try_get_by_index(6)?,
            created_at: row.try_get_by_index(7)?,
            created_by: row.try_get_by_index(8)?,
        })
    }

    /// The attachment and its record, if the actor may see the record.
    async fn find(access: &Access, id: Uuid) -> Result<(Attachment, Record)> {
        let mut select = Attachment::select();
        select.and_where(col("id").eq(id));
        let row = access.row(&select).await?.ok_or_else(Problem::not_found)?;
        let attachment = Attachment::read(&row)?;
        let record = access
            .get(
                &access.resource(&attachment.resource)?,
                attachment.record_id,
            )
            .await?;
        Ok((attachment, record))
    }

    fn row(self, access: &Access, may_edit: bool) -> AttachmentRow {
        let own = self.created_by.is_some() && self.created_by == access.actor.person();
        AttachmentRow {
            id: self.id,
            name: self.name,
            size: self.size,
            content_type: self.content_type,
            created_at: instant_text(self.created_at),
            created_by: self.created_by,
            can: if !access.actor.read_only && (own || may_edit) {
                vec!["delete"]
            } else {
                Vec::new()
            },
        }
    }
}

/// Those of these attachments that are still there.
pub(crate) async fn rows_by_id(
    access: &Access,
    ids: &[Uuid],
    may_edit: bool,
) -> Result<Vec<AttachmentRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Attachment::select();
    select.and_where(col("id").is_in(ids.iter().copied()));
    access
        .rows(&select)
        .await?
        .iter()
        .map(|row| Ok(Attachment::read(row)?.row(access, may_edit)))
        .collect()
}

async fn list(access: Access, Path((name, id)): Path<(String, Uuid)>) -> Result<Response> {
    let record = access.get(&access.resource(&name)?, id).await?;
    let may_edit = access.may(&record, Action::Edit).await?;
    let mut select = Attachment::select();
    select
        .and_where(col("record_id").eq(id))
        .order_by(Alias::new("created_at"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .limit(FILES_MAX);
    let rows: Vec<AttachmentRow> = access
        .rows(&select)
        .await?
        .iter()
        .map(|row| Ok(Attachment::read(row)?.row(&access, may_edit)))
        .collect::<Result<_>>()?;
    let people = rows
        .iter()
        .filter_map(|row| Some(("people".to_owned(), row.created_by?)))
        .collect();
    let labels = labels::of(&access, people).await?.into();
    json(&AttachmentList { rows, labels })
}

async fn detach(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let (attachment, record) = Attachment::find(&access, id).await?;
    let own = attachment.created_by.is_some() && attachment.created_by == access.actor.person();
    if !own && !access.may(&record, Action::Edit).await? {
        return Err(Problem::forbidden());
    }
    let mut write = access.write().await?;
    let now = write.now;
    write.mark_removed("attachment", id, Some(now)).await?;
    write
        .note_on(
            &record,
            DETACH,
            Some(object!({ "attachment": id, "name": attachment.name })),
            None,
        )
        .await?;
    let batch = write.commit().await?;
    Ok(batch_header(no_content(), batch))
}

fn undo_attach<'a>(write: &'a mut Write, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let now = write.now;
        take_back(write, entry, entry.after.as_ref(), Some(now), DETACH).await
    })
}

fn undo_detach<'a>(write: &'a mut Write, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(take_back(write, entry, entry.before.as_ref(), None, ATTACH))
}

async fn take_back(
    write: &mut Write,
    entry: &Entry,
    about: Option<&serde_json::Value>,
    removed_at: Option<i64>,
    verb: &str,
) -> Result<()> {
    let about = about.cloned().unwrap_or_default();
    let id = about["attachment"]
        .as_str()
        .and_then(|id| Uuid::parse_str(id).ok());
    let id = id.ok_or_else(|| Problem::rule("cannot_undo"))?;
    let resource = write.access.app.registry().find(&entry.resource)?;
    let Some(record) = write.lock(&Arc::clone(&resource), entry.record_id).await? else {
        return Err(Problem::rule("changed_since"));
    };
    write.mark_removed("attachment", id, removed_at).await?;
    let (before, after) = if verb == DETACH {
        (Some(about), None)
    } else {
        (None, Some(about))
    };
    write.note_on(&record, verb, before, after).await
}
