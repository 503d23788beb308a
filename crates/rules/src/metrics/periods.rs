//! Periods that figures are asked for, and what they are compared with. Days are business days, both ends included; weeks
//! are those of ISO 8601.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::period::UnknownPeriod;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    Day,
    Week,
    Month,
    Quarter,
    Half,
    Year,
    /// Twelve months from the fiscal year's first month on.
    FiscalYear,
    /// Any days: from one to another.
    Days,
}

/// A stretch of days, first and last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stretch {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Stretch {
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

/// A period of the calendar, or any days. Written `2026-03-09`, `2026-W11`, `2026-03`, `2026-Q1`, `2026-H1`, `2026`,
/// `FY2026` (the fiscal year that begins in 2026), or `2026-03-01..2026-03-20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    pub length: Length,
    pub stretch: Stretch,
}

const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| YEARS.contains(&year))
}

fn shift_days(from: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let shifted = match days < 0 {
        true => from.checked_sub_days(distance),
        false => from.checked_add_days(distance),
    };
    // Beyond chrono's calendar lies no day that anybody can name here.
    shifted.unwrap_or(from)
}

/// The same day of a month so many months later; the month's last one where it has no such day.
fn shift_months(from: NaiveDate, months: i32) -> NaiveDate {
    let distance = Months::new(months.unsigned_abs());
    let shifted = match months < 0 {
        true => from.checked_sub_months(distance),
        false => from.checked_add_months(distance),
    };
    shifted.unwrap_or(from)
}

fn months(first: NaiveDate, count: i32) -> Stretch {
    Stretch {
        from: first,
        to: shift_days(shift_months(first, count), -1),
    }
}

impl Length {
    /// How many months make it up; none when it is counted in days.
    fn months(self) -> Option<i32> {
        Some(match self {
            Length::Month => 1,
            Length::Quarter => 3,
            Length::Half => 6,
            Length::Year | Length::FiscalYear => 12,
            Length::Day | Length::Week | Length::Days => return None,
        })
    }
}

impl Period {
    /// The period of a length in which a day lies. `fiscal_month` is the fiscal year's first, 1 to 12.
    pub fn with_day(length: Length, on: NaiveDate, fiscal_month: u32) -> Period {
        let stretch = match length {
            Length::Day | Length::Days => Stretch { from: on, to: on },
            Length::Week => {
                let monday = shift_days(on, -i64::from(on.weekday().num_days_from_monday()));
                Stretch {
                    from: monday,
                    to: shift_days(monday, 6),
                }
            }
            _ => {
                let count = length.months().unwrap_or(1);
                let first_month = match length {
                    Length::FiscalYear => fiscal_month.clamp(1, 12),
                    _ => 1,
                };
                let into = (on.month() + 12 - first_month).cast_signed() % count;
                let first = on.with_day(1).unwrap_or(on);
                months(shift_months(first, -into), count)
            }
        };
        Period { length, stretch }
    }

    /// Any days; none when the last lies before the first.
    pub fn of_days(from: NaiveDate, to: NaiveDate) -> Option<Period> {
        (from <= to).then_some(Period {
            length: Length::Days,
            stretch: Stretch { from, to },
        })
    }

    /// Reads what `Display` writes.
    pub fn parse(text: &str, fiscal_month: u32) -> Result<Period, UnknownPeriod> {
        Period::read(text, fiscal_month).ok_or_else(|| UnknownPeriod(text.to_owned()))
    }

    fn read(text: &str, fiscal_month: u32) -> Option<Period> {
        if let Some((from, to)) = text.split_once("..") {
            return Period::of_days(read_day(from)?, read_day(to)?);
        }
        if let Some(year) = text.strip_prefix("FY") {
            let first = day(read_year(year)?, fiscal_month.clamp(1, 12), 1)?;
            return Some(Period::with_day(Length::FiscalYear, first, fiscal_month));
        }
        let (year, rest) = match text.split_once('-') {
            None => {
                let first = day(read_year(text)?, 1, 1)?;
                return Some(Period::with_day(Length::Year, first, fiscal_month));
            }
            Some((year, rest)) => (read_year(year)?, rest),
        };
        let number = |digits: &str, length: usize| {
            (digits.len() == length).then(|| digits.parse::<u32>().ok())?
        };
        let (length, on) = if let Some(week) = rest.strip_prefix('W') {
            let monday = NaiveDate::from_isoywd_opt(year, number(week, 2)?, Weekday::Mon)?;
            (Length::Week, monday)
        } else if let Some(quarter) = rest.strip_prefix('Q') {
            let quarter = number(quarter, 1).filter(|quarter| (1..=4).contains(quarter))?;
            (Length::Quarter, day(year, quarter * 3, 1)?)
        } else if let Some(half) = rest.strip_prefix('H') {
            let half = number(half, 1).filter(|half| (1..=2).contains(half))?;
            (Length::Half, day(year, half * 6, 1)?)
        } else if rest.len() == 2 {
            (Length::Month, day(year, number(rest, 2)?, 1)?)
        } else {
            (Length::Day, read_day(text)?)
        };
        Some(Period::with_day(length, on, fiscal_month))
    }

