//! One-time links: the first administrator's set-up, and password resets.

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
use platform::resource::Resource;
use platform::web::{
    Body, Doc, Path, Query as Asked, Routes, address_of, hash_secret, json, no_content,
};
use platform::write::{Cause, Write};
use rules::permission::Action;
use rules::value::{Changes, Value, instant_text};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{password, sessions, throttle};
use crate::opportunities::processes;
use crate::organisation::{ADMINISTRATOR, roles};
use crate::settings;

/// The set-up link lives until it is used, but not for ever on a forgotten console.
const SETUP_MS: i64 = 7 * 86_400_000;
/// A reset link handed over by an administrator or sent by mail.
const RESET_MS: i64 = 24 * 3_600_000;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/setup",
            Doc::new("sign_in", "Whether a set-up link is valid")
                .public()
                .query::<Token>()
                .status(204),
            check_setup,
        )
        .post(
            "/api/setup",
            Doc::new(
                "sign_in",
                "First start: the company and its first administrator",
            )
            .public()
            .body::<Setup>()
            .answers::<super::me::Me>(),
            set_up,
        )
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
struct Token {
    token: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Setup {
    token: String,
    company_name: String,
    name: String,
    email: String,
    password: String,
    language: Option<String>,
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
async fn issue(
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
async fn find(write: &mut Write, purpose: &str, token: &str) -> Result<Option<Uuid>> {
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

fn not_valid() -> Problem {
    Problem::new(axum::http::StatusCode::NOT_FOUND, "link_not_valid")
}

/// Uses a link up; of two uses at once, one finds it gone.
async fn spend(write: &mut Write, token: &str) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new("one_time_link"))
        .and_where(col("secret_hash").eq(hash_secret(token)))
        .to_owned();
    if write.execute(&delete).await? == 0 {
        return Err(not_valid());
    }
    Ok(())
}

/// The set-up secret of a database without people; `None` when it is set up already.
pub async fn first_start(app: &Arc<App>) -> Result<Option<String>> {
    if !app.directory().people.is_empty() {
        return Ok(None);
    }
    let mut write = Access::system(app, "first start").write().await?;
    let secret = issue(&mut write, "setup", None, SETUP_MS).await?;
    write.commit().await?;
    Ok(Some(secret))
}

async fn check_setup(State(app): State<Arc<App>>, Asked(query): Asked<Token>) -> Result<Response> {
    let mut write = Access::system(&app, "first start").write().await?;
    find(&mut write, "setup", &query.token).await?;
    Ok(no_content())
}

async fn set_up(
    State(app): State<Arc<App>>,
    connection: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Body(body): Body<Setup>,
) -> Result<Response> {
    password::check("password", &body.password)?;
    let system = Access::system(&app, "first start");
    let people = system.resource("people")?;
    let company = settings::company_name(&body.company_name)?;
    let language = body
        .language
        .as_deref()
        .filter(|l| platform::i18n::LANGUAGES.contains(l))
        .unwrap_or("zh-CN")
        .to_owned();
    let given = object!({ "name": body.name, "email": body.email, "language": language });
    if body.email.trim().is_empty() {
        return Err(Problem::field("email", "required"));
    }
    let given = given.as_object().cloned().unwrap_or_default();
    let changes: Changes = system.parse(&people, &given, true)?;
    {
        // Hashing is dear: not for links that aren't valid anyway.
        find(&mut system.write().await?, "setup", &body.token).await?;
    }
    let hash = password::hash(body.password).await?;
    let mut write = system.write_as(Cause::Load).await?;
    let first = First {
        company,
        language,
        changes,
        hash,
    };
    let person = first.found(&mut write, &people, &body.token).await?;
    write.commit().await?;
    let address = address_of(
        &headers,
        connection.map(|axum::Extension(ConnectInfo(address))| address),
    );
    sessions::open(&app, person, &headers, &address).await
}

/// What a first start makes: the company and its first administrator.
struct First {
    company: String,
    language: String,
    changes: Changes,
    hash: String,
}

impl First {
    async fn found(
        mut self,
        write: &mut Write,
        people: &Arc<Resource>,
        token: &str,
    ) -> Result<Uuid> {
        find(write, "setup", token).await?;
        spend(write, token).await?;
        let mut directory = write.directory().await?;
        if !directory.people.is_empty() {
            return Err(not_valid());
        }
        if directory.roles.is_empty() {
            roles::seed_in(write, &self.language).await?;
            directory = write.directory().await?;
        }
        processes::seed_in(write, &self.language).await?;
        let administrator: Vec<String> = directory
            .roles
            .values()
            .filter(|role| role.code.as_deref() == Some(ADMINISTRATOR))
            .map(|role| role.id.to_string())
            .collect();
        self.changes
            .insert("role_ids".into(), Value::List(administrator));
        let person = write.create(people, self.changes).await?;
        password::store(write, person.id(), self.hash).await?;
        settings::set(write, "company_name", &self.company).await?;
        Ok(person.id())
    }
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
