//! One cell as a value of its field: pure, and each refusal has a code.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use platform::access::Access;
use platform::i18n::LANGUAGES;
use rules::amount::{self, AmountError, Bare};
use rules::day::{self, DayError};
use rules::names::fold;
use rules::value::{Field, FieldType, Refusal, Value};
use serde_json::{Value as Json, json};
use sheet::Cell;

use super::bands;
use super::mapping::{ColumnMapping, Mapping};

/// What a cell says; names are looked up later, many at a time.
#[derive(Debug, Clone, PartialEq)]
pub enum Parsed {
    Value(Value),
    Name(String),
    Names(Vec<String>),
}

/// Reads the cells of one column.
pub struct Reader {
    pub field: Field,
    spec: ColumnMapping,
    /// Folded word → what is meant, from the mapping.
    values: HashMap<String, String>,
    /// Folded choice label in any language → code.
    choices: HashMap<String, String>,
    zone: chrono_tz::Tz,
    currency: String,
}

const YES: [&str; 8] = ["是", "yes", "true", "y", "1", "√", "有", "对"];
const NO: [&str; 8] = ["否", "no", "false", "n", "0", "×", "无", "x"];

impl Reader {
    pub fn new(access: &Access, resource: &str, field: &Field, spec: &ColumnMapping) -> Reader {
        let catalog = &access.app.catalog;
        let mut choices = HashMap::new();
        for choice in &field.choices {
            for language in LANGUAGES {
                choices.insert(
                    fold(&catalog.choice(language, resource, field, &choice.code)),
                    choice.code.clone(),
                );
            }
        }
        // A code means itself even where it is another choice's label.
        for choice in &field.choices {
            choices.insert(fold(&choice.code), choice.code.clone());
        }
        Reader {
            field: field.clone(),
            spec: spec.clone(),
            values: Mapping::words(&spec.values),
            choices,
            zone: access.app.clock.zone(),
            currency: access.app.settings().currency.clone(),
        }
    }

    pub fn read(&self, cell: &Cell) -> Result<Parsed, Refusal> {
        if let Cell::Error(text) = cell {
            return Err(Refusal::with("formula_error", json!({ "error": text })));
        }
        let text = cell.text();
        let text = text.trim();
        if text.is_empty() {
            return match &self.spec.default {
                Some(default) => self.text(default),
                None => Ok(Parsed::Value(Value::Null)),
            };
        }
        if !self.values.is_empty()
            && let Some(meant) = self.values.get(&fold(text))
        {
            return if meant.trim().is_empty() {
                Ok(Parsed::Value(Value::Null))
            } else {
                self.text(meant)
            };
        }
        match (self.field.kind, cell) {
            (FieldType::Day, Cell::Day(day)) => self.day(*day),
            (FieldType::Day, Cell::DateTime(at)) => self.day(at.date()),
            (FieldType::Instant, Cell::Day(day)) => self.instant(day.and_time(NaiveTime::MIN)),
            (FieldType::Instant, Cell::DateTime(at)) => self.instant(*at),
            (FieldType::Day, Cell::Number(number)) if number.fract() != 0.0 => {
                let (day, _) = day::from_serial(*number).map_err(refused_day)?;
                self.day(day)
            }
            (FieldType::Bool, Cell::Bool(yes)) => Ok(Parsed::Value(Value::Bool(*yes))),
            _ => self.text(text),
        }
    }

