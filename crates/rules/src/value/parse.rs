//! Reading what a client sends into a field's value, or refusing it.

use chrono::{DateTime, NaiveDate};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Field, FieldType, Value};

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
                    Some(Json::String(named)) if named == currency || self.counted_in.is_some() => {
                    }
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
        Err(self.unknown_choice())
    }

    /// Refuses a text that is none of the choices.
    pub fn unknown_choice(&self) -> Refusal {
        let choices: Vec<&str> = self
            .choices
            .iter()
            .map(|choice| choice.code.as_str())
            .collect();
        Refusal::with("unknown_choice", json!({ "choices": choices }))
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
