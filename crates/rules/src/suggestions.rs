//! What a person could do today besides the plan: the rules that find it, when each holds, and which come first.

use chrono::{Datelike, Days, NaiveDate};

/// A rule that suggests something. The order is the order of importance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The day of an opportunity's next step has passed.
    NextStepOverdue,
    /// What was planned for the days before is neither done nor given up.
    PlannedNotDone,
    /// An instalment of a signed contract is not paid after its day.
    InstalmentOverdue,
    /// Nothing is planned after an effective visit.
    NoFollowUp,
    /// A customer was not seen for longer than its level asks.
    LevelRhythm,
    /// An opportunity is over the standard days of its stage.
    Stuck,
    Birthday,
    /// An opportunity is open after the day it was expected to close.
    CloseDatePassed,
    /// A won customer was not visited for long.
    IdleWon,
    /// Nothing is planned for the next working day.
    NoPlanTomorrow,
}

pub const RULES: [Rule; 10] = [
    Rule::NextStepOverdue,
    Rule::PlannedNotDone,
    Rule::InstalmentOverdue,
    Rule::NoFollowUp,
    Rule::LevelRhythm,
    Rule::Stuck,
    Rule::Birthday,
    Rule::CloseDatePassed,
    Rule::IdleWon,
    Rule::NoPlanTomorrow,
];

impl Rule {
    /// The code as stored and as in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Rule::NextStepOverdue => "next_step_overdue",
            Rule::PlannedNotDone => "planned_not_done",
            Rule::InstalmentOverdue => "instalment_overdue",
            Rule::NoFollowUp => "no_follow_up",
            Rule::LevelRhythm => "level_rhythm",
            Rule::Stuck => "stuck",
            Rule::Birthday => "birthday",
            Rule::CloseDatePassed => "close_date_passed",
            Rule::IdleWon => "idle_won",
            Rule::NoPlanTomorrow => "no_plan_tomorrow",
        }
    }

    pub fn from_code(code: &str) -> Option<Rule> {
        RULES.into_iter().find(|rule| rule.code() == code)
    }

    /// Days that the rule counts with, as it ships; none where it needs no figure. The rhythm of the levels is a setting of
    /// its own, and the standard days of a stage belong to the stage.
    pub const fn days(self) -> Option<i64> {
        match self {
            // After the due day.
            Rule::InstalmentOverdue => Some(1),
            // After an effective visit.
            Rule::NoFollowUp => Some(2),
            // Before the birthday.
            Rule::Birthday => Some(7),
            // Since the last visit.
            Rule::IdleWon => Some(90),
            _ => None,
        }
    }
}

/// The longest figure that a rule may be given, in days.
pub const DAYS_MAX: i64 = 366;

/// Suggestions that a person is shown.
pub const SHOWN_MAX: usize = 8;

/// Puts what the rules found in order and keeps the best: the most pressing of each rule in the order of the rules, then the
/// second of each, and so on, so that no rule crowds out the others. Within a rule the most pressing comes first; of two alike,
/// the one found first.
pub fn best<T>(found: Vec<(Rule, f64, T)>) -> Vec<(Rule, T)> {
    let mut found = found;
    found.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)));
    let mut place = 0;
    let mut last = None;
    let mut ranked: Vec<(usize, Rule, T)> = found
        .into_iter()
        .map(|(rule, _, what)| {
            place = if last == Some(rule) { place + 1 } else { 0 };
            last = Some(rule);
            (place, rule, what)
        })
        .collect();
    ranked.sort_by_key(|(place, rule, _)| (*place, *rule));
    ranked.truncate(SHOWN_MAX);
    ranked
        .into_iter()
        .map(|(_, rule, what)| (rule, what))
        .collect()
}

/// How pressing it is that `days` have passed where `allowed` were: 1 at the limit, 2 at twice the limit.
pub fn pressure(days: i64, allowed: i64) -> f64 {
    days as f64 / allowed.max(1) as f64
}

/// Days since a customer was seen last, when they are more than the rhythm asks. One that nobody has ever seen counts from
/// the day on which it became known.
pub fn unseen_days(
    last_visited_on: Option<NaiveDate>,
    known_on: NaiveDate,
    rhythm_days: i64,
    today: NaiveDate,
) -> Option<i64> {
    over(last_visited_on.unwrap_or(known_on), rhythm_days, today)
}

/// Days since a day, when they are more than allowed.
pub fn over(since: NaiveDate, allowed_days: i64, today: NaiveDate) -> Option<i64> {
    let days = (today - since).num_days();
    (days > allowed_days).then_some(days)
}

/// The next birthday, when it is within so many days (0 is today). Whoever was born on February 29 celebrates on the 28th in
/// other years.
pub fn birthday_within(born_on: NaiveDate, days: i64, today: NaiveDate) -> Option<NaiveDate> {
    [today.year(), today.year() + 1]
        .into_iter()
        .filter_map(|year| {
            born_on
                .with_year(year)
                .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
        })
        .find(|birthday| (0..=days).contains(&(*birthday - today).num_days()))
}

