//! Filling an empty database: indexes that only serve finding wait until everything is there.
//!
//! A row costs one insert into each index, at a random place of a tree that no longer fits the cache; sorting all of them once
//! at the end is several times faster. What was put aside is written down in the database, so that a load that died leaves no
//! index out: the next start brings them back.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, TransactionTrait};

use super::Db;

/// The indexes put aside and how each is made; there only while some are.
const ASIDE: &str = "index_aside";

impl Db {
    /// Puts aside every index that keeps no rule of its own (uniqueness does), and lets SQLite leave the rest of its care until
    /// [`Db::bring_indexes_back`]: a power cut before may leave the file unreadable, and references aren't checked row by row.
    pub async fn put_indexes_aside(&self) -> Result<(), DbErr> {
        let found = match self.backend() {
            DbBackend::Postgres => {
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() \
                 AND indexdef NOT LIKE 'CREATE UNIQUE %'"
            }
            _ => {
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL \
                 AND sql NOT LIKE 'CREATE UNIQUE %'"
            }
        };
        if !self.is_postgres() {
            let careless = "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 20000; \
                            PRAGMA cache_size = -262144";
            self.write.execute_unprepared(careless).await?;
        }
        let tx = self.write.begin().await?;
        tx.execute_unprepared(&format!(
            "CREATE TABLE {ASIDE} (name TEXT PRIMARY KEY, definition TEXT NOT NULL)"
        ))
        .await?;
        tx.execute_unprepared(&format!("INSERT INTO {ASIDE} {found}"))
            .await?;
        for (name, _) in aside(&tx).await? {
            tx.execute_unprepared(&format!("DROP INDEX \"{name}\""))
                .await?;
        }
        tx.commit().await
    }

    /// Makes the indexes that were put aside, one after the other; nothing when none were. `tell` hears of each.
    pub async fn bring_indexes_back(&self, mut tell: impl FnMut(&str)) -> Result<(), DbErr> {
        if !self.has_aside().await? {
            return Ok(());
        }
        let is_postgres = self.is_postgres();
        if !is_postgres {
            // Sorting tens of millions of entries in memory would take gigabytes of it.
            let sorting = "PRAGMA temp_store = file; PRAGMA threads = 2";
            self.write.execute_unprepared(sorting).await?;
        }
        for (name, definition) in aside(&self.write).await? {
            tell(&name);
            let tx = self.write.begin().await?;
            if is_postgres {
                tx.execute_unprepared("SET LOCAL maintenance_work_mem = '512MB'")
                    .await?;
            }
            tx.execute_unprepared(&definition).await?;
            let done = format!("DELETE FROM {ASIDE} WHERE name = $1");
            tx.execute_raw(Statement::from_sql_and_values(
                self.backend(),
                done,
                [name.into()],
            ))
            .await?;
            tx.commit().await?;
        }
        self.write
            .execute_unprepared(&format!("DROP TABLE {ASIDE}"))
            .await?;
        if !is_postgres {
            let careful = format!(
                "PRAGMA temp_store = memory; PRAGMA threads = 0; PRAGMA cache_size = -65536; \
                 PRAGMA wal_autocheckpoint = {}; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE); \
                 PRAGMA foreign_keys = ON",
                super::log::PAGES_MAX
            );
            self.write.execute_unprepared(&careful).await?;
        }
        Ok(())
    }

    async fn has_aside(&self) -> Result<bool, DbErr> {
        let sql = match self.backend() {
            DbBackend::Postgres => format!(
                "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = '{ASIDE}'"
            ),
            _ => format!("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{ASIDE}'"),
        };
        let row = self
            .write
            .query_one_raw(Statement::from_string(self.backend(), sql))
            .await?;
        Ok(row.is_some())
    }
}

async fn aside(db: &impl ConnectionTrait) -> Result<Vec<(String, String)>, DbErr> {
    let sql = format!("SELECT name, definition FROM {ASIDE} ORDER BY name");
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}
