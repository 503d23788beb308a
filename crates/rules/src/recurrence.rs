//! Repeat rules as RFC 5545 writes them, for what happens at most once a day.
//!
//! A rule decides on days; the time of day stays what it was in the series' time zone, also where clocks change.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    TimeZone, Utc,
};
use chrono_tz::Tz;
use rrule::{RRule, Unvalidated};

/// Why a text is no repeat rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecurrenceError {
    /// No rule of RFC 5545, or a part of it that is not supported here.
    Form,
    /// It would repeat more than once a day.
    TooOften,
    /// The first day is not one of the rule's days.
    MissesStart,
}

impl fmt::Display for RecurrenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RecurrenceError::Form => "not a supported repeat rule",
            RecurrenceError::TooOften => "repeats more than once a day",
            RecurrenceError::MissesStart => "the first day is not one of the rule's",
        })
    }
}

impl std::error::Error for RecurrenceError {}

/// Parts of a rule that decide on days.
const PARTS: [&str; 9] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "WKST",
    "BYDAY",
    "BYMONTHDAY",
    "BYMONTH",
    "BYSETPOS",
];
const WITHIN_A_DAY: [&str; 3] = ["BYHOUR", "BYMINUTE", "BYSECOND"];
/// Longer rules are no person's.
const TEXT_MAX: usize = 300;
/// About a hundred years of weeks; a rule that ends later may as well not end.
const COUNT_MAX: u32 = 5_000;
/// Occurrences of one look, and of all before it: three hundred years of days.
const LOOK_MAX: usize = 110_000;
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// A repeat rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// All parts but `COUNT` and `UNTIL`, by name.
    parts: BTreeMap<String, String>,
    count: Option<u32>,
    /// The last day that it may fall on.
    until: Option<NaiveDate>,
}

