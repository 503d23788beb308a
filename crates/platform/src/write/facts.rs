//! The facts of the records that a write changes: taken out before, put in at the end.

use std::collections::{BTreeMap, HashSet};

use rules::facts::Cells;
use uuid::Uuid;

use super::Write;
use crate::facts;
use crate::problem::Result;
use crate::resource::{Record, Resource};

/// Records whose facts are out, beyond which they are put in before the write's end.
const OUT_MAX: usize = 5_000;

/// What the write does to the sums.
#[derive(Default)]
pub(super) struct Taken {
    change: Cells,
    /// Records whose facts are out, or that had none, by resource.
    out: BTreeMap<&'static str, HashSet<Uuid>>,
}

impl Write {
    /// A record that is new has no facts to be taken out; it gets its own at the end.
    pub(super) async fn facts_of_new(&mut self, record: &Record) -> Result<()> {
        if let (Some(source), false) = (
            self.access.app.facts.get(record.resource.name.as_str()),
            self.is_rehearsal,
        ) {
            let out = self.facts.out.entry(source.resource()).or_default();
            out.insert(record.id());
            // A part may still be dropped, and with it what the facts would be read from.
            if out.len() >= OUT_MAX && !self.in_part {
                self.put_facts().await?;
            }
        }
        Ok(())
    }

    /// Takes a record's facts out before it changes, unless the change is none of theirs.
    pub(super) async fn facts_before(&mut self, before: &Record, after: &Record) -> Result<()> {
        let source = self.access.app.facts.get(before.resource.name.as_str());
        let follows = source.is_some_and(|source| {
            let mut fields = source.fields().iter();
            fields.any(|field| before.get(field) != after.get(field))
        });
        if follows {
            self.take_facts(&before.resource, &[before.id()]).await?;
        }
        Ok(())
    }

    /// Takes out the facts of records that are about to change or to go.
    pub(super) async fn take_facts(&mut self, resource: &Resource, ids: &[Uuid]) -> Result<()> {
        let Some(source) = self.access.app.facts.get(resource.name.as_str()).cloned() else {
            return Ok(());
        };
        if self.is_rehearsal {
            return Ok(());
        }
        let out = self.facts.out.entry(source.resource()).or_default();
        let new: Vec<Uuid> = ids.iter().copied().filter(|id| out.insert(*id)).collect();
        if new.is_empty() {
            return Ok(());
        }
        self.flush().await?;
        let app = self.access.app.clone();
        let change = &mut self.facts.change;
        let tx = self.pipe.settled().await?;
        facts::read(source.as_ref(), tx, &app.clock, &new, change, true).await
    }

    /// Puts in the facts of all records whose facts are out, as they now stand.
    async fn put_facts(&mut self) -> Result<()> {
        self.flush().await?;
        let app = self.access.app.clone();
        for (resource, ids) in std::mem::take(&mut self.facts.out) {
            if let Some(source) = app.facts.get(resource) {
                let mut ids: Vec<Uuid> = ids.into_iter().collect();
                // In their order records lie near each other.
                ids.sort_unstable();
                let change = &mut self.facts.change;
                let tx = self.pipe.settled().await?;
                facts::read(source.as_ref(), tx, &app.clock, &ids, change, false).await?;
            }
        }
        Ok(())
    }

    /// Writes what the write does to the sums.
    pub(super) async fn roll_up(&mut self) -> Result<()> {
        self.put_facts().await?;
        let mut change = std::mem::take(&mut self.facts.change);
        change.0.retain(|_, sum| !sum.is_nothing());
        if change.0.is_empty() {
            return Ok(());
        }
        if self.chain.is_none() {
            self.chain = Some(self.chain_end().await?);
        }
        let backend = self.pipe.backend();
        for insert in facts::additions(&change) {
            self.pipe.execute(backend.build(&insert)).await?;
        }
        Ok(())
    }
}
