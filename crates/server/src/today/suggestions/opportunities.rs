//! What the actor's open opportunities ask for.

use chrono::NaiveDate;
use platform::problem::Result;
use rules::suggestions::{Rule, over, pressure};
use rules::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait};
use serde_json::json;
use uuid::Uuid;

use super::super::rows::{ascending, owned_by};
use super::{Candidate, Look};

/// Open opportunities of one person that are looked at: those with the earliest next step.
const OPEN_MAX: u64 = 500;
const WEEK: i64 = 7;

struct Open {
    id: Uuid,
    customer_id: Uuid,
    stage_id: Uuid,
    stage_entered_at: i64,
    standard_days: Option<i64>,
    next_step: Option<String>,
    next_step_on: Option<NaiveDate>,
    expected_close_on: Option<NaiveDate>,
}

/// One walk through the actor's open opportunities serves three rules.
pub async fn find(look: &Look<'_>) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    for open in open(look).await? {
        found.extend(next_step(&open, look.today));
        found.extend(stuck(&open, look));
        found.extend(close_date(&open, look.today));
    }
    Ok(found)
}

async fn open(look: &Look<'_>) -> Result<Vec<Open>> {
    let access = look.access;
    let resource = access.resource("opportunities")?;
    let Some(mut select) = owned_by(access, &resource, access.actor.person_id) else {
        return Ok(Vec::new());
    };
    let stage = Alias::new("stage");
    select.clear_selects();
    for name in [
        "id",
        "customer_id",
        "stage_id",
        "stage_entered_at",
        "next_step",
        "next_step_on",
        "expected_close_on",
    ] {
        select.expr(resource.column(name));
    }
    select
        .expr(Expr::col((stage.clone(), Alias::new("standard_days"))))
        .inner_join(
            stage.clone(),
            Expr::col((stage, Alias::new("id"))).eq(resource.column("stage_id")),
        )
        .and_where(resource.column("outcome").eq("open"))
        .limit(OPEN_MAX);
    ascending(&mut select, resource.column("next_step_on"));
    let day = |text: Option<String>| Value::from(text).as_day();
    access
        .rows(&select)
        .await?
        .iter()
        .map(|row| {
            Ok(Open {
                id: row.try_get_by_index(0)?,
                customer_id: row.try_get_by_index(1)?,
                stage_id: row.try_get_by_index(2)?,
                stage_entered_at: row.try_get_by_index(3)?,
                next_step: row.try_get_by_index(4)?,
                next_step_on: day(row.try_get_by_index(5)?),
                expected_close_on: day(row.try_get_by_index(6)?),
                standard_days: row.try_get_by_index(7)?,
            })
        })
        .collect()
}

fn next_step(open: &Open, today: NaiveDate) -> Option<Candidate> {
    let due = open.next_step_on?;
    let days = over(due, 0, today)?;
    Some(Candidate {
        rule: Rule::NextStepOverdue,
        pressure: pressure(days, 1),
        code: Rule::NextStepOverdue.code(),
        params: json!({ "day": due, "days": days }),
        resource: "opportunities",
        record_id: Some(open.id),
        // Being planned there doesn't move the day that was promised.
        customer_id: None,
        named: None,
        action: "plan",
        prefill: json!({
            "customer_id": open.customer_id, "opportunity_id": open.id, "purpose": open.next_step,
        }),
    })
}

fn stuck(open: &Open, look: &Look<'_>) -> Option<Candidate> {
    let standard = open.standard_days?;
    let entered_on = look.access.app.clock.day_of(open.stage_entered_at);
    let days = over(entered_on, standard, look.today)?;
    Some(Candidate {
        rule: Rule::Stuck,
        pressure: pressure(days, standard),
        code: Rule::Stuck.code(),
        params: json!({ "days": days, "standard_days": standard }),
        resource: "opportunities",
        record_id: Some(open.id),
        customer_id: Some(open.customer_id),
        named: Some(("stage", "stages", open.stage_id)),
        action: "plan",
        prefill: json!({ "customer_id": open.customer_id, "opportunity_id": open.id }),
    })
}

fn close_date(open: &Open, today: NaiveDate) -> Option<Candidate> {
    let expected = open.expected_close_on?;
    let days = over(expected, 0, today)?;
    Some(Candidate {
        rule: Rule::CloseDatePassed,
        pressure: pressure(days, WEEK),
        code: Rule::CloseDatePassed.code(),
        params: json!({ "day": expected, "days": days }),
        resource: "opportunities",
        record_id: Some(open.id),
        customer_id: None,
        named: None,
        action: "open",
        prefill: json!({}),
    })
}
