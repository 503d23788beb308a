//! One field compared with a value, as an expression.

use rules::filter::{Op, Test};
use rules::value::{Field, FieldType, LINE_MAX, Value};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, LikeExpr};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::access::Access;
use crate::problem::{Problem, Result};
use crate::resource::to_sql;

/// Values in one `in`; a person's list is shorter, and both databases take it.
const VALUES_MAX: usize = 500;

pub(super) struct Comparison<'a> {
    pub access: &'a Access,
    pub field: &'a Field,
    pub column: Expr,
}

impl Comparison<'_> {
    pub fn expr(&self, test: &Test) -> Result<Expr> {
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
