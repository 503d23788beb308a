use crate::WriteError;
use chrono::{NaiveDate, NaiveDateTime};
use std::borrow::Cow;

/// What a column mostly holds: decides its format and its usual width, not what may be written into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// Amounts with two decimals.
    Money,
    Day,
    DateTime,
    Bool,
}

/// A column to be written.
#[derive(Debug, Clone)]
pub struct OutColumn {
    pub title: String,
    pub kind: Kind,
    /// In characters of the standard font; `None` for what suits the kind and the title.
    pub width: Option<f64>,
}

impl OutColumn {
    pub fn new(title: impl Into<String>, kind: Kind) -> Self {
        Self {
            title: title.into(),
            kind,
            width: None,
        }
    }

    pub(super) fn shown_width(&self) -> f64 {
        let usual: u32 = match self.kind {
            Kind::Text => 18,
            Kind::Number | Kind::Day => 12,
            Kind::Money => 16,
            Kind::DateTime => 20,
            Kind::Bool => 8,
        };
        // Chinese characters are twice as wide; the filter's arrow takes three.
        let title: u32 = self
            .title
            .chars()
            .map(|c| if c < '\u{1100}' { 1 } else { 2 })
            .sum::<u32>()
            + 3;
        self.width
            .unwrap_or_else(|| f64::from(usual.max(title).min(60)))
    }
}

/// One cell to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Out<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// A figure; what is not finite has no form in a spreadsheet and becomes an empty cell.
    Number(f64),
    /// An amount in hundredths.
    MoneyMinor(i64),
    Day(NaiveDate),
    /// Local time of whoever reads the file; fractions of a second are left out.
    DateTime(NaiveDateTime),
    Bool(bool),
}

impl<'a> Out<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }
}

/// Whether a spreadsheet program might run the text as a formula when it opens CSV, or, for the sake of a way back,
/// whether the text looks as if it had been marked against that already.
pub(crate) fn needs_mark(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

pub(super) fn check_width(cells: usize, columns: usize) -> Result<(), WriteError> {
    if cells == columns {
        Ok(())
    } else {
        Err(WriteError::WrongWidth { cells, columns })
    }
}
