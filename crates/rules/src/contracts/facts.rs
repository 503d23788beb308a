//! What contracts, instalments and payments mean for the figures.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use uuid::Uuid;

use super::{InstalmentState, State};
use crate::facts::{Fact, Tenure, owner_on, stock};
use crate::metrics::families::{DUE, Family, OVERDUE, RECEIVED, RECURRING, SIGNED};

/// The customer's class, and the city of its region.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Area {
    pub class: String,
    pub region: String,
}

impl Area {
    fn fact(&self, metric: &'static str, part: &str, day: NaiveDate) -> Fact {
        Fact {
            day: Some(day),
            class: self.class.clone(),
            region: self.region.clone(),
            ..Fact::new(metric, part)
        }
    }
}

/// How a contract's amount comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    OneOff,
    Recurring,
}

impl Kind {
    pub const fn code(self) -> &'static str {
        match self {
            Kind::OneOff => "one_off",
            Kind::Recurring => "recurring",
        }
    }

    pub fn from_code(code: &str) -> Kind {
        match code == Kind::Recurring.code() {
            true => Kind::Recurring,
            false => Kind::OneOff,
        }
    }
}

/// A contract as the figures see it; amounts in minor units.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    pub state: State,
    pub kind: Kind,
    pub signed_on: Option<NaiveDate>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    /// Who owned it on the day of signing.
    pub signed_owner: Option<Uuid>,
    /// Who owned it until which day; who owns it now comes last.
    pub tenures: Vec<Tenure>,
    pub area: Area,
    pub amount_minor: i64,
    /// The product of each line of its opportunity, its line of products, and the line's amount.
    pub lines: Vec<(Uuid, Option<Uuid>, i64)>,
}

impl Contract {
    /// The amount's shares by product and line of products, as large as those of the opportunity's lines.
    fn shares(&self, amount_minor: i64) -> BTreeMap<Uuid, i64> {
        // Rounding must not depend on the order in which the lines come.
        let mut sold: BTreeMap<(Uuid, Option<Uuid>), i128> = BTreeMap::new();
        for (product, line, amount) in &self.lines {
            *sold.entry((*product, *line)).or_default() += i128::from(*amount);
        }
        let total: i128 = sold.values().sum();
        let mut shares: BTreeMap<Uuid, i64> = BTreeMap::new();
        if total <= 0 {
            return shares;
        }
        // What rounding leaves of one line the next one gets, so that they add up.
        let mut so_far = 0i128;
        let upto = |part: i128| i128::from(amount_minor) * part / total;
        for ((product, line), amount) in sold {
            let before = upto(so_far);
            so_far += amount;
            let share = i64::try_from(upto(so_far) - before).unwrap_or_default();
            for one in [Some(product), line].into_iter().flatten() {
                *shares.entry(one).or_default() += share;
            }
        }
        shares
    }

    fn facts(&self, family: &Family, day: NaiveDate, owner: Option<Uuid>, minor: i64) -> Vec<Fact> {
        let part = self.kind.code();
        let mut facts = vec![Fact {
            owner,
            value: minor,
            ..self.area.fact(family.metric, part, day)
        }];
        if let Some(products) = family.products {
            let shares = self.shares(minor).into_iter();
            facts.extend(shares.map(|(product, share)| Fact {
                owner,
                value: share,
                product: Some(product),
                ..self.area.fact(products.metric, part, day)
            }));
        }
        facts
    }
}

/// A contract's amount on its signing day, and what a recurring one brings in while it runs; a draft means nothing yet.
pub fn of_contract(contract: &Contract) -> Vec<Fact> {
    let Some(signed_on) = contract.signed_on.filter(|_| contract.state.is_signed()) else {
        return Vec::new();
    };
    let mut facts = contract.facts(
        &SIGNED,
        signed_on,
        contract.signed_owner,
        contract.amount_minor,
    );
    if contract.kind == Kind::Recurring {
        for (day, minor) in brings_in(contract, signed_on) {
            let owner = owner_on(&contract.tenures, day);
            facts.extend(contract.facts(&RECURRING, day, owner, minor));
        }
    }
    facts
}

