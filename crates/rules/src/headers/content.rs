//! What the values of a column say about a field.

use super::Target;
use crate::amount::{Bare, parse_integer, parse_number, parse_percent};
use crate::credit_code::CreditCode;
use crate::day::{self, DayError};
use crate::phone::{Phone, PhoneKind, normal_email};
use crate::value::FieldType;
use crate::{divisions, industries};

/// Whether values can be of a field's type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fit {
    /// They can't.
    No,
    /// Nothing can be said.
    Unknown,
    /// They can; how much that alone says (0 to 100): an e-mail address is unmistakable, a number could be anything.
    Yes(f64),
}

/// Judges by the filled values: most of them must fit, or hardly any.
pub(super) fn fit(target: &Target, values: &[&str]) -> Fit {
    let filled: Vec<&str> = values
        .iter()
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
        .collect();
    let Some((fits, certainty)) = judge(target).filter(|_| !filled.is_empty()) else {
        return Fit::Unknown;
    };
    let share = filled.iter().filter(|value| fits(value)).count() as f64 / filled.len() as f64;
    match share {
        0.6.. => Fit::Yes(certainty),
        0.3.. => Fit::Unknown,
        _ => Fit::No,
    }
}

/// Whether a value is of a type.
type Test = fn(&str) -> bool;

/// How to know a value of the target's type, and how much it says when there is no name.
fn judge(target: &Target) -> Option<(Test, f64)> {
    if target.field == "credit_code" {
        return Some((|value| CreditCode::parse(value).is_ok(), 40.0));
    }
    Some(match target.field_type {
        FieldType::Email => (|value| normal_email(value).is_some(), 45.0),
        FieldType::Phone if target.field == "mobile" => (is_mobile, 42.0),
        FieldType::Phone => (is_phone, 35.0),
        FieldType::Url => (is_url, 40.0),
        FieldType::Region => (|value| divisions::find(value).is_some(), 38.0),
        FieldType::Industry => (|value| industries::find(value).is_some(), 0.0),
        FieldType::Day | FieldType::Instant => (is_day, 0.0),
        FieldType::Money => (|value| parse_number(value).is_ok(), 0.0),
        FieldType::Number => (|value| parse_percent(value, Bare::Percent).is_ok(), 0.0),
        FieldType::Integer => (
            |value| parse_integer(value.trim_end_matches(['%', '％'])).is_ok(),
            0.0,
        ),
        FieldType::Bool => (is_yes_or_no, 0.0),
        _ => return None,
    })
}

fn is_mobile(value: &str) -> bool {
    Phone::parse(value).is_ok_and(|phone| phone.kind == PhoneKind::Mobile) || is_masked(value)
}

/// Bare short numbers could be anything; a phone number among them shows itself by its length.
fn is_phone(value: &str) -> bool {
    Phone::parse(value).is_ok_and(|phone| phone.key().len() >= 10) || is_masked(value)
}

fn is_masked(value: &str) -> bool {
    value.contains("****") && value.chars().filter(char::is_ascii_digit).count() >= 4
}

fn is_url(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value.starts_with("http://") || value.starts_with("https://") || value.starts_with("www.")
}

fn is_day(value: &str) -> bool {
    matches!(
        day::parse(value, None),
        Ok(_) | Err(DayError::Ambiguous | DayError::Impossible | DayError::Year)
    )
}

fn is_yes_or_no(value: &str) -> bool {
    [
        "是", "否", "yes", "no", "true", "false", "y", "n", "1", "0", "√", "×", "有", "无",
    ]
    .contains(&value.to_lowercase().as_str())
}
