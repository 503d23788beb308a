//! Names to records: each name is asked for once in an import, and many at a time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use platform::access::Access;
use platform::problem::Result;
use platform::resource::Resource;
use rules::names::{fold, pinyin};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, SelectStatement};
use uuid::Uuid;

use super::targets::names_of;

/// Names in one statement; each may be looked for in several columns.
const NAMES_AT_ONCE: usize = 300;
/// Resources without an index of names are catalogues: teams, stages, roles, product lines.
const CATALOGUE_MAX: u64 = 20_000;

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Found {
    #[default]
    Nothing,
    One(Uuid),
    Several(Vec<Uuid>),
}

impl Found {
    pub fn add(&mut self, id: Uuid) {
        match self {
            Found::Nothing => *self = Found::One(id),
            Found::One(known) if *known == id => {}
            Found::One(known) => *self = Found::Several(vec![*known, id]),
            Found::Several(ids) if ids.contains(&id) => {}
            Found::Several(ids) => ids.push(id),
        }
    }
}

/// A name that a row refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The resource that it names a record of.
    pub resource: String,
    /// The one field to look in, or any that names a record.
    pub by: Option<String>,
    /// The record that the named one lies in (a stage in its process).
    pub within: Option<Uuid>,
    /// Folded.
    pub text: String,
}

/// What is known of the names in one file, all within the importer's scope.
pub struct Names {
    access: Access,
    known: HashMap<Name, Found>,
    /// The customers of contacts and opportunities that were found.
    customers: HashMap<Uuid, Uuid>,
    catalogues: HashMap<String, Vec<Entry>>,
}

struct Entry {
    id: Uuid,
    within: Option<Uuid>,
    /// `(field, folded text)`.
    names: Vec<(String, String)>,
}

/// The reference by which records of `target` belong to the same record as the row: a stage and an opportunity to a process.
pub fn shared_parent(resource: &Resource, target: &Resource) -> Option<String> {
    target
        .fields
        .iter()
        .filter(|field| {
            !field.system
                && field.reference.is_some()
                && field.reference.as_deref() != Some(target.name.as_str())
        })
        .find(|field| {
            resource
                .field(&field.name)
                .is_some_and(|own| !own.system && own.reference == field.reference)
                && !matches!(
                    field.reference.as_deref(),
                    Some("people" | "teams" | "customers")
                )
        })
        .map(|field| field.name.clone())
}

impl Names {
    pub fn new(access: &Access) -> Names {
        Names {
            access: access.clone(),
            known: HashMap::new(),
            customers: HashMap::new(),
            catalogues: HashMap::new(),
        }
    }

    pub fn get(&self, name: &Name) -> Found {
        if let Ok(id) = Uuid::parse_str(&name.text) {
            return Found::One(id);
        }
        self.known.get(name).cloned().unwrap_or_default()
    }

    /// The customer that a found record lies at, where it lies at one.
    pub fn customer_of(&self, id: Uuid) -> Option<Uuid> {
        self.customers.get(&id).copied()
    }

    /// Adds a record that the import itself makes.
    pub fn add(&mut self, resource: &str, text: &str, id: Uuid) {
        let name = Name {
            resource: resource.into(),
            by: None,
            within: None,
            text: fold(text),
        };
        self.known.entry(name).or_default().add(id);
    }

    /// Replaces whatever a name meant: the import has just made the record that was missing.
    pub fn made(&mut self, name: &Name, id: Uuid) {
        self.known.insert(name.clone(), Found::One(id));
    }

    /// Looks up the names that are not known yet.
    pub async fn learn(&mut self, wanted: HashSet<Name>) -> Result<()> {
        let mut by_resource: HashMap<(String, Option<String>), Vec<Name>> = HashMap::new();
        for name in wanted {
            if !self.known.contains_key(&name) && Uuid::parse_str(&name.text).is_err() {
                by_resource
                    .entry((name.resource.clone(), name.by.clone()))
                    .or_default()
                    .push(name);
            }
        }
        let registry = self.access.app.registry();
        for ((resource, by), names) in by_resource {
            let resource = registry.find(&resource)?;
            if resource.searchable {
                for some in names.chunks(NAMES_AT_ONCE) {
                    self.look_up(&resource, by.as_deref(), some).await?;
                }
            } else {
                self.look_into_catalogue(&resource, by.as_deref(), names)
                    .await?;
            }
        }
        Ok(())
    }

