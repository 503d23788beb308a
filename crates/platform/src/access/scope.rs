//! Scopes as SQL: sub-queries over the closures of teams and of the line of command, the same on both databases.

use rules::permission::{Action, Scope};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use uuid::Uuid;

use super::{Access, Right};
use crate::resource::{Guard, Reader, Registry, Resource};

fn col(table: &str, column: &str) -> Expr {
    Expr::col((Alias::new(table), Alias::new(column)))
}

/// How a statement uses its scope.
#[derive(Clone, Copy, PartialEq)]
pub enum Use {
    /// To find rows by it, or to test them, as the database finds best.
    Any,
    /// To test rows that are found by something else: each is looked at by itself, nothing is gathered beforehand.
    Test,
}

pub fn condition(
    access: &Access,
    resource: &Resource,
    action: Action,
    scopes: &[Scope],
    how: Use,
) -> Option<Condition> {
    if scopes.contains(&Scope::All) {
        return None;
    }
    match resource.guard {
        Guard::Everybody => None,
        Guard::Owner(field) => {
            let mut any = owners(access, col(&resource.table, field), scopes);
            let shared: Vec<Uuid> = access
                .actor
                .shares
                .iter()
                .filter(|(_, right)| {
                    action == Action::Read || (action == Action::Edit && **right == Right::Edit)
                })
                .map(|(id, _)| *id)
                .collect();
            if !shared.is_empty() && !scopes.is_empty() {
                any = any.add(col(&resource.table, "id").is_in(shared));
            }
            if action == Action::Read && !scopes.is_empty() {
                for reader in &resource.readers {
                    any = any.add(named(access, resource, reader, None));
                }
            }
            Some(any)
        }
        Guard::Via(field) => {
            let registry = access.app.registry();
            let parent = parent_of(&registry, resource, field)?;
            let limit = condition(access, &parent, action, scopes, how)?;
            let mut parents = Query::select();
            parents
                .column((Alias::new(&parent.table), Alias::new("id")))
                .from(Alias::new(&parent.table))
                .cond_where(limit);
            Some(Condition::all().add(match how {
                Use::Any => col(&resource.table, field).in_subquery(parents),
                Use::Test => {
                    let of_row = (Alias::new(&resource.table), Alias::new(field));
                    parents.and_where(col(&parent.table, "id").equals(of_row));
                    Expr::exists(parents)
                }
            }))
        }
    }
}

/// Whether an owner is one of those whose records the scopes cover.
pub fn owners(access: &Access, owner: Expr, scopes: &[Scope]) -> Condition {
    let mut any = Condition::any();
    for scope in scopes {
        any = any.add(owned(access, owner.clone(), scope));
    }
    // Any of none finds nothing; left empty, the condition would find everything.
    if scopes.is_empty() {
        any = any.add(Expr::val(1).eq(0));
    }
    any
}

pub fn parent_of(
    registry: &Registry,
    resource: &Resource,
    field: &str,
) -> Option<std::sync::Arc<Resource>> {
    registry
        .get(resource.field(field)?.reference.as_deref()?)
        .cloned()
}

/// The record behind a reference may be read.
pub fn read_with(access: &Access, registry: &Registry, resource: &Resource, field: &str) -> Expr {
    let Some(parent) = parent_of(registry, resource, field) else {
        return Expr::val(1).eq(0);
    };
    if !access.allows(&parent.name, Action::Read) {
        return Expr::val(1).eq(0);
    }
    let mut one = Query::select();
    one.expr(Expr::val(1))
        .from(Alias::new(&parent.table))
        .and_where(
            col(&parent.table, "id").equals((Alias::new(&resource.table), Alias::new(field))),
        );
    if let Some(condition) = access.condition(&parent, Action::Read) {
        one.cond_where(condition);
    }
    Expr::exists(one)
}

/// The record names the actor among its readers; where another table keeps these, of so many records there at most, the newest.
pub fn named(access: &Access, resource: &Resource, reader: &Reader, newest: Option<u64>) -> Expr {
    let me = access.actor.person_id;
    let Some(side) = reader.side else {
        return col(&resource.table, reader.field).eq(me);
    };
    let mut ids = Query::select();
    ids.column(Alias::new(side.key))
        .from(Alias::new(side.table))
        .and_where(Expr::col(Alias::new(side.person)).eq(me));
    if let Some(newest) = newest {
        // Ids follow time.
        ids.order_by(Alias::new(side.key), Order::Desc)
            .limit(newest);
    }
    col(&resource.table, "id").in_subquery(ids)
}

fn owned(access: &Access, owner: Expr, scope: &Scope) -> Expr {
    let actor = &access.actor;
    let people_of = |teams: SelectStatement| {
        Query::select()
            .column(Alias::new("id"))
            .from(Alias::new("person"))
            .and_where(Expr::col(Alias::new("team_id")).in_subquery(teams))
            .to_owned()
    };
    match scope {
        Scope::All => Expr::val(1).eq(1),
        Scope::Own => owner.eq(actor.person_id),
        Scope::OwnAndSubordinates => owner.in_subquery(
            Query::select()
                .column(Alias::new("descendant_id"))
                .from(Alias::new("command_closure"))
                .and_where(Expr::col(Alias::new("ancestor_id")).eq(actor.person_id))
                .to_owned(),
        ),
        // Whoever has no team still sees their own.
        Scope::Team | Scope::TeamAndBelow if actor.team_id.is_none() => owner.eq(actor.person_id),
        Scope::Team => owner.in_subquery(
            Query::select()
                .column(Alias::new("id"))
                .from(Alias::new("person"))
                .and_where(Expr::col(Alias::new("team_id")).eq(actor.team_id))
                .to_owned(),
        ),
        Scope::TeamAndBelow => owner.in_subquery(people_of(
            Query::select()
                .column(Alias::new("descendant_id"))
                .from(Alias::new("team_closure"))
                .and_where(Expr::col(Alias::new("ancestor_id")).eq(actor.team_id))
                .to_owned(),
        )),
        Scope::NamedTeams(teams) => owner.in_subquery(
            Query::select()
                .column(Alias::new("id"))
                .from(Alias::new("person"))
                .and_where(Expr::col(Alias::new("team_id")).is_in(teams.iter().copied()))
                .to_owned(),
        ),
    }
}

/// `[guarding record, its owner]` of a row, as expressions over the resource's table.
pub fn guard_exprs(registry: &Registry, resource: &Resource) -> Vec<Expr> {
    match resource.guard {
        Guard::Everybody => vec![col(&resource.table, "id"), Expr::cust("NULL")],
        Guard::Owner(field) => vec![col(&resource.table, "id"), col(&resource.table, field)],
        Guard::Via(field) => match parent_of(registry, resource, field) {
            None => vec![col(&resource.table, field), Expr::cust("NULL")],
            Some(parent) => guard_exprs(registry, &parent)
                .into_iter()
                .map(|expr| {
                    let select = Query::select()
                        .expr(expr)
                        .from(Alias::new(&parent.table))
                        .and_where(
                            col(&parent.table, "id")
                                .equals((Alias::new(&resource.table), Alias::new(field))),
                        )
                        .to_owned();
                    Expr::SubQuery(None, Box::new(select.into()))
                })
                .collect(),
        },
    }
}
