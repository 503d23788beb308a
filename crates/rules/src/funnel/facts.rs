//! What a customer means for the figures.

use std::sync::LazyLock;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{FunnelLevel, STEPS};
use crate::facts::{Axis, Fact, RollUp, Tenure, stock};
use crate::metrics::families::{REACHED, TARGETS, WITH_CONTRACT, roll_ups_of};

/// Customers at each level by owner, for every scope.
pub const CUSTOMERS_BY_OWNER: RollUp = RollUp {
    name: "customers_by_owner",
    metric: CUSTOMERS_AT_LEVEL,
    by: &[Axis::Owner],
};
const CUSTOMERS_AT_LEVEL: &str = "customers_at_level";

pub static ROLL_UPS: LazyLock<Vec<RollUp>> =
    LazyLock::new(|| roll_ups_of("customers", &[CUSTOMERS_BY_OWNER]));

/// A customer as the figures see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figured {
    pub level: String,
    /// Who owned it until which day; who owns it now comes last.
    pub tenures: Vec<Tenure>,
    pub class: String,
    pub region: String,
    /// From when and until when its contracts run.
    pub contracts: Vec<Span>,
}

/// From a day until another, that day no longer.
pub type Span = (NaiveDate, Option<NaiveDate>);

/// Spans of days without overlaps, in their order.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for (from, until) in spans {
        match joined.last_mut() {
            Some((_, last)) if last.is_none_or(|last| last >= from) => {
                *last = last.zip(until).map(|(last, until)| Ord::max(last, until));
            }
            _ => joined.push((from, until)),
        }
    }
    joined
}

/// When a level was reached first, and who brought it about.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    pub level: FunnelLevel,
    pub on: NaiveDate,
    pub person: Option<Uuid>,
}