impl Recurrence {
    /// Reads `FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231`, with or without `RRULE:` in front. `UNTIL` as an instant ends
    /// with the last occurrence that begins by then, for a series that begins at `time` in `zone`.
    pub fn parse(text: &str, zone: Tz, time: NaiveTime) -> Result<Recurrence, RecurrenceError> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        if text.len() > TEXT_MAX {
            return Err(RecurrenceError::Form);
        }
        let mut parts = BTreeMap::new();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(RecurrenceError::Form)?;
            if WITHIN_A_DAY.contains(&name) {
                return Err(RecurrenceError::TooOften);
            }
            if !PARTS.contains(&name) || parts.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(RecurrenceError::Form);
            }
        }
        match parts.get("FREQ").map(String::as_str) {
            Some("DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY") => {}
            Some("HOURLY" | "MINUTELY" | "SECONDLY") => return Err(RecurrenceError::TooOften),
            _ => return Err(RecurrenceError::Form),
        }
        let count = match parts.remove("COUNT") {
            Some(count) => Some(
                count
                    .parse()
                    .ok()
                    .filter(|count| (1..=COUNT_MAX).contains(count))
                    .ok_or(RecurrenceError::Form)?,
            ),
            None => None,
        };
        let until = match parts.remove("UNTIL") {
            Some(_) if count.is_some() => return Err(RecurrenceError::Form),
            Some(until) => Some(last_day(&until, zone, time)?),
            None => None,
        };
        let recurrence = Recurrence {
            parts,
            count,
            until,
        };
        recurrence.rule().map(|_| recurrence)
    }

    fn rule(&self) -> Result<RRule<Unvalidated>, RecurrenceError> {
        let text: Vec<String> = self
            .parts
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        text.join(";").parse().map_err(|_| RecurrenceError::Form)
    }

    /// The rule as RFC 5545 writes it, `UNTIL` as a day.
    pub fn text(&self) -> String {
        let until = self.until.map(|day| day.format("%Y%m%d").to_string());
        self.written(until)
    }

    /// The same for a series whose occurrences begin at instants: there RFC 5545 wants `UNTIL` as an instant.
    pub fn text_at(&self, zone: Tz) -> String {
        let until = self.until.map(|day| {
            let end = day.and_time(NaiveTime::MIN) + TimeDelta::seconds(86_399);
            instant(end, zone).format("%Y%m%dT%H%M%SZ").to_string()
        });
        self.written(until)
    }

    fn written(&self, until: Option<String>) -> String {
        let frequency = self
            .parts
            .get("FREQ")
            .map(String::as_str)
            .unwrap_or_default();
        let mut text = format!("FREQ={frequency}");
        for (name, value) in self.parts.iter().filter(|(name, _)| *name != "FREQ") {
            text.push_str(&format!(";{name}={value}"));
        }
        if let Some(count) = self.count {
            text.push_str(&format!(";COUNT={count}"));
        }
        if let Some(until) = until {
            text.push_str(&format!(";UNTIL={until}"));
        }
        text
    }

    /// The rule's days from one day to another, both included, for a series whose first day is `first`.
    pub fn days(&self, first: NaiveDate, from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
        let last = self.until.map_or(until, |end| end.min(until));
        let Ok(rule) = self.rule() else {
            return Vec::new();
        };
        // In UTC every day has its midnight, so that the rule decides on days alone.
        let Some(start) = rrule::Tz::UTC
            .from_local_datetime(&first.and_time(NaiveTime::MIN))
            .single()
        else {
            return Vec::new();
        };
        let rule = match self.count {
            Some(count) => rule.count(count),
            None => rule,
        };
        let Ok(set) = rule.build(start) else {
            return Vec::new();
        };
        set.into_iter()
            .take(LOOK_MAX)
            .map(|at| at.date_naive())
            .take_while(|day| *day <= last)
            .filter(|day| *day >= from)
            .collect()
    }

    /// Whether a series may begin on this day: it must be the rule's first.
    pub fn check_start(&self, first: NaiveDate) -> Result<(), RecurrenceError> {
        // A rule whose day never comes looks for it in vain; the first day alone is asked for.
        if self.days(first, first, first) == [first] {
            Ok(())
        } else {
            Err(RecurrenceError::MissesStart)
        }
    }

    /// The same rule ending before this day; none when nothing is left of a series that begins at `first`.
    pub fn ending_before(&self, first: NaiveDate, day: NaiveDate) -> Option<Recurrence> {
        let last = day.pred_opt()?;
        (first <= last).then(|| Recurrence {
            count: None,
            until: Some(self.until.map_or(last, |until| until.min(last))),
            ..self.clone()
        })
    }

    /// What is left of the rule from this day on, for a series that began at `first`; none when it is over.
    pub fn going_on_from(&self, first: NaiveDate, day: NaiveDate) -> Option<Recurrence> {
        let Some(count) = self.count else {
            return self
                .until
                .is_none_or(|until| day <= until)
                .then(|| self.clone());
        };
        let gone = match day.pred_opt() {
            Some(last) if last >= first => self.days(first, first, last).len(),
            _ => 0,
        };
        let left = count.checked_sub(u32::try_from(gone).ok()?)?;
        (left > 0).then(|| Recurrence {
            count: Some(left),
            ..self.clone()
        })
    }

    /// The rule for occurrences moved from one day to another: every Monday becomes every Tuesday, the 5th becomes the
    /// 8th. None where the rule names several days that would not all move the same way.
    pub fn moved(&self, from: NaiveDate, to: NaiveDate) -> Option<Recurrence> {
        if from == to {
            return Some(self.clone());
        }
        let shift = (to - from).num_days();
        let mut moved = self.clone();
        // The end goes along, so that as many occurrences remain.
        moved.until = match self.until {
            Some(until) => Some(until.checked_add_signed(TimeDelta::days(shift))?),
            None => None,
        };
        if self.parts.contains_key("BYSETPOS") {
            return None;
        }
        let weekly = self
            .parts
            .get("FREQ")
            .is_some_and(|frequency| frequency == "WEEKLY");
        if let Some(days) = self.parts.get("BYDAY") {
            let days: Vec<&str> = days.split(',').collect();
            let shifted = match days.as_slice() {
                days if weekly => days
                    .iter()
                    .map(|day| shifted_weekday(day, shift))
                    .collect::<Option<Vec<String>>>()?
                    .join(","),
                [day] => nth_weekday(day, to)?,
                _ => return None,
            };
            moved.parts.insert("BYDAY".into(), shifted);
        }
        if let Some(days) = self.parts.get("BYMONTHDAY") {
            let day: i64 = days.parse().ok()?;
            // Counted from the month's end, it stays so.
            let to_day = if day < 0 {
                i64::from(to.day()) - i64::from(days_in_month(to)) - 1
            } else {
                i64::from(to.day())
            };
            moved.parts.insert("BYMONTHDAY".into(), to_day.to_string());
        }
        if let Some(months) = self.parts.get("BYMONTH")
            && to.month() != from.month()
        {
            months.parse::<u32>().ok()?;
            moved.parts.insert("BYMONTH".into(), to.month().to_string());
        }
        moved.check_start(to).is_ok().then_some(moved)
    }
}

