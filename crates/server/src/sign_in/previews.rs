//! "As this person": an administrator looks at what somebody sees, read-only and noted.

use std::sync::Arc;

use axum::response::Response;
use platform::access::{Access, Actor, Source};
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Routes, json, no_content};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::me;

pub fn routes() -> Routes {
    Routes::default()
        .post(
            "/api/session/preview",
            Doc::new("sign_in", "Look as this person, read-only")
                .body::<Preview>()
                .answers::<me::Me>(),
            start,
        )
        .delete(
            "/api/session/preview",
            Doc::new("sign_in", "Be myself again").status(204),
            stop,
        )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Preview {
    person_id: Uuid,
}

async fn set(access: &Access, administrator: Uuid, person: Option<Uuid>) -> Result<()> {
    let Source::Session(session) = access.actor.source else {
        return Err(Problem::forbidden());
    };
    let app = &access.app;
    let own = Access::of_person(app, administrator, access.actor.source.clone()).await?;
    let mut write = own.write().await?;
    let update = Query::update()
        .table(Alias::new("session"))
        .value(Alias::new("preview_person_id"), person)
        .and_where(Expr::col(Alias::new("id")).eq(session))
        .to_owned();
    write.execute(&update).await?;
    let verb = if person.is_some() {
        "preview"
    } else {
        "preview_end"
    };
    write.note(
        "sessions",
        person.unwrap_or(administrator),
        verb,
        serde_json::json!({ "person_id": person }),
    );
    write.commit().await?;
    Ok(())
}

async fn start(access: Access, Body(body): Body<Preview>) -> Result<Response> {
    access.require("people", Action::Configure)?;
    let mut actor = Actor::of_person(&access.app, body.person_id, access.actor.source.clone())
        .await
        .map_err(|_| Problem::field("person_id", "unknown_reference"))?;
    set(&access, access.actor.person_id, Some(body.person_id)).await?;
    actor.read_only = true;
    actor.preview_by = Some(access.actor.person_id);
    json(&me::me_json(&Access::new(access.app.clone(), Arc::new(actor))).await?)
}

async fn stop(access: Access) -> Result<Response> {
    if let Some(administrator) = access.actor.preview_by {
        set(&access, administrator, None).await?;
    }
    Ok(no_content())
}
