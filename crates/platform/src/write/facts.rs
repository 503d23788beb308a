//! The facts of the records that a write changes: taken out before, put in at the end.

use std::collections::{BTreeMap, HashSet};

use rules::facts::Cells;
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use uuid::Uuid;

use super::Write;
use crate::db::col;
use crate::facts::{self, Follow, FollowedBy};
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
    /// Some of them were put in before the write's end.
    has_put: bool,
}

impl Write {
    /// Whether the sums follow this write: a rehearsal changes nothing, and what fills a whole database is summed at its end.
    fn keeps_facts(&self) -> bool {
        !self.is_rehearsal && !self.access.app.db.is_loading()
    }

    /// A record that is new has no facts to be taken out; it gets its own at the end.
    pub(super) async fn facts_of_new(&mut self, record: &Record) -> Result<()> {
        if let (Some(source), true) = (
            self.access.app.facts.get(record.resource.name.as_str()),
            self.keeps_facts(),
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
        self.facts_beside(Some(before), Some(after)).await
    }

    /// Takes a record's facts out before something beside its row changes from which they follow, too.
    pub async fn facts_change(&mut self, record: &Record) -> Result<()> {
        let resource = record.resource.clone();
        self.take_facts(&resource, &[record.id()]).await
    }

    /// Takes out the facts of other records that follow from this one, before it comes, changes or goes.
    pub(super) async fn facts_beside(
        &mut self,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        let Some(record) = before.or(after).filter(|_| self.keeps_facts()) else {
            return Ok(());
        };
        let app = self.access.app.clone();
        for source in app.facts.values() {
            let mut follows = source.follows().iter();
            let name = record.resource.name.as_str();
            let Some(follow) = follows.find(|follow| follow.resource == name) else {
                continue;
            };
            let value = |record: Option<&Record>, field: &str| {
                record.map(|record| record.get(field).clone())
            };
            let mut fields = follow.fields.iter();
            if fields.any(|field| value(before, field) != value(after, field)) {
                let resource = app.registry().find(source.resource())?;
                let ids = self.followers(follow, &resource, before, after).await?;
                self.take_facts(&resource, &ids).await?;
            }
        }
        Ok(())
    }

    async fn followers(
        &mut self,
        follow: &Follow,
        resource: &Resource,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<Vec<Uuid>> {
        // What is only coming is named by nobody yet.
        let known = before.map(Record::id);
        let named = |field: &str| -> Vec<Uuid> {
            let records = [before, after].into_iter().flatten();
            records
                .filter_map(|record| record.reference(field))
                .collect()
        };
        let beside = |table: &str, key: &str, column: &str, id: Uuid| {
            Query::select()
                .column(Alias::new(key))
                .from(Alias::new(table))
                .and_where(col(column).eq(id))
                .to_owned()
        };
        let mut select = Query::select();
        select
            .column(Alias::new("id"))
            .from(Alias::new(&resource.table));
        match (&follow.by, known) {
            (FollowedBy::Named(field), _) => return Ok(named(field)),
            (FollowedBy::Sharing(field), _) => {
                let mut shared = named(field);
                // What a bulk write makes itself is shared with nothing older than it.
                shared.retain(|id| self.facts.has_put || !self.roots.contains_key(id));
                if shared.is_empty() {
                    return Ok(shared);
                }
                select.and_where(col(field).is_in(shared));
            }
            (_, None) => return Ok(Vec::new()),
            (FollowedBy::Naming(field), Some(id)) => {
                select.and_where(col(field).eq(id));
            }
            (FollowedBy::Beside { table, key, column }, Some(id)) => {
                select = beside(table, key, column, id);
            }
            (
                FollowedBy::Beyond {
                    field,
                    table,
                    key,
                    column,
                },
                Some(id),
            ) => {
                select.and_where(col(field).in_subquery(beside(table, key, column, id)));
            }
        }
        let rows = self.rows(&select).await?;
        Ok(rows
            .iter()
            .map(|row| row.try_get_by_index(0))
            .collect::<Result<_, _>>()?)
    }

    /// Takes out the facts of records that are about to change or to go.
    pub(super) async fn take_facts(&mut self, resource: &Resource, ids: &[Uuid]) -> Result<()> {
        let Some(source) = self.access.app.facts.get(resource.name.as_str()).cloned() else {
            return Ok(());
        };
        if !self.keeps_facts() {
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
        self.facts.has_put = true;
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
        for addition in facts::additions(&change, backend) {
            self.pipe.execute(addition).await?;
        }
        Ok(())
    }
}
