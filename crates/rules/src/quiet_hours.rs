//! Quiet hours: when a person's phone and mailbox are left in peace.

use chrono::{Days, NaiveDateTime, NaiveTime};

/// From one time of day until another, over midnight when it begins later than it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    pub from: NaiveTime,
    pub until: NaiveTime,
}

impl QuietHours {
    /// Reads two `HH:MM`; none when one is no time of day or both are the same.
    pub fn parse(from: &str, until: &str) -> Option<QuietHours> {
        let (from, until) = (time(from)?, time(until)?);
        (from != until).then_some(QuietHours { from, until })
    }

    /// When the quiet that holds at this local time ends; none when it is not quiet.
    pub fn end(self, at: NaiveDateTime) -> Option<NaiveDateTime> {
        let now = at.time();
        let over_midnight = self.from > self.until;
        let is_quiet = if over_midnight {
            now >= self.from || now < self.until
        } else {
            now >= self.from && now < self.until
        };
        let ends_tomorrow = over_midnight && now >= self.from;
        let day = if ends_tomorrow {
            at.date().checked_add_days(Days::new(1))?
        } else {
            at.date()
        };
        is_quiet.then(|| day.and_time(self.until))
    }
}

/// A time of day as `HH:MM`.
pub fn time(text: &str) -> Option<NaiveTime> {
    (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_night_ends_in_the_morning() {
        let night = QuietHours::parse("21:30", "07:00").unwrap();
        assert_eq!(night.end(at("2026-06-15T21:29:59")), None);
        assert_eq!(
            night.end(at("2026-06-15T21:30:00")),
            Some(at("2026-06-16T07:00:00"))
        );
        assert_eq!(
            night.end(at("2026-06-16T06:59:00")),
            Some(at("2026-06-16T07:00:00"))
        );
        assert_eq!(night.end(at("2026-06-16T07:00:00")), None);
    }

    #[test]
    fn a_noon_rest_is_of_one_day() {
        let rest = QuietHours::parse("12:00", "13:30").unwrap();
        assert_eq!(
            rest.end(at("2026-06-15T12:10:00")),
            Some(at("2026-06-15T13:30:00"))
        );
        assert_eq!(rest.end(at("2026-06-15T11:59:00")), None);
    }

    #[test]
    fn what_is_no_time_of_day_is_refused() {
        for (from, until) in [
            ("24:00", "07:00"),
            ("9:00", "10:00"),
            ("", "07:00"),
            ("07:00", "07:00"),
            ("07:00:00", "08:00"),
        ] {
            assert_eq!(QuietHours::parse(from, until), None, "{from} {until}");
        }
    }

    proptest! {
        #[test]
        fn quiet_ends_within_a_day_and_then_it_is_not_quiet(from in 0u32..1_440, until in 0u32..1_440, minute in 0i64..100_000) {
            let time = |minutes: u32| NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap();
            prop_assume!(from != until);
            let quiet = QuietHours { from: time(from), until: time(until) };
            let now = at("2026-01-01T00:00:00") + chrono::TimeDelta::minutes(minute);
            if let Some(end) = quiet.end(now) {
                prop_assert!(end > now && end - now <= chrono::TimeDelta::days(1));
                prop_assert_eq!(quiet.end(end), None);
            }
        }
    }
}
