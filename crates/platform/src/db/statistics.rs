//! What the planner knows of the tables. PostgreSQL looks by itself; SQLite looks when it is told to.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::Db;

/// A smaller table is fast by any plan.
const ROWS_MIN: i64 = 1_000;

/// Tables with keys of their own, that are larger by a third than when they were last looked at. The highest key stands for
/// the number of rows: it costs one look.
const TABLES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0 \
                      AND name NOT LIKE 'sqlite!_%' ESCAPE '!'";

impl Db {
    /// Has SQLite count again how the tables are filled that have grown by a third since; answers which. It counts all of a
    /// table: an estimate from some of its rows misjudges fields of few values (a level, an outcome), by which lists are
    /// filtered most. Writers wait meanwhile.
    pub async fn refresh_statistics(&self) -> Result<Vec<String>, DbErr> {
        let mut counted = Vec::new();
        if self.is_postgres() {
            return Ok(counted);
        }
        let sql = |text: String| Statement::from_string(DbBackend::Sqlite, text);
        // Made by the first ANALYZE.
        let has_any = !self
            .write
            .query_all_raw(sql(
                "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'".into(),
            ))
            .await?
            .is_empty();
        for row in self.write.query_all_raw(sql(TABLES.into())).await? {
            let table: String = row.try_get_by_index(0)?;
            let rows = self
                .number(format!("SELECT MAX(rowid) FROM {table}"))
                .await?;
            // A statistic begins with the number of rows.
            let known = match has_any {
                true => {
                    self.number(format!(
                        "SELECT MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = '{table}'"
                    ))
                    .await?
                }
                false => 0,
            };
            if rows >= ROWS_MIN && rows > known + known / 3 {
                self.write
                    .execute_unprepared(&format!("ANALYZE {table}"))
                    .await?;
                counted.push(table);
            }
        }
        if !counted.is_empty() {
            // Open connections read statistics again only when the schema changes.
            self.write
                .execute_unprepared(
                    "BEGIN IMMEDIATE; CREATE TABLE statistics_changed (at BIGINT); DROP TABLE statistics_changed; COMMIT",
                )
                .await?;
        }
        Ok(counted)
    }

    async fn number(&self, text: String) -> Result<i64, DbErr> {
        let row = self
            .write
            .query_one_raw(Statement::from_string(DbBackend::Sqlite, text))
            .await?;
        Ok(match row {
            Some(row) => row.try_get_by_index::<Option<i64>>(0)?.unwrap_or_default(),
            None => 0,
        })
    }
}
