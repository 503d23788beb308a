//! The web UI, inside the binary.

use axum::extract::OriginalUri;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

#[derive(rust_embed::Embed)]
#[folder = "../../web/dist"]
#[exclude = ".vite/*"]
#[allow_missing = true]
struct Web;

/// Where the built files stand that carry a hash in their name.
const ASSETS: &str = "assets/";

/// A file of the web UI; any other path is the app's own business and gets its first page.
pub async fn page(OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if Web::get(path).is_some() && !path.is_empty() {
        path
    } else if path.starts_with(ASSETS) {
        // A page in place of a missing piece of code would be kept as that code.
        return StatusCode::NOT_FOUND.into_response();
    } else {
        "index.html"
    };
    let wants_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    let compressed = wants_gzip
        .then(|| Web::get(&format!("{path}.gz")))
        .flatten();
    let is_compressed = compressed.is_some();
    let Some(file) = compressed.or_else(|| Web::get(path)) else {
        let text = "The web UI is not part of this build. Run `make run`, or build web/ first.";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    // Built files carry their hash in their name; everything else must be asked for again.
    let cache = if path.starts_with(ASSETS) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let tag: String = file
        .metadata
        .sha256_hash()
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{tag}\"");
    if headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        == Some(tag.as_str())
    {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = (
        [
            (header::CONTENT_TYPE, kind.as_ref().to_owned()),
            (header::CACHE_CONTROL, cache.to_owned()),
            (header::ETAG, tag),
            (header::VARY, "accept-encoding".to_owned()),
        ],
        file.data.into_owned(),
    )
        .into_response();
    if is_compressed {
        response.headers_mut().insert(
            header::CONTENT_ENCODING,
            header::HeaderValue::from_static("gzip"),
        );
    }
    response
}
