//! Comments as they are stored.

use platform::access::Access;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use rules::permission::Action;
use rules::value::instant_text;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

use super::CommentRow;

pub(super) struct Comment {
    pub id: Uuid,
    pub resource: String,
    pub record_id: Uuid,
    pub author_id: Uuid,
    pub body: String,
    pub mentions: Vec<Uuid>,
    pub created_at: i64,
    pub edited_at: Option<i64>,
    pub version: i64,
}

pub(super) const COLUMNS: [&str; 9] = [
    "id",
    "resource",
    "record_id",
    "author_id",
    "body",
    "mentions",
    "created_at",
    "edited_at",
    "version",
];

impl Comment {
    pub fn select() -> SelectStatement {
        Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("comment"))
            .and_where(col("removed_at").is_null())
            .to_owned()
    }

    pub fn read(row: &QueryResult) -> Result<Comment> {
        let mentions: Option<String> = row.try_get_by_index(5)?;
        Ok(Comment {
            id: row.try_get_by_index(0)?,
            resource: row.try_get_by_index(1)?,
            record_id: row.try_get_by_index(2)?,
            author_id: row.try_get_by_index(3)?,
            body: row.try_get_by_index(4)?,
            mentions: mentions
                .and_then(|ids| serde_json::from_str(&ids).ok())
                .unwrap_or_default(),
            created_at: row.try_get_by_index(6)?,
            edited_at: row.try_get_by_index(7)?,
            version: row.try_get_by_index(8)?,
        })
    }

    /// The comment and its record, if the actor may see the record.
    pub async fn find(access: &Access, id: Uuid) -> Result<(Comment, Record)> {
        let mut select = Comment::select();
        select.and_where(col("id").eq(id));
        let row = access.row(&select).await?.ok_or_else(Problem::not_found)?;
        let comment = Comment::read(&row)?;
        let record = access
            .get(&access.resource(&comment.resource)?, comment.record_id)
            .await?;
        Ok((comment, record))
    }

    pub fn row(self, access: &Access) -> CommentRow {
        let own = self.author_id == access.actor.person_id;
        let mut can = Vec::new();
        if own && !access.actor.read_only {
            can.push("edit");
        }
        if !access.actor.read_only && (own || access.allows(&self.resource, Action::Configure)) {
            can.push("delete");
        }
        CommentRow {
            id: self.id,
            author_id: self.author_id,
            body: self.body,
            mentions: self.mentions,
            created_at: instant_text(self.created_at),
            edited_at: self.edited_at.map(instant_text),
            version: self.version,
            can,
        }
    }
}
