//! Days and instants: which days are worked, how busy each is, and when in the day something happens.
//!
//! A day is counted from 1970-01-01; an instant is milliseconds UTC. Business time is Asia/Shanghai, UTC+8 all year.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rules::holidays::{is_announced, special_days};

/// First day of the Chinese New Year, 2015 to 2040.
#[rustfmt::skip]
const NEW_YEARS: &[(i32, u32, u32)] = &[
    (2015, 2, 19), (2016, 2, 8), (2017, 1, 28), (2018, 2, 16), (2019, 2, 5), (2020, 1, 25), (2021, 2, 12), (2022, 2, 1), (2023, 1, 22),
    (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 3), (2031, 1, 23), (2032, 2, 11),
    (2033, 1, 31), (2034, 2, 19), (2035, 2, 8), (2036, 1, 28), (2037, 2, 15), (2038, 2, 4), (2039, 1, 24), (2040, 2, 12),
];

/// Share of a year's business in each quarter, as a factor on the mean.
pub const QUARTER_FACTORS: [f64; 4] = [0.606, 0.918, 0.992, 1.481];

/// Growth of the business from year to year.
pub const YEARLY_GROWTH: f64 = 0.12;

/// The number of a date.
pub(crate) fn day_of(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}

/// The date of a number.
pub(crate) fn date_of(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day + 719_163).unwrap_or_default()
}

/// The instant of a second of a business day.
pub(crate) fn instant(day: i32, second: i32) -> i64 {
    (i64::from(day) * 86_400 + i64::from(second) - 8 * 3_600) * 1_000
}

/// The business day of an instant.
pub(crate) fn day_at(instant: i64) -> i32 {
    (instant / 1_000 + 8 * 3_600).div_euclid(86_400) as i32
}

/// The second of the day for a fraction of the working time (8:40–12:00, 13:30–18:00); grows with the fraction.
pub(crate) fn working_second(fraction: f64) -> i32 {
    (working_millisecond(fraction) / 1_000) as i32
}

/// The same in milliseconds.
pub(crate) fn working_millisecond(fraction: f64) -> i64 {
    let moment = 31_200_000 + (fraction * 28_200_000.0) as i64;
    if moment < 43_200_000 {
        moment
    } else {
        moment + 5_400_000
    }
}

/// Working days and how busy they are over a stretch of days.
pub(crate) struct Calendar {
    first: i32,
    is_worked: Vec<bool>,
    next_worked: Vec<i32>,
    weights: Vec<f64>,
}

impl Calendar {
    /// A calendar from one day to another, both included; growth counts from `anchor`, where it is 1.
    pub(crate) fn new(first: i32, last: i32, anchor: i32) -> Self {
        let week = Week::new(date_of(first).year()..=date_of(last).year());
        let patterns: Vec<f64> = (first..=last)
            .map(|day| week.pattern(date_of(day)))
            .collect();
        let is_worked: Vec<bool> = patterns.iter().map(|pattern| *pattern > 0.0).collect();
        let mut next_worked = vec![last; is_worked.len()];
        let mut next = last;
        for (index, worked) in is_worked.iter().enumerate().rev() {
            if *worked {
                next = first + index as i32;
            }
            next_worked[index] = next;
        }
        let mut totals = HashMap::new();
        let weights = patterns
            .iter()
            .enumerate()
            .map(|(index, pattern)| {
                let day = first + index as i32;
                let growth = libm::pow(1.0 + YEARLY_GROWTH, f64::from(day - anchor) / 365.25);
                let date = date_of(day);
                let total = *totals
                    .entry((date.year(), date.month0() / 3))
                    .or_insert_with(|| week.quarter_total(date));
                pattern * QUARTER_FACTORS[date.month0() as usize / 3] * growth / total
            })
            .collect();
        Self {
            first,
            is_worked,
            next_worked,
            weights,
        }
    }

    /// How busy a day is: 0 on days off; the days of a quarter sum to its factor (times growth).
    pub(crate) fn weight(&self, day: i32) -> f64 {
        self.index(day)
            .and_then(|index| self.weights.get(index))
            .copied()
            .unwrap_or(0.0)
    }

    /// The day itself when it is worked, else the next one that is.
    pub(crate) fn worked_from(&self, day: i32) -> i32 {
        self.index(day)
            .and_then(|index| self.next_worked.get(index))
            .copied()
            .unwrap_or(day)
    }

    /// The day itself when it is worked, else the last one before that is.
    pub(crate) fn worked_until(&self, day: i32) -> i32 {
        let mut day = day;
        while self.index(day).and_then(|index| self.is_worked.get(index)) == Some(&false) {
            day -= 1;
        }
        day
    }

    fn index(&self, day: i32) -> Option<usize> {
        usize::try_from(day - self.first).ok()
    }
}

/// How busy each day of the week is, and which days are not what their weekday says.
struct Week {
    /// Days of announced years that are special, and whether they are worked.
    special: HashMap<NaiveDate, bool>,
}

