//! Rows and index entries on their way to the database, gathered into statements of many.

use sea_orm::{ConnectionTrait, DbBackend};
use uuid::Uuid;

use super::Write;
use super::buffer::Buffer;
use crate::problem::Result;
use crate::resource::Resource;
use crate::search::{self, Indexed};

/// Index rows kept before they are written together.
pub(super) const INDEX_CHUNK: usize = 1_500;

impl Write {
    /// Adds a row to any table; rows gather and go out together.
    pub async fn insert(
        &mut self,
        table: &str,
        columns: &[&str],
        row: Vec<sea_orm::Value>,
    ) -> Result<()> {
        if self.is_rehearsal {
            return Ok(());
        }
        let i = match self
            .buffers
            .iter()
            .position(|buffer| buffer.fits(table, columns))
        {
            Some(i) => i,
            None => {
                self.buffers.push(Buffer::new(table, columns));
                self.buffers.len() - 1
            }
        };
        if self.buffers[i].push(row) {
            // Tables are written in the order of their first use, so that a reference finds its row.
            for j in 0..=i {
                self.flush_buffer(j).await?;
            }
        }
        Ok(())
    }

    /// Runs a statement on a table that is no resource's.
    pub async fn execute<S: sea_orm::StatementBuilder + Sync>(
        &mut self,
        statement: &S,
    ) -> Result<u64> {
        if self.is_rehearsal {
            return Ok(0);
        }
        self.flush().await?;
        Ok(self
            .pipe
            .settled()
            .await?
            .execute(statement)
            .await?
            .rows_affected())
    }

    /// The same where nobody asks how many rows it changed: it may go out together with the next one.
    pub async fn execute_later<S: sea_orm::StatementBuilder + Sync>(
        &mut self,
        statement: &S,
    ) -> Result<()> {
        if self.is_rehearsal {
            return Ok(());
        }
        self.flush().await?;
        self.pipe
            .execute(self.pipe.backend().build(statement))
            .await
    }

    pub async fn execute_sql(&mut self, text: &str, values: Vec<sea_orm::Value>) -> Result<u64> {
        if self.is_rehearsal {
            return Ok(0);
        }
        self.flush().await?;
        let statement = sea_orm::Statement::from_sql_and_values(self.pipe.backend(), text, values);
        Ok(self
            .pipe
            .settled()
            .await?
            .execute_raw(statement)
            .await?
            .rows_affected())
    }

    pub(super) async fn flush(&mut self) -> Result<()> {
        for i in 0..self.buffers.len() {
            self.flush_buffer(i).await?;
        }
        Ok(())
    }

    pub(super) async fn flush_buffer(&mut self, i: usize) -> Result<()> {
        match self.buffers[i].take(self.pipe.backend()) {
            Some(statement) => self.hand_on(statement).await,
            None => Ok(()),
        }
    }

    /// Executes a statement that only writes: a bulk write goes on meanwhile.
    pub(super) async fn hand_on(&mut self, statement: sea_orm::Statement) -> Result<()> {
        match self.cause.is_bulk() {
            true => self.pipe.execute_behind(statement).await,
            false => self.pipe.execute(statement).await,
        }
    }

    pub(super) async fn flush_index(&mut self) -> Result<()> {
        let index = std::mem::take(&mut self.index);
        let mut rest = index;
        while let Some((resource, _, _, replace)) = rest.first() {
            let (resource, replace) = (resource.clone(), *replace);
            let (same, other): (Vec<_>, Vec<_>) = rest
                .into_iter()
                .partition(|(r, _, _, p)| r.name == resource.name && *p == replace);
            let records: Vec<(Uuid, Indexed)> = same
                .into_iter()
                .map(|(_, id, indexed, _)| (id, indexed))
                .collect();
            if replace {
                let ids: Vec<Uuid> = records.iter().map(|(id, _)| *id).collect();
                for some in ids.chunks(500) {
                    search::remove(self.pipe.settled().await?, &resource, some).await?;
                }
            }
            self.write_index(&resource, records).await?;
            rest = other;
        }
        Ok(())
    }

    pub(super) async fn write_index(
        &mut self,
        resource: &Resource,
        records: Vec<(Uuid, Indexed)>,
    ) -> Result<()> {
        let mut next = match (self.pipe.backend(), self.search_keys.get(&resource.table)) {
            (DbBackend::Postgres, _) => 0,
            (_, Some(next)) => *next,
            (_, None) => search::next_key(&self.pipe.rows(&search::newest_key(resource)).await?)?,
        };
        for statement in search::inserts(self.pipe.backend(), resource, records, &mut next) {
            self.hand_on(statement).await?;
        }
        self.search_keys.insert(resource.table.clone(), next);
        Ok(())
    }
}
