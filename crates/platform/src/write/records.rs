//! Creating and changing records.

use std::sync::Arc;

use rules::permission::Action;
use rules::value::Changes;
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use uuid::Uuid;

use super::rows::INDEX_CHUNK;
use super::{Cause, Write};
use crate::clock::new_id;
use crate::problem::{Problem, Result};
use crate::resource::{Guard, Record, Resource, SYSTEM, to_sql};
use crate::search;

impl Write {
    pub async fn create(&mut self, resource: &Arc<Resource>, changes: Changes) -> Result<Record> {
        self.create_with_id(resource, new_id(), changes).await
    }

    /// Creates a record under an id that somebody already holds.
    pub async fn create_with_id(
        &mut self,
        resource: &Arc<Resource>,
        id: Uuid,
        changes: Changes,
    ) -> Result<Record> {
        let mut record = Record::empty(resource);
        record.set("id", id);
        record.set("created_at", self.now);
        for (name, value) in changes {
            record.set(&name, value);
        }
        self.create_record(record).await
    }

    /// Lets this record be somebody's whom the actor's scope doesn't reach, as a task given to a colleague is. Rules say so
    /// before it is written; the actor must still be allowed to make, or to edit, such a record of their own.
    pub fn hand_over(&mut self, id: Uuid) {
        self.handed_over.insert(id);
    }

    pub fn is_handed_over(&self, id: Uuid) -> bool {
        self.handed_over.contains(&id)
    }

    /// Creates a record whose id or creation time is already known (imports, the demo company).
    pub async fn create_record(&mut self, mut record: Record) -> Result<Record> {
        let resource = record.resource.clone();
        self.access.require(&resource.name, Action::Create)?;
        self.lock_organisation(&resource).await?;
        let actor = self.access.actor.clone();
        for (i, field) in resource.fields.iter().enumerate() {
            if record.values[i].is_null() && !field.default.is_null() {
                record.values[i] = field.default.clone();
            }
        }
        if let Guard::Owner(owner) = resource.guard
            && record.get(owner).is_null()
            && self.cause == Cause::Edit
        {
            record.set(owner, actor.person());
        }
        record.set("version", 1);
        if self.cause == Cause::Load {
            // The past is told as it was: who made it and when it last changed may come with the record.
            if record.get("updated_at").is_null() {
                let created_at = record.int("created_at").unwrap_or(self.now);
                record.set("updated_at", created_at);
            }
            if record.get("updated_by").is_null() {
                let by = record.reference("created_by");
                record.set("updated_by", by);
            }
        } else {
            record.set("created_by", actor.person());
            record.set("updated_by", actor.person());
            record.set("updated_at", self.now);
        }
        let rules = self.access.app.rules(&resource.name);
        rules.before(self, None, Some(&mut record)).await?;
        self.check(&record, None).await?;
        let (root, owner) = self.root_of(&record).await?;
        let may_create = self.access.covers(&resource, root, owner, Action::Create)
            || (self.is_handed_over(record.id())
                && self
                    .access
                    .covers(&resource, root, actor.person(), Action::Create));
        if !may_create {
            return Err(Problem::forbidden());
        }
        if self.cause.is_bulk() && resource.guard != Guard::Everybody {
            self.roots.insert(record.id(), (root, owner));
        }
        self.facts_beside(None, Some(&record)).await?;
        self.insert_record(&record).await?;
        self.enter("create", None, Some(&record), root, owner);
        if self.cause.is_bulk() {
            self.spill().await?;
        }
        rules.after(self, None, Some(&record)).await?;
        self.facts_of_new(&record).await?;
        Ok(record)
    }

    /// Writes the row and its index entry, without checks.
    pub(super) async fn insert_record(&mut self, record: &Record) -> Result<()> {
        if self.is_rehearsal {
            return Ok(());
        }
        let resource = &record.resource;
        let mut columns: Vec<&str> = resource
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        let mut row: Vec<sea_orm::Value> = resource
            .fields
            .iter()
            .zip(&record.values)
            .map(|(field, value)| to_sql(field.kind, value))
            .collect();
        if resource.searchable {
            columns.push("sort_key");
            row.push(rules::names::pinyin(&record.label()).full.into());
            self.index.push((
                resource.clone(),
                record.id(),
                search::index_of(record),
                false,
            ));
        }
        self.insert(&resource.table, &columns, row).await?;
        if self.index.len() >= INDEX_CHUNK {
            self.flush_index().await?;
        }
        Ok(())
    }

