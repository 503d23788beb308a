//! One write: checks, rows, ledger entries and search index in one transaction.

mod buffer;
mod closure;
mod facts;
mod memory;
mod pipe;
mod undo;

pub use undo::UNDO_DAYS;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use rules::permission::Action;
use rules::value::{Changes, FieldType, OnDelete, Value};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::access::Access;
use crate::clock::new_id;
use crate::directory::Directory;
use crate::ledger::{self, Entry};
use crate::problem::{FieldProblem, Problem, Result};
use crate::resource::{Guard, Record, Resource, SYSTEM, read_value, to_sql};
use crate::search::{self, Indexed};
use buffer::Buffer;
use memory::Memory;
use pipe::Pipe;

/// Why a write happens; rules are milder to the past than to the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A person works.
    Edit,
    /// Rows of an imported file: history as it was, not as today's rules want it.
    Import(Uuid),
    /// An earlier batch is taken back.
    Undo,
    /// The product's own data: first start, demo company.
    Load,
}

impl Cause {
    pub fn is_bulk(self) -> bool {
        matches!(self, Cause::Import(_) | Cause::Load)
    }
}

/// What a feature adds to the writes of its resource.
#[async_trait]
pub trait Rules: Send + Sync {
    /// Decides before a row is written: completes `after`, or refuses. `before` is none on create, `after` on delete.
    async fn before(
        &self,
        _write: &mut Write,
        _before: Option<&Record>,
        _after: Option<&mut Record>,
    ) -> Result<()> {
        Ok(())
    }
    /// Follows a written row, in the same transaction.
    async fn after(
        &self,
        _write: &mut Write,
        _before: Option<&Record>,
        _after: Option<&Record>,
    ) -> Result<()> {
        Ok(())
    }
    /// Ends a write that touched the resource, once before its commit: what `after` gathered is written together.
    async fn finish(&self, _write: &mut Write) -> Result<()> {
        Ok(())
    }
}

/// What follows from the entries of a write, whatever their resource, in the same transaction: notifications, for one.
#[async_trait]
pub trait Outbox: Send + Sync {
    async fn entered(&self, write: &mut Write, entries: &[Entry]) -> Result<()>;
    /// These records have changed, whichever process did it; none: any may have. What was kept of them in memory is wrong.
    fn forget(&self, _changed: Option<&[Entry]>) {}
}

/// Takes back an act that `Write::note_on` entered under its verb.
pub type UndoAct = for<'a> fn(&'a mut Write, &'a Entry) -> BoxFuture<'a, Result<()>>;

/// A resource that needs no rules beyond its description.
pub struct Plain;
impl Rules for Plain {}

/// Where a part of a write began; see `Write::begin_part`.
pub struct Part {
    entries: usize,
    told: usize,
    index: usize,
}

fn is_organisation(resource: &str) -> bool {
    matches!(resource, "people" | "teams" | "roles")
}

/// One write under way. Dropped before its `commit`, also by a refusal on the way, it leaves nothing behind.
pub struct Write {
    pub access: Access,
    pub cause: Cause,
    /// Names this write for history and undo.
    pub batch: Uuid,
    pub now: i64,
    /// Set while a rule changes another record in consequence: no reason is asked of anybody.
    pub automatic: bool,
    /// What features keep in mind until the commit.
    pub memory: Memory,
    /// Members of the request's body that are no fields: a resource's description names them, its rules read them.
    pub said: Map<String, Json>,
    /// What rules add to the answer beside the record's own fields, such as `warnings`.
    pub answer: Map<String, Json>,
    pipe: Pipe,
    /// Decides everything as a write does, and writes nothing.
    is_rehearsal: bool,
    /// Records that a rehearsal would have made and that others refer to.
    rehearsed: HashMap<Uuid, Record>,
    entries: Vec<Entry>,
    /// People whose inbox this write changed.
    told: Vec<Uuid>,
    /// A job was queued that is due at once.
    pub(crate) wakes_jobs: bool,
    /// How many of the entries already stand in the ledger; those hold no `before` and `after` any more.
    spilled: usize,
    buffers: Vec<Buffer>,
    /// The ledger's end, once this write has begun to append to it.
    chain: Option<ledger::Chain>,
    /// The next free key of each search index that this write has added to.
    search_keys: HashMap<String, i64>,
    index: Vec<(Arc<Resource>, Uuid, Indexed, bool)>,
    /// Guarding record and owner of what a bulk write has created, so that its dependants need not ask the database.
    roots: HashMap<Uuid, (Uuid, Option<Uuid>)>,
    facts: facts::Taken,
    /// A part was begun that may still be dropped.
    in_part: bool,
    /// Records that rules let reach somebody whom the actor's scope doesn't.
    handed_over: HashSet<Uuid>,
}

