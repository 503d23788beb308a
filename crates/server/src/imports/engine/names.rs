//! The names in a chunk: rows that follow, records that are missing, and who lies below whom.

use std::collections::{HashMap, HashSet};

use platform::clock::new_id;
use platform::problem::{Problem, Result};
use platform::resource::{Guard, Record};
use rules::names::fold;
use rules::value::Value;
use sheet::Row;
use uuid::Uuid;

use super::Running;
use crate::imports::cells::Parsed;
use crate::imports::existing;
use crate::imports::mapping::Mode;
use crate::imports::plan::Source;
use crate::imports::reading::Line;
use crate::imports::resolve::{Found, Name};
use crate::imports::targets::names_of;

/// Parts a path of teams: `East/Shanghai` lies below `East`.
const PATH: char = '/';

impl Running<'_> {
    /// Gives ids to the rows of a chunk before any row is written, so that rows may refer to rows that follow.
    pub async fn look_ahead(&mut self, chunk: &[Line]) -> Result<()> {
        let resource = self.plan.resource.clone();
        let naming: Vec<usize> = names_of(&resource)
            .iter()
            .filter_map(|name| self.plan.source_of(name))
            .collect();
        let key = self
            .plan
            .key
            .as_deref()
            .and_then(|key| self.plan.source_of(key));
        let text = |source: &Source, row: &Row| match source.reader.read(&source.cell(row)) {
            Ok(Parsed::Value(Value::Text(text)) | Parsed::Name(text)) => Some(text),
            _ => None,
        };
        let mut known = HashMap::new();
        if let (Some(key), true) = (key, self.plan.mode != Mode::Create) {
            let texts: HashSet<String> = chunk
                .iter()
                .flatten()
                .filter_map(|row| text(&self.plan.sources[key], row))
                .collect();
            let field = self.plan.sources[key].name().to_owned();
            known = existing::by_key(&mut self.write, &resource, &field, &texts).await?;
        }
        let mut wanted = HashSet::new();
        let mut rows = Vec::new();
        for row in chunk.iter().flatten() {
            let names: Vec<String> = naming
                .iter()
                .filter_map(|source| text(&self.plan.sources[*source], row))
                .map(|text| fold(&text))
                .collect();
            for name in &names {
                wanted.insert(Name {
                    resource: resource.name.clone(),
                    by: None,
                    within: None,
                    text: name.clone(),
                });
            }
            let existing = key
                .and_then(|key| text(&self.plan.sources[key], row))
                .and_then(|text| known.get(&fold(&text)))
                .filter(|records| records.len() == 1)
                .map(|records| records[0].id());
            rows.push((row.number, existing, names));
        }
        self.names.learn(wanted).await?;
        for (number, existing, names) in rows {
            let id = existing.unwrap_or_else(new_id);
            if existing.is_none() {
                self.promised.insert(id);
            }
            self.ahead.insert(number, id);
            for name in names {
                self.names.add(&resource.name, &name, id);
            }
        }
        Ok(())
    }

    /// The name as it is asked for.
    pub fn name_of(&self, source: &Source, text: &str, within: Option<Uuid>) -> Option<Name> {
        Some(Name {
            resource: source.refers_to()?.to_owned(),
            // Rows of the same file are known by any of their names.
            by: source
                .by
                .clone()
                .filter(|_| source.refers_to() != Some(&self.plan.resource.name)),
            within,
            text: fold(text),
        })
    }

    /// Makes the record that a row refers to and that does not exist.
    pub async fn make(
        &mut self,
        source: usize,
        text: &str,
        owner: Option<Uuid>,
    ) -> Result<Option<Uuid>> {
        let Some(name) = self.name_of(&self.plan.sources[source], text, None) else {
            return Ok(None);
        };
        if let Found::One(id) = self.names.get(&name) {
            return Ok(Some(id));
        }
        if name.resource == "teams" && text.contains(PATH) {
            return self.make_path(&name, text).await.map(Some);
        }
        let record = self.new_record(&name.resource, text, owner)?;
        let id = self.create_made(record).await?;
        self.names.made(&name, id);
        Ok(Some(id))
    }

    async fn make_path(&mut self, whole: &Name, text: &str) -> Result<Uuid> {
        let mut above: Option<Uuid> = None;
        for part in text
            .split(PATH)
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let name = Name {
                text: fold(part),
                by: None,
                ..whole.clone()
            };
            self.names.learn(HashSet::from([name.clone()])).await?;
            let id = match self.names.get(&name) {
                Found::One(id) => id,
                Found::Several(_) => return Err(Problem::rule("ambiguous_reference")),
                Found::Nothing => {
                    let mut record = self.new_record(&whole.resource, part, None)?;
                    record.set("parent_id", above);
                    let id = self.create_made(record).await?;
                    self.names.made(&name, id);
                    id
                }
            };
            above = Some(id);
        }
        let id = above.ok_or_else(|| Problem::rule("unknown_reference"))?;
        self.names.made(whole, id);
        Ok(id)
    }

    fn new_record(&self, resource: &str, label: &str, owner: Option<Uuid>) -> Result<Record> {
        let resource = self.access.resource(resource)?;
        let mut record = Record::empty(&resource);
        record.set("id", new_id());
        record.set("created_at", self.write.now);
        if let Some(field) = resource.field(&resource.label_field) {
            let value = field.parse(&serde_json::json!(label)).map_err(|refusal| {
                Problem::invalid(vec![platform::problem::FieldProblem::refused(
                    &resource.label_field,
                    &refusal,
                )])
            })?;
            record.set(&resource.label_field, value);
        }
        if let Guard::Owner(field) = resource.guard {
            record.set(field, owner);
        }
        Ok(record)
    }

    async fn create_made(&mut self, record: Record) -> Result<Uuid> {
        let record = self.own(record);
        let name = record.resource.name.clone();
        let record = self.write.create_record(record).await?;
        self.write.remember(&record);
        *self.summary.made.entry(name).or_default() += 1;
        Ok(record.id())
    }

    /// Nobody's record stays nobody's only where the importer may make such; else it is the importer's.
    pub fn own(&self, mut record: Record) -> Record {
        let Guard::Owner(field) = record.resource.guard else {
            return record;
        };
        let action = rules::permission::Action::Create;
        if record.get(field).is_null()
            && !self
                .access
                .covers(&record.resource, record.id(), None, action)
        {
            record.set(field, self.access.actor.person());
        }
        record
    }

    /// Notes that `record` lies below `above`; false when that would close a circle.
    pub fn lies_below(&mut self, source: usize, record: Uuid, above: Uuid) -> bool {
        let directory = self.access.app.directory();
        let field = self.plan.sources[source].name();
        let stored = |id: Uuid| match field {
            "parent_id" if self.plan.resource.name == "teams" => {
                directory.teams.get(&id)?.parent_id
            }
            "supervisor_id" => directory.people.get(&id)?.supervisor_id,
            _ => None,
        };
        let mut next = Some(above);
        let mut steps = 0;
        while let Some(id) = next {
            if id == record
                || steps > self.above.len() + directory.people.len() + directory.teams.len()
            {
                return false;
            }
            steps += 1;
            next = self
                .above
                .get(&(source, id))
                .copied()
                .or_else(|| stored(id));
        }
        self.above.insert((source, record), above);
        true
    }
}
