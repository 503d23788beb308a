//! What a field of a record can hold, and how a field is described.

mod field;
mod parse;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use serde_json::{Value as Json, json};
use uuid::Uuid;

pub use field::{Choice, Field, FieldType, Label, OnDelete};
pub use parse::{LINE_MAX, MONEY_MAX, Refusal, TEXT_MAX};

/// One field's value. Money is `Int` minor units, an instant is `Int` milliseconds since 1970 UTC, a day is `Text` `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Text(String),
    Int(i64),
    Number(f64),
    Bool(bool),
    Id(Uuid),
    List(Vec<String>),
    Json(Json),
}

impl Value {
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(int) => Some(*int),
            _ => None,
        }
    }
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Int(int) => Some(*int as f64),
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(bool) => Some(*bool),
            _ => None,
        }
    }
    pub fn as_id(&self) -> Option<Uuid> {
        match self {
            Value::Id(id) => Some(*id),
            _ => None,
        }
    }
    /// The ids in a list of references.
    pub fn as_ids(&self) -> Vec<Uuid> {
        match self {
            Value::List(list) => list
                .iter()
                .filter_map(|id| Uuid::parse_str(id).ok())
                .collect(),
            _ => Vec::new(),
        }
    }
    /// The ids that it refers by: one, or those in a list.
    pub fn ids(&self) -> Vec<Uuid> {
        match self {
            Value::Id(id) => vec![*id],
            other => other.as_ids(),
        }
    }
    pub fn as_day(&self) -> Option<NaiveDate> {
        self.as_text().and_then(|day| day.parse().ok())
    }

    /// The plain JSON form, as `Field::parse` reads it back and the ledger keeps it: money in minor units, instants in
    /// milliseconds.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Text(text) => json!(text),
            Value::Int(int) => json!(int),
            Value::Number(number) => json!(number),
            Value::Bool(bool) => json!(bool),
            Value::Id(id) => json!(id),
            Value::List(list) => json!(list),
            Value::Json(json) => json.clone(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}
impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Value::Int(int)
    }
}
impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}
impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Value::Bool(bool)
    }
}
impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Value::Id(id)
    }
}
impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Value::Text(day.to_string())
    }
}
impl From<Json> for Value {
    fn from(json: Json) -> Self {
        Value::Json(json)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// RFC 3339 in UTC with milliseconds.
pub fn instant_text(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms)
        .map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// Names to values, as changes to a record.
pub type Changes = HashMap<String, Value>;
