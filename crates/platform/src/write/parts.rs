//! Parts of a write that may be refused without the rest.

use sea_orm::ConnectionTrait;

use super::Write;
use super::rows::INDEX_CHUNK;
use crate::problem::Result;

/// Where a part of a write began; see `Write::begin_part`.
pub struct Part {
    entries: usize,
    told: usize,
    index: usize,
}

impl Write {
    /// Begins a part that may be refused without the rest, such as one record of a bulk change.
    pub async fn begin_part(&mut self) -> Result<Part> {
        self.flush().await?;
        if self.index.len() > INDEX_CHUNK / 2 {
            self.flush_index().await?;
        }
        self.run("SAVEPOINT part").await?;
        self.in_part = true;
        Ok(Part {
            entries: self.entries.len(),
            told: self.told.len(),
            index: self.index.len(),
        })
    }

    /// Keeps what was done since `begin_part`.
    pub async fn keep_part(&mut self) -> Result<()> {
        self.in_part = false;
        self.flush().await?;
        self.run("RELEASE SAVEPOINT part").await
    }

    /// Takes back what was done since `begin_part`.
    pub async fn drop_part(&mut self, part: Part) -> Result<()> {
        self.in_part = false;
        self.buffers.clear();
        self.pipe.forget();
        self.entries.truncate(part.entries);
        self.told.truncate(part.told);
        self.index.truncate(part.index);
        self.roots.clear();
        self.run("ROLLBACK TO SAVEPOINT part").await?;
        self.run("RELEASE SAVEPOINT part").await
    }

    async fn run(&mut self, statement: &str) -> Result<()> {
        let tx = self.pipe.settled().await?;
        tx.execute_unprepared(statement).await?;
        Ok(())
    }
}
