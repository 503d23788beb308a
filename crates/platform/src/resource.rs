//! One description per resource: it drives lists, filters, forms, import, export, masking, history and custom fields.

mod record;
mod registry;

use std::collections::HashMap;
use std::sync::Arc;

use rules::permission::Action;
use rules::value::{Changes, Field};
use sea_orm::sea_query::{Alias, Expr, SelectStatement};
use serde_json::{Map, Value as Json};

use crate::problem::{FieldProblem, Problem, Result};

pub use record::{Record, column_type, read_value, to_sql};
pub use registry::Registry;

/// The verbs under which the records of every resource come, change and go.
pub const VERBS: [&str; 5] = ["create", "update", "delete", "restore", "undo"];

/// Number of system fields in front of every record's own.
pub const SYSTEM: usize = 6;

/// How a resource is guarded. A description can't be made without one.
#[derive(Debug, Clone, PartialEq)]
pub enum Guard {
    /// The person in this field owns the record.
    Owner(&'static str),
    /// Whoever may do it to the record behind this reference may do it here.
    Via(&'static str),
    /// Shared by the whole organisation: reading needs the permission, not a scope.
    Everybody,
}

/// A tab of the list that ships with the product.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct StandardView {
    /// Translation key under `<resource>.views`.
    pub name: &'static str,
    #[schema(value_type = Option<rules::filter::Filter>)]
    pub filter: Json,
    pub sort: &'static str,
}

impl StandardView {
    /// Whether it shows what is about the person who looks.
    pub fn is_personal(&self) -> bool {
        fn names_me(json: &Json) -> bool {
            match json {
                Json::String(text) => text == "me",
                Json::Array(items) => items.iter().any(names_me),
                Json::Object(members) => members.values().any(names_me),
                _ => false,
            }
        }
        names_me(&self.filter)
    }
}

/// Rows of a side table: `{"has":"<name>","with":{…}}` in a filter finds the records that have such a row.
#[derive(Debug, Clone)]
pub struct Relation {
    pub rows: Arc<Resource>,
    /// The side table's column that holds the record's id.
    pub key: &'static str,
    /// The resource that its rows are records of, which the actor must be allowed to read.
    pub of: Option<&'static str>,
}

/// A table with one row for each person in a list of references: `SELECT key FROM table WHERE person = …`.
#[derive(Debug, Clone, Copy)]
pub struct SideTable {
    pub table: &'static str,
    pub key: &'static str,
    pub person: &'static str,
}

/// A field whose people may read the record.
#[derive(Debug, Clone)]
pub struct Reader {
    pub field: &'static str,
    /// Where a list of people is looked up; a single reference is a column.
    pub side: Option<SideTable>,
}

/// How records are searched of which there are too many for an index of their words.
#[derive(Debug, Clone)]
pub struct Sought {
    /// Fields that are searched, the name first.
    pub texts: &'static [&'static str],
    /// The reference whose record is searched by its name, too.
    pub at: &'static str,
    /// The instant by which the newest come first.
    pub newest_by: &'static str,
}

