//! Periods named relative to today, and months as buckets. Weeks start on Monday.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A period relative to today, as the `during` operator of a filter names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RelativePeriod {
    Today,
    Yesterday,
    Tomorrow,
    /// All days before today.
    Past,
    ThisWeek,
    LastWeek,
    NextWeek,
    ThisMonth,
    LastMonth,
    NextMonth,
    ThisQuarter,
    LastQuarter,
    NextQuarter,
    ThisYear,
    LastYear,
    NextYear,
    /// The n days that end today, written `last_n_days:30`; n is 1 to 3660.
    LastDays(u16),
    /// The n days that begin today, written `next_n_days:7`; n is 1 to 3660.
    NextDays(u16),
}

/// The text names no period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPeriod(pub String);

impl fmt::Display for UnknownPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown period: {}", self.0)
    }
}

impl std::error::Error for UnknownPeriod {}

const MOST_DAYS: u16 = 3660;

const NAMES: [(&str, RelativePeriod); 16] = [
    ("today", RelativePeriod::Today),
    ("yesterday", RelativePeriod::Yesterday),
    ("tomorrow", RelativePeriod::Tomorrow),
    ("past", RelativePeriod::Past),
    ("this_week", RelativePeriod::ThisWeek),
    ("last_week", RelativePeriod::LastWeek),
    ("next_week", RelativePeriod::NextWeek),
    ("this_month", RelativePeriod::ThisMonth),
    ("last_month", RelativePeriod::LastMonth),
    ("next_month", RelativePeriod::NextMonth),
    ("this_quarter", RelativePeriod::ThisQuarter),
    ("last_quarter", RelativePeriod::LastQuarter),
    ("next_quarter", RelativePeriod::NextQuarter),
    ("this_year", RelativePeriod::ThisYear),
    ("last_year", RelativePeriod::LastYear),
    ("next_year", RelativePeriod::NextYear),
];

impl FromStr for RelativePeriod {
    type Err = UnknownPeriod;

    fn from_str(text: &str) -> Result<Self, UnknownPeriod> {
        let unknown = || UnknownPeriod(text.to_owned());
        if let Some((_, period)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Ok(*period);
        }
        let (name, count) = text.split_once(':').ok_or_else(unknown)?;
        let days = count
            .parse::<u16>()
            .ok()
            .filter(|days| (1..=MOST_DAYS).contains(days))
            .ok_or_else(unknown)?;
        match name {
            "last_n_days" => Ok(RelativePeriod::LastDays(days)),
            "next_n_days" => Ok(RelativePeriod::NextDays(days)),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for RelativePeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RelativePeriod::LastDays(days) => write!(f, "last_n_days:{days}"),
            RelativePeriod::NextDays(days) => write!(f, "next_n_days:{days}"),
            named => f.write_str(
                NAMES
                    .iter()
                    .find(|(_, period)| period == named)
                    .map_or("", |(name, _)| name),
            ),
        }
    }
}

impl TryFrom<String> for RelativePeriod {
    type Error = UnknownPeriod;

    fn try_from(text: String) -> Result<Self, UnknownPeriod> {
        text.parse()
    }
}

impl From<RelativePeriod> for String {
    fn from(period: RelativePeriod) -> String {
        period.to_string()
    }
}

/// First and last day of `period`, both inclusive. `today` is a day of the years 1900 to 2200.
pub fn range(period: RelativePeriod, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    use RelativePeriod as P;
    match period {
        P::Today => (today, today),
        P::Yesterday => (shift_days(today, -1), shift_days(today, -1)),
        P::Tomorrow => (shift_days(today, 1), shift_days(today, 1)),
        P::Past => (first_day(), shift_days(today, -1)),
        P::ThisWeek => week(today, 0),
        P::LastWeek => week(today, -1),
        P::NextWeek => week(today, 1),
        P::ThisMonth => months(today, 1, 0),
        P::LastMonth => months(today, 1, -1),
        P::NextMonth => months(today, 1, 1),
        P::ThisQuarter => months(today, 3, 0),
        P::LastQuarter => months(today, 3, -1),
        P::NextQuarter => months(today, 3, 1),
        P::ThisYear => months(today, 12, 0),
        P::LastYear => months(today, 12, -1),
        P::NextYear => months(today, 12, 1),
        P::LastDays(days) => (shift_days(today, 1 - i64::from(days.max(1))), today),
        P::NextDays(days) => (today, shift_days(today, i64::from(days.max(1)) - 1)),
    }
}

