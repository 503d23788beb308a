//! What must hold for people, teams and roles.

use async_trait::async_trait;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::permission::{Action, Grants, Scope};
use rules::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

use super::memberships;

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

/// Roles, and the names by which somebody signs in, are set by those who configure people: nobody may give away more than
/// administrators may, nor take over an administrator's account.
fn only_configured_by_those_who_may(
    write: &Write,
    before: Option<&Record>,
    after: &Record,
) -> Result<()> {
    let changes_roles = before.map_or(!role_ids(after).is_empty(), |before| {
        role_ids(before) != role_ids(after)
    });
    let own = write.access.actor.person() == Some(after.id());
    let changed =
        |field: &str| !own && before.is_some_and(|before| before.get(field) != after.get(field));
    let field = if changes_roles {
        "role_ids"
    } else if changed("email") {
        "email"
    } else if changed("mobile") {
        "mobile"
    } else {
        return Ok(());
    };
    if write.access.allows("people", Action::Configure) {
        Ok(())
    } else {
        Err(Problem::field(field, "field_not_allowed"))
    }
}

/// Refuses a record that would stand below itself, and answers whether the top of its tree is within reach. Asked of the
/// database, not of the memory: two changes at once must not close a circle together.
async fn no_circle(write: &mut Write, record: &Record, field: &str) -> Result<bool> {
    let mut above = record.reference(field);
    for _ in 0..DEPTH_MAX {
        let Some(id) = above else { return Ok(true) };
        if id == record.id() {
            return Err(Problem::field(field, "cycle"));
        }
        above = above_of(write, &record.resource.table, field, id).await?;
    }
    Ok(false)
}

/// What a row of a tree stands under.
async fn above_of(write: &mut Write, table: &str, column: &str, id: Uuid) -> Result<Option<Uuid>> {
    let select = Query::select()
        .column(Alias::new(column))
        .from(Alias::new(table))
        .and_where(Expr::col(Alias::new("id")).eq(id))
        .to_owned();
    match write.rows(&select).await?.first() {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Ok(None),
    }
}

/// Somebody must remain who can let others in.
async fn keep_an_administrator(
    write: &mut Write,
    before: &Record,
    after: Option<&Record>,
) -> Result<()> {
    let administrators: Vec<Uuid> = write
        .access
        .app
        .directory()
        .roles
        .values()
        .filter(|role| role.code.as_deref() == Some(super::ADMINISTRATOR))
        .map(|role| role.id)
        .collect();
    let is_one = |person: &Record| {
        person.get("is_active").as_bool().unwrap_or(true)
            && role_ids(person)
                .iter()
                .any(|id| administrators.contains(id))
    };
    if !is_one(before) || after.is_some_and(is_one) {
        return Ok(());
    }
    let others = write.directory().await?.people.into_values().any(|person| {
        person.id != before.id()
            && person.is_active
            && person.role_ids.iter().any(|id| administrators.contains(id))
    });
    if others {
        Ok(())
    } else {
        Err(Problem::rule("last_administrator"))
    }
}

