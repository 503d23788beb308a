//! Two databases behind one door: SQLite (one writer, several readers) or PostgreSQL.

mod bulk;
mod log;
mod migrate;
mod statistics;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, SelectStatement, SimpleExpr};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, QueryResult,
    SqlxPostgresConnector, SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait,
};
use sqlx::ConnectOptions;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub use migrate::{
    Migration, applied_names, column_sql, list_index, migrate, pending, search_tables,
};

/// An open database. Cloning shares the pools.
#[derive(Clone, Debug)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    source: Source,
    written: log::Written,
    is_loading: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Sqlite(PathBuf),
    Postgres(String),
}

/// Readers on SQLite: list pages are short, and two cores rarely run more at once.
const SQLITE_READERS: u32 = 8;
/// Connections a process holds on PostgreSQL; ten processes stay under its default limit of 100 with room for tools.
const POSTGRES_CONNECTIONS: u32 = 9;

impl Db {
    pub async fn open(source: Source) -> Result<Db, DbErr> {
        match &source {
            Source::Sqlite(path) => {
                bulk::refuse_broken(path)?;
                let write = sqlite_pool(path, 1, false).await?;
                let read = sqlite_pool(path, SQLITE_READERS, true).await?;
                Ok(Db {
                    read,
                    write,
                    source,
                    written: log::Written::default(),
                    is_loading: false,
                })
            }
            Source::Postgres(url) => {
                let options = PgConnectOptions::from_str(url)
                    .map_err(|error| DbErr::Custom(error.to_string()))?
                    // Skewed columns (levels, owners) need a plan for the values asked, not a general one.
                    .options([("plan_cache_mode", "force_custom_plan"), ("jit", "off")])
                    .application_name("chengdan")
                    .disable_statement_logging();
                let pool = without_expiry(PgPoolOptions::new())
                    .max_connections(POSTGRES_CONNECTIONS)
                    .min_connections(1)
                    .acquire_timeout(Duration::from_secs(30))
                    .connect_with(options)
                    .await
                    .map_err(|error| DbErr::Custom(error.to_string()))?;
                let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
                Ok(Db {
                    read: connection.clone(),
                    write: connection,
                    source,
                    written: log::Written::default(),
                    is_loading: false,
                })
            }
        }
    }

    pub fn source(&self) -> &Source {
        &self.source
    }
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }
    pub fn is_postgres(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }

    pub async fn all(&self, query: &SelectStatement) -> Result<Vec<QueryResult>, DbErr> {
        self.read.query_all(query).await
    }
    pub async fn one(&self, query: &SelectStatement) -> Result<Option<QueryResult>, DbErr> {
        self.read.query_one(query).await
    }

    /// Begins a write transaction; SQLite locks at once, so that two writers never meet half-way.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.written.notify_one();
        self.write
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
                ..Default::default()
            })
            .await
    }

    /// A transaction in which all reads see one state; exports and checks use it.
    pub async fn begin_read(&self) -> Result<DatabaseTransaction, DbErr> {
        self.read
            .begin_with_options(TransactionOptions {
                isolation_level: self
                    .is_postgres()
                    .then_some(sea_orm::IsolationLevel::RepeatableRead),
                ..Default::default()
            })
            .await
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.read
    }
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Copies the live database into one file, while serving. SQLite only.
    pub async fn backup(&self, to: &Path) -> Result<(), DbErr> {
        let path = to.to_string_lossy().replace('\'', "''");
        self.write
            .execute_unprepared(&format!("VACUUM INTO '{path}'"))
            .await
            .map(|_| ())
    }

    /// What the database itself finds wrong with its file; nothing on PostgreSQL, which checks its pages by itself.
    pub async fn integrity(&self) -> Result<Vec<String>, DbErr> {
        if self.is_postgres() {
            return Ok(Vec::new());
        }
        let mut faults = Vec::new();
        let sql = |text: &str| Statement::from_string(DbBackend::Sqlite, text);
        for row in self
            .read
            .query_all_raw(sql("PRAGMA integrity_check(20)"))
            .await?
        {
            let line: String = row.try_get_by_index(0)?;
            if line != "ok" {
                faults.push(line);
            }
        }
        for row in self
            .read
            .query_all_raw(sql("PRAGMA foreign_key_check"))
            .await?
            .iter()
            .take(20)
        {
            let (table, parent): (String, String) =
                (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
            faults.push(format!("a row of {table} refers to no row of {parent}"));
        }
        Ok(faults)
    }

    /// Takes an SQLite file's log back into it, so that the file alone is the database; fails while anybody has it open.
    pub async fn release(path: &Path) -> Result<(), DbErr> {
        let pool = sqlite_pool(path, 1, false).await?;
        let outcome = pool
            .query_one_raw(Statement::from_string(
                DbBackend::Sqlite,
                "PRAGMA journal_mode = DELETE",
            ))
            .await;
        pool.close().await?;
        outcome.map(|_| ())
    }

    pub async fn close(self) -> Result<(), DbErr> {
        if let Source::Sqlite(_) = self.source {
            self.refresh_statistics().await?;
            self.read.close().await?;
        }
        self.write.close().await?;
        match &self.source {
            Source::Sqlite(path) if self.is_loading => bulk::make_lasting(path),
            _ => Ok(()),
        }
    }
}

async fn sqlite_pool(
    path: &Path,
    connections: u32,
    read_only: bool,
) -> Result<DatabaseConnection, DbErr> {
    let options = sqlite_options(path)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged write survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("cache_size", if read_only { "-8192" } else { "-65536" })
        .pragma("temp_store", "memory")
        .pragma("query_only", if read_only { "1" } else { "0" })
        .pragma("wal_autocheckpoint", log::PAGES_MAX.to_string());
    connect(options, connections).await
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .pragma("mmap_size", "1073741824")
        .statement_cache_capacity(200)
        .disable_statement_logging()
}

async fn connect(
    options: SqliteConnectOptions,
    connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    let pool = without_expiry(SqlitePoolOptions::new())
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(120))
        // A file is always there; to ask for it would cost each statement another one.
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Connections are kept as long as the pool. The task that would give up old ones can miscount those that are idle and then
/// never ends, not even at shutdown (sqlx 0.9.0; transact-rs/sqlx#3645).
fn without_expiry<D: sqlx::Database>(options: PoolOptions<D>) -> PoolOptions<D> {
    options.idle_timeout(None).max_lifetime(None)
}

/// A column by its name, for tables that are no resource's.
pub fn col(name: &str) -> Expr {
    Expr::col(Alias::new(name))
}

/// A condition that decides about rows, but finds none by an index of its own.
pub fn only_decides(condition: impl Into<Expr>) -> Expr {
    Func::coalesce([condition.into(), Expr::val(false)]).into()
}

/// The sum of a big-integer column as a big integer: PostgreSQL would answer with a numeric.
pub fn sum(expr: impl Into<SimpleExpr>) -> SimpleExpr {
    ExprTrait::sum(expr.into()).cast_as("bigint")
}

/// A statement written as SQL. `$1` style placeholders work on both databases.
pub fn sql(backend: DbBackend, text: &str, values: Vec<sea_orm::Value>) -> Statement {
    Statement::from_sql_and_values(backend, text, values)
}
