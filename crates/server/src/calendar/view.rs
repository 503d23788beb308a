//! The calendar: people side by side, fully within the caller's scope, as taken time outside.

use std::collections::{HashMap, HashSet};

use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use platform::access::Access;
use platform::labels;
use platform::problem::{Problem, Result};
use platform::resource::Resource;
use platform::web::{Doc, Labels, Query as Asking, Routes, json};
use rules::holidays;
use rules::permission::Action;
use rules::value::{Value, instant_text};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::entries::{Asked, Entry, entries};

const DAYS_MAX: i64 = 62;
const PEOPLE_MAX: usize = 60;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/calendar",
        Doc::new("calendar", "What is in people's time")
            .about("Own without `people` and `team_id`. Activities that the caller may not read come as taken time: who, from when, until when, and nothing else. Cancelled ones are left out.")
            .query::<Stretch>()
            .answers::<Calendar>(),
        calendar,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Stretch {
    /// First day, in the organisation's time zone.
    from: NaiveDate,
    /// Last day, included; 62 days at most.
    until: NaiveDate,
    /// Ids separated by commas, 60 at most.
    people: Option<String>,
    /// The people of this team and of the teams below it instead.
    team_id: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Calendar {
    people: Vec<CalendarPerson>,
    /// By their beginning.
    entries: Vec<CalendarEntry>,
    labels: Labels,
    holidays: Vec<CalendarHoliday>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CalendarPerson {
    id: Uuid,
    name: String,
    /// What the caller may do in this person's calendar: `create`, or nothing.
    can: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CalendarEntry {
    person_id: Uuid,
    starts_at: String,
    /// The same as the beginning for what takes no time.
    ends_at: String,
    is_all_day: bool,
    /// The time is taken, and the caller may not know by what: no other member is there.
    is_busy_only: bool,
    #[serde(flatten)]
    activity: Option<EntryActivity>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EntryActivity {
    id: Uuid,
    version: i64,
    kind_id: Option<Uuid>,
    state: Option<String>,
    subject: Option<String>,
    owner_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    opportunity_id: Option<Uuid>,
    series_id: Option<String>,
    /// A task's day, when it has no time.
    due_on: Option<String>,
    can: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CalendarHoliday {
    day: NaiveDate,
    /// In the caller's language.
    name: String,
    /// A day of a weekend on which work is made up.
    is_working: bool,
}

/// What is read of an activity beside its times.
const COLUMNS: [&str; 9] = [
    "id",
    "version",
    "owner_id",
    "kind_id",
    "subject",
    "customer_id",
    "opportunity_id",
    "series_id",
    "giver_id",
];

async fn calendar(access: Access, Asking(asked): Asking<Stretch>) -> Result<Response> {
    access.require("activities", Action::Read)?;
    let days = (asked.until - asked.from).num_days() + 1;
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Problem::field_with(
            "until",
            "out_of_range",
            object!({ "min": 1, "max": DAYS_MAX }),
        ));
    }
    let people = people(&access, &asked)?;
    let activities = access.resource("activities")?;
    let clock = &access.app.clock;
    let asked_for = Asked {
        people: &people,
        from: clock.start_of(asked.from),
        until: clock.start_of(asked.until.succ_opt().unwrap_or(asked.until)),
    };
    let found = entries(&access, &activities, &asked_for, &COLUMNS).await?;
    let mine = taking_part(&access, &found)?;
    let mut referred: HashSet<(String, Uuid)> = HashSet::new();
    let mut shown: Vec<(i64, CalendarEntry)> = Vec::with_capacity(found.len());
    let mut seen: HashSet<(Uuid, Uuid)> = HashSet::with_capacity(found.len());
    for entry in &found {
        let id: Uuid = entry.row.try_get_by_index(0)?;
        if seen.insert((entry.person, id))
            && let Some(one) = show(&access, &activities, entry, mine.contains(&id))?
        {
            note_references(&one, &mut referred);
            shown.push((entry.stretch.starts_at, one));
        }
    }
    shown.sort_by_key(|(starts_at, one)| (*starts_at, one.person_id));
    let directory = access.app.directory();
    json(&Calendar {
        people: people
            .iter()
            .map(|id| CalendarPerson {
                id: *id,
                name: directory.name(*id).unwrap_or_default().to_owned(),
                can: may_plan(&access, &activities, *id),
            })
            .collect(),
        entries: shown.into_iter().map(|(_, one)| one).collect(),
        labels: labels::of(&access, referred).await?.into(),
        holidays: holidays_between(&access, asked.from, asked.until),
    })
}

fn may_plan(access: &Access, activities: &Resource, person: Uuid) -> Vec<&'static str> {
    let may = access.require_writable().is_ok()
        && access.covers(activities, Uuid::nil(), Some(person), Action::Create);
    may.then(|| Action::Create.name()).into_iter().collect()
}

/// Whose time is asked for.
fn people(access: &Access, asked: &Stretch) -> Result<Vec<Uuid>> {
    let directory = access.app.directory();
    let people: Vec<Uuid> = match (&asked.people, asked.team_id) {
        (Some(_), Some(_)) => return Err(Problem::field("people", "people_or_team")),
        (None, None) => vec![access.actor.person_id],
        (Some(text), None) => {
            let mut people = Vec::new();
            for id in text.split(',').filter(|id| !id.trim().is_empty()) {
                let id = Uuid::parse_str(id.trim())
                    .ok()
                    .filter(|id| directory.people.contains_key(id))
                    .ok_or_else(|| Problem::field("people", "unknown_reference"))?;
                if !people.contains(&id) {
                    people.push(id);
                }
            }
            people
        }
        (None, Some(team)) => {
            if !directory.teams.contains_key(&team) {
                return Err(Problem::field("team_id", "unknown_reference"));
            }
            let mut people: Vec<(&str, Uuid)> = directory
                .people
                .values()
                .filter(|person| person.is_active)
                .filter(|person| {
                    person
                        .team_id
                        .is_some_and(|own| directory.ancestors(own).contains(&team))
                })
                .map(|person| (person.name.as_str(), person.id))
                .collect();
            people.sort_unstable();
            people.into_iter().map(|(_, id)| id).collect()
        }
    };
    if people.len() > PEOPLE_MAX {
        return Err(Problem::field_with(
            if asked.team_id.is_some() {
                "team_id"
            } else {
                "people"
            },
            "too_many",
            object!({ "max": PEOPLE_MAX }),
        ));
    }
    Ok(people)
}

/// The activities that the caller takes part in or gave.
fn taking_part(access: &Access, found: &[Entry]) -> Result<HashSet<Uuid>> {
    let me = access.actor.person_id;
    let mut mine = HashSet::new();
    for entry in found {
        let giver: Option<Uuid> = entry.row.try_get_by_index(8)?;
        if entry.person == me || giver == Some(me) {
            mine.insert(entry.row.try_get_by_index(0)?);
        }
    }
    Ok(mine)
}

/// An entry as the caller may see it; none when it is nothing that takes time and they may not see it.
fn show(
    access: &Access,
    activities: &Resource,
    entry: &Entry,
    is_mine: bool,
) -> Result<Option<CalendarEntry>> {
    let row = &entry.row;
    let id: Uuid = row.try_get_by_index(0)?;
    let owner: Option<Uuid> = row.try_get_by_index(2)?;
    let may_read = is_mine || access.covers(activities, id, owner, Action::Read);
    if !may_read && !entry.stretch.is_timed {
        return Ok(None);
    }
    let text = |field: &str, value: Option<String>| -> Option<String> {
        let field = activities.field(field)?;
        let value = value.map_or(Value::Null, Value::Text);
        match access.shown(activities, field, &value)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    };
    let reference = |field: &str, value: Option<Uuid>| -> Option<Uuid> {
        let field = activities.field(field)?;
        access
            .field_rule(activities, field)
            .is_none()
            .then_some(value)
            .flatten()
    };
    let is_due = entry.stretch.is_all_day && !entry.stretch.is_timed;
    let clock = &access.app.clock;
    let activity = if may_read {
        Some(EntryActivity {
            id,
            version: row.try_get_by_index(1)?,
            owner_id: owner,
            kind_id: reference("kind_id", row.try_get_by_index(3)?),
            state: text("state", row.try_get_by_index(COLUMNS.len())?),
            subject: text("subject", row.try_get_by_index(4)?),
            customer_id: reference("customer_id", row.try_get_by_index(5)?),
            opportunity_id: reference("opportunity_id", row.try_get_by_index(6)?),
            series_id: row.try_get_by_index(7)?,
            due_on: is_due.then(|| clock.day_of(entry.stretch.starts_at).to_string()),
            can: access.can(activities, id, owner),
        })
    } else {
        None
    };
    Ok(Some(CalendarEntry {
        person_id: entry.person,
        starts_at: instant_text(entry.stretch.starts_at),
        ends_at: instant_text(entry.stretch.ends_at),
        is_all_day: entry.stretch.is_all_day,
        is_busy_only: activity.is_none(),
        activity,
    }))
}

fn note_references(shown: &CalendarEntry, referred: &mut HashSet<(String, Uuid)>) {
    let Some(activity) = &shown.activity else {
        return;
    };
    for (resource, id) in [
        ("people", activity.owner_id),
        ("activity_kinds", activity.kind_id),
        ("customers", activity.customer_id),
        ("opportunities", activity.opportunity_id),
    ] {
        referred.extend(id.map(|id| (resource.to_owned(), id)));
    }
}

fn holidays_between(access: &Access, from: NaiveDate, until: NaiveDate) -> Vec<CalendarHoliday> {
    let catalog = &access.app.catalog;
    let language = access.actor.language.as_str();
    let mut names: HashMap<holidays::Holiday, String> = HashMap::new();
    (from.year()..=until.year())
        .flat_map(holidays::special_days)
        .filter(|special| (from..=until).contains(&special.day))
        .map(|special| CalendarHoliday {
            day: special.day,
            name: names
                .entry(special.holiday)
                .or_insert_with(|| {
                    let key = format!("calendar.holidays.{}", special.holiday.code());
                    catalog.text(language, &key, &object!({}))
                })
                .clone(),
            is_working: special.is_working,
        })
        .collect()
}
