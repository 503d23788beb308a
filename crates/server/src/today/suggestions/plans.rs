//! What the actor's own plans and deeds ask for.

use std::collections::HashSet;

use platform::db::only_decides;
use platform::problem::Result;
use rules::activities::{Family, State};
use rules::suggestions::{Rule, last_working_day, next_working_day, over, pressure};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

use super::super::rows::{descending, owned_by};
use super::{CANDIDATES, Candidate, Look};

/// Older visits are no reason any more to plan the next one.
const FOLLOW_UP_DAYS: u64 = 30;

/// From what the day has read already.
pub fn find(look: &Look<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let last = last_working_day(look.today);
    let left: Vec<_> = look
        .day
        .overdue
        .iter()
        .filter(|record| record.get("planned_on").as_day() >= Some(last))
        .collect();
    // The page shows all of them; one is enough to remind of them.
    if let Some(newest) = left.first() {
        found.push(Candidate {
            rule: Rule::PlannedNotDone,
            pressure: pressure(left.len() as i64, 1),
            code: Rule::PlannedNotDone.code(),
            params: json!({ "plans": left.len(), "day": newest.get("planned_on").as_day() }),
            resource: "activities",
            record_id: Some(newest.id()),
            customer_id: None,
            named: None,
            action: "open",
            prefill: json!({}),
        });
    }
    if !look.day.has_plan_next {
        let next = next_working_day(look.today);
        found.push(Candidate {
            rule: Rule::NoPlanTomorrow,
            pressure: 1.0,
            code: Rule::NoPlanTomorrow.code(),
            params: json!({ "day": next }),
            resource: "activities",
            record_id: None,
            customer_id: None,
            named: None,
            action: "plan",
            prefill: json!({ "day": next }),
        });
    }
    found
}

/// Effective visits that nothing follows.
pub async fn without_follow_up(look: &Look<'_>) -> Result<Vec<Candidate>> {
    let access = look.access;
    let clock = &access.app.clock;
    let allowed = look.choices.days(Rule::NoFollowUp);
    let resource = access.resource("activities")?;
    let Some(mut select) = owned_by(access, &resource, access.actor.person_id) else {
        return Ok(Vec::new());
    };
    let days_ago = |days: u64| {
        let day = look.today.checked_sub_days(chrono::Days::new(days));
        clock.start_of(day.unwrap_or(look.today))
    };
    let visits = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("activity_kind"))
        .and_where(Expr::col(Alias::new("family")).eq(Family::Visit.code()))
        .to_owned();
    select.clear_selects();
    for name in ["id", "customer_id", "opportunity_id", "started_at"] {
        select.expr(resource.column(name));
    }
    select
        .and_where(resource.column("state").eq(State::Done.code()))
        .and_where(resource.column("happens_at").gte(days_ago(FOLLOW_UP_DAYS)))
        .and_where(
            resource
                .column("happens_at")
                .lt(days_ago(allowed.unsigned_abs())),
        )
        .and_where(resource.column("kind_id").in_subquery(visits))
        .and_where(resource.column("outcome").eq("effective"))
        .and_where(resource.column("has_follow_up").eq(false))
        .and_where(resource.column("customer_id").is_not_null())
        .limit(CANDIDATES);
    descending(&mut select, resource.column("happens_at"));
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for row in access.rows(&select).await? {
        let id: Uuid = row.try_get_by_index(0)?;
        let customer: Uuid = row.try_get_by_index(1)?;
        let opportunity: Option<Uuid> = row.try_get_by_index(2)?;
        let started_at: Option<i64> = row.try_get_by_index(3)?;
        let done_on = clock.day_of(started_at.unwrap_or_default());
        // Of several visits to one customer the last one asks.
        let Some(days) = over(done_on, allowed, look.today).filter(|_| seen.insert(customer))
        else {
            continue;
        };
        found.push(Candidate {
            rule: Rule::NoFollowUp,
            pressure: pressure(days, allowed),
            code: Rule::NoFollowUp.code(),
            params: json!({ "days": days, "day": done_on }),
            resource: "activities",
            record_id: Some(id),
            customer_id: Some(customer),
            named: None,
            action: "plan",
            prefill: json!({
                "customer_id": customer, "opportunity_id": opportunity, "follow_up_of_id": id,
            }),
        });
    }
    Ok(found)
}

/// Which of these customers have something planned from today on.
pub async fn planned_at(look: &Look<'_>, customers: Vec<Uuid>) -> Result<HashSet<Uuid>> {
    if customers.is_empty() {
        return Ok(HashSet::new());
    }
    let column = |name: &str| Expr::col(Alias::new(name));
    let open = [State::Planned, State::Moved].map(State::code);
    // Whose plan it is does not matter here, and nothing of it is told but that there is one.
    let select = Query::select()
        .distinct()
        .column(Alias::new("customer_id"))
        .from(Alias::new("activity"))
        .and_where(column("customer_id").is_in(customers))
        .and_where(column("happens_at").gte(look.access.app.clock.start_of(look.today)))
        // One customer has few plans ahead, the company very many: the way is by the customer.
        .and_where(only_decides(column("state").is_in(open)))
        .to_owned();
    let mut found = HashSet::new();
    for row in look.access.rows(&select).await? {
        found.insert(row.try_get_by_index(0)?);
    }
    Ok(found)
}
