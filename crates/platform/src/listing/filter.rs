//! A filter tree as a condition on a resource's table.

use std::sync::Arc;

use rules::filter::{Filter, Op, Test};
use rules::value::{FieldType, Value};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, LikeExpr, Query};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::access::Access;
use crate::problem::{Problem, Result};
use crate::resource::{Resource, to_sql};
use rules::value::{Field, LINE_MAX};

/// Values in one `in`; a person's list is shorter, and both databases take it.
const VALUES_MAX: usize = 500;

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

/// Records that have a row in a side table, and with what in it.
fn compile_relation(
    access: &Access,
    resource: &Arc<Resource>,
    name: &str,
    with: Option<&Filter>,
) -> Result<Condition> {
    let relation = resource
        .relations
        .iter()
        .find(|relation| relation.rows.name == name)
        .ok_or_else(|| {
            Problem::field_with(
                "filter",
                "unknown_field",
                serde_json::json!({ "field": name }),
            )
        })?;
    let mut ids = Query::select();
    ids.column((Alias::new(&relation.rows.table), Alias::new(relation.key)))
        .from(Alias::new(&relation.rows.table));
    if let Some(with) = with {
        ids.cond_where(compile(access, &relation.rows, with)?);
    }
    Ok(Condition::all().add(resource.column("id").in_subquery(ids)))
}

