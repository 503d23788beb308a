//! Rows of one table that go out in one statement.

use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::problem::Result;

/// SQLite takes at most 32,766 parameters in a statement; half of it keeps statements short enough to stay cached.
const PARAMETERS: usize = 16_000;
const ROWS: usize = 500;

pub struct Buffer {
    table: String,
    columns: Vec<String>,
    rows: Vec<Vec<sea_orm::Value>>,
}

impl Buffer {
    pub fn new(table: &str, columns: &[&str]) -> Buffer {
        Buffer {
            table: table.into(),
            columns: columns.iter().map(|c| (*c).into()).collect(),
            rows: Vec::new(),
        }
    }

    pub fn fits(&self, table: &str, columns: &[&str]) -> bool {
        self.table == table
            && self.columns.len() == columns.len()
            && self.columns.iter().zip(columns).all(|(a, b)| a == b)
    }

    /// Adds a row; true when it is time to flush.
    pub fn push(&mut self, row: Vec<sea_orm::Value>) -> bool {
        self.rows.push(row);
        self.rows.len() >= ROWS.min(PARAMETERS / self.columns.len().max(1))
    }

    pub async fn flush(&mut self, tx: &DatabaseTransaction) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(&self.table))
            .columns(self.columns.iter().map(Alias::new));
        for row in self.rows.drain(..) {
            insert.values_panic(row.into_iter().map(Expr::val));
        }
        tx.execute(&insert).await?;
        Ok(())
    }
}