/// PostgreSQL carries at most 8,000 bytes in one notice.
const TOLD_AT_ONCE: usize = 200;
/// Serialises the writers of people, teams and roles on PostgreSQL: their rules look at many rows at once (circles, the last
/// administrator, the closures), and SQLite has one writer anyway.
const ORGANISATION_LOCK: &str = "SELECT pg_advisory_xact_lock(741854)";
/// Records counted that stand against a delete.
const REFUSED_MAX: u64 = 100;
/// Index rows kept before they are written together.
const INDEX_CHUNK: usize = 1_500;
/// Entries of a bulk write kept in memory. On PostgreSQL the first that goes out holds back the commits of all others,
/// so there only the largest imports write before their end; SQLite has one writer anyway.
const ENTRIES_KEPT: usize = 2_000;
const ENTRIES_KEPT_POSTGRES: usize = 40_000;

impl Write {
    pub(crate) async fn begin(access: Access, cause: Cause) -> Result<Write> {
        let tx = access.app.db.begin().await?;
        let mut write = Write::over(access, cause, tx);
        write.take_key().await?;
        Ok(write)
    }

    /// Takes the key of the request, before anything is made: another request with it waits here until this one has ended.
    async fn take_key(&mut self) -> Result<()> {
        let Some(once) = self.access.once.clone() else {
            return Ok(());
        };
        match once.take(self.batch, self.now) {
            Some(insert) if self.execute(&insert).await? == 0 => Err(once.repeated()),
            _ => Ok(()),
        }
    }

    fn over(access: Access, cause: Cause, tx: DatabaseTransaction) -> Write {
        let now = access.app.clock.now_ms();
        Write {
            access,
            cause,
            batch: new_id(),
            now,
            automatic: false,
            memory: Memory::default(),
            said: Map::new(),
            answer: Map::new(),
            pipe: Pipe::new(tx),
            is_rehearsal: false,
            rehearsed: HashMap::new(),
            entries: Vec::new(),
            told: Vec::new(),
            wakes_jobs: false,
            spilled: 0,
            roots: HashMap::new(),
            facts: facts::Taken::default(),
            in_part: false,
            handed_over: HashSet::new(),
            buffers: Vec::new(),
            chain: None,
            search_keys: HashMap::new(),
            index: Vec::new(),
        }
    }

    /// Begins a write that only decides: rules and checks run on the database as it stands, and nothing is written. It
    /// holds up no writer.
    pub(crate) async fn rehearse(access: Access, cause: Cause) -> Result<Write> {
        let tx = access.app.db.begin_read().await?;
        let mut write = Write::over(access, cause, tx);
        write.is_rehearsal = true;
        Ok(write)
    }

    pub fn is_rehearsal(&self) -> bool {
        self.is_rehearsal
    }

    /// Lets a rehearsal find a record that it would have made.
    pub fn remember(&mut self, record: &Record) {
        if self.is_rehearsal {
            self.rehearsed.insert(record.id(), record.clone());
        }
    }

    // ---- reading inside the write -------------------------------------------------------------------------------

    pub async fn rows(&mut self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        self.flush().await?;
        Ok(self.pipe.settled().await?.query_all(select).await?)
    }

