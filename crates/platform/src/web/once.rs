//! Writes that are carried out once: a request that comes again with its `Idempotency-Key` gets the first one's answer.
//!
//! The key is taken inside the write's own transaction, so that whatever was committed is known by its key, and what was
//! rolled back leaves the key free. The answer is kept right after; where a crash came between, the ledger tells what the
//! write made.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, ExprTrait, InsertStatement, OnConflict, Order, Query};
use uuid::Uuid;

use super::records::{BATCH, batch_header, read_record};
use super::{body_bytes, hash_secret};
use crate::access::Access;
use crate::app::App;
use crate::db::col;
use crate::problem::{Problem, Result};

const HEADER: &str = "idempotency-key";
const KEY_MAX: usize = 200;
const TABLE: &str = "idempotency";
/// Answers of single writes are a few kilobytes; a larger one is told anew from the ledger.
const ANSWER_MAX: u64 = 256 * 1024;
/// An answer is kept within milliseconds of its write; after a second it was lost in a crash.
const WAIT: Duration = Duration::from_millis(20);
const WAITS: usize = 50;

/// The key of the request that is being carried out.
#[derive(Debug)]
pub struct Once {
    person_id: Uuid,
    key: String,
    /// Tells a repeated request from another one that bears the same key by mistake.
    print: String,
    batch: OnceLock<Uuid>,
    was_repeated: AtomicBool,
}

impl Once {
    /// The row that takes the key for a write, unless it is the second of its request.
    pub(crate) fn take(&self, batch: Uuid, now: i64) -> Option<InsertStatement> {
        self.batch.set(batch).ok()?;
        let columns = [
            "idempotency_key",
            "person_id",
            "request_print",
            "batch",
            "created_at",
        ];
        let insert = Query::insert()
            .into_table(Alias::new(TABLE))
            .columns(columns.map(Alias::new))
            .values_panic([
                self.key.as_str().into(),
                self.person_id.into(),
                self.print.as_str().into(),
                batch.into(),
                now.into(),
            ])
            .on_conflict(
                OnConflict::columns(["person_id", "idempotency_key"].map(Alias::new))
                    .do_nothing()
                    .to_owned(),
            )
            .to_owned();
        Some(insert)
    }

    /// Another request with the key was faster: its answer will be told.
    pub(crate) fn repeated(&self) -> Problem {
        self.was_repeated.store(true, Ordering::Relaxed);
        Problem::rule("already_exists")
    }

    /// The answer of the first request, once it has one: the first may be about to keep it.
    async fn answer(&self, access: &Access) -> Result<Option<Response>> {
        for _ in 0..WAITS {
            match self.kept(access).await? {
                None => return Ok(None),
                Some((batch, Some(response))) => return Ok(Some(batch_header(response, batch))),
                Some((_, None)) => tokio::time::sleep(WAIT).await,
            }
        }
        let Some((batch, _)) = self.kept(access).await? else {
            return Ok(None);
        };
        let response = told_by_ledger(access, batch).await?;
        Ok(Some(batch_header(response, batch)))
    }

