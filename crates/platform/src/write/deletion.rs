//! Deleting records, and what belongs to them, into the recycle bin.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use rules::permission::Action;
use rules::value::{Changes, OnDelete, Value};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

use super::Write;
use crate::problem::{Problem, Result};
use crate::resource::{Record, Resource};
use crate::search;

/// Records counted that stand against a delete.
const REFUSED_MAX: u64 = 100;

impl Write {
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
    pub(super) fn delete_record<'a>(&'a mut self, record: Record) -> BoxFuture<'a, Result<()>> {
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
                let dependants = self.records(&referrer, &select).await?;
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
            self.facts_beside(Some(&record), None).await?;
            self.remove_rows(&resource, &[record.id()]).await?;
            self.bin(&record, root, owner).await?;
            rules.after(self, Some(&record), None).await
        })
    }

    pub(super) async fn remove_rows(&mut self, resource: &Resource, ids: &[Uuid]) -> Result<()> {
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
    pub(super) async fn bin(
        &mut self,
        record: &Record,
        root: Uuid,
        owner: Option<Uuid>,
    ) -> Result<()> {
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
}
