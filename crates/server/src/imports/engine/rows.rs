//! One row: what it means, what is wrong with it, and what is written.

use std::hash::{DefaultHasher, Hash, Hasher};

use platform::clock::new_id;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use rules::names::{core_name, fold, same_name};
use rules::value::{Changes, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::Extras;
use super::chunk::{Draft, Known};
use super::{Forward, Running};
use crate::imports::cells::Parsed;
use crate::imports::mapping::{Duplicates, Mode};
use crate::imports::resolve::Found;
use crate::imports::{activities, opportunities};

/// A row on its way.
#[derive(Default)]
struct Row {
    number: u32,
    /// `(source, value)` of all cells that say something.
    values: Vec<(usize, Value)>,
    /// Names of no record, to be made: `(source, text)`.
    missing: Vec<(usize, String)>,
    /// Names of several records, by source.
    several: Vec<(usize, Vec<Uuid>)>,
    /// What is wrong: `(source, code, params)`.
    bad: Vec<(Option<usize>, String, Json)>,
}

impl Row {
    fn refuse(&mut self, source: Option<usize>, code: &str, params: Json) {
        self.bad.push((source, code.to_owned(), params));
    }
    fn value(&self, source: usize) -> Option<&Value> {
        self.values
            .iter()
            .find(|(at, _)| *at == source)
            .map(|(_, value)| value)
    }
}

/// What becomes of a row.
enum Act {
    Create,
    Update(Box<Record>),
    Skip,
}

impl Running<'_> {
    pub async fn row(&mut self, draft: Draft, known: &mut Known) -> Result<()> {
        let mut row = self.resolved(&draft);
        let act = self.act_of(&draft, &mut row, known)?;
        let Some(act) = act else {
            return self.leave_out(&draft, row);
        };
        self.settle_several(&mut row, &act);
        let id = match &act {
            Act::Create => self.ahead.get(&row.number).copied().unwrap_or_else(new_id),
            Act::Update(record) => record.id(),
            Act::Skip => {
                self.summary.skip += 1;
                return Ok(());
            }
        };
        self.check_own_references(&draft, &mut row, id);
        if !row.bad.is_empty() {
            return self.leave_out(&draft, row);
        }
        let written = match self.make_missing(&mut row).await {
            Ok(()) => match act {
                Act::Create => self.create(&draft, &row, id).await,
                Act::Update(record) => self.update(&row, *record).await,
                Act::Skip => Ok(()),
            },
            Err(problem) => Err(problem),
        };
        match written {
            Ok(()) => Ok(()),
            Err(problem) if problem.is_internal() => Err(problem),
            Err(problem) => {
                self.refused(&mut row, &problem);
                self.leave_out(&draft, row)
            }
        }
    }

    fn resolved(&self, draft: &Draft) -> Row {
        let customer = self.customer_of(draft);
        let mut row = Row {
            number: draft.row.number,
            ..Row::default()
        };
        for (i, source) in self.plan.sources.iter().enumerate() {
            match &draft.cells[i] {
                Err(refusal) => row.refuse(Some(i), refusal.code, refusal.params.clone()),
                Ok(Parsed::Value(Value::Null)) => {}
                Ok(Parsed::Value(value)) => row.values.push((i, value.clone())),
                Ok(Parsed::Name(text)) if source.name() == "id" => match Uuid::parse_str(text) {
                    Ok(id) => row.values.push((i, Value::Id(id))),
                    Err(_) => row.refuse(Some(i), "not_an_id", json!({})),
                },
                Ok(Parsed::Name(text)) => match self.find_at(customer, draft, i, text) {
                    Found::One(id) => row.values.push((i, Value::Id(id))),
                    Found::Several(ids) => row.several.push((i, ids)),
                    Found::Nothing if source.create_missing => row.missing.push((i, text.clone())),
                    Found::Nothing => self.unknown(&mut row, i),
                },
                Ok(Parsed::Names(texts)) => {
                    let mut ids = Vec::new();
                    for text in texts {
                        match self.find_at(customer, draft, i, text) {
                            Found::One(id) => ids.push(id.to_string()),
                            Found::Several(several) => {
                                row.refuse(
                                    Some(i),
                                    "ambiguous_reference",
                                    json!({ "count": several.len() }),
                                );
                            }
                            Found::Nothing => self.unknown(&mut row, i),
                        }
                    }
                    row.values.push((i, Value::List(ids)));
                }
            }
        }
        row
    }

    /// The customer that the row names.
    fn customer_of(&self, draft: &Draft) -> Option<Uuid> {
        let source = self.plan.source_of("customer_id")?;
        match &draft.cells[source] {
            Ok(Parsed::Name(text)) => match self.find(draft, source, text) {
                Found::One(id) => Some(id),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a name means in a row of this customer: its contacts and opportunities, not others' of the same name.
    fn find_at(&self, customer: Option<Uuid>, draft: &Draft, source: usize, text: &str) -> Found {
        let found = self.find(draft, source, text);
        let Some(customer) = customer else {
            return found;
        };
        let ids = match &found {
            Found::Nothing => return found,
            Found::One(id) => vec![*id],
            Found::Several(ids) => ids.clone(),
        };
        let mut there = Found::Nothing;
        for id in ids {
            if self.names.customer_of(id).is_none_or(|of| of == customer) {
                there.add(id);
            }
        }
        there
    }

    fn find(&self, draft: &Draft, source: usize, text: &str) -> Found {
        let within = self.within(draft, source);
        match self.name_of(&self.plan.sources[source], text, within) {
            Some(name) => self.names.get(&name),
            None => Found::Nothing,
        }
    }

    fn unknown(&self, row: &mut Row, source: usize) {
        let resource = self.plan.sources[source].refers_to().unwrap_or_default();
        row.refuse(
            Some(source),
            "unknown_name",
            json!({ "resource": resource }),
        );
    }

    /// What the row means, by its key and its likeness to others; none when it is bad.
    fn act_of(&mut self, draft: &Draft, row: &mut Row, known: &mut Known) -> Result<Option<Act>> {
        let key = self
            .plan
            .key
            .as_deref()
            .and_then(|key| self.plan.source_of(key));
        let mut act = Act::Create;
        if let Some(key) = key {
            match draft.text(key) {
                None if self.plan.mode == Mode::Upsert && self.plan.sources[key].name() == "id" => {
                }
                None => row.refuse(Some(key), "required", json!({})),
                Some(text) => {
                    let found = known
                        .by_key
                        .get(&fold(text))
                        .map(Vec::as_slice)
                        .unwrap_or_default();
                    match (self.plan.mode, found) {
                        (Mode::Create, []) | (Mode::Upsert, []) => {}
                        (Mode::Create, _) => row.refuse(Some(key), "already_exists", json!({})),
                        (_, [record]) => act = Act::Update(Box::new(record.clone())),
                        (Mode::Update, []) => row.refuse(Some(key), "no_such_record", json!({})),
                        (_, several) => row.refuse(
                            Some(key),
                            "ambiguous_key",
                            json!({ "count": several.len() }),
                        ),
                    }
                }
            }
        }
        if self.plan.mode != Mode::Update
            && let Some(by_name) = self.namesake(draft, row, known, &act)?
        {
            act = by_name;
        }
        self.once_only(draft, row, known, &act);
        if let Act::Create = act {
            for field in self
                .plan
                .resource
                .fields
                .iter()
                .filter(|field| field.required && !field.system)
            {
                let Some(source) = self.plan.source_of(&field.name) else {
                    continue;
                };
                let is_empty = matches!(draft.cells[source], Ok(Parsed::Value(Value::Null)));
                if is_empty && field.default.is_null() {
                    row.refuse(Some(source), "required", json!({}));
                }
            }
        }
        Ok(row.bad.is_empty().then_some(act))
    }

    /// Values that may stand only once: in the file, and in the database.
    fn once_only(&mut self, draft: &Draft, row: &mut Row, known: &Known, act: &Act) {
        for (i, source) in self.plan.sources.iter().enumerate() {
            let is_key = self.plan.key.as_deref() == Some(source.name());
            if !(is_key || source.field().unique) || source.target.is_extra {
                continue;
            }
            let Some(text) = draft.text(i) else { continue };
            let mut hasher = DefaultHasher::new();
            fold(text).hash(&mut hasher);
            let first = *self.seen.entry((i, hasher.finish())).or_insert(row.number);
            if first != row.number {
                row.refuse(Some(i), "duplicate_in_file", json!({ "row": first }));
                continue;
            }
            let own = match act {
                Act::Update(record) => Some(record.id()),
                _ => None,
            };
            let holders = known.holders.get(&i);
            let holder = holders.and_then(|holders| {
                holders
                    .get(text)
                    .or_else(|| holders.get(&text.to_uppercase()))
            });
            if holder.is_some_and(|holder| Some(*holder) != own) && !matches!(act, Act::Skip) {
                row.refuse(Some(i), "already_exists", json!({}));
            }
        }
    }

    /// A new customer that seems to exist, in the database or further up in the file.
    fn namesake(
        &mut self,
        draft: &Draft,
        row: &mut Row,
        known: &mut Known,
        act: &Act,
    ) -> Result<Option<Act>> {
        if self.plan.resource.name != "customers" || !matches!(act, Act::Create) {
            return Ok(None);
        }
        let by_code = self.plan.source_of("credit_code").and_then(|source| {
            let text = draft.text(source)?.to_uppercase();
            known
                .holders
                .get(&source)?
                .get(&text)
                .map(|id| (source, *id))
        });
        let name = self
            .plan
            .source_of("name")
            .and_then(|source| Some((source, draft.text(source)?.to_owned())));
        let core = name
            .as_ref()
            .map(|(_, name)| core_name(name))
            .filter(|core| !core.is_empty());
        let (mut hit, mut warning) = (by_code, None);
        if let (Some((source, name)), Some(core)) = (&name, core) {
            let stored = known
                .namesakes
                .get(&core)
                .into_iter()
                .flatten()
                .find(|other| same_name(&other.name, name));
            let in_file = self.cores.entry(core).or_default();
            let above = in_file
                .iter()
                .find(|(_, other)| same_name(other, name))
                .cloned();
            in_file.push((row.number, name.clone()));
            if let Some(stored) = stored {
                hit = hit.or(Some((*source, stored.id)));
                warning = Some((*source, "same_name_exists", json!({})));
            } else if let Some((first, other)) = above {
                warning = Some((
                    *source,
                    "same_name_in_file",
                    json!({ "row": first, "name": other }),
                ));
            }
        }
        if by_code.is_none() && warning.is_none() {
            return Ok(None);
        }
        let act = match (self.plan.duplicates, hit) {
            (Duplicates::Create, _) => None,
            (Duplicates::Skip, _) | (Duplicates::Update, None) => Some(Act::Skip),
            (Duplicates::Update, Some((source, id))) => {
                // Only what the importer can see may be updated by the likeness of a name.
                match known.likely.get(&id) {
                    Some(record) => Some(Act::Update(Box::new(record.clone()))),
                    None => {
                        row.refuse(Some(source), "exists_out_of_reach", json!({}));
                        None
                    }
                }
            }
        };
        if let Some((source, code, params)) = warning {
            let mut trouble = self.trouble_at(
                row.number,
                Some(source),
                cell_text(self, draft, source),
                code,
                params,
            );
            trouble.is_warning = true;
            self.troubles.add(trouble)?;
        }
        Ok(act)
    }

    /// A name that fits several records means the one that the record already refers to, if that is among them.
    fn settle_several(&self, row: &mut Row, act: &Act) {
        for (source, ids) in std::mem::take(&mut row.several) {
            let current = match act {
                Act::Update(record) => record.reference(self.plan.sources[source].name()),
                _ => None,
            };
            match current.filter(|id| ids.contains(id)) {
                Some(id) => row.values.push((source, Value::Id(id))),
                None => row.refuse(
                    Some(source),
                    "ambiguous_reference",
                    json!({ "count": ids.len() }),
                ),
            }
        }
    }

    /// References to other rows of the file, or to records of the same resource: no circles.
    fn check_own_references(&mut self, draft: &Draft, row: &mut Row, id: Uuid) {
        for (i, source) in self.plan.sources.iter().enumerate() {
            if source.refers_to() != Some(&self.plan.resource.name) || source.name() == "id" {
                continue;
            }
            let Some(above) = row.value(i).and_then(Value::as_id) else {
                continue;
            };
            if !self.lies_below(i, id, above) {
                row.refuse(Some(i), "cycle", json!({}));
            } else if self.promised.contains(&above) {
                let text = cell_text(self, draft, i);
                self.forward.push(Forward {
                    row: row.number,
                    source: i,
                    record: id,
                    refers_to: above,
                    text,
                });
            }
        }
    }

    async fn make_missing(&mut self, row: &mut Row) -> Result<()> {
        let owner = self
            .plan
            .source_of("owner_id")
            .and_then(|source| row.value(source))
            .and_then(Value::as_id);
        for (source, text) in std::mem::take(&mut row.missing) {
            if let Some(id) = self.make(source, &text, owner).await? {
                row.values.push((source, Value::Id(id)));
            }
        }
        Ok(())
    }

    async fn create(&mut self, draft: &Draft, row: &Row, id: Uuid) -> Result<()> {
        let mut record = Record::empty(&self.plan.resource);
        record.set("id", id);
        record.set("created_at", self.write.now);
        let extras = self.fill(row, |field, value| record.set(field, value));
        let mut record = self.own(record);
        let line = match self.plan.resource.name.as_str() {
            "opportunities" => {
                opportunities::prepare(&mut self.write, &mut record, &extras).await?
            }
            activities::NAME => {
                activities::prepare(&self.write, &mut record, &extras)?;
                None
            }
            _ => None,
        };
        let record = self.write.create_record(record).await?;
        if let Some(line) = line {
            opportunities::follow(&mut self.write, &record, line).await?;
        }
        self.promised.remove(&id);
        self.summary.create += 1;
        self.warn_of_missing_days(draft, row)
    }

    /// Rows that could have told when they began and don't begin at the moment of the import.
    fn warn_of_missing_days(&mut self, draft: &Draft, row: &Row) -> Result<()> {
        let tells = |source: usize| opportunities::is_opening_day(self.plan.sources[source].name());
        let days: Vec<usize> = (0..self.plan.sources.len())
            .filter(|source| tells(*source))
            .collect();
        if days.is_empty() || days.iter().any(|source| row.value(*source).is_some()) {
            return Ok(());
        }
        let mut trouble = self.trouble_at(
            row.number,
            Some(days[0]),
            cell_text(self, draft, days[0]),
            "no_opening_day",
            json!({}),
        );
        trouble.is_warning = true;
        self.troubles.add(trouble)
    }

    async fn update(&mut self, row: &Row, record: Record) -> Result<()> {
        let mut changes = Changes::new();
        self.fill(row, |field, value| {
            if field != "id" {
                changes.insert(field.to_owned(), value);
            }
        });
        let version = record.version();
        let record = self.write.update_known(record, changes).await?;
        if record.version() == version {
            self.summary.skip += 1;
        } else {
            self.summary.update += 1;
        }
        Ok(())
    }

    /// Hands the record's own fields to `set`, and answers the rest.
    fn fill(&self, row: &Row, mut set: impl FnMut(&str, Value)) -> Extras {
        let mut extras = Extras::new();
        for (source, value) in &row.values {
            let target = &self.plan.sources[*source].target;
            if target.is_extra {
                extras.insert(target.field.name.clone(), value.clone());
            } else {
                set(&target.field.name, value.clone());
            }
        }
        extras
    }

    /// A refusal of the rules, at the cell that it is about.
    fn refused(&self, row: &mut Row, problem: &Problem) {
        for error in &problem.errors {
            let source = self.plan.source_of(error.pointer.trim_start_matches('/'));
            row.refuse(source, &error.code, error.params.clone());
        }
        if problem.errors.is_empty() {
            row.refuse(None, problem.code, problem.params.clone());
        }
    }

    fn leave_out(&mut self, draft: &Draft, mut row: Row) -> Result<()> {
        for (source, ids) in std::mem::take(&mut row.several) {
            row.refuse(
                Some(source),
                "ambiguous_reference",
                json!({ "count": ids.len() }),
            );
        }
        self.summary.bad_rows += 1;
        for (source, code, params) in row.bad {
            let value = source
                .map(|source| cell_text(self, draft, source))
                .unwrap_or_default();
            self.trouble(row.number, source, value, &code, params)?;
        }
        Ok(())
    }
}

fn cell_text(running: &Running<'_>, draft: &Draft, source: usize) -> String {
    running.plan.sources[source]
        .cell(&draft.row)
        .text()
        .trim()
        .to_owned()
}