/// What a recurring contract brings in: its amount shared out by days over its term, each calendar month's on the month's first
/// day of the term. Without an end all of it comes on the first day; what lies behind a termination doesn't come.
fn brings_in(contract: &Contract, signed_on: NaiveDate) -> Vec<(NaiveDate, i64)> {
    let from = contract.starts_on.unwrap_or(signed_on);
    let Some(last) = contract.ends_on.filter(|last| *last >= from) else {
        return vec![(from, contract.amount_minor)];
    };
    let end = match (contract.state, contract.closed_on) {
        (State::Terminated, Some(closed_on)) => Ord::min(closed_on, last),
        _ => last,
    };
    let days = |day: NaiveDate| i128::from((day - from).num_days() + 1);
    let upto = |day: NaiveDate| i128::from(contract.amount_minor) * days(day) / days(last);
    let mut all = Vec::new();
    let (mut first, mut before) = (from, 0i128);
    while first <= end {
        let Some(next) = first
            .with_day(1)
            .and_then(|day| day.checked_add_months(Months::new(1)))
        else {
            break;
        };
        let until = Ord::min(next.pred_opt().unwrap_or(end), end);
        let minor = upto(until) - before;
        before += minor;
        all.push((first, i64::try_from(minor).unwrap_or_default()));
        first = next;
    }
    all
}

/// From when and until when a contract runs, that day no longer; one that has not ended lasts.
pub fn runs(contract: &Contract) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let signed_on = contract.signed_on.filter(|_| contract.state.is_signed())?;
    let from = contract.starts_on.unwrap_or(signed_on);
    let last = match contract.state {
        State::Completed | State::Terminated => contract.closed_on,
        State::Draft | State::Running => contract.ends_on,
    };
    let until = last.and_then(|last| last.succ_opt());
    until
        .is_none_or(|until| until > from)
        .then_some((from, until))
}

/// An instalment as the figures see it; amounts in minor units.
#[derive(Debug, Clone, PartialEq)]
pub struct Figured {
    pub state: InstalmentState,
    pub due_on: NaiveDate,
    /// Who owned the contract when it fell due.
    pub due_owner: Option<Uuid>,
    /// Who owned the contract until which day; who owns it now comes last.
    pub tenures: Vec<Tenure>,
    pub area: Area,
    pub amount_minor: i64,
    /// What was paid of it on which day.
    pub paid: Vec<(NaiveDate, i64)>,
}

/// What was agreed falls due, paid or not; what is not signed, or was called off, does not. From the day after, what is not
/// paid is overdue, until it is.
pub fn of_instalment(instalment: &Figured) -> Vec<Fact> {
    match instalment.state {
        InstalmentState::Planned | InstalmentState::Cancelled => return Vec::new(),
        InstalmentState::Settled | InstalmentState::Open => {}
    }
    let area = &instalment.area;
    let mut facts = vec![Fact {
        owner: instalment.due_owner,
        value: instalment.amount_minor,
        ..area.fact(DUE.metric, "", instalment.due_on)
    }];
    let Some(late) = instalment.due_on.succ_opt() else {
        return facts;
    };
    // The whole comes to be overdue and each payment takes its part away. It is one record until nothing is left.
    let mut paid: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for (day, minor) in &instalment.paid {
        *paid.entry(Ord::max(*day, late)).or_default() += minor;
    }
    let mut parts: Vec<(Option<NaiveDate>, i64)> = Vec::new();
    let mut rest = instalment.amount_minor;
    for (day, minor) in paid {
        let minor = Ord::min(minor, rest);
        rest -= minor;
        parts.push((Some(day), minor));
    }
    if rest > 0 {
        parts.push((None, rest));
    }
    let last = parts.len().saturating_sub(1);
    for (i, (until, minor)) in parts.into_iter().enumerate() {
        if until == Some(late) {
            continue;
        }
        for (day, owner, sign) in stock(&instalment.tenures, late, until) {
            facts.push(Fact {
                owner,
                count: if i == last { sign } else { 0 },
                value: sign * minor,
                ..area.fact(OVERDUE.metric, "", day)
            });
        }
    }
    facts
}

