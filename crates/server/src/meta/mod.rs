//! What clients need before anything else: resources, divisions, industries.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::access::Access;
use platform::problem::Result;
use platform::web::{Doc, Routes, json, resources};
use serde_json::json as object;

pub fn routes() -> Routes {
    let any = || object!({ "type": "object" });
    Routes::default()
        .get(
            "/api/meta",
            Doc::new(
                "platform",
                "Resources with their fields, as the caller sees them",
            )
            .answer_schema("application/json", any()),
            meta,
        )
        .get(
            "/api/divisions",
            Doc::new(
                "platform",
                "National divisions as a tree of codes and names",
            )
            .answer_schema(
                "application/json",
                object!({ "type": "array", "items": any() }),
            ),
            divisions,
        )
        .get(
            "/api/industries",
            Doc::new(
                "platform",
                "National classification of industries as a tree (GB/T 4754-2017)",
            )
            .answer_schema(
                "application/json",
                object!({ "type": "array", "items": any() }),
            ),
            industries,
        )
}

async fn meta(access: Access) -> Result<Response> {
    let settings = access.app.settings();
    let resources: Vec<_> = access
        .app
        .registry()
        .iter()
        .filter(|resource| access.allows(&resource.name, rules::permission::Action::Read))
        .map(|resource| resources::describe(&access, resource))
        .collect();
    json(&object!({
        "company_name": settings.company_name,
        "currency": settings.currency,
        "today": access.app.clock.today().to_string(),
        "time_zone": access.app.clock.zone().name(),
        "resources": resources,
    }))
}

/// They change once a year at most.
fn for_a_day(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("private, max-age=86400"),
    );
    response
}

async fn divisions(_access: Access) -> Result<Response> {
    Ok(for_a_day(
        axum::Json(rules::divisions::tree()).into_response(),
    ))
}

async fn industries(_access: Access) -> Result<Response> {
    Ok(for_a_day(
        axum::Json(rules::industries::tree()).into_response(),
    ))
}
