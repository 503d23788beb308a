//! What people are told of activities besides: tasks given to them, invitations, changes of their plans.

use chrono::DateTime;
use chrono_tz::Tz;
use platform::ledger::Entry;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::activities::{Family, State};
use serde_json::Value as Json;
use uuid::Uuid;

use super::outbox::find;
use super::{Notice, tell};
use crate::activities::Catalogue;

const RESOURCE: &str = "activities";
/// Fields that say when something happens.
const TIMES: [&str; 4] = ["planned_start_at", "planned_end_at", "is_all_day", "due_on"];

/// Whether it is a task, which is given rather than assigned.
pub async fn is_task(write: &mut Write, record: &Record) -> Result<bool> {
    if record.resource.name != RESOURCE {
        return Ok(false);
    }
    let kinds = Catalogue::of(write).await?;
    let kind = record.reference("kind_id").and_then(|id| kinds.get(id));
    Ok(kind.is_some_and(|kind| kind.family == Family::Task))
}

/// Whether a change is one of when something happens, or that it doesn't.
pub fn is_plan_change(entry: &Entry) -> bool {
    let Some(Json::Object(after)) = &entry.after else {
        return false;
    };
    let is_cancelled = after.get("state").and_then(Json::as_str) == Some(State::Cancelled.code());
    entry.resource == RESOURCE
        && (is_cancelled || TIMES.iter().any(|field| after.contains_key(*field)))
        && after.get("state").and_then(Json::as_str) != Some(State::Done.code())
}

/// When it is planned, in the person's time zone: `2026-06-15 10:00`, the day alone for whole days and tasks, a dash without a time.
pub fn moment(write: &Write, person: Uuid, record: &Record) -> String {
    let app = &write.access.app;
    let directory = app.directory();
    let own: Option<Tz> = directory
        .people
        .get(&person)
        .and_then(|person| person.time_zone.as_deref()?.parse().ok());
    let zone = own.unwrap_or_else(|| app.clock.zone());
    let start = record.int("planned_start_at");
    match start.and_then(DateTime::from_timestamp_millis) {
        Some(_) if record.get("is_all_day").as_bool() == Some(true) => {
            app.clock.day_of(start.unwrap_or_default()).to_string()
        }
        Some(start) => start
            .with_timezone(&zone)
            .format("%Y-%m-%d %H:%M")
            .to_string(),
        None => record
            .get("due_on")
            .as_day()
            .map_or_else(|| "–".to_owned(), |day| day.to_string()),
    }
}

fn people_in(json: Option<&Json>) -> Vec<Uuid> {
    let list = json.and_then(|json| json.get("participant_ids"));
    list.and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(|id| Uuid::parse_str(id.as_str()?).ok())
        .collect()
}

/// People whom the entry counts in and who were not counted in before.
pub fn gained(entry: &Entry) -> Vec<Uuid> {
    if entry.resource != RESOURCE {
        return Vec::new();
    }
    let before = people_in(entry.before.as_ref());
    let mut gained = people_in(entry.held_after().as_deref());
    gained.retain(|person| !before.contains(person));
    gained
}

/// Who is newly counted on for something that is still to come learns of it.
pub async fn invited(write: &mut Write, entries: &[Entry]) -> Result<()> {
    for entry in entries {
        let gained = gained(entry);
        if gained.is_empty() {
            continue;
        }
        let Some(record) = find(write, RESOURCE, entry.record_id).await? else {
            continue;
        };
        let is_open = State::from_code(record.text("state")).is_some_and(State::is_open);
        for person in gained.into_iter().filter(|_| is_open) {
            let excerpt = moment(write, person, &record);
            let notice = Notice {
                excerpt: Some(excerpt),
                ..Notice::of(person, "invited", &record)
            };
            tell(write, notice).await?;
        }
    }
    Ok(())
}
