//! Rows as JSON, field by field, with what the actor may do to each and the names of what they refer to.

use std::collections::HashSet;
use std::io::Write as _;
use std::sync::Arc;

use rules::permission::FieldRule;
use rules::value::{Field, FieldType, Value};
use sea_orm::QueryResult;
use sea_orm::sea_query::SelectStatement;
use uuid::Uuid;

use crate::access::{Access, mask};
use crate::problem::{FieldProblem, Problem, Result};
use crate::resource::{Record, Resource, read_value};

struct Column {
    /// Position in the resource.
    field: usize,
    kind: FieldType,
    /// `"name":` ready to be written.
    key: Vec<u8>,
    masked: bool,
    refers: bool,
    /// Position in the resource of the field that names the amount's currency.
    counted_in: Option<usize>,
}

impl Column {
    /// Notes the ids that a value refers to.
    fn collect(&self, value: &Value, referred: &mut HashSet<(usize, Uuid)>) {
        match value {
            Value::Id(id) if self.refers => {
                referred.insert((self.field, *id));
            }
            Value::List(ids) if self.refers => {
                referred.extend(
                    ids.iter()
                        .filter_map(|id| Some((self.field, Uuid::parse_str(id).ok()?))),
                );
            }
            _ => {}
        }
    }
}

/// One value as the API shows it: money with its currency, instants as RFC 3339.
pub fn value_json(kind: FieldType, value: &Value, currency: &str) -> serde_json::Value {
    match value {
        Value::Int(int) if kind == FieldType::Money => {
            serde_json::json!({ "amount_minor": int, "currency": currency })
        }
        Value::Int(int) if kind == FieldType::Instant => {
            serde_json::json!(rules::value::instant_text(*int))
        }
        other => other.to_json(),
    }
}

/// The currency of a field's amount: what the company counts in, or what these stored values name; `XXX`, no currency, where
/// they leave it out.
pub fn currency_of<'v>(
    field: &Field,
    stored: impl FnOnce(&str) -> Option<&'v serde_json::Value>,
    base: &'v str,
) -> &'v str {
    match field.counted_in {
        None => base,
        Some(name) => stored(name)
            .and_then(serde_json::Value::as_str)
            .unwrap_or("XXX"),
    }
}

/// Writes rows of one resource for one actor.
pub struct RowWriter<'a> {
    access: &'a Access,
    resource: Arc<Resource>,
    columns: Vec<Column>,
    masked: Vec<u8>,
    currency: Vec<u8>,
}

