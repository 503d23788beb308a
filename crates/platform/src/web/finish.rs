//! Around every request: its id, its log line, its figures, and the words of its problems.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tracing::Instrument;
use uuid::Uuid;

use crate::access::Actor;
use crate::app::App;
use crate::clock::new_id;
use crate::i18n::LANGUAGES;
use crate::problem::Problem;

#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub Uuid);

/// Who turned out to be asking: told by `Access` to the words around the answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Asking(pub(super) Arc<OnceLock<Arc<Actor>>>);

/// The language to speak to somebody who is not signed in.
fn asked_language(headers: &HeaderMap) -> &'static str {
    let wanted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for part in wanted.split(',') {
        let tag = part
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_lowercase();
        if tag.starts_with("zh") {
            return LANGUAGES[0];
        }
        if tag.starts_with("en") {
            return LANGUAGES[1];
        }
    }
    LANGUAGES[0]
}

pub async fn middleware(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let id = new_id();
    let started = Instant::now();
    request.extensions_mut().insert(RequestId(id));
    let asking = Asking::default();
    request.extensions_mut().insert(asking.clone());
    let method = request.method().clone();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let language = asked_language(request.headers());
    let mut response = match super::auth::check_origin(&method, request.headers()) {
        Ok(()) => {
            next.run(request)
                .instrument(tracing::info_span!("request", request_id = %id))
                .await
        }
        Err(problem) => problem.into_response(),
    };
    let status = response.status().as_u16();
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let language = asking.0.get().map_or(language, |actor| {
            LANGUAGES
                .into_iter()
                .find(|known| *known == actor.language)
                .unwrap_or(language)
        });
        tell(&app, &mut response, &problem, language, id);
    }
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    if let Some(path) = path {
        let seconds = started.elapsed().as_secs_f64();
        let ms = (seconds * 1_000.0).round() as u64;
        let labels = [
            ("method", method.as_str().to_owned()),
            ("path", path.clone()),
            ("status", status.to_string()),
        ];
        metrics::counter!("http_requests_total", &labels).increment(1);
        metrics::histogram!("http_request_duration_seconds", &labels[..2]).record(seconds);
        if status >= 500 {
            tracing::error!(request_id = %id, %method, path, status, ms, "request failed");
        } else {
            tracing::info!(request_id = %id, %method, path, status, ms, "request");
        }
    }
    response
}

fn tell(app: &App, response: &mut Response, problem: &Problem, language: &str, id: Uuid) {
    let text = |key: String, params: &serde_json::Value| app.catalog.text(language, &key, params);
    let errors: Vec<_> = problem
        .errors
        .iter()
        .map(|error| {
            let mut error = error.clone();
            error.message = text(format!("problems.{}", error.code), &error.params);
            error
        })
        .collect();
    let body = json!({
        "type": format!("urn:chengdan:problem:{}", problem.code),
        "title": text(format!("problems.{}", problem.code), &problem.params),
        "status": problem.status.as_u16(),
        "code": problem.code,
        "params": problem.params,
        "request_id": id,
        "errors": errors,
    });
    if let Some(seconds) = problem
        .params
        .get("retry_after_s")
        .and_then(serde_json::Value::as_i64)
    {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(body.to_string());
}
