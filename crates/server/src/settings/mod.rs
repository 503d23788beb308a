//! What the whole organisation shares: its name and currency.

use axum::response::Response;
use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Routes, no_content};
use platform::write::Write;
use rules::permission::Action;
use rules::value::Field;
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

/// A company's name as it may stand on every page.
pub fn company_name(text: &str) -> Result<String> {
    let mut field = Field::text("company_name").required();
    field.max_length = Some(NAME_MAX);
    let name = field
        .parse(&text.into())
        .map_err(|refusal| Problem::field_with("company_name", refusal.code, refusal.params))?;
    Ok(name.as_text().unwrap_or_default().to_owned())
}

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
        let name = company_name(name)?;
        let mut write = access.write().await?;
        set(&mut write, "company_name", &name).await?;
        write.commit().await?;
    }
    Ok(no_content())
}