    async fn kept(&self, access: &Access) -> Result<Option<(Uuid, Option<Response>)>> {
        let select = Query::select()
            .columns(["request_print", "batch", "status", "etag", "answer"].map(Alias::new))
            .from(Alias::new(TABLE))
            .and_where(col("person_id").eq(self.person_id))
            .and_where(col("idempotency_key").eq(self.key.as_str()))
            .to_owned();
        let Some(row) = access.row(&select).await? else {
            return Ok(None);
        };
        if row.try_get_by_index::<String>(0)? != self.print {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
            ));
        }
        let batch: Uuid = row.try_get_by_index(1)?;
        let status: Option<i64> = row.try_get_by_index(2)?;
        let etag: Option<String> = row.try_get_by_index(3)?;
        let answer: Option<String> = row.try_get_by_index(4)?;
        let Some(status) = status.and_then(|status| u16::try_from(status).ok()) else {
            return Ok(Some((batch, None)));
        };
        let mut response = match answer {
            Some(answer) => super::json_bytes(answer.into_bytes()),
            None => super::no_content(),
        };
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        if let Some(Ok(etag)) = etag.map(|etag| HeaderValue::from_str(&etag)) {
            response.headers_mut().insert(header::ETAG, etag);
        }
        Ok(Some((batch, Some(response))))
    }

    /// Keeps the answer of a write that took the key.
    async fn keep(&self, app: &Arc<App>, response: Response) -> Response {
        let is_small = response
            .body()
            .size_hint()
            .upper()
            .is_some_and(|size| size <= ANSWER_MAX);
        let is_json = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "application/json");
        let is_empty = response.status() == StatusCode::NO_CONTENT;
        if !response.status().is_success() || !is_small || !(is_json || is_empty) {
            return response;
        }
        let (parts, body) = response.into_parts();
        let Ok(bytes) = axum::body::to_bytes(body, ANSWER_MAX as usize).await else {
            return Problem::internal("the answer ended early").into_response();
        };
        let etag = parts
            .headers
            .get(header::ETAG)
            .and_then(|etag| etag.to_str().ok())
            .map(str::to_owned);
        let answer = is_json.then(|| String::from_utf8_lossy(&bytes).into_owned());
        let update = Query::update()
            .table(Alias::new(TABLE))
            .value(Alias::new("status"), i64::from(parts.status.as_u16()))
            .value(Alias::new("etag"), etag)
            .value(Alias::new("answer"), answer)
            .and_where(col("person_id").eq(self.person_id))
            .and_where(col("idempotency_key").eq(self.key.as_str()))
            .to_owned();
        if let Err(error) = app.db.writer().execute(&update).await {
            tracing::warn!(%error, "the answer of a keyed request was not kept");
        }
        Response::from_parts(parts, Body::from(bytes))
    }
}

/// The first record that a write made or changed, as it stands now.
async fn told_by_ledger(access: &Access, batch: Uuid) -> Result<Response> {
    let select = Query::select()
        .columns(["resource", "record_id", "action"].map(Alias::new))
        .from(Alias::new("ledger"))
        .and_where(col("batch").eq(batch))
        .and_where(col("version").gt(0))
        .order_by(Alias::new("seq"), Order::Asc)
        .limit(1)
        .to_owned();
    let Some(row) = access.row(&select).await? else {
        return Ok(super::no_content());
    };
    let resource: String = row.try_get_by_index(0)?;
    let action: String = row.try_get_by_index(2)?;
    if action == "delete" {
        return Ok(super::no_content());
    }
    let resource = access.resource(&resource)?;
    let mut response = read_record(access, &resource, row.try_get_by_index(1)?).await?;
    if action == "create" {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

fn key_in(headers: &HeaderMap) -> Result<Option<String>> {
    match headers.get(HEADER).map(HeaderValue::to_str) {
        None => Ok(None),
        Some(Ok(key)) if !key.is_empty() && key.len() <= KEY_MAX => Ok(Some(key.to_owned())),
        Some(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad_idempotency_key",
        )),
    }
}

/// Around every write that bears a key.
pub async fn once(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match carried_out(&app, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn carried_out(app: &Arc<App>, request: Request, next: Next) -> Result<Response> {
    let Some(key) = key_in(request.headers())?.filter(|_| !request.method().is_safe()) else {
        return Ok(next.run(request).await);
    };
    let (mut parts, body) = request.into_parts();
    // Whoever is not signed in hears so from the route itself.
    let Ok(access) = Access::from_request_parts(&mut parts, app).await else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let text = |name: header::HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let head = format!("{} {} ", parts.method, parts.uri);
    // A file is too large to be held back for its print; its length tells another one apart well enough.
    let (print, body) = if text(header::CONTENT_TYPE).starts_with("multipart/") {
        (head + text(header::CONTENT_LENGTH), body)
    } else {
        let bytes = body_bytes(Request::from_parts(parts.clone(), body), &()).await?;
        (head + &String::from_utf8_lossy(&bytes), Body::from(bytes))
    };
    let once = Arc::new(Once {
        person_id: access.actor.person_id,
        key,
        print: hash_secret(&print),
        batch: OnceLock::new(),
        was_repeated: AtomicBool::new(false),
    });
    if let Some(answer) = once.answer(&access).await? {
        return Ok(answer);
    }
    parts.extensions.insert(once.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    if once.was_repeated.load(Ordering::Relaxed) {
        let answer = once.answer(&access).await?;
        return answer.ok_or_else(|| Problem::rule("already_exists"));
    }
    match once.batch.get() {
        Some(batch)
            if response.headers().get(&BATCH).is_none() && response.status().is_success() =>
        {
            Ok(once.keep(app, batch_header(response, *batch)).await)
        }
        Some(_) => Ok(once.keep(app, response).await),
        None => Ok(response),
    }
}
