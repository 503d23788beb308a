//! A private address per person that phones and desktop calendars subscribe to.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days};
use platform::access::Access;
use platform::app::App;
use platform::clock::new_secret;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::web::{Doc, Path, Routes, address_of, hash_secret, json, no_content};
use rules::value::instant_text;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::feed_events;
use crate::sign_in::throttle;

/// What a subscriber sees: the last quarter, and as far ahead as series are made.
const BACK_DAYS: u64 = 90;
const AHEAD_DAYS: u64 = 400;
/// A device asks every quarter of an hour; a person has a few devices.
const PER_MINUTE: u32 = 20;
/// The last use is written down about this often.
const NOTED_MS: i64 = 60_000;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/me/calendar-feed",
            Doc::new("calendar", "Whether I have a calendar address, and when it was last used").answers::<CalendarFeed>(),
            read,
        )
        .post(
            "/api/me/calendar-feed",
            Doc::new("calendar", "Make a private calendar address")
                .about("For subscribing from phones and desktop calendars. It is shown this once; an earlier one ends.")
                .status(201)
                .answers::<NewCalendarFeed>(),
            make,
        )
        .delete(
            "/api/me/calendar-feed",
            Doc::new("calendar", "End my calendar address").status(204),
            revoke,
        )
        .get(
            "/calendar/{file}",
            Doc::new("calendar", "A person's calendar as iCalendar (RFC 5545), by its private address")
                .about("`<token>.ics`: 90 days back and 400 ahead. Answers 304 to a matching `If-None-Match` or `If-Modified-Since`.")
                .public()
                .answer_schema("text/calendar", serde_json::json!({ "type": "string" })),
            serve,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct CalendarFeed {
    exists: bool,
    created_at: Option<String>,
    last_used_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct NewCalendarFeed {
    /// Whoever knows it reads the calendar.
    url: String,
    created_at: String,
}

async fn read(access: Access) -> Result<Response> {
    let select = Query::select()
        .columns(["created_at", "last_used_at"].map(Alias::new))
        .from(Alias::new("calendar_feed"))
        .and_where(col("person_id").eq(access.actor.person_id))
        .to_owned();
    let row = access.row(&select).await?;
    json(&match row {
        Some(row) => CalendarFeed {
            exists: true,
            created_at: Some(instant_text(row.try_get_by_index(0)?)),
            last_used_at: row.try_get_by_index::<Option<i64>>(1)?.map(instant_text),
        },
        None => CalendarFeed {
            exists: false,
            created_at: None,
            last_used_at: None,
        },
    })
}

async fn make(access: Access) -> Result<Response> {
    let secret = new_secret();
    let mut write = access.write().await?;
    let (person, now) = (access.actor.person_id, write.now);
    let insert = Query::insert()
        .into_table(Alias::new("calendar_feed"))
        .columns(["person_id", "secret_hash", "created_at", "last_used_at"].map(Alias::new))
        .values_panic([
            person.into(),
            hash_secret(&secret).into(),
            now.into(),
            None::<i64>.into(),
        ])
        .on_conflict(
            OnConflict::column(Alias::new("person_id"))
                .update_columns(["secret_hash", "created_at", "last_used_at"].map(Alias::new))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    write.note("people", person, "calendar_feed", serde_json::json!({}));
    write.commit().await?;
    platform::web::created(&NewCalendarFeed {
        url: format!("{}/calendar/{secret}.ics", access.app.options.base_url),
        created_at: instant_text(now),
    })
}

async fn revoke(access: Access) -> Result<Response> {
    let mut write = access.write().await?;
    let delete = Query::delete()
        .from_table(Alias::new("calendar_feed"))
        .and_where(col("person_id").eq(access.actor.person_id))
        .to_owned();
    if write.execute(&delete).await? > 0 {
        let person = access.actor.person_id;
        write.note("people", person, "end_calendar_feed", serde_json::json!({}));
    }
    write.commit().await?;
    Ok(no_content())
}

async fn serve(
    State(app): State<Arc<App>>,
    connection: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> Result<Response> {
    let secret = file.strip_suffix(".ics").ok_or_else(Problem::not_found)?;
    let hash = hash_secret(secret);
    let known = Query::select()
        .columns(["person_id", "last_used_at"].map(Alias::new))
        .from(Alias::new("calendar_feed"))
        .and_where(col("secret_hash").eq(hash.as_str()))
        .to_owned();
    let Some(row) = app.db.one(&known).await? else {
        // Guesses are counted by their address; an address is 256 bits, so this is about the noise.
        let address = address_of(
            &headers,
            connection.map(|axum::Extension(ConnectInfo(address))| address),
        );
        throttle::count(&app, &throttle::guesses("calendar", &address)).await?;
        return Err(Problem::not_found());
    };
    let person: Uuid = row.try_get_by_index(0)?;
    let last_used: Option<i64> = row.try_get_by_index(1)?;
    app.slow_down("calendar feed", person, PER_MINUTE)?;
    note_use(&app, person, last_used);
    let access = Access::seen_by(&app, person)
        .await?
        .ok_or_else(Problem::not_found)?;
    answer(&access, &headers).await
}

async fn answer(access: &Access, headers: &HeaderMap) -> Result<Response> {
    let clock = &access.app.clock;
    let today = clock.today();
    let from = clock.start_of(today - Days::new(BACK_DAYS));
    let until = clock.start_of(today + Days::new(AHEAD_DAYS));
    let feed = feed_events::feed(access, from, until).await?;
    let digest: String = Sha256::digest(feed.text.as_bytes())
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let etag = format!("\"{digest}\"");
    let modified = http_date(feed.modified_at);
    let is_known = match headers.get(header::IF_NONE_MATCH) {
        Some(known) => known.to_str().is_ok_and(|known| {
            known
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == etag || one.trim() == "*")
        }),
        None => headers
            .get(header::IF_MODIFIED_SINCE)
            .and_then(|since| DateTime::parse_from_rfc2822(since.to_str().ok()?).ok())
            .is_some_and(|since| feed.modified_at / 1_000 <= since.timestamp()),
    };
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (
            [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (
                    header::CONTENT_DISPOSITION,
                    "inline; filename=\"chengdan.ics\"",
                ),
            ],
            feed.text,
        )
            .into_response()
    };
    for (name, value) in [
        (header::ETAG, etag),
        (header::LAST_MODIFIED, modified),
        (header::CACHE_CONTROL, "private, no-cache".into()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// An instant (milliseconds) as HTTP writes it.
fn http_date(at: i64) -> String {
    DateTime::from_timestamp_millis(at)
        .unwrap_or_default()
        .format("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

/// Notes the last use, behind the answer.
fn note_use(app: &Arc<App>, person: Uuid, last_used: Option<i64>) {
    let now = app.clock.now_ms();
    if last_used.is_some_and(|last| now - last < NOTED_MS) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        let update = Query::update()
            .table(Alias::new("calendar_feed"))
            .value(Alias::new("last_used_at"), now)
            .and_where(Expr::col(Alias::new("person_id")).eq(person))
            .to_owned();
        let noted = async {
            let mut write = Access::system(&app, "calendar feed").write().await?;
            write.execute(&update).await?;
            write.commit().await
        };
        if let Err(problem) = noted.await {
            tracing::debug!(%problem, "use of a calendar address not noted");
        }
    });
}
