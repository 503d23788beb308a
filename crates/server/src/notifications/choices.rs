//! Of what a person is told, and how.

use std::collections::BTreeMap;

use axum::response::Response;
use platform::access::Access;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Routes, json};
use platform::write::Write;
use sea_orm::sea_query::{Alias, ExprTrait, OnConflict, Query};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::ToSchema;

/// What people are told of; each can be switched off.
pub const KINDS: [&str; 8] = [
    "mention",
    "comment",
    "assigned",
    "shared",
    "change",
    "reminder",
    "tasks_due",
    "task",
];

/// A reminder that only waits in the inbox reminds nobody who is on the way; the rest is there when one looks.
pub fn is_mailed_by_default(kind: &str) -> bool {
    kind == "reminder"
}

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/notifications/choices",
            Doc::new("notifications", "Of what I am told").answers::<Choices>(),
            async |access: Access| json(&chosen(&access).await?),
        )
        .put(
            "/api/notifications/choices",
            Doc::new(
                "notifications",
                "Choose of what I am told; absent kinds stay",
            )
            .body::<Chosen>()
            .answers::<Choices>(),
            choose,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct Choices {
    /// Kind → whether it comes to the inbox.
    choices: BTreeMap<String, bool>,
    /// Kind → whether it comes by mail.
    mail: BTreeMap<String, bool>,
    /// Whether this server sends mail at all.
    sends_mail: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Chosen {
    /// Kind → whether it comes to the inbox.
    #[serde(default)]
    choices: BTreeMap<String, bool>,
    /// Kind → whether it comes by mail.
    #[serde(default)]
    mail: BTreeMap<String, bool>,
}

async fn chosen(access: &Access) -> Result<Choices> {
    let select = Query::select()
        .columns(["kind", "is_on", "by_mail"].map(Alias::new))
        .from(Alias::new("notification_choice"))
        .and_where(col("person_id").eq(access.actor.person_id))
        .to_owned();
    let usual = |is_on: fn(&str) -> bool| KINDS.map(|kind| (kind.to_owned(), is_on(kind)));
    let mut choices = BTreeMap::from(usual(|_| true));
    let mut mail = BTreeMap::from(usual(is_mailed_by_default));
    for row in access.rows(&select).await? {
        let kind: String = row.try_get_by_index(0)?;
        if let Some(choice) = choices.get_mut(&kind) {
            *choice = row.try_get_by_index(1)?;
        }
        if let (Some(choice), Some(by_mail)) = (mail.get_mut(&kind), row.try_get_by_index(2)?) {
            *choice = by_mail;
        }
    }
    Ok(Choices {
        choices,
        mail,
        sends_mail: access.app.mailer.is_configured(),
    })
}

async fn choose(access: Access, Body(body): Body<Chosen>) -> Result<Response> {
    for (pointer, choices) in [("choices", &body.choices), ("mail", &body.mail)] {
        if let Some(unknown) = choices.keys().find(|kind| !KINDS.contains(&kind.as_str())) {
            return Err(Problem::field_with(
                pointer,
                "unknown_choice",
                object!({ "kind": unknown }),
            ));
        }
    }
    let mut write = access.write().await?;
    for (column, choices) in [("is_on", &body.choices), ("by_mail", &body.mail)] {
        for (kind, is_on) in choices {
            set(&mut write, column, kind, *is_on).await?;
        }
    }
    write.commit().await?;
    json(&chosen(&access).await?)
}

async fn set(write: &mut Write, column: &'static str, kind: &str, chosen: bool) -> Result<()> {
    let is_on = column != "is_on" || chosen;
    let by_mail = (column == "by_mail").then_some(chosen);
    let insert = Query::insert()
        .into_table(Alias::new("notification_choice"))
        .columns(["person_id", "kind", "is_on", "by_mail"].map(Alias::new))
        .values_panic([
            write.access.actor.person_id.into(),
            kind.into(),
            is_on.into(),
            by_mail.into(),
        ])
        .on_conflict(
            OnConflict::columns(["person_id", "kind"].map(Alias::new))
                .update_column(Alias::new(column))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    Ok(())
}
