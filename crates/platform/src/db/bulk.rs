//! Filling an empty database: indexes that only serve finding wait until everything is there.
//!
//! A row costs one insert into each index, at a random place of a tree that no longer fits the cache; sorting all of them once
//! at the end is several times faster. What was put aside is written down in the database, so that a load that died leaves no
//! index out: the next start brings them back.
//!
//! SQLite also keeps no journal meanwhile, and waits for no disk. A load that died has then left no database; a file beside it
//! says so until all has reached the disk.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, TransactionTrait};
use sqlx::sqlite::{SqliteJournalMode, SqliteLockingMode, SqliteSynchronous};

use super::{Db, Source, connect, sqlite_options};

/// The indexes put aside and how each is made; there only while some are.
const ASIDE: &str = "index_aside";

/// Lies beside an SQLite database that is being loaded.
fn marker(database: &Path) -> PathBuf {
    database.with_extension("loading")
}

fn not_lasting(path: &Path, error: &io::Error) -> DbErr {
    DbErr::Custom(format!("{}: {error}", path.display()))
}

/// Refuses what a load that was broken off has left.
pub(super) fn refuse_broken(database: &Path) -> Result<(), DbErr> {
    let marker = marker(database);
    if marker.exists() {
        return Err(DbErr::Custom(format!(
            "filling it was broken off, so it is no whole database; start the same load again, or delete it and {}",
            marker.display()
        )));
    }
    Ok(())
}

/// Has what was loaded reach the disk, before it counts as a database.
pub(super) fn make_lasting(database: &Path) -> Result<(), DbErr> {
    let synced = File::open(database).and_then(|file| file.sync_all());
    synced.map_err(|error| not_lasting(database, &error))?;
    let marker = marker(database);
    fs::remove_file(&marker).map_err(|error| not_lasting(&marker, &error))
}

impl Db {
    /// Opens a database that this process alone fills until [`Db::close`]. SQLite has one connection then, which keeps no
    /// journal: nobody may read beside a write.
    pub async fn open_to_load(source: Source) -> Result<Db, DbErr> {
        let Source::Sqlite(path) = &source else {
            return Ok(Db {
                is_loading: true,
                ..Db::open(source).await?
            });
        };
        let marker = marker(path);
        fs::write(&marker, "").map_err(|error| not_lasting(&marker, &error))?;
        let options = sqlite_options(path)
            .locking_mode(SqliteLockingMode::Exclusive)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(false)
            // Ids lie in the order of time, and a company is made customer by customer: their indexes are written all over.
            .pragma("cache_size", "-2097152")
            // Sorting tens of millions of entries in memory would take gigabytes of it.
            .pragma("temp_store", "file")
            .pragma("threads", "2");
        let connection = connect(options, 1).await?;
        Ok(Db {
            read: connection.clone(),
            write: connection,
            source,
            written: Default::default(),
            is_loading: true,
        })
    }

    /// Whether this process alone fills the database, as [`Db::open_to_load`] has it.
    pub fn is_loading(&self) -> bool {
        self.is_loading
    }

    /// Removes what a load that was broken off has left, and answers whether there was any.
    pub fn remove_broken(source: &Source) -> io::Result<bool> {
        let Source::Sqlite(path) = source else {
            return Ok(false);
        };
        let marker = marker(path);
        if !marker.exists() {
            return Ok(false);
        }
        for file in [path, &marker] {
            match fs::remove_file(file) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(true)
    }

    /// Puts aside every index that keeps no rule of its own (uniqueness does), until [`Db::bring_indexes_back`].
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
