//! Access: who acts, with which scope. Features reach data only through it.

mod actor;
mod person;
mod scope;

use std::collections::HashSet;
use std::sync::Arc;

use rules::permission::{Action, FieldRule, Scope};
use rules::value::{Changes, Field, FieldType, Value};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, SelectStatement};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

pub use actor::{Actor, Right, Source};

use crate::app::App;
use crate::db::only_decides;
use crate::problem::{Problem, Result};
use crate::resource::{Guard, Record, Resource};
use crate::web::Once;
use crate::write::{Cause, Write};

/// People whose customers, contacts and payments together are some thousands of rows: looked through in a few milliseconds.
const FEW_PEOPLE: usize = 20;
/// And of how many colleagues they must be one at most, since few people may share very many customers among them.
const AMONG: usize = 10;

/// Whose facts an actor may see.
#[derive(Debug)]
pub struct Covered {
    /// All that is theirs.
    pub people: HashSet<Uuid>,
    /// What was theirs while they were in one of these teams, wherever they are now: a team's past stays its own.
    pub teams: HashSet<Uuid>,
}

/// The only way to data: queries made here already carry the actor's scope.
#[derive(Clone)]
pub struct Access {
    pub app: Arc<App>,
    pub actor: Arc<Actor>,
    /// The key of a request whose write is carried out once.
    pub(crate) once: Option<Arc<Once>>,
}

impl Access {
    pub fn new(app: Arc<App>, actor: Arc<Actor>) -> Access {
        Access {
            app,
            actor,
            once: None,
        }
    }

    /// The product itself acts: first start, jobs, command line. Its call sites are listed by a test.
    pub fn system(app: &Arc<App>, reason: &'static str) -> Access {
        Access {
            app: app.clone(),
            actor: Arc::new(Actor::system(reason)),
            once: None,
        }
    }

    pub fn resource(&self, name: &str) -> Result<Arc<Resource>> {
        self.app.registry().find(name)
    }

    pub fn allows(&self, resource: &str, action: Action) -> bool {
        if self.actor.is_system() {
            return true;
        }
        match self.app.registry().get(resource) {
            Some(resource) => {
                let (whole, action) = resource.governing(action);
                self.actor.permissions.allows(whole, action)
            }
            None => self.actor.permissions.allows(resource, action),
        }
    }

    /// How far the actor may do this to the resource's records.
    fn scopes(&self, resource: &Resource, action: Action) -> Vec<Scope> {
        let (whole, action) = resource.governing(action);
        self.actor.permissions.scopes(whole, action)
    }

    /// 403 in a session or with a token that only reads.
    pub fn require_writable(&self) -> Result<()> {
        if self.actor.read_only {
            return Err(Problem::new(
                axum::http::StatusCode::FORBIDDEN,
                "read_only_session",
            ));
        }
        Ok(())
    }

    /// 403 unless the actor may do this to some records of the resource.
    pub fn require(&self, resource: &str, action: Action) -> Result<()> {
        if !matches!(action, Action::Read | Action::Export) {
            self.require_writable()?;
        }
        if self.allows(resource, action) {
            Ok(())
        } else {
            Err(Problem::forbidden())
        }
    }

    /// 403 unless the actor administers: may configure the named resource.
    pub fn require_configure(&self, resource: &str) -> Result<()> {
        self.require(resource, Action::Configure)
    }

    /// All fields of the resource, limited to the records that the actor may do this to.
    pub fn select(&self, resource: &Resource, action: Action) -> Result<SelectStatement> {
        self.require(&resource.name, action)?;
        let mut select = resource.select();
        if let Some(condition) = self.condition(resource, action) {
            select.cond_where(condition);
        }
        Ok(select)
    }

    /// An empty `SELECT … FROM` the resource's table in scope; the caller adds its expressions.
    pub fn scoped(&self, resource: &Resource, action: Action) -> Result<SelectStatement> {
        let mut select = self.select(resource, action)?;
        select.clear_selects();
        Ok(select)
    }