fn compile_test(access: &Access, resource: &Arc<Resource>, test: &Test) -> Result<Condition> {
    let unknown = || {
        Problem::field_with(
            "filter",
            "unknown_field",
            serde_json::json!({ "field": test.field }),
        )
    };
    if let Some((reference, rest)) = test.field.split_once('.') {
        let field = resource.field(reference).ok_or_else(unknown)?;
        let target = field
            .reference
            .as_deref()
            .filter(|_| field.kind == FieldType::Reference)
            .ok_or_else(unknown)?;
        if rest.contains('.') {
            return Err(unknown());
        }
        access.require_open(resource, field, "filter")?;
        let target = access.app.registry().find(target)?;
        access.require(&target.name, rules::permission::Action::Read)?;
        let inner = compile_test(
            access,
            &target,
            &Test {
                field: rest.into(),
                ..test.clone()
            },
        )?;
        let mut ids = Query::select();
        ids.column((Alias::new(&target.table), Alias::new("id")))
            .from(Alias::new(&target.table))
            .cond_where(inner);
        if let Some(scope) = access.condition(&target, rules::permission::Action::Read) {
            ids.cond_where(scope);
        }
        return Ok(Condition::all().add(resource.column(reference).in_subquery(ids)));
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

struct Comparison<'a> {
    access: &'a Access,
    field: &'a Field,
    column: Expr,
}

impl Comparison<'_> {
    fn expr(&self, test: &Test) -> Result<Expr> {
        let column = self.column.clone();
        let value = &test.value;
        Ok(match test.op {
            Op::Empty => column.is_null(),
            Op::NotEmpty => column.is_not_null(),
            Op::Eq if value.is_null() => column.is_null(),
            Op::Ne if value.is_null() => column.is_not_null(),
            Op::Eq => match self.day(value) {
                Some((start, end)) => column.clone().gte(start).and(column.lt(end)),
                None => column.eq(self.one(value)?),
            },
            // "Is not A" includes those that have no value.
            Op::Ne => {
                let other = match self.day(value) {
                    Some((start, end)) => column.clone().lt(start).or(column.clone().gte(end)),
                    None => column.clone().ne(self.one(value)?),
                };
                other.or(column.is_null())
            }
            Op::Lt => column.lt(self.one(value)?),
            Op::Le => self.up_to(value)?,
            Op::Gt => match self.day(value) {
                Some((_, end)) => column.gte(end),
                None => column.gt(self.one(value)?),
            },
            Op::Ge => column.gte(self.one(value)?),
            Op::Between => match value.as_array().map(Vec::as_slice) {
                Some([low, high]) => column.gte(self.one(low)?).and(self.up_to(high)?),
                _ => return Err(self.bad("between_needs_two")),
            },
            Op::During => self.during(value)?,
            Op::Contains => self.like(value, "%", "%")?,
            Op::StartsWith => self.like(value, "", "%")?,
            Op::In if self.is_tree() => Expr::from(self.below(value)?),
            Op::NotIn if self.is_tree() => {
                Expr::from(self.below(value)?.not()).or(column.is_null())
            }
            Op::In => match self.many(value)?.as_slice() {
                // One value is an equality, which an index can sort by.
                [one] => column.eq(one.clone()),
                many => column.is_in(many.to_vec()),
            },
            Op::NotIn => column
                .clone()
                .is_not_in(self.many(value)?)
                .or(column.is_null()),
            Op::Is => match value.as_bool() {
                Some(true) => column.eq(true),
                Some(false) => column.clone().eq(false).or(column.is_null()),
                None => return Err(self.bad("wrong_type")),
            },
            Op::HasAny | Op::HasAll => {
                let mut has = if test.op == Op::HasAny {
                    Condition::any()
                } else {
                    Condition::all()
                };
                for item in self.items(value.as_array().ok_or_else(|| self.bad("wrong_type"))?)? {
                    let text = self.text(item)?;
                    has = has.add(if self.field.kind == FieldType::References {
                        self.holds(&self.reference(item)?.to_string())?
                    } else {
                        self.holds(text)?
                    });
                }
                return Ok(Expr::from(has));
            }
        })
    }

    /// A list in the text of its JSON holds an item in quotes; byte by byte, as LIKE wouldn't on SQLite.
    fn holds(&self, item: &str) -> Result<Expr> {
        let quoted = serde_json::to_string(item).map_err(Problem::internal)?;
        let position = if self.access.app.db.is_postgres() {
            "STRPOS"
        } else {
            "INSTR"
        };
        let position = Func::cust(Alias::new(position))
            .arg(self.column.clone())
            .arg(quoted);
        Ok(Expr::from(position).gt(0))
    }

    /// The items of a list that must have some.
    fn items<'j>(&self, items: &'j [Json]) -> Result<&'j [Json]> {
        if items.is_empty() {
            return Err(self.bad("required"));
        }
        if items.len() > VALUES_MAX {
            return Err(self.bad("too_many"));
        }
        Ok(items)
    }

    /// A text to look for: neither empty nor longer than any line, and of characters that PostgreSQL takes.
    fn text<'j>(&self, value: &'j Json) -> Result<&'j str> {
        let text = value.as_str().ok_or_else(|| self.bad("wrong_type"))?;
        if text.is_empty() {
            return Err(self.bad("required"));
        }
        if text.chars().count() > LINE_MAX {
            return Err(Problem::field_with(
                "filter",
                "too_long",
                serde_json::json!({ "field": self.field.name, "max": LINE_MAX }),
            ));
        }
        if text.chars().any(char::is_control) {
            return Err(self.bad("control_characters"));
        }
        Ok(text)
    }

    /// The first instant of a bare day and of the one after it, when an instant is compared with one.
    fn day(&self, value: &Json) -> Option<(i64, i64)> {
        let day: chrono::NaiveDate = match self.field.kind {
            FieldType::Instant => value.as_str()?.parse().ok()?,
            _ => return None,
        };
        let clock = &self.access.app.clock;
        Some((
            clock.start_of(day),
            clock.start_of(day.succ_opt().unwrap_or(day)),
        ))
    }

    /// At most the value; a bare day counts to its end.
    fn up_to(&self, value: &Json) -> Result<Expr> {
        let column = self.column.clone();
        Ok(match self.day(value) {
            Some((_, end)) => column.lt(end),
            None => column.lte(self.one(value)?),
        })
    }

    fn bad(&self, code: &str) -> Problem {
        Problem::field_with(
            "filter",
            code,
            serde_json::json!({ "field": self.field.name }),
        )
    }

    /// One value, checked by the field's own type. Choices and references may name what no longer exists.
    fn one(&self, value: &Json) -> Result<Expr> {
        let refused = |refusal: &rules::value::Refusal| self.bad(refusal.code);
        let value = match self.field.kind {
            FieldType::Choice
            | FieldType::Region
            | FieldType::Industry
            | FieldType::Email
            | FieldType::Phone => Value::Text(self.text(value)?.to_owned()),
            FieldType::Reference => Value::Id(self.reference(value)?),
            // A bare day means its beginning.
            FieldType::Instant if self.day(value).is_some() => {
                self.day(value).map(|(start, _)| start).into()
            }
            _ => self
                .field
                .parse(value)
                .map_err(|refusal| refused(&refusal))?,
        };
        if value.is_null() {
            return Err(self.bad("required"));
        }
        Ok(Expr::val(to_sql(self.field.kind, &value)))
    }

    fn reference(&self, value: &Json) -> Result<Uuid> {
        match value.as_str() {
            Some("me") => Ok(self.access.actor.person_id),
            Some(id) => Uuid::parse_str(id).map_err(|_| self.bad("not_an_id")),
            None => Err(self.bad("wrong_type")),
        }
    }

    fn many(&self, value: &Json) -> Result<Vec<Expr>> {
        let items = match value {
            Json::Array(items) => items.clone(),
            one => vec![one.clone()],
        };
        if items.len() > VALUES_MAX {
            return Err(self.bad("too_many"));
        }
        let mut values = Vec::new();
        for item in &items {
            if item.as_str() == Some("my_team") && self.field.reference.as_deref() == Some("people")
            {
                let directory = self.access.app.directory();
                let team = self.access.actor.team_id;
                let mates = directory
                    .people
                    .values()
                    .filter(|person| team.is_some() && person.team_id == team);
                values.extend(mates.map(|person| Expr::val(person.id)));
            } else if item.as_str() == Some("my_team")
                && self.field.reference.as_deref() == Some("teams")
            {
                values.extend(self.access.actor.team_id.map(Expr::val));
            } else {
                values.push(self.one(item)?);
            }
        }
        Ok(values)
    }

    fn is_tree(&self) -> bool {
        matches!(self.field.kind, FieldType::Region | FieldType::Industry)
    }

    /// A province includes its cities, a section its divisions.
    fn below(&self, value: &Json) -> Result<Condition> {
        let mut any = Condition::any();
        for item in self.items(
            value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice),
        )? {
            let code = self.text(item)?;
            // A range, not LIKE, so that an index serves it: codes are ASCII, `~` is beyond all of them.
            let column = self.column.clone();
            any = any.add(column.clone().gte(code).and(column.lt(format!("{code}~"))));
        }
        Ok(any)
    }

    fn during(&self, value: &Json) -> Result<Expr> {
        let text = value.as_str().ok_or_else(|| self.bad("unknown_period"))?;
        let period: rules::period::RelativePeriod =
            text.parse().map_err(|_| self.bad("unknown_period"))?;
        let (first, last) = rules::period::range(period, self.access.app.clock.today());
        let column = self.column.clone();
        Ok(if self.field.kind == FieldType::Day {
            column
                .clone()
                .gte(first.to_string())
                .and(column.lte(last.to_string()))
        } else {
            let clock = &self.access.app.clock;
            let after = last.succ_opt().unwrap_or(last);
            column
                .clone()
                .gte(clock.start_of(first))
                .and(column.lt(clock.start_of(after)))
        })
    }

    fn like(&self, value: &Json, before: &str, after: &str) -> Result<Expr> {
        // Latin letters match whatever their case: both databases fold those of ASCII, and no others.
        let text = self.text(value)?.to_ascii_lowercase();
        let column = Expr::from(Func::lower(self.column.clone()));
        Ok(column.like(pattern(before, &text, after)))
    }
}

fn pattern(before: &str, text: &str, after: &str) -> LikeExpr {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    LikeExpr::new(format!("{before}{escaped}{after}")).escape('\\')
}
