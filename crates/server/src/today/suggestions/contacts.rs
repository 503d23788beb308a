//! Birthdays of people at the actor's customers.

use platform::problem::Result;
use rules::permission::Action;
use rules::suggestions::{Rule, birthday_within, birthdays_within};
use rules::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order};
use serde_json::json;
use uuid::Uuid;

use super::super::rows::owned_by;
use super::{CANDIDATES, Candidate, Look};

/// Contacts with a birthday in the next days; none where the actor may not see the day.
pub async fn birthdays(look: &Look<'_>) -> Result<Vec<Candidate>> {
    let access = look.access;
    let (customers, contacts) = (access.resource("customers")?, access.resource("contacts")?);
    let is_open = contacts
        .field("birthday_on")
        .is_some_and(|field| access.field_rule(&contacts, field).is_none());
    if !is_open || !access.allows("contacts", Action::Read) {
        return Ok(Vec::new());
    }
    let Some(mut select) = owned_by(access, &customers, access.actor.person_id) else {
        return Ok(Vec::new());
    };
    let ahead = look.choices.days(Rule::Birthday);
    let born = contacts.column("birthday_on");
    // `MM-DD`, written as the index has it.
    let anniversary = Func::cust(Alias::new("SUBSTR"))
        .arg(born.clone())
        .arg(Expr::cust("6"))
        .arg(Expr::cust("5"));
    let days = birthdays_within(ahead, look.today);
    // Behind the turn of the year.
    let is_later = Expr::from(anniversary.clone()).lt(look.today.format("%m-%d").to_string());
    select.clear_selects();
    select
        .expr(contacts.column("id"))
        .expr(contacts.column("customer_id"))
        .expr(born.clone())
        .inner_join(
            Alias::new(&contacts.table),
            contacts
                .column("customer_id")
                .eq(customers.column("id"))
                .and(born.is_not_null()),
        )
        .and_where(Expr::from(anniversary.clone()).is_in(days))
        // The nearest are read, and not the first that are found on a walk through all contacts.
        .order_by_expr(is_later, Order::Asc)
        .order_by_expr(anniversary.into(), Order::Asc)
        .limit(CANDIDATES);
    let mut found = Vec::new();
    for row in access.rows(&select).await? {
        let id: Uuid = row.try_get_by_index(0)?;
        let customer: Uuid = row.try_get_by_index(1)?;
        let born: Option<String> = row.try_get_by_index(2)?;
        let Some(birthday) = Value::from(born)
            .as_day()
            .and_then(|born| birthday_within(born, ahead, look.today))
        else {
            continue;
        };
        let days = (birthday - look.today).num_days();
        found.push(Candidate {
            rule: Rule::Birthday,
            // The nearest first.
            pressure: (ahead - days) as f64,
            code: Rule::Birthday.code(),
            params: json!({ "day": birthday, "days": days }),
            resource: "contacts",
            record_id: Some(id),
            // A plan at the customer is no congratulation.
            customer_id: None,
            named: None,
            action: "call",
            prefill: json!({ "customer_id": customer, "contact_ids": [id] }),
        });
    }
    Ok(found)
}
