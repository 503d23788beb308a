//! HTTP: routes that describe themselves, who is asking, and how problems are told.

mod auth;
mod bulk;
mod described;
mod doc;
mod finish;
mod live;
mod once;
mod records;
pub mod resources;
mod schemas;
mod shapes;

pub use auth::{
    SESSION_COOKIE, SESSION_IDLE_MS, address_of, device_of, hash_secret, session_cookie,
};
pub use described::{ResourceShown, describe};
pub use doc::{Doc, Routes};
pub use finish::{RequestId, middleware};
pub use live::live_routes;
pub use once::{Once, once};
pub use records::{
    answer_record, batch_header, expected_version, json_object, known_version, read_record, saved,
    with_version,
};
pub use schemas::schema_of;
pub use shapes::{Labels, Language, Money, Total};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::{Problem, Result};

/// A JSON body that was already written.
pub fn json_bytes(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}

pub fn json<T: Serialize>(value: &T) -> Result<Response> {
    Ok(json_bytes(
        serde_json::to_vec(value).map_err(Problem::internal)?,
    ))
}

pub fn created<T: Serialize>(value: &T) -> Result<Response> {
    let mut response = json(value)?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// Path parameters; a malformed id is an unknown one.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Path(value))
            .map_err(|_| Problem::not_found())
    }
}

/// Query parameters; a malformed one is a 422 that says so.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(value)| Query(value))
            .map_err(|rejection| {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_query")
                    .with(serde_json::json!({ "reason": rejection.body_text() }))
            })
    }
}

/// A number that a query asks for, such as a page, or the usual one; 422 when it is 0 or more than `max`.
pub fn asked_number(name: &str, asked: Option<u64>, usual: u64, max: u64) -> Result<u64> {
    let number = asked.unwrap_or(usual);
    if (1..=max).contains(&number) {
        return Ok(number);
    }
    let params = serde_json::json!({ "min": 1, "max": max });
    Err(Problem::field_with(name, "out_of_range", params))
}

/// A typed JSON body; a wrong shape is a 422 that names the place.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> axum::extract::FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self> {
        let bytes = body_bytes(request, state).await?;
        serde_json::from_slice(&bytes).map(Body).map_err(|error| {
            let code = if error.is_data() {
                "bad_body"
            } else {
                "not_json"
            };
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code)
                .with(serde_json::json!({ "reason": error.to_string() }))
        })
    }
}

pub(crate) async fn body_bytes<S: Send + Sync>(
    request: axum::extract::Request,
    state: &S,
) -> Result<bytes::Bytes> {
    use axum::extract::FromRequest;
    bytes::Bytes::from_request(request, state)
        .await
        .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"))
}
