//! Notifications: a person's inbox, filled by the ledger's entries.

mod choices;
mod mails;
mod notice;
mod outbox;
mod text;

use axum::response::Response;
use platform::access::Access;
use platform::app::Feature;
use platform::db::col;
use platform::labels;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Labels, Query as Asked, Routes, json, no_content};
use rules::value::instant_text;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const PAGE_SIZE: u64 = 50;
const PAGE_MAX: u64 = 100;

pub use choices::KINDS;
use choices::is_mailed_by_default;
pub(crate) use mails::post;
pub(crate) use notice::{Notice, notify, notify_until};

pub fn feature() -> Feature {
    Feature::default()
        .outbox(outbox::Inboxes)
        .job(mails::kind())
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
    /// `mention`, `comment`, `assigned`, `shared`, `change`, `reminder`, `tasks_due`, `task`.
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
    let number = page.page.unwrap_or(1);
    if number == 0 || number > PAGE_MAX {
        return Err(Problem::field_with(
            "page",
            "out_of_range",
            object!({ "min": 1, "max": PAGE_MAX }),
        ));
    }
    let me = access.actor.person_id;
    let columns = [
        "id",
        "kind",
        "at",
        "resource",
        "record_id",
        "label",
        "actor_id",
        "excerpt",
        "verb",
        "record_count",
        "read_at",
    ];
    let select = Query::select()
        .columns(columns.map(Alias::new))
        .from(Alias::new("notification"))
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
    let kind: String = row.try_get_by_index(1)?;
    let resource: Option<String> = row.try_get_by_index(3)?;
    let label: Option<String> = row.try_get_by_index(5)?;
    let actor_id: Option<Uuid> = row.try_get_by_index(6)?;
    let excerpt: Option<String> = row.try_get_by_index(7)?;
    let verb: Option<String> = row.try_get_by_index(8)?;
    let text = text::of(
        access,
        &text::Said {
            kind: &kind,
            resource: resource.as_deref(),
            label: label.unwrap_or_default(),
            actor: actor_id,
            excerpt: excerpt.unwrap_or_default(),
            verb: verb.as_deref(),
            count: row.try_get_by_index(9)?,
        },
    );
    Ok(Notification {
        id: row.try_get_by_index(0)?,
        kind,
        at: instant_text(row.try_get_by_index(2)?),
        resource,
        record_id: row.try_get_by_index(4)?,
        text,
        actor_id,
        read: row.try_get_by_index::<Option<i64>>(10)?.is_some(),
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
