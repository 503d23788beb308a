//! Days as people and spreadsheets write them.

use crate::names::half_width;
use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The order in which a column writes year, month and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    Ymd,
    Mdy,
    Dmy,
}

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayError {
    Empty,
    /// No known form.
    Form,
    /// The year lies before 1900 or after 2200.
    Year,
    /// Such a day (or time) doesn't exist, like 30 February.
    Impossible,
    /// It could be more than one day; the order must be given.
    Ambiguous,
}

impl fmt::Display for DayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DayError::Empty => "empty",
            DayError::Form => "not a day",
            DayError::Year => "the year must lie between 1900 and 2200",
            DayError::Impossible => "no such day",
            DayError::Ambiguous => "could be several days",
        })
    }
}

impl std::error::Error for DayError {}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The day in `text`; a time behind it must be a real one and is left out. Forms: 2026-01-02, 2026/1/2, 2026.1.2,
/// 2026年1月2日, 20260102, 2 Jan 2026, Jan 2, 2026, 1/2/2026 and 1/2/26 (as `order` says), and day numbers of a
/// spreadsheet with five or six digits.
pub fn parse(text: &str, order: Option<DayOrder>) -> Result<NaiveDate, DayError> {
    parse_with_time(text, order).map(|(day, _)| day)
}

/// As [`parse`], with the time of day where the text has one (as written: a time zone is not applied).
pub fn parse_with_time(
    text: &str,
    order: Option<DayOrder>,
) -> Result<(NaiveDate, Option<NaiveTime>), DayError> {
    let text: String = text
        .trim()
        .chars()
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(DayError::Empty);
    }
    if let Some(found) = digits_only(text) {
        return found;
    }
    let (parts, rest) = leading_parts(text).ok_or(DayError::Form)?;
    let day = from_parts(&parts, order)?;
    Ok((day, time_of_day(rest)?))
}

/// The day with this number in a spreadsheet (1900 system; the fraction is the time of day). Day 60 is the 29 February
/// 1900 that Lotus 1-2-3 invented and that never was.
pub fn from_serial(serial: f64) -> Result<(NaiveDate, Option<NaiveTime>), DayError> {
    if !(1.0..110_000.0).contains(&serial) {
        return Err(DayError::Year);
    }
    // A ten-thousandth of a second takes up what binary fractions lose.
    let seconds = (serial.fract() * 86_400.0 + 0.0001).floor() as u32;
    let whole = serial.floor() as u64;
    let epoch_day = if whole > 60 { 30 } else { 31 };
    if whole == 60 {
        return Err(DayError::Impossible);
    }
    let epoch = NaiveDate::from_ymd_opt(1899, 12, epoch_day).ok_or(DayError::Form)?;
    let day = epoch
        .checked_add_days(Days::new(whole))
        .ok_or(DayError::Year)?;
    let time = (seconds > 0)
        .then(|| NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0))
        .flatten();
    Ok((checked_year(day)?, time))
}

fn checked_year(day: NaiveDate) -> Result<NaiveDate, DayError> {
    if (1900..=2200).contains(&day.year()) {
        Ok(day)
    } else {
        Err(DayError::Year)
    }
}

/// `20260102`, `20260102153000`, or a spreadsheet's day number; none when the text holds anything but digits and a point.
fn digits_only(text: &str) -> Option<Result<(NaiveDate, Option<NaiveTime>), DayError>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    Some(match (whole.len(), fraction.is_empty()) {
        (8 | 14, true) => compact(whole),
        // Four digits would be a year in every table that people keep; day numbers of today have five.
        (5 | 6, _) => text
            .parse()
            .map_err(|_| DayError::Form)
            .and_then(from_serial),
        _ => Err(DayError::Form),
    })
}

fn compact(digits: &str) -> Result<(NaiveDate, Option<NaiveTime>), DayError> {
    let number =
        |from: usize, to: usize| digits[from..to].parse::<u32>().map_err(|_| DayError::Form);
    let day = ymd(number(0, 4)?, number(4, 6)?, number(6, 8)?)?;
    if digits.len() == 8 {
        return Ok((day, None));
    }
    let time = NaiveTime::from_hms_opt(number(8, 10)?, number(10, 12)?, number(12, 14)?);
    Ok((day, Some(time.ok_or(DayError::Impossible)?)))
}

fn ymd(year: u32, month: u32, day: u32) -> Result<NaiveDate, DayError> {
    let year = i32::try_from(year).map_err(|_| DayError::Year)?;
    if !(1900..=2200).contains(&year) {
        return Err(DayError::Year);
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DayError::Impossible)
}

/// One of the three parts of a date: a number with its count of digits, or a month's name.
enum Part {
    Number(u32, usize),
    Month(u32),
}

