//! What an activity means for the figures.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Family, State};
use crate::facts::Fact;
use crate::metrics::families::{DONE, KEPT, PLANNED, SEEN, SEEN_PARTS};

/// An activity as the figures see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figured {
    pub owner: Option<Uuid>,
    pub kind: Uuid,
    pub family: Family,
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
        facts.push(of(PLANNED.metric, &kind, day));
        if is_done {
            facts.push(of(KEPT.metric, &kind, day));
        }
    }
    let Some(day) = activity.done_on.filter(|_| is_done) else {
        return facts;
    };
    facts.push(of(DONE.metric, &kind, day));
    if let (Some(customer), Family::Visit | Family::ReturnVisit) =
        (activity.customer, activity.family)
    {
        // Only a visit can be effective; a return visit serves what is sold.
        let is_effective = activity.is_effective && activity.family == Family::Visit;
        let parts = if is_effective {
            &SEEN_PARTS[..]
        } else {
            &SEEN_PARTS[..1]
        };
        facts.extend(parts.iter().map(|part| Fact {
            mark: customer.to_string(),
            ..of(SEEN.metric, part, day)
        }));
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
            family: Family::Visit,
            state,
            planned_on: "2026-03-01".parse().ok(),
            done_on: "2026-03-02".parse().ok(),
            is_effective: true,
            customer: Some(Uuid::from_u128(3)),
            class: "ordinary".into(),
            region: "3101".into(),
        }
    }

    fn metrics(activity: &Figured) -> Vec<(&'static str, String)> {
        let facts = facts_of(activity);
        facts
            .into_iter()
            .map(|fact| (fact.metric, fact.day.expect("a day").to_string()))
            .collect()
    }

    #[test]
    fn a_plan_counts_on_its_day_and_the_deed_on_the_day_it_was_done() {
        let planned = |metric: &'static str| (metric, "2026-03-01".to_owned());
        let done = |metric: &'static str| (metric, "2026-03-02".to_owned());
        assert_eq!(metrics(&visit(State::Planned)), [planned(PLANNED.metric)]);
        assert_eq!(metrics(&visit(State::Cancelled)), [planned(PLANNED.metric)]);
        assert_eq!(
            metrics(&visit(State::Done)),
            [
                planned(PLANNED.metric),
                planned(KEPT.metric),
                done(DONE.metric),
                done(SEEN.metric),
                done(SEEN.metric)
            ]
        );
    }

    #[test]
    fn a_call_sees_no_customer_and_a_return_visit_is_not_effective() {
        let seen = |family: Family| {
            let facts = facts_of(&Figured {
                family,
                ..visit(State::Done)
            });
            let seen = facts.into_iter().filter(|fact| fact.metric == SEEN.metric);
            seen.map(|fact| fact.part).collect::<Vec<String>>()
        };
        assert_eq!(seen(Family::Visit), SEEN_PARTS);
        assert_eq!(seen(Family::ReturnVisit), SEEN_PARTS[..1]);
        assert!(seen(Family::Call).is_empty());
    }
}