    fn scoped(&self, resource: &Resource, fields: &[&str]) -> Result<SelectStatement> {
        let mut select = self.access.scoped(resource, Action::Read)?;
        select.expr(resource.column("id"));
        for field in fields {
            select.expr(resource.column(field));
        }
        Ok(select)
    }

    async fn look_up(
        &mut self,
        resource: &Arc<Resource>,
        by: Option<&str>,
        names: &[Name],
    ) -> Result<()> {
        let fields: Vec<&str> = match by {
            Some(by) => vec![by],
            None => names_of(resource),
        };
        let mut any = Condition::any();
        for field in &fields {
            any = any.add(if *field == resource.label_field {
                // The key for sorting is indexed, and two texts that people take for the same have the same key.
                Expr::col((Alias::new(&resource.table), Alias::new("sort_key")))
                    .is_in(names.iter().map(|name| pinyin(&name.text).full))
            } else {
                let written = names
                    .iter()
                    .flat_map(|name| [name.text.clone(), name.text.to_uppercase()]);
                resource.column(field).is_in(written)
            });
        }
        let mut select = self.scoped(resource, &fields)?;
        select.cond_where(any);
        let lies_at_customer = resource
            .field("customer_id")
            .is_some_and(|field| field.reference.as_deref() == Some("customers"));
        if lies_at_customer {
            select.expr(resource.column("customer_id"));
        }
        let mut found: HashMap<String, Found> = HashMap::new();
        for row in self.access.rows(&select).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            if lies_at_customer
                && let Some(customer) = row.try_get_by_index::<Option<Uuid>>(fields.len() + 1)?
            {
                self.customers.insert(id, customer);
            }
            for i in 1..=fields.len() {
                if let Some(text) = row.try_get_by_index::<Option<String>>(i)? {
                    found.entry(fold(&text)).or_default().add(id);
                }
            }
        }
        for name in names {
            let found = found.get(&name.text).cloned().unwrap_or_default();
            self.known.insert(name.clone(), found);
        }
        Ok(())
    }

    async fn look_into_catalogue(
        &mut self,
        resource: &Arc<Resource>,
        by: Option<&str>,
        names: Vec<Name>,
    ) -> Result<()> {
        if !self.catalogues.contains_key(&resource.name) {
            let entries = self.read_catalogue(resource).await?;
            self.catalogues.insert(resource.name.clone(), entries);
        }
        let Some(entries) = self.catalogues.get(&resource.name) else {
            return Ok(());
        };
        for name in names {
            let mut found = Found::Nothing;
            for entry in entries {
                let fits = (name.within.is_none() || entry.within == name.within)
                    && entry
                        .names
                        .iter()
                        .any(|(field, text)| by.is_none_or(|by| by == field) && *text == name.text);
                if fits {
                    found.add(entry.id);
                }
            }
            self.known.insert(name, found);
        }
        Ok(())
    }

    async fn read_catalogue(&self, resource: &Arc<Resource>) -> Result<Vec<Entry>> {
        let fields = names_of(resource);
        let parent = resource
            .fields
            .iter()
            .find(|field| !field.system && field.required && field.reference.is_some())
            .map(|field| field.name.as_str());
        let mut select = self.scoped(resource, &fields)?;
        if let Some(parent) = parent {
            select.expr(resource.column(parent));
        }
        select.limit(CATALOGUE_MAX);
        let mut entries = Vec::new();
        for row in self.access.rows(&select).await? {
            let mut names = Vec::new();
            for (i, field) in fields.iter().enumerate() {
                if let Some(text) = row.try_get_by_index::<Option<String>>(i + 1)? {
                    names.push(((*field).to_owned(), fold(&text)));
                }
            }
            let within = match parent {
                Some(_) => row.try_get_by_index(fields.len() + 1)?,
                None => None,
            };
            entries.push(Entry {
                id: row.try_get_by_index(0)?,
                within,
                names,
            });
        }
        Ok(entries)
    }
}