impl Week {
    fn new(years: impl Iterator<Item = i32>) -> Self {
        Self {
            special: years
                .flat_map(special_days)
                .map(|special| (special.day, special.is_working))
                .collect(),
        }
    }

    /// Weekdays differ, holidays are off, the weeks around the New Year are quiet, a quarter's last month is the busiest.
    fn pattern(&self, date: NaiveDate) -> f64 {
        let is_weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let is_worked = self
            .special
            .get(&date)
            .copied()
            .unwrap_or(!is_weekend && !is_usual_holiday(date));
        if !is_worked {
            return 0.0;
        }
        let weekday = match date.weekday() {
            Weekday::Mon => 0.95,
            Weekday::Tue | Weekday::Thu => 1.05,
            Weekday::Wed => 1.10,
            Weekday::Fri => 0.85,
            // A day that makes up for a holiday: few customers want to see anybody.
            Weekday::Sat | Weekday::Sun => 0.35,
        };
        let around_new_year = match days_from_new_year(date) {
            Some(-10..=-1) => 0.45,
            Some(0..=18) => 0.6,
            _ => 1.0,
        };
        let in_quarter = [0.85, 0.95, 1.2][date.month0() as usize % 3];
        weekday * around_new_year * in_quarter
    }

    fn quarter_total(&self, date: NaiveDate) -> f64 {
        let Some(first) = NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1) else {
            return 1.0;
        };
        first
            .iter_days()
            .take_while(|day| {
                day.month0() / 3 == first.month0() / 3 && *day < first + Days::new(100)
            })
            .map(|day| self.pattern(day))
            .sum()
    }
}

/// Holidays of a year that isn't announced: those of fixed days, and the week of the New Year.
fn is_usual_holiday(date: NaiveDate) -> bool {
    let is_fixed = matches!(
        (date.month(), date.day()),
        (1, 1) | (4, 4..=6) | (5, 1..=5) | (10, 1..=7)
    );
    !is_announced(date.year()) && (is_fixed || matches!(days_from_new_year(date), Some(-1..=6)))
}

/// Days since the first day of this year's Chinese New Year, negative before it. The quiet weeks never reach over the
/// end of a year, so only this year's day counts.
fn days_from_new_year(date: NaiveDate) -> Option<i32> {
    NEW_YEARS
        .iter()
        .find(|new_year| new_year.0 == date.year())
        .and_then(|(year, month, day)| NaiveDate::from_ymd_opt(*year, *month, *day))
        .map(|new_year| day_of(date) - day_of(new_year))
}

/// A distribution over days.
pub(crate) struct Curve {
    first: i32,
    // Weight of all days before the one at the index; one longer than the stretch.
    before: Vec<f64>,
}

impl Curve {
    /// A curve whose days from `first` on have the given weights.
    pub(crate) fn new(first: i32, weights: impl Iterator<Item = f64>) -> Self {
        let mut before = vec![0.0];
        let mut sum = 0.0;
        for weight in weights {
            sum += weight;
            before.push(sum);
        }
        Self { first, before }
    }

    /// The weight of all days before a day.
    pub(crate) fn before(&self, day: i32) -> f64 {
        let index = usize::try_from(day - self.first)
            .unwrap_or(0)
            .min(self.before.len() - 1);
        self.before[index]
    }

    /// The weight of all days.
    pub(crate) fn total(&self) -> f64 {
        self.before.last().copied().unwrap_or(0.0)
    }

    /// The day, and the fraction of that day, where a weight below the total is reached; grows with the weight.
    pub(crate) fn at(&self, weight: f64) -> (i32, f64) {
        let index = self
            .before
            .partition_point(|before| *before <= weight)
            .clamp(1, self.before.len() - 1)
            - 1;
        let day = self.before[index + 1] - self.before[index];
        let fraction = if day > 0.0 {
            ((weight - self.before[index]) / day).clamp(0.0, 1.0)
        } else {
            0.0
        };
        (self.first + index as i32, fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_and_its_business_day_agree_also_before_eight() {
        let day = NaiveDate::from_ymd_opt(2026, 2, 9).map_or(0, day_of);
        assert_eq!(day_at(instant(day, 60)), day);
        assert_eq!(day_at(instant(day, 86_399)), day);
        assert_eq!(date_of(day).day(), 9);
    }

    #[test]
    fn the_days_of_a_quarter_sum_to_its_factor_without_growth() {
        let first = NaiveDate::from_ymd_opt(2026, 10, 1).map_or(0, day_of);
        let calendar = Calendar::new(first, first + 91, first + 45);
        let sum: f64 = (first..first + 92).map(|day| calendar.weight(day)).sum();
        assert!((sum - QUARTER_FACTORS[3]).abs() < 0.01, "{sum}");
    }

    #[test]
    fn a_curve_leads_back_to_the_day_where_its_weight_lies() {
        let curve = Curve::new(100, [1.0, 0.0, 2.0].into_iter());
        assert_eq!(curve.at(0.5), (100, 0.5));
        assert_eq!(curve.at(2.0), (102, 0.5));
        assert_eq!(curve.before(102), 1.0);
    }
}
