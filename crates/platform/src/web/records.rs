//! One record over HTTP: reading it, answering it, and the headers around it.

use std::collections::HashSet;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use rules::permission::Action;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::json_bytes;
use crate::access::Access;
use crate::clock::new_id;
use crate::following;
use crate::labels;
use crate::listing::RowWriter;
use crate::problem::{Problem, Result};
use crate::resource::{Record, Resource};
use crate::write::Write;

/// Names the batch of a write; with it the write can be undone.
pub static BATCH: HeaderName = HeaderName::from_static("chengdan-batch");
const IDEMPOTENCY_KEY: &str = "idempotency-key";
const IDEMPOTENCY_KEY_MAX: usize = 200;

/// The version in `If-Match`; 428 when it is missing.
pub fn expected_version(headers: &HeaderMap) -> Result<i64> {
    let value = headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| Problem::new(StatusCode::PRECONDITION_REQUIRED, "if_match_missing"))?;
    value
        .trim()
        .trim_start_matches("W/")
        .trim_matches('"')
        .parse()
        .map_err(|_| Problem::new(StatusCode::PRECONDITION_REQUIRED, "if_match_missing"))
}

pub fn batch_header(mut response: Response, batch: Uuid) -> Response {
    if let Ok(value) = HeaderValue::from_str(&batch.to_string()) {
        response.headers_mut().insert(BATCH.clone(), value);
    }
    response
}

/// The body as a JSON object.
pub fn json_object(bytes: &[u8]) -> Result<Map<String, Json>> {
    match serde_json::from_slice(bytes) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not_an_object",
        )),
        Err(error) => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_json")
            .with(serde_json::json!({ "reason": error.to_string() }))),
    }
}

/// Reads a record in scope and answers it.
pub async fn read_record(access: &Access, resource: &Arc<Resource>, id: Uuid) -> Result<Response> {
    let writer = RowWriter::new(access, resource, None)?;
    let mut select = Query::select();
    select
        .from(Alias::new(&resource.table))
        .and_where(resource.column("id").eq(id));
    access.require(&resource.name, Action::Read)?;
    if let Some(scope) = access.condition(resource, Action::Read) {
        select.cond_where(scope);
    }
    writer.select(&mut select);
    select.expr_as(
        following::expr(access, resource),
        Alias::new("is_following"),
    );
    let row = access.row(&select).await?.ok_or_else(Problem::not_found)?;
    let mut referred = HashSet::new();
    let mut out = Vec::with_capacity(1_200);
    let following: bool = row.try_get("", "is_following")?;
    let extra = format!("\"following\":{following},\"labels\":");
    writer.write_row(&row, extra.as_bytes(), &mut out, &mut referred)?;
    // The row ends `…"labels":}`; the labels go in before its brace.
    out.pop();
    labels::write(access, writer.targets(referred), &mut out).await?;
    out.push(b'}');
    let version: i64 = row.try_get_by_index(1)?;
    Ok(with_version(json_bytes(out), version))
}

/// Adds the record's version as `ETag`.
pub fn with_version(mut response: Response, version: i64) -> Response {
    if let Ok(value) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// Answers a record that was just written.
pub async fn answer_record(access: &Access, record: &Record) -> Result<Response> {
    let writer = RowWriter::new(access, &record.resource, None)?;
    let root = access.root_of(record).await?;
    let following = following::follows(access, record).await?;
    let mut referred = HashSet::new();
    let mut out = Vec::with_capacity(1_200);
    let extra = format!("\"following\":{following},\"labels\":");
    writer.write_record(record, root, extra.as_bytes(), &mut out, &mut referred)?;
    out.pop();
    labels::write(access, writer.targets(referred), &mut out).await?;
    out.push(b'}');
    Ok(with_version(json_bytes(out), record.version()))
}

/// Commits a write and answers its record; 201 when it is new.
pub async fn saved(write: Write, record: &Record, is_new: bool) -> Result<Response> {
    let access = write.access.clone();
    let batch = write.commit().await?;
    let mut response = answer_record(&access, record).await?;
    if is_new {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(batch_header(response, batch))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    match headers.get(IDEMPOTENCY_KEY).map(HeaderValue::to_str) {
        None => Ok(None),
        Some(Ok(key)) if !key.is_empty() && key.len() <= IDEMPOTENCY_KEY_MAX => {
            Ok(Some(key.to_owned()))
        }
        Some(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad_idempotency_key",
        )),
    }
}

/// Creates a record once per `Idempotency-Key`: a repeated request gets the record that the first one made.
pub async fn create_once(
    access: &Access,
    resource: &Arc<Resource>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response> {
    let changes = resource.parse(&json_object(body)?, true)?;
    let key = idempotency_key(headers)?;
    let print = super::hash_secret(&format!(
        "{} {}",
        resource.name,
        String::from_utf8_lossy(body)
    ));
    if let Some(key) = &key
        && let Some(answer) = repeated(access, resource, key, &print).await?
    {
        return Ok(answer);
    }
    let mut write = access.write().await?;
    let id = new_id();
    if let Some(key) = &key {
        // Taken before anything is made: a request with the same key waits here until this one has ended.
        if !take_key(&mut write, key, &print, id).await? {
            write.roll_back().await?;
            return repeated(access, resource, key, &print)
                .await?
                .ok_or_else(|| Problem::rule("already_exists"));
        }
    }
    match write.create_with_id(resource, id, changes).await {
        Ok(record) => saved(write, &record, true).await,
        Err(problem) => {
            write.roll_back().await?;
            Err(problem)
        }
    }
}

/// Whether the key was still free.
async fn take_key(write: &mut Write, key: &str, print: &str, record: Uuid) -> Result<bool> {
    let columns = [
        "idempotency_key",
        "person_id",
        "request_print",
        "record_id",
        "created_at",
    ];
    let insert = Query::insert()
        .into_table(Alias::new("idempotency"))
        .columns(columns.map(Alias::new))
        .values_panic([
            key.into(),
            write.access.actor.person_id.into(),
            print.into(),
            record.into(),
            write.now.into(),
        ])
        .on_conflict(
            OnConflict::columns(["person_id", "idempotency_key"].map(Alias::new))
                .do_nothing()
                .to_owned(),
        )
        .to_owned();
    Ok(write.execute(&insert).await? == 1)
}

async fn repeated(
    access: &Access,
    resource: &Arc<Resource>,
    key: &str,
    print: &str,
) -> Result<Option<Response>> {
    let select = Query::select()
        .columns(["request_print", "record_id"].map(Alias::new))
        .from(Alias::new("idempotency"))
        .and_where(Expr::col(Alias::new("idempotency_key")).eq(key))
        .and_where(Expr::col(Alias::new("person_id")).eq(access.actor.person_id))
        .to_owned();
    let Some(row) = access.row(&select).await? else {
        return Ok(None);
    };
    let known: String = row.try_get_by_index(0)?;
    if known != print {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
        ));
    }
    let mut response = read_record(access, resource, row.try_get_by_index(1)?).await?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(Some(response))
}