    /// The same for a caller that adds what finds the rows: the scope only tests these.
    pub fn tested(&self, resource: &Resource, action: Action) -> Result<SelectStatement> {
        self.require(&resource.name, action)?;
        let mut select = SelectStatement::new();
        select.from(Alias::new(&resource.table));
        if let Some(test) = self.test(resource, action) {
            select.cond_where(test);
        }
        Ok(select)
    }

    pub async fn rows(&self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        Ok(self.app.db.all(select).await?)
    }

    pub async fn row(&self, select: &SelectStatement) -> Result<Option<QueryResult>> {
        Ok(self.app.db.one(select).await?)
    }

    pub async fn records(
        &self,
        resource: &Arc<Resource>,
        select: &SelectStatement,
    ) -> Result<Vec<Record>> {
        self.rows(select)
            .await?
            .iter()
            .map(|row| Record::read(resource, row))
            .collect()
    }

    /// The record if it exists in read scope, else 404.
    pub async fn get(&self, resource: &Arc<Resource>, id: Uuid) -> Result<Record> {
        self.require(&resource.name, Action::Read)?;
        let mut select = resource.select();
        if let Some(condition) = self.condition_of_one(resource) {
            select.cond_where(condition);
        }
        select.and_where(resource.column("id").eq(id));
        let row = self.row(&select).await?.ok_or_else(Problem::not_found)?;
        Record::read(resource, &row)
    }

    /// The record if the actor may do this to it; 404 if it can't even be read, 403 if it can.
    pub async fn get_for(
        &self,
        resource: &Arc<Resource>,
        id: Uuid,
        action: Action,
    ) -> Result<Record> {
        let record = self.get(resource, id).await?;
        if !self.may(&record, action).await? {
            return Err(Problem::forbidden());
        }
        Ok(record)
    }

    /// Whether the actor may do this to that record.
    pub async fn may(&self, record: &Record, action: Action) -> Result<bool> {
        if self.require(&record.resource.name, action).is_err() {
            return Ok(false);
        }
        if self.condition(&record.resource, action).is_none() {
            return Ok(true);
        }
        let (root, owner) = self.root_of(record).await?;
        Ok(self.covers(&record.resource, root, owner, action)
            || (action == Action::Read && self.is_named(record)))
    }

    /// Whether the record names the actor among those who may read it.
    pub fn is_named(&self, record: &Record) -> bool {
        record.named().contains(&self.actor.person_id)
    }

    /// Whether a row names the actor among those who may read it, as expressions over the resource's table; where another table
    /// keeps the names, of so many records there at most, the newest.
    pub fn named_exprs(&self, resource: &Resource, newest: Option<u64>) -> Vec<Expr> {
        resource
            .readers
            .iter()
            .map(|reader| scope::named(self, resource, reader, newest))
            .collect()
    }

    /// The record that guards this one, and its owner.
    pub async fn root_of(&self, record: &Record) -> Result<(Uuid, Option<Uuid>)> {
        if let Guard::Via(_) = record.resource.guard {
            let mut select = SelectStatement::new();
            select.from(Alias::new(&record.resource.table));
            for expr in self.guard_exprs(&record.resource) {
                select.expr(expr);
            }
            select.and_where(record.resource.column("id").eq(record.id()));
            return match self.row(&select).await? {
                Some(row) => Ok((
                    row.try_get_by_index::<Option<Uuid>>(0)?.unwrap_or_default(),
                    row.try_get_by_index(1)?,
                )),
                None => Ok((record.id(), None)),
            };
        }
        Ok((record.id(), self.owner_of(record)))
    }

    fn owner_of(&self, record: &Record) -> Option<Uuid> {
        match record.resource.guard {
            Guard::Owner(field) => record.reference(field),
            _ => None,
        }
    }

