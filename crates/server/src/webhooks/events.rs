//! What webhooks can be told of: `<resource>.<verb>`, as the ledger names them.

use axum::response::Response;
use platform::access::Access;
use platform::problem::Result;
use platform::resource::{Guard, Registry, Resource, VERBS};
use platform::web::{Doc, Routes, json};
use rules::permission::Action;
use serde::Serialize;
use utoipa::ToSchema;

use super::WEBHOOKS;
use crate::attachments::{ATTACH, DETACH};
use crate::comments::{COMMENT, UNCOMMENT};
use crate::sharing::{SHARE, UNSHARE};

/// Acts on records that change none of their fields.
const ACTS: [&str; 8] = [
    COMMENT,
    "edit_comment",
    UNCOMMENT,
    "restore_comment",
    ATTACH,
    DETACH,
    SHARE,
    UNSHARE,
];
/// Stands for all verbs of a resource.
const ALL: &str = "*";

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/webhooks/events",
        Doc::new(WEBHOOKS, "What webhooks can be told of")
            .about("An event's name is `<resource>.<verb>`; `<resource>.*` stands for all of a resource.")
            .answers::<WebhookEvents>(),
        list,
    )
}

#[derive(Debug, Serialize, ToSchema)]
struct WebhookEvents {
    rows: Vec<ResourceEvents>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ResourceEvents {
    resource: String,
    verbs: Vec<&'static str>,
}

/// The verbs of a resource that webhooks can be told of; none of webhooks themselves.
fn verbs_of(resource: &Resource) -> Vec<&'static str> {
    if resource.name == WEBHOOKS || resource.table == super::DELIVERY {
        return Vec::new();
    }
    let mut verbs = VERBS.to_vec();
    verbs.extend(&resource.verbs);
    // What has a page of its own is commented, shared, and has files.
    if resource.guard != Guard::Everybody && resource.part_of.is_none() {
        verbs.extend(ACTS);
    }
    verbs
}

pub fn is_told(registry: &Registry, resource: &str, verb: &str) -> bool {
    registry
        .get(resource)
        .is_some_and(|resource| verbs_of(resource).contains(&verb))
}

/// Whether a webhook can choose this event.
pub fn is_known(registry: &Registry, event: &str) -> bool {
    match event.split_once('.') {
        Some((resource, ALL)) => registry
            .get(resource)
            .is_some_and(|resource| !verbs_of(resource).is_empty()),
        Some((resource, verb)) => is_told(registry, resource, verb),
        None => false,
    }
}

/// Whether what a webhook has chosen takes in this event.
pub fn takes(chosen: &[String], resource: &str, verb: &str) -> bool {
    chosen
        .iter()
        .filter_map(|event| event.split_once('.'))
        .any(|(of, wanted)| of == resource && (wanted == ALL || wanted == verb))
}

async fn list(access: Access) -> Result<Response> {
    access.require(WEBHOOKS, Action::Read)?;
    let rows = access
        .app
        .registry()
        .iter()
        .map(|resource| ResourceEvents {
            resource: resource.name.clone(),
            verbs: verbs_of(resource),
        })
        .filter(|row| !row.verbs.is_empty())
        .collect();
    json(&WebhookEvents { rows })
}
