//! What a field of a record can hold, and how a field is described.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

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
    pub fn as_day(&self) -> Option<NaiveDate> {
        self.as_text().and_then(|day| day.parse().ok())
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

    /// Whether the stored integer is a number of something that can be added or compared.
    pub fn is_integer(self) -> bool {
        matches!(
            self,
            FieldType::Integer | FieldType::Money | FieldType::Instant
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
    /// Codes may hold anything that a feature's own rule accepts (for instance stage names).
    #[serde(skip)]
    pub system: bool,
    /// The product's own working column: nobody sees it.
    #[serde(skip)]
    pub internal: bool,
    /// The field, of the resource or of the whole that it is a part of, from which this one could be told: what a role masks or
    /// hides there, it does here.
    #[serde(skip)]
    pub tells: Option<&'static str>,
}

/// Longest single line; a name of 400 characters is real, a longer one is a paste gone wrong.
pub const LINE_MAX: usize = 400;
/// Longest text; about ten printed pages.
pub const TEXT_MAX: usize = 20_000;
/// Choices in one multiple choice or tags in one field.
const LIST_MAX: usize = 50;
/// Longest tag, in characters.
const TAG_MAX: usize = 40;
/// Largest amount, one hundred trillion 元 in 分; sums of a million of them still fit an i64 checked sum in practice.
pub const MONEY_MAX: i64 = 10_000_000_000_000_000;

/// A value that a field refuses: a stable code with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: &'static str,
    pub params: Json,
}

impl Refusal {
    pub fn new(code: &'static str) -> Self {
        Refusal {
            code,
            params: json!({}),
        }
    }
    pub fn with(code: &'static str, params: Json) -> Self {
        Refusal { code, params }
    }
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

    /// Parses a JSON value as a client sends it. Absent fields never come here; `null` and empty text mean "no value".
    /// Money that names a currency is refused: whoever may be sent it says in `parse_in` what the company counts in.
    pub fn parse(&self, json: &Json) -> Result<Value, Refusal> {
        self.parse_in(json, "")
    }

    /// The same where money may name its currency, which must be this one.
    pub fn parse_in(&self, json: &Json, currency: &str) -> Result<Value, Refusal> {
        let value = self.parse_type(json, currency)?;
        if value.is_null() && self.required {
            return Err(Refusal::new("required"));
        }
        Ok(value)
    }

    fn parse_type(&self, json: &Json, currency: &str) -> Result<Value, Refusal> {
        let wrong = || Refusal::with("wrong_type", json!({ "type": self.kind.name() }));
        match json {
            Json::Null => return Ok(Value::Null),
            Json::String(text) if text.trim().is_empty() => return Ok(Value::Null),
            _ => {}
        }
        match self.kind {
            FieldType::Text | FieldType::LongText => {
                let text = json.as_str().ok_or_else(wrong)?;
                self.check_text(text)
            }
            FieldType::Url => {
                let text = json.as_str().ok_or_else(wrong)?;
                if is_web_address(text.trim()) {
                    self.check_text(text)
                } else {
                    Err(Refusal::new("not_a_url"))
                }
            }
            FieldType::Email => {
                let text = json.as_str().ok_or_else(wrong)?.trim();
                let shape = text.split_once('@').is_some_and(|(name, host)| {
                    !name.is_empty()
                        && host.contains('.')
                        && !host.starts_with('.')
                        && !host.ends_with('.')
                });
                if !shape || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
                    return Err(Refusal::new("not_an_email"));
                }
                self.check_text(&text.to_lowercase())
            }
            FieldType::Phone => {
                let text = json.as_str().ok_or_else(wrong)?;
                let digits = text.chars().filter(char::is_ascii_digit).count();
                if !(3..=20).contains(&digits) {
                    return Err(Refusal::new("not_a_phone"));
                }
                self.check_text(text)
            }
            FieldType::Region => {
                let code = json.as_str().ok_or_else(wrong)?;
                match crate::divisions::by_code(code) {
                    Some(_) => Ok(Value::Text(code.into())),
                    None => Err(Refusal::new("unknown_region")),
                }
            }
            FieldType::Industry => {
                let code = json.as_str().ok_or_else(wrong)?;
                match crate::industries::by_code(code) {
                    Some(_) => Ok(Value::Text(code.into())),
                    None => Err(Refusal::new("unknown_industry")),
                }
            }
            FieldType::Integer => json.as_i64().map(Value::Int).ok_or_else(wrong),
            FieldType::Number => match json.as_f64() {
                Some(number) if number.is_finite() => Ok(Value::Number(number)),
                _ => Err(wrong()),
            },
            FieldType::Money => {
                let minor = json
                    .get("amount_minor")
                    .unwrap_or(json)
                    .as_i64()
                    .ok_or_else(wrong)?;
                if minor.unsigned_abs() > MONEY_MAX.unsigned_abs() {
                    return Err(Refusal::new("amount_too_large"));
                }
                match json.get("currency") {
                    None | Some(Json::Null) => {}
                    Some(Json::String(named)) if named == currency => {}
                    Some(Json::String(_)) => {
                        return Err(Refusal::with(
                            "wrong_currency",
                            json!({ "currency": currency }),
                        ));
                    }
                    Some(_) => return Err(wrong()),
                }
                Ok(Value::Int(minor))
            }
            FieldType::Day => {
                let day: NaiveDate = json
                    .as_str()
                    .and_then(|day| day.parse().ok())
                    .ok_or_else(|| Refusal::new("not_a_day"))?;
                check_year(day)?;
                Ok(Value::Text(day.to_string()))
            }
            FieldType::Instant => {
                let at = json
                    .as_str()
                    .and_then(|at| DateTime::parse_from_rfc3339(at).ok())
                    .ok_or_else(|| Refusal::new("not_an_instant"))?;
                check_year(at.date_naive())?;
                Ok(Value::Int(at.timestamp_millis()))
            }
            FieldType::Choice => {
                let code = json.as_str().ok_or_else(wrong)?;
                self.check_choice(code).map(|()| Value::Text(code.into()))
            }
            FieldType::MultiChoice | FieldType::Tags | FieldType::References => {
                let items = json.as_array().ok_or_else(wrong)?;
                if items.len() > LIST_MAX {
                    return Err(Refusal::with("too_many", json!({ "max": LIST_MAX })));
                }
                let mut list: Vec<String> = Vec::with_capacity(items.len());
                for item in items {
                    let text = item.as_str().ok_or_else(wrong)?.trim();
                    let id: String;
                    let text = if self.kind == FieldType::References {
                        // Written one way, so that lists and filters compare equal.
                        id = Uuid::parse_str(text)
                            .map_err(|_| Refusal::new("not_an_id"))?
                            .to_string();
                        id.as_str()
                    } else {
                        text
                    };
                    if self.kind == FieldType::MultiChoice {
                        self.check_choice(text)?;
                    } else if text.chars().count() > TAG_MAX {
                        return Err(Refusal::with("too_long", json!({ "max": TAG_MAX })));
                    } else if text.chars().any(char::is_control) {
                        return Err(Refusal::new("control_characters"));
                    } else if text.contains(['"', '\\']) {
                        return Err(Refusal::new("bad_tag"));
                    }
                    if !text.is_empty() && !list.iter().any(|known| known == text) {
                        list.push(text.into());
                    }
                }
                Ok(if list.is_empty() {
                    Value::Null
                } else {
                    Value::List(list)
                })
            }
            FieldType::Reference => json
                .as_str()
                .and_then(|id| Uuid::parse_str(id).ok())
                .map(Value::Id)
                .ok_or_else(|| Refusal::new("not_an_id")),
            FieldType::Bool => json.as_bool().map(Value::Bool).ok_or_else(wrong),
            FieldType::Json => Ok(Value::Json(json.clone())),
        }
    }

    fn check_text(&self, text: &str) -> Result<Value, Refusal> {
        let text = text.trim();
        let max = self.max_length.unwrap_or(LINE_MAX);
        if text.chars().count() > max {
            return Err(Refusal::with("too_long", json!({ "max": max })));
        }
        let line_only = self.kind != FieldType::LongText;
        if text
            .chars()
            .any(|c| c.is_control() && (line_only || !matches!(c, '\n' | '\r' | '\t')))
        {
            return Err(Refusal::new("control_characters"));
        }
        Ok(Value::Text(text.into()))
    }

    fn check_choice(&self, code: &str) -> Result<(), Refusal> {
        if self.choices.iter().any(|choice| choice.code == code) {
            return Ok(());
        }
        let choices: Vec<&str> = self
            .choices
            .iter()
            .map(|choice| choice.code.as_str())
            .collect();
        Err(Refusal::with(
            "unknown_choice",
            json!({ "choices": choices }),
        ))
    }

    /// The JSON form of a value of this field, as the API shows it.
    pub fn to_json(&self, value: &Value, currency: &str) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Int(int) if self.kind == FieldType::Money => {
                json!({ "amount_minor": int, "currency": currency })
            }
            Value::Int(int) if self.kind == FieldType::Instant => Json::String(instant_text(*int)),
            Value::Text(text) => Json::String(text.clone()),
            Value::Int(int) => json!(int),
            Value::Number(number) => json!(number),
            Value::Bool(bool) => json!(bool),
            Value::Id(id) => Json::String(id.to_string()),
            Value::List(list) => json!(list),
            Value::Json(json) => json.clone(),
        }
    }
}

/// Whether the text leads to a web page, with or without `https://`: a page shows it as a link, so it must not run a script.
fn is_web_address(text: &str) -> bool {
    let rest = match text.split_once(':') {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") =>
        {
            rest.trim_start_matches('/')
        }
        // `example.com:8080` has a port, not a scheme.
        Some((host, _)) if !host.contains('.') && host != "localhost" => return false,
        _ => text,
    };
    !rest.is_empty() && !rest.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Days before 1900 and after 2200 are typing errors in a sales organisation.
fn check_year(day: NaiveDate) -> Result<(), Refusal> {
    use chrono::Datelike;
    if (1900..=2200).contains(&day.year()) {
        Ok(())
    } else {
        Err(Refusal::with(
            "year_out_of_range",
            json!({ "min": 1900, "max": 2200 }),
        ))
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

impl Value {
    /// The plain JSON form, as `Field::parse` reads it back.
    pub fn into_json(self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Text(text) => Json::String(text),
            Value::Int(int) => json!(int),
            Value::Number(number) => json!(number),
            Value::Bool(bool) => json!(bool),
            Value::Id(id) => Json::String(id.to_string()),
            Value::List(list) => json!(list),
            Value::Json(json) => json,
        }
    }
}