    pub async fn update(
        &mut self,
        resource: &Arc<Resource>,
        id: Uuid,
        expected_version: Option<i64>,
        changes: Changes,
    ) -> Result<Record> {
        self.update_as(
            "update",
            Action::Edit,
            resource,
            id,
            expected_version,
            changes,
        )
        .await
    }

    /// Updates under a business verb: the ledger keeps the verb, the permission is `action`.
    pub async fn update_as(
        &mut self,
        verb: &str,
        action: Action,
        resource: &Arc<Resource>,
        id: Uuid,
        expected_version: Option<i64>,
        changes: Changes,
    ) -> Result<Record> {
        let before = self
            .lock_for(resource, id, action, expected_version)
            .await?;
        self.apply(verb, before, changes).await
    }

    /// Updates a record that this write has read in the actor's scope; 403 when it may not be edited.
    pub async fn update_known(&mut self, before: Record, changes: Changes) -> Result<Record> {
        let (root, owner) = self.root_of(&before).await?;
        let name = before.resource.name.clone();
        self.access.require(&name, Action::Edit)?;
        if !self
            .access
            .covers(&before.resource, root, owner, Action::Edit)
        {
            return Err(Problem::forbidden());
        }
        self.apply("update", before, changes).await
    }

    /// Applies changes to a locked record.
    pub async fn apply(&mut self, verb: &str, before: Record, changes: Changes) -> Result<Record> {
        let resource = before.resource.clone();
        debug_assert!(resource.has_verb(verb), "{}.{verb}", resource.name);
        let mut after = before.clone();
        for (name, value) in changes {
            after.set(&name, value);
        }
        let rules = self.access.app.rules(&resource.name);
        rules.before(self, Some(&before), Some(&mut after)).await?;
        // Whoever undoes was asked for this right already, unless they take back what they did themselves.
        if let Guard::Owner(owner) = resource.guard
            && before.get(owner) != after.get(owner)
            && self.cause != Cause::Undo
        {
            let covered = self.access.covers(
                &resource,
                before.id(),
                before.reference(owner),
                Action::Transfer,
            );
            if !covered && !self.is_handed_over(after.id()) {
                return Err(Problem::field(owner, "transfer_not_allowed"));
            }
        }
        if before.values[SYSTEM..] == after.values[SYSTEM..] {
            return Ok(before);
        }
        self.check(&after, Some(&before)).await?;
        // A record moved under another guard must be allowed there as well.
        let (root, owner) = self.root_of(&after).await?;
        if let Guard::Via(field) = resource.guard
            && before.get(field) != after.get(field)
            && !self.access.covers(&resource, root, owner, Action::Edit)
        {
            return Err(Problem::field(field, "unknown_reference"));
        }
        after.set("version", before.version() + 1);
        after.set("updated_at", self.now);
        after.set("updated_by", self.access.actor.person());
        self.facts_before(&before, &after).await?;
        self.update_row(&before, &after).await?;
        self.enter(verb, Some(&before), Some(&after), root, owner);
        rules.after(self, Some(&before), Some(&after)).await?;
        Ok(after)
    }

    pub(super) async fn update_row(&mut self, before: &Record, after: &Record) -> Result<()> {
        self.roots.clear();
        if self.is_rehearsal {
            return Ok(());
        }
        let resource = after.resource.clone();
        let mut update = Query::update();
        update
            .table(Alias::new(&resource.table))
            .and_where(resource.column("id").eq(after.id()));
        let mut reindex = false;
        for (i, field) in resource.fields.iter().enumerate() {
            if before.values[i] != after.values[i] {
                update.value(
                    Alias::new(&field.name),
                    to_sql(field.kind, &after.values[i]),
                );
                reindex |= field.searchable || field.name == resource.label_field;
            }
        }
        if resource.searchable && reindex {
            update.value(
                Alias::new("sort_key"),
                rules::names::pinyin(&after.label()).full,
            );
            self.index
                .push((resource.clone(), after.id(), search::index_of(after), true));
        }
        self.execute_later(&update).await
    }
}
