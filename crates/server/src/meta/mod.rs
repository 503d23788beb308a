//! What clients need before anything else: resources, divisions, industries.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::access::Access;
use platform::problem::Result;
use platform::web::{Doc, ResourceShown, Routes, describe, json};
use rules::permission::Action;
use serde::Serialize;
use serde_json::json as object;
use utoipa::ToSchema;

pub fn routes() -> Routes {
    let code = object!({
        "type": "object", "required": ["code", "name", "name_en"],
        "description": "A code with those below it.",
        "properties": {
            "code": { "type": "string" }, "name": { "type": "string" }, "name_en": { "type": "string" },
            "children": { "type": "array", "items": { "$ref": "#/components/schemas/CodeNode" } }
        }
    });
    let codes = object!({ "type": "array", "items": { "$ref": "#/components/schemas/CodeNode" } });
    let tree = |summary: &str| {
        Doc::new("platform", summary)
            .schema("CodeNode", code.clone())
            .answer_schema("application/json", codes.clone())
    };
    Routes::default()
        .get(
            "/api/meta",
            Doc::new(
                "platform",
                "Resources with their fields, as the caller sees them",
            )
            .answers::<Meta>(),
            meta,
        )
        .get(
            "/api/divisions",
            tree("National divisions as a tree of codes and names"),
            divisions,
        )
        .get(
            "/api/industries",
            tree("National classification of industries as a tree (GB/T 4754-2017)"),
            industries,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct Meta {
    company_name: String,
    currency: String,
    /// In the organisation's time zone.
    today: String,
    time_zone: String,
    resources: Vec<ResourceShown>,
}

async fn meta(access: Access) -> Result<Response> {
    let settings = access.app.settings();
    let clock = &access.app.clock;
    let registry = access.app.registry();
    let mut resources = Vec::new();
    for resource in registry.iter() {
        if access.allows(&resource.name, Action::Read) {
            resources.push(describe(&access, resource).await?);
        }
    }
    json(&Meta {
        company_name: settings.company_name.clone(),
        currency: settings.currency.clone(),
        today: clock.today().to_string(),
        time_zone: clock.zone().name().to_owned(),
        resources,
    })
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
