//! Custom fields are real columns, described by one stored row: they filter, sort, import and export like built-in ones.

use rules::value::{Choice, Field, FieldType, Label};
use serde::{Deserialize, Serialize};

/// Prefix of their names, so that no later built-in field can clash.
pub const PREFIX: &str = "x_";

/// The types that an administrator may choose from.
pub const TYPES: [FieldType; 8] = [
    FieldType::Text,
    FieldType::Number,
    FieldType::Money,
    FieldType::Day,
    FieldType::Choice,
    FieldType::MultiChoice,
    FieldType::Reference,
    FieldType::Bool,
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Definition {
    pub name: String,
    pub label: Label,
    #[serde(rename = "type")]
    pub kind: FieldType,
    #[serde(default)]
    pub choices: Vec<Choice>,
    #[serde(default)]
    pub required: bool,
}

impl Definition {
    pub fn read(text: &str) -> Option<Definition> {
        serde_json::from_str(text).ok()
    }

    pub fn field(&self) -> Field {
        let mut field = Field::new(&self.name, self.kind);
        field.custom = true;
        field.required = self.required;
        field.label = Some(self.label.clone());
        field.choices.clone_from(&self.choices);
        if self.kind == FieldType::Reference {
            field.reference = Some("people".into());
        }
        field
    }
}
