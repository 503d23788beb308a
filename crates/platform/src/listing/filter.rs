//! A filter tree as a condition on a resource's table.

use std::sync::Arc;

use rules::filter::{Filter, Test};
use rules::permission::Action;
use rules::value::FieldType;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, Query};

use super::comparison::Comparison;
use crate::access::Access;
use crate::problem::{Problem, Result};
use crate::resource::Resource;

pub fn compile(access: &Access, resource: &Arc<Resource>, filter: &Filter) -> Result<Condition> {
    Ok(match filter {
        Filter::And { and } => {
            let mut all = Condition::all();
            for part in and {
                all = all.add(compile(access, resource, part)?);
            }
            all
        }
        // Any of none finds nothing; left empty, the condition would find everything.
        Filter::Or { or } if or.is_empty() => Condition::all().add(Expr::val(1).eq(0)),
        Filter::Or { or } => {
            let mut any = Condition::any();
            for part in or {
                any = any.add(compile(access, resource, part)?);
            }
            any
        }
        // All that the inner filter doesn't find, those without a value too: a comparison with null is neither true nor false.
        Filter::Not { not } => {
            let found = Expr::from(compile(access, resource, not)?);
            Condition::all().add(Expr::from(Func::coalesce([found, Expr::val(false)])).not())
        }
        Filter::Has { has, with } => compile_relation(access, resource, has, with.as_deref())?,
        Filter::Test(test) => compile_test(access, resource, test)?,
    })
}

fn unknown_field(name: &str) -> Problem {
    let params = serde_json::json!({ "field": name });
    Problem::field_with("filter", "unknown_field", params)
}

/// What a reference of a record names, when the actor may read both.
fn referenced(access: &Access, resource: &Arc<Resource>, reference: &str) -> Result<Arc<Resource>> {
    let field = resource
        .field(reference)
        .ok_or_else(|| unknown_field(reference))?;
    let target = field
        .reference
        .as_deref()
        .filter(|_| field.kind == FieldType::Reference)
        .ok_or_else(|| unknown_field(reference))?;
    access.require_open(resource, field, "filter")?;
    let target = access.app.registry().find(target)?;
    access.require(&target.name, Action::Read)?;
    Ok(target)
}

/// Records whose reference names one of those that the condition finds in the actor's scope.
fn among(
    access: &Access,
    resource: &Arc<Resource>,
    reference: &str,
    target: &Resource,
    condition: Condition,
) -> Condition {
    let mut ids = Query::select();
    ids.column((Alias::new(&target.table), Alias::new("id")))
        .from(Alias::new(&target.table))
        .cond_where(condition);
    if let Some(scope) = access.condition(target, Action::Read) {
        ids.cond_where(scope);
    }
    Condition::all().add(resource.column(reference).in_subquery(ids))
}

/// Records that have a row in a side table, and with what in it.
fn compile_relation(
    access: &Access,
    resource: &Arc<Resource>,
    name: &str,
    with: Option<&Filter>,
) -> Result<Condition> {
    if let Some((reference, rest)) = name.split_once('.') {
        let target = referenced(access, resource, reference)?;
        let inner = compile_relation(access, &target, rest, with)?;
        return Ok(among(access, resource, reference, &target, inner));
    }
    let relation = resource
        .relations
        .iter()
        .find(|relation| relation.rows.name == name)
        .filter(|relation| relation.of.is_none_or(|of| access.allows(of, Action::Read)))
        .ok_or_else(|| unknown_field(name))?;
    let mut ids = Query::select();
    ids.column((Alias::new(&relation.rows.table), Alias::new(relation.key)))
        .from(Alias::new(&relation.rows.table));
    if let Some(with) = with {
        ids.cond_where(compile(access, &relation.rows, with)?);
    }
    Ok(Condition::all().add(resource.column("id").in_subquery(ids)))
}

fn compile_test(access: &Access, resource: &Arc<Resource>, test: &Test) -> Result<Condition> {
    let unknown = || unknown_field(&test.field);
    if let Some((reference, rest)) = test.field.split_once('.') {
        let target = referenced(access, resource, reference)?;
        if rest.contains('.') {
            return Err(unknown());
        }
        let inner = compile_test(
            access,
            &target,
            &Test {
                field: rest.into(),
                ..test.clone()
            },
        )?;
        return Ok(among(access, resource, reference, &target, inner));
    }
    let field = resource
        .field(&test.field)
        .filter(|field| field.filterable)
        .ok_or_else(unknown)?;
    access.require_open(resource, field, "filter")?;
    if !test.op.fits(field.kind) {
        return Err(Problem::field_with(
            "filter",
            "operator_does_not_fit",
            serde_json::json!({ "field": test.field, "type": field.kind.name() }),
        ));
    }
    let column = resource.column(&field.name);
    let comparison = Comparison {
        access,
        field,
        column,
    };
    Ok(Condition::all().add(comparison.expr(test)?))
}
