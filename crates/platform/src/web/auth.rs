//! Who is asking: a session cookie or an API token becomes an `Access`.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use rules::permission::Action;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Once;
use super::finish::Asking;
use crate::access::{Access, Actor, Source};
use crate::app::App;
use crate::problem::{Problem, Result};

pub const SESSION_COOKIE: &str = "chengdan_session";
/// A session unused for this long ends.
pub const SESSION_IDLE_MS: i64 = 30 * 86_400_000;

/// Secrets are stored as their SHA-256: they hold 256 random bits, so no slow hash is needed.
pub fn hash_secret(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The cookie that carries a session; an empty secret takes it away.
pub fn session_cookie(secret: &str, secure: bool) -> Result<HeaderValue> {
    let age = if secret.is_empty() {
        0
    } else {
        SESSION_IDLE_MS / 1_000
    };
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{SESSION_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    ))
    .map_err(Problem::internal)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}

/// The caller's address: the last hop's word when a proxy stands in front, else the connection's.
pub fn address_of(parts: &HeaderMap, connection: Option<std::net::SocketAddr>) -> String {
    parts
        .get("x-forwarded-for")
        .filter(|_| connection.is_none_or(|address| address.ip().is_loopback()))
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .map(|value| value.trim().chars().take(60).collect())
        .or_else(|| connection.map(|address| address.ip().to_string()))
        .unwrap_or_default()
}

pub fn device_of(headers: &HeaderMap) -> String {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .chars()
        .take(300)
        .collect()
}

impl FromRequestParts<Arc<App>> for Access {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Access> {
        let bearer = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let actor = match (bearer, cookie(&parts.headers, SESSION_COOKIE)) {
            (Some(token), _) => actor_of(app, token, true).await?,
            (None, Some(secret)) => actor_of(app, secret, false).await?,
            (None, None) => return Err(Problem::not_signed_in()),
        };
        if let Some(asking) = parts.extensions.get::<Asking>() {
            // Whoever asked first in this request is who asks; the same person asks again.
            let _ = asking.0.set(actor.clone());
        }
        let mut access = Access::new(app.clone(), actor);
        access.once = parts.extensions.get::<Arc<Once>>().cloned();
        Ok(access)
    }
}

/// A page of another site can't write with somebody's cookie, nor sign them in under a name of its own. A script with a
/// token is no page.
pub(super) fn check_origin(method: &Method, headers: &HeaderMap) -> Result<()> {
    if method.is_safe() || headers.contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") {
            Ok(())
        } else {
            Err(Problem::forbidden())
        };
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host))
            if origin
                .split_once("://")
                .is_some_and(|(_, rest)| rest == host) =>
        {
            Ok(())
        }
        (None, _) => Ok(()),
        _ => Err(Problem::forbidden()),
    }
}

async fn actor_of(app: &Arc<App>, secret: &str, is_token: bool) -> Result<Arc<Actor>> {
    let hash = hash_secret(secret);
    if let Some(actor) = app.actors.get(&hash) {
        return Ok(actor);
    }
    let forgotten = app.forgotten();
    let actor = if is_token {
        token_actor(app, &hash).await?
    } else {
        session_actor(app, &hash).await?
    };
    let actor = Arc::new(actor);
    app.remember_actor(hash, actor.clone(), forgotten);
    Ok(actor)
}

async fn session_actor(app: &Arc<App>, hash: &str) -> Result<Actor> {
    let now = app.clock.now_ms();
    let row = app
        .db
        .one(
            Query::select()
                .columns(["id", "person_id", "preview_person_id"].map(Alias::new))
                .from(Alias::new("session"))
                .and_where(Expr::col(Alias::new("secret_hash")).eq(hash))
                .and_where(Expr::col(Alias::new("last_used_at")).gt(now - SESSION_IDLE_MS)),
        )
        .await?
        .ok_or_else(Problem::not_signed_in)?;
    let id: Uuid = row.try_get_by_index(0)?;
    let person: Uuid = row.try_get_by_index(1)?;
    let preview: Option<Uuid> = row.try_get_by_index(2)?;
    touch(app, "session", id, now);
    // The administrator must still be one who may sign in, whoever is looked at.
    let own = Actor::of_person(app, person, Source::Session(id)).await?;
    match preview {
        // Whoever lost the right to look as others is themselves again.
        Some(other) if own.permissions.allows("people", Action::Configure) => {
            let mut actor = Actor::of_person(app, other, Source::Session(id)).await?;
            actor.read_only = true;
            actor.preview_by = Some(person);
            Ok(actor)
        }
        _ => Ok(own),
    }
}

async fn token_actor(app: &Arc<App>, hash: &str) -> Result<Actor> {
    let now = app.clock.now_ms();
    let today = app.clock.today().to_string();
    let row = app
        .db
        .one(
            Query::select()
                .columns(["id", "person_id", "access"].map(Alias::new))
                .from(Alias::new("api_token"))
                .and_where(Expr::col(Alias::new("secret_hash")).eq(hash))
                .cond_where(
                    Condition::any()
                        .add(Expr::col(Alias::new("expires_on")).is_null())
                        .add(Expr::col(Alias::new("expires_on")).gte(today)),
                ),
        )
        .await?
        .ok_or_else(Problem::not_signed_in)?;
    let id: Uuid = row.try_get_by_index(0)?;
    let access: String = row.try_get_by_index(2)?;
    touch(app, "api_token", id, now);
    let mut actor = Actor::of_person(app, row.try_get_by_index(1)?, Source::Token(id)).await?;
    actor.read_only = access == "read";
    Ok(actor)
}

/// Notes the last use; it is read once in a cache's life, so written about once a minute.
fn touch(app: &Arc<App>, table: &'static str, id: Uuid, now: i64) {
    let app = app.clone();
    tokio::spawn(async move {
        let update = Query::update()
            .table(Alias::new(table))
            .value(Alias::new("last_used_at"), now)
            .and_where(Expr::col(Alias::new("id")).eq(id))
            .to_owned();
        if let Err(error) = app.db.writer().execute(&update).await {
            tracing::debug!(%error, "last use not noted");
        }
    });
}
