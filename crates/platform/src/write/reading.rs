//! What a write reads: in its own transaction, and locked where it is about to change.

use std::sync::Arc;

use rules::permission::Action;
use sea_orm::sea_query::{Alias, ExprTrait, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use uuid::Uuid;

use super::Write;
use crate::directory::Directory;
use crate::problem::{Problem, Result};
use crate::resource::{Guard, Record, Resource};

/// Serialises the writers of people, teams and roles on PostgreSQL: their rules look at many rows at once (circles, the last
/// administrator, the closures), and SQLite has one writer anyway.
const ORGANISATION_LOCK: &str = "SELECT pg_advisory_xact_lock(741854)";

fn is_organisation(resource: &str) -> bool {
    matches!(resource, "people" | "teams" | "roles")
}

impl Write {
    pub async fn rows(&mut self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        self.flush().await?;
        self.pipe.rows(select).await
    }

    pub async fn records(
        &mut self,
        resource: &Arc<Resource>,
        select: &SelectStatement,
    ) -> Result<Vec<Record>> {
        self.rows(select)
            .await?
            .iter()
            .map(|row| Record::read(resource, row))
            .collect()
    }

    /// Waits for other writers of the organisation, before any of its rows is locked, so that two never wait for each other.
    pub(super) async fn lock_organisation(&mut self, resource: &Resource) -> Result<()> {
        let is_postgres = self.pipe.backend() == DbBackend::Postgres;
        if is_postgres && !self.is_rehearsal && is_organisation(&resource.name) {
            self.pipe
                .settled()
                .await?
                .execute_unprepared(ORGANISATION_LOCK)
                .await?;
        }
        Ok(())
    }

    /// People, teams and roles as this transaction sees them. The app's own directory may be a moment older.
    pub async fn directory(&mut self) -> Result<Directory> {
        self.flush().await?;
        Directory::load(self.pipe.settled().await?).await
    }

    /// A record as this transaction sees it, locked against others, whatever the scope.
    pub async fn lock(&mut self, resource: &Arc<Resource>, id: Uuid) -> Result<Option<Record>> {
        self.lock_organisation(resource).await?;
        if let Some(record) = self.rehearsed.get(&id) {
            return Ok(Some(record.clone()));
        }
        let mut select = resource.select();
        select.and_where(resource.column("id").eq(id));
        if !self.is_rehearsal && self.pipe.backend() == DbBackend::Postgres {
            select.lock_exclusive();
        }
        self.rows(&select)
            .await?
            .first()
            .map(|row| Record::read(resource, row))
            .transpose()
    }

    /// Locks a record and checks that the actor may do this to it: 404 unread, 403 not allowed, 412 stale.
    pub async fn lock_for(
        &mut self,
        resource: &Arc<Resource>,
        id: Uuid,
        action: Action,
        expected_version: Option<i64>,
    ) -> Result<Record> {
        let record = self
            .lock(resource, id)
            .await?
            .ok_or_else(Problem::not_found)?;
        let (root, owner) = self.root_of(&record).await?;
        let access = self.access.clone();
        let may_read = access.covers(resource, root, owner, Action::Read)
            || (access.allows(&resource.name, Action::Read) && access.is_named(&record));
        if !may_read {
            return Err(Problem::not_found());
        }
        access.require(&resource.name, action)?;
        if !access.covers(resource, root, owner, action) {
            return Err(Problem::forbidden());
        }
        if expected_version.is_some_and(|version| version != record.version()) {
            return Err(Problem::stale(record.version()));
        }
        Ok(record)
    }

    /// The record that guards this one, and its owner, as this transaction sees them.
    pub(super) async fn root_of(&mut self, record: &Record) -> Result<(Uuid, Option<Uuid>)> {
        match record.resource.guard {
            Guard::Everybody => Ok((record.id(), None)),
            Guard::Owner(field) => Ok((record.id(), record.reference(field))),
            Guard::Via(field) => {
                let registry = self.access.app.registry();
                let parent = record
                    .resource
                    .field(field)
                    .and_then(|field| field.reference.as_deref());
                let (Some(parent), Some(id)) = (
                    parent.and_then(|name| registry.get(name)),
                    record.reference(field),
                ) else {
                    return Ok((record.id(), None));
                };
                if let Some(root) = self.roots.get(&id) {
                    return Ok(*root);
                }
                let mut select = SelectStatement::new();
                select.from(Alias::new(&parent.table));
                for expr in self.access.guard_exprs(parent) {
                    select.expr(expr);
                }
                select.and_where(parent.column("id").eq(id));
                let root = match self.rows(&select).await?.first() {
                    Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
                    None => (id, None),
                };
                if self.cause.is_bulk() {
                    self.roots.insert(id, root);
                }
                Ok(root)
            }
        }
    }
}
