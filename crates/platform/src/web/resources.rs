//! The routes that every resource has, made from its description.

use std::collections::HashMap;

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use rules::permission::Action;
use serde_json::json;
use uuid::Uuid;

use super::bulk::{Bulk, BulkAnswer, bulk};
use super::records::{expected_version, json_object, read_record, saved};
use super::schemas::{schemas_of, shared_schemas, type_name};
use super::{Body, Doc, Path, Query, Routes, batch_header, body_bytes, json_bytes, no_content};
use crate::access::Access;
use crate::app::App;
use crate::labels;
use crate::listing::{self, ListQuery};
use crate::problem::Result;
use crate::resource::Resource;

/// What stands behind the question mark of an address.
type Options = HashMap<String, String>;

/// List, read, create, edit, delete, bulk: the same for every resource.
fn resource_routes(resource: &Resource) -> Routes {
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
    labels::prepare(&access, &resource, &changes).await?;
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

/// All resources of a feature list, each with its routes.
pub fn all(app: &App) -> Routes {
    let mut routes = Routes::default();
    for resource in app.registry().iter() {
        routes = routes.merge(resource_routes(resource));
    }
    routes
}