/// The first day that any parser of ours lets in.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(NaiveDate::MIN)
}

fn shift_days(day: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let shifted = if days < 0 {
        day.checked_sub_days(distance)
    } else {
        day.checked_add_days(distance)
    };
    // Out of chrono's calendar (262,000 years) only for a day that no parser of ours lets in.
    shifted.unwrap_or(day)
}

/// Whole months from the first to the last, and the stretches of days before and after them.
pub type MonthsAndDays = (Option<(Month, Month)>, Vec<(NaiveDate, NaiveDate)>);

/// The whole months from one day to another, if there are any, and what is left at both ends.
pub fn whole_months(from: NaiveDate, to: NaiveDate) -> MonthsAndDays {
    if from > to {
        return (None, Vec::new());
    }
    let month = Month::of(from);
    let first = match month.first_day() == from {
        true => from,
        false => month.offset(1).first_day(),
    };
    // The first day that is in no whole month any more.
    let month = Month::of(to);
    let after = match month.last_day() == to {
        true => month.offset(1).first_day(),
        false => month.first_day(),
    };
    if first >= after {
        return (None, vec![(from, to)]);
    }
    let ends = [(from, shift_days(first, -1)), (after, to)];
    (
        Some((Month::of(first), Month::of(after).offset(-1))),
        ends.into_iter().filter(|(from, to)| from <= to).collect(),
    )
}

fn shift_months(day: NaiveDate, count: i32) -> NaiveDate {
    let distance = Months::new(count.unsigned_abs());
    let shifted = if count < 0 {
        day.checked_sub_months(distance)
    } else {
        day.checked_add_months(distance)
    };
    shifted.unwrap_or(day)
}

fn week(today: NaiveDate, offset: i64) -> (NaiveDate, NaiveDate) {
    let monday = shift_days(
        today,
        offset * 7 - i64::from(today.weekday().num_days_from_monday()),
    );
    (monday, shift_days(monday, 6))
}

/// The block of `length` months (1, 3 or 12, aligned to the year) that lies `offset` blocks from the one with `today`.
fn months(today: NaiveDate, length: u32, offset: i32) -> (NaiveDate, NaiveDate) {
    let into_block = (today.month0() % length).cast_signed();
    let length = length.cast_signed();
    let first = shift_months(Month::of(today).first_day(), offset * length - into_block);
    (first, shift_days(shift_months(first, length), -1))
}

/// A calendar month, the bucket of monthly figures; written `2026-01`, ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(NaiveDate);

impl Month {
    /// The month that contains `day`.
    pub fn of(day: NaiveDate) -> Month {
        Month(day.with_day(1).unwrap_or(day))
    }

    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    pub fn last_day(self) -> NaiveDate {
        shift_days(self.offset(1).0, -1)
    }

    /// The month `count` months later (earlier when negative).
    pub fn offset(self, count: i32) -> Month {
        Month(shift_months(self.0, count))
    }

    /// All months from the one with `from` to the one with `to`, both included; none when `to` is earlier.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Vec<Month> {
        let last = Month::of(to);
        std::iter::successors(Some(Month::of(from)), |month| Some(month.offset(1)))
            .take_while(|month| *month <= last)
            .collect()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = UnknownPeriod;

    fn from_str(text: &str) -> Result<Self, UnknownPeriod> {
        let day = (text.len() == 7)
            .then(|| format!("{text}-01").parse().ok())
            .flatten();
        day.map(Month).ok_or_else(|| UnknownPeriod(text.to_owned()))
    }
}

impl TryFrom<String> for Month {
    type Error = UnknownPeriod;

    fn try_from(text: String) -> Result<Self, UnknownPeriod> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

#[cfg(test)]
mod tests;
