//! Giving a file out, with headers under which nothing in it can run.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::web::{Path, Query as Asked};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Attachment, content, files};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Shown {
    /// `1` lets the browser show images and PDF.
    inline: Option<String>,
}

/// Nothing loads and nothing runs.
const SANDBOX: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox";
/// Browsers refuse to open their PDF viewer inside a sandbox, so a PDF is only kept from loading and running anything.
const FOR_PDF: &str =
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

pub async fn download(
    access: Access,
    Path(id): Path<Uuid>,
    Asked(shown): Asked<Shown>,
    headers: HeaderMap,
) -> Result<Response> {
    let (attachment, _) = Attachment::find(&access, id).await?;
    let tag = format!("\"{}\"", &attachment.content_hash);
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let key = files::key_of(&attachment.content_hash);
    let Some(file) = access.app.files.open(&key).await? else {
        tracing::error!(attachment = %id, "the file of an attachment is missing");
        return Err(Problem::new(StatusCode::NOT_FOUND, "file_missing"));
    };
    let is_pdf = attachment.content_type == content::PDF;
    let is_inline = shown.inline.as_deref() == Some("1")
        && (is_pdf || content::is_image(&attachment.content_type));
    let content_type = if attachment.content_type.starts_with("text/") {
        format!("{}; charset=utf-8", attachment.content_type)
    } else {
        attachment.content_type
    };
    let policy = if is_pdf && is_inline {
        FOR_PDF
    } else {
        SANDBOX
    };
    let mut response = Body::from_stream(file.bytes).into_response();
    let all = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            all.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &content_type);
    set(header::CONTENT_LENGTH, &attachment.size.to_string());
    set(
        header::CONTENT_DISPOSITION,
        &disposition(is_inline, &attachment.name),
    );
    set(header::CONTENT_SECURITY_POLICY, policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::ETAG, &tag);
    // Asked for again each time, since the right to see it may have gone; the content itself never changes.
    set(header::CACHE_CONTROL, "private, no-cache");
    Ok(response)
}

/// RFC 6266: a plain name for old programs, the whole one in UTF-8.
fn disposition(is_inline: bool, name: &str) -> String {
    let kind = if is_inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || ".-_ ()".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}
