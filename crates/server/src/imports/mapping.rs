//! How a file's columns become fields: what the wizard sends and what is kept for the next file of the same source.

use std::collections::{BTreeMap, HashMap};

use platform::web::hash_secret;
use rules::day::DayOrder;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, OneOfBuilder, Ref, Schema, Type};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Create,
    Update,
    /// Update what the key finds, create the rest.
    Upsert,
}

/// What happens to a new customer that seems to exist already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// Create it with a warning.
    #[default]
    Create,
    Skip,
    /// Update the one that exists.
    Update,
}

/// One column's way into a field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnMapping {
    pub field: String,
    /// The field by which a referred record is found (`name`, `code`, `email`, `number`…); any of them unless told.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What a cell says → what is meant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Taken where the cell is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Makes the records that the column refers to and that don't exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub create_missing: bool,
    /// Order of year, month and day, where a cell leaves it open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DayOrder>,
    /// What one stands for in a column of amounts or figures: 10,000 for 万元.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    #[serde(default)]
    pub mode: Mode,
    /// The field that tells which record a row means: a unique one, the name, or `id`.
    #[serde(default)]
    pub key: Option<String>,
    /// By header; columns without an entry are left out.
    #[serde(default)]
    #[schema(schema_with = columns_schema)]
    pub columns: BTreeMap<String, Option<ColumnMapping>>,
    /// Fields with the same value in all rows; `{header}` in a text stands for that column's cell.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Json>)]
    pub constants: Map<String, Json>,
    /// Imports the good rows and leaves out the bad ones; otherwise one bad row refuses the file.
    #[serde(default)]
    pub skip_bad_rows: bool,
    #[serde(default)]
    pub duplicates: Duplicates,
}

/// The derived schema knows no map to nothing.
fn columns_schema() -> Object {
    let column = OneOfBuilder::new()
        .item(Ref::from_schema_name(ColumnMapping::name()))
        .item(ObjectBuilder::new().schema_type(Type::Null));
    ObjectBuilder::new()
        .description(Some("By header; columns without an entry are left out."))
        .additional_properties(Some(Schema::OneOf(column.build())))
        .build()
}

impl Mapping {
    /// Repeated words in the same case and width are the same to people.
    pub fn words(values: &BTreeMap<String, String>) -> HashMap<String, String> {
        values
            .iter()
            .map(|(said, meant)| (rules::names::fold(said), meant.clone()))
            .collect()
    }
}

/// Tells files of one source by their set of headers.
pub fn headers_print<'a>(headers: impl Iterator<Item = &'a str>) -> String {
    let mut headers: Vec<String> = headers.map(rules::names::fold).collect();
    headers.sort_unstable();
    hash_secret(&headers.join("\n"))
}