    /// Waits for other writers of the organisation, before any of its rows is locked, so that two never wait for each other.
    async fn lock_organisation(&mut self, resource: &Resource) -> Result<()> {
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
    async fn root_of(&mut self, record: &Record) -> Result<(Uuid, Option<Uuid>)> {
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

    // ---- writing ------------------------------------------------------------------------------------------------

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
    async fn insert_record(&mut self, record: &Record) -> Result<()> {
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

    async fn update_row(&mut self, before: &Record, after: &Record) -> Result<()> {
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
        self.flush().await?;
        self.pipe.settled().await?.execute(&update).await?;
        Ok(())
    }

    pub async fn delete(
        &mut self,
        resource: &Arc<Resource>,
        id: Uuid,
        expected_version: Option<i64>,
    ) -> Result<()> {
        let record = self
            .lock_for(resource, id, Action::Delete, expected_version)
            .await?;
        self.delete_record(record).await
    }

    /// Moves a locked record, and what belongs to it, to the recycle bin.
    fn delete_record<'a>(&'a mut self, record: Record) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let resource = record.resource.clone();
            let rules = self.access.app.rules(&resource.name);
            rules.before(self, Some(&record), None).await?;
            let (root, owner) = self.root_of(&record).await?;
            for (referrer, field) in self.access.app.registry().referrers(&resource.name) {
                let mut select = referrer.select();
                select.and_where(referrer.column(&field.name).eq(record.id()));
                if field.on_delete == OnDelete::Refuse {
                    // Somebody's twenty thousand records need not be read to be told of.
                    select.limit(REFUSED_MAX);
                }
                let dependants: Vec<Record> = self
                    .rows(&select)
                    .await?
                    .iter()
                    .map(|row| Record::read(&referrer, row))
                    .collect::<Result<_>>()?;
                match field.on_delete {
                    _ if dependants.is_empty() => {}
                    OnDelete::Refuse => {
                        return Err(Problem::rule("still_referenced").with(
                            json!({ "resource": referrer.name, "count": dependants.len() }),
                        ));
                    }
                    OnDelete::Cascade => {
                        for dependant in dependants {
                            // The one before may have changed it, or taken it along.
                            if let Some(dependant) = self.lock(&referrer, dependant.id()).await? {
                                self.delete_record(dependant).await?;
                            }
                        }
                    }
                    OnDelete::Clear => {
                        for dependant in dependants {
                            let changes = Changes::from([(field.name.clone(), Value::Null)]);
                            self.apply("update", dependant, changes).await?;
                        }
                    }
                }
            }
            self.take_facts(&resource, &[record.id()]).await?;
            self.remove_rows(&resource, &[record.id()]).await?;
            self.bin(&record, root, owner).await?;
            rules.after(self, Some(&record), None).await
        })
    }

    async fn remove_rows(&mut self, resource: &Resource, ids: &[Uuid]) -> Result<()> {
        self.roots.clear();
        self.flush().await?;
        let delete = Query::delete()
            .from_table(Alias::new(&resource.table))
            .and_where(resource.column("id").is_in(ids.iter().copied()))
            .to_owned();
        self.pipe.settled().await?.execute(&delete).await?;
        if resource.searchable {
            search::remove(self.pipe.settled().await?, resource, ids).await?;
        }
        Ok(())
    }

    /// Enters a removed record into the ledger and the recycle bin.
    async fn bin(&mut self, record: &Record, root: Uuid, owner: Option<Uuid>) -> Result<()> {
        self.enter("delete", Some(record), None, root, owner);
        // A part comes back with its whole, so only the whole lies in the bin.
        if record.resource.part_of.is_some() {
            return Ok(());
        }
        let row = vec![
            record.id().into(),
            record.resource.name.as_str().into(),
            record.label().into(),
            self.batch.into(),
            self.now.into(),
            self.access.actor.person().into(),
            root.into(),
            owner.into(),
        ];
        self.insert(
            "recycle_bin",
            &[
                "record_id",
                "resource",
                "label",
                "batch",
                "deleted_at",
                "deleted_by",
                "root_id",
                "owner_id",
            ],
            row,
        )
        .await
    }

    // ---- checks -------------------------------------------------------------------------------------------------

    /// Required fields, references in scope, and unique values; all bad fields at once.
    async fn check(&mut self, after: &Record, before: Option<&Record>) -> Result<()> {
        let resource = after.resource.clone();
        let mut errors = Vec::new();
        for (i, field) in resource.fields.iter().enumerate().skip(SYSTEM) {
            let value = &after.values[i];
            if value.is_null() {
                if field.required {
                    errors.push(FieldProblem::new(&field.name, "required", Json::Null));
                }
                continue;
            }
            if before.is_some_and(|before| before.values[i] == *value) {
                continue;
            }
            // Imports and the demo company have resolved their references and keys before they write.
            if self.cause.is_bulk() {
                continue;
            }
            if let (Value::Id(id), Some(target)) = (value, &field.reference) {
                if !self.refers(target, *id).await? {
                    errors.push(FieldProblem::new(
                        &field.name,
                        "unknown_reference",
                        Json::Null,
                    ));
                } else if *target == resource.name && *id == after.id() {
                    errors.push(FieldProblem::new(
                        &field.name,
                        "refers_to_itself",
                        Json::Null,
                    ));
                }
            }
            if field.kind == FieldType::References
                && let Some(target) = &field.reference
            {
                // What is gone meanwhile may stay; what comes must be there.
                let known = before.map_or(Vec::new(), |before| before.values[i].as_ids());
                let mut ids = value.as_ids();
                ids.retain(|id| !known.contains(id));
                if !self.refers_to_all(target, &ids).await? {
                    errors.push(FieldProblem::new(
                        &field.name,
                        "unknown_reference",
                        Json::Null,
                    ));
                }
            }
            if field.unique {
                let select = Query::select()
                    .column(Alias::new("id"))
                    .from(Alias::new(&resource.table))
                    .and_where(
                        resource
                            .column(&field.name)
                            .eq(Expr::val(to_sql(field.kind, value))),
                    )
                    .and_where(resource.column("id").ne(after.id()))
                    .limit(1)
                    .to_owned();
                if !self.rows(&select).await?.is_empty() {
                    errors.push(FieldProblem::new(&field.name, "already_exists", Json::Null));
                }
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(errors))
        }
    }

    /// Whether the referred record exists and the actor may see it.
    async fn refers(&mut self, target: &str, id: Uuid) -> Result<bool> {
        self.refers_to_all(target, &[id]).await
    }

    /// Whether the referred records, each named once, exist and the actor may see them.
    async fn refers_to_all(&mut self, target: &str, ids: &[Uuid]) -> Result<bool> {
        let app = self.access.app.clone();
        let directory = app.directory();
        let unknown: Vec<Uuid> = ids
            .iter()
            .copied()
            .filter(|id| match target {
                "people" => !directory.people.contains_key(id),
                "teams" => !directory.teams.contains_key(id),
                _ => true,
            })
            .collect();
        if unknown.is_empty() {
            return Ok(true);
        }
        let resource = app.registry().find(target)?;
        let mut select = Query::select();
        select
            .column((Alias::new(&resource.table), Alias::new("id")))
            .from(Alias::new(&resource.table))
            .and_where(resource.column("id").is_in(unknown.iter().copied()));
        if let Some(condition) = self.access.condition(&resource, Action::Read) {
            select.cond_where(condition);
        }
        Ok(self.rows(&select).await?.len() == unknown.len())
    }

    // ---- ledger -------------------------------------------------------------------------------------------------

    fn enter(
        &mut self,
        verb: &str,
        before: Option<&Record>,
        after: Option<&Record>,
        root: Uuid,
        owner: Option<Uuid>,
    ) {
        let Some(record) = after.or(before).filter(|_| !self.is_rehearsal) else {
            return;
        };
        let differs = |i: usize| match (before, after) {
            (Some(before), Some(after)) => i >= SYSTEM && before.values[i] != after.values[i],
            (Some(record), None) | (None, Some(record)) => !record.values[i].is_null(),
            (None, None) => false,
        };
        let side = |record: Option<&Record>| {
            record.map(|record| {
                let mut map = Map::new();
                for (i, field) in record.resource.fields.iter().enumerate() {
                    if differs(i) {
                        map.insert(field.name.clone(), stored_json(&record.values[i]));
                    }
                }
                Json::Object(map)
            })
        };
        let source = self.source_text();
        let (at, actor_id) = match (self.cause, before) {
            (Cause::Load, None) => (
                record.int("created_at").unwrap_or(self.now),
                record.reference("created_by"),
            ),
            _ => (self.now, self.access.actor.person()),
        };
        // Rows by the million are written down at once; a tree of them would cost more than the rest.
        let (after_json, after_text) = match (self.cause, before) {
            (Cause::Load, None) => (None, after.map(stored_text)),
            _ => (side(after), None),
        };
        self.entries.push(Entry {
            seq: 0,
            at,
            actor_id,
            source,
            batch: self.batch,
            resource: record.resource.name.clone(),
            record_id: record.id(),
            action: verb.into(),
            owner_id: owner,
            root_id: root,
            version: record.version(),
            before: side(before),
            after: after_json,
            after_text,
        });
    }

    fn source_text(&self) -> String {
        match self.cause {
            Cause::Import(id) => format!("import:{id}"),
            _ => self.access.actor.source_text(),
        }
    }

    /// Notes an act that changes no row of a resource (a sign-in, an export, a preview).
    pub fn note(&mut self, resource: &str, record_id: Uuid, verb: &str, after: Json) {
        self.entries.push(Entry {
            seq: 0,
            at: self.now,
            actor_id: self.access.actor.person(),
            source: self.source_text(),
            batch: self.batch,
            resource: resource.into(),
            record_id,
            action: verb.into(),
            owner_id: self.access.actor.person(),
            root_id: record_id,
            version: 0,
            before: None,
            after: Some(after),
            after_text: None,
        });
    }

    /// Enters an act on a record that changes none of its fields (a comment, a share, an attachment): whoever sees the
    /// record sees the act. `before` and `after` say what was there and what is, so that the verb's `UndoAct` can go back.
    pub async fn note_on(
        &mut self,
        record: &Record,
        verb: &str,
        before: Option<Json>,
        after: Option<Json>,
    ) -> Result<()> {
        let (root, owner) = self.root_of(record).await?;
        self.entries.push(Entry {
            seq: 0,
            at: self.now,
            actor_id: self.access.actor.person(),
            source: self.access.actor.source_text(),
            batch: self.batch,
            resource: record.resource.name.clone(),
            record_id: record.id(),
            action: verb.into(),
            owner_id: owner,
            root_id: root,
            version: 0,
            before,
            after,
            after_text: None,
        });
        Ok(())
    }

    /// Warns the caller of something that holds nothing up; the answer carries it among its `warnings`.
    pub fn warn(&mut self, warning: Json) {
        let warnings = self.answer.entry("warnings").or_insert_with(|| json!([]));
        if let Json::Array(warnings) = warnings {
            warnings.push(warning);
        }
    }

    /// Tells a person, once this is committed, that their inbox changed.
    pub fn tell(&mut self, person: Uuid) {
        if !self.told.contains(&person) {
            self.told.push(person);
        }
    }

    // ---- side tables and the end --------------------------------------------------------------------------------

    /// Adds a row to any table; rows gather and go out together.
    pub async fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        row: Vec<sea_orm::Value>,
    ) -> Result<()> {
        if self.is_rehearsal {
            return Ok(());
        }
        let i = match self
            .buffers
            .iter()
            .position(|buffer| buffer.fits(table, columns))
        {
            Some(i) => i,
            None => {
                self.buffers.push(Buffer::new(table, columns));
                self.buffers.len() - 1
            }
        };
        if self.buffers[i].push(row) {
            // Tables are written in the order of their first use, so that a reference finds its row.
            for j in 0..=i {
                self.flush_buffer(j).await?;
            }
        }
        Ok(())
    }

    /// Runs a statement on a table that is no resource's.
    pub async fn execute<S: sea_orm::StatementBuilder + Sync>(
        &mut self,
        statement: &S,
    ) -> Result<u64> {
        if self.is_rehearsal {
            return Ok(0);
        }
        self.flush().await?;
        Ok(self
            .pipe
            .settled()
            .await?
            .execute(statement)
            .await?
            .rows_affected())
    }

    pub async fn execute_sql(&mut self, text: &str, values: Vec<sea_orm::Value>) -> Result<u64> {
        if self.is_rehearsal {
            return Ok(0);
        }
        self.flush().await?;
        let statement = sea_orm::Statement::from_sql_and_values(self.pipe.backend(), text, values);
        Ok(self
            .pipe
            .settled()
            .await?
            .execute_raw(statement)
            .await?
            .rows_affected())
    }

    async fn flush(&mut self) -> Result<()> {
        for i in 0..self.buffers.len() {
            self.flush_buffer(i).await?;
        }
        Ok(())
    }

    async fn flush_buffer(&mut self, i: usize) -> Result<()> {
        match self.buffers[i].take(self.pipe.backend()) {
            Some(statement) => self.pipe.execute(statement, self.cause.is_bulk()).await,
            None => Ok(()),
        }
    }

    async fn flush_index(&mut self) -> Result<()> {
        let index = std::mem::take(&mut self.index);
        let mut rest = index;
        while let Some((resource, _, _, replace)) = rest.first() {
            let (resource, replace) = (resource.clone(), *replace);
            let (same, other): (Vec<_>, Vec<_>) = rest
                .into_iter()
                .partition(|(r, _, _, p)| r.name == resource.name && *p == replace);
            let records: Vec<(Uuid, Indexed)> = same
                .into_iter()
                .map(|(_, id, indexed, _)| (id, indexed))
                .collect();
            if replace {
                let ids: Vec<Uuid> = records.iter().map(|(id, _)| *id).collect();
                for some in ids.chunks(500) {
                    search::remove(self.pipe.settled().await?, &resource, some).await?;
                }
            }
            self.write_index(&resource, records).await?;
            rest = other;
        }
        Ok(())
    }

    async fn write_index(
        &mut self,
        resource: &Resource,
        records: Vec<(Uuid, Indexed)>,
    ) -> Result<()> {
        let mut next = match (self.pipe.backend(), self.search_keys.get(&resource.table)) {
            (DbBackend::Postgres, _) => 0,
            (_, Some(next)) => *next,
            (_, None) => search::next_key(self.pipe.settled().await?, resource).await?,
        };
        let behind = self.cause.is_bulk();
        for statement in search::inserts(self.pipe.backend(), resource, records, &mut next) {
            self.pipe.execute(statement, behind).await?;
        }
        self.search_keys.insert(resource.table.clone(), next);
        Ok(())
    }

    /// Writes the entries of a bulk write that have gathered, so that memory does not grow with its rows.
    async fn spill(&mut self) -> Result<()> {
        let kept = if self.access.app.db.is_postgres() {
            ENTRIES_KEPT_POSTGRES
        } else {
            ENTRIES_KEPT
        };
        if self.entries.len().saturating_sub(self.spilled) < kept {
            return Ok(());
        }
        self.append().await?;
        for entry in &mut self.entries[self.spilled..] {
            entry.before = None;
            entry.after = None;
            entry.after_text = None;
        }
        self.spilled = self.entries.len();
        Ok(())
    }

    /// Chains the entries that are not in the ledger yet behind its end.
    async fn append(&mut self) -> Result<()> {
        if self.entries.len() == self.spilled {
            return Ok(());
        }
        let mut chain = match self.chain.take() {
            Some(chain) => chain,
            None => ledger::Chain::end(self.pipe.settled().await?).await?,
        };
        let mut buffer = Buffer::new("ledger", &ledger::ROW);
        let (backend, behind) = (self.pipe.backend(), self.cause.is_bulk());
        for entry in &mut self.entries[self.spilled..] {
            if buffer.push(chain.row(entry))
                && let Some(statement) = buffer.take(backend)
            {
                self.pipe.execute(statement, behind).await?;
            }
        }
        if let Some(statement) = buffer.take(backend) {
            self.pipe.execute(statement, behind).await?;
        }
        self.chain = Some(chain);
        Ok(())
    }

    /// Lets the rules of all touched resources finish, and those of what they touch in turn.
    async fn finish(&mut self) -> Result<()> {
        let mut seen = 0;
        while seen < self.entries.len() {
            let touched: BTreeSet<String> = self.entries[seen..]
                .iter()
                .map(|entry| entry.resource.clone())
                .collect();
            seen = self.entries.len();
            for resource in touched {
                self.access.app.rules(&resource).finish(self).await?;
            }
        }
        Ok(())
    }

    /// Begins a part that may be refused without the rest, such as one record of a bulk change.
    pub async fn begin_part(&mut self) -> Result<Part> {
        self.flush().await?;
        if self.index.len() > INDEX_CHUNK / 2 {
            self.flush_index().await?;
        }
        self.pipe
            .settled()
            .await?
            .execute_unprepared("SAVEPOINT part")
            .await?;
        self.in_part = true;
        Ok(Part {
            entries: self.entries.len(),
            told: self.told.len(),
            index: self.index.len(),
        })
    }

    /// Keeps what was done since `begin_part`.
    pub async fn keep_part(&mut self) -> Result<()> {
        self.in_part = false;
        self.flush().await?;
        self.pipe
            .settled()
            .await?
            .execute_unprepared("RELEASE SAVEPOINT part")
            .await?;
        Ok(())
    }

    /// Takes back what was done since `begin_part`.
    pub async fn drop_part(&mut self, part: Part) -> Result<()> {
        self.in_part = false;
        self.buffers.clear();
        self.entries.truncate(part.entries);
        self.told.truncate(part.told);
        self.index.truncate(part.index);
        self.roots.clear();
        self.pipe
            .settled()
            .await?
            .execute_unprepared("ROLLBACK TO SAVEPOINT part")
            .await?;
        self.pipe
            .settled()
            .await?
            .execute_unprepared("RELEASE SAVEPOINT part")
            .await?;
        Ok(())
    }

    /// Commits: rows, index and ledger become visible together; then everybody who watches is told.
    pub async fn commit(mut self) -> Result<Uuid> {
        self.finish().await?;
        let entries = std::mem::take(&mut self.entries);
        let outboxes = match self.cause {
            // The past of an invented company is news to nobody.
            Cause::Load => Vec::new(),
            _ => self.access.app.outboxes.clone(),
        };
        for outbox in outboxes {
            outbox.entered(&mut self, &entries).await?;
        }
        self.entries.splice(0..0, entries);
        self.flush().await?;
        self.flush_index().await?;
        if self
            .entries
            .iter()
            .any(|entry| matches!(entry.resource.as_str(), "people" | "teams"))
        {
            closure::renew(self.pipe.settled().await?).await?;
        }
        self.roll_up().await?;
        self.append().await?;
        let app = self.access.app.clone();
        if let (true, Some(last)) = (app.db.is_postgres(), self.entries.last()) {
            let payload = format!("{}:{}", app.process_id, last.seq);
            self.pipe
                .settled()
                .await?
                .execute_raw(sea_orm::Statement::from_sql_and_values(
                    DbBackend::Postgres,
                    "SELECT pg_notify('chengdan', $1)",
                    [payload.into()],
                ))
                .await?;
        }
        if app.db.is_postgres() {
            for some in self.told.chunks(TOLD_AT_ONCE) {
                let ids: Vec<String> = some.iter().map(Uuid::to_string).collect();
                self.pipe
                    .settled()
                    .await?
                    .execute_raw(sea_orm::Statement::from_sql_and_values(
                        DbBackend::Postgres,
                        "SELECT pg_notify('chengdan', $1)",
                        [format!("{}{}", crate::live::INBOX, ids.join(",")).into()],
                    ))
                    .await?;
            }
        }
        let stretch = self.entries.first().zip(self.entries.last());
        let stretch = stretch
            .filter(|_| !app.db.is_postgres())
            .map(|(first, last)| (first.seq, last.seq));
        if let Some((first, last)) = stretch {
            app.own.add(first, last);
        }
        if let Err(problem) = self.pipe.commit().await {
            if let Some((first, _)) = stretch {
                app.own.remove(first);
            }
            return Err(problem);
        }
        if self.wakes_jobs {
            app.wake_jobs();
        }
        app.committed(self.entries).await?;
        if !app.db.is_postgres() {
            app.tell(&self.told);
        }
        if self.cause.is_bulk() {
            // What many rows have changed, plans must know. The rows are written, whatever becomes of this.
            if let Err(error) = app.db.refresh_statistics().await {
                tracing::warn!(%error, "statistics were not refreshed");
            }
        }
        Ok(self.batch)
    }
}

