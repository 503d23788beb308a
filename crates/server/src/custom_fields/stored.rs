//! Custom fields as they are stored.

use platform::custom_field::Definition;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::resource::Resource;
use platform::write::Write;
use rules::value::{Choice, FieldType, Label};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Serialize;
use serde_json::json as object;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustomFieldRow {
    id: Uuid,
    resource: String,
    name: String,
    #[serde(rename = "type")]
    kind: FieldType,
    label: Label,
    choices: Vec<Choice>,
    required: bool,
    position: i64,
    version: i64,
}

pub(super) struct Stored {
    pub id: Uuid,
    pub resource: String,
    pub definition: Definition,
    pub position: i64,
    pub version: i64,
    pub is_removed: bool,
}

impl Stored {
    pub fn select() -> SelectStatement {
        Query::select()
            .columns(
                [
                    "id",
                    "resource",
                    "definition",
                    "position",
                    "version",
                    "removed_at",
                ]
                .map(Alias::new),
            )
            .from(Alias::new("custom_field"))
            .to_owned()
    }

    pub fn read(row: &QueryResult) -> Result<Stored> {
        let definition: String = row.try_get_by_index(2)?;
        Ok(Stored {
            id: row.try_get_by_index(0)?,
            resource: row.try_get_by_index(1)?,
            definition: Definition::read(&definition)
                .ok_or_else(|| Problem::internal("a damaged custom field"))?,
            position: row.try_get_by_index(3)?,
            version: row.try_get_by_index(4)?,
            is_removed: row.try_get_by_index::<Option<i64>>(5)?.is_some(),
        })
    }

    pub fn row(self) -> CustomFieldRow {
        CustomFieldRow {
            id: self.id,
            resource: self.resource,
            name: self.definition.name,
            kind: self.definition.kind,
            label: self.definition.label,
            choices: self.definition.choices,
            required: self.definition.required,
            position: self.position,
            version: self.version,
        }
    }

    pub async fn save(&self, write: &mut Write) -> Result<()> {
        let definition = serde_json::to_string(&self.definition).map_err(Problem::internal)?;
        let update = Query::update()
            .table(Alias::new("custom_field"))
            .value(Alias::new("definition"), definition)
            .value(Alias::new("position"), self.position)
            .value(Alias::new("version"), self.version)
            .value(
                Alias::new("removed_at"),
                self.is_removed.then_some(write.now),
            )
            .and_where(col("id").eq(self.id))
            .to_owned();
        write.execute(&update).await?;
        Ok(())
    }

    pub fn note(&self, write: &mut Write, verb: &str) -> Result<()> {
        let definition = serde_json::to_value(&self.definition).map_err(Problem::internal)?;
        write.note(
            "custom_fields",
            self.id,
            verb,
            object!({ "resource": self.resource, "definition": definition, "position": self.position }),
        );
        Ok(())
    }
}

/// How many fields the resource has got, and the place behind the last.
pub(super) async fn places(write: &mut Write, resource: &Resource) -> Result<(i64, i64)> {
    let select = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .expr(Expr::cust("MAX(position)"))
        .from(Alias::new("custom_field"))
        .and_where(col("resource").eq(resource.name.as_str()))
        .and_where(col("removed_at").is_null())
        .to_owned();
    Ok(match write.rows(&select).await?.first() {
        Some(row) => (
            row.try_get_by_index(0)?,
            row.try_get_by_index::<Option<i64>>(1)?
                .map_or(0, |last| last + 1),
        ),
        None => (0, 0),
    })
}

/// The field as the write sees it, if the actor may configure its resource.
pub(super) async fn find(write: &mut Write, id: Uuid, version: i64) -> Result<Stored> {
    let mut select = Stored::select();
    select
        .and_where(col("id").eq(id))
        .and_where(col("removed_at").is_null());
    let rows = write.rows(&select).await?;
    let field = Stored::read(rows.first().ok_or_else(Problem::not_found)?)?;
    write.access.require_configure(&field.resource)?;
    if field.version != version {
        return Err(Problem::stale(field.version));
    }
    Ok(field)
}

pub(super) async fn is_used(write: &mut Write, field: &Stored, code: &str) -> Result<bool> {
    let resource = write.access.resource(&field.resource)?;
    let column = col(&field.definition.name);
    let fits = if field.definition.kind == FieldType::MultiChoice {
        // Codes are letters, digits and underscores; an underscore finds itself, too.
        column.like(format!("%\"{code}\"%"))
    } else {
        column.eq(code)
    };
    let select = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new(&resource.table))
        .and_where(fits)
        .limit(1)
        .to_owned();
    Ok(!write.rows(&select).await?.is_empty())
}

/// Puts a field at a place among its kin, and numbers them anew.
pub(super) async fn move_to(write: &mut Write, field: &Stored, position: i64) -> Result<i64> {
    let mut select = Query::select();
    select
        .column(Alias::new("id"))
        .from(Alias::new("custom_field"))
        .and_where(col("resource").eq(field.resource.as_str()))
        .and_where(col("removed_at").is_null())
        .order_by(Alias::new("position"), Order::Asc)
        .order_by(Alias::new("created_at"), Order::Asc);
    let mut ids: Vec<Uuid> = Vec::new();
    for row in write.rows(&select).await? {
        ids.push(row.try_get_by_index(0)?);
    }
    ids.retain(|id| *id != field.id);
    let place = usize::try_from(position).unwrap_or_default();
    let place = Ord::min(place, ids.len());
    ids.insert(place, field.id);
    for (i, id) in ids.iter().enumerate() {
        let update = Query::update()
            .table(Alias::new("custom_field"))
            .value(Alias::new("position"), i as i64)
            .and_where(col("id").eq(*id))
            .to_owned();
        write.execute(&update).await?;
    }
    Ok(place as i64)
}
