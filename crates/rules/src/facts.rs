//! Facts: what a record means for the figures, and how facts are summed up.
//!
//! A record's facts follow from the record alone. They are never changed, only taken out and put in again; so the sums
//! always equal those over the records as they stand.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

/// One thing that a record means for one metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub metric: &'static str,
    /// The business day; none for what stands outside of time.
    pub day: Option<NaiveDate>,
    /// The day of the same subject's fact before this one. Different subjects of a period are those whose fact in it is
    /// their first: `since` lies before the period.
    pub since: Option<NaiveDate>,
    /// Whose it is: who owns the guarding record now, by whom the scope goes; of what happened on a day, who owned it then.
    pub owner: Option<Uuid>,
    /// What the metric is parted by: a stage, a level.
    pub part: String,
    /// What tells facts of one part from each other: a reason, a number of days.
    pub mark: String,
    /// The customer's class, and the city of its region.
    pub class: String,
    pub region: String,
    /// The product, or line of products, that it is about; none of what is about the whole.
    pub product: Option<Uuid>,
    /// 1; of what leaves a stock −1.
    pub count: i64,
    /// An amount in minor units.
    pub value: i64,
    /// The value by its chance.
    pub weighted: i64,
}

impl Fact {
    pub fn new(metric: &'static str, part: impl Into<String>) -> Fact {
        Fact {
            metric,
            day: None,
            since: None,
            owner: None,
            part: part.into(),
            mark: String::new(),
            class: String::new(),
            region: String::new(),
            product: None,
            count: 1,
            value: 0,
            weighted: 0,
        }
    }
}

/// What a roll-up keeps apart, besides the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    Owner,
    Day,
    /// The day's month, as its first day.
    Month,
    Since,
    Mark,
    Class,
    Region,
    Product,
}

/// Sums of one metric's facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollUp {
    pub name: &'static str,
    pub metric: &'static str,
    pub by: &'static [Axis],
}

/// Which cell of which roll-up; what a roll-up doesn't keep apart is empty. They are ordered as they lie in the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    pub roll_up: Cow<'static, str>,
    pub part: String,
    pub day: String,
    pub owner: Uuid,
    pub class: String,
    pub region: String,
    pub product: Uuid,
    pub since: String,
    pub mark: String,
}

impl RollUp {
    /// The cell that a fact counts in; none when the fact is of another metric.
    pub fn cell(&self, fact: &Fact) -> Option<Cell> {
        if fact.metric != self.metric {
            return None;
        }
        let by = |axis: Axis| self.by.contains(&axis);
        let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let day = match (by(Axis::Day), by(Axis::Month)) {
            (true, _) => text(fact.day),
            (_, true) => text(fact.day.and_then(|day| day.with_day(1))),
            _ => String::new(),
        };
        Some(Cell {
            roll_up: self.name.into(),
            owner: match by(Axis::Owner) {
                true => fact.owner.unwrap_or_default(),
                false => Uuid::nil(),
            },
            part: fact.part.clone(),
            day,
            since: match by(Axis::Since) {
                true => text(fact.since),
                false => String::new(),
            },
            mark: match by(Axis::Mark) {
                true => fact.mark.clone(),
                false => String::new(),
            },
            class: match by(Axis::Class) {
                true => fact.class.clone(),
                false => String::new(),
            },
            region: match by(Axis::Region) {
                true => fact.region.clone(),
                false => String::new(),
            },
            product: match by(Axis::Product) {
                true => fact.product.unwrap_or_default(),
                false => Uuid::nil(),
            },
        })
    }
}

/// What the facts of a cell come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    pub count: i64,
    pub value: i64,
    pub weighted: i64,
}

impl Sum {
    pub fn is_nothing(&self) -> bool {
        *self == Sum::default()
    }
}

/// Cells and their sums, or by how much they change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cells(pub BTreeMap<Cell, Sum>);

impl Cells {
    /// Puts facts in.
    pub fn put(&mut self, roll_ups: &[RollUp], facts: &[Fact]) {
        self.add(roll_ups, facts, 1);
    }

    /// Takes facts out.
    pub fn take(&mut self, roll_ups: &[RollUp], facts: &[Fact]) {
        self.add(roll_ups, facts, -1);
    }

