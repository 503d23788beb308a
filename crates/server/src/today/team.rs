//! A team's day: who plans what, what is done as it happens, and what was left of the day before.

use std::collections::{BTreeMap, HashMap, HashSet};

use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::db::col;
use platform::directory::Person;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::web::{Doc, Query as Asked, Routes, json_bytes};
use rules::activities::{Family, State};
use rules::holidays::is_working_day;
use rules::permission::Action;
use rules::suggestions::last_working_day;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rows::{Answer, covers, descending};
use crate::activities::{Catalogue, Kind};

/// People in one answer; of more a team is chosen.
const PEOPLE_MAX: usize = 500;
/// The latest deeds that are shown.
const DEEDS: u64 = 50;

pub fn routes() -> Routes {
    let deed = json!({ "allOf": [{ "$ref": "#/components/schemas/Activity" }, {
        "type": "object", "properties": { "comment_count": { "type": "integer" } } }] });
    let answer = json!({
        "type": "object",
        "required": ["day", "is_working_day", "yesterday", "people", "people_left_out", "deeds", "labels"],
        "properties": {
            "day": { "type": "string", "format": "date" },
            "is_working_day": { "type": "boolean" },
            "yesterday": { "type": "string", "format": "date", "description": "The last working day before." },
            "people": { "type": "array", "items": { "$ref": "#/components/schemas/TeamMember" } },
            "people_left_out": { "type": "integer", "description": "People beyond the 500 that are shown; choose a team." },
            "deeds": { "type": "array", "items": deed },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } },
        },
    });
    Routes::default().get(
        "/api/today/team",
        Doc::new("today", "A team's day: plans, deeds, and what was left of the day before")
            .about(
                "Without `team_id`: the people I am responsible for, or everybody within my reach when those are none. \
                 Nobody is shown whose activities I may not read. `deeds` are the latest 50 of the day.",
            )
            .query::<AskedTeam>()
            .names::<TeamMember>()
            .answer_schema("application/json", answer),
        team,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AskedTeam {
    /// The business day; the present one unless told.
    day: Option<NaiveDate>,
    /// The team, with the teams below it.
    team_id: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
struct TeamMember {
    person_id: Uuid,
    name: String,
    team_id: Option<Uuid>,
    /// What was planned for the day and not cancelled, done or not.
    planned: DayCounts,
    /// What was done on the day, planned or not.
    done: DayCounts,
    yesterday: DayBefore,
    has_plan: bool,
}

/// Activities by kind; calls, meetings, tasks and own kinds of visits are other ones.
#[derive(Debug, Default, Clone, Copy, Serialize, ToSchema)]
struct DayCounts {
    first: i64,
    presentation: i64,
    closing: i64,
    return_visit: i64,
    other: i64,
}

/// What was planned for the last working day, how much of it is done, and how much nobody has said anything of.
#[derive(Debug, Default, Clone, Copy, Serialize, ToSchema)]
struct DayBefore {
    planned: i64,
    done: i64,
    open: i64,
}

impl DayCounts {
    fn add(&mut self, kind: Option<&Kind>, count: i64) {
        let place = match kind.map(|kind| (kind.family, kind.code.as_str())) {
            Some((Family::Visit, "first")) => &mut self.first,
            Some((Family::Visit, "presentation")) => &mut self.presentation,
            Some((Family::Visit, "closing")) => &mut self.closing,
            Some((Family::ReturnVisit, _)) => &mut self.return_visit,
            _ => &mut self.other,
        };
        *place += count;
    }

    fn sum(self) -> i64 {
        self.first + self.presentation + self.closing + self.return_visit + self.other
    }
}

#[derive(Default)]
struct Counts {
    planned: DayCounts,
    done: DayCounts,
    yesterday: DayBefore,
}

async fn team(access: Access, Asked(asked): Asked<AskedTeam>) -> Result<Response> {
    access.require("activities", Action::Read)?;
    let day = asked.day.unwrap_or_else(|| access.app.clock.today());
    let yesterday = last_working_day(day);
    let mut people = people(&access, asked.team_id)?;
    let left_out = people.len().saturating_sub(PEOPLE_MAX);
    people.truncate(PEOPLE_MAX);
    let ids: Vec<Uuid> = people.iter().map(|person| person.id).collect();
    let kinds = Catalogue::all(&access).await?;
    let mut counts = HashMap::new();
    planned(&access, &ids, &kinds, [yesterday, day], &mut counts).await?;
    done(&access, &ids, &kinds, day, &mut counts).await?;
    let deeds = deeds(&access, &ids, day).await?;
    let comments = comments(&access, &deeds).await?;
    let members: Vec<TeamMember> = people
        .into_iter()
        .map(|person| {
            let counts = counts.remove(&person.id).unwrap_or_default();
            TeamMember {
                person_id: person.id,
                name: person.name,
                team_id: person.team_id,
                has_plan: counts.planned.sum() > 0,
                planned: counts.planned,
                done: counts.done,
                yesterday: counts.yesterday,
            }
        })
        .collect();
    let mut answer = Answer::new(&access);
    answer.member("day", &day)?;
    answer.member("is_working_day", &is_working_day(day))?;
    answer.member("yesterday", &yesterday)?;
    for member in &members {
        if let Some(team) = member.team_id {
            answer.refers("teams", team);
        }
    }
    answer.member("people", &members)?;
    answer.member("people_left_out", &left_out)?;
    let rows = deeds.iter().map(|deed| {
        let count = comments.get(&deed.id()).copied().unwrap_or_default();
        (deed, format!("\"comment_count\":{count}").into_bytes())
    });
    answer.rows("deeds", &access.resource("activities")?, rows)?;
    Ok(json_bytes(answer.finish().await?))
}

/// Active people whose activities the actor may read: of a team and those below it, or those the actor is responsible for;
/// everybody in reach when those are none. Sorted by team, then as people sort names.
fn people(access: &Access, team: Option<Uuid>) -> Result<Vec<Person>> {
    let activities = access.resource("activities")?;
    let directory = access.app.directory();
    if team.is_some_and(|team| !directory.teams.contains_key(&team)) {
        return Err(Problem::field("team_id", "unknown_reference"));
    }
    let me = access.actor.person_id;
    let reach: Vec<&Person> = directory
        .people
        .values()
        .filter(|person| person.is_active && covers(access, &activities, person.id))
        .collect();
    let of_team = |person: &Person| match (team, person.team_id) {
        (Some(team), Some(own)) => directory.ancestors(own).contains(&team),
        _ => false,
    };
    let mut chosen: Vec<&Person> = if team.is_some() {
        reach.into_iter().filter(|person| of_team(person)).collect()
    } else {
        let own: Vec<&Person> = reach
            .iter()
            .copied()
            .filter(|person| directory.superiors(person.id).contains(&me))
            .collect();
        if own.is_empty() { reach } else { own }
    };
    let team_name = |person: &Person| {
        person
            .team_id
            .and_then(|team| directory.teams.get(&team))
            .map(|team| rules::names::pinyin(&team.name).full)
    };
    chosen.sort_by_cached_key(|person| {
        (
            team_name(person),
            rules::names::pinyin(&person.name).full,
            person.id,
        )
    });
    Ok(chosen.into_iter().cloned().collect())
}

/// What these people planned for the two days: one count along the index by state, day and owner.
async fn planned(
    access: &Access,
    people: &[Uuid],
    kinds: &Catalogue,
    [yesterday, day]: [NaiveDate; 2],
    counts: &mut HashMap<Uuid, Counts>,
) -> Result<()> {
    let states = [State::Planned, State::Moved, State::Done].map(State::code);
    let select = Query::select()
        .columns(["owner_id", "planned_on", "state", "kind_id"].map(Alias::new))
        .expr(Expr::cust("COUNT(*)"))
        .from(Alias::new("activity"))
        .and_where(col("state").is_in(states))
        .and_where(col("planned_on").is_in([yesterday.to_string(), day.to_string()]))
        .and_where(col("owner_id").is_in(people.iter().copied()))
        .add_group_by(["owner_id", "planned_on", "state", "kind_id"].map(col))
        .to_owned();
    for row in access.rows(&select).await? {
        let person: Uuid = row.try_get_by_index(0)?;
        let planned_on: String = row.try_get_by_index(1)?;
        let state: String = row.try_get_by_index(2)?;
        let kind: Uuid = row.try_get_by_index(3)?;
        let count: i64 = row.try_get_by_index(4)?;
        let counts = counts.entry(person).or_default();
        if planned_on == day.to_string() {
            counts
                .planned
                .add(kinds.get(kind).map(AsRef::as_ref), count);
        } else {
            counts.yesterday.planned += count;
            if state == State::Done.code() {
                counts.yesterday.done += count;
            } else {
                counts.yesterday.open += count;
            }
        }
    }
    Ok(())
}

/// The day's deeds of these people.
fn of_day(access: &Access, people: &[Uuid], day: NaiveDate) -> sea_orm::sea_query::SelectStatement {
    let clock = &access.app.clock;
    let after = day.succ_opt().unwrap_or(day);
    Query::select()
        .from(Alias::new("activity"))
        .and_where(col("owner_id").is_in(people.iter().copied()))
        .and_where(col("state").eq(State::Done.code()))
        .and_where(col("happens_at").gte(clock.start_of(day)))
        .and_where(col("happens_at").lt(clock.start_of(after)))
        .to_owned()
}

async fn done(
    access: &Access,
    people: &[Uuid],
    kinds: &Catalogue,
    day: NaiveDate,
    counts: &mut HashMap<Uuid, Counts>,
) -> Result<()> {
    let select = of_day(access, people, day)
        .columns(["owner_id", "kind_id"].map(Alias::new))
        .expr(Expr::cust("COUNT(*)"))
        .add_group_by(["owner_id", "kind_id"].map(col))
        .to_owned();
    for row in access.rows(&select).await? {
        let person: Uuid = row.try_get_by_index(0)?;
        let kind: Uuid = row.try_get_by_index(1)?;
        let done = &mut counts.entry(person).or_default().done;
        done.add(kinds.get(kind).map(AsRef::as_ref), row.try_get_by_index(2)?);
    }
    Ok(())
}

/// The latest deeds of these people, found in the index before a row is read.
async fn deeds(access: &Access, people: &[Uuid], day: NaiveDate) -> Result<Vec<Record>> {
    let resource = access.resource("activities")?;
    let mut latest = of_day(access, people, day);
    latest
        .columns(["id", "happens_at"].map(Alias::new))
        .limit(DEEDS);
    descending(&mut latest, col("happens_at"));
    let mut ids: Vec<Uuid> = Vec::new();
    for row in access.rows(&latest).await? {
        ids.push(row.try_get_by_index(0)?);
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = resource.select();
    select.and_where(resource.column("id").is_in(ids.iter().copied()));
    let mut found: BTreeMap<Uuid, Record> = BTreeMap::new();
    for record in access.records(&resource, &select).await? {
        found.insert(record.id(), record);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// How many comments each deed has: what nobody has said anything about is seen at once.
async fn comments(access: &Access, deeds: &[Record]) -> Result<HashMap<Uuid, i64>> {
    let ids: HashSet<Uuid> = deeds.iter().map(Record::id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let select = Query::select()
        .column(Alias::new("record_id"))
        .expr(Expr::cust("COUNT(*)"))
        .from(Alias::new("comment"))
        .and_where(col("record_id").is_in(ids))
        .and_where(col("removed_at").is_null())
        .add_group_by([col("record_id")])
        .to_owned();
    access
        .rows(&select)
        .await?
        .iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}