impl<'a> RowWriter<'a> {
    pub fn new(
        access: &'a Access,
        resource: &Arc<Resource>,
        columns: Option<&str>,
    ) -> Result<RowWriter<'a>> {
        let wanted: Option<HashSet<&str>> = columns
            .filter(|c| !c.is_empty())
            .map(|c| c.split(',').map(str::trim).collect());
        if let Some(unknown) = wanted
            .iter()
            .flatten()
            .find(|name| resource.field(name).is_none())
        {
            let params = serde_json::json!({ "field": unknown });
            return Err(Problem::invalid(vec![FieldProblem::new(
                "columns",
                "unknown_field",
                params,
            )]));
        }
        let mut list = Vec::new();
        let mut masked: Vec<&str> = Vec::new();
        for (i, field) in resource.fields.iter().enumerate() {
            if i >= 2
                && wanted
                    .as_ref()
                    .is_some_and(|wanted| !wanted.contains(field.name.as_str()))
            {
                continue;
            }
            let rule = access.field_rule(resource, field);
            if rule == Some(FieldRule::Hide) {
                continue;
            }
            if rule == Some(FieldRule::Mask) {
                masked.push(&field.name);
            }
            list.push(Column {
                field: i,
                kind: field.kind,
                key: format!("\"{}\":", field.name).into_bytes(),
                masked: rule == Some(FieldRule::Mask),
                // The name behind a masked reference would tell it.
                refers: rule.is_none() && field.reference.is_some(),
                counted_in: field.counted_in.and_then(|name| resource.position(name)),
            });
        }
        Ok(RowWriter {
            access,
            resource: resource.clone(),
            columns: list,
            masked: serde_json::to_vec(&masked).map_err(Problem::internal)?,
            currency: format!(",\"currency\":\"{}\"}}", access.app.settings().currency)
                .into_bytes(),
        })
    }

    /// Adds the columns to a statement, and behind them the guarding record and its owner.
    pub fn select(&self, select: &mut SelectStatement) {
        for column in &self.columns {
            select.expr(
                self.resource
                    .column(&self.resource.fields[column.field].name),
            );
        }
        for expr in self.access.guard_exprs(&self.resource) {
            select.expr(expr);
        }
        for position in self.currencies() {
            select.expr(self.resource.column(&self.resource.fields[position].name));
        }
    }

    /// Fields that name the currencies of the columns, one for each column that needs it.
    fn currencies(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().filter_map(|column| column.counted_in)
    }

    /// How many columns `select` adds; what a caller adds stands behind them.
    pub fn width(&self) -> usize {
        self.columns.len() + 2 + self.currencies().count()
    }

    /// Writes rows separated by commas; answers the ids they refer to.
    pub fn write_rows(
        &self,
        rows: &[QueryResult],
        out: &mut Vec<u8>,
    ) -> Result<HashSet<(usize, Uuid)>> {
        let mut referred = HashSet::new();
        for (i, row) in rows.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            self.write_row(row, &[], out, &mut referred)?;
        }
        Ok(referred)
    }

    /// Writes one row, with `extra` (`"key":value` pairs) before its end.
    pub fn write_row(
        &self,
        row: &QueryResult,
        extra: &[u8],
        out: &mut Vec<u8>,
        referred: &mut HashSet<(usize, Uuid)>,
    ) -> Result<()> {
        out.push(b'{');
        let mut currency = self.columns.len() + 2;
        for (i, column) in self.columns.iter().enumerate() {
            let mut value = read_value(row, i, column.kind)?;
            column.collect(&value, referred);
            if column.masked {
                value = mask(column.kind, &value);
            }
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&column.key);
            if column.counted_in.is_some() {
                let named: Option<String> = row.try_get_by_index(currency)?;
                currency += 1;
                self.write_money(&value, named.as_deref(), out)?;
            } else {
                self.write_value(column.kind, &value, out)?;
            }
        }
        let n = self.columns.len();
        let root: Option<Uuid> = row.try_get_by_index(n)?;
        let owner: Option<Uuid> = row.try_get_by_index(n + 1).unwrap_or_default();
        self.finish(root, owner, extra, out);
        Ok(())
    }

    /// Writes one record that was read whole.
    pub fn write_record(
        &self,
        record: &Record,
        root: (Uuid, Option<Uuid>),
        extra: &[u8],
        out: &mut Vec<u8>,
        referred: &mut HashSet<(usize, Uuid)>,
    ) -> Result<()> {
        out.push(b'{');
        for (i, column) in self.columns.iter().enumerate() {
            let value = &record.values[column.field];
            column.collect(value, referred);
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&column.key);
            let hidden = column.masked.then(|| mask(column.kind, value));
            let shown = hidden.as_ref().unwrap_or(value);
            match column.counted_in {
                Some(at) => self.write_money(shown, record.values[at].as_text(), out)?,
                None => self.write_value(column.kind, shown, out)?,
            }
        }
        self.finish(Some(root.0), root.1, extra, out);
        Ok(())
    }

    fn finish(&self, root: Option<Uuid>, owner: Option<Uuid>, extra: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(b",\"can\":[");
        for (i, action) in self
            .access
            .can(&self.resource, root.unwrap_or_default(), owner)
            .iter()
            .enumerate()
        {
            if i > 0 {
                out.push(b',');
            }
            out.push(b'"');
            out.extend_from_slice(action.as_bytes());
            out.push(b'"');
        }
        out.push(b']');
        if self.masked.len() > 2 {
            out.extend_from_slice(b",\"masked\":");
            out.extend_from_slice(&self.masked);
        }
        if !extra.is_empty() {
            out.push(b',');
            out.extend_from_slice(extra);
        }
        out.push(b'}');
    }

    /// An amount in a currency of its own; without one, in the company's.
    fn write_money(&self, value: &Value, currency: Option<&str>, out: &mut Vec<u8>) -> Result<()> {
        match (value, currency) {
            (Value::Int(int), Some(currency)) => {
                write!(
                    out,
                    "{{\"amount_minor\":{int},\"currency\":\"{currency}\"}}"
                )?;
                Ok(())
            }
            _ => self.write_value(FieldType::Money, value, out),
        }
    }

    fn write_value(&self, kind: FieldType, value: &Value, out: &mut Vec<u8>) -> Result<()> {
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Int(int) if kind == FieldType::Money => {
                write!(out, "{{\"amount_minor\":{int}")?;
                out.extend_from_slice(&self.currency);
            }
            Value::Int(int) if kind == FieldType::Instant => {
                write!(out, "\"{}\"", rules::value::instant_text(*int))?;
            }
            Value::Int(int) => write!(out, "{int}")?,
            Value::Bool(bool) => write!(out, "{bool}")?,
            Value::Id(id) => write!(out, "\"{id}\"")?,
            Value::Number(number) => {
                serde_json::to_writer(&mut *out, number).map_err(Problem::internal)?
            }
            Value::Text(text) => {
                serde_json::to_writer(&mut *out, text).map_err(Problem::internal)?
            }
            Value::List(list) => {
                serde_json::to_writer(&mut *out, list).map_err(Problem::internal)?
            }
            Value::Json(json) => {
                serde_json::to_writer(&mut *out, json).map_err(Problem::internal)?
            }
        }
        Ok(())
    }

    /// The resources that the collected ids belong to.
    pub fn targets(&self, referred: HashSet<(usize, Uuid)>) -> HashSet<(String, Uuid)> {
        referred
            .into_iter()
            .filter_map(|(field, id)| Some((self.resource.fields[field].reference.clone()?, id)))
            .collect()
    }
}
