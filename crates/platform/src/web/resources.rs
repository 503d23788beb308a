//! The routes that every resource has, made from its description.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use rules::filter::{Filter, Op};
use rules::permission::Action;
use rules::value::{Field, FieldType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::records::{expected_version, json_object, read_record, saved};
use super::{
    Body, Doc, Path, Query, Routes, batch_header, body_bytes, json, json_bytes, no_content,
};
use crate::access::Access;
use crate::app::App;
use crate::listing::{self, ListQuery};
use crate::problem::{Problem, Result};
use crate::resource::{Resource, SYSTEM, StandardView};
use crate::write::Write;

/// What stands behind the question mark of an address.
type Options = HashMap<String, String>;

/// Records in one bulk change; larger ones are an import's business.
const BULK_MAX: usize = 5_000;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Bulk {
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
struct BulkAnswer {
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

/// The JSON schema of one field's value.
pub fn schema_of(field: &Field) -> Json {
    let null = |kind: &str| json!({ "type": [kind, "null"] });
    match field.kind {
        FieldType::Money => {
            json!({ "oneOf": [{ "$ref": "#/components/schemas/Money" }, { "type": "null" }] })
        }
        FieldType::Integer => json!({ "type": ["integer", "null"], "format": "int64" }),
        FieldType::Number => null("number"),
        FieldType::Bool => null("boolean"),
        FieldType::Day => json!({ "type": ["string", "null"], "format": "date" }),
        FieldType::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        FieldType::Reference => match &field.reference {
            Some(target) => {
                json!({ "type": ["string", "null"], "format": "uuid", "description": format!("Refers to {target}.") })
            }
            None => json!({ "type": ["string", "null"], "format": "uuid" }),
        },
        FieldType::Choice => {
            let codes: Vec<Json> = field
                .choices
                .iter()
                .map(|choice| json!(choice.code))
                .chain([Json::Null])
                .collect();
            json!({ "type": ["string", "null"], "enum": codes })
        }
        FieldType::References => {
            let target = field.reference.clone().unwrap_or_default();
            json!({
                "type": ["array", "null"], "items": { "type": "string", "format": "uuid" },
                "description": format!("Refers to {target}.")
            })
        }
        FieldType::MultiChoice | FieldType::Tags => {
            json!({ "type": ["array", "null"], "items": { "type": "string" } })
        }
        FieldType::Json => json!({}),
        _ => match field.max_length {
            Some(max) => json!({ "type": ["string", "null"], "maxLength": max }),
            None => null("string"),
        },
    }
}

/// `Customer` from `customer`, `OpportunityLine` from `opportunity_line`.
fn type_name(table: &str) -> String {
    table
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        })
        .collect()
}

/// What a record has besides its own fields.
fn around() -> [(&'static str, Json); 4] {
    [
        (
            "can",
            json!({ "type": "array", "items": { "type": "string" }, "description": "What the caller may do with it." }),
        ),
        (
            "following",
            json!({ "type": "boolean", "description": "Whether the caller is told of what happens to it; only where one record is read." }),
        ),
        (
            "masked",
            json!({ "type": "array", "items": { "type": "string" }, "description": "Fields whose value comes masked." }),
        ),
        (
            "labels",
            json!({ "$ref": "#/components/schemas/Labels", "description": "Names of the ids in it; only where one record is read." }),
        ),
    ]
}

/// Of every record, whatever its resource.
const ALWAYS: [&str; 7] = [
    "id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "can",
];

/// The fields that every record has: only who wrote it may be unknown.
fn system_schema(field: &Field) -> Json {
    match field.name.as_str() {
        "id" => json!({ "type": "string", "format": "uuid" }),
        "version" => {
            json!({ "type": "integer", "format": "int64", "description": "Goes into `If-Match`." })
        }
        "created_at" | "updated_at" => json!({ "type": "string", "format": "date-time" }),
        _ => schema_of(field),
    }
}

fn page_of(row: &str) -> Json {
    json!({
        "type": "object",
        "required": ["rows", "labels", "total", "page", "page_size"],
        "properties": {
            "rows": { "type": "array", "items": { "$ref": format!("#/components/schemas/{row}") } },
            "labels": { "$ref": "#/components/schemas/Labels" },
            "total": { "$ref": "#/components/schemas/Total" },
            "page": { "type": "integer" }, "page_size": { "type": "integer" }
        }
    })
}

/// `Row` and `Page`: any record and any list, for clients that read resources by their description in `/api/meta`.
fn shared_schemas(resource: &Resource) -> [(&'static str, Json); 2] {
    let mut fields: Map<String, Json> = resource.fields[..SYSTEM]
        .iter()
        .map(|field| (field.name.clone(), system_schema(field)))
        .collect();
    fields.extend(around().map(|(name, schema)| (name.to_owned(), schema)));
    let row = json!({
        "type": "object", "description": "Any record: the fields of its resource stand beside these.",
        "required": ALWAYS, "properties": fields, "additionalProperties": {}
    });
    [("Row", row), ("Page", page_of("Row"))]
}

fn schemas_of(resource: &Resource) -> [(String, Json); 3] {
    let name = type_name(&resource.table);
    let mut read = Map::new();
    let mut change = Map::new();
    let mut required = Vec::new();
    for (i, field) in resource.fields.iter().enumerate() {
        let schema = if i < SYSTEM {
            system_schema(field)
        } else {
            schema_of(field)
        };
        read.insert(field.name.clone(), schema);
        if !field.read_only {
            change.insert(field.name.clone(), schema_of(field));
            if field.required && field.default.is_null() {
                required.push(field.name.clone());
            }
        }
    }
    for (name, schema) in &resource.members {
        change.insert((*name).to_owned(), schema.clone());
    }
    read.extend(around().map(|(name, schema)| (name.to_owned(), schema)));
    let custom = json!({ "description": "Custom fields are named x_…" });
    [
        (
            name.clone(),
            json!({ "type": "object", "required": ALWAYS, "properties": read, "additionalProperties": custom }),
        ),
        (
            format!("{name}Create"),
            json!({ "type": "object", "required": required, "properties": change, "additionalProperties": custom }),
        ),
        (format!("{name}Page"), page_of(&name)),
    ]
}

/// List, read, create, edit, delete, bulk: the same for every resource.
pub fn resource_routes(resource: &Resource) -> Routes {
    let name = resource.name.clone();
    let kind = type_name(&resource.table);
    let reference =
        |suffix: &str| json!({ "$ref": format!("#/components/schemas/{kind}{suffix}") });
    let path = format!("/api/{name}");
    let one = format!("/api/{name}/{{id}}");
    let tag = name.as_str();
    let mut list = Doc::new(tag, &format!("List {name}"))
        .query::<ListQuery>()
        .answer_schema("application/json", reference("Page"));
    for (schema, json) in schemas_of(resource) {
        list = list.schema(&schema, json);
    }
    for (schema, json) in shared_schemas(resource) {
        list = list.schema(schema, json);
    }
    let n = name.clone();
    let mut routes = Routes::default().get(
        &path,
        list,
        move |access: Access, Query(query): Query<ListQuery>| {
            let name = n.clone();
            async move { list_page(access, &name, query).await }
        },
    );
    let n = name.clone();
    routes = routes.get(
        &one,
        Doc::new(tag, "Read one").answer_schema("application/json", reference("")),
        move |access: Access, Path(id): Path<Uuid>| {
            let name = n.clone();
            async move { read_record(&access, &access.resource(&name)?, id).await }
        },
    );
    if resource.read_only {
        return routes;
    }
    let n = name.clone();
    routes = routes.post(
        &path,
        Doc::new(tag, "Create")
            .body_schema("application/json", reference("Create"))
            .status(201)
            .answer_schema("application/json", reference("")),
        move |access: Access, request: Request| {
            let name = n.clone();
            async move { create(access, &name, request).await }
        },
    );
    let n = name.clone();
    let with_options = |doc: Doc| {
        resource.options.iter().fold(doc, |doc, (name, schema)| {
            doc.parameter(name, schema.clone())
        })
    };
    routes = routes.patch(
        &one,
        with_options(Doc::new(tag, "Edit; absent fields stay, null empties"))
            .if_match()
            .body_schema("application/json", reference("Create"))
            .answer_schema("application/json", reference("")),
        move |access: Access,
              Path(id): Path<Uuid>,
              Query(options): Query<Options>,
              headers: HeaderMap,
              request: Request| {
            let name = n.clone();
            async move { edit(access, &name, id, options, headers, request).await }
        },
    );
    let n = name.clone();
    routes = routes.delete(
        &one,
        with_options(Doc::new(tag, "Move to the recycle bin"))
            .if_match()
            .status(204),
        move |access: Access,
              Path(id): Path<Uuid>,
              Query(options): Query<Options>,
              headers: HeaderMap| {
            let name = n.clone();
            async move { remove(access, &name, id, options, headers).await }
        },
    );
    routes.post(
        &format!("{path}/bulk"),
        Doc::new(tag, "Edit or delete many")
            .body::<Bulk>()
            .answers::<BulkAnswer>(),
        move |access: Access, Body(body): Body<Bulk>| {
            let name = name.clone();
            async move { bulk(access, &name, body).await }
        },
    )
}

async fn list_page(access: Access, name: &str, query: ListQuery) -> Result<Response> {
    let resource = access.resource(name)?;
    Ok(json_bytes(listing::page(&access, &resource, &query).await?))
}

async fn create(access: Access, name: &str, request: Request) -> Result<Response> {
    let resource = access.resource(name)?;
    access.require(name, Action::Create)?;
    let mut body = json_object(&body_bytes(request, &()).await?)?;
    let said = resource.take_members(&mut body);
    let changes = access.parse(&resource, &body, true)?;
    let mut write = access.write().await?;
    write.said = said;
    let record = write.create(&resource, changes).await?;
    saved(write, &record, true).await
}

async fn edit(
    access: Access,
    name: &str,
    id: Uuid,
    options: Options,
    headers: HeaderMap,
    request: Request,
) -> Result<Response> {
    let resource = access.resource(name)?;
    let version = expected_version(&headers)?;
    let mut body = json_object(&body_bytes(request, &()).await?)?;
    let mut said = resource.take_members(&mut body);
    said.extend(resource.options_in(&options));
    let changes = access.parse(&resource, &body, false)?;
    for name in changes.keys() {
        if let Some(field) = resource.field(name) {
            access.require_open(&resource, field, name)?;
        }
    }
    let mut write = access.write().await?;
    write.said = said;
    let record = write.update(&resource, id, Some(version), changes).await?;
    saved(write, &record, false).await
}

async fn remove(
    access: Access,
    name: &str,
    id: Uuid,
    options: Options,
    headers: HeaderMap,
) -> Result<Response> {
    let resource = access.resource(name)?;
    let version = expected_version(&headers)?;
    let mut write = access.write().await?;
    write.said = resource.options_in(&options);
    write.delete(&resource, id, Some(version)).await?;
    Ok(batch_header(no_content(), write.commit().await?))
}

async fn bulk(access: Access, name: &str, body: Bulk) -> Result<Response> {
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

/// A resource as `/api/meta` tells of it: its fields as the caller sees them, and what the caller may do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Resource)]
pub struct ResourceShown {
    pub name: String,
    /// The field that names a record to people.
    pub label_field: String,
    pub searchable: bool,
    /// Whether administrators may add fields.
    pub extensible: bool,
    /// The resource whose rights count for this one, when it is only a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<&'static str>,
    /// Rows can't be made, changed or removed through the general routes.
    pub read_only: bool,
    /// As in a list's address: `-updated_at,name`.
    pub default_sort: &'static str,
    /// What the caller may do to at least some records.
    pub actions: Vec<&'static str>,
    pub fields: Vec<FieldShown>,
    pub views: Vec<StandardView>,
    /// The one of `views` that a list opens with: for whoever owns nothing but sees the others' records, not their own ones.
    pub default_view: Option<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResourceField)]
pub struct FieldShown {
    #[serde(flatten)]
    field: Field,
    /// Every record has it; nobody edits it.
    system: bool,
    /// Its values come masked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    masked: bool,
    /// What a new record has when nothing is said.
    #[serde(skip_serializing_if = "Json::is_null")]
    default: Json,
}

/// Who owns records wants to see those first; who only looks after others' would find nothing there.
async fn default_view(access: &Access, resource: &Resource) -> Result<Option<&'static str>> {
    let mut views = resource.views.iter();
    let Some(first) = resource.views.first() else {
        return Ok(None);
    };
    let looks_on =
        first.is_personal() && access.reads_others(resource) && !access.owns_any(resource).await?;
    let wider = views.find(|view| looks_on && !view.is_personal());
    Ok(Some(wider.unwrap_or(first).name))
}

pub async fn describe(access: &Access, resource: &Resource) -> Result<ResourceShown> {
    let currency = &access.app.settings().currency;
    let fields = resource
        .fields
        .iter()
        .enumerate()
        .filter_map(|(i, field)| {
            let rule = access.field_rule(resource, field);
            if rule == Some(rules::permission::FieldRule::Hide) {
                return None;
            }
            let is_masked = rule.is_some();
            let mut shown = field.clone();
            shown.sortable &= !is_masked;
            shown.filterable &= !is_masked;
            shown.read_only |= is_masked;
            Some(FieldShown {
                system: i < SYSTEM,
                masked: is_masked,
                default: field.to_json(&field.default, currency),
                field: shown,
            })
        })
        .collect();
    let possible: &[Action] = match access.actor.read_only {
        true => &[Action::Read, Action::Export],
        false => &Action::ALL,
    };
    Ok(ResourceShown {
        name: resource.name.clone(),
        label_field: resource.label_field.clone(),
        searchable: resource.searchable,
        extensible: resource.extensible,
        part_of: resource.part_of,
        read_only: resource.read_only,
        default_sort: resource.default_sort,
        actions: possible
            .iter()
            .filter(|action| access.allows(&resource.name, **action))
            .map(|action| action.name())
            .collect(),
        fields,
        views: resource.views.clone(),
        default_view: default_view(access, resource).await?,
    })
}

/// All resources of a feature list, each with its routes.
pub fn all(app: &App) -> Routes {
    let mut routes = Routes::default();
    for resource in app.registry().iter() {
        routes = routes.merge(resource_routes(resource));
    }
    routes
}
