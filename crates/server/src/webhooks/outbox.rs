//! From entries of the ledger to deliveries, in the transaction that makes the entries.

use std::collections::HashMap;

use async_trait::async_trait;
use platform::app::App;
use platform::db::col;
use platform::kept::Definitions;
use platform::ledger::{COLUMNS, Entry};
use platform::listing::{currency_of, value_json};
use platform::problem::Result;
use platform::resource::{Record, Resource};
use platform::write::{Outbox, Write, from_stored};
use rules::value::{Value, instant_text};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, Query, SelectStatement};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::deliveries::{self, Message};
use super::{WEBHOOKS, events};

/// Entries looked at together.
const CHUNK: usize = 500;

/// A webhook that is on, and what it wants to be told.
struct Listener {
    id: Uuid,
    events: Vec<String>,
}

/// The active webhooks, kept in memory, so that a write that nobody is told of asks the database nothing.
struct Listeners(Vec<Listener>);

pub struct Deliveries;

impl Definitions for Listeners {
    const RESOURCES: &'static [&'static str] = &[WEBHOOKS];

    fn select(app: &App) -> Result<SelectStatement> {
        let webhooks = app.registry().find(WEBHOOKS)?;
        let mut select = webhooks.select();
        select.and_where(webhooks.column("is_active").eq(true));
        Ok(select)
    }

    fn read(app: &App, rows: &[QueryResult]) -> Result<Listeners> {
        let webhooks = app.registry().find(WEBHOOKS)?;
        let mut listeners = Vec::new();
        for row in rows {
            let webhook = Record::read(&webhooks, row)?;
            if let Value::List(events) = webhook.get("events") {
                listeners.push(Listener {
                    id: webhook.id(),
                    events: events.clone(),
                });
            }
        }
        Ok(Listeners(listeners))
    }
}

#[async_trait]
impl Outbox for Deliveries {
    async fn entered(&self, write: &mut Write, entries: &[Entry]) -> Result<()> {
        let listeners = write.definitions::<Listeners>().await?;
        let listeners = &listeners.0;
        if listeners.is_empty() {
            return Ok(());
        }
        let registry = write.access.app.registry();
        let mut is_told = false;
        for chunk in entries.chunks(CHUNK) {
            let wanted: Vec<(&Entry, Vec<Uuid>)> = chunk
                .iter()
                .filter(|entry| events::is_told(&registry, &entry.resource, &entry.action))
                .map(|entry| (entry, takers(listeners, entry)))
                .filter(|(_, takers)| !takers.is_empty())
                .collect();
            let written = written_before(write, &wanted).await?;
            for (entry, takers) in wanted {
                let Some(resource) = registry.get(&entry.resource) else {
                    continue;
                };
                let entry = written.get(&entry.seq).unwrap_or(entry);
                let body = body(write, resource, entry).to_string();
                for webhook in takers {
                    let message = Message {
                        event: format!("{}.{}", entry.resource, entry.action),
                        resource: entry.resource.clone(),
                        record_id: entry.record_id,
                        body: body.clone(),
                    };
                    deliveries::add(write, webhook, message).await?;
                    is_told = true;
                }
            }
        }
        match is_told {
            true => deliveries::begin(write).await,
            false => Ok(()),
        }
    }
}

fn takers(listeners: &[Listener], entry: &Entry) -> Vec<Uuid> {
    listeners
        .iter()
        .filter(|listener| events::takes(&listener.events, &entry.resource, &entry.action))
        .map(|listener| listener.id)
        .collect()
}

/// A large write has put its first entries into the ledger already, and holds their content no more: those, by number.
async fn written_before(
    write: &mut Write,
    wanted: &[(&Entry, Vec<Uuid>)],
) -> Result<HashMap<i64, Entry>> {
    let seqs: Vec<i64> = wanted
        .iter()
        .map(|(entry, _)| entry.seq)
        .filter(|seq| *seq > 0)
        .collect();
    if seqs.is_empty() {
        return Ok(HashMap::new());
    }
    let select = Query::select()
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new("ledger"))
        .and_where(col("seq").is_in(seqs))
        .to_owned();
    write
        .rows(&select)
        .await?
        .iter()
        .map(|row| Entry::read(row).map(|entry| (entry.seq, entry)))
        .collect()
}

/// What is told of an entry: its values as the API shows them, without what the product keeps for its own use.
fn body(write: &Write, resource: &Resource, entry: &Entry) -> Json {
    let currency = &write.access.app.settings().currency;
    let side = |side: Option<&Json>| match side {
        // An act that changes no field says in words of its own what it is about.
        Some(Json::Object(values)) if entry.version > 0 => {
            Json::Object(shown(resource, values, currency))
        }
        other => other.cloned().unwrap_or_default(),
    };
    let (source, _) = entry.source.split_once(':').unwrap_or((&entry.source, ""));
    json!({
        "type": format!("{}.{}", entry.resource, entry.action),
        "timestamp": instant_text(entry.at),
        "data": {
            "resource": entry.resource,
            "record_id": entry.record_id,
            "version": (entry.version > 0).then_some(entry.version),
            "actor": entry.actor_id,
            "source": source,
            "before": side(entry.before.as_ref()),
            "after": side(entry.held_after().as_deref()),
        }
    })
}

fn shown(resource: &Resource, values: &Map<String, Json>, currency: &str) -> Map<String, Json> {
    values
        .iter()
        .filter_map(|(name, stored)| {
            let field = resource.field(name).filter(|field| !field.internal)?;
            let value = from_stored(field.kind, stored);
            let currency = currency_of(field, |name| values.get(name), currency);
            Some((name.clone(), value_json(field.kind, &value, currency)))
        })
        .collect()
}
