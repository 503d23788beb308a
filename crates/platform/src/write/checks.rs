//! What every record is held to by its description.

use rules::permission::Action;
use rules::value::{FieldType, Value};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Write;
use crate::problem::{FieldProblem, Problem, Result};
use crate::resource::{Record, SYSTEM, to_sql};

impl Write {
    /// Required fields, references in scope, and unique values; all bad fields at once.
    pub(super) async fn check(&mut self, after: &Record, before: Option<&Record>) -> Result<()> {
        let resource = after.resource.clone();
        let mut errors = Vec::new();
        for (i, field) in resource.fields.iter().enumerate().skip(SYSTEM) {
            let value = &after.values[i];
            if value.is_null() {
                if field.required {
                    errors.push(FieldProblem::new(&field.name, "required", Json::Null));
                }
                continue;
            }
            if before.is_some_and(|before| before.values[i] == *value) {
                continue;
            }
            // Imports and the demo company have resolved their references and keys before they write.
            if self.cause.is_bulk() {
                continue;
            }
            if let (Value::Id(id), Some(target)) = (value, &field.reference) {
                if !self.refers(target, *id).await? {
                    errors.push(FieldProblem::new(
                        &field.name,
                        "unknown_reference",
                        Json::Null,
                    ));
                } else if *target == resource.name && *id == after.id() {
                    errors.push(FieldProblem::new(
                        &field.name,
                        "refers_to_itself",
                        Json::Null,
                    ));
                }
            }
            if field.kind == FieldType::References
                && let Some(target) = &field.reference
            {
                // What is gone meanwhile may stay; what comes must be there.
                let known = before.map_or(Vec::new(), |before| before.values[i].as_ids());
                let mut ids = value.as_ids();
                ids.retain(|id| !known.contains(id));
                if !self.refers_to_all(target, &ids).await? {
                    errors.push(FieldProblem::new(
                        &field.name,
                        "unknown_reference",
                        Json::Null,
                    ));
                }
            }
            if field.unique && self.is_taken(after, i).await? {
                errors.push(FieldProblem::new(&field.name, "already_exists", Json::Null));
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(errors))
        }
    }

    /// Whether another record has the same value in this field.
    pub(super) async fn is_taken(&mut self, record: &Record, field: usize) -> Result<bool> {
        let resource = &record.resource;
        let kind = resource.fields[field].kind;
        let value = to_sql(kind, &record.values[field]);
        let select = Query::select()
            .column(Alias::new("id"))
            .from(Alias::new(&resource.table))
            .and_where(
                resource
                    .column(&resource.fields[field].name)
                    .eq(Expr::val(value)),
            )
            .and_where(resource.column("id").ne(record.id()))
            .limit(1)
            .to_owned();
        Ok(!self.rows(&select).await?.is_empty())
    }

    /// Whether the referred record exists and the actor may see it.
    pub(super) async fn refers(&mut self, target: &str, id: Uuid) -> Result<bool> {
        self.refers_to_all(target, &[id]).await
    }

    /// Whether the referred records, each named once, exist and the actor may see them.
    pub(super) async fn refers_to_all(&mut self, target: &str, ids: &[Uuid]) -> Result<bool> {
        let app = self.access.app.clone();
        let directory = app.directory();
        let unknown: Vec<Uuid> = ids
            .iter()
            .copied()
            .filter(|id| match target {
                "people" => !directory.people.contains_key(id),
                "teams" => !directory.teams.contains_key(id),
                _ => true,
            })
            .collect();
        if unknown.is_empty() {
            return Ok(true);
        }
        let resource = app.registry().find(target)?;
        let mut select = Query::select();
        select
            .column((Alias::new(&resource.table), Alias::new("id")))
            .from(Alias::new(&resource.table))
            .and_where(resource.column("id").is_in(unknown.iter().copied()));
        if let Some(condition) = self.access.condition(&resource, Action::Read) {
            select.cond_where(condition);
        }
        Ok(self.rows(&select).await?.len() == unknown.len())
    }
}
