//! The JSON schemas of a resource's records, made from its description.

use rules::value::{Field, FieldType};
use serde_json::{Map, Value as Json, json};

use crate::resource::{Resource, SYSTEM};

/// The JSON schema of one field's value.
pub fn schema_of(field: &Field) -> Json {
    let null = |kind: &str| json!({ "type": [kind, "null"] });
    match field.kind {
        FieldType::Money => {
            json!({ "oneOf": [{ "$ref": "#/components/schemas/Money" }, { "type": "null" }] })
        }
        FieldType::Integer => json!({ "type": ["integer", "null"], "format": "int64" }),
        FieldType::Number => null("number"),
        FieldType::Bool => null("boolean"),
        FieldType::Day => json!({ "type": ["string", "null"], "format": "date" }),
        FieldType::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        FieldType::Reference => match &field.reference {
            Some(target) => {
                json!({ "type": ["string", "null"], "format": "uuid", "description": format!("Refers to {target}.") })
            }
            None => json!({ "type": ["string", "null"], "format": "uuid" }),
        },
        FieldType::Choice => {
            let codes: Vec<Json> = field
                .choices
                .iter()
                .map(|choice| json!(choice.code))
                .chain([Json::Null])
                .collect();
            json!({ "type": ["string", "null"], "enum": codes })
        }
        FieldType::References => {
            let target = field.reference.clone().unwrap_or_default();
            json!({
                "type": ["array", "null"], "items": { "type": "string", "format": "uuid" },
                "description": format!("Refers to {target}.")
            })
        }
        FieldType::MultiChoice | FieldType::Tags => {
            json!({ "type": ["array", "null"], "items": { "type": "string" } })
        }
        FieldType::Json => json!({}),
        _ => match field.max_length {
            Some(max) => json!({ "type": ["string", "null"], "maxLength": max }),
            None => null("string"),
        },
    }
}

/// `Customer` from `customer`, `OpportunityLine` from `opportunity_line`.
pub(super) fn type_name(table: &str) -> String {
    table
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        })
        .collect()
}

/// What a record has besides its own fields.
fn around() -> [(&'static str, Json); 4] {
    [
        (
            "can",
            json!({ "type": "array", "items": { "type": "string" }, "description": "What the caller may do with it." }),
        ),
        (
            "following",
            json!({ "type": "boolean", "description": "Whether the caller is told of what happens to it; only where one record is read." }),
        ),
        (
            "masked",
            json!({ "type": "array", "items": { "type": "string" }, "description": "Fields whose value comes masked." }),
        ),
        (
            "labels",
            json!({ "$ref": "#/components/schemas/Labels", "description": "Names of the ids in it; only where one record is read." }),
        ),
    ]
}

/// Of every record, whatever its resource.
const ALWAYS: [&str; 7] = [
    "id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "can",
];

/// The fields that every record has: only who wrote it may be unknown.
fn system_schema(field: &Field) -> Json {
    match field.name.as_str() {
        "id" => json!({ "type": "string", "format": "uuid" }),
        "version" => {
            json!({ "type": "integer", "format": "int64", "description": "Goes into `If-Match`." })
        }
        "created_at" | "updated_at" => json!({ "type": "string", "format": "date-time" }),
        _ => schema_of(field),
    }
}

fn page_of(row: &str) -> Json {
    json!({
        "type": "object",
        "required": ["rows", "labels", "total", "page", "page_size"],
        "properties": {
            "rows": { "type": "array", "items": { "$ref": format!("#/components/schemas/{row}") } },
            "labels": { "$ref": "#/components/schemas/Labels" },
            "total": { "$ref": "#/components/schemas/Total" },
            "page": { "type": "integer" }, "page_size": { "type": "integer" }
        }
    })
}

/// `Row` and `Page`: any record and any list, for clients that read resources by their description in `/api/meta`.
pub(super) fn shared_schemas(resource: &Resource) -> [(&'static str, Json); 2] {
    let mut fields: Map<String, Json> = resource.fields[..SYSTEM]
        .iter()
        .map(|field| (field.name.clone(), system_schema(field)))
        .collect();
    fields.extend(around().map(|(name, schema)| (name.to_owned(), schema)));
    let row = json!({
        "type": "object", "description": "Any record: the fields of its resource stand beside these.",
        "required": ALWAYS, "properties": fields, "additionalProperties": {}
    });
    [("Row", row), ("Page", page_of("Row"))]
}

pub(super) fn schemas_of(resource: &Resource) -> [(String, Json); 3] {
    let name = type_name(&resource.table);
    let mut read = Map::new();
    let mut change = Map::new();
    let mut required = Vec::new();
    for (i, field) in resource.fields.iter().enumerate() {
        let schema = if i < SYSTEM {
            system_schema(field)
        } else {
            schema_of(field)
        };
        read.insert(field.name.clone(), schema);
        if !field.read_only {
            change.insert(field.name.clone(), schema_of(field));
            if field.required && field.default.is_null() {
                required.push(field.name.clone());
            }
        }
    }
    for (name, schema) in &resource.members {
        change.insert((*name).to_owned(), schema.clone());
    }
    read.extend(around().map(|(name, schema)| (name.to_owned(), schema)));
    let custom = json!({ "description": "Custom fields are named x_…" });
    [
        (
            name.clone(),
            json!({ "type": "object", "required": ALWAYS, "properties": read, "additionalProperties": custom }),
        ),
        (
            format!("{name}Create"),
            json!({ "type": "object", "required": required, "properties": change, "additionalProperties": custom }),
        ),
        (format!("{name}Page"), page_of(&name)),
    ]
}
