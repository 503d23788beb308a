//! One ordered list of migrations, only forward, each in its own transaction.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, TransactionTrait};

use super::Db;

/// Statements with `{…}` words where the databases differ:
/// `{text}` text compared byte by byte, `{integer_key}` a whole number that is the table's own key, `{bytes}` a byte string, `{nulls_first}` the order of nulls in an index, `{now}` the instant of the migration.
#[derive(Debug, Clone)]
pub struct Migration {
    pub name: &'static str,
    pub statements: Vec<String>,
}

/// The type of a column as the backend writes it: see [`Migration`] for the words in braces.
pub fn column_sql(backend: DbBackend, column_type: &str) -> String {
    translate(column_type, backend)
}

fn translate(statement: &str, backend: DbBackend) -> String {
    let postgres = backend == DbBackend::Postgres;
    statement
        // On SQLite only this spelling makes the table's rows lie in the key's order, without an index beside them.
        .replace(
            "{integer_key}",
            if postgres {
                "BIGINT PRIMARY KEY"
            } else {
                "INTEGER PRIMARY KEY"
            },
        )
        .replace("{bytes}", if postgres { "BYTEA" } else { "BLOB" })
        .replace("{nulls_first}", if postgres { "NULLS FIRST" } else { "" })
        // Days and codes compare byte by byte on both databases.
        .replace(
            "{text}",
            if postgres {
                "TEXT COLLATE \"C\""
            } else {
                "TEXT"
            },
        )
}

/// The statements that make the search index of a table: its searchable line, and the tokens found in it.
pub fn search_tables(table: &str) -> Vec<String> {
    vec![
        format!(
            "@sqlite CREATE TABLE {table}_search (key INTEGER PRIMARY KEY, record_id UUID NOT NULL UNIQUE, line TEXT NOT NULL, private TEXT NOT NULL)"
        ),
        format!(
            "@sqlite CREATE VIRTUAL TABLE {table}_gram USING fts5(tokens, content='', contentless_delete=1, detail=none, tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*' tokenchars '~^'\")"
        ),
        format!(
            "@postgres CREATE TABLE {table}_search (record_id UUID PRIMARY KEY, line TEXT COLLATE \"C\" NOT NULL, private TEXT COLLATE \"C\" NOT NULL, grams TEXT[] NOT NULL)"
        ),
        format!("@postgres CREATE INDEX {table}_gram ON {table}_search USING gin (grams)"),
    ]
}

/// An index that finds or orders a list's records by `leading`, and carries other fields that lists are filtered by: a filter
/// is then decided, and the rows are counted, without a look at the rows themselves. It takes the place of an index of the
/// same name.
pub fn list_index(table: &str, name: &str, leading: &str, carried: &[&str]) -> Vec<String> {
    let carried: Vec<&str> = carried
        .iter()
        .copied()
        .filter(|field| leading.split([',', ' ']).all(|word| word != *field))
        .collect();
    vec![
        format!("DROP INDEX IF EXISTS {table}_{name}"),
        format!(
            "CREATE INDEX {table}_{name} ON {table} ({leading}, {})",
            carried.join(", ")
        ),
    ]
}

async fn applied(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    db.execute_unprepared(
        "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)",
    )
    .await?;
    let rows = db
        .query_all_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT name FROM migration ORDER BY applied_at, name",
        ))
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Names of the migrations that the database has, oldest first.
pub async fn applied_names(db: &Db) -> Result<Vec<String>, DbErr> {
    applied(db.writer()).await
}

/// Names of the migrations that the database still lacks; an error if it has some that this program does not know.
pub async fn pending(db: &Db, migrations: &[Migration]) -> Result<Vec<&'static str>, DbErr> {
    let done = applied(db.writer()).await?;
    if let Some(newer) = done
        .iter()
        .find(|name| !migrations.iter().any(|migration| migration.name == **name))
    {
        return Err(DbErr::Custom(format!(
            "this database was written by a newer Chengdan (it has migration {newer}); please use that version"
        )));
    }
    Ok(migrations
        .iter()
        .map(|migration| migration.name)
        .filter(|name| !done.iter().any(|d| d == name))
        .collect())
}

/// Brings the database up to date. Several processes may start at once: the first one migrates, the others wait.
pub async fn migrate(db: &Db, migrations: &[Migration], now_ms: i64) -> Result<usize, DbErr> {
    let backend = db.backend();
    let mut count = 0;
    if pending(db, migrations).await?.is_empty() {
        return Ok(0);
    }
    for migration in migrations {
        let tx = db
            .writer()
            .begin_with_options(sea_orm::TransactionOptions {
                sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
                ..Default::default()
            })
            .await?;
        if backend == DbBackend::Postgres {
            tx.execute_unprepared("SELECT pg_advisory_xact_lock(741852)")
                .await?;
        }
        if applied(&tx)
            .await?
            .iter()
            .any(|name| name == migration.name)
        {
            tx.commit().await?;
            continue;
        }
        for statement in &migration.statements {
            let statement = match statement.split_once(' ') {
                Some(("@sqlite", rest)) if backend == DbBackend::Sqlite => rest,
                Some(("@postgres", rest)) if backend == DbBackend::Postgres => rest,
                Some(("@sqlite" | "@postgres", _)) => continue,
                _ => statement,
            };
            let statement = translate(statement, backend).replace("{now}", &now_ms.to_string());
            tx.execute_unprepared(&statement).await?;
        }
        tx.execute_raw(Statement::from_sql_and_values(
            backend,
            "INSERT INTO migration (name, applied_at) VALUES ($1, $2)",
            [migration.name.into(), now_ms.into()],
        ))
        .await?;
        tx.commit().await?;
        count += 1;
    }
    Ok(count)
}
