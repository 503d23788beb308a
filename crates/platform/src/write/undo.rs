//! Taking a batch back, where it is safe: nobody has changed the same fields since.

use rules::permission::Action;
use rules::value::Changes;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Write, from_stored, stored_json};
use crate::ledger::{self, Entry};
use crate::problem::{Problem, Result};
use crate::resource::{Record, to_sql};

/// Deleted records stay in the recycle bin, and batches can be taken back, for this long.
pub const UNDO_DAYS: i64 = 30;

impl Write {
    /// Undoes a whole batch inside this write; returns how many records went back.
    pub async fn undo(&mut self, batch: Uuid) -> Result<usize> {
        let entries = ledger::batch(&self.access.app.db, batch).await?;
        let oldest = self.now - UNDO_DAYS * 86_400_000;
        if entries.iter().any(|entry| entry.at < oldest) {
            return Err(Problem::rule("undo_too_old").with(json!({ "days": UNDO_DAYS })));
        }
        let mut count = 0;
        for entry in &entries {
            self.undo_entry(entry).await?;
            count += 1;
        }
        Ok(count)
    }

    async fn undo_entry(&mut self, entry: &Entry) -> Result<()> {
        let resource = self
            .access
            .app
            .registry()
            .find(&entry.resource)
            .map_err(|_| Problem::rule("cannot_undo"))?;
        let access = self.access.clone();
        if !access.covers(&resource, entry.root_id, entry.owner_id, Action::Read) {
            return Err(Problem::not_found());
        }
        let need = match (&entry.before, &entry.after) {
            (None, Some(_)) | (Some(_), None) => Action::Delete,
            _ => Action::Edit,
        };
        // Whoever did it may take it back; others need the right to do the opposite.
        let own = entry.actor_id.is_some() && entry.actor_id == access.actor.person();
        if !own && !access.covers(&resource, entry.root_id, entry.owner_id, need) {
            return Err(Problem::forbidden());
        }
        if let Some(undo) = access.app.undo_acts.get(entry.action.as_str()).copied() {
            return undo(self, entry).await;
        }
        let changed = || {
            Problem::rule("changed_since")
                .with(json!({ "resource": entry.resource, "id": entry.record_id }))
        };
        let current = self.lock(&resource, entry.record_id).await?;
        match (&entry.before, &entry.after, current) {
            (None, Some(_), Some(record)) if record.version() == entry.version => {
                self.delete_record(record).await
            }
            (Some(Json::Object(before)), Some(Json::Object(after)), Some(record)) => {
                let untouched = after
                    .iter()
                    .all(|(name, value)| stored_json(record.get(name)) == *value);
                if !untouched {
                    return Err(changed());
                }
                let mut changes = Changes::new();
                for name in after.keys() {
                    if let Some(field) = resource.field(name) {
                        changes.insert(
                            name.clone(),
                            from_stored(field.kind, before.get(name).unwrap_or(&Json::Null)),
                        );
                    }
                }
                self.apply("undo", record, changes).await.map(|_| ())
            }
            (Some(Json::Object(before)), None, None) => self.restore(entry, before).await,
            _ => Err(changed()),
        }
    }

    async fn restore(&mut self, entry: &Entry, before: &Map<String, Json>) -> Result<()> {
        let resource = self.access.app.registry().find(&entry.resource)?;
        let mut record = Record::empty(&resource);
        for (i, field) in resource.fields.iter().enumerate() {
            if let Some(json) = before.get(&field.name) {
                record.values[i] = from_stored(field.kind, json);
            }
        }
        record.set("version", entry.version + 1);
        for (i, field) in resource
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.unique)
        {
            if record.values[i].is_null() {
                continue;
            }
            let select = Query::select()
                .column(Alias::new("id"))
                .from(Alias::new(&resource.table))
                .and_where(
                    resource
                        .column(&field.name)
                        .eq(Expr::val(to_sql(field.kind, &record.values[i]))),
                )
                .to_owned();
            if !self.rows(&select).await?.is_empty() {
                return Err(Problem::rule("already_exists").with(json!({ "field": field.name })));
            }
        }
        self.insert_record(&record).await?;
        let from_bin = Query::delete()
            .from_table(Alias::new("recycle_bin"))
            .and_where(Expr::col(Alias::new("record_id")).eq(record.id()))
            .to_owned();
        self.execute(&from_bin).await?;
        self.enter(
            "restore",
            None,
            Some(&record),
            entry.root_id,
            entry.owner_id,
        );
        let rules = self.access.app.rules(&resource.name);
        rules.after(self, None, Some(&record)).await
    }
}
