//! The digest: what could be many mails, gathered into one a day.

use chrono::{Days, NaiveDateTime, NaiveTime};

use crate::holidays::is_working_day;
use crate::quiet_hours;

/// On which days a digest goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestDays {
    /// Those that China works, holidays and the weekend days that make up for them counted in.
    Working,
    Every,
}

impl DigestDays {
    pub fn code(self) -> &'static str {
        match self {
            DigestDays::Working => "working",
            DigestDays::Every => "every",
        }
    }
    pub fn parse(code: &str) -> Option<DigestDays> {
        [DigestDays::Working, DigestDays::Every]
            .into_iter()
            .find(|days| days.code() == code)
    }
}

/// When one person's digest goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    pub at: NaiveTime,
    pub days: DigestDays,
}

/// Longer than any holiday.
const AHEAD: u64 = 60;

impl Digest {
    /// Reads `HH:MM` and a code of days.
    pub fn parse(at: &str, days: &str) -> Option<Digest> {
        Some(Digest {
            at: quiet_hours::time(at)?,
            days: DigestDays::parse(days)?,
        })
    }

    /// The first time after this local time at which the digest goes out.
    pub fn next(self, after: NaiveDateTime) -> Option<NaiveDateTime> {
        (0..AHEAD)
            .filter_map(|days| {
                Some(
                    after
                        .date()
                        .checked_add_days(Days::new(days))?
                        .and_time(self.at),
                )
            })
            .find(|at| *at > after && (self.days == DigestDays::Every || is_working_day(at.date())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn what_comes_at_the_hour_waits_for_the_next_day() {
        let daily = Digest::parse("08:00", "every").unwrap();
        let next = |text| daily.next(at(text)).unwrap();
        assert_eq!(next("2026-06-15T07:59:59"), at("2026-06-15T08:00:00"));
        assert_eq!(next("2026-06-15T08:00:00"), at("2026-06-16T08:00:00"));
    }

    #[test]
    fn working_days_are_those_of_the_public_calendar() {
        let working = Digest::parse("08:30", "working").unwrap();
        let next = |text| working.next(at(text)).unwrap();
        // A Friday, then Monday.
        assert_eq!(next("2026-06-12T09:00:00"), at("2026-06-15T08:30:00"));
        // National Day 2025 lasted until October 8; Saturday the 11th was worked.
        assert_eq!(next("2025-09-30T09:00:00"), at("2025-10-09T08:30:00"));
        assert_eq!(next("2025-10-10T09:00:00"), at("2025-10-11T08:30:00"));
    }

    #[test]
    fn what_is_no_time_or_no_kind_of_days_is_no_digest() {
        for (time, days) in [("8:00", "every"), ("25:00", "every"), ("08:00", "never")] {
            assert_eq!(Digest::parse(time, days), None);
        }
    }

    proptest! {
        #[test]
        fn the_next_digest_is_later_at_its_time_and_none_lies_between(
            minutes in 0i64..2_000_000, hour in 0u32..24, minute in 0u32..60, is_working: bool
        ) {
            let after = at("2024-01-01T00:00:00") + chrono::TimeDelta::minutes(minutes);
            let days = if is_working { DigestDays::Working } else { DigestDays::Every };
            let digest = Digest { at: NaiveTime::from_hms_opt(hour, minute, 0).unwrap(), days };
            let next = digest.next(after).unwrap();
            prop_assert!(next > after && next.time() == digest.at);
            let mut day = after.date();
            while day < next.date() {
                let between = day.and_time(digest.at);
                prop_assert!(between <= after || (is_working && !is_working_day(day)));
                day = day.succ_opt().unwrap();
            }
        }
    }
}
