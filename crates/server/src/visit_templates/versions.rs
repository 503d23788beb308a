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
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query, SelectStatement};
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

fn select() -> SelectStatement {
    Query::select()
        .columns(["id", "template_id", "number", "steps", "created_at"].map(Alias::new))
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

/// The newest version of each of these templates.
pub async fn newest(access: &Access, templates: &[(Uuid, i64)]) -> Result<HashMap<Uuid, Version>> {
    let mut found = HashMap::new();
    if templates.is_empty() {
        return Ok(found);
    }
    let mut select = select();
    select.and_where(col("template_id").is_in(templates.iter().map(|(id, _)| *id)));
    for row in access.rows(&select).await? {
        let version = read(&row)?;
        if templates.contains(&(version.template_id, version.number)) {
            found.insert(version.template_id, version);
        }
    }
    Ok(found)
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
pub async fn add(write: &mut Write, template: Uuid, number: i64, steps: &[Step]) -> Result<Uuid> {
    let id = new_id();
    let row = vec![
        id.into(),
        template.into(),
        number.into(),
        json!(steps).to_string().into(),
        write.now.into(),
    ];
    let columns = ["id", "template_id", "number", "steps", "created_at"];
    write.insert(TABLE, &columns, row).await?;
    Ok(id)
}

/// 409 when a visit was done by the template.
pub async fn refuse_used(write: &mut Write, template: Uuid) -> Result<()> {
    let used = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("visit_answer"))
        .and_where(col("template_id").eq(template))
        .limit(1)
        .to_owned();
    if write.rows(&used).await?.is_empty() {
        Ok(())
    } else {
        Err(Problem::rule("still_referenced")
            .with(json!({ "resource": "visit_answers", "count": 1 })))
    }
}
