//! What is true about contracts: their numbers, amounts in other currencies, the age of receivables, and what a payment settles.

pub mod facts;
mod matching;
mod number;

pub use matching::{Because, Open, Share, propose};
pub use number::Pattern;

use chrono::NaiveDate;

use crate::value::MONEY_MAX;

/// How a contract stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Draft,
    Running,
    Completed,
    Terminated,
}

pub const STATES: [State; 4] = [
    State::Draft,
    State::Running,
    State::Completed,
    State::Terminated,
];

impl State {
    /// The code as stored and as in the API.
    pub const fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Running => "running",
            State::Completed => "completed",
            State::Terminated => "terminated",
        }
    }

    pub fn from_code(code: &str) -> Option<State> {
        STATES.into_iter().find(|state| state.code() == code)
    }

    /// Signed, whatever became of it later.
    pub fn is_signed(self) -> bool {
        self != State::Draft
    }
}

/// How an instalment stands; whether it is due is a matter of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstalmentState {
    /// The contract is not signed.
    Planned,
    Open,
    Settled,
    /// The contract was terminated before it was paid.
    Cancelled,
}

pub const INSTALMENT_STATES: [InstalmentState; 4] = [
    InstalmentState::Planned,
    InstalmentState::Open,
    InstalmentState::Settled,
    InstalmentState::Cancelled,
];

impl InstalmentState {
    /// The code as stored and as in the API.
    pub const fn code(self) -> &'static str {
        match self {
            InstalmentState::Planned => "planned",
            InstalmentState::Open => "open",
            InstalmentState::Settled => "settled",
            InstalmentState::Cancelled => "cancelled",
        }
    }

    pub fn from_code(code: &str) -> Option<InstalmentState> {
        INSTALMENT_STATES
            .into_iter()
            .find(|state| state.code() == code)
    }

    /// By the contract's state and the amounts in minor units.
    pub fn of(contract: State, amount_minor: i64, received_minor: i64) -> InstalmentState {
        match contract {
            State::Draft => InstalmentState::Planned,
            _ if received_minor >= amount_minor => InstalmentState::Settled,
            State::Terminated => InstalmentState::Cancelled,
            State::Running | State::Completed => InstalmentState::Open,
        }
    }

    /// What is still to be received, in minor units.
    pub fn open_minor(self, amount_minor: i64, received_minor: i64) -> i64 {
        match self {
            InstalmentState::Open => amount_minor - received_minor,
            _ => 0,
        }
    }
}

/// How long a receivable is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    NotDue,
    Days1To30,
    Days31To60,
    Days61To90,
    Over90,
}

pub const AGES: [Age; 5] = [
    Age::NotDue,
    Age::Days1To30,
    Age::Days31To60,
    Age::Days61To90,
    Age::Over90,
];

impl Age {
    pub const fn code(self) -> &'static str {
        match self {
            Age::NotDue => "not_due",
            Age::Days1To30 => "days_1_30",
            Age::Days31To60 => "days_31_60",
            Age::Days61To90 => "days_61_90",
            Age::Over90 => "over_90",
        }
    }

    /// What is due today is not overdue.
    pub fn of(due_on: NaiveDate, today: NaiveDate) -> Age {
        match (today - due_on).num_days() {
            ..1 => Age::NotDue,
            1..31 => Age::Days1To30,
            31..61 => Age::Days31To60,
            61..91 => Age::Days61To90,
            _ => Age::Over90,
        }
    }

    /// The first and the last due day of this age; none where it is open.
    pub fn due_between(self, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let before = |days: u64| today.checked_sub_days(chrono::Days::new(days));
        match self {
            Age::NotDue => (Some(today), None),
            Age::Days1To30 => (before(30), before(1)),
            Age::Days31To60 => (before(60), before(31)),
            Age::Days61To90 => (before(90), before(61)),
            Age::Over90 => (None, before(91)),
        }
    }
}

/// Currencies that a contract may be in: those counted in hundredths, as files and amounts are everywhere else.
pub const CURRENCIES: [&str; 17] = [
    "CNY", "USD", "EUR", "HKD", "GBP", "SGD", "TWD", "MOP", "AUD", "CAD", "CHF", "THB", "MYR",
    "INR", "RUB", "AED", "SAR",
];

/// An amount in another currency in the base currency, both in hundredths, rounded half up. `rate` is units of the base for
/// one of the other and counts to a hundred-millionth. `None` without a rate that can be, or beyond the largest amount.
pub fn in_base(own_minor: i64, rate: f64) -> Option<i64> {
    const PARTS: f64 = 1e8;
    if !(rate > 0.0 && rate < 1e9) || own_minor < 0 {
        return None;
    }
    let rate = (rate * PARTS).round() as i128;
    let whole = i128::from(own_minor).checked_mul(rate)?;
    let parts = PARTS as i128;
    i64::try_from((whole + parts / 2) / parts)
        .ok()
        .filter(|minor| *minor <= MONEY_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_receivable_due_today_is_not_overdue() {
        let today = day("2026-06-15");
        let ages = [
            ("2026-06-16", Age::NotDue),
            ("2026-06-15", Age::NotDue),
            ("2026-06-14", Age::Days1To30),
            ("2026-05-16", Age::Days1To30),
            ("2026-05-15", Age::Days31To60),
            ("2026-04-16", Age::Days31To60),
            ("2026-04-15", Age::Days61To90),
            ("2026-03-17", Age::Days61To90),
            ("2026-03-16", Age::Over90),
        ];
        for (due, age) in ages {
            assert_eq!(Age::of(day(due), today), age, "{due}");
        }
    }

    #[test]
    fn the_ages_share_out_all_days_without_gap_or_overlap() {
        let today = day("2024-03-01");
        for back in -400..400 {
            let due = today + chrono::TimeDelta::days(back);
            let within: Vec<Age> = AGES
                .into_iter()
                .filter(|age| {
                    let (first, last) = age.due_between(today);
                    first.is_none_or(|first| due >= first) && last.is_none_or(|last| due <= last)
                })
                .collect();
            assert_eq!(within, [Age::of(due, today)], "{due}");
        }
    }

    #[test]
    fn an_amount_in_another_currency_is_rounded_half_up() {
        assert_eq!(in_base(1_000_050, 7.1234), Some(7_123_756));
        assert_eq!(in_base(1, 0.5), Some(1));
        assert_eq!(in_base(1, 0.49), Some(0));
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert_eq!(in_base(100, rate), None, "{rate}");
        }
        assert_eq!(in_base(MONEY_MAX, 7.0), None);
    }

    #[test]
    fn what_was_paid_stays_paid_when_a_contract_is_terminated() {
        assert_eq!(
            InstalmentState::of(State::Terminated, 100, 100),
            InstalmentState::Settled
        );
        let cancelled = InstalmentState::of(State::Terminated, 100, 40);
        assert_eq!(cancelled, InstalmentState::Cancelled);
        assert_eq!(cancelled.open_minor(100, 40), 0);
    }
}
