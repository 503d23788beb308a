//! API tokens: for scripts, shown once, stored hashed.

use axum::response::Response;
use platform::access::{Access, Source};
use platform::clock::{new_id, new_secret};
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Path, Routes, created, hash_secret, json, no_content};
use rules::value::{Field, FieldType, instant_text};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Tokens per person: a script each, and room to rotate them.
const TOKENS_MAX: usize = 20;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/tokens",
            Doc::new("sign_in", "My API tokens").answers::<TokenList>(),
            list,
        )
        .post(
            "/api/tokens",
            Doc::new("sign_in", "Make an API token; its secret is shown once")
                .body::<NewToken>()
                .status(201)
                .answers::<MadeToken>(),
            make,
        )
        .delete(
            "/api/tokens/{id}",
            Doc::new("sign_in", "End an API token").status(204),
            remove,
        )
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TokenAccess {
    Read,
    Write,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
    access: TokenAccess,
    expires_on: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MadeToken {
    id: Uuid,
    token: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct TokenList {
    rows: Vec<TokenRow>,
}

#[derive(Debug, Serialize, ToSchema)]
struct TokenRow {
    id: Uuid,
    name: String,
    access: String,
    expires_on: Option<String>,
    created_at: String,
    last_used_at: Option<String>,
}

fn own(access: &Access) -> Result<Uuid> {
    match access.actor.source {
        Source::Session(_) if !access.actor.read_only => Ok(access.actor.person_id),
        // A token can't make tokens, and a look as somebody else sees none.
        _ => Err(Problem::forbidden()),
    }
}

async fn list(access: Access) -> Result<Response> {
    let person = own(&access)?;
    let select = Query::select()
        .columns(
            [
                "id",
                "name",
                "access",
                "expires_on",
                "created_at",
                "last_used_at",
            ]
            .map(Alias::new),
        )
        .from(Alias::new("api_token"))
        .and_where(Expr::col(Alias::new("person_id")).eq(person))
        .order_by(Alias::new("created_at"), Order::Desc)
        .to_owned();
    let mut rows = Vec::new();
    for row in access.rows(&select).await? {
        rows.push(TokenRow {
            id: row.try_get_by_index(0)?,
            name: row.try_get_by_index(1)?,
            access: row.try_get_by_index(2)?,
            expires_on: row.try_get_by_index(3)?,
            created_at: instant_text(row.try_get_by_index(4)?),
            last_used_at: row.try_get_by_index::<Option<i64>>(5)?.map(instant_text),
        });
    }
    json(&TokenList { rows })
}

async fn make(access: Access, Body(body): Body<NewToken>) -> Result<Response> {
    let person = own(&access)?;
    let name = Field::text("name")
        .required()
        .parse(&body.name.into())
        .map_err(|r| Problem::field_with("name", r.code, r.params))?;
    let expires = Field::new("expires_on", FieldType::Day)
        .parse(&body.expires_on.into())
        .map_err(|r| Problem::field_with("expires_on", r.code, r.params))?;
    if expires
        .as_day()
        .is_some_and(|day| day < access.app.clock.today())
    {
        return Err(Problem::field("expires_on", "in_the_past"));
    }
    let mut write = access.write().await?;
    let count = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("api_token"))
        .and_where(Expr::col(Alias::new("person_id")).eq(person))
        .to_owned();
    if write.rows(&count).await?.len() >= TOKENS_MAX {
        return Err(
            Problem::rule("too_many_records").with(serde_json::json!({ "max": TOKENS_MAX }))
        );
    }
    let secret = format!("chengdan_{}", new_secret());
    let id = new_id();
    let now = write.now;
    let kind = match body.access {
        TokenAccess::Read => "read",
        TokenAccess::Write => "write",
    };
    write
        .insert(
            "api_token",
            &[
                "id",
                "secret_hash",
                "person_id",
                "name",
                "access",
                "expires_on",
                "created_at",
            ],
            vec![
                id.into(),
                hash_secret(&secret).into(),
                person.into(),
                name.as_text().unwrap_or_default().into(),
                kind.into(),
                expires.as_text().map(str::to_owned).into(),
                now.into(),
            ],
        )
        .await?;
    write.note(
        "tokens",
        id,
        "create",
        serde_json::json!({ "name": name.as_text(), "access": kind }),
    );
    write.commit().await?;
    created(&MadeToken { id, token: secret })
}

async fn remove(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let person = own(&access)?;
    let mut write = access.write().await?;
    let delete = Query::delete()
        .from_table(Alias::new("api_token"))
        .and_where(Expr::col(Alias::new("id")).eq(id))
        .and_where(Expr::col(Alias::new("person_id")).eq(person))
        .to_owned();
    if write.execute(&delete).await? == 0 {
        return Err(Problem::not_found());
    }
    write.note("tokens", id, "delete", serde_json::json!({}));
    write.commit().await?;
    Ok(no_content())
}
