//! One change to many records, each decided by itself.

use std::sync::Arc;

use axum::response::Response;
use rules::filter::{Filter, Op};
use rules::permission::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::json;
use crate::access::Access;
use crate::listing;
use crate::problem::{Problem, Result};
use crate::resource::Resource;
use crate::write::Write;

/// Records in one bulk change; larger ones are an import's business.
const BULK_MAX: usize = 5_000;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Bulk {
    /// The records, or `filter` for all that it finds (5,000 at most).
    ids: Option<Vec<Uuid>>,
    filter: Option<Filter>,
    q: Option<String>,
    action: BulkAction,
    /// Fields to set, for `edit`.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, Json>)]
    changes: Map<String, Json>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BulkAction {
    Edit,
    Delete,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkAnswer {
    changed: usize,
    refused: Vec<Refused>,
    /// Names the whole change for undo; none when nothing changed.
    batch: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Refused {
    id: Uuid,
    label: String,
    code: String,
    message: String,
}

pub(super) async fn bulk(access: Access, name: &str, body: Bulk) -> Result<Response> {
    let resource = access.resource(name)?;
    let action = if body.action == BulkAction::Edit {
        Action::Edit
    } else {
        Action::Delete
    };
    access.require(name, action)?;
    let changes = access.parse(&resource, &body.changes, false)?;
    if body.action == BulkAction::Edit && changes.is_empty() {
        return Err(Problem::field("changes", "required"));
    }
    for field in changes.keys().filter_map(|name| resource.field(name)) {
        access.require_open(&resource, field, "changes")?;
    }
    let filter = match (body.ids, body.filter) {
        (Some(_), Some(_)) => return Err(Problem::field("ids", "ids_or_filter")),
        // Nothing named is a mistake, not everything.
        (None, None) if body.q.as_deref().is_none_or(|q| q.trim().is_empty()) => {
            return Err(Problem::field("ids", "required"));
        }
        (Some(ids), None) if ids.len() > BULK_MAX => {
            return Err(Problem::field_with(
                "ids",
                "too_many",
                json!({ "max": BULK_MAX }),
            ));
        }
        (Some(ids), None) => Some(Filter::Or {
            or: ids
                .chunks(500)
                .map(|part| Filter::test("id", Op::In, json!(part)))
                .collect(),
        }),
        (None, Some(filter)) if !filter.is_reasonable() => {
            return Err(Problem::field("filter", "filter_too_large"));
        }
        (None, filter) => filter,
    };
    let mut select = listing::filtered(
        &access,
        &resource,
        filter.as_ref(),
        body.q.as_deref(),
        Action::Read,
    )?;
    select
        .expr(resource.column("id"))
        .limit(BULK_MAX as u64 + 1);
    let rows = access.rows(&select).await?;
    if rows.len() > BULK_MAX {
        return Err(Problem::rule("too_many_records").with(json!({ "max": BULK_MAX })));
    }
    let mut changed = 0;
    let mut refused = Vec::new();
    let mut write = access.write().await?;
    for row in rows {
        let id: Uuid = row.try_get_by_index(0)?;
        let part = write.begin_part().await?;
        let outcome = match body.action {
            BulkAction::Edit => write
                .update(&resource, id, None, changes.clone())
                .await
                .map(|_| ()),
            BulkAction::Delete => write.delete(&resource, id, None).await,
        };
        match outcome {
            Ok(()) => {
                write.keep_part().await?;
                changed += 1;
            }
            Err(problem) if problem.is_internal() => return Err(problem),
            Err(problem) => {
                write.drop_part(part).await?;
                refused.push(refusal(&mut write, &resource, id, &problem).await?);
            }
        }
    }
    let batch = match changed {
        0 => None,
        _ => Some(write.commit().await?),
    };
    json(&BulkAnswer {
        changed,
        refused,
        batch,
    })
}

async fn refusal(
    write: &mut Write,
    resource: &Arc<Resource>,
    id: Uuid,
    problem: &Problem,
) -> Result<Refused> {
    let label = write
        .lock(resource, id)
        .await?
        .map(|record| record.label())
        .unwrap_or_default();
    let (code, params) = match problem.errors.first() {
        Some(error) => (error.code.clone(), error.params.clone()),
        None => (problem.code.to_owned(), problem.params.clone()),
    };
    let access = &write.access;
    let message =
        access
            .app
            .catalog
            .text(&access.actor.language, &format!("problems.{code}"), &params);
    Ok(Refused {
        id,
        label,
        code,
        message,
    })
}
