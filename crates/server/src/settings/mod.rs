//! What the whole organisation shares: its name and currency.

use axum::response::Response;
use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Routes, no_content};
use platform::write::Write;
use rules::permission::Action;
use sea_orm::sea_query::{Alias, OnConflict, Query};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub fn routes() -> Routes {
    Routes::default().patch(
        "/api/settings",
        Doc::new("settings", "Change what the organisation shares")
            .body::<Changes>()
            .status(204),
        change,
    )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Changes {
    company_name: Option<String>,
}

/// Longest company name on a printed page's head.
const NAME_MAX: usize = 200;

pub async fn set(write: &mut Write, name: &str, value: &str) -> Result<()> {
    let insert = Query::insert()
        .into_table(Alias::new("setting"))
        .columns(["name", "value"].map(Alias::new))
        .values_panic([name.into(), value.into()])
        .on_conflict(
            OnConflict::column(Alias::new("name"))
                .update_column(Alias::new("value"))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    write.note(
        "settings",
        Uuid::nil(),
        "update",
        serde_json::json!({ name: value }),
    );
    Ok(())
}

async fn change(access: Access, Body(body): Body<Changes>) -> Result<Response> {
    access.require("settings", Action::Configure)?;
    if let Some(name) = &body.company_name {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAX {
            return Err(Problem::field_with(
                "company_name",
                "too_long",
                serde_json::json!({ "max": NAME_MAX }),
            ));
        }
        let mut write = access.write().await?;
        set(&mut write, "company_name", name).await?;
        write.commit().await?;
    }
    Ok(no_content())
}