/// The first three parts, and the text behind them; none when they aren't parted as in a date.
fn leading_parts(text: &str) -> Option<(Vec<Part>, &str)> {
    let mut parts = Vec::new();
    let mut separators: Vec<&str> = Vec::new();
    let mut rest = text;
    while parts.len() < 3 {
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let same_kind = |c: char| {
            if is_digit {
                c.is_ascii_digit()
            } else {
                c.is_ascii_lowercase()
            }
        };
        let (word, behind) = rest.split_at(rest.find(|c| !same_kind(c)).unwrap_or(rest.len()));
        parts.push(if is_digit {
            Part::Number(word.parse().ok()?, word.len())
        } else {
            let month = MONTHS
                .iter()
                .position(|name| word.starts_with(name) && word.len() <= 9)?;
            Part::Month(u32::try_from(month).ok()? + 1)
        });
        rest = behind;
        if parts.len() < 3 {
            let length = rest.find(|c: char| c.is_ascii_alphanumeric())?;
            separators.push(rest[..length].trim());
            rest = &rest[length..];
        }
    }
    rest = rest.trim_start();
    rest = rest.strip_prefix(['日', '号']).unwrap_or(rest);
    let is_uniform =
        separators[0] == separators[1] && ["-", "/", ".", "", "年"].contains(&separators[0]);
    let is_chinese = separators == ["年", "月"];
    let has_name = parts.iter().any(|part| matches!(part, Part::Month(_)));
    let is_english = has_name
        && separators
            .iter()
            .all(|separator| ["", ",", "-", "/", "."].contains(separator));
    // `2026 1 2` is fine, `2026` `0102` glued together never gets here; names may touch their day: `2jan2026`.
    (is_uniform || is_chinese || is_english).then_some((parts, rest))
}

fn from_parts(parts: &[Part], order: Option<DayOrder>) -> Result<NaiveDate, DayError> {
    match *parts {
        [
            Part::Number(day, _),
            Part::Month(month),
            Part::Number(year, 4),
        ]
        | [
            Part::Month(month),
            Part::Number(day, _),
            Part::Number(year, 4),
        ]
        | [
            Part::Number(year, 4),
            Part::Month(month),
            Part::Number(day, _),
        ] => ymd(year, month, day),
        [
            Part::Number(day, 1..=2),
            Part::Month(month),
            Part::Number(year, 2),
        ] => ymd(century(year), month, day),
        [
            Part::Number(year, 4),
            Part::Number(month, 1..=2),
            Part::Number(day, 1..=2),
        ] => ymd(year, month, day),
        [
            Part::Number(first, 1..=2),
            Part::Number(second, 1..=2),
            Part::Number(year, 4),
        ] => month_and_day_first(first, second, year, order),
        [
            Part::Number(year, 2),
            Part::Number(month, 1..=2),
            Part::Number(day, 1..=2),
        ] if order == Some(DayOrder::Ymd) => ymd(century(year), month, day),
        [
            Part::Number(first, 1..=2),
            Part::Number(second, 1..=2),
            Part::Number(year, 2),
        ] if order.is_some() => month_and_day_first(first, second, century(year), order),
        [
            Part::Number(_, 1..=2),
            Part::Number(_, 1..=2),
            Part::Number(_, 1..=2),
        ] => Err(DayError::Ambiguous),
        _ => Err(DayError::Form),
    }
}

fn month_and_day_first(
    first: u32,
    second: u32,
    year: u32,
    order: Option<DayOrder>,
) -> Result<NaiveDate, DayError> {
    match order {
        Some(DayOrder::Mdy) => ymd(year, first, second),
        Some(DayOrder::Dmy) => ymd(year, second, first),
        // Year first was promised, yet the year stands last; or nothing was promised.
        Some(DayOrder::Ymd) | None => match (ymd(year, first, second), ymd(year, second, first)) {
            (Ok(one), Ok(other)) if one != other => Err(DayError::Ambiguous),
            (Ok(day), _) | (Err(_), Ok(day)) => Ok(day),
            (Err(error), Err(_)) => Err(error),
        },
    }
}

/// Two-digit years up to 69 belong to this century, as POSIX has it.
fn century(year: u32) -> u32 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

/// The time behind a day: nothing, or `T15:30`, ` 15:30:00.123Z`, ` 3:30 pm`, ` 15时30分`, with or without a zone.
fn time_of_day(text: &str) -> Result<Option<NaiveTime>, DayError> {
    let text = text.trim().trim_start_matches(['t', ',', ' ']);
    if text.is_empty() {
        return Ok(None);
    }
    let (text, mut is_afternoon, mut is_morning) = (text.to_owned(), false, false);
    let mut body = text.as_str();
    for (word, afternoon) in [
        ("下午", true),
        ("上午", false),
        ("晚上", true),
        ("pm", true),
        ("am", false),
    ] {
        if let Some(rest) = body.strip_prefix(word).or_else(|| body.strip_suffix(word)) {
            (is_afternoon, is_morning, body) = (afternoon, !afternoon, rest.trim());
        }
    }
    let body = body.strip_suffix('z').unwrap_or(body);
    // The zone: a sign behind the hours, such as +08:00.
    let body = body.find(['+', '-']).map_or(body, |at| &body[..at]).trim();
    let body = body
        .replace(['时', '點', '点', '分'], ":")
        .replace('秒', "");
    let mut fields = body.trim_end_matches(':').split(':');
    let number = |field: Option<&str>| {
        field
            .map(str::trim)
            .and_then(|field| field.parse::<u32>().ok())
    };
    let hour = number(fields.next()).ok_or(DayError::Form)?;
    let minute = number(fields.next()).ok_or(DayError::Form)?;
    let second = match fields.next() {
        Some(field) => number(field.split('.').next()).ok_or(DayError::Form)?,
        None => 0,
    };
    if fields.next().is_some() {
        return Err(DayError::Form);
    }
    let hour = match hour {
        12 if is_morning => 0,
        1..=11 if is_afternoon => hour + 12,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
        .map(Some)
        .ok_or(DayError::Impossible)
}

#[cfg(test)]
mod tests;
