//! Taking a batch back, where it is safe: nobody has changed the same fields since.

use std::collections::{HashMap, HashSet};

use rules::permission::Action;
use rules::value::{Changes, OnDelete, Value};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Write, from_stored};
use crate::access::Access;
use crate::db::col;
use crate::ledger::{self, Entry};
use crate::problem::{Problem, Result};
use crate::resource::{Guard, Record, Resource, SYSTEM};

/// Deleted records stay in the recycle bin, and batches can be taken back, for this long.
pub const UNDO_DAYS: i64 = 30;

/// Records taken back at once.
const CHUNK: usize = 500;

fn changed_since(entry: &Entry) -> Problem {
    Problem::rule("changed_since")
        .with(json!({ "resource": entry.resource, "id": entry.record_id }))
}

fn is_owner_in(resource: &Resource, changed: &Map<String, Json>) -> bool {
    matches!(resource.guard, Guard::Owner(owner) if changed.contains_key(owner))
}

/// Whose the record was before an entry that changed its owner.
fn owner_before(resource: &Resource, entry: &Entry) -> Option<Uuid> {
    let Guard::Owner(owner) = resource.guard else {
        return None;
    };
    entry.before.as_ref()?.get(owner)?.as_str()?.parse().ok()
}

/// Whoever did it may take it back; others need the right to do the opposite.
fn may_undo(access: &Access, resource: &Resource, entry: &Entry, need: Action) -> Result<()> {
    let own = entry.actor_id.is_some() && entry.actor_id == access.actor.person();
    let reads = |owner| access.covers(resource, entry.root_id, owner, Action::Read);
    // What one has made for somebody out of one's reach one may still take back, and what one handed over oneself.
    let own_creation = own && entry.before.is_none() && entry.action == "create";
    let handed_over = own && reads(owner_before(resource, entry));
    if !own_creation && !handed_over && !reads(entry.owner_id) {
        return Err(Problem::not_found());
    }
    if own || access.covers(resource, entry.root_id, entry.owner_id, need) {
        Ok(())
    } else {
        Err(Problem::forbidden())
    }
}

impl Write {
    /// Marks a row of a side table (a comment, an attachment) as removed, or as there again: it stays for as long as a
    /// deleted record does.
    pub async fn mark_removed(
        &mut self,
        table: &str,
        id: Uuid,
        removed_at: Option<i64>,
    ) -> Result<()> {
        let update = Query::update()
            .table(Alias::new(table))
            .value(Alias::new("removed_at"), removed_at)
            .and_where(col("id").eq(id))
            .to_owned();
        if self.execute(&update).await? == 0 {
            Err(Problem::rule("cannot_undo"))
        } else {
            Ok(())
        }
    }

    /// Undoes a whole batch inside this write; returns how many records went back.
    pub async fn undo(&mut self, batch: Uuid) -> Result<usize> {
        let entries = ledger::batch(&self.access.app.db, batch).await?;
        let oldest = self.now - UNDO_DAYS * 86_400_000;
        if entries.iter().any(|entry| entry.at < oldest) {
            return Err(Problem::rule("undo_too_old").with(json!({ "days": UNDO_DAYS })));
        }
        let registry = self.access.app.registry();
        // Acts without a record of their own (that an import ran) are no part of what goes back.
        let entries: Vec<Entry> = entries
            .into_iter()
            .filter(|entry| entry.version > 0 || registry.get(&entry.resource).is_some())
            .collect();
        if entries.is_empty() {
            return Err(Problem::rule("cannot_undo"));
        }
        let is_create = |entry: &Entry| entry.before.is_none() && entry.action == "create";
        let created: HashSet<Uuid> = entries
            .iter()
            .filter(|entry| is_create(entry))
            .map(|entry| entry.record_id)
            .collect();
        // The batch's own later changes and their undoing have moved a record's version; nobody else may have.
        let mut versions: HashMap<Uuid, i64> = HashMap::new();
        let mut rest = entries.as_slice();
        while let Some(first) = rest.first() {
            let alike = rest
                .iter()
                .take(CHUNK)
                .take_while(|entry| is_create(entry) && entry.resource == first.resource)
                .count();
            if alike > 1 {
                let (chunk, others) = rest.split_at(alike);
                self.undo_creates(chunk, &created, &versions).await?;
                rest = others;
            } else {
                let strict = created.contains(&first.record_id);
                let expected = versions
                    .get(&first.record_id)
                    .copied()
                    .unwrap_or(first.version);
                if let Some(version) = self.undo_entry(first, strict.then_some(expected)).await? {
                    versions.insert(first.record_id, version);
                }
                rest = &rest[1..];
            }
        }
        Ok(entries.len())
    }

