//! Ledger entries as a person may see them.

use std::collections::HashSet;
use std::sync::Arc;

use platform::access::Access;
use platform::ledger::Entry;
use platform::listing::{currency_of, value_json};
use platform::resource::{Record, Resource};
use platform::write::from_stored;
use rules::permission::Action;
use rules::value::{Field, Value, instant_text};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

/// `(resource, id)` pairs whose names go along.
pub type Names = HashSet<(String, Uuid)>;

/// One act in the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryRow {
    pub seq: i64,
    pub at: String,
    /// None when the product itself did it.
    pub actor_id: Option<Uuid>,
    /// `session:…`, `token:…`, `import:…`, `system:…`.
    pub source: String,
    pub action: String,
    pub resource: String,
    pub record_id: Uuid,
    pub changes: Vec<FieldChange>,
    /// What an act that changes no field is about: with whom it was shared, which comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Json>,
    pub batch: Uuid,
    pub can_undo: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChange {
    pub field: String,
    pub before: Json,
    pub after: Json,
}

/// An entry with hidden fields left out and masked ones masked; the ids in it go into `names`.
pub fn describe(
    access: &Access,
    resource: Option<&Arc<Resource>>,
    entry: &Entry,
    names: &mut Names,
) -> EntryRow {
    if let Some(person) = entry.actor_id {
        names.insert(("people".into(), person));
    }
    let is_act = entry.version == 0;
    let (changes, about) = match resource {
        Some(resource) if !is_act => (field_changes(access, resource, entry, names), None),
        _ => (
            Vec::new(),
            entry.after.clone().or_else(|| entry.before.clone()),
        ),
    };
    let person = about.as_ref().and_then(|about| about["person_id"].as_str());
    names.extend(
        person
            .and_then(|id| Uuid::parse_str(id).ok())
            .map(|id| ("people".to_owned(), id)),
    );
    EntryRow {
        seq: entry.seq,
        at: instant_text(entry.at),
        actor_id: entry.actor_id,
        source: entry.source.clone(),
        action: entry.action.clone(),
        resource: entry.resource.clone(),
        record_id: entry.record_id,
        changes,
        about,
        batch: entry.batch,
        can_undo: false,
    }
}

fn field_changes(
    access: &Access,
    resource: &Arc<Resource>,
    entry: &Entry,
    names: &mut Names,
) -> Vec<FieldChange> {
    let currency = &access.app.settings().currency;
    let mut changes = Vec::new();
    for field in resource.fields.iter().filter(|field| !field.system) {
        let side = |json: &Option<Json>| {
            json.as_ref()
                .and_then(|json| json.get(&field.name).cloned())
        };
        let (before, after) = (side(&entry.before), side(&entry.after));
        if before.is_none() && after.is_none() {
            continue;
        }
        let stored = |json: Option<Json>| from_stored(field.kind, &json.unwrap_or_default());
        let (before, after) = (stored(before), stored(after));
        let (Some(before), Some(after)) = (
            access.shown(resource, field, &before),
            access.shown(resource, field, &after),
        ) else {
            continue;
        };
        for value in [&before, &after] {
            collect(field, value, names);
        }
        changes.push(FieldChange {
            field: field.name.clone(),
            before: value_json(
                field.kind,
                &before,
                currency_of(field, |name| entry.before.as_ref()?.get(name), currency),
            ),
            after: value_json(
                field.kind,
                &after,
                currency_of(field, |name| entry.after.as_ref()?.get(name), currency),
            ),
        });
    }
    changes
}

fn collect(field: &Field, value: &Value, names: &mut Names) {
    let Some(target) = &field.reference else {
        return;
    };
    match value {
        Value::Id(id) => {
            names.insert((target.clone(), *id));
        }
        Value::List(_) => {
            names.extend(value.as_ids().into_iter().map(|id| (target.clone(), id)));
        }
        _ => {}
    }
}

/// Whether the actor may take this entry back as far as this one record tells; `record` is none when it is deleted.
pub fn is_undoable(
    access: &Access,
    resource: &Resource,
    record: Option<&Record>,
    entry: &Entry,
) -> bool {
    let oldest = access.app.clock.now_ms() - platform::write::UNDO_DAYS * 86_400_000;
    if access.actor.read_only || entry.at < oldest {
        return false;
    }
    let own = entry.actor_id.is_some() && entry.actor_id == access.actor.person();
    if entry.version == 0 {
        return own && access.app.undo_acts.contains_key(entry.action.as_str());
    }
    let need = if entry.before.is_some() && entry.after.is_some() {
        Action::Edit
    } else {
        Action::Delete
    };
    if !own && !access.covers(resource, entry.root_id, entry.owner_id, need) {
        return false;
    }
    match (&entry.before, &entry.after, record) {
        (None, Some(_), Some(record)) => record.version() == entry.version,
        (Some(_), Some(Json::Object(after)), Some(record)) => after
            .iter()
            .all(|(name, value)| record.get(name).to_json() == *value),
        (Some(_), None, None) => true,
        _ => false,
    }
}
