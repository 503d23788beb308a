//! Mappings that are kept for the next file with the same headers.

use axum::response::Response;
use platform::access::Access;
use platform::clock::new_id;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Path, Query, Routes, created, json, no_content};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query as Sql};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::mapping::{Mapping, headers_print};

const TABLE: &str = "import_mapping";
/// A name longer than a line of the list.
const NAME_MAX: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    resource: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMapping {
    resource: String,
    name: String,
    mapping: Mapping,
    /// The headers of the files that it is for; those of the mapping unless told.
    headers: Option<Vec<String>>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SavedMapping {
    id: Uuid,
    resource: String,
    name: String,
    mapping: Mapping,
}

#[derive(Debug, Serialize, ToSchema)]
struct SavedMappings {
    rows: Vec<SavedMapping>,
}

#[derive(Debug, Serialize, ToSchema)]
struct NewId {
    id: Uuid,
}

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/import-mappings",
            Doc::new("imports", "Mappings that the caller has kept")
                .query::<Which>()
                .answers::<SavedMappings>(),
            list,
        )
        .post(
            "/api/import-mappings",
            Doc::new("imports", "Keep a mapping for files with the same headers")
                .body::<NewMapping>()
                .status(201)
                .answers::<NewId>(),
            add,
        )
        .delete(
            "/api/import-mappings/{id}",
            Doc::new("imports", "Forget a mapping").status(204),
            remove,
        )
}

async fn list(access: Access, Query(which): Query<Which>) -> Result<Response> {
    let mut select = Sql::select();
    select
        .columns(["id", "resource", "name", "mapping"].map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(col("person_id").eq(access.actor.person_id))
        .order_by(Alias::new("created_at"), Order::Desc);
    if let Some(resource) = which.resource {
        select.and_where(col("resource").eq(resource));
    }
    let mut rows = Vec::new();
    for row in access.rows(&select).await? {
        let mapping: String = row.try_get_by_index(3)?;
        rows.push(SavedMapping {
            id: row.try_get_by_index(0)?,
            resource: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            mapping: serde_json::from_str(&mapping).unwrap_or_default(),
        });
    }
    json(&SavedMappings { rows })
}

async fn add(access: Access, Body(body): Body<NewMapping>) -> Result<Response> {
    access.require(&access.resource(&body.resource)?.name, Action::Import)?;
    let name = body.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(Problem::field_with(
            "name",
            "too_long",
            serde_json::json!({ "max": NAME_MAX }),
        ));
    }
    let headers = body
        .headers
        .unwrap_or_else(|| body.mapping.columns.keys().cloned().collect());
    let id = insert(&access, &body.resource, name, &body.mapping, &headers).await?;
    created(&NewId { id })
}

async fn insert(
    access: &Access,
    resource: &str,
    name: &str,
    mapping: &Mapping,
    headers: &[String],
) -> Result<Uuid> {
    let print = headers_print(headers.iter().map(String::as_str));
    let mut write = access.write().await?;
    let same = Sql::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("person_id").eq(access.actor.person_id))
        .and_where(col("resource").eq(resource))
        .and_where(col("headers_print").eq(print.as_str()))
        .to_owned();
    write.execute(&same).await?;
    let id = new_id();
    let row = vec![
        id.into(),
        resource.into(),
        name.into(),
        print.into(),
        serde_json::to_string(mapping)
            .map_err(Problem::internal)?
            .into(),
        access.actor.person_id.into(),
        write.now.into(),
    ];
    let columns = [
        "id",
        "resource",
        "name",
        "headers_print",
        "mapping",
        "person_id",
        "created_at",
    ];
    write.insert(TABLE, &columns, row).await?;
    write.commit().await?;
    Ok(id)
}

/// Keeps the mapping of an import that went through, in place of an earlier one for the same headers.
pub async fn keep(
    access: &Access,
    resource: &str,
    name: &str,
    mapping: &Mapping,
    headers: &[String],
) -> Result<()> {
    insert(access, resource, name, mapping, headers)
        .await
        .map(|_| ())
}

/// The mapping that was kept for files with these headers.
pub async fn find(access: &Access, resource: &str, headers: &[String]) -> Result<Option<Mapping>> {
    let select = Sql::select()
        .column(Alias::new("mapping"))
        .from(Alias::new(TABLE))
        .and_where(col("person_id").eq(access.actor.person_id))
        .and_where(col("resource").eq(resource))
        .and_where(col("headers_print").eq(headers_print(headers.iter().map(String::as_str))))
        .to_owned();
    let Some(row) = access.row(&select).await? else {
        return Ok(None);
    };
    let text: String = row.try_get_by_index(0)?;
    Ok(serde_json::from_str(&text).ok())
}

async fn remove(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let mut write = access.write().await?;
    let gone = Sql::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("id").eq(id))
        .and_where(col("person_id").eq(access.actor.person_id))
        .to_owned();
    if write.execute(&gone).await? == 0 {
        return Err(Problem::not_found());
    }
    write.commit().await?;
    Ok(no_content())
}
