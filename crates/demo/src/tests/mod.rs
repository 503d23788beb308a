//! Tests of the whole; here is what they share: companies as of fixed days, and instants as days.

mod activities;
mod contracts;
mod pattern;
mod records;

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::Company;

/// The first day of a year, so that the two years of history are eight whole quarters.
fn new_year() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, 1).unwrap()
}

/// An ordinary day.
fn some_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn company(scale: u32) -> Company {
    Company::new(scale, 7, some_day())
}

/// Companies of other seeds, as of days in and after holidays too.
fn other_companies() -> impl Iterator<Item = Company> {
    [
        (2026, 10, 7),
        (2027, 2, 14),
        (2026, 1, 1),
        (2024, 2, 29),
        (2026, 6, 8),
    ]
    .into_iter()
    .zip(11..)
    .map(|((year, month, day), seed)| {
        Company::new(3, seed, NaiveDate::from_ymd_opt(year, month, day).unwrap())
    })
}

/// An instant in business time.
fn local(instant: i64) -> chrono::NaiveDateTime {
    let shanghai = FixedOffset::east_opt(8 * 3_600).unwrap();
    DateTime::from_timestamp_millis(instant)
        .unwrap()
        .with_timezone(&shanghai)
        .naive_local()
}
