//! The server: API, health, metrics and the web UI behind one address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use platform::app::App;
use platform::problem::Problem;
use serde_json::Value as Json;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{
    CompressionLayer, Predicate,
    predicate::{DefaultPredicate, NotForContentType},
};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{api_docs, features, pages};

/// A JSON body larger than this is no form; files have limits of their own.
const BODY_MAX: usize = 2 * 1024 * 1024;

/// No inline script, nothing from elsewhere. Styles are inline because the component library writes them so.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                   font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
                   frame-ancestors 'none'; worker-src 'self'; manifest-src 'self'";

/// The whole HTTP service, and its OpenAPI document.
pub fn router(app: &Arc<App>) -> (Router, Json) {
    let (api, document) = features::routes(app).finish(env!("CARGO_PKG_VERSION"));
    let openapi = Arc::new(document.to_string());
    let docs = Arc::new(api_docs::page(&document));
    let compression = CompressionLayer::new()
        .gzip(true)
        .quality(tower_http::CompressionLevel::Fastest)
        .compress_when(
            DefaultPredicate::new()
                .and(NotForContentType::new("text/event-stream"))
                .and(NotForContentType::new("application/vnd.openxmlformats")),
        );
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            header::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    let router = api
        .route(
            "/api/openapi.json",
            get(move || {
                let openapi = openapi.clone();
                async move {
                    (
                        [(header::CONTENT_TYPE, "application/json")],
                        openapi.as_str().to_owned(),
                    )
                }
            }),
        )
        .route(
            "/api/docs",
            get(move || {
                let docs = docs.clone();
                async move { axum::response::Html(docs.as_str().to_owned()) }
            }),
        )
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .fallback(other)
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
        })
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            platform::web::once,
        ))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            platform::web::middleware,
        ))
        .layer(CatchPanicLayer::new())
        .layer(compression)
        .layer(fixed("content-security-policy", CSP))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("referrer-policy", "same-origin"))
        .layer(fixed("cross-origin-opener-policy", "same-origin"))
        .layer(fixed(
            "permissions-policy",
            "geolocation=(self), camera=(self), microphone=()",
        ))
        .with_state(app.clone());
    (router, document)
}

/// What no route names: an unknown address of the API, or a page of the web UI.
async fn other(uri: axum::extract::OriginalUri, headers: axum::http::HeaderMap) -> Response {
    let path = uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::not_found().into_response();
    }
    pages::page(uri, headers).await
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    let unavailable = |why: &'static str| (StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    if app.ledger_head().await.is_err() {
        return unavailable("database not reachable");
    }
    match app.files.ready().await {
        Ok(()) => "ready".into_response(),
        Err(why) => {
            // Where the bucket is and what its server said is for the log alone: anybody may ask here.
            tracing::error!(%why, "not ready");
            unavailable("files not reachable")
        }
    }
}

async fn figures(State(app): State<Arc<App>>) -> Response {
    match &app.metrics {
        Some(handle) => (
            [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
            handle.render(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Open requests get this long to finish after a signal; live streams are cut.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until a signal asks to stop; open requests finish first.
pub async fn serve(app: Arc<App>, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    let (router, _) = router(&app);
    let workers = [
        tokio::spawn(platform::job::work(app.clone())),
        tokio::spawn(platform::live::listen(app.clone())),
        tokio::spawn(app.db.keep_log_short()),
    ];
    let service = router
        .layer(axum::middleware::from_fn(connection))
        .into_make_service_with_connect_info::<SocketAddr>();
    let stop = Arc::new(tokio::sync::Notify::new());
    let stopped = stop.clone();
    let server = axum::serve(listener, service)
        .with_graceful_shutdown(async move { stopped.notified().await });
    let mut server = tokio::spawn(async move { server.await });
    tokio::select! {
        ended = &mut server => return ended.map_err(std::io::Error::other)?,
        () = signal() => {}
    }
    tracing::info!("stopping");
    stop.notify_one();
    for worker in workers {
        worker.abort();
    }
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::info!("some connections were cut");
    }
    app.db.clone().close().await.map_err(std::io::Error::other)
}

/// Makes the connection's address an extension that handlers may ask for.
async fn connection(
    axum::extract::ConnectInfo(address): axum::extract::ConnectInfo<SocketAddr>,
    mut request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    request
        .extensions_mut()
        .insert(axum::extract::ConnectInfo(address));
    next.run(request).await
}

async fn signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
