//! Rows of one table that go out in one statement.

use std::fmt::Write as _;

use sea_orm::{DbBackend, Statement};

/// Parameters in one statement. Databases take many times more, but a program this short stays in the processor's cache,
/// which is worth more than the round trips that it saves.
const PARAMETERS: usize = 2_000;
const ROWS: usize = 200;

pub struct Buffer {
    table: String,
    columns: Vec<String>,
    values: Vec<sea_orm::Value>,
    rows: usize,
}

impl Buffer {
    pub fn new(table: &str, columns: &[&str]) -> Buffer {
        Buffer {
            table: table.into(),
            columns: columns.iter().map(|c| (*c).into()).collect(),
            values: Vec::new(),
            rows: 0,
        }
    }

    pub fn fits(&self, table: &str, columns: &[&str]) -> bool {
        self.table == table
            && self.columns.len() == columns.len()
            && self.columns.iter().zip(columns).all(|(a, b)| a == b)
    }

    /// Adds a row; true when it is time to take the statement.
    pub fn push(&mut self, row: impl IntoIterator<Item = sea_orm::Value>) -> bool {
        self.values.extend(row);
        self.rows += 1;
        self.rows >= ROWS.min(PARAMETERS / self.columns.len().max(1))
    }

    /// The statement that inserts what has gathered; none when nothing has.
    pub fn take(&mut self, backend: DbBackend) -> Option<Statement> {
        if self.rows == 0 {
            return None;
        }
        let text = insert_text(backend, &self.table, &self.columns, self.rows);
        self.rows = 0;
        let capacity = self.values.len();
        let values = std::mem::replace(&mut self.values, Vec::with_capacity(capacity));
        Some(Statement::from_sql_and_values(backend, text, values))
    }
}

/// `INSERT INTO … VALUES (…), (…)` of so many rows.
pub(crate) fn insert_text(
    backend: DbBackend,
    table: &str,
    columns: &[impl AsRef<str>],
    rows: usize,
) -> String {
    let mut text = String::with_capacity(64 + columns.len() * (16 + rows * 6));
    let _ = write!(text, "INSERT INTO \"{table}\" (");
    for (i, column) in columns.iter().enumerate() {
        let column = column.as_ref();
        let _ = write!(text, "{}\"{column}\"", if i > 0 { "," } else { "" });
    }
    text.push_str(") VALUES ");
    let mut number = 0;
    for row in 0..rows {
        text.push_str(if row > 0 { ",(" } else { "(" });
        for i in 0..columns.len() {
            number += 1;
            if i > 0 {
                text.push(',');
            }
            match backend {
                DbBackend::Postgres => {
                    let _ = write!(text, "${number}");
                }
                _ => text.push('?'),
            }
        }
        text.push(')');
    }
    text
}
