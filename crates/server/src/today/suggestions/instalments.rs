//! Instalments of the actor's contracts that are overdue.

use chrono::NaiveDate;
use platform::problem::Result;
use rules::permission::Action;
use rules::suggestions::{Rule, over, pressure};
use rules::value::Value;
use sea_orm::sea_query::{ExprTrait, Order};
use serde_json::json;
use uuid::Uuid;

use super::{CANDIDATES, Candidate, Look};

const WEEK: i64 = 7;

/// The oldest first; of one contract the oldest only.
pub async fn overdue(look: &Look<'_>) -> Result<Vec<Candidate>> {
    let access = look.access;
    if !access.allows("instalments", Action::Read) {
        return Ok(Vec::new());
    }
    let resource = access.resource("instalments")?;
    let mut select = access.scoped(&resource, Action::Read)?;
    for name in ["contract_id", "customer_id", "due_on"] {
        select.expr(resource.column(name));
    }
    let allowed = look.choices.days(Rule::InstalmentOverdue);
    let last = look.today - chrono::TimeDelta::days(allowed);
    select
        .and_where(resource.column("owner_id").eq(access.actor.person_id))
        .and_where(resource.column("state").eq("open"))
        .and_where(resource.column("due_on").lt(last.to_string()))
        .order_by_expr(resource.column("due_on"), Order::Asc)
        .order_by_expr(resource.column("id"), Order::Asc)
        .limit(CANDIDATES);
    let mut found: Vec<Candidate> = Vec::new();
    for row in access.rows(&select).await? {
        let contract: Uuid = row.try_get_by_index(0)?;
        let customer: Option<Uuid> = row.try_get_by_index(1)?;
        let due: Option<String> = row.try_get_by_index(2)?;
        let due: Option<NaiveDate> = Value::from(due).as_day();
        let late = due.and_then(|due| Some((due, over(due, allowed, look.today)?)));
        let is_known = found.iter().any(|one| one.record_id == Some(contract));
        let (Some((due, days)), false) = (late, is_known) else {
            continue;
        };
        found.push(Candidate {
            rule: Rule::InstalmentOverdue,
            pressure: pressure(days, WEEK),
            code: Rule::InstalmentOverdue.code(),
            params: json!({ "day": due, "days": days }),
            resource: "contracts",
            record_id: Some(contract),
            customer_id: customer,
            named: customer.map(|customer| ("customer", "customers", customer)),
            action: "plan",
            prefill: json!({ "customer_id": customer, "family": "call" }),
        });
    }
    Ok(found)
}
