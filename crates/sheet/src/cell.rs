use chrono::{NaiveDate, NaiveDateTime};
use std::borrow::Cow;

/// One cell as the file holds it. Delimited text gives only `Empty` and `Text`.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// A date without a time, and also a point in time that falls on midnight: the file does not tell them apart.
    Day(NaiveDate),
    /// Local time as shown in the sheet; the file knows no time zone.
    DateTime(NaiveDateTime),
    Bool(bool),
    /// What a formula left behind instead of a value, such as `#REF!`.
    Error(String),
}

impl Cell {
    /// Whether there is nothing to see in the cell.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell as a person would read it: numbers with at most 15 significant digits as spreadsheet programs show
    /// them, days as `2026-03-01`, times as `2026-03-01 14:05:00`, `TRUE` and `FALSE`.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Day(day) => Cow::Owned(day.format("%Y-%m-%d").to_string()),
            Self::DateTime(at) => Cow::Owned(at.format("%Y-%m-%d %H:%M:%S").to_string()),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }
}

// A file stores 0.1 + 0.2 as 0.30000000000000004 and the program shows 0.3: that is what the user means.
fn number_text(number: f64) -> String {
    let shown = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    if shown == 0.0 {
        "0".to_owned()
    } else {
        shown.to_string()
    }
}
