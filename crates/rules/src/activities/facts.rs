//! What an activity means for the figures.

use chrono::NaiveDate;
use uuid::Uuid;

use super::State;
use crate::facts::Fact;
use crate::metrics::families::{DONE, PLANNED};

/// An activity as the figures see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figured {
    pub owner: Option<Uuid>,
    pub kind: Uuid,
    pub state: State,
    pub planned_on: Option<NaiveDate>,
    pub done_on: Option<NaiveDate>,
    pub is_effective: bool,
    pub customer: Option<Uuid>,
    /// The customer's.
    pub class: String,
    pub region: String,
}

pub fn facts_of(activity: &Figured) -> Vec<Fact> {
    let of = |metric: &'static str, part: &str, day: NaiveDate| Fact {
        day: Some(day),
        owner: activity.owner,
        class: activity.class.clone(),
        region: activity.region.clone(),
        ..Fact::new(metric, part)
    };
    let kind = activity.kind.to_string();
    let is_done = activity.state == State::Done;
    let mut facts = Vec::new();
    if let Some(day) = activity.planned_on {
        facts.push(Fact {
            value: i64::from(is_done),
            ..of(PLANNED.metric, &kind, day)
        });
    }
    if let Some(day) = activity.done_on.filter(|_| is_done) {
        facts.push(Fact {
            mark: activity
                .customer
                .map(|id| id.to_string())
                .unwrap_or_default(),
            value: i64::from(activity.is_effective),
            ..of(DONE.metric, &kind, day)
        });
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(state: State) -> Figured {
        Figured {
            owner: Some(Uuid::from_u128(1)),
            kind: Uuid::from_u128(2),
            state,
            planned_on: "2026-03-01".parse().ok(),
            done_on: "2026-03-02".parse().ok(),
            is_effective: true,
            customer: Some(Uuid::from_u128(3)),
            class: "ordinary".into(),
            region: "3101".into(),
        }
    }

    #[test]
    fn a_plan_counts_on_its_day_and_the_deed_on_the_day_it_was_done() {
        let told = |state: State| -> Vec<(&'static str, String, i64)> {
            let facts = facts_of(&visit(state)).into_iter();
            facts
                .map(|fact| {
                    (
                        fact.metric,
                        fact.day.expect("a day").to_string(),
                        fact.value,
                    )
                })
                .collect()
        };
        let planned = |kept: i64| (PLANNED.metric, "2026-03-01".to_owned(), kept);
        assert_eq!(told(State::Planned), [planned(0)]);
        assert_eq!(told(State::Cancelled), [planned(0)]);
        assert_eq!(
            told(State::Done),
            [planned(1), (DONE.metric, "2026-03-02".to_owned(), 1)]
        );
    }

    #[test]
    fn what_was_done_says_at_whom() {
        let mark = |customer: Option<Uuid>| {
            let facts = facts_of(&Figured {
                customer,
                ..visit(State::Done)
            });
            facts.last().expect("a deed").mark.clone()
        };
        let customer = Uuid::from_u128(3);
        assert_eq!(mark(Some(customer)), customer.to_string());
        assert_eq!(mark(None), "");
    }
}
