//! Suggestions: what could be done besides the plan, each with its reason and one tap to it.
//!
//! One list of rules; each finds its candidates by a bounded question along an index, `rules::suggestions` puts them in order.

mod choices;
mod contacts;
mod customers;
mod instalments;
mod opportunities;
mod pauses;
mod plans;

use std::collections::HashSet;

use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use platform::access::Access;
use platform::labels;
use platform::problem::Result;
use platform::web::Routes;
use rules::suggestions::{Rule, best};
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::day::Day;
use choices::Choices;

pub fn routes() -> Routes {
    choices::routes().merge(pauses::routes())
}

/// Something worth doing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    /// The rule that found it.
    rule: &'static str,
    reason: SuggestionReason,
    resource: &'static str,
    /// Null where it is about no record.
    record_id: Option<Uuid>,
    /// The record's name.
    label: String,
    action: SuggestionAction,
}

/// Why, to be said by `today.reasons.<code>`.
#[derive(Debug, Serialize, ToSchema)]
struct SuggestionReason {
    code: &'static str,
    #[schema(value_type = Object)]
    params: Json,
}

/// What one tap does.
#[derive(Debug, Serialize, ToSchema)]
struct SuggestionAction {
    /// `plan` a new activity, `open` the record, log a `call`.
    kind: &'static str,
    /// Fields of the activity, and `family` for its kind.
    #[schema(value_type = Object)]
    prefill: Json,
}

/// What a rule found.
pub struct Candidate {
    rule: Rule,
    /// How pressing it is among what the same rule found.
    pressure: f64,
    code: &'static str,
    params: Json,
    resource: &'static str,
    record_id: Option<Uuid>,
    /// The customer that it is about: something planned there settles it.
    customer_id: Option<Uuid>,
    /// The code's parameter that is named by this record.
    named: Option<(&'static str, &'static str, Uuid)>,
    action: &'static str,
    prefill: Json,
}

/// What the rules look at.
pub struct Look<'a> {
    access: &'a Access,
    day: &'a Day,
    today: NaiveDate,
    choices: Choices,
}

type Found<'a> = BoxFuture<'a, Result<Vec<Candidate>>>;

/// What looks for suggestions of some rules.
type Finder = for<'a> fn(&'a Look<'a>) -> Found<'a>;

/// The one list of rules that ask the database; what one question answers may serve several.
const FINDERS: [(&[Rule], Finder); 7] = [
    (
        &[Rule::NextStepOverdue, Rule::Stuck, Rule::CloseDatePassed],
        |look| Box::pin(opportunities::find(look)),
    ),
    (&[Rule::PlannedNotDone, Rule::NoPlanTomorrow], |look| {
        Box::pin(async move { Ok(plans::find(look)) })
    }),
    (&[Rule::InstalmentOverdue], |look| {
        Box::pin(instalments::overdue(look))
    }),
    (&[Rule::NoFollowUp], |look| {
        Box::pin(plans::without_follow_up(look))
    }),
    (&[Rule::LevelRhythm], |look| {
        Box::pin(customers::unseen(look))
    }),
    (&[Rule::IdleWon], |look| Box::pin(customers::idle(look))),
    (&[Rule::Birthday], |look| {
        Box::pin(contacts::birthdays(look))
    }),
];

/// Candidates of one rule that are looked at further.
const CANDIDATES: u64 = 20;

/// The best suggestions for the actor's present day.
pub async fn of(access: &Access, day: &Day) -> Result<Vec<Suggestion>> {
    let look = Look {
        access,
        day,
        today: day.day,
        choices: Choices::of(&access.app.settings()),
    };
    let mut found = Vec::new();
    for (rules, find) in FINDERS {
        if rules.iter().any(|rule| look.choices.is_on(*rule)) {
            found.extend(find(&look).await?);
        }
    }
    let paused = pauses::of(access, look.today).await?;
    let planned = planned_customers(&look, &found).await?;
    found.retain(|candidate| {
        let is_planned = candidate
            .customer_id
            .is_some_and(|customer| planned.contains(&customer));
        let key = (candidate.rule, candidate.record_id.unwrap_or_default());
        look.choices.is_on(candidate.rule) && !is_planned && !paused.contains(&key)
    });
    let ranked = found
        .into_iter()
        .map(|candidate| (candidate.rule, candidate.pressure, candidate))
        .collect();
    name(access, best(ranked)).await
}

/// Customers among the candidates' where something is planned from today on, whoever will go there.
async fn planned_customers(look: &Look<'_>, found: &[Candidate]) -> Result<HashSet<Uuid>> {
    let mut customers: Vec<Uuid> = found
        .iter()
        .filter_map(|candidate| candidate.customer_id)
        .collect();
    customers.sort_unstable();
    customers.dedup();
    plans::planned_at(look, customers).await
}

async fn name(access: &Access, chosen: Vec<(Rule, Candidate)>) -> Result<Vec<Suggestion>> {
    let mut wanted = HashSet::new();
    for (_, candidate) in &chosen {
        wanted.extend(
            candidate
                .record_id
                .map(|id| (candidate.resource.to_owned(), id)),
        );
        wanted.extend(
            candidate
                .named
                .map(|(_, resource, id)| (resource.to_owned(), id)),
        );
    }
    let names = labels::of(access, wanted).await?;
    let name_of = |id: Option<Uuid>| {
        id.and_then(|id| names.get(&id))
            .map(|name| name.to_string())
            .unwrap_or_default()
    };
    let suggestions = chosen.into_iter().map(|(rule, candidate)| {
        let mut params = candidate.params;
        if let Some((param, _, id)) = candidate.named {
            params[param] = json!(name_of(Some(id)));
        }
        Suggestion {
            rule: rule.code(),
            reason: SuggestionReason {
                code: candidate.code,
                params,
            },
            resource: candidate.resource,
            record_id: candidate.record_id,
            label: name_of(candidate.record_id),
            action: SuggestionAction {
                kind: candidate.action,
                prefill: candidate.prefill,
            },
        }
    });
    Ok(suggestions.collect())
}