    fn add(&mut self, roll_ups: &[RollUp], facts: &[Fact], times: i64) {
        for fact in facts {
            for cell in roll_ups.iter().filter_map(|roll_up| roll_up.cell(fact)) {
                let sum = self.0.entry(cell).or_default();
                sum.count += times * fact.count;
                sum.value += times * fact.value;
                sum.weighted += times * fact.weighted;
            }
        }
    }
}

/// Whose a record was until a day, that day no longer; the last one lasts.
#[derive(Debug, Clone, PartialEq)]
pub struct Tenure {
    pub until: Option<NaiveDate>,
    pub person: Option<Uuid>,
}

/// Whose a record was on a day.
pub fn owner_on(tenures: &[Tenure], day: NaiveDate) -> Option<Uuid> {
    let mut tenures = tenures.iter();
    let then = tenures.find(|tenure| tenure.until.is_none_or(|until| until > day));
    then.and_then(|tenure| tenure.person)
}

/// What a record that stands from a day until another adds to a stock, and takes from it: day, person and 1 or −1. It moves
/// with its owner.
pub fn stock(
    tenures: &[Tenure],
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Vec<(NaiveDate, Option<Uuid>, i64)> {
    let mut moves = Vec::new();
    let mut since = from;
    for tenure in tenures {
        let end = match (tenure.until, until) {
            (Some(end), Some(until)) => Some(Ord::min(end, until)),
            (end, until) => end.or(until),
        };
        if end.is_some_and(|end| end <= since) && tenure.until.is_some() {
            continue;
        }
        moves.push((since, tenure.person, 1));
        let Some(end) = end else { break };
        moves.push((Ord::max(end, since), tenure.person, -1));
        since = Ord::max(end, since);
        if until == Some(since) {
            break;
        }
    }
    moves
}

/// A tenth of a day in milliseconds.
pub const TENTH_MS: i64 = 8_640_000;

/// A stretch of milliseconds in tenths of a day, rounded half up. Databases divide integers in the same way.
pub fn tenths(ms: i64) -> i64 {
    (ms + TENTH_MS / 2) / TENTH_MS
}

/// How finely a stretch of so many tenths of a day is counted: to a tenth below twenty days, to a day below two hundred,
/// beyond to ten days. Nobody tells longer ones apart more finely, and so a year has few different ones.
pub fn counted_tenths(tenths: i64) -> i64 {
    match tenths {
        ..200 => tenths,
        200..2_000 => tenths / 10 * 10,
        _ => tenths / 100 * 100,
    }
}

/// How often each number occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<i64, i64>);

impl Tally {
    pub fn add(&mut self, number: i64, count: i64) {
        *self.0.entry(number).or_default() += count;
    }

    fn total(&self) -> i64 {
        self.0.values().sum()
    }

    /// The number at a place from 1, in their order.
    fn at(&self, place: i64) -> Option<i64> {
        let mut seen = 0;
        self.0.iter().find_map(|(number, count)| {
            seen += count;
            (seen >= place).then_some(*number)
        })
    }

    /// The middle number, or the mean of the two in the middle; none of nothing.
    pub fn median(&self) -> Option<f64> {
        let total = self.total();
        let (low, high) = (self.at((total + 1) / 2)?, self.at(total / 2 + 1)?);
        Some((low + high) as f64 / 2.0)
    }

    pub fn mean(&self) -> Option<f64> {
        let total = self.total();
        let sum: i64 = self.0.iter().map(|(number, count)| number * count).sum();
        (total > 0).then(|| sum as f64 / total as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BY_DAY: RollUp = RollUp {
        name: "visits_by_day",
        metric: "visits",
        by: &[Axis::Day, Axis::Since],
    };
    const BY_OWNER: RollUp = RollUp {
        name: "visits_by_owner",
        metric: "visits",
        by: &[Axis::Owner, Axis::Month],
    };

    fn day(number: i32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(739_000 + number).expect("a day")
    }

    #[test]
    fn a_fact_counts_in_the_roll_ups_of_its_metric_only() {
        let fact = Fact {
            day: day(40).into(),
            ..Fact::new("calls", "long")
        };
        assert_eq!(BY_DAY.cell(&fact), None);
    }

    #[test]
    fn a_month_stands_for_its_days() {
        let fact = Fact {
            day: NaiveDate::from_ymd_opt(2026, 2, 28),
            ..Fact::new("visits", "first")
        };
        assert_eq!(BY_OWNER.cell(&fact).expect("a cell").day, "2026-02-01");
    }

    #[test]
    fn what_is_taken_out_as_it_was_put_in_leaves_nothing() {
        let fact = Fact {
            day: day(1).into(),
            value: 7,
            weighted: 3,
            ..Fact::new("visits", "first")
        };
        let mut cells = Cells::default();
        cells.put(&[BY_DAY, BY_OWNER], std::slice::from_ref(&fact));
        assert_eq!(cells.0.len(), 2);
        cells.take(&[BY_DAY, BY_OWNER], &[fact]);
        assert!(cells.0.values().all(Sum::is_nothing));
    }

    #[test]
    fn a_stretch_is_counted_the_finer_the_shorter_it_is() {
        assert_eq!(tenths(43_200_000), 5);
        assert_eq!(tenths(4_320_000), 1);
        assert_eq!(
            [199, 200, 209, 1_999, 2_099].map(counted_tenths),
            [199, 200, 200, 1_990, 2_000]
        );
    }

    #[test]
    fn nothing_has_no_median_and_no_mean() {
        assert_eq!(
            (Tally::default().median(), Tally::default().mean()),
            (None, None)
        );
    }

    proptest! {
        #[test]
        fn a_stock_holds_a_record_once_while_it_stands_and_with_whose_it_is(
            ends in prop::collection::vec(0..40i32, 0..5), from in 0..40i32, length in prop::option::of(0..40i32), at in 0..90i32,
        ) {
            let mut ends = ends;
            ends.sort_unstable();
            let mut tenures: Vec<Tenure> = ends.iter().enumerate()
                .map(|(i, end)| Tenure { until: Some(day(*end)), person: Some(Uuid::from_u128(i as u128 + 1)) })
                .collect();
            tenures.push(Tenure { until: None, person: Some(Uuid::from_u128(99)) });
            let until = length.map(|length| day(from + length));
            let moves = stock(&tenures, day(from), until);
            let mut held: BTreeMap<Option<Uuid>, i64> = BTreeMap::new();
            for (on, person, count) in moves {
                if on <= day(at) {
                    *held.entry(person).or_default() += count;
                }
            }
            held.retain(|_, count| *count != 0);
            let stands = at >= from && until.is_none_or(|until| day(at) < until);
            let whose = tenures.iter().find(|tenure| tenure.until.is_none_or(|until| day(at) < until)).and_then(|tenure| tenure.person);
            let expected: BTreeMap<Option<Uuid>, i64> = stands.then_some((whose, 1)).into_iter().collect();
            prop_assert_eq!(held, expected);
        }

        #[test]
        fn different_subjects_of_a_period_are_those_without_a_fact_in_it_before(
            visits in prop::collection::vec((0..5u8, 0..60i32), 0..60), from in 0..60i32, length in 0..60i32,
        ) {
            let mut cells = Cells::default();
            for subject in 0..5 {
                let mut days: Vec<i32> = visits.iter().filter(|visit| visit.0 == subject).map(|visit| visit.1).collect();
                days.sort_unstable();
                let mut since = None;
                for number in days {
                    cells.put(&[BY_DAY], &[Fact { day: day(number).into(), since, ..Fact::new("visits", "first") }]);
                    since = Some(day(number));
                }
            }
            let (first, last) = (day(from).to_string(), day(from + length).to_string());
            let counted: i64 = cells.0.iter()
                .filter(|(cell, _)| cell.day >= first && cell.day <= last && cell.since < first)
                .map(|(_, sum)| sum.count).sum();
            let subjects: std::collections::HashSet<u8> = visits.iter()
                .filter(|visit| (from..=from + length).contains(&visit.1)).map(|visit| visit.0).collect();
            prop_assert_eq!(counted, subjects.len() as i64);
        }

        #[test]
        fn a_tally_has_the_median_of_its_numbers(mut numbers in prop::collection::vec(0..50i64, 1..60)) {
            let mut tally = Tally::default();
            numbers.iter().for_each(|number| tally.add(*number, 1));
            numbers.sort_unstable();
            let n = numbers.len();
            let median = (numbers[(n - 1) / 2] + numbers[n / 2]) as f64 / 2.0;
            prop_assert_eq!(tally.median(), Some(median));
        }
    }
}