/// What a resource is.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The user's word: route, permission, translation namespace.
    pub name: String,
    pub table: String,
    pub guard: Guard,
    /// The field that names a record to people.
    pub label_field: String,
    /// System fields first, then the resource's own, then custom ones.
    pub fields: Vec<Field>,
    pub views: Vec<StandardView>,
    pub default_sort: &'static str,
    /// Indexed for search: it has `<table>_search` and `<table>_gram`.
    pub searchable: bool,
    /// How it is searched without an index.
    pub sought: Option<Sought>,
    /// Rows can't be made, changed or removed through the general routes.
    pub read_only: bool,
    /// Whether administrators may add fields.
    pub extensible: bool,
    /// The resource whose permissions count, when this one is only a part of it.
    pub part_of: Option<&'static str>,
    /// The field that names a record to people who read English, when it has one.
    pub label_field_en: Option<&'static str>,
    /// Fields that name people who may read the record, besides whoever its guard lets in.
    pub readers: Vec<Reader>,
    /// References to records with which one of these may be read: at a customer that one may see, what happened there.
    pub read_with: Vec<&'static str>,
    /// Members of a body that are no fields and that the rules read from `Write::said`, with their JSON schemas.
    pub members: Vec<(&'static str, Json)>,
    /// Parameters that the address of a change or a removal may carry, for the rules to read from `Write::said`, with their
    /// JSON schemas.
    pub options: Vec<(&'static str, Json)>,
    /// References to records on whose timeline stands what becomes of this one, though it doesn't go with them.
    pub told_at: Vec<&'static str>,
    /// Rows beside this resource that its lists may be filtered by.
    pub relations: Vec<Relation>,
    /// Business verbs under which its records change, besides those that every resource has.
    pub verbs: Vec<&'static str>,
    index: HashMap<String, usize>,
}

impl Resource {
    pub fn new(name: &str, table: &str, guard: Guard, fields: Vec<Field>) -> Resource {
        let mut all = Field::system_fields();
        all.extend(fields);
        let searchable = all.iter().any(|field| field.searchable);
        let mut resource = Resource {
            name: name.into(),
            table: table.into(),
            guard,
            label_field: "name".into(),
            fields: all,
            views: Vec::new(),
            default_sort: "-created_at",
            searchable,
            sought: None,
            read_only: false,
            extensible: true,
            part_of: None,
            label_field_en: None,
            readers: Vec::new(),
            read_with: Vec::new(),
            told_at: Vec::new(),
            members: Vec::new(),
            options: Vec::new(),
            relations: Vec::new(),
            verbs: Vec::new(),
            index: HashMap::new(),
        };
        resource.reindex();
        resource
    }
    pub fn label(mut self, field: &str) -> Self {
        self.label_field = field.into();
        self
    }
    /// Names records in English by another field; Chinese is what `label` says.
    pub fn label_en(mut self, field: &'static str) -> Self {
        self.label_field_en = Some(field);
        self
    }
    /// A part of another resource: reading it takes reading the whole, changing it editing the whole.
    pub fn part_of(mut self, whole: &'static str) -> Self {
        self.part_of = Some(whole);
        self
    }
    /// Lets the people whom this field names read the record; a list needs the side table that its rules keep.
    pub fn read_by(mut self, field: &'static str, side: Option<SideTable>) -> Self {
        self.readers.push(Reader { field, side });
        self
    }
    /// Lets whoever may read the record behind this reference read one of these, when asked for by itself; lists don't have it.
    pub fn read_with(mut self, field: &'static str) -> Self {
        self.read_with.push(field);
        self
    }
    /// Tells on the timelines of the records behind these references what becomes of this one.
    pub fn told_at(mut self, fields: &[&'static str]) -> Self {
        self.told_at = fields.to_vec();
        self
    }
    /// Lets a body carry something that is no field; the rules read it from `Write::said`.
    pub fn member(mut self, name: &'static str, schema: Json) -> Self {
        self.members.push((name, schema));
        self
    }
    /// Lets the address of a change or a removal carry a parameter; the rules read it from `Write::said`.
    pub fn option(mut self, name: &'static str, schema: Json) -> Self {
        self.options.push((name, schema));
        self
    }
    /// Lets lists be filtered by rows of a side table with these fields.
    pub fn relation(
        mut self,
        name: &str,
        table: &str,
        key: &'static str,
        fields: Vec<Field>,
    ) -> Self {
        let mut rows = Resource::new(name, table, Guard::Everybody, Vec::new());
        rows.fields = fields;
        rows.reindex();
        self.relations.push(Relation {
            rows: Arc::new(rows),
            key,
            of: None,
        });
        self
    }
    /// The same, where the rows are records of their own: only for those who may read them.
    pub fn relation_to(
        self,
        name: &'static str,
        table: &str,
        key: &'static str,
        fields: Vec<Field>,
    ) -> Self {
        let mut relating = self.relation(name, table, key, fields);
        if let Some(relation) = relating.relations.last_mut() {
            relation.of = Some(name);
        }
        relating
    }
    /// Lets the search for everything find these without an index.
    pub fn sought(mut self, sought: Sought) -> Self {
        self.sought = Some(sought);
        self
    }
    /// Names the business verbs under which its records change; the ledger keeps them.
    pub fn verbs(mut self, verbs: &[&'static str]) -> Self {
        self.verbs = verbs.to_vec();
        self
    }
    /// Whether the ledger may enter a change of a record under this verb.
    pub fn has_verb(&self, verb: &str) -> bool {
        VERBS.contains(&verb) || self.verbs.contains(&verb)
    }
    pub fn sort(mut self, sort: &'static str) -> Self {
        self.default_sort = sort;
        self
    }
    pub fn view(mut self, name: &'static str, filter: Json, sort: &'static str) -> Self {
        self.views.push(StandardView { name, filter, sort });
        self
    }
    pub fn fixed(mut self) -> Self {
        self.extensible = false;
        self
    }
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// The same resource with these custom fields behind its own.
    pub fn with_custom(&self, custom: Vec<Field>) -> Resource {
        let mut resource = self.clone();
        resource.fields.retain(|field| !field.custom);
        resource.fields.extend(custom);
        resource.reindex();
        resource
    }

    /// Whose permission counts for an action on this resource, and which.
    pub fn governing(&self, action: Action) -> (&str, Action) {
        match self.part_of {
            Some(whole) if matches!(action, Action::Create | Action::Delete | Action::Transfer) => {
                (whole, Action::Edit)
            }
            Some(whole) => (whole, action),
            None => (&self.name, action),
        }
    }

    fn reindex(&mut self) {
        self.index = self
            .fields
            .iter()
            .enumerate()
            .map(|(i, field)| (field.name.clone(), i))
            .collect();
    }

    pub fn position(&self, field: &str) -> Option<usize> {
        self.index.get(field).copied()
    }
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.position(name).map(|i| &self.fields[i])
    }
    pub fn label_position(&self) -> usize {
        self.position(&self.label_field).unwrap_or(0)
    }

    /// `SELECT` of all fields in their order, ready for `Record::read`.
    pub fn select(&self) -> SelectStatement {
        let mut select = SelectStatement::new();
        for field in &self.fields {
            select.column((Alias::new(&self.table), Alias::new(&field.name)));
        }
        select.from(Alias::new(&self.table));
        select
    }

    pub fn column(&self, field: &str) -> Expr {
        Expr::col((Alias::new(&self.table), Alias::new(field)))
    }

    /// Takes the members that are no fields out of a body.
    pub fn take_members(&self, body: &mut Map<String, Json>) -> Map<String, Json> {
        self.members
            .iter()
            .filter_map(|(name, _)| body.remove_entry(*name))
            .collect()
    }

    /// What an address says that the rules read.
    pub fn options_in(&self, query: &HashMap<String, String>) -> Map<String, Json> {
        self.options
            .iter()
            .filter_map(|(name, _)| {
                Some(((*name).to_owned(), Json::from(query.get(*name)?.as_str())))
            })
            .collect()
    }

    /// Reads a body's fields into changes; unknown and read-only ones are refused, all bad ones at once. `currency` is what
    /// the company counts in.
    pub fn parse(
        &self,
        body: &Map<String, Json>,
        must_be_complete: bool,
        currency: &str,
    ) -> Result<Changes> {
        let mut errors = Vec::new();
        let mut changes = Changes::new();
        for (name, json) in body {
            match self.field(name) {
                None => errors.push(FieldProblem::new(name, "unknown_field", Json::Null)),
                Some(field) if field.read_only => {
                    errors.push(FieldProblem::new(name, "read_only", Json::Null));
                }
                Some(field) => match field.parse_in(json, currency) {
                    Ok(value) => {
                        changes.insert(name.clone(), value);
                    }
                    Err(refusal) => errors.push(FieldProblem::refused(name, &refusal)),
                },
            }
            if let Some(currency) = self.field(name).and_then(|field| field.counted_in)
                && let (Some(named), false) = (json.get("currency"), body.contains_key(currency))
                && let Some(field) = self.field(currency)
            {
                // An amount that says its currency says it for the record.
                match field.parse(named) {
                    Ok(value) => {
                        changes.insert(currency.into(), value);
                    }
                    Err(refusal) => errors.push(FieldProblem::refused(currency, &refusal)),
                }
            }
        }
        if must_be_complete {
            for field in self
                .fields
                .iter()
                .filter(|field| field.required && !field.system)
            {
                if !body.contains_key(&field.name) && field.default.is_null() {
                    errors.push(FieldProblem::new(&field.name, "required", Json::Null));
                }
            }
        }
        if errors.is_empty() {
            Ok(changes)
        } else {
            Err(Problem::invalid(errors))
        }
    }
}
