//! Customers of the actor whom nobody has visited for long.

use chrono::NaiveDate;
use platform::problem::Result;
use rules::suggestions::{Rule, pressure, unseen_days};
use rules::value::Value;
use sea_orm::sea_query::{Condition, ExprTrait, SelectStatement};
use serde_json::json;
use uuid::Uuid;

use super::super::rows::{ascending, owned_by};
use super::{CANDIDATES, Candidate, Look};

/// Levels of customers in the order of their weight: of two that are equally late the weightier one comes first.
const WEIGHTS: [(&str, f64); 4] = [("A", 4.0), ("B", 3.0), ("C", 2.0), ("D", 1.0)];
/// Customers in these funnel levels have bought.
const BOUGHT: [&str; 2] = ["won", "retained"];

struct Seen {
    id: Uuid,
    last_visited_on: Option<NaiveDate>,
    known_on: NaiveDate,
}

/// Customers that were not seen for longer than their level asks.
pub async fn unseen(look: &Look<'_>) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    for (level, weight) in WEIGHTS {
        let Some(rhythm) = look.choices.rhythm(level) else {
            continue;
        };
        let select = |select: &mut SelectStatement, resource: &platform::resource::Resource| {
            select.and_where(resource.column("level").eq(level));
        };
        for seen in longest_unseen(look, rhythm, select).await? {
            let Some(days) = unseen_days(seen.last_visited_on, seen.known_on, rhythm, look.today)
            else {
                continue;
            };
            let code = match seen.last_visited_on {
                Some(_) => Rule::LevelRhythm.code(),
                None => "level_rhythm_never",
            };
            found.push(Candidate {
                rule: Rule::LevelRhythm,
                pressure: weight * 100.0 + pressure(days, rhythm),
                code,
                params: json!({ "level": level, "days": days, "rhythm_days": rhythm }),
                resource: "customers",
                record_id: Some(seen.id),
                customer_id: Some(seen.id),
                named: None,
                action: "plan",
                prefill: json!({ "customer_id": seen.id, "family": "visit" }),
            });
        }
    }
    Ok(found)
}

/// Won customers that nobody looks after.
pub async fn idle(look: &Look<'_>) -> Result<Vec<Candidate>> {
    let allowed = look.choices.days(Rule::IdleWon);
    let select = |select: &mut SelectStatement, resource: &platform::resource::Resource| {
        select.and_where(resource.column("funnel_level").is_in(BOUGHT));
    };
    let mut found = Vec::new();
    for seen in longest_unseen(look, allowed, select).await? {
        let Some(days) = unseen_days(seen.last_visited_on, seen.known_on, allowed, look.today)
        else {
            continue;
        };
        found.push(Candidate {
            rule: Rule::IdleWon,
            pressure: pressure(days, allowed),
            code: Rule::IdleWon.code(),
            params: json!({ "days": days }),
            resource: "customers",
            record_id: Some(seen.id),
            customer_id: Some(seen.id),
            named: None,
            action: "plan",
            prefill: json!({ "customer_id": seen.id, "family": "return_visit" }),
        });
    }
    Ok(found)
}

/// The actor's customers that were not visited within so many days, the longest unseen first.
async fn longest_unseen(
    look: &Look<'_>,
    days: i64,
    narrow: impl FnOnce(&mut SelectStatement, &platform::resource::Resource),
) -> Result<Vec<Seen>> {
    let access = look.access;
    let clock = &access.app.clock;
    let resource = access.resource("customers")?;
    let Some(mut select) = owned_by(access, &resource, access.actor.person_id) else {
        return Ok(Vec::new());
    };
    let limit = look
        .today
        .checked_sub_days(chrono::Days::new(days.unsigned_abs()))
        .unwrap_or(look.today);
    let visited = || resource.column("last_visited_on");
    select.clear_selects();
    select
        .expr(resource.column("id"))
        .expr(visited())
        .expr(resource.column("created_at"))
        .cond_where(
            Condition::any().add(visited().lt(limit.to_string())).add(
                visited()
                    .is_null()
                    .and(resource.column("created_at").lt(clock.start_of(limit))),
            ),
        )
        .limit(CANDIDATES);
    narrow(&mut select, &resource);
    ascending(&mut select, visited());
    access
        .rows(&select)
        .await?
        .iter()
        .map(|row| {
            let visited: Option<String> = row.try_get_by_index(1)?;
            Ok(Seen {
                id: row.try_get_by_index(0)?,
                last_visited_on: Value::from(visited).as_day(),
                known_on: clock.day_of(row.try_get_by_index(2)?),
            })
        })
        .collect()
}
