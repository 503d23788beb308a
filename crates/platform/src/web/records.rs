//! One record over HTTP: reading it, answering it, and the headers around it.

use std::collections::HashSet;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use rules::permission::Action;
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::json_bytes;
use crate::access::Access;
use crate::following;
use crate::labels;
use crate::listing::RowWriter;
use crate::problem::{Problem, Result};
use crate::resource::{Record, Resource};
use crate::write::Write;

/// Names the batch of a write; with it the write can be undone.
pub static BATCH: HeaderName = HeaderName::from_static("chengdan-batch");

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

/// The version in `If-Match`, where a change may be made without knowing it.
pub fn known_version(headers: &HeaderMap) -> Result<Option<i64>> {
    headers
        .contains_key(header::IF_MATCH)
        .then(|| expected_version(headers))
        .transpose()
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
    if let Some(scope) = access.condition_of_one(resource) {
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

/// Answers a record that was just written, and beside its fields what the write's rules have to say.
pub async fn answer_record(
    access: &Access,
    record: &Record,
    beside: &Map<String, Json>,
) -> Result<Response> {
    let writer = RowWriter::new(access, &record.resource, None)?;
    let root = access.root_of(record).await?;
    let following = following::follows(access, record).await?;
    let mut referred = HashSet::new();
    let mut out = Vec::with_capacity(1_200);
    let mut extra = String::new();
    for (name, json) in beside {
        extra.push_str(&format!("\"{name}\":{json},"));
    }
    extra.push_str(&format!("\"following\":{following},\"labels\":"));
    writer.write_record(record, root, extra.as_bytes(), &mut out, &mut referred)?;
    out.pop();
    labels::write(access, writer.targets(referred), &mut out).await?;
    out.push(b'}');
    Ok(with_version(json_bytes(out), record.version()))
}

/// Commits a write and answers its record; 201 when it is new.
pub async fn saved(mut write: Write, record: &Record, is_new: bool) -> Result<Response> {
    let access = write.access.clone();
    let beside = std::mem::take(&mut write.answer);
    let batch = write.commit().await?;
    let mut response = answer_record(&access, record, &beside).await?;
    if is_new {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(batch_header(response, batch))
}
