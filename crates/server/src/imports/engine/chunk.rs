//! One chunk of rows: cells are read, and everything that the rows need from the database is asked for together.

use std::collections::{HashMap, HashSet};

use platform::problem::Result;
use platform::resource::Record;
use rules::value::{Refusal, Value};
use sheet::Row;
use uuid::Uuid;

use super::Running;
use crate::imports::cells::Parsed;
use crate::imports::existing::{self, Namesake};
use crate::imports::mapping::{Duplicates, Mode};
use crate::imports::reading::{Line, params_of};
use crate::imports::resolve::{Found, Name};

/// A row whose cells are read.
pub struct Draft {
    pub row: Row,
    /// One for each source of the plan.
    pub cells: Vec<std::result::Result<Parsed, Refusal>>,
}

impl Draft {
    pub fn text(&self, source: usize) -> Option<&str> {
        match &self.cells[source] {
            Ok(Parsed::Value(Value::Text(text)) | Parsed::Name(text)) => Some(text),
            _ => None,
        }
    }
}

/// What the database has for the rows of a chunk.
pub struct Known {
    /// By folded key.
    pub by_key: HashMap<String, Vec<Record>>,
    /// Holders of unique values, by source and value.
    pub holders: HashMap<usize, HashMap<String, Uuid>>,
    /// Customers, by the core of their name.
    pub namesakes: HashMap<String, Vec<Namesake>>,
    /// Customers that duplicates are to update, as far as the importer may see them.
    pub likely: HashMap<Uuid, Record>,
}

impl Running<'_> {
    pub async fn chunk(&mut self, lines: Vec<Line>) -> Result<()> {
        let mut drafts = Vec::with_capacity(lines.len());
        for line in lines {
            match line {
                Ok(row) => {
                    let cells = self
                        .plan
                        .sources
                        .iter()
                        .map(|source| source.reader.read(&source.cell(&row)))
                        .collect();
                    drafts.push(Draft { row, cells });
                }
                Err(error) => {
                    self.summary.bad_rows += 1;
                    self.trouble(
                        error.row().unwrap_or_default(),
                        None,
                        String::new(),
                        error.code(),
                        params_of(&error),
                    )?;
                }
            }
        }
        self.learn_names(&drafts).await?;
        let mut known = self.look_up(&drafts).await?;
        for draft in drafts {
            self.row(draft, &mut known).await?;
        }
        Ok(())
    }

    async fn learn_names(&mut self, drafts: &[Draft]) -> Result<()> {
        // First the records in which others lie, then those.
        for lies_within in [false, true] {
            let mut wanted: HashSet<Name> = HashSet::new();
            for draft in drafts {
                for (i, source) in self.plan.sources.iter().enumerate() {
                    if source.within.is_some() != lies_within || source.name() == "id" {
                        continue;
                    }
                    let within = self.within(draft, i);
                    match &draft.cells[i] {
                        Ok(Parsed::Name(text)) => wanted.extend(self.name_of(source, text, within)),
                        Ok(Parsed::Names(texts)) => {
                            wanted.extend(
                                texts
                                    .iter()
                                    .filter_map(|text| self.name_of(source, text, within)),
                            );
                        }
                        _ => {}
                    }
                }
            }
            self.names.learn(wanted).await?;
        }
        Ok(())
    }

    /// The record in which the named one of this source must lie.
    pub fn within(&self, draft: &Draft, source: usize) -> Option<Uuid> {
        let field = self.plan.sources[source].within.as_deref()?;
        let said = self.plan.source_of(field).and_then(|parent| {
            let text = match &draft.cells[parent] {
                Ok(Parsed::Name(text)) => text,
                _ => return None,
            };
            match self
                .names
                .get(&self.name_of(&self.plan.sources[parent], text, None)?)
            {
                Found::One(id) => Some(id),
                _ => None,
            }
        });
        said.or(self.usual_process.filter(|_| field == "process_id"))
    }

    async fn look_up(&mut self, drafts: &[Draft]) -> Result<Known> {
        let plan = self.plan;
        let resource = plan.resource.clone();
        let key = plan.key.as_deref().and_then(|key| plan.source_of(key));
        let mut known = Known {
            by_key: HashMap::new(),
            holders: HashMap::new(),
            namesakes: HashMap::new(),
            likely: HashMap::new(),
        };
        let texts = |source: usize| -> HashSet<String> {
            drafts
                .iter()
                .filter_map(|draft| draft.text(source))
                .map(str::to_owned)
                .collect()
        };
        if let Some(key) = key {
            let field = plan.sources[key].name();
            known.by_key = existing::by_key(&mut self.write, &resource, field, &texts(key)).await?;
        }
        for (i, source) in plan.sources.iter().enumerate() {
            let field = source.field();
            if field.unique && field.kind.is_text() && !source.target.is_extra {
                let mut values = texts(i);
                values.extend(texts(i).into_iter().map(|text| text.to_uppercase()));
                known.holders.insert(
                    i,
                    existing::holders(&self.access, &resource, &field.name, &values).await?,
                );
            }
        }
        if resource.name == "customers"
            && plan.mode != Mode::Update
            && let Some(name) = plan.source_of("name")
        {
            known.namesakes = existing::namesakes(&self.access, &resource, &texts(name)).await?;
        }
        if resource.name == "customers" && plan.duplicates == Duplicates::Update {
            let holders = known.holders.values().flat_map(HashMap::values);
            let ids: HashSet<String> = known
                .namesakes
                .values()
                .flatten()
                .map(|namesake| &namesake.id)
                .chain(holders)
                .map(Uuid::to_string)
                .collect();
            let found = existing::by_key(&mut self.write, &resource, "id", &ids).await?;
            known.likely = found
                .into_values()
                .flatten()
                .map(|record| (record.id(), record))
                .collect();
        }
        Ok(known)
    }
}
