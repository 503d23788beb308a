//! What contracts, instalments and payments mean for the figures.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{InstalmentState, State};
use crate::facts::{Axis, Fact, RollUp};

/// Contract amounts by signing day, parted by kind. Those by owner serve every scope.
pub const SIGNED: RollUp = roll_up("contracts_signed", SIGNS, &[Axis::Day]);
pub const SIGNED_BY_OWNER: RollUp = roll_up(
    "contracts_signed_by_owner",
    SIGNS,
    &[Axis::Owner, Axis::Day],
);
/// What falls due, by due day, whether it came in or not.
pub const DUE: RollUp = roll_up("instalments_due", DUES, &[Axis::Day]);
pub const DUE_BY_OWNER: RollUp =
    roll_up("instalments_due_by_owner", DUES, &[Axis::Owner, Axis::Day]);
/// What of it is open, by due day.
pub const OPEN: RollUp = roll_up("instalments_open", OPENS, &[Axis::Day]);
pub const OPEN_BY_OWNER: RollUp = roll_up(
    "instalments_open_by_owner",
    OPENS,
    &[Axis::Owner, Axis::Day],
);
/// What came in, by its day, parted by method.
pub const RECEIVED: RollUp = roll_up("payments_received", RECEIVES, &[Axis::Day]);
pub const RECEIVED_BY_OWNER: RollUp = roll_up(
    "payments_received_by_owner",
    RECEIVES,
    &[Axis::Owner, Axis::Day],
);

pub const OF_CONTRACTS: [RollUp; 2] = [SIGNED, SIGNED_BY_OWNER];
pub const OF_INSTALMENTS: [RollUp; 4] = [DUE, DUE_BY_OWNER, OPEN, OPEN_BY_OWNER];
pub const OF_PAYMENTS: [RollUp; 2] = [RECEIVED, RECEIVED_BY_OWNER];

const SIGNS: &str = "contracts_signed";
const DUES: &str = "instalments_due";
const OPENS: &str = "instalments_open";
const RECEIVES: &str = "payments_received";

const fn roll_up(name: &'static str, metric: &'static str, by: &'static [Axis]) -> RollUp {
    RollUp { name, metric, by }
}

/// A contract's amount (minor units) on its signing day; a draft means nothing yet.
pub fn of_contract(
    state: State,
    signed_on: Option<NaiveDate>,
    owner: Option<Uuid>,
    kind: &str,
    amount_minor: i64,
) -> Option<Fact> {
    let day = signed_on.filter(|_| state.is_signed());
    day.map(|_| Fact {
        day,
        owner,
        value: amount_minor,
        ..Fact::new(SIGNS, kind)
    })
}

/// An instalment as the figures see it; amounts in minor units.
#[derive(Debug, Clone, PartialEq)]
pub struct Figured {
    pub state: InstalmentState,
    pub due_on: NaiveDate,
    pub owner: Option<Uuid>,
    pub amount_minor: i64,
    pub open_minor: i64,
}

/// What was agreed falls due, paid or not; what is not signed, or was called off, does not.
pub fn of_instalment(instalment: &Figured) -> Vec<Fact> {
    let fact = |metric, value| Fact {
        day: Some(instalment.due_on),
        owner: instalment.owner,
        value,
        ..Fact::new(metric, "")
    };
    match instalment.state {
        InstalmentState::Planned | InstalmentState::Cancelled => Vec::new(),
        InstalmentState::Settled => vec![fact(DUES, instalment.amount_minor)],
        InstalmentState::Open => vec![
            fact(DUES, instalment.amount_minor),
            fact(OPENS, instalment.open_minor),
        ],
    }
}

/// A payment's whole amount (minor units) on its day, matched or not.
pub fn of_payment(
    received_on: NaiveDate,
    owner: Option<Uuid>,
    method: &str,
    amount_minor: i64,
) -> Fact {
    Fact {
        day: Some(received_on),
        owner,
        value: amount_minor,
        ..Fact::new(RECEIVES, method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_draft_is_no_revenue() {
        let signed = Some(day("2024-02-29"));
        assert_eq!(of_contract(State::Draft, signed, None, "one_off", 5), None);
        let fact = of_contract(State::Terminated, signed, None, "one_off", 5).expect("a fact");
        assert_eq!((fact.day, fact.value), (signed, 5));
    }

    #[test]
    fn a_settled_instalment_was_due_and_is_not_open() {
        let figured = |state, open_minor| Figured {
            state,
            due_on: day("2026-06-01"),
            owner: None,
            amount_minor: 100,
            open_minor,
        };
        let metrics = |figured: Figured| -> Vec<(&str, i64)> {
            let facts = of_instalment(&figured).into_iter();
            facts.map(|fact| (fact.metric, fact.value)).collect()
        };
        assert_eq!(metrics(figured(InstalmentState::Settled, 0)), [(DUES, 100)]);
        assert_eq!(
            metrics(figured(InstalmentState::Open, 40)),
            [(DUES, 100), (OPENS, 40)]
        );
        assert!(metrics(figured(InstalmentState::Cancelled, 0)).is_empty());
    }
}
