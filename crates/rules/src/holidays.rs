//! China's public holidays, with the weekend days that are worked to make up for them.
//!
//! The dates of each year are those that the State Council's office announces in the autumn before. A year that isn't
//! announced yet is not guessed: it has no entry here.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A public holiday of China.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holiday {
    NewYear,
    SpringFestival,
    Qingming,
    LabourDay,
    DragonBoat,
    MidAutumn,
    NationalDay,
}

impl Holiday {
    /// The key of its name in the catalogues.
    pub fn code(self) -> &'static str {
        match self {
            Holiday::NewYear => "new_year",
            Holiday::SpringFestival => "spring_festival",
            Holiday::Qingming => "qingming",
            Holiday::LabourDay => "labour_day",
            Holiday::DragonBoat => "dragon_boat",
            Holiday::MidAutumn => "mid_autumn",
            Holiday::NationalDay => "national_day",
        }
    }
}

/// A day that isn't what its weekday says, or is off for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    pub day: NaiveDate,
    /// The holiday that it belongs to.
    pub holiday: Holiday,
    /// Whether it is worked: a day of a weekend that makes up for the holiday.
    pub is_working: bool,
}

// Year; holiday; month and day of the first day off; days off; days worked instead, as month and day.
struct Row(i32, Holiday, (u32, u32), u64, &'static [(u32, u32)]);

use Holiday::{DragonBoat, LabourDay, MidAutumn, NationalDay, NewYear, Qingming, SpringFestival};

// A holiday that begins in December stands in the year of its January 1, with its days from there on; those of December
// stand in the year before.
#[rustfmt::skip]
const ANNOUNCED: &[Row] = &[
    Row(2020, NewYear, (1, 1), 1, &[]),
    Row(2020, SpringFestival, (1, 24), 10, &[(1, 19)]),
    Row(2020, Qingming, (4, 4), 3, &[]),
    Row(2020, LabourDay, (5, 1), 5, &[(4, 26), (5, 9)]),
    Row(2020, DragonBoat, (6, 25), 3, &[(6, 28)]),
    Row(2020, NationalDay, (10, 1), 8, &[(9, 27), (10, 10)]),
    Row(2021, NewYear, (1, 1), 3, &[]),
    Row(2021, SpringFestival, (2, 11), 7, &[(2, 7), (2, 20)]),
    Row(2021, Qingming, (4, 3), 3, &[]),
    Row(2021, LabourDay, (5, 1), 5, &[(4, 25), (5, 8)]),
    Row(2021, DragonBoat, (6, 12), 3, &[]),
    Row(2021, MidAutumn, (9, 19), 3, &[(9, 18)]),
    Row(2021, NationalDay, (10, 1), 7, &[(9, 26), (10, 9)]),
    Row(2022, NewYear, (1, 1), 3, &[]),
    Row(2022, SpringFestival, (1, 31), 7, &[(1, 29), (1, 30)]),
    Row(2022, Qingming, (4, 3), 3, &[(4, 2)]),
    Row(2022, LabourDay, (4, 30), 5, &[(4, 24), (5, 7)]),
    Row(2022, DragonBoat, (6, 3), 3, &[]),
    Row(2022, MidAutumn, (9, 10), 3, &[]),
    Row(2022, NationalDay, (10, 1), 7, &[(10, 8), (10, 9)]),
    Row(2022, NewYear, (12, 31), 1, &[]),
    Row(2023, NewYear, (1, 1), 2, &[]),
    Row(2023, SpringFestival, (1, 21), 7, &[(1, 28), (1, 29)]),
    Row(2023, Qingming, (4, 5), 1, &[]),
    Row(2023, LabourDay, (4, 29), 5, &[(4, 23), (5, 6)]),
    Row(2023, DragonBoat, (6, 22), 3, &[(6, 25)]),
    Row(2023, NationalDay, (9, 29), 8, &[(10, 7), (10, 8)]),
    Row(2023, NewYear, (12, 30), 2, &[]),
    Row(2024, NewYear, (1, 1), 1, &[]),
    Row(2024, SpringFestival, (2, 10), 8, &[(2, 4), (2, 18)]),
    Row(2024, Qingming, (4, 4), 3, &[(4, 7)]),
    Row(2024, LabourDay, (5, 1), 5, &[(4, 28), (5, 11)]),
    Row(2024, DragonBoat, (6, 8), 3, &[]),
    Row(2024, MidAutumn, (9, 15), 3, &[(9, 14)]),
    Row(2024, NationalDay, (10, 1), 7, &[(9, 29), (10, 12)]),
    Row(2025, NewYear, (1, 1), 1, &[]),
    Row(2025, SpringFestival, (1, 28), 8, &[(1, 26), (2, 8)]),
    Row(2025, Qingming, (4, 4), 3, &[]),
    Row(2025, LabourDay, (5, 1), 5, &[(4, 27)]),
    Row(2025, DragonBoat, (5, 31), 3, &[]),
    Row(2025, NationalDay, (10, 1), 8, &[(9, 28), (10, 11)]),
    Row(2026, NewYear, (1, 1), 3, &[(1, 4)]),
    Row(2026, SpringFestival, (2, 15), 9, &[(2, 14), (2, 28)]),
    Row(2026, Qingming, (4, 4), 3, &[]),
    Row(2026, LabourDay, (5, 1), 5, &[(5, 9)]),
    Row(2026, DragonBoat, (6, 19), 3, &[]),
    Row(2026, MidAutumn, (9, 25), 3, &[]),
    Row(2026, NationalDay, (10, 1), 7, &[(9, 20), (10, 10)]),
];

/// Whether the holidays of a year are known here.
pub fn is_announced(year: i32) -> bool {
    ANNOUNCED
        .iter()
        .any(|row| row.0 == year && row.1 == Holiday::SpringFestival)
}

/// The special days of a year in the order of time; none for a year that isn't announced.
pub fn special_days(year: i32) -> Vec<SpecialDay> {
    let mut days = Vec::new();
    for Row(_, holiday, first, length, worked) in ANNOUNCED.iter().filter(|row| row.0 == year) {
        let of = |(month, day): (u32, u32)| NaiveDate::from_ymd_opt(year, month, day);
        let special = |day, is_working| SpecialDay {
            day,
            holiday: *holiday,
            is_working,
        };
        let off = of(*first).into_iter().flat_map(|first| {
            (0..*length).filter_map(move |more| first.checked_add_days(Days::new(more)))
        });
        days.extend(off.map(|day| special(day, false)));
        days.extend(
            worked
                .iter()
                .filter_map(|day| of(*day))
                .map(|day| special(day, true)),
        );
    }
    days.sort_by_key(|special| special.day);
    days
}

/// Whether a day is worked: as announced, and Monday to Friday where nothing was.
pub fn is_working_day(day: NaiveDate) -> bool {
    special_days(day.year())
        .iter()
        .find(|special| special.day == day)
        .map_or(
            !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
            |special| special.is_working,
        )
}

/// How many of the days from one to another are worked, both included.
pub fn working_days(from: NaiveDate, to: NaiveDate) -> usize {
    let mut known: Vec<SpecialDay> = Vec::new();
    let mut year = None;
    from.iter_days()
        .take_while(|day| *day <= to)
        .filter(|day| {
            if year != Some(day.year()) {
                year = Some(day.year());
                known = special_days(day.year());
            }
            match known.iter().find(|special| special.day == *day) {
                Some(special) => special.is_working,
                None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
            }
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn every_day_worked_for_a_holiday_is_one_of_a_weekend() {
        for special in (2020..=2026).flat_map(special_days) {
            if special.is_working {
                let weekday = special.day.weekday();
                assert!(
                    matches!(weekday, Weekday::Sat | Weekday::Sun),
                    "{} is a {weekday}",
                    special.day
                );
            }
        }
    }

    #[test]
    fn no_day_is_special_twice() {
        for year in 2020..=2026 {
            let days = special_days(year);
            assert!(days.windows(2).all(|two| two[0].day < two[1].day), "{year}");
        }
    }

    #[test]
    fn a_year_has_about_250_working_days() {
        for year in 2020..=2026 {
            let count = working_days(day(year, 1, 1), day(year, 12, 31));
            assert!((248..=252).contains(&count), "{year}: {count}");
        }
    }

    #[test]
    fn working_days_are_counted_as_they_are_told_one_by_one() {
        // Over New Year, whose day off of one year stands in the next.
        let (from, to) = (day(2022, 12, 20), day(2023, 2, 10));
        let one_by_one = from.iter_days().take_while(|day| *day <= to);
        let count = one_by_one.filter(|day| is_working_day(*day)).count();
        assert_eq!(working_days(from, to), count);
        assert_eq!(working_days(day(2026, 2, 28), day(2026, 2, 28)), 1);
        assert_eq!(working_days(day(2026, 2, 2), day(2026, 2, 1)), 0);
    }

    #[test]
    fn the_make_up_saturday_is_worked_and_the_festival_is_not() {
        assert!(is_working_day(day(2026, 2, 28)));
        assert!(!is_working_day(day(2026, 2, 17)));
        assert!(!is_working_day(day(2026, 2, 7)));
        assert!(is_working_day(day(2027, 2, 8)));
        assert!(!is_announced(2027));
    }
}
