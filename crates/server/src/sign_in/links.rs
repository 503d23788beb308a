//! One-time links, and the resets of passwords by them.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::app::App;
use platform::clock::new_secret;
use platform::db::col;
use platform::mail::Mail;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Path, Routes, address_of, hash_secret, json, no_content};
use platform::write::Write;
use rules::permission::Action;
use rules::value::instant_text;
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{password, sessions, throttle};

/// A reset link handed over by an administrator or sent by mail.
const RESET_MS: i64 = 24 * 3_600_000;

pub fn routes() -> Routes {
    Routes::default()
        .post(
            "/api/password-resets",
            Doc::new("sign_in", "Ask for a reset link by mail")
                .public()
                .body::<AskReset>()
                .status(204),
            ask_reset,
        )
        .post(
            "/api/password-resets/redeem",
            Doc::new("sign_in", "Set a new password by a reset link")
                .public()
                .body::<Redeem>()
                .status(204),
            redeem,
        )
        .post(
            "/api/people/{id}/reset-link",
            Doc::new(
                "organisation",
                "Make a one-time link with which a person sets a password",
            )
            .answers::<ResetLink>(),
            make_link,
        )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Token {
    pub token: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskReset {
    login: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Redeem {
    token: String,
    password: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ResetLink {
    url: String,
    expires_at: String,
}

/// Makes a link's secret; its hash is stored, the secret shown once.
pub(super) async fn issue(
    write: &mut Write,
    purpose: &str,
    person: Option<Uuid>,
    life_ms: i64,
) -> Result<String> {
    let secret = new_secret();
    let expires = write.now + life_ms;
    let old = Query::delete()
        .from_table(Alias::new("one_time_link"))
        .and_where(col("purpose").eq(purpose))
        .and_where(match person {
            Some(person) => col("person_id").eq(person),
            None => col("person_id").is_null(),
        })
        .to_owned();
    write.execute(&old).await?;
    write
        .insert(
            "one_time_link",
            &["secret_hash", "purpose", "person_id", "expires_at"],
            vec![
                hash_secret(&secret).into(),
                purpose.into(),
                person.into(),
                expires.into(),
            ],
        )
        .await?;
    Ok(secret)
}

/// A one-time link's secret for somebody who forgot the password; made by whoever runs the server.
pub async fn issue_reset(write: &mut Write, person: Uuid) -> Result<String> {
    let secret = issue(write, "reset", Some(person), RESET_MS).await?;
    write.note("people", person, "reset_link", object!({}));
    Ok(secret)
}

/// The person a valid link is for (none for set-up); 404 when it is unknown, used or too old.
pub(super) async fn find(write: &mut Write, purpose: &str, token: &str) -> Result<Option<Uuid>> {
    let select = Query::select()
        .column(Alias::new("person_id"))
        .from(Alias::new("one_time_link"))
        .and_where(col("secret_hash").eq(hash_secret(token)))
        .and_where(col("purpose").eq(purpose))
        .and_where(col("expires_at").gt(write.now))
        .to_owned();
    let rows = write.rows(&select).await?;
    let row = rows.first().ok_or_else(not_valid)?;
    Ok(row.try_get_by_index(0)?)
}

pub(super) fn not_valid() -> Problem {
    Problem::new(axum::http::StatusCode::NOT_FOUND, "link_not_valid")
}

/// Uses a link up; of two uses at once, one finds it gone.
pub(super) async fn spend(write: &mut Write, token: &str) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new("one_time_link"))
        .and_where(col("secret_hash").eq(hash_secret(token)))
        .to_owned();
    if write.execute(&delete).await? == 0 {
        return Err(not_valid());
    }
    Ok(())
}

async fn ask_reset(
    State(app): State<Arc<App>>,
    connection: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Body(body): Body<AskReset>,
) -> Result<Response> {
    let address = address_of(
        &headers,
        connection.map(|axum::Extension(ConnectInfo(address))| address),
    );
    let person = sessions::find_person(&app, &body.login);
    let names = throttle::names("reset", &body.login, person, &address);
    throttle::count(&app, &names).await?;
    let email = person.and_then(|id| {
        app.directory()
            .people
            .get(&id)?
            .email
            .clone()
            .map(|email| (id, email))
    });
    // The answer is the same and as fast whether the account exists or not: the mail goes out behind it.
    if let (Some((person, email)), true) = (email, app.mailer.is_configured()) {
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(problem) = send_reset(&app, person, &email).await {
                tracing::warn!(%problem, "reset mail not sent");
            }
        });
    }
    Ok(no_content())
}

async fn send_reset(app: &Arc<App>, person: Uuid, email: &str) -> Result<()> {
    let mut write = Access::system(app, "password reset").write().await?;
    let secret = issue(&mut write, "reset", Some(person), RESET_MS).await?;
    write.commit().await?;
    let language = app
        .directory()
        .people
        .get(&person)
        .map(|person| person.language.clone())
        .unwrap_or_default();
    let url = format!("{}/reset-password?token={secret}", app.options.base_url);
    let subject = app
        .catalog
        .text(&language, "sign_in.mail.reset_subject", &object!({}));
    let text = app.catalog.text(
        &language,
        "sign_in.mail.reset_text",
        &object!({ "url": url }),
    );
    let mail = Mail {
        to: email.to_owned(),
        subject,
        text,
        ..Mail::default()
    };
    app.mailer.send(mail, None).await
}

async fn redeem(State(app): State<Arc<App>>, Body(body): Body<Redeem>) -> Result<Response> {
    password::check("password", &body.password)?;
    let hash = password::hash(body.password).await?;
    let mut write = Access::system(&app, "password reset").write().await?;
    let person = find(&mut write, "reset", &body.token)
        .await?
        .ok_or_else(Problem::not_found)?;
    spend(&mut write, &body.token).await?;
    password::store(&mut write, person, hash).await?;
    let sessions = Query::delete()
        .from_table(Alias::new("session"))
        .and_where(col("person_id").eq(person))
        .to_owned();
    write.execute(&sessions).await?;
    write.commit().await?;
    Ok(no_content())
}

async fn make_link(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    access.require("people", Action::Configure)?;
    let people = access.resource("people")?;
    access.get(&people, id).await?;
    let mut write = access.write().await?;
    let secret = issue(&mut write, "reset", Some(id), RESET_MS).await?;
    write.note("people", id, "reset_link", object!({}));
    let expires_at = instant_text(write.now + RESET_MS);
    write.commit().await?;
    json(&ResetLink {
        url: format!(
            "{}/reset-password?token={secret}",
            access.app.options.base_url
        ),
        expires_at,
    })
}
