//! What a list page costs at least: a bare axum handler with the same SQL and the same JSON, without session, scope or description.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::Result;
use crate::floor::{Column, Floor};

pub struct Page {
    pub floor: Floor,
    pub page: String,
    pub total: String,
    pub columns: Vec<Column>,
}

impl Page {
    pub async fn answer(&self) -> Result<Vec<u8>> {
        let rows = self.floor.json(&self.page, &self.columns).await?;
        let count = self.floor.count(&self.total).await?;
        let exact = count <= 10_000;
        Ok(serde_json::to_vec(&json!({
            "rows": rows,
            "total": { "count": count.min(10_000), "exact": exact },
            "page": 1,
            "page_size": 50
        }))?)
    }
}

async fn answer(State(page): State<Arc<Page>>) -> Response {
    match page.answer().await {
        Ok(body) => ([("content-type", "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// Serves the page at `/` until the process ends.
pub async fn serve(page: Arc<Page>) -> Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/", get(answer)).with_state(page);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
