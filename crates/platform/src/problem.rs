//! The one error type: RFC 9457 `application/problem+json` with a stable code and pointers to fields.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::value::Refusal;
use sea_orm::{DbErr, RuntimeErr};
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

/// One bad field.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer into the request body, e.g. `/name`.
    pub pointer: String,
    /// Stable code, translated by the web under `problems.<code>`.
    pub code: String,
    #[schema(value_type = std::collections::BTreeMap<String, Json>)]
    pub params: Json,
    /// The same in words, in the person's language.
    pub message: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub params: Json,
    pub errors: Vec<FieldProblem>,
}

pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Problem {
            status,
            code,
            params: json!({}),
            errors: Vec::new(),
        }
    }
    pub fn with(mut self, params: Json) -> Self {
        self.params = params;
        self
    }

    /// 422: the body or query has these bad fields.
    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        Problem {
            errors,
            ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
        }
    }
    /// 422 with one bad field.
    pub fn field(name: &str, code: &str) -> Self {
        Problem::invalid(vec![FieldProblem::new(name, code, json!({}))])
    }
    pub fn field_with(name: &str, code: &str, params: Json) -> Self {
        Problem::invalid(vec![FieldProblem::new(name, code, params)])
    }
    /// 409: a rule of the business says no.
    pub fn rule(code: &'static str) -> Self {
        Problem::new(StatusCode::CONFLICT, code)
    }
    /// 404: not there, or not in the actor's scope; which of the two is never said.
    pub fn not_found() -> Self {
        Problem::new(StatusCode::NOT_FOUND, "not_found")
    }
    pub fn forbidden() -> Self {
        Problem::new(StatusCode::FORBIDDEN, "forbidden")
    }
    pub fn not_signed_in() -> Self {
        Problem::new(StatusCode::UNAUTHORIZED, "not_signed_in")
    }
    /// 412: somebody changed the record since the client read it.
    pub fn stale(current_version: i64) -> Self {
        Problem::new(StatusCode::PRECONDITION_FAILED, "stale_version")
            .with(json!({ "version": current_version }))
    }
    pub fn too_fast(retry_after_s: i64) -> Self {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_fast")
            .with(json!({ "retry_after_s": retry_after_s }))
    }
    /// 500: logged here, once; the client learns nothing of the inside.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    pub fn is_internal(&self) -> bool {
        self.status == StatusCode::INTERNAL_SERVER_ERROR
    }
}

impl FieldProblem {
    pub fn new(name: &str, code: &str, params: Json) -> Self {
        let pointer = if name.starts_with('/') {
            name.to_owned()
        } else {
            format!("/{name}")
        };
        FieldProblem {
            pointer,
            code: code.into(),
            params,
            message: String::new(),
        }
    }
    pub fn refused(name: &str, refusal: &Refusal) -> Self {
        FieldProblem::new(name, refusal.code, refusal.params.clone())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code, self.params)?;
        for error in &self.errors {
            write!(f, "; {} {} {}", error.pointer, error.code, error.params)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Unique violations become a 409 in one place; every other database error is internal.
impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        if is_unique_violation(&error) {
            return Problem::rule("already_exists");
        }
        Problem::internal(error)
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Problem::internal(error)
    }
}

/// PostgreSQL says 23505, SQLite 2067 (unique) or 1555 (primary key).
pub fn is_unique_violation(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return false;
    };
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| matches!(code.as_ref(), "23505" | "2067" | "1555"))
}

/// The body is finished by `web::finish_problem`, which knows the person's language and the request id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response.extensions_mut().insert(self);
        response
    }
}