/// The day of `UNTIL` on which a series at `time` may still fall.
fn last_day(text: &str, zone: Tz, time: NaiveTime) -> Result<NaiveDate, RecurrenceError> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y%m%d") {
        return Ok(day);
    }
    let (text, is_utc) = match text.strip_suffix('Z') {
        Some(text) => (text, true),
        None => (text, false),
    };
    let at =
        NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").map_err(|_| RecurrenceError::Form)?;
    let at = if is_utc {
        at.and_utc().with_timezone(&zone).naive_local()
    } else {
        at
    };
    if time <= at.time() {
        Ok(at.date())
    } else {
        at.date().pred_opt().ok_or(RecurrenceError::Form)
    }
}

/// `MO` and 1 give `TU`; an ordinal in front has no place in a weekly rule.
fn shifted_weekday(day: &str, shift: i64) -> Option<String> {
    let position = WEEKDAYS.iter().position(|known| *known == day)?;
    let shifted = (i64::try_from(position).ok()? + shift).rem_euclid(7);
    Some(WEEKDAYS[usize::try_from(shifted).ok()?].to_owned())
}

/// How a rule like `2MO` or `-1FR` names this day; a bare weekday stays bare.
fn nth_weekday(rule: &str, day: NaiveDate) -> Option<String> {
    let split = rule.len().checked_sub(2)?;
    let (ordinal, _) = rule.split_at_checked(split)?;
    let name = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
    Some(match ordinal {
        "" => name.to_owned(),
        ordinal if ordinal.starts_with('-') => {
            format!("-{}{name}", (days_in_month(day) - day.day()) / 7 + 1)
        }
        _ => format!("{}{name}", (day.day() - 1) / 7 + 1),
    })
}

fn days_in_month(day: NaiveDate) -> u32 {
    let next = day
        .with_day(1)
        .and_then(|first| first.checked_add_months(chrono::Months::new(1)));
    next.and_then(|next| next.checked_sub_days(Days::new(1)))
        .map_or(31, |last| last.day())
}

/// The instant of a local time. What a clock change skips is read as if it had not come yet, so 02:30 becomes 03:30; what
/// it repeats is the first of the two (RFC 5545, 3.3.5).
pub fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at.to_utc(),
        LocalResult::Ambiguous(first, _) => first.to_utc(),
        LocalResult::None => {
            // The offset that held before the gap; no gap is as long as a day.
            let before = local - TimeDelta::days(1);
            let at = match zone.from_local_datetime(&before) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
                LocalResult::None => before.and_utc(),
            };
            at + TimeDelta::days(1)
        }
    }
}

#[cfg(test)]
mod tests;