    /// Takes back records of one resource that the batch made, many at once. What others have attached to them since
    /// would go with them, so then nothing goes.
    async fn undo_creates(
        &mut self,
        entries: &[Entry],
        created: &HashSet<Uuid>,
        versions: &HashMap<Uuid, i64>,
    ) -> Result<()> {
        let access = self.access.clone();
        let registry = access.app.registry();
        let resource = registry.find(&entries[0].resource)?;
        for entry in entries {
            may_undo(&access, &resource, entry, Action::Delete)?;
        }
        let ids: Vec<Uuid> = entries.iter().map(|entry| entry.record_id).collect();
        let mut select = resource.select();
        select.and_where(resource.column("id").is_in(ids.iter().copied()));
        if access.app.db.is_postgres() {
            select.lock_exclusive();
        }
        let mut current: HashMap<Uuid, Record> = HashMap::new();
        for row in self.rows(&select).await? {
            let record = Record::read(&resource, &row)?;
            current.insert(record.id(), record);
        }
        for entry in entries {
            let expected = versions
                .get(&entry.record_id)
                .copied()
                .unwrap_or(entry.version);
            if current
                .get(&entry.record_id)
                .is_none_or(|record| record.version() != expected)
            {
                return Err(changed_since(entry));
            }
        }
        for (referrer, field) in registry.referrers(&resource.name) {
            let select = Query::select()
                .expr(referrer.column("id"))
                .expr(referrer.column(&field.name))
                .from(Alias::new(&referrer.table))
                .and_where(referrer.column(&field.name).is_in(ids.iter().copied()))
                .to_owned();
            for row in self.rows(&select).await? {
                let id: Uuid = row.try_get_by_index(0)?;
                let refers: Uuid = row.try_get_by_index(1)?;
                if !created.contains(&id) {
                    let entry = entries.iter().find(|entry| entry.record_id == refers);
                    return Err(changed_since(entry.unwrap_or(&entries[0])));
                }
            }
        }
        let rules = access.app.rules(&resource.name);
        let mut records = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(record) = current.remove(&entry.record_id) else {
                continue;
            };
            rules.before(self, Some(&record), None).await?;
            records.push((record, entry.root_id, entry.owner_id));
        }
        self.take_facts(&resource, &ids).await?;
        for (record, ..) in &records {
            self.facts_beside(Some(record), None).await?;
        }
        self.remove_rows(&resource, &ids).await?;
        for (record, root, owner) in records {
            self.bin(&record, root, owner).await?;
            rules.after(self, Some(&record), None).await?;
        }
        Ok(())
    }

    /// Answers the record's new version when it still exists.
    async fn undo_entry(&mut self, entry: &Entry, expected: Option<i64>) -> Result<Option<i64>> {
        let resource = self
            .access
            .app
            .registry()
            .find(&entry.resource)
            .map_err(|_| Problem::rule("cannot_undo"))?;
        let access = self.access.clone();
        let need = match (&entry.before, &entry.after) {
            (None, Some(_)) | (Some(_), None) => Action::Delete,
            (Some(_), Some(Json::Object(after))) if is_owner_in(&resource, after) => {
                Action::Transfer
            }
            _ => Action::Edit,
        };
        may_undo(&access, &resource, entry, need)?;
        if let Some(undo) = access.app.undo_acts.get(entry.action.as_str()).copied() {
            return undo(self, entry).await.map(|()| None);
        }
        let changed = || changed_since(entry);
        let current = self.lock(&resource, entry.record_id).await?;
        // Whoever has lost the record since may take back only their own last change of it.
        if let Some(record) = &current
            && record.version() != entry.version
        {
            let (root, owner) = self.root_of(record).await?;
            if !access.covers(&resource, root, owner, Action::Read) && !access.is_named(record) {
                return Err(Problem::not_found());
            }
        }
        if let (Some(expected), Some(record)) = (expected, &current)
            && record.version() != expected
        {
            return Err(changed());
        }
        match (&entry.before, &entry.after, current) {
            (None, Some(_), Some(record))
                if record.version() == expected.unwrap_or(entry.version) =>
            {
                self.delete_record(record).await?;
                Ok(None)
            }
            (Some(Json::Object(before)), Some(Json::Object(after)), Some(record)) => {
                let untouched = after
                    .iter()
                    .all(|(name, value)| record.get(name).to_json() == *value);
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
                self.apply("undo", record, changes)
                    .await
                    .map(|record| Some(record.version()))
            }
            (Some(Json::Object(before)), None, None) => {
                self.restore(entry, before).await?;
                Ok(None)
            }
            _ => Err(changed()),
        }
    }

    /// What a record referred to may be gone by now. A record that can't be without it does not come back without it.
    async fn mend_references(&mut self, record: &mut Record) -> Result<()> {
        let registry = self.access.app.registry();
        let resource = record.resource.clone();
        for (i, field) in resource.fields.iter().enumerate().skip(SYSTEM) {
            let (Value::Id(id), Some(target)) = (&record.values[i], field.reference.as_deref())
            else {
                continue;
            };
            let select = Query::select()
                .column(Alias::new("id"))
                .from(Alias::new(&registry.find(target)?.table))
                .and_where(col("id").eq(*id))
                .to_owned();
            if !self.rows(&select).await?.is_empty() {
                continue;
            }
            if field.on_delete != OnDelete::Clear {
                return Err(
                    Problem::rule("changed_since").with(json!({ "resource": target, "id": id }))
                );
            }
            record.values[i] = Value::Null;
        }
        Ok(())
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
        self.mend_references(&mut record).await?;
        for (i, field) in resource.fields.iter().enumerate() {
            let may_be_taken = field.unique && !record.values[i].is_null();
            if may_be_taken && self.is_taken(&record, i).await? {
                return Err(Problem::rule("already_exists").with(json!({ "field": field.name })));
            }
        }
        self.facts_beside(None, Some(&record)).await?;
        self.insert_record(&record).await?;
        let from_bin = Query::delete()
            .from_table(Alias::new("recycle_bin"))
            .and_where(col("record_id").eq(record.id()))
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
        rules.after(self, None, Some(&record)).await?;
        self.facts_of_new(&record).await
    }
}
