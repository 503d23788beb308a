//! Sessions: signing in and out, and the list of one's own.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use platform::access::{Access, Source};
use platform::app::App;
use platform::clock::{new_id, new_secret};
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::web::{
    Body, Doc, Path, Routes, address_of, device_of, hash_secret, json, no_content, session_cookie,
};
use rules::value::instant_text;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{me, password, throttle};

pub fn routes() -> Routes {
    Routes::default()
        .post(
            "/api/session",
            Doc::new("sign_in", "Sign in")
                .public()
                .body::<SignIn>()
                .answers::<me::Me>(),
            sign_in,
        )
        .get(
            "/api/session",
            Doc::new("sign_in", "Who am I, and what may I do").answers::<me::Me>(),
            who_am_i,
        )
        .delete(
            "/api/session",
            Doc::new("sign_in", "Sign out").status(204),
            sign_out,
        )
        .get(
            "/api/sessions",
            Doc::new("sign_in", "My sessions").answers::<SessionList>(),
            list,
        )
        .delete(
            "/api/sessions/{id}",
            Doc::new("sign_in", "End one of my sessions").status(204),
            revoke,
        )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// E-mail or mobile.
    login: String,
    password: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionList {
    rows: Vec<SessionRow>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionRow {
    id: Uuid,
    device: String,
    address: String,
    created_at: String,
    last_used_at: String,
    current: bool,
}

/// The active person behind an e-mail or mobile.
pub fn find_person(app: &App, login: &str) -> Option<Uuid> {
    let login = login.trim().to_lowercase();
    let digits = rules::phone::Phone::parse(&login)
        .ok()
        .map(|phone| phone.key());
    app.directory()
        .people
        .values()
        .find(|person| {
            let by_mail = person
                .email
                .as_deref()
                .is_some_and(|email| email.eq_ignore_ascii_case(&login));
            let by_mobile = digits.is_some()
                && person
                    .mobile
                    .as_deref()
                    .and_then(|m| rules::phone::Phone::parse(m).ok())
                    .map(|m| m.key())
                    == digits;
            by_mail || by_mobile
        })
        .filter(|person| person.is_active)
        .map(|person| person.id)
}

async fn sign_in(
    State(app): State<Arc<App>>,
    connection: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Body(body): Body<SignIn>,
) -> Result<Response> {
    let address = address_of(
        &headers,
        connection.map(|axum::Extension(ConnectInfo(address))| address),
    );
    let person = find_person(&app, &body.login);
    let names = throttle::names("sign-in", &body.login, person, &address);
    throttle::count(&app, &names).await?;
    let access = Access::system(&app, "sign-in");
    let stored = match person {
        None => None,
        Some(id) => {
            let select = Query::select()
                .column(Alias::new("password_hash"))
                .from(Alias::new("credential"))
                .and_where(col("person_id").eq(id))
                .to_owned();
            access
                .row(&select)
                .await?
                .map(|row| row.try_get_by_index::<String>(0))
                .transpose()?
        }
    };
    let fits = password::verify(body.password, stored).await?;
    let Some(person) = person.filter(|_| fits) else {
        return Err(Problem::new(
            axum::http::StatusCode::UNAUTHORIZED,
            "wrong_login",
        ));
    };
    throttle::succeeded(&app, &names).await?;
    open(&app, person, &headers, &address).await
}

/// Opens a session and answers `Me` with its cookie.
pub async fn open(
    app: &Arc<App>,
    person: Uuid,
    headers: &HeaderMap,
    address: &str,
) -> Result<Response> {
    let secret = new_secret();
    let id = new_id();
    let access = Access::system(app, "sign-in");
    let mut write = access.write().await?;
    let now = write.now;
    write
        .insert(
            "session",
            &[
                "id",
                "secret_hash",
                "person_id",
                "device",
                "address",
                "created_at",
                "last_used_at",
            ],
            vec![
                id.into(),
                hash_secret(&secret).into(),
                person.into(),
                device_of(headers).into(),
                address.into(),
                now.into(),
                now.into(),
            ],
        )
        .await?;
    write.note(
        "sessions",
        person,
        "sign_in",
        serde_json::json!({ "address": address }),
    );
    write.commit().await?;
    let access = Access::of_person(app, person, Source::Session(id)).await?;
    let mut response = json(&me::me_json(&access).await?)?;
    response.headers_mut().insert(
        header::SET_COOKIE,
        session_cookie(&secret, app.options.secure_cookies)?,
    );
    Ok(response)
}

async fn who_am_i(access: Access) -> Result<Response> {
    json(&me::me_json(&access).await?)
}

async fn end(access: &Access, id: Uuid, person: Uuid) -> Result<u64> {
    let system = Access::system(&access.app, "end of a session");
    let mut write = system.write().await?;
    let delete = Query::delete()
        .from_table(Alias::new("session"))
        .and_where(col("id").eq(id))
        .and_where(col("person_id").eq(person))
        .to_owned();
    let count = write.execute(&delete).await?;
    if count > 0 {
        write.note("sessions", person, "sign_out", serde_json::json!({}));
    }
    write.commit().await?;
    Ok(count)
}

async fn sign_out(access: Access) -> Result<Response> {
    if let Source::Session(id) = access.actor.source {
        end(
            &access,
            id,
            access.actor.preview_by.unwrap_or(access.actor.person_id),
        )
        .await?;
    }
    let mut response = no_content();
    response.headers_mut().insert(
        header::SET_COOKIE,
        session_cookie("", access.app.options.secure_cookies)?,
    );
    Ok(response)
}

async fn list(access: Access) -> Result<Response> {
    let select = Query::select()
        .columns(["id", "device", "address", "created_at", "last_used_at"].map(Alias::new))
        .from(Alias::new("session"))
        .and_where(col("person_id").eq(access.actor.preview_by.unwrap_or(access.actor.person_id)))
        .order_by(Alias::new("last_used_at"), Order::Desc)
        .to_owned();
    let mut rows = Vec::new();
    for row in access.rows(&select).await? {
        let id: Uuid = row.try_get_by_index(0)?;
        rows.push(SessionRow {
            id,
            device: row.try_get_by_index(1)?,
            address: row.try_get_by_index(2)?,
            created_at: instant_text(row.try_get_by_index(3)?),
            last_used_at: instant_text(row.try_get_by_index(4)?),
            current: access.actor.source == Source::Session(id),
        });
    }
    json(&SessionList { rows })
}

async fn revoke(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    access.require_writable()?;
    match end(&access, id, access.actor.person_id).await? {
        0 => Err(Problem::not_found()),
        _ => Ok(no_content()),
    }
}
