//! What every record is held to by its description.

use std::collections::{HashMap, HashSet};

use rules::permission::Action;
use rules::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UnionType};
use serde_json::Value as Json;

use super::Write;
use crate::problem::{FieldProblem, Problem, Result};
use crate::resource::{Record, SYSTEM, to_sql};

impl Write {
    /// Required fields, references in scope, and unique values; all bad fields at once.
    pub(super) async fn check(&mut self, after: &Record, before: Option<&Record>) -> Result<()> {
        let resource = after.resource.clone();
        let mut errors = Vec::new();
        let unknown = self.unknown_references(after, before).await?;
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
            if unknown.contains(&i) {
                let code = "unknown_reference";
                errors.push(FieldProblem::new(&field.name, code, Json::Null));
            } else if let (Value::Id(id), Some(target)) = (value, &field.reference)
                && *target == resource.name
                && *id == after.id()
            {
                let code = "refers_to_itself";
                errors.push(FieldProblem::new(&field.name, code, Json::Null));
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

    /// The fields, by their position, that newly refer to what does not exist or what the actor may not see; all asked at once.
    async fn unknown_references(
        &mut self,
        after: &Record,
        before: Option<&Record>,
    ) -> Result<HashSet<usize>> {
        // Imports and the demo company have resolved their references before they write.
        if self.cause.is_bulk() {
            return Ok(HashSet::new());
        }
        let app = self.access.app.clone();
        let (directory, registry) = (app.directory(), app.registry());
        let mut missing: HashMap<usize, usize> = HashMap::new();
        let mut question: Option<SelectStatement> = None;
        for (i, field) in after.resource.fields.iter().enumerate().skip(SYSTEM) {
            let Some(target) = &field.reference else {
                continue;
            };
            // What is gone meanwhile may stay; what comes must be there.
            let known = before.map_or(Vec::new(), |before| before.values[i].ids());
            let mut ids = after.values[i].ids();
            ids.retain(|id| !known.contains(id) && !directory.has(target, *id));
            if ids.is_empty() {
                continue;
            }
            let resource = registry.find(target)?;
            let mut select = Query::select();
            select
                .expr(Expr::val(i as i64).cast_as("bigint"))
                .from(Alias::new(&resource.table))
                .and_where(resource.column("id").is_in(ids.iter().copied()));
            if let Some(condition) = self.access.condition(&resource, Action::Read) {
                select.cond_where(condition);
            }
            missing.insert(i, ids.len());
            match &mut question {
                Some(question) => {
                    question.union(UnionType::All, select);
                }
                None => question = Some(select),
            }
        }
        if let Some(question) = question {
            for row in self.rows(&question).await? {
                let i = row.try_get_by_index::<i64>(0)? as usize;
                missing.entry(i).and_modify(|count| *count -= 1);
            }
        }
        missing.retain(|_, count| *count > 0);
        Ok(missing.into_keys().collect())
    }
}