/// Month and day (`MM-DD`) of the birthdays that may be celebrated from today within so many days.
pub fn birthdays_within(days: i64, today: NaiveDate) -> Vec<String> {
    let mut found = Vec::new();
    for ahead in 0..=days.clamp(0, DAYS_MAX) {
        let day = today + Days::new(ahead.unsigned_abs());
        found.push(day.format("%m-%d").to_string());
        if (day.month(), day.day()) == (2, 28) && !day.leap_year() {
            found.push("02-29".into());
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The next day after this one that is worked.
pub fn next_working_day(day: NaiveDate) -> NaiveDate {
    neighbour(day, |day| day.succ_opt())
}

/// The last day before this one that was worked.
pub fn last_working_day(day: NaiveDate) -> NaiveDate {
    neighbour(day, |day| day.pred_opt())
}

/// No holiday is longer.
const DAYS_OFF_MAX: usize = 30;

fn neighbour(day: NaiveDate, step: fn(NaiveDate) -> Option<NaiveDate>) -> NaiveDate {
    std::iter::successors(step(day), |day| step(*day))
        .take(DAYS_OFF_MAX)
        .find(|day| crate::holidays::is_working_day(*day))
        .or_else(|| step(day))
        .unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days() -> impl Strategy<Value = NaiveDate> {
        (0u64..100_000).prop_map(|n| day("1900-01-01") + Days::new(n))
    }

    #[test]
    fn codes_read_back_in_the_order_of_importance() {
        for rule in RULES {
            assert_eq!(Rule::from_code(rule.code()), Some(rule));
        }
        assert!(RULES.is_sorted());
    }

    #[test]
    fn each_rule_has_its_turn_before_one_comes_twice() {
        let found = vec![
            (Rule::Stuck, 1.5, "s1"),
            (Rule::LevelRhythm, 1.2, "l2"),
            (Rule::Stuck, 3.0, "s0"),
            (Rule::LevelRhythm, 9.0, "l0"),
            (Rule::LevelRhythm, 5.0, "l1"),
            (Rule::NoPlanTomorrow, 0.0, "n0"),
        ];
        let order: Vec<&str> = best(found).into_iter().map(|(_, what)| what).collect();
        assert_eq!(order, ["l0", "s0", "n0", "l1", "s1", "l2"]);
    }

    #[test]
    fn a_customer_is_due_when_its_rhythm_is_over_and_not_before() {
        let today = day("2026-06-15");
        let known = day("2026-01-01");
        assert_eq!(unseen_days(Some(day("2026-06-01")), known, 14, today), None);
        assert_eq!(
            unseen_days(Some(day("2026-05-31")), known, 14, today),
            Some(15)
        );
        assert_eq!(unseen_days(None, known, 14, today), Some(165));
        assert_eq!(unseen_days(None, day("2026-06-10"), 14, today), None);
    }

    #[test]
    fn a_leap_birthday_is_kept_in_other_years() {
        assert_eq!(
            birthday_within(day("1988-02-29"), 7, day("2026-02-25")),
            Some(day("2026-02-28"))
        );
        assert_eq!(
            birthday_within(day("1988-02-29"), 7, day("2028-02-25")),
            Some(day("2028-02-29"))
        );
        assert_eq!(
            birthday_within(day("1990-01-03"), 7, day("2026-12-30")),
            Some(day("2027-01-03"))
        );
        assert_eq!(
            birthday_within(day("1990-06-14"), 7, day("2026-06-15")),
            None
        );
    }

    #[test]
    fn the_next_working_day_is_after_the_holiday() {
        assert_eq!(next_working_day(day("2026-06-15")), day("2026-06-16"));
        assert_eq!(next_working_day(day("2026-02-14")), day("2026-02-24"));
        assert_eq!(last_working_day(day("2026-06-15")), day("2026-06-12"));
    }

    proptest! {
        #[test]
        fn whoever_has_a_birthday_soon_is_among_those_looked_for(born in days(), today in days(), ahead in 0i64..30) {
            if birthday_within(born, ahead, today).is_some() {
                prop_assert!(birthdays_within(ahead, today).contains(&born.format("%m-%d").to_string()));
            }
        }

        #[test]
        fn at_most_eight_are_shown_and_the_most_pressing_of_each_rule_is(
            found in proptest::collection::vec((0usize..9, 0.0..10.0f64), 0..40)
        ) {
            let count = found.len();
            let found: Vec<_> = found.into_iter().map(|(rule, pressure)| (RULES[rule], pressure, pressure)).collect();
            let shown = best(found.clone());
            prop_assert_eq!(shown.len(), count.min(SHOWN_MAX));
            if let Some((rule, pressure)) = shown.first() {
                let most = found.iter().filter(|one| one.0 == *rule).map(|one| one.1).fold(0.0, f64::max);
                prop_assert_eq!(*pressure, most);
            }
        }
    }
}
