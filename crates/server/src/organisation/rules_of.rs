//! What must hold for people, teams and roles.

use futures_util::future::BoxFuture;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::permission::{Grants, Scope};
use rules::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

pub struct People;
pub struct Teams;
pub struct Roles;

/// A chain of parents longer than this is a mistake, not an organisation.
const DEPTH_MAX: usize = 50;

fn role_ids(record: &Record) -> Vec<Uuid> {
    match record.get("role_ids") {
        Value::List(ids) => ids
            .iter()
            .filter_map(|id| Uuid::parse_str(id).ok())
            .collect(),
        _ => Vec::new(),
    }
}

impl Rules for People {
    fn before<'a>(
        &'a self,
        write: &'a mut Write,
        before: Option<&'a Record>,
        after: Option<&'a mut Record>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let app = write.access.app.clone();
            let directory = app.directory();
            let Some(after) = after else {
                return match before {
                    Some(person) if person.id() == write.access.actor.person_id => {
                        Err(Problem::rule("not_yourself"))
                    }
                    _ => Ok(()),
                };
            };
            let ids = role_ids(after);
            let unknown = ids.iter().any(|id| !directory.roles.contains_key(id));
            if unknown && !write.cause.is_bulk() {
                return Err(Problem::field("role_ids", "unknown_reference"));
            }
            // Nobody may give away more than administrators may: roles are set by those who configure people.
            let changes_roles = before.map_or(!ids.is_empty(), |before| role_ids(before) != ids);
            if changes_roles
                && !write
                    .access
                    .allows("people", rules::permission::Action::Configure)
            {
                return Err(Problem::field("role_ids", "field_not_allowed"));
            }
            if let Some(supervisor) = after.reference("supervisor_id") {
                let mut above = Some(supervisor);
                for _ in 0..DEPTH_MAX {
                    if above == Some(after.id()) {
                        return Err(Problem::field("supervisor_id", "cycle"));
                    }
                    above = above.and_then(|id| directory.people.get(&id)?.supervisor_id);
                }
            }
            let loses_rights = !after.get("is_active").as_bool().unwrap_or(true) || changes_roles;
            if loses_rights && before.is_some() {
                let is_administrator = |ids: &[Uuid]| {
                    ids.iter().any(|id| {
                        directory
                            .roles
                            .get(id)
                            .is_some_and(|role| role.code.as_deref() == Some(super::ADMINISTRATOR))
                    })
                };
                let keeps =
                    is_administrator(&ids) && after.get("is_active").as_bool().unwrap_or(true);
                let others = directory.people.values().any(|person| {
                    person.id != after.id()
                        && person.is_active
                        && is_administrator(&person.role_ids)
                });
                let was = before.is_some_and(|before| is_administrator(&role_ids(before)));
                if was && !keeps && !others {
                    return Err(Problem::rule("last_administrator"));
                }
            }
            if let (Some(hired), Some(left)) = (
                after.get("hired_on").as_day(),
                after.get("left_on").as_day(),
            ) {
                if left < hired {
                    return Err(Problem::field("left_on", "before_start"));
                }
            }
            if let Value::Text(zone) = after.get("time_zone") {
                if zone.parse::<chrono_tz::Tz>().is_err() {
                    return Err(Problem::field("time_zone", "unknown_time_zone"));
                }
            }
            Ok(())
        })
    }

    fn after<'a>(
        &'a self,
        write: &'a mut Write,
        before: Option<&'a Record>,
        after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let Some(after) = after else { return Ok(()) };
            let team = after.reference("team_id");
            if before.is_none_or(|before| before.reference("team_id") != team) {
                move_to(write, after, before.is_none(), team).await?;
            }
            let was_active = before
                .and_then(|before| before.get("is_active").as_bool())
                .unwrap_or(true);
            if was_active && after.get("is_active").as_bool() == Some(false) {
                for table in ["session", "api_token"] {
                    let gone = Query::delete()
                        .from_table(Alias::new(table))
                        .and_where(Expr::col(Alias::new("person_id")).eq(after.id()))
                        .to_owned();
                    write.execute(&gone).await?;
                }
            }
            Ok(())
        })
    }
}