pub fn facts_of(customer: &Figured, reaches: &[Reach]) -> Vec<Fact> {
    let of = |metric: &'static str, part: &str| Fact {
        class: customer.class.clone(),
        region: customer.region.clone(),
        ..Fact::new(metric, part)
    };
    let mut facts = vec![Fact {
        owner: customer.tenures.last().and_then(|tenure| tenure.person),
        ..of(CUSTOMERS_AT_LEVEL, &customer.level)
    }];
    // Whoever came further had reached the step by then.
    let first = |step: FunnelLevel| {
        reaches
            .iter()
            .filter(|reach| reach.level.rank() >= step.rank())
            .min_by_key(|reach| (reach.on, reach.level.rank()))
    };
    for (i, step) in STEPS.iter().enumerate() {
        let Some(reach) = first(*step) else { break };
        let has_gone_on = STEPS.get(i + 1).is_some_and(|next| first(*next).is_some());
        facts.push(Fact {
            day: Some(reach.on),
            owner: reach.person,
            value: i64::from(has_gone_on),
            ..of(REACHED.metric, step.code())
        });
    }
    if let Some(target) = first(FunnelLevel::Target) {
        let lost = reaches
            .iter()
            .find(|reach| reach.level == FunnelLevel::Lost)
            .filter(|_| customer.level == FunnelLevel::Lost.code());
        let until = lost.map(|reach| Ord::max(reach.on, target.on));
        // Without an owner it is nobody's target.
        let owned = stock(&customer.tenures, target.on, until)
            .into_iter()
            .filter(|(_, person, _)| person.is_some());
        facts.extend(owned.map(|(day, owner, count)| Fact {
            day: Some(day),
            owner,
            count,
            ..of(TARGETS.metric, "")
        }));
    }
    for (from, until) in joined(customer.contracts.clone()) {
        let held = stock(&customer.tenures, from, until).into_iter();
        facts.extend(held.map(|(day, owner, count)| Fact {
            day: Some(day),
            owner,
            count,
            ..of(WITH_CONTRACT.metric, "")
        }));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn reach(level: FunnelLevel, on: &str, person: u128) -> Reach {
        Reach {
            level,
            on: day(on),
            person: Some(Uuid::from_u128(person)),
        }
    }

    fn customer(level: FunnelLevel, tenures: &[(Option<&str>, u128)]) -> Figured {
        Figured {
            level: level.code().into(),
            tenures: tenures
                .iter()
                .map(|(until, person)| Tenure {
                    until: until.map(day),
                    person: (*person > 0).then(|| Uuid::from_u128(*person)),
                })
                .collect(),
            class: "ordinary".into(),
            region: "3101".into(),
            contracts: Vec::new(),
        }
    }

    fn of(metric: &str, facts: &[Fact]) -> Vec<(String, String, i64)> {
        facts
            .iter()
            .filter(|fact| fact.metric == metric)
            .map(|fact| {
                let person = fact.owner.unwrap_or_default().as_u128();
                let day = fact.day.map(|day| day.to_string()).unwrap_or_default();
                (format!("{} {person}", fact.part), day, fact.count)
            })
            .collect()
    }

    #[test]
    fn who_skips_steps_reached_them_all_on_that_day() {
        let reaches = [
            reach(FunnelLevel::Prospect, "2026-01-05", 1),
            reach(FunnelLevel::Intention, "2026-02-01", 2),
        ];
        let facts = facts_of(&customer(FunnelLevel::Intention, &[(None, 1)]), &reaches);
        let reached: Vec<(String, String, i64)> = of(REACHED.metric, &facts);
        let entry = |text: &str, on: &str| (text.to_owned(), on.to_owned(), 1);
        assert_eq!(
            reached,
            [
                entry("prospect 1", "2026-01-05"),
                entry("target 2", "2026-02-01"),
                entry("engaged 2", "2026-02-01"),
                entry("intention 2", "2026-02-01"),
            ]
        );
        let gone_on = facts.iter().filter(|fact| fact.metric == REACHED.metric);
        assert_eq!(
            gone_on.map(|fact| fact.value).collect::<Vec<_>>(),
            [1, 1, 1, 0]
        );
    }

    #[test]
    fn a_target_moves_with_its_owner_and_leaves_the_stock_when_released_or_lost() {
        let reaches = [
            reach(FunnelLevel::Target, "2026-01-05", 1),
            reach(FunnelLevel::Lost, "2026-04-01", 2),
        ];
        let entry =
            |person: u128, on: &str, count: i64| (format!(" {person}"), on.to_owned(), count);
        let moved = customer(FunnelLevel::Lost, &[(Some("2026-02-01"), 1), (None, 2)]);
        assert_eq!(
            of(TARGETS.metric, &facts_of(&moved, &reaches)),
            [
                entry(1, "2026-01-05", 1),
                entry(1, "2026-02-01", -1),
                entry(2, "2026-02-01", 1),
                entry(2, "2026-04-01", -1),
            ]
        );
        let released = customer(FunnelLevel::Target, &[(Some("2026-02-01"), 1), (None, 0)]);
        assert_eq!(
            of(TARGETS.metric, &facts_of(&released, &reaches[..1])),
            [entry(1, "2026-01-05", 1), entry(1, "2026-02-01", -1)]
        );
    }

    #[test]
    fn a_customer_with_two_contracts_at_a_time_has_one() {
        let spans = |spans: &[(&str, Option<&str>)]| -> Vec<Span> {
            let spans = spans.iter();
            spans
                .map(|(from, until)| (day(from), until.map(day)))
                .collect()
        };
        let contracts = spans(&[
            ("2026-03-01", Some("2026-05-01")),
            ("2026-01-01", Some("2026-02-01")),
            ("2026-04-01", Some("2026-06-01")),
            ("2026-09-01", None),
            ("2026-10-01", Some("2026-11-01")),
        ]);
        let customer = Figured {
            contracts,
            ..customer(FunnelLevel::Won, &[(None, 1)])
        };
        let held: Vec<(String, i64)> = facts_of(&customer, &[])
            .iter()
            .filter(|fact| fact.metric == WITH_CONTRACT.metric)
            .map(|fact| (fact.day.expect("a day").to_string(), fact.count))
            .collect();
        let expected = [
            ("2026-01-01", 1),
            ("2026-02-01", -1),
            ("2026-03-01", 1),
            ("2026-06-01", -1),
            ("2026-09-01", 1),
        ];
        assert_eq!(held, expected.map(|(on, count)| (on.to_owned(), count)));
    }
}