    /// So many periods later, earlier when negative. Any days are followed by as many days.
    pub fn offset(self, count: i32) -> Period {
        let Stretch { from, to } = self.stretch;
        let by_days = |days: i64| Stretch {
            from: shift_days(from, i64::from(count) * days),
            to: shift_days(to, i64::from(count) * days),
        };
        let stretch = match (self.length, self.length.months()) {
            (_, Some(length)) => months(shift_months(from, count * length), length),
            (Length::Week, _) => by_days(7),
            _ => by_days(self.stretch.days()),
        };
        Period { stretch, ..self }
    }

    pub fn previous(self) -> Period {
        self.offset(-1)
    }

    /// The same period a year before: of a week the one of the same number, or the last of that year; of 29 February the 28th.
    pub fn last_year(self) -> Period {
        let Stretch { from, to } = self.stretch;
        let stretch = match self.length {
            Length::Week => {
                let week = from.iso_week();
                let monday = [week.week(), 52].into_iter().find_map(|number| {
                    NaiveDate::from_isoywd_opt(week.year() - 1, number, Weekday::Mon)
                });
                let monday = monday.unwrap_or_else(|| shift_days(from, -364));
                Stretch {
                    from: monday,
                    to: shift_days(monday, 6),
                }
            }
            Length::Day | Length::Days => Stretch {
                from: shift_months(from, -12),
                to: shift_months(to, -12),
            },
            length => months(shift_months(from, -12), length.months().unwrap_or(12)),
        };
        Period { stretch, ..self }
    }

    /// The stretch of the period up to a day; none when it begins later.
    pub fn until(self, today: NaiveDate) -> Option<Stretch> {
        (self.stretch.from <= today).then(|| Stretch {
            from: self.stretch.from,
            to: Ord::min(self.stretch.to, today),
        })
    }

    /// The stretch of an earlier period that corresponds to this one up to a day: as many days of a week or of any days, to the
    /// same day of the month else, and never beyond the earlier period's end.
    pub fn same_stretch(self, earlier: Period, today: NaiveDate) -> Option<Stretch> {
        let so_far = self.until(today)?;
        if so_far == self.stretch {
            return Some(earlier.stretch);
        }
        let from = earlier.stretch.from;
        let to = match self.length.months() {
            None => shift_days(from, so_far.days() - 1),
            Some(_) => {
                let apart = (self.stretch.from.year() - from.year()) * 12
                    + self.stretch.from.month().cast_signed()
                    - from.month().cast_signed();
                shift_months(so_far.to, -apart)
            }
        };
        Some(Stretch {
            from,
            to: Ord::min(to, earlier.stretch.to),
        })
    }
}

fn read_year(text: &str) -> Option<i32> {
    let right = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|year| right && YEARS.contains(year))
}