    /// A value written as text: in a cell, a default, or a constant.
    pub fn text(&self, text: &str) -> Result<Parsed, Refusal> {
        let text = text.trim();
        let field = &self.field;
        let as_json = || {
            field
                .parse(&Json::String(text.to_owned()))
                .map(Parsed::Value)
        };
        let unit = self.spec.unit.unwrap_or(1);
        match field.kind {
            FieldType::Reference => Ok(Parsed::Name(text.to_owned())),
            FieldType::References => Ok(Parsed::Names(parts(text))),
            FieldType::Tags => field.parse(&json!(parts(text))).map(Parsed::Value),
            FieldType::MultiChoice => {
                let codes: Vec<String> = parts(text)
                    .iter()
                    .map(|part| self.choice(part, 1))
                    .collect::<Result<_, _>>()?;
                field.parse(&json!(codes)).map(Parsed::Value)
            }
            FieldType::Choice => Ok(Parsed::Value(Value::Text(self.choice(text, unit)?))),
            FieldType::Bool => {
                let word = fold(text);
                match (YES.contains(&word.as_str()), NO.contains(&word.as_str())) {
                    (true, _) => Ok(Parsed::Value(Value::Bool(true))),
                    (_, true) => Ok(Parsed::Value(Value::Bool(false))),
                    _ => Err(wrong_type(field)),
                }
            }
            FieldType::Integer => amount::parse_integer(text)
                .map(|int| Parsed::Value(Value::Int(int)))
                .map_err(|e| self.not_a_number(e)),
            FieldType::Number => amount::parse_percent(text, Bare::Percent)
                .map(|number| Parsed::Value(Value::Number(number)))
                .map_err(|e| self.not_a_number(e)),
            FieldType::Money
                if field.counted_in.is_none()
                    && amount::names_other_currency(text, &self.currency) =>
            {
                Err(Refusal::with(
                    "wrong_currency",
                    json!({ "currency": self.currency }),
                ))
            }
            FieldType::Money => {
                let minor = amount::parse_minor(text, unit).map_err(|e| self.not_a_number(e))?;
                field.parse(&json!(minor)).map(Parsed::Value)
            }
            FieldType::Day => self.day(day::parse(text, self.spec.format).map_err(refused_day)?),
            FieldType::Instant => {
                let (day, time) =
                    day::parse_with_time(text, self.spec.format).map_err(refused_day)?;
                self.instant(day.and_time(time.unwrap_or(NaiveTime::MIN)))
            }
            FieldType::Region => match region(text) {
                Some(code) => Ok(Parsed::Value(code.into())),
                None => Err(Refusal::new("unknown_region")),
            },
            FieldType::Industry => match industry(text) {
                Some(code) => Ok(Parsed::Value(code.into())),
                None => Err(Refusal::new("unknown_industry")),
            },
            FieldType::Email => match rules::phone::normal_email(text) {
                Some(email) => field.parse(&Json::String(email)).map(Parsed::Value),
                None => Err(Refusal::new("not_an_email")),
            },
            _ => as_json(),
        }
    }

    fn choice(&self, text: &str, unit: u32) -> Result<String, Refusal> {
        if let Some(code) = self.choices.get(&fold(text)) {
            return Ok(code.clone());
        }
        // A head count or a turnover falls into its band.
        let figure = amount::parse_number(text)
            .ok()
            .map(|number| number * f64::from(unit));
        let codes = self.field.choices.iter().map(|choice| choice.code.as_str());
        if let Some(code) = figure.and_then(|figure| bands::band_of(codes, figure)) {
            return Ok(code.to_owned());
        }
        Err(self.field.unknown_choice())
    }

    fn day(&self, day: NaiveDate) -> Result<Parsed, Refusal> {
        self.field
            .parse(&Json::String(day.to_string()))
            .map(Parsed::Value)
    }

    fn instant(&self, at: NaiveDateTime) -> Result<Parsed, Refusal> {
        if !(1900..=2200).contains(&at.year()) {
            return Err(refused_day(DayError::Year));
        }
        let at = at
            .and_local_timezone(self.zone)
            .earliest()
            .map_or(at.and_utc().timestamp_millis(), |at| at.timestamp_millis());
        Ok(Parsed::Value(Value::Int(at)))
    }

    fn not_a_number(&self, error: AmountError) -> Refusal {
        match error {
            AmountError::Grouping => Refusal::new("unclear_separators"),
            AmountError::TooLarge => Refusal::new("amount_too_large"),
            _ => wrong_type(&self.field),
        }
    }
}

fn wrong_type(field: &Field) -> Refusal {
    Refusal::with("wrong_type", json!({ "type": field.kind.name() }))
}

fn refused_day(error: DayError) -> Refusal {
    match error {
        DayError::Year => Refusal::with("year_out_of_range", json!({ "min": 1900, "max": 2200 })),
        DayError::Impossible => Refusal::new("no_such_day"),
        DayError::Ambiguous => Refusal::new("ambiguous_day"),
        DayError::Empty | DayError::Form => Refusal::new("not_a_day"),
    }
}

/// Several values in one cell, however they are parted.
pub fn parts(text: &str) -> Vec<String> {
    text.split([',', '，', ';', '；', '、', '|', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn region(text: &str) -> Option<&'static str> {
    rules::divisions::find(text)
        .or_else(|| rules::divisions::find(&text.replace(['/', '-', ' '], "")))
}

/// Exports write section and division, parted by a stroke: the last one decides.
fn industry(text: &str) -> Option<&'static str> {
    if let Some((section, division)) = text.split_once('/') {
        if let Some(code) = rules::industries::find(division) {
            return Some(code);
        }
        return rules::industries::find(section);
    }
    rules::industries::find(text)
}
