//! A person's activities as events of a calendar.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use platform::access::Access;
use platform::labels;
use platform::problem::Result;
use platform::resource::Record;
use rules::activities::State;
use rules::icalendar::{self, Event, Method, When};
use rules::value::Value;
use sea_orm::sea_query::ExprTrait;
use serde_json::json;
use uuid::Uuid;

use super::entries::{Asked, Stretch, entries};

pub struct Feed {
    pub text: String,
    /// When something in it last changed, in milliseconds.
    pub modified_at: i64,
}

/// More than anybody does in a year and a third; a feed beyond it would choke a phone.
const EVENTS_MAX: usize = 20_000;
const IDS_AT_ONCE: usize = 500;

/// The caller's own time as iCalendar text.
pub async fn feed(access: &Access, from: i64, until: i64) -> Result<Feed> {
    let activities = access.resource("activities")?;
    let me = access.actor.person_id;
    let asked = Asked {
        people: &[me],
        from,
        until,
    };
    let mut stretches: HashMap<Uuid, Stretch> = HashMap::new();
    for entry in entries(access, &activities, &asked, &["id"]).await? {
        stretches.insert(entry.row.try_get_by_index(0)?, entry.stretch);
    }
    let mut ids: Vec<Uuid> = stretches.keys().copied().collect();
    ids.sort_unstable();
    ids.truncate(EVENTS_MAX);
    let mut records: Vec<Record> = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_AT_ONCE) {
        let mut select = activities.select();
        select.and_where(activities.column("id").is_in(some.iter().copied()));
        records.extend(access.records(&activities, &select).await?);
    }
    records.sort_by_key(|record| (stretches[&record.id()].starts_at, record.id()));
    let names = names(access, &records).await?;
    let events: Vec<Event> = records
        .iter()
        .map(|record| event(access, record, stretches[&record.id()], &names))
        .collect();
    let language = access.actor.language.as_str();
    let title = access.app.catalog.text(
        language,
        "calendar.feed_name",
        &json!({ "name": access.actor.name }),
    );
    let modified_at = records
        .iter()
        .filter_map(|record| record.int("updated_at"))
        .max();
    Ok(Feed {
        text: icalendar::calendar(Method::Publish, &title, &events),
        modified_at: modified_at.unwrap_or(0),
    })
}

/// What the records' customers and contacts are called.
async fn names(access: &Access, records: &[Record]) -> Result<HashMap<Uuid, Arc<str>>> {
    let mut wanted: HashSet<(String, Uuid)> = HashSet::new();
    for record in records {
        for (field, resource) in [("customer_id", "customers"), ("kind_id", "activity_kinds")] {
            wanted.extend(record.reference(field).map(|id| (resource.to_owned(), id)));
        }
        let contacts = record.get("contact_ids").as_ids();
        wanted.extend(contacts.into_iter().map(|id| ("contacts".to_owned(), id)));
    }
    labels::of(access, wanted).await
}

/// The name that never changes; one that another server's event can't have.
pub fn uid(id: Uuid) -> String {
    format!("{id}@chengdan")
}

/// When an event is, as a calendar tells it.
pub fn when(access: &Access, stretch: Stretch) -> When {
    if !stretch.is_all_day {
        return When::Span {
            starts_at: stretch.starts_at,
            ends_at: stretch.ends_at,
        };
    }
    let clock = &access.app.clock;
    let first = clock.day_of(stretch.starts_at);
    When::Days {
        first,
        last: Ord::max(clock.day_of(stretch.ends_at - 1), first),
    }
}

fn event(
    access: &Access,
    record: &Record,
    stretch: Stretch,
    names: &HashMap<Uuid, Arc<str>>,
) -> Event {
    let shown = |field: &str| -> String {
        let Some(known) = record.resource.field(field) else {
            return String::new();
        };
        match access.shown(&record.resource, known, record.get(field)) {
            Some(Value::Text(text)) => text,
            _ => String::new(),
        }
    };
    let named = |field: &str| -> Vec<&str> {
        let is_open = record
            .resource
            .field(field)
            .is_some_and(|known| access.field_rule(&record.resource, known).is_none());
        let ids = match record.get(field) {
            Value::Id(id) => vec![*id],
            other => other.as_ids(),
        };
        ids.iter()
            .filter(|_| is_open)
            .filter_map(|id| names.get(id).map(AsRef::as_ref))
            .collect()
    };
    let language = access.actor.language.as_str();
    let catalog = &access.app.catalog;
    let mut lines = Vec::new();
    for (field, text) in [
        ("customer_id", named("customer_id").join("、")),
        ("contact_ids", named("contact_ids").join("、")),
        ("purpose", shown("purpose")),
        ("preparation", shown("preparation")),
    ] {
        if let (Some(field), false) = (record.resource.field(field), text.is_empty()) {
            let name = catalog.field(language, "activities", field);
            lines.push(catalog.text(
                language,
                "calendar.line",
                &json!({ "name": name, "text": text }),
            ));
        }
    }
    let mut summary = shown("subject");
    if summary.is_empty() {
        summary = named("kind_id").join("");
    }
    let base = &access.app.options.base_url;
    Event {
        uid: uid(record.id()),
        sequence: record.int("invite_sequence").unwrap_or(0),
        created_at: record.int("created_at").unwrap_or(0),
        changed_at: record.int("updated_at").unwrap_or(0),
        when: when(access, stretch),
        summary,
        description: lines.join("\n"),
        location: String::new(),
        url: if base.is_empty() {
            String::new()
        } else {
            format!("{base}/activities/{}", record.id())
        },
        is_cancelled: record.text("state") == State::Cancelled.code(),
        is_busy: stretch.is_timed,
        organizer: None,
        attendees: Vec::new(),
        repeat: None,
        instead_of: None,
    }
}
