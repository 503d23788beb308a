//! One row of a resource, and its values as the database holds them.

use std::sync::Arc;

use rules::value::{FieldType, Value};
use sea_orm::QueryResult;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Resource;
use crate::problem::Result;

/// One row of a resource, values in the order of its description.
#[derive(Debug, Clone)]
pub struct Record {
    pub resource: Arc<Resource>,
    pub values: Vec<Value>,
}

impl Record {
    pub fn empty(resource: &Arc<Resource>) -> Record {
        Record {
            resource: resource.clone(),
            values: vec![Value::Null; resource.fields.len()],
        }
    }

    /// Reads a row that `Resource::select` asked for.
    pub fn read(resource: &Arc<Resource>, row: &QueryResult) -> Result<Record> {
        let mut values = Vec::with_capacity(resource.fields.len());
        for (i, field) in resource.fields.iter().enumerate() {
            values.push(read_value(row, i, field.kind)?);
        }
        Ok(Record {
            resource: resource.clone(),
            values,
        })
    }

    pub fn get(&self, field: &str) -> &Value {
        self.resource
            .position(field)
            .map_or(&Value::Null, |i| &self.values[i])
    }
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        if let Some(i) = self.resource.position(field) {
            self.values[i] = value.into();
        }
    }
    pub fn id(&self) -> Uuid {
        self.values[0].as_id().unwrap_or_default()
    }
    pub fn version(&self) -> i64 {
        self.values[1].as_int().unwrap_or_default()
    }
    pub fn text(&self, field: &str) -> &str {
        self.get(field).as_text().unwrap_or_default()
    }
    pub fn int(&self, field: &str) -> Option<i64> {
        self.get(field).as_int()
    }
    pub fn reference(&self, field: &str) -> Option<Uuid> {
        self.get(field).as_id()
    }
    /// The people whom the record names among those who may read it.
    pub fn named(&self) -> Vec<Uuid> {
        let mut people = Vec::new();
        for reader in &self.resource.readers {
            match self.get(reader.field) {
                Value::Id(id) => people.push(*id),
                list => people.extend(list.as_ids()),
            }
        }
        people
    }
    pub fn label(&self) -> String {
        match &self.values[self.resource.label_position()] {
            Value::Text(text) => text.clone(),
            _ => self.id().to_string(),
        }
    }
}

/// Reads one column by its field's type.
pub fn read_value(row: &QueryResult, i: usize, kind: FieldType) -> Result<Value> {
    Ok(match kind {
        FieldType::Reference => row
            .try_get_by_index::<Option<Uuid>>(i)?
            .map_or(Value::Null, Value::Id),
        FieldType::Integer | FieldType::Money | FieldType::Instant => row
            .try_get_by_index::<Option<i64>>(i)?
            .map_or(Value::Null, Value::Int),
        FieldType::Number => row
            .try_get_by_index::<Option<f64>>(i)?
            .map_or(Value::Null, Value::Number),
        FieldType::Bool => row
            .try_get_by_index::<Option<bool>>(i)?
            .map_or(Value::Null, Value::Bool),
        FieldType::MultiChoice | FieldType::Tags | FieldType::References => {
            match row.try_get_by_index::<Option<String>>(i)? {
                Some(text) => Value::List(serde_json::from_str(&text).unwrap_or_default()),
                None => Value::Null,
            }
        }
        FieldType::Json => match row.try_get_by_index::<Option<String>>(i)? {
            Some(text) => Value::Json(serde_json::from_str(&text).unwrap_or(Json::Null)),
            None => Value::Null,
        },
        _ => row
            .try_get_by_index::<Option<String>>(i)?
            .map_or(Value::Null, Value::Text),
    })
}

/// The value as a bound parameter of its field's column type.
pub fn to_sql(kind: FieldType, value: &Value) -> sea_orm::Value {
    match (kind, value) {
        (FieldType::Reference, value) => value.as_id().into(),
        (FieldType::Integer | FieldType::Money | FieldType::Instant, value) => {
            value.as_int().into()
        }
        (FieldType::Number, value) => value.as_number().into(),
        (FieldType::Bool, value) => value.as_bool().into(),
        (_, Value::Text(text)) => text.clone().into(),
        (_, Value::List(list)) => serde_json::to_string(list).ok().into(),
        (_, Value::Json(json)) => Some(json.to_string()).into(),
        (_, _) => None::<String>.into(),
    }
}

/// The SQL type of a field's column, the same on both databases (see `{text}` in migrations).
pub fn column_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Reference => "UUID",
        FieldType::Integer | FieldType::Money | FieldType::Instant => "BIGINT",
        FieldType::Number => "DOUBLE PRECISION",
        FieldType::Bool => "BOOLEAN",
        _ => "{text}",
    }
}
