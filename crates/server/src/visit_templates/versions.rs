//! The versions of a template's steps: each stays as it was, since visits were done by it.

use std::collections::HashMap;
use std::sync::Arc;

use platform::access::Access;
use platform::clock::new_id;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::write::Write;
use rules::visit_steps::Step;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::json;
use uuid::Uuid;

pub const TABLE: &str = "visit_template_version";

/// Steps as they were from some day on.
#[derive(Debug, Clone)]
pub struct Version {
    pub id: Uuid,
    pub template_id: Uuid,
    pub number: i64,
    pub steps: Vec<Step>,
    /// Milliseconds UTC.
    pub created_at: i64,
}

const COLUMNS: [&str; 5] = ["id", "template_id", "number", "steps", "created_at"];

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(|column| (Alias::new(TABLE), Alias::new(column))))
        .from(Alias::new(TABLE))
        .to_owned()
}

fn read(row: &QueryResult) -> Result<Version> {
    let steps: String = row.try_get_by_index(3)?;
    Ok(Version {
        id: row.try_get_by_index(0)?,
        template_id: row.try_get_by_index(1)?,
        number: row.try_get_by_index(2)?,
        steps: serde_json::from_str(&steps).map_err(Problem::internal)?,
        created_at: row.try_get_by_index(4)?,
    })
}

/// All versions of a template, newest first.
pub async fn of_template(access: &Access, template: Uuid) -> Result<Vec<Version>> {
    let mut select = select();
    select
        .and_where(col("template_id").eq(template))
        .order_by(Alias::new("number"), Order::Desc);
    access.rows(&select).await?.iter().map(read).collect()
}

/// The newest version of each template, by template.
pub async fn newest(access: &Access) -> Result<HashMap<Uuid, Version>> {
    let template = |column| Expr::col((Alias::new("visit_template"), Alias::new(column)));
    let of_template = template("id").equals((Alias::new(TABLE), Alias::new("template_id")));
    let is_newest = template("steps_version").equals((Alias::new(TABLE), Alias::new("number")));
    let mut select = select();
    select.inner_join(Alias::new("visit_template"), of_template.and(is_newest));
    let versions = access.rows(&select).await?.into_iter().map(|row| {
        let version = read(&row)?;
        Ok((version.template_id, version))
    });
    versions.collect()
}

/// Versions read in a write; they never change.
#[derive(Default)]
struct Known(HashMap<Uuid, Arc<Version>>);

pub async fn by_id(write: &mut Write, id: Uuid) -> Result<Option<Arc<Version>>> {
    let known = write.memory.get::<Known>();
    if let Some(version) = known.and_then(|known| known.0.get(&id)) {
        return Ok(Some(version.clone()));
    }
    let mut select = select();
    select.and_where(col("id").eq(id));
    let Some(row) = write.rows(&select).await?.into_iter().next() else {
        return Ok(None);
    };
    let version = Arc::new(read(&row)?);
    let kept = version.clone();
    write.memory.change(|known: &mut Known| {
        known.0.insert(id, kept);
    });
    Ok(Some(version))
}

/// Adds a version with these steps.
pub async fn add(
    write: &mut Write,
    template_id: Uuid,
    number: i64,
    steps: Vec<Step>,
) -> Result<Version> {
    let version = Version {
        id: new_id(),
        template_id,
        number,
        steps,
        created_at: write.now,
    };
    let row = vec![
        version.id.into(),
        template_id.into(),
        number.into(),
        json!(version.steps).to_string().into(),
        version.created_at.into(),
    ];
    write.insert(TABLE, &COLUMNS, row).await?;
    Ok(version)
}
