//! The same database without Chengdan: plain SQL through sqlx in this process.

use std::path::Path;
use std::str::FromStr;

use serde_json::{Map, Value as Json, json};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::Result;

#[derive(Clone)]
pub enum Floor {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A column of a page, and how its value is written as JSON.
#[derive(Clone)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

#[derive(Clone, Copy)]
pub enum Kind {
    Id,
    Text,
    List,
    Integer,
    Number,
    Bool,
    Instant,
    Money,
}

impl Kind {
    /// By the word that `/api/meta` has for a field's type.
    pub fn of(word: &str) -> Kind {
        match word {
            "reference" => Kind::Id,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "bool" => Kind::Bool,
            "instant" => Kind::Instant,
            "money" => Kind::Money,
            "tags" | "multi_choice" => Kind::List,
            _ => Kind::Text,
        }
    }
}

/// One row as JSON, for either database's row.
macro_rules! row_json {
    ($row:expr, $columns:expr) => {{
        let mut object = Map::new();
        for (i, column) in $columns.iter().enumerate() {
            let value = match column.kind {
                Kind::Id => json!($row.try_get::<Option<Uuid>, _>(i)?),
                Kind::Text => json!($row.try_get::<Option<String>, _>(i)?),
                Kind::List => match $row.try_get::<Option<String>, _>(i)? {
                    Some(text) => serde_json::from_str(&text)?,
                    None => Json::Null,
                },
                Kind::Integer => json!($row.try_get::<Option<i64>, _>(i)?),
                Kind::Number => json!($row.try_get::<Option<f64>, _>(i)?),
                Kind::Bool => json!($row.try_get::<Option<bool>, _>(i)?),
                Kind::Instant => json!($row.try_get::<Option<i64>, _>(i)?.map(rules::value::instant_text)),
                Kind::Money => match $row.try_get::<Option<i64>, _>(i)? {
                    Some(amount) => json!({ "amount_minor": amount, "currency": "CNY" }),
                    None => Json::Null,
                },
            };
            object.insert(column.name.clone(), value);
        }
        Json::Object(object)
    }};
}

impl Floor {
    pub async fn sqlite(file: &Path) -> Result<Floor> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .pragma("synchronous", "full")
            .pragma("cache_size", "-8192")
            .pragma("mmap_size", "1073741824")
            .busy_timeout(std::time::Duration::from_secs(5));
        Ok(Floor::Sqlite(
            SqlitePoolOptions::new()
                .max_connections(8)
                .connect_with(options)
                .await?,
        ))
    }

    pub async fn postgres(url: &str) -> Result<Floor> {
        let options = PgConnectOptions::from_str(url)?
            .options([("plan_cache_mode", "force_custom_plan"), ("jit", "off")]);
        Ok(Floor::Postgres(
            PgPoolOptions::new()
                .max_connections(8)
                .connect_with(options)
                .await?,
        ))
    }

    pub async fn close(&self) {
        match self {
            Floor::Sqlite(pool) => pool.close().await,
            Floor::Postgres(pool) => pool.close().await,
        }
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self, Floor::Postgres(_))
    }

    /// Runs a statement that answers rows; how many there were.
    pub async fn rows(&self, sql: &str) -> Result<usize> {
        Ok(match self {
            Floor::Sqlite(pool) => sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await?.len(),
            Floor::Postgres(pool) => sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await?.len(),
        })
    }

    pub async fn execute(&self, sql: &str) -> Result<()> {
        match self {
            Floor::Sqlite(pool) => {
                sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
            }
            Floor::Postgres(pool) => {
                sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Runs a statement and writes its rows as JSON objects.
    pub async fn json(&self, sql: &str, columns: &[Column]) -> Result<Vec<Json>> {
        let mut all = Vec::new();
        match self {
            Floor::Sqlite(pool) => {
                for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await? {
                    all.push(row_json!(row, columns));
                }
            }
            Floor::Postgres(pool) => {
                for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await? {
                    all.push(row_json!(row, columns));
                }
            }
        }
        Ok(all)
    }

    /// One number.
    pub async fn count(&self, sql: &str) -> Result<i64> {
        Ok(match self {
            Floor::Sqlite(pool) => {
                sqlx::query_scalar(AssertSqlSafe(sql))
                    .fetch_one(pool)
                    .await?
            }
            Floor::Postgres(pool) => {
                sqlx::query_scalar(AssertSqlSafe(sql))
                    .fetch_one(pool)
                    .await?
            }
        })
    }

    /// An id as this database writes it in SQL.
    pub fn id(&self, id: &str) -> String {
        match self {
            Floor::Sqlite(_) => format!("x'{}'", id.replace('-', "")),
            Floor::Postgres(_) => format!("'{id}'"),
        }
    }
}
