//! Notifications: a person's inbox, filled by the ledger's entries, and what goes out of it to phones and mailboxes.

mod activities;
mod choices;
mod devices;
mod digest;
mod gathered;
mod mailing;
mod mails;
mod outbox;
mod pushing;
mod telling;
mod text;

use axum::response::Response;
use platform::access::Access;
use platform::app::{App, Feature};
use platform::db::col;
use platform::labels;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Labels, Query as Asked, Routes, asked_number, json, no_content};
use rules::value::instant_text;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub(crate) use mails::post;
use telling::is_told;
pub use telling::{Notice, tell, tell_until};
use text::Said;

const PAGE_SIZE: u64 = 50;
const PAGE_MAX: u64 = 100;

/// What people are told of; each can be switched off.
pub const KINDS: [&str; 13] = [
    "mention",
    "comment",
    "assigned",
    "given",
    "invited",
    "plan_changed",
    "reminder",
    "tasks_due",
    "task",
    "instalment_due",
    "instalment_overdue",
    "shared",
    "change",
];

pub fn feature() -> Feature {
    Feature::default()
        .outbox(outbox::Inboxes)
        .job(pushing::job())
        .job(mailing::job())
        .job(mails::kind())
        .job(gathered::job())
}

/// Makes what phones and browsers know this server by, unless it has been made.
pub async fn prepare(app: &App) -> Result<()> {
    devices::identity(app).await.map(drop)
}

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/notifications",
            Doc::new("notifications", "My inbox, newest first, 50 a page")
                .query::<Page>()
                .answers::<Inbox>(),
            list,
        )
        .post(
            "/api/notifications/read",
            Doc::new(
                "notifications",
                "Mark notifications as read; all without ids",
            )
            .body::<Read>()
            .status(204),
            mark_read,
        )
        .merge(choices::routes())
        .merge(devices::routes())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// From 1.
    page: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Inbox {
    rows: Vec<Notification>,
    labels: Labels,
    unread: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Notification {
    id: Uuid,
    /// `mention`, `comment`, `assigned`, `given`, `invited`, `plan_changed`, `reminder`, `tasks_due`, `task`, `instalment_due`, `instalment_overdue`, `shared`, `change`.
    kind: String,
    at: String,
    resource: Option<String>,
    record_id: Option<Uuid>,
    /// What happened, in the person's language.
    text: String,
    actor_id: Option<Uuid>,
    read: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Read {
    ids: Option<Vec<Uuid>>,
}

async fn list(access: Access, Asked(page): Asked<Page>) -> Result<Response> {
    let number = asked_number("page", page.page, 1, PAGE_MAX)?;
    let me = access.actor.person_id;
    let select = Said::select()
        .and_where(col("person_id").eq(me))
        .order_by(Alias::new("at"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
        .to_owned();
    let rows: Vec<Notification> = access
        .rows(&select)
        .await?
        .iter()
        .map(|row| notification(&access, row))
        .collect::<Result<_>>()?;
    let unread = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(Alias::new("notification"))
        .and_where(col("person_id").eq(me))
        .and_where(col("read_at").is_null())
        .to_owned();
    let unread = match access.row(&unread).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    let people = rows
        .iter()
        .filter_map(|row| Some(("people".to_owned(), row.actor_id?)))
        .collect();
    let labels = labels::of(&access, people).await?.into();
    json(&Inbox {
        rows,
        labels,
        unread,
    })
}

fn notification(access: &Access, row: &QueryResult) -> Result<Notification> {
    let said = Said::read(row)?;
    Ok(Notification {
        text: said.text(access),
        id: said.id,
        kind: said.kind,
        at: instant_text(said.at),
        resource: said.resource,
        record_id: said.record_id,
        actor_id: said.actor_id,
        read: said.is_read,
    })
}

async fn mark_read(access: Access, Body(body): Body<Read>) -> Result<Response> {
    let mut write = access.write().await?;
    let now = write.now;
    let mut update = Query::update();
    update
        .table(Alias::new("notification"))
        .value(Alias::new("read_at"), now)
        .and_where(col("person_id").eq(access.actor.person_id))
        .and_where(col("read_at").is_null());
    if let Some(ids) = body.ids {
        if ids.len() > 500 {
            return Err(Problem::field_with(
                "ids",
                "too_many",
                object!({ "max": 500 }),
            ));
        }
        update.and_where(col("id").is_in(ids));
    }
    if write.execute(&update).await? > 0 {
        // Other windows of the same person show the count as well.
        write.tell(access.actor.person_id);
    }
    write.commit().await?;
    Ok(no_content())
}