    /// What the actor may do to a row, besides reading it, given its guarding record and owner.
    pub fn can(&self, resource: &Resource, root: Uuid, owner: Option<Uuid>) -> Vec<&'static str> {
        if self.actor.read_only {
            return Vec::new();
        }
        [Action::Edit, Action::Delete, Action::Transfer]
            .into_iter()
            .filter(|action| !resource.read_only && self.covers(resource, root, owner, *action))
            .map(Action::name)
            .collect()
    }

    pub fn covers(
        &self,
        resource: &Resource,
        root: Uuid,
        owner: Option<Uuid>,
        action: Action,
    ) -> bool {
        if self.actor.is_system() {
            return true;
        }
        let scopes = self.scopes(resource, action);
        if scopes.is_empty() {
            return false;
        }
        if resource.guard == Guard::Everybody
            || self
                .app
                .directory()
                .covers(&scopes, self.actor.person_id, owner)
        {
            return true;
        }
        match self.actor.shares.get(&root) {
            Some(Right::Edit) => matches!(action, Action::Read | Action::Edit),
            Some(Right::Read) => action == Action::Read,
            None => false,
        }
    }

    /// How the actor sees a field.
    pub fn field_rule(&self, resource: &Resource, field: &Field) -> Option<FieldRule> {
        if field.internal {
            return Some(FieldRule::Hide);
        }
        if self.actor.is_system() {
            return None;
        }
        let permissions = &self.actor.permissions;
        let whole = resource.part_of.unwrap_or(&resource.name);
        let told = field
            .tells
            .and_then(|other| permissions.field_rule(whole, other));
        // The stricter of the two.
        permissions
            .field_rule(&resource.name, &field.name)
            .max(told)
    }

    /// The value as the actor may see it: `None` when the field is hidden.
    pub fn shown(&self, resource: &Resource, field: &Field, value: &Value) -> Option<Value> {
        match self.field_rule(resource, field) {
            None => Some(value.clone()),
            Some(FieldRule::Hide) => None,
            Some(FieldRule::Mask) => Some(mask(field.kind, value)),
        }
    }

    /// Reads a body's fields into changes, as `Resource::parse` does; amounts are in what the company counts in.
    pub fn parse(
        &self,
        resource: &Resource,
        body: &Map<String, Json>,
        must_be_complete: bool,
    ) -> Result<Changes> {
        resource.parse(body, must_be_complete, &self.app.settings().currency)
    }

    /// Whether the actor may read records that are not their own.
    pub fn reads_others(&self, resource: &Resource) -> bool {
        let scopes = self.scopes(resource, Action::Read);
        scopes.iter().any(|scope| *scope != Scope::Own)
    }

    /// Whether any record of this resource, or of the one that guards it, belongs to the actor.
    pub async fn owns_any(&self, resource: &Resource) -> Result<bool> {
        let registry = self.app.registry();
        let mut guarding = registry.find(&resource.name)?;
        let owner = loop {
            guarding = match guarding.guard {
                Guard::Everybody => return Ok(false),
                Guard::Owner(field) => break field,
                Guard::Via(field) => match scope::parent_of(&registry, &guarding, field) {
                    Some(parent) => parent,
                    None => return Ok(false),
                },
            };
        };
        let mut select = SelectStatement::new();
        select
            .expr(Expr::val(1))
            .from(Alias::new(&guarding.table))
            .and_where(guarding.column(owner).eq(self.actor.person_id))
            .limit(1);
        Ok(self.row(&select).await?.is_some())
    }

    /// 422 when the actor may not see this field openly: filters and sorts would tell its values.
    pub fn require_open(&self, resource: &Resource, field: &Field, pointer: &str) -> Result<()> {
        match self.field_rule(resource, field) {
            None => Ok(()),
            Some(_) => Err(Problem::field(pointer, "field_not_allowed")),
        }
    }

    /// 422 when the actor may not see a resource's amounts openly: what is made of them would tell them.
    pub fn require_amounts(&self, resource: &str) -> Result<()> {
        let resource = self.resource(resource)?;
        match resource.field("amount") {
            Some(amount) => self.require_open(&resource, amount, "amount"),
            None => Ok(()),
        }
    }

    /// Begins a write; everything in it happens or nothing.
    pub async fn write(&self) -> Result<Write> {
        self.write_as(Cause::Edit).await
    }

    pub async fn write_as(&self, cause: Cause) -> Result<Write> {
        self.require_writable()?;
        Write::begin(self.clone(), cause).await
    }

    /// Begins a write that decides everything and writes nothing: a dry run.
    pub async fn rehearse(&self, cause: Cause) -> Result<Write> {
        Write::rehearse(self.clone(), cause).await
    }

    /// The condition that limits a statement on this resource to the actor's scope; `None` when all is allowed.
    pub fn condition(&self, resource: &Resource, action: Action) -> Option<Condition> {
        self.scope_for(resource, action, scope::Use::Any)
    }

    /// The same condition for a statement that finds its rows by something else. SQLite, left to choose, would rather begin
    /// with tens of thousands of records in scope than with a few hundred that a word has found.
    pub fn test(&self, resource: &Resource, action: Action) -> Option<Condition> {
        if self.app.db.is_postgres() {
            return self.condition(resource, action);
        }
        let test = self.scope_for(resource, action, scope::Use::Test)?;
        Some(Condition::all().add(only_decides(test)))
    }

    /// Whether the actor may do this to the records of a few people only, so that looking through all of them costs little.
    pub fn reaches_few(&self, resource: &Resource, action: Action) -> bool {
        if self.actor.is_system() || resource.guard == Guard::Everybody {
            return false;
        }
        let scopes = self.scopes(resource, action);
        let directory = self.app.directory();
        let reach = directory.reach(&scopes, self.actor.person_id);
        reach <= FEW_PEOPLE && reach * AMONG <= directory.people.len()
    }

    fn scope_for(&self, resource: &Resource, action: Action, how: scope::Use) -> Option<Condition> {
        if self.actor.is_system() || resource.guard == Guard::Everybody {
            return None;
        }
        let scopes = self.scopes(resource, action);
        scope::condition(self, resource, resource.governing(action).1, &scopes, how)
    }

    /// The same for reading one record that is asked for by itself.
    pub fn condition_of_one(&self, resource: &Resource) -> Option<Condition> {
        let condition = self.condition(resource, Action::Read)?;
        let registry = self.app.registry();
        let mut any = Condition::any().add(condition);
        for field in &resource.read_with {
            any = any.add(scope::read_with(self, &registry, resource, field));
        }
        Some(any)
    }

    /// The scope as a condition on an owner that stands in another table; `None` when it goes by single records too, which
    /// an owner doesn't tell: records that were shared with the actor, or that name readers of their own, or have no owners.
    pub fn owners(&self, resource: &Resource, action: Action, owner: Expr) -> Option<Condition> {
        let by_record = !self.actor.shares.is_empty() || !resource.readers.is_empty();
        if by_record || !matches!(resource.guard, Guard::Owner(_)) {
            return None;
        }
        let scopes = self.scopes(resource, action);
        Some(scope::owners(self, owner, &scopes))
    }

    /// Whose facts the actor may see of a resource that people own; none when everybody's.
    pub fn covered(&self, resource: &Resource, action: Action) -> Option<Covered> {
        self.condition(resource, action)?;
        let scopes = self.scopes(resource, action);
        let directory = self.app.directory();
        let me = self.actor.person_id;
        let people = directory.people.keys().copied();
        let people = people.filter(|id| directory.covers(&scopes, me, Some(*id)));
        let mut teams: HashSet<Uuid> = HashSet::new();
        for scope in &scopes {
            match scope {
                Scope::Team => teams.extend(self.actor.team_id),
                Scope::TeamAndBelow => {
                    teams.extend(
                        self.actor
                            .team_id
                            .into_iter()
                            .flat_map(|team| directory.below(team)),
                    );
                }
                Scope::NamedTeams(named) => teams.extend(named),
                Scope::All | Scope::Own | Scope::OwnAndSubordinates => {}
            }
        }
        Some(Covered {
            people: people.collect(),
            teams,
        })
    }

    /// Expressions for a row's guarding record and that record's owner.
    pub fn guard_exprs(&self, resource: &Resource) -> Vec<Expr> {
        scope::guard_exprs(&self.app.registry(), resource)
    }
}

/// A masked value tells that there is one, and a little of it.
pub fn mask(kind: FieldType, value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Text(text) => Value::Text(match kind {
            FieldType::Email => rules::phone::mask_email(text),
            FieldType::Phone => rules::phone::mask(text),
            _ => "***".into(),
        }),
        Value::List(_) => Value::List(vec!["***".into()]),
        _ => Value::Null,
    }
}