fn read_day(text: &str) -> Option<NaiveDate> {
    let found: NaiveDate = (text.len() == 10).then(|| text.parse().ok())??;
    day(found.year(), found.month(), found.day())
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stretch { from, to } = self.stretch;
        let year = from.year();
        match self.length {
            Length::Day => write!(f, "{from}"),
            Length::Week => {
                write!(
                    f,
                    "{:04}-W{:02}",
                    from.iso_week().year(),
                    from.iso_week().week()
                )
            }
            Length::Month => write!(f, "{year:04}-{:02}", from.month()),
            Length::Quarter => write!(f, "{year:04}-Q{}", from.month().div_ceil(3)),
            Length::Half => write!(f, "{year:04}-H{}", from.month().div_ceil(6)),
            Length::Year => write!(f, "{year:04}"),
            Length::FiscalYear => write!(f, "FY{year:04}"),
            Length::Days => write!(f, "{from}..{to}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn period(text: &str) -> Period {
        Period::parse(text, 4).expect(text)
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn stretch(text: &str) -> Stretch {
        period(text).stretch
    }

    #[test]
    fn a_fiscal_year_begins_with_its_month() {
        assert_eq!(stretch("FY2025"), stretch("2025-04-01..2026-03-31"));
        let with = Period::with_day(Length::FiscalYear, on("2026-02-01"), 4);
        assert_eq!(with.to_string(), "FY2025");
    }

    #[test]
    fn a_week_over_new_year_belongs_to_the_year_of_its_thursday() {
        assert_eq!(stretch("2026-W01"), stretch("2025-12-29..2026-01-04"));
        assert_eq!(stretch("2026-W53"), stretch("2026-12-28..2027-01-03"));
        assert_eq!(period("2027-W01").previous().to_string(), "2026-W53");
        // 2025 has no week 53.
        assert_eq!(period("2026-W53").last_year().to_string(), "2025-W52");
        assert!(Period::parse("2025-W53", 1).is_err());
    }

    #[test]
    fn a_leap_day_meets_the_last_of_february() {
        assert_eq!(period("2028-02-29").last_year().to_string(), "2027-02-28");
        assert_eq!(stretch("2028-02"), stretch("2028-02-01..2028-02-29"));
        assert_eq!(period("2028-02").last_year().stretch, stretch("2027-02"));
        let so_far = period("2028-Q1").same_stretch(period("2027-Q1"), on("2028-02-29"));
        assert_eq!(so_far, Some(stretch("2027-01-01..2027-02-28")));
    }

    #[test]
    fn to_date_is_held_against_the_same_stretch() {
        let march = period("2026-03");
        let so_far = march.same_stretch(march.previous(), on("2026-03-10"));
        assert_eq!(so_far, Some(stretch("2026-02-01..2026-02-10")));
        // February has no 31st; a March that is over is held against all of February.
        let over = march.same_stretch(march.previous(), on("2026-03-31"));
        assert_eq!(over, Some(stretch("2026-02")));
        let nearly = march.same_stretch(march.previous(), on("2026-03-30"));
        assert_eq!(nearly, Some(stretch("2026-02")));
        let week = period("2026-W02");
        let so_far = week.same_stretch(week.previous(), on("2026-01-07"));
        assert_eq!(so_far, Some(stretch("2025-12-29..2025-12-31")));
        assert_eq!(march.same_stretch(march.previous(), on("2026-02-28")), None);
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "26",
            "2026-13",
            "2026-Q5",
            "2026-H3",
            "2026-W60",
            "2026-2-1",
            "FY",
            "2026-02-30",
            "2026-03-02..2026-03-01",
            "+026",
        ] {
            assert!(Period::parse(text, 1).is_err(), "{text}");
        }
    }

    const LENGTHS: [Length; 7] = [
        Length::Day,
        Length::Week,
        Length::Month,
        Length::Quarter,
        Length::Half,
        Length::Year,
        Length::FiscalYear,
    ];

    proptest! {
        #[test]
        fn periods_of_a_length_follow_each_other_without_gaps(
            length in prop::sample::select(LENGTHS.to_vec()), number in 0..80_000i64, fiscal in 1..=12u32, count in -30..30i32,
        ) {
            let on = shift_days(on("1950-01-01"), number);
            let period = Period::with_day(length, on, fiscal);
            prop_assert!(period.stretch.from <= on && on <= period.stretch.to);
            prop_assert_eq!(period.offset(1).stretch.from, shift_days(period.stretch.to, 1));
            prop_assert_eq!(period.offset(count).offset(-count), period);
            prop_assert_eq!(Period::parse(&period.to_string(), fiscal), Ok(period));
            prop_assert_eq!(Period::with_day(length, period.stretch.to, fiscal), period);
        }

        #[test]
        fn a_stretch_of_an_earlier_period_lies_within_it(
            length in prop::sample::select(LENGTHS.to_vec()), number in 0..80_000i64, into in 0..366i64,
        ) {
            let period = Period::with_day(length, shift_days(on("1950-01-01"), number), 1);
            let today = shift_days(period.stretch.from, into);
            for earlier in [period.previous(), period.last_year()] {
                let same = period.same_stretch(earlier, today).expect("begun");
                prop_assert_eq!(same.from, earlier.stretch.from);
                prop_assert!(same.from <= same.to && same.to <= earlier.stretch.to);
            }
        }
    }
}
