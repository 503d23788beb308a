//! Values as people read them in a spreadsheet: names instead of ids, words instead of codes, real days and amounts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::DateTime;
use platform::access::{Access, mask};
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Resource;
use rules::permission::FieldRule;
use rules::value::{Field, FieldType, Value};
use serde_json::json;
use sheet::{Kind, Out, OutColumn};
use uuid::Uuid;

/// One column of an export.
pub struct Column {
    pub field: Field,
    pub title: String,
    pub masked: bool,
    /// What choices are called, by code.
    words: HashMap<String, String>,
}

/// The columns asked for, or all that have a name for people; what the actor may not see is left out.
pub fn columns(access: &Access, resource: &Resource, wanted: Option<&str>) -> Result<Vec<Column>> {
    let language = &access.actor.language;
    let catalog = &access.app.catalog;
    let visible = |field: &Field| access.field_rule(resource, field) != Some(FieldRule::Hide);
    let named = |field: &Field| {
        let title = catalog.field(language, &resource.name, field);
        field.custom || title != field.name
    };
    let fields: Vec<&Field> = match wanted.filter(|wanted| !wanted.trim().is_empty()) {
        Some(wanted) => {
            let mut fields = Vec::new();
            for name in wanted.split(',').map(str::trim) {
                let field = resource
                    .field(name)
                    .filter(|field| visible(field))
                    .ok_or_else(|| {
                        Problem::invalid(vec![FieldProblem::new(
                            "columns",
                            "unknown_field",
                            json!({ "field": name }),
                        )])
                    })?;
                fields.push(field);
            }
            fields
        }
        None => resource
            .fields
            .iter()
            .filter(|field| {
                field.kind != FieldType::Json && !matches!(field.name.as_str(), "id" | "version")
            })
            .filter(|field| visible(field) && named(field))
            .collect(),
    };
    Ok(fields
        .into_iter()
        .map(|field| Column {
            title: catalog.field(language, &resource.name, field),
            masked: access.field_rule(resource, field) == Some(FieldRule::Mask),
            words: field
                .choices
                .iter()
                .map(|choice| {
                    (
                        choice.code.clone(),
                        catalog.choice(language, &resource.name, field, &choice.code),
                    )
                })
                .collect(),
            field: field.clone(),
        })
        .collect())
}

impl Column {
    pub fn out(&self) -> OutColumn {
        let kind = match self.field.kind {
            FieldType::Integer | FieldType::Number => Kind::Number,
            FieldType::Money => Kind::Money,
            FieldType::Day => Kind::Day,
            FieldType::Instant => Kind::DateTime,
            _ => Kind::Text,
        };
        OutColumn::new(self.title.as_str(), kind)
    }

    /// The ids whose names this value needs.
    pub fn refers(&self, value: &Value, wanted: &mut HashSet<(String, Uuid)>) {
        let Some(target) = &self.field.reference else {
            return;
        };
        match value {
            Value::Id(id) => {
                wanted.insert((target.clone(), *id));
            }
            Value::List(ids) => {
                wanted.extend(
                    ids.iter()
                        .filter_map(|id| Some((target.clone(), Uuid::parse_str(id).ok()?))),
                );
            }
            _ => {}
        }
    }

    /// The value as a cell.
    pub fn cell(
        &self,
        access: &Access,
        value: Value,
        labels: &HashMap<Uuid, Arc<str>>,
    ) -> Out<'static> {
        let value = if self.masked {
            mask(self.field.kind, &value)
        } else {
            value
        };
        let english = access.actor.language == "en";
        match (self.field.kind, value) {
            (_, Value::Null) => Out::Empty,
            (FieldType::Money, Value::Int(minor)) => Out::MoneyMinor(minor),
            (FieldType::Instant, Value::Int(at)) => match DateTime::from_timestamp_millis(at) {
                Some(at) => Out::DateTime(at.with_timezone(&access.app.clock.zone()).naive_local()),
                None => Out::Empty,
            },
            (FieldType::Day, value) => match value.as_day() {
                Some(day) => Out::Day(day),
                None => Out::Empty,
            },
            (FieldType::Reference, Value::Id(id)) => labels.get(&id).map_or_else(
                || Out::text(id.to_string()),
                |label| Out::text(label.to_string()),
            ),
            (_, Value::List(items)) => {
                let named =
                    |item: String| match Uuid::parse_str(&item).ok().and_then(|id| labels.get(&id))
                    {
                        Some(label) => label.to_string(),
                        None => self.words.get(&item).cloned().unwrap_or(item),
                    };
                let words: Vec<String> = items.into_iter().map(named).collect();
                Out::text(parts_joined(&words))
            }
            (FieldType::Choice, Value::Text(code)) => {
                Out::text(self.words.get(&code).cloned().unwrap_or(code))
            }
            (FieldType::Region, Value::Text(code)) => {
                let name = if english {
                    rules::divisions::full_english_name(&code)
                } else {
                    rules::divisions::full_name(&code)
                };
                Out::text(name.unwrap_or(code))
            }
            (FieldType::Industry, Value::Text(code)) => {
                let name = if english {
                    rules::industries::full_english_name(&code)
                } else {
                    rules::industries::full_name(&code)
                };
                Out::text(name.unwrap_or(code))
            }
            (_, Value::Text(text)) => Out::text(text),
            (_, Value::Int(int)) => Out::Number(int as f64),
            (_, Value::Number(number)) => Out::Number(number),
            (_, Value::Bool(yes)) => {
                let key = if yes { "app.yes" } else { "app.no" };
                Out::text(
                    access
                        .app
                        .catalog
                        .text(&access.actor.language, key, &json!({})),
                )
            }
            (_, Value::Id(id)) => Out::text(id.to_string()),
            (_, Value::Json(json)) => Out::text(json.to_string()),
        }
    }
}

/// Several values in one cell, as an import parts them again.
pub fn parts_joined(parts: &[String]) -> String {
    parts.join("; ")
}
