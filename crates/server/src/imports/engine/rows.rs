//! One row: what it means, what is wrong with it, and what is written.

use platform::clock::new_id;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use rules::names::fold;
use rules::value::{Changes, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::Extras;
use super::Running;
use super::chunk::{Draft, Known};
use crate::imports::cells::Parsed;
use crate::imports::mapping::Mode;
use crate::imports::{activities, opportunities};

/// A row on its way.
#[derive(Default)]
pub(super) struct Row {
    pub number: u32,
    /// `(source, value)` of all cells that say something.
    pub values: Vec<(usize, Value)>,
    /// Names of no record, to be made: `(source, text)`.
    pub missing: Vec<(usize, String)>,
    /// Names of several records, by source.
    pub several: Vec<(usize, Vec<Uuid>)>,
    /// What is wrong: `(source, code, params)`.
    pub bad: Vec<(Option<usize>, String, Json)>,
}

impl Row {
    pub fn refuse(&mut self, source: Option<usize>, code: &str, params: Json) {
        self.bad.push((source, code.to_owned(), params));
    }
    pub fn value(&self, source: usize) -> Option<&Value> {
        self.values
            .iter()
            .find(|(at, _)| *at == source)
            .map(|(_, value)| value)
    }
}

/// What becomes of a row.
pub(super) enum Act {
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

pub(super) fn cell_text(running: &Running<'_>, draft: &Draft, source: usize) -> String {
    running.plan.sources[source]
        .cell(&draft.row)
        .text()
        .trim()
        .to_owned()
}