/// A payment's whole amount (minor units) on its day, matched or not.
pub fn of_payment(
    received_on: NaiveDate,
    owner: Option<Uuid>,
    area: &Area,
    amount_minor: i64,
) -> Fact {
    Fact {
        owner,
        value: amount_minor,
        ..area.fact(RECEIVED.metric, "", received_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn contract() -> Contract {
        Contract {
            state: State::Running,
            kind: Kind::OneOff,
            signed_on: Some(day("2024-02-29")),
            starts_on: None,
            ends_on: None,
            closed_on: None,
            signed_owner: Some(Uuid::from_u128(7)),
            tenures: vec![
                Tenure {
                    until: Some(day("2024-06-10")),
                    person: Some(Uuid::from_u128(7)),
                },
                Tenure {
                    until: None,
                    person: Some(Uuid::from_u128(9)),
                },
            ],
            area: Area::default(),
            amount_minor: 1_000,
            lines: Vec::new(),
        }
    }

    fn of(family: &Family, facts: &[Fact]) -> Vec<(String, u128, i64)> {
        let facts = facts.iter().filter(|fact| fact.metric == family.metric);
        facts
            .map(|fact| {
                let day = fact.day.map(|day| day.to_string()).unwrap_or_default();
                let owner = fact.owner.unwrap_or_default().as_u128();
                (day, owner, fact.value)
            })
            .collect()
    }

    #[test]
    fn a_draft_is_no_revenue() {
        let draft = Contract {
            state: State::Draft,
            ..contract()
        };
        assert!(of_contract(&draft).is_empty());
        let terminated = Contract {
            state: State::Terminated,
            ..contract()
        };
        let signed = of(&SIGNED, &of_contract(&terminated));
        assert_eq!(signed, [("2024-02-29".to_owned(), 7, 1_000)]);
    }

    #[test]
    fn a_recurring_contract_brings_in_its_amount_day_by_day_of_its_term() {
        let recurring = |state: State, closed: Option<&str>| Contract {
            state,
            kind: Kind::Recurring,
            starts_on: Some(day("2024-05-17")),
            ends_on: Some(day("2024-07-05")),
            closed_on: closed.map(day),
            ..contract()
        };
        // 15 of 50 days lie in May, 30 in June, 5 in July.
        let months = of(&RECURRING, &of_contract(&recurring(State::Running, None)));
        assert_eq!(
            months,
            [
                ("2024-05-17".to_owned(), 7, 300),
                ("2024-06-01".to_owned(), 7, 600),
                ("2024-07-01".to_owned(), 9, 100)
            ]
        );
        // Called off on June 10, the 25th day.
        let ended = recurring(State::Terminated, Some("2024-06-10"));
        let months = of(&RECURRING, &of_contract(&ended));
        assert_eq!(months.iter().map(|(.., minor)| minor).sum::<i64>(), 500);
        let whole = Contract {
            ends_on: None,
            ..recurring(State::Running, None)
        };
        assert_eq!(
            of(&RECURRING, &of_contract(&whole)),
            [("2024-05-17".to_owned(), 7, 1_000)]
        );
    }

    #[test]
    fn products_share_the_amount_without_a_rest() {
        let (a, b, line) = (
            Uuid::from_u128(21),
            Uuid::from_u128(22),
            Uuid::from_u128(30),
        );
        let sold = Contract {
            lines: vec![(a, Some(line), 100), (b, Some(line), 200), (a, None, 0)],
            ..contract()
        };
        let shares = sold.shares(1_000);
        assert_eq!((shares[&a], shares[&b], shares[&line]), (333, 667, 1_000));
        let mut turned = sold.clone();
        turned.lines.reverse();
        assert_eq!(turned.shares(1_000), sold.shares(1_000));
        assert!(contract().shares(1_000).is_empty());
    }

    #[test]
    fn a_contract_runs_until_it_is_closed_or_its_term_ends() {
        let runs_of = |change: &dyn Fn(&mut Contract)| {
            let mut contract = contract();
            change(&mut contract);
            runs(&contract)
        };
        let from = day("2024-02-29");
        assert_eq!(runs_of(&|_| {}), Some((from, None)));
        let ends = runs_of(&|contract| contract.ends_on = Some(day("2024-12-31")));
        assert_eq!(ends, Some((from, Some(day("2025-01-01")))));
        let closed = runs_of(&|contract| {
            contract.state = State::Completed;
            contract.ends_on = Some(day("2024-12-31"));
            contract.closed_on = Some(day("2024-03-31"));
        });
        assert_eq!(closed, Some((from, Some(day("2024-04-01")))));
        let never = runs_of(&|contract| {
            contract.state = State::Terminated;
            contract.starts_on = Some(day("2024-05-01"));
            contract.closed_on = Some(day("2024-03-31"));
        });
        assert_eq!(never, None);
        assert_eq!(runs_of(&|contract| contract.state = State::Draft), None);
    }

    fn instalment(state: InstalmentState, paid: &[(&str, i64)]) -> Figured {
        Figured {
            state,
            due_on: day("2024-06-01"),
            due_owner: Some(Uuid::from_u128(7)),
            tenures: contract().tenures,
            area: Area::default(),
            amount_minor: 100,
            paid: paid.iter().map(|(on, minor)| (day(on), *minor)).collect(),
        }
    }

    /// What is overdue at the end of a day: amount and instalments.
    fn overdue(instalment: &Figured, on: &str) -> (i64, i64) {
        let facts = of_instalment(instalment);
        let facts = facts
            .iter()
            .filter(|fact| fact.metric == OVERDUE.metric && fact.day <= Some(day(on)));
        facts.fold((0, 0), |(value, count), fact| {
            (value + fact.value, count + fact.count)
        })
    }

    #[test]
    fn what_is_not_paid_by_its_day_is_overdue_until_it_is() {
        let late = instalment(
            InstalmentState::Settled,
            &[("2024-06-20", 60), ("2024-06-05", 40)],
        );
        let days = [
            ("2024-06-01", (0, 0)),
            ("2024-06-02", (100, 1)),
            ("2024-06-05", (60, 1)),
            ("2024-06-19", (60, 1)),
            ("2024-06-20", (0, 0)),
        ];
        for (on, expected) in days {
            assert_eq!(overdue(&late, on), expected, "{on}");
        }
        let in_time = instalment(
            InstalmentState::Settled,
            &[("2024-05-20", 60), ("2024-06-01", 40)],
        );
        assert_eq!(overdue(&in_time, "2025-01-01"), (0, 0));
        let partly = instalment(InstalmentState::Open, &[("2024-05-20", 60)]);
        assert_eq!(overdue(&partly, "2025-01-01"), (40, 1));
        for state in [InstalmentState::Planned, InstalmentState::Cancelled] {
            assert!(of_instalment(&instalment(state, &[])).is_empty());
        }
    }

    #[test]
    fn what_is_overdue_goes_with_the_contract_and_what_was_due_stays() {
        let facts = of_instalment(&instalment(InstalmentState::Open, &[]));
        assert_eq!(of(&DUE, &facts), [("2024-06-01".to_owned(), 7, 100)]);
        assert_eq!(
            of(&OVERDUE, &facts),
            [
                ("2024-06-02".to_owned(), 7, 100),
                ("2024-06-10".to_owned(), 7, -100),
                ("2024-06-10".to_owned(), 9, 100)
            ]
        );
    }
}
