//! How a field of a record is described.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::parse::{LINE_MAX, TEXT_MAX};
use super::{Value, instant_text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    Text,
    LongText,
    Integer,
    Number,
    Money,
    Day,
    Instant,
    Choice,
    MultiChoice,
    Reference,
    /// Several references to records of one resource, in their order; kept as a list of ids.
    References,
    Bool,
    Region,
    Industry,
    Email,
    Phone,
    Url,
    Tags,
    Json,
}

impl FieldType {
    pub fn name(self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::LongText => "long_text",
            FieldType::Integer => "integer",
            FieldType::Number => "number",
            FieldType::Money => "money",
            FieldType::Day => "day",
            FieldType::Instant => "instant",
            FieldType::Choice => "choice",
            FieldType::MultiChoice => "multi_choice",
            FieldType::Reference => "reference",
            FieldType::References => "references",
            FieldType::Bool => "bool",
            FieldType::Region => "region",
            FieldType::Industry => "industry",
            FieldType::Email => "email",
            FieldType::Phone => "phone",
            FieldType::Url => "url",
            FieldType::Tags => "tags",
            FieldType::Json => "json",
        }
    }

    /// Whether values are stored as text.
    pub fn is_text(self) -> bool {
        !matches!(
            self,
            FieldType::Integer
                | FieldType::Number
                | FieldType::Money
                | FieldType::Instant
                | FieldType::Reference
                | FieldType::Bool
        )
    }

    pub fn is_list(self) -> bool {
        matches!(
            self,
            FieldType::MultiChoice | FieldType::Tags | FieldType::References
        )
    }
}

/// What happens to the records that refer to a deleted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDelete {
    /// The delete is refused while others refer to the record.
    #[default]
    Refuse,
    /// They go to the recycle bin with it, and come back with it.
    Cascade,
    /// Their field is emptied.
    Clear,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default, ToSchema)]
pub struct Label {
    #[serde(rename = "zh-CN")]
    pub zh: String,
    pub en: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
}

/// One field of a resource: it drives filters, columns, forms, import, export, masking and history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: FieldType,
    pub required: bool,
    pub read_only: bool,
    pub unique: bool,
    pub searchable: bool,
    pub sensitive: bool,
    pub custom: bool,
    pub in_list: bool,
    pub sortable: bool,
    pub filterable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    #[serde(skip)]
    pub on_delete: OnDelete,
    #[serde(skip)]
    pub default: Value,
    /// Every record has it, and only the product writes it.
    #[serde(skip)]
    pub system: bool,
    /// The product's own working column: nobody sees it.
    #[serde(skip)]
    pub internal: bool,
    /// The field, of the resource or of the whole that it is a part of, from which this one could be told: what a role masks or
    /// hides there, it does here.
    #[serde(skip)]
    pub tells: Option<&'static str>,
    /// The field that names the currency of this amount; without it, or while that is empty, it is what the company counts in.
    #[serde(skip)]
    pub counted_in: Option<&'static str>,
}

impl Field {
    pub fn new(name: impl Into<String>, kind: FieldType) -> Self {
        Field {
            name: name.into(),
            kind,
            required: false,
            read_only: false,
            unique: false,
            searchable: false,
            sensitive: false,
            custom: false,
            in_list: false,
            sortable: !matches!(
                kind,
                FieldType::Json
                    | FieldType::LongText
                    | FieldType::Tags
                    | FieldType::MultiChoice
                    | FieldType::References
            ),
            filterable: kind != FieldType::Json,
            max_length: match kind {
                FieldType::Text | FieldType::Email | FieldType::Phone | FieldType::Url => {
                    Some(LINE_MAX)
                }
                FieldType::LongText => Some(TEXT_MAX),
                _ => None,
            },
            choices: Vec::new(),
            reference: None,
            label: None,
            on_delete: OnDelete::Refuse,
            default: Value::Null,
            system: false,
            internal: false,
            tells: None,
            counted_in: None,
        }
    }
    pub fn text(name: &str) -> Self {
        Field::new(name, FieldType::Text)
    }
    pub fn choice(name: &str, codes: &[&str]) -> Self {
        let mut field = Field::new(name, FieldType::Choice);
        field.choices = codes
            .iter()
            .map(|code| Choice {
                code: (*code).into(),
                label: None,
            })
            .collect();
        field
    }
    pub fn reference(name: &str, resource: &str) -> Self {
        let mut field = Field::new(name, FieldType::Reference);
        field.reference = Some(resource.into());
        field
    }
    pub fn references(name: &str, resource: &str) -> Self {
        let mut field = Field::new(name, FieldType::References);
        field.reference = Some(resource.into());
        field
    }
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    pub fn searchable(mut self) -> Self {
        self.searchable = true;
        self
    }
    /// A role may mask or hide it.
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }
    /// Whoever may not see that other field may not see this one, from which it could be told.
    pub fn tells(mut self, other: &'static str) -> Self {
        self.tells = Some(other);
        self
    }
    /// An amount in the currency that another field of the record names.
    pub fn counted_in(mut self, currency: &'static str) -> Self {
        self.counted_in = Some(currency);
        self
    }
    pub fn in_list(mut self) -> Self {
        self.in_list = true;
        self
    }
    pub fn on_delete(mut self, on_delete: OnDelete) -> Self {
        self.on_delete = on_delete;
        self
    }
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = value.into();
        self
    }
    /// Filled by rules for the product's own use; hidden from everybody.
    pub fn internal(mut self) -> Self {
        self.internal = true;
        self.read_only = true;
        self.filterable = false;
        self.sortable = false;
        self
    }
    fn system(mut self) -> Self {
        self.system = true;
        self.read_only = true;
        self
    }

    /// The fields that every record has, in front of its own.
    pub fn system_fields() -> Vec<Field> {
        vec![
            Field::new("id", FieldType::Reference).system(),
            Field::new("version", FieldType::Integer).system(),
            Field::new("created_at", FieldType::Instant).system(),
            Field::reference("created_by", "people").system(),
            Field::new("updated_at", FieldType::Instant).system(),
            Field::reference("updated_by", "people").system(),
        ]
    }

    /// The JSON form of a value of this field, as the API shows it.
    pub fn to_json(&self, value: &Value, currency: &str) -> Json {
        match value {
            Value::Int(int) if self.kind == FieldType::Money => {
                json!({ "amount_minor": int, "currency": currency })
            }
            Value::Int(int) if self.kind == FieldType::Instant => Json::String(instant_text(*int)),
            plain => plain.to_json(),
        }
    }
}
