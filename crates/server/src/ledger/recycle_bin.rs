//! Deleted records: seen by whoever deleted them, and by those who might have.

use axum::response::Response;
use platform::access::Access;
use platform::db::col;
use platform::labels;
use platform::listing;
use platform::problem::{Problem, Result};
use platform::resource::{Guard, Resource};
use platform::web::{Doc, Labels, Query as Asked, Routes, Total, asked_number, json};
use platform::write::UNDO_DAYS;
use rules::permission::{Action, Scope};
use rules::value::{Value, instant_text};
use sea_orm::sea_query::{Alias, Condition, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::changes::Names;

const PAGE_SIZE: u64 = 50;
const PAGE_MAX: u64 = 2_000;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/recycle-bin",
        Doc::new("ledger", "Deleted records, newest first, 50 a page")
            .about("They stay for 30 days. To restore one, undo its batch: what was deleted with it comes back too.")
            .query::<Question>()
            .answers::<BinPage>(),
        list,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Question {
    resource: Option<String>,
    /// From 1.
    page: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BinPage {
    rows: Vec<Binned>,
    labels: Labels,
    total: Total,
}

#[derive(Debug, Serialize, ToSchema)]
struct Binned {
    batch: Uuid,
    resource: String,
    record_id: Uuid,
    label: String,
    deleted_at: String,
    deleted_by: Option<Uuid>,
    /// The last day on which it can be restored.
    expires_on: String,
}

async fn list(access: Access, Asked(question): Asked<Question>) -> Result<Response> {
    let number = asked_number("page", question.page, 1, PAGE_MAX)?;
    let registry = access.app.registry();
    let wanted = |resource: &Resource| {
        question
            .resource
            .as_ref()
            .is_none_or(|name| *name == resource.name)
    };
    if question
        .resource
        .as_deref()
        .is_some_and(|name| registry.get(name).is_none())
    {
        return Err(Problem::field("resource", "unknown_resource"));
    }
    let mut any = Condition::any();
    for resource in registry.iter().filter(|resource| wanted(resource)) {
        if access.allows(&resource.name, Action::Read)
            && access.allows(&resource.name, Action::Delete)
        {
            any = any.add(deletable(&access, resource));
        }
    }
    let base = Query::select()
        .from(Alias::new("recycle_bin"))
        .cond_where(any.clone())
        .to_owned();
    if any.is_empty() {
        return json(&BinPage {
            rows: Vec::new(),
            labels: Labels::default(),
            total: Total {
                count: 0,
                exact: true,
            },
        });
    }
    let mut select = base.clone();
    select
        .columns(
            [
                "batch",
                "resource",
                "record_id",
                "label",
                "deleted_at",
                "deleted_by",
            ]
            .map(Alias::new),
        )
        .order_by(Alias::new("deleted_at"), Order::Desc)
        .order_by(Alias::new("record_id"), Order::Desc)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE);
    let mut rows = Vec::new();
    let mut names = Names::new();
    for row in access.rows(&select).await? {
        let name: String = row.try_get_by_index(1)?;
        let deleted_at: i64 = row.try_get_by_index(4)?;
        let deleted_by: Option<Uuid> = row.try_get_by_index(5)?;
        names.extend(deleted_by.map(|person| ("people".to_owned(), person)));
        let label: String = row.try_get_by_index(3)?;
        rows.push(Binned {
            batch: row.try_get_by_index(0)?,
            label: registry
                .get(&name)
                .map(|resource| shown_label(&access, resource, label))
                .unwrap_or_default(),
            resource: name,
            record_id: row.try_get_by_index(2)?,
            deleted_at: instant_text(deleted_at),
            deleted_by,
            expires_on: access
                .app
                .clock
                .day_of(deleted_at + UNDO_DAYS * 86_400_000)
                .to_string(),
        });
    }
    let (count, exact) = listing::count(&access, &base, false).await?;
    json(&BinPage {
        rows,
        labels: labels::of(&access, names).await?.into(),
        total: Total { count, exact },
    })
}

/// Of this resource, what the actor deleted or might have deleted.
fn deletable(access: &Access, resource: &Resource) -> Condition {
    let all = Condition::all().add(col("resource").eq(resource.name.as_str()));
    let scopes = access
        .actor
        .permissions
        .scopes(&resource.name, Action::Delete);
    if access.actor.is_system()
        || resource.guard == Guard::Everybody
        || scopes.contains(&Scope::All)
    {
        return all;
    }
    let directory = access.app.directory();
    let me = access.actor.person_id;
    let owners = directory
        .people
        .keys()
        .copied()
        .filter(|owner| directory.covers(&scopes, me, Some(*owner)));
    all.add(
        Condition::any()
            .add(col("deleted_by").eq(me))
            .add(col("owner_id").is_in(owners)),
    )
}

/// A field rule holds for the name of a deleted record, too.
fn shown_label(access: &Access, resource: &Resource, label: String) -> String {
    let Some(field) = resource.field(&resource.label_field) else {
        return label;
    };
    match access.shown(resource, field, &Value::Text(label)) {
        Some(Value::Text(label)) => label,
        _ => String::new(),
    }
}
