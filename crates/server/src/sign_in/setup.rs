//! The first start: a link makes the company and its first administrator.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::app::App;
use platform::problem::{Problem, Result};
use platform::resource::Resource;
use platform::web::{Body, Doc, Query as Asked, Routes, address_of, no_content};
use platform::write::{Cause, Write};
use rules::value::{Changes, Value};
use serde::Deserialize;
use serde_json::json as object;
use utoipa::ToSchema;
use uuid::Uuid;

use super::links::{Token, find, issue, not_valid, spend};
use super::{password, sessions};
use crate::opportunities::processes;
use crate::organisation::{ADMINISTRATOR, roles};
use crate::settings;

/// The set-up link lives until it is used, but not for ever on a forgotten console.
const SETUP_MS: i64 = 7 * 86_400_000;

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