/// A value as the ledger keeps it: money and instants as plain integers.
pub fn stored_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(text) => json!(text),
        Value::Int(int) => json!(int),
        Value::Number(number) => json!(number),
        Value::Bool(bool) => json!(bool),
        Value::Id(id) => json!(id),
        Value::List(list) => json!(list),
        Value::Json(json) => json.clone(),
    }
}

/// What the ledger keeps of a loaded record: what a list would say of it. Nothing is lost by that: each field's first value
/// stands in the row, or in the `before` of the first entry that changed it.
fn stored_text(record: &Record) -> String {
    let mut out = Vec::with_capacity(600);
    out.push(b'{');
    let label = &record.resource.label_field;
    for (field, value) in record.resource.fields.iter().zip(&record.values) {
        let is_told = field.in_list || field.required || field.name == *label;
        if value.is_null() || field.system || !is_told {
            continue;
        }
        if out.len() > 1 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(field.name.as_bytes());
        out.extend_from_slice(b"\":");
        let written = match value {
            Value::Text(text) => serde_json::to_writer(&mut out, text),
            Value::Int(int) => serde_json::to_writer(&mut out, int),
            Value::Id(id) => serde_json::to_writer(&mut out, id),
            other => serde_json::to_writer(&mut out, &stored_json(other)),
        };
        // Writing into memory fails for no value that a record can hold.
        if written.is_err() {
            out.extend_from_slice(b"null");
        }
    }
    out.push(b'}');
    String::from_utf8(out).unwrap_or_default()
}

/// Reads a value back from the ledger.
pub fn from_stored(kind: FieldType, json: &Json) -> Value {
    match (kind, json) {
        (_, Json::Null) => Value::Null,
        (FieldType::Reference, Json::String(id)) => {
            Uuid::parse_str(id).map_or(Value::Null, Value::Id)
        }
        (FieldType::Json, json) => Value::Json(json.clone()),
        (FieldType::Number, json) => json.as_f64().map_or(Value::Null, Value::Number),
        (_, Json::String(text)) => Value::Text(text.clone()),
        (_, Json::Bool(bool)) => Value::Bool(*bool),
        (_, Json::Array(items)) => Value::List(
            items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
        ),
        (_, json) => json.as_i64().map_or(Value::Null, Value::Int),
    }
}

/// One row of a side table, read by field types.
pub fn read_row(row: &QueryResult, kinds: &[FieldType]) -> Result<Vec<Value>> {
    kinds
        .iter()
        .enumerate()
        .map(|(i, kind)| read_value(row, i, *kind))
        .collect()
}
