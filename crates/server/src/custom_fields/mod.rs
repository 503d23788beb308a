//! Custom fields: administrators add them while everything runs. Each is a real column, described by a row.

mod definition;
mod stored;

use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::clock::new_id;
use platform::custom_field::Definition;
use platform::db::{col, column_sql};
use platform::problem::{Problem, Result};
use platform::resource::{Resource, column_type};
use platform::web::{
    Body, Doc, Path, Query as Asked, Routes, created, expected_version, json, no_content,
};
use platform::write::Write;
use rules::permission::Action;
use sea_orm::sea_query::{Alias, ExprTrait, Order};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use definition::{NewChoice, Words, choices_of, kind_of, label_of, name_of};
use stored::{CustomFieldRow, Stored, find, is_used, move_to, places};

/// Fields added to one resource; each widens every row that is read.
const FIELDS_MAX: i64 = 100;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/custom-fields",
            Doc::new("custom_fields", "Fields that were added to the resources one may configure")
                .query::<Of>()
                .answers::<CustomFieldList>(),
            list,
        )
        .post(
            "/api/custom-fields",
            Doc::new("custom_fields", "Add a field to a resource")
                .about("Types: text, number, money, day, choice, multi_choice, reference (a person), bool. It filters, sorts, imports and exports at once, in all processes. A removed field added again under its name and type has its values back.")
                .body::<NewField>()
                .status(201)
                .answers::<CustomFieldRow>(),
            add,
        )
        .patch(
            "/api/custom-fields/{id}",
            Doc::new("custom_fields", "Rename, reorder, change the choices; the type stays")
                .if_match()
                .body::<CustomFieldChanges>()
                .answers::<CustomFieldRow>(),
            change,
        )
        .delete(
            "/api/custom-fields/{id}",
            Doc::new("custom_fields", "Remove a field; its values are kept for when it comes back").if_match().status(204),
            remove,
        )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    resource: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewField {
    resource: String,
    /// `x_…`; made from the label unless given.
    name: Option<String>,
    label: Words,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    choices: Vec<NewChoice>,
    #[serde(default)]
    required: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CustomFieldChanges {
    label: Option<Words>,
    choices: Option<Vec<NewChoice>>,
    required: Option<bool>,
    /// Its place among the resource's added fields, from 0.
    position: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CustomFieldList {
    rows: Vec<CustomFieldRow>,
}

async fn list(access: Access, Asked(of): Asked<Of>) -> Result<Response> {
    let registry = access.app.registry();
    let mine: Vec<&str> = registry
        .iter()
        .map(|resource| resource.name.as_str())
        .filter(|name| of.resource.as_deref().is_none_or(|wanted| wanted == *name))
        .filter(|name| access.allows(name, Action::Configure))
        .collect();
    if mine.is_empty() {
        return Err(Problem::forbidden());
    }
    let mut select = Stored::select();
    select
        .and_where(col("removed_at").is_null())
        .and_where(col("resource").is_in(mine))
        .order_by(Alias::new("resource"), Order::Asc)
        .order_by(Alias::new("position"), Order::Asc)
        .order_by(Alias::new("created_at"), Order::Asc);
    let rows = access
        .rows(&select)
        .await?
        .iter()
        .map(|row| Ok(Stored::read(row)?.row()))
        .collect::<Result<_>>()?;
    json(&CustomFieldList { rows })
}

async fn add(access: Access, Body(body): Body<NewField>) -> Result<Response> {
    let resource = access
        .resource(&body.resource)
        .map_err(|_| Problem::field("resource", "unknown_resource"))?;
    access.require_configure(&resource.name)?;
    if !resource.extensible {
        return Err(Problem::rule("not_extensible"));
    }
    let label = label_of(body.label)?;
    let kind = kind_of(&body.kind)?;
    let definition = Definition {
        name: name_of(body.name.as_deref(), &label)?,
        choices: choices_of(kind, body.choices, &[])?,
        kind,
        label,
        required: body.required,
    };
    let mut write = access.write().await?;
    let field = add_in(&mut write, &resource, definition).await?;
    write.commit().await?;
    created(&field.row())
}

async fn add_in(write: &mut Write, resource: &Resource, definition: Definition) -> Result<Stored> {
    // Asked inside the write, since another administrator may be adding the same field right now.
    let mut known = Stored::select();
    known
        .and_where(col("resource").eq(resource.name.as_str()))
        .and_where(col("name").eq(definition.name.as_str()));
    let known = write
        .rows(&known)
        .await?
        .first()
        .map(Stored::read)
        .transpose()?;
    let (count, position) = places(write, resource).await?;
    if count >= FIELDS_MAX {
        return Err(Problem::rule("too_many_fields").with(object!({ "max": FIELDS_MAX })));
    }
    if let Some(mut field) = known {
        // A column of another type can't take the new values.
        if !field.is_removed || field.definition.kind != definition.kind {
            return Err(Problem::field("name", "field_exists"));
        }
        field.definition = definition;
        field.is_removed = false;
        field.position = position;
        field.version += 1;
        field.save(write).await?;
        field.note(write, "restore")?;
        return Ok(field);
    }
    let field = Stored {
        id: new_id(),
        resource: resource.name.clone(),
        definition,
        position,
        version: 1,
        is_removed: false,
    };
    let row = vec![
        field.id.into(),
        field.resource.as_str().into(),
        field.definition.name.as_str().into(),
        serde_json::to_string(&field.definition)
            .map_err(Problem::internal)?
            .into(),
        field.position.into(),
        field.version.into(),
        write.now.into(),
    ];
    let columns = [
        "id",
        "resource",
        "name",
        "definition",
        "position",
        "version",
        "created_at",
    ];
    write.insert("custom_field", &columns, row).await?;
    let column = column_sql(
        write.access.app.db.backend(),
        column_type(field.definition.kind),
    );
    // Names are letters, digits and underscores only; see `name_of`.
    let add = format!(
        "ALTER TABLE {} ADD COLUMN {} {column}",
        resource.table, field.definition.name
    );
    write.execute_sql(&add, Vec::new()).await?;
    field.note(write, "create")?;
    Ok(field)
}

async fn change(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<CustomFieldChanges>,
) -> Result<Response> {
    let version = expected_version(&headers)?;
    let mut write = access.write().await?;
    let field = change_in(&mut write, id, version, body).await?;
    write.commit().await?;
    json(&field.row())
}

async fn change_in(
    write: &mut Write,
    id: Uuid,
    version: i64,
    body: CustomFieldChanges,
) -> Result<Stored> {
    let mut field = find(write, id, version).await?;
    if let Some(label) = body.label {
        field.definition.label = label_of(label)?;
    }
    if let Some(required) = body.required {
        field.definition.required = required;
    }
    if let Some(choices) = body.choices {
        let choices = choices_of(field.definition.kind, choices, &field.definition.choices)?;
        let gone = field
            .definition
            .choices
            .iter()
            .filter(|old| !choices.iter().any(|new| new.code == old.code));
        for choice in gone {
            if is_used(write, &field, &choice.code).await? {
                return Err(Problem::field_with(
                    "choices",
                    "choice_in_use",
                    object!({ "code": choice.code }),
                ));
            }
        }
        field.definition.choices = choices;
    }
    field.version += 1;
    field.save(write).await?;
    if let Some(position) = body.position {
        field.position = move_to(write, &field, position).await?;
    }
    field.note(write, "update")?;
    Ok(field)
}

async fn remove(access: Access, Path(id): Path<Uuid>, headers: HeaderMap) -> Result<Response> {
    let version = expected_version(&headers)?;
    let mut write = access.write().await?;
    let mut field = find(&mut write, id, version).await?;
    field.is_removed = true;
    field.version += 1;
    field.save(&mut write).await?;
    field.note(&mut write, "delete")?;
    write.commit().await?;
    Ok(no_content())
}