#[async_trait]
impl Rules for People {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else {
            let Some(person) = before else { return Ok(()) };
            if person.id() == write.access.actor.person_id {
                return Err(Problem::rule("not_yourself"));
            }
            return keep_an_administrator(write, person, None).await;
        };
        let ids = role_ids(after);
        let app = write.access.app.clone();
        let is_known = |id: &Uuid| app.directory().roles.contains_key(id);
        if !write.cause.is_bulk() && !ids.iter().all(is_known) {
            // Made in this very write, perhaps.
            let roles = write.directory().await?.roles;
            if ids.iter().any(|id| !roles.contains_key(id)) {
                return Err(Problem::field("role_ids", "unknown_reference"));
            }
        }
        only_configured_by_those_who_may(write, before, after)?;
        no_circle(write, after, "supervisor_id").await?;
        if let Some(before) = before {
            keep_an_administrator(write, before, Some(after)).await?;
        }
        if let Some(before) = before {
            keep_left_on(write, before, after);
        }
        if let (Some(hired), Some(left)) = (
            after.get("hired_on").as_day(),
            after.get("left_on").as_day(),
        ) && left < hired
        {
            return Err(Problem::field("left_on", "before_start"));
        }
        if let Value::Text(zone) = after.get("time_zone")
            && zone.parse::<chrono_tz::Tz>().is_err()
        {
            return Err(Problem::field("time_zone", "unknown_time_zone"));
        }
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        let Some(after) = after else {
            return match before {
                Some(person) => {
                    memberships::leave(write, person.id()).await?;
                    end_access(write, person.id()).await
                }
                None => Ok(()),
            };
        };
        memberships::follow(write, before, after).await?;
        let was_active = before.is_none_or(is_active);
        if was_active && !is_active(after) {
            end_access(write, after.id()).await?;
        }
        Ok(())
    }
}

fn is_active(person: &Record) -> bool {
    person.get("is_active").as_bool().unwrap_or(true)
}

/// Who is no longer active is out at once and for good: sessions, tokens, links, and previews in their place.
async fn end_access(write: &mut Write, person: Uuid) -> Result<()> {
    for table in ["session", "api_token", "one_time_link"] {
        let gone = Query::delete()
            .from_table(Alias::new(table))
            .and_where(Expr::col(Alias::new("person_id")).eq(person))
            .to_owned();
        write.execute(&gone).await?;
    }
    let previews = Query::update()
        .table(Alias::new("session"))
        .value(Alias::new("preview_person_id"), None::<Uuid>)
        .and_where(Expr::col(Alias::new("preview_person_id")).eq(person))
        .to_owned();
    write.execute(&previews).await?;
    Ok(())
}

/// The day of leaving follows the switch: today when somebody is switched off, none when they come back.
fn keep_left_on(write: &Write, before: &Record, after: &mut Record) {
    if before.get("left_on") != after.get("left_on") {
        return;
    }
    match (is_active(before), is_active(after)) {
        (true, false) if after.get("left_on").is_null() => {
            let today = write.access.app.clock.today();
            after.set("left_on", today);
        }
        (false, true) => after.set("left_on", Value::Null),
        _ => {}
    }
}

#[async_trait]
impl Rules for Teams {
    async fn before(
        &self,
        write: &mut Write,
        _before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        if no_circle(write, after, "parent_id").await? {
            return Ok(());
        }
        Err(Problem::field_with(
            "parent_id",
            "too_deep",
            json!({ "max": DEPTH_MAX }),
        ))
    }
}

#[async_trait]
impl Rules for Roles {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
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
        let may = write.access.allows("roles", Action::Configure);
        if !may && before.is_none_or(|before| before.get("grants") != after.get("grants")) {
            return Err(Problem::field("grants", "field_not_allowed"));
        }
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
        for (name, rules) in &parsed.fields {
            let resource = registry.get(name).ok_or_else(|| {
                Problem::field_with("grants", "unknown_resource", json!({ "resource": name }))
            })?;
            for field in rules.keys() {
                let known = resource.field(field).ok_or_else(|| {
                    Problem::field_with("grants", "unknown_field", json!({ "field": field }))
                })?;
                // Search reads all fields that it may find together; only sensitive ones are kept apart in its index.
                let is_open = known.searchable && !known.sensitive;
                if is_open || known.system || *field == resource.label_field {
                    return Err(Problem::field_with(
                        "grants",
                        "field_not_allowed",
                        json!({ "field": field }),
                    ));
                }
            }
        }
        // An administrator who could no longer change roles would lock everybody out.
        if after.text("code") == super::ADMINISTRATOR && write.cause != Cause::Load {
            let all = |resource: &str| {
                parsed
                    .resources
                    .get(resource)
                    .and_then(|actions| actions.get(&Action::Configure))
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
    }
}