/// Membership is effective-dated: moving somebody keeps the past where it was.
async fn move_to(
    write: &mut Write,
    person: &Record,
    is_new: bool,
    team: Option<Uuid>,
) -> Result<()> {
    let today = write.access.app.clock.today();
    if !is_new {
        let close = Query::update()
            .table(Alias::new("membership"))
            .value(Alias::new("until_on"), today.to_string())
            .and_where(Expr::col(Alias::new("person_id")).eq(person.id()))
            .and_where(Expr::col(Alias::new("until_on")).is_null())
            .to_owned();
        write.execute(&close).await?;
    }
    let Some(team) = team else { return Ok(()) };
    let from = if is_new {
        Ord::min(person.get("hired_on").as_day().unwrap_or(today), today)
    } else {
        today
    };
    write
        .insert(
            "membership",
            &["id", "person_id", "team_id", "from_on"],
            vec![
                platform::clock::new_id().into(),
                person.id().into(),
                team.into(),
                from.to_string().into(),
            ],
        )
        .await
}

impl Rules for Teams {
    fn before<'a>(
        &'a self,
        write: &'a mut Write,
        _before: Option<&'a Record>,
        after: Option<&'a mut Record>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let Some(after) = after else { return Ok(()) };
            // Asked of the database, not of the memory: two moves at once must not close a circle together.
            let mut above = after.reference("parent_id");
            for _ in 0..DEPTH_MAX {
                let Some(id) = above else { return Ok(()) };
                if id == after.id() {
                    return Err(Problem::field("parent_id", "cycle"));
                }
                let parent = Query::select()
                    .column(Alias::new("parent_id"))
                    .from(Alias::new("team"))
                    .and_where(Expr::col(Alias::new("id")).eq(id))
                    .to_owned();
                above = match write.rows(&parent).await?.first() {
                    Some(row) => row.try_get_by_index(0)?,
                    None => None,
                };
            }
            Err(Problem::field_with(
                "parent_id",
                "too_deep",
                json!({ "max": DEPTH_MAX }),
            ))
        })
    }
}

impl Rules for Roles {
    fn before<'a>(
        &'a self,
        write: &'a mut Write,
        before: Option<&'a Record>,
        after: Option<&'a mut Record>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let directory = write.access.app.directory();
            let Some(after) = after else {
                let Some(role) = before else { return Ok(()) };
                let holders = directory
                    .people
                    .values()
                    .filter(|person| person.role_ids.contains(&role.id()))
                    .count();
                if holders > 0 {
                    return Err(Problem::rule("still_referenced")
                        .with(json!({ "resource": "people", "count": holders })));
                }
                return if role.text("code") == super::ADMINISTRATOR {
                    Err(Problem::rule("last_administrator"))
                } else {
                    Ok(())
                };
            };
            let grants = match after.get("grants") {
                Value::Json(json) => json.clone(),
                _ => json!({}),
            };
            let parsed: Grants = serde_json::from_value(grants).map_err(|error| {
                Problem::invalid(vec![FieldProblem::new(
                    "grants",
                    "bad_grants",
                    json!({ "reason": error.to_string() }),
                )])
            })?;
            let registry = write.access.app.registry();
            for (resource, actions) in &parsed.resources {
                if registry.get(resource).is_none()
                    && !matches!(resource.as_str(), "audit" | "settings")
                {
                    return Err(Problem::field_with(
                        "grants",
                        "unknown_resource",
                        json!({ "resource": resource }),
                    ));
                }
                let teams = actions.values().filter_map(|scope| match scope {
                    Scope::NamedTeams(teams) => Some(teams),
                    _ => None,
                });
                if teams
                    .flatten()
                    .any(|team| !directory.teams.contains_key(team))
                {
                    return Err(Problem::field("grants", "unknown_reference"));
                }
            }
            // An administrator who could no longer change roles would lock everybody out.
            if after.text("code") == super::ADMINISTRATOR && write.cause != Cause::Load {
                let all = |resource: &str| {
                    parsed
                        .resources
                        .get(resource)
                        .and_then(|actions| actions.get(&rules::permission::Action::Configure))
                        == Some(&Scope::All)
                };
                if !["people", "roles", "teams", "settings"]
                    .into_iter()
                    .all(all)
                {
                    return Err(Problem::rule("last_administrator"));
                }
            }
            let json = serde_json::to_value(&parsed).map_err(Problem::internal)?;
            after.set("grants", Value::Json(json));
            Ok(())
        })
    }
}
