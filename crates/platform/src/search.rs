//! The search index: tokens narrow, the searchable line decides. See `rules::names` for what they hold.

use rules::value::Value;
use sea_orm::sea_query::extension::{postgres::PgBinOper, sqlite::SqliteBinOper};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use uuid::Uuid;

use crate::access::Access;
use crate::problem::Result;
use crate::resource::{Record, Resource};

/// What the index holds of one record: its open line, its private line (fields that a role may mask), all tokens.
pub struct Indexed {
    pub line: String,
    pub private: String,
    pub tokens: Vec<String>,
}

pub fn index_of(record: &Record) -> Indexed {
    let mut open: Vec<&str> = Vec::new();
    let mut private: Vec<&str> = Vec::new();
    for (field, value) in record.resource.fields.iter().zip(&record.values) {
        if let (true, Value::Text(text)) = (field.searchable, value) {
            if field.sensitive {
                private.push(text)
            } else {
                open.push(text)
            }
        }
    }
    let mut tokens: Vec<String> = open
        .iter()
        .chain(&private)
        .flat_map(|text| rules::names::grams_of(text))
        .collect();
    tokens.sort_unstable();
    tokens.dedup();
    Indexed {
        line: rules::names::search_line(&open),
        private: rules::names::search_line(&private),
        tokens,
    }
}

/// Writes index rows; `replace` takes the old ones out first.
pub async fn write(
    tx: &DatabaseTransaction,
    resource: &Resource,
    records: &[(Uuid, Indexed)],
    replace: bool,
) -> Result<()> {
    if replace {
        let ids: Vec<Uuid> = records.iter().map(|(id, _)| *id).collect();
        for some in ids.chunks(500) {
            remove(tx, resource, some).await?;
        }
    }
    let table = &resource.table;
    // SQLite keeps the tokens in a table of its own, keyed by the number that the first insert answers.
    for chunk in records.chunks(300) {
        if tx.get_database_backend() == DbBackend::Sqlite {
            let mut insert = Query::insert();
            insert
                .into_table(Alias::new(format!("{table}_search")))
                .columns(["record_id", "line", "private"].map(Alias::new))
                .returning(Query::returning().column(Alias::new("key")));
            for (id, indexed) in chunk {
                insert.values_panic([
                    (*id).into(),
                    indexed.line.as_str().into(),
                    indexed.private.as_str().into(),
                ]);
            }
            let keys = tx.query_all(&insert).await?;
            let mut grams = Query::insert();
            grams
                .into_table(Alias::new(format!("{table}_gram")))
                .columns(["rowid", "tokens"].map(Alias::new));
            for (row, (_, indexed)) in keys.iter().zip(chunk) {
                let key: i64 = row.try_get_by_index(0)?;
                grams.values_panic([key.into(), indexed.tokens.join(" ").into()]);
            }
            tx.execute(&grams).await?;
        } else {
            let text = format!(
                "INSERT INTO {table}_search (record_id, line, private, grams) \
                 SELECT id, line, private, string_to_array(tokens, ' ') FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) \
                 AS t(id, line, private, tokens)"
            );
            let ids: Vec<Uuid> = chunk.iter().map(|(id, _)| *id).collect();
            let lines: Vec<String> = chunk
                .iter()
                .map(|(_, indexed)| indexed.line.clone())
                .collect();
            let privates: Vec<String> = chunk
                .iter()
                .map(|(_, indexed)| indexed.private.clone())
                .collect();
            let tokens: Vec<String> = chunk
                .iter()
                .map(|(_, indexed)| indexed.tokens.join(" "))
                .collect();
            tx.execute_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                text,
                [ids.into(), lines.into(), privates.into(), tokens.into()],
            ))
            .await?;
        }
    }
    Ok(())
}

pub async fn remove(tx: &DatabaseTransaction, resource: &Resource, ids: &[Uuid]) -> Result<()> {
    let search = Alias::new(format!("{}_search", resource.table));
    if tx.get_database_backend() == DbBackend::Sqlite {
        let key = Query::select()
            .column(Alias::new("key"))
            .from(search.clone())
            .and_where(Expr::col(Alias::new("record_id")).is_in(ids.iter().copied()))
            .to_owned();
        let grams = Query::delete()
            .from_table(Alias::new(format!("{}_gram", resource.table)))
            .and_where(Expr::col(Alias::new("rowid")).in_subquery(key))
            .to_owned();
        tx.execute(&grams).await?;
    }
    let line = Query::delete()
        .from_table(search)
        .and_where(Expr::col(Alias::new("record_id")).is_in(ids.iter().copied()))
        .to_owned();
    tx.execute(&line).await?;
    Ok(())
}

/// `SELECT record_id` of the records whose line has the words, newest first on SQLite, at most `limit`.
/// The caller's scope goes in as a condition on the resource's own table.
pub fn matching(
    access: &Access,
    resource: &Resource,
    text: &str,
    scope: Option<Condition>,
    limit: u64,
) -> SelectStatement {
    let plan = rules::names::query_grams(text);
    let search = Alias::new(format!("{}_search", resource.table));
    let mut select = Query::select();
    select
        .column((search.clone(), Alias::new("record_id")))
        .from(search.clone());
    let line = |column: &str, needle: &str| {
        Expr::col((
            Alias::new(format!("{}_search", resource.table)),
            Alias::new(column),
        ))
        .like(sea_orm::sea_query::LikeExpr::new(rules::names::like_pattern(needle)).escape('\\'))
    };
    let masked = resource.fields.iter().any(|field| {
        field.searchable && field.sensitive && access.field_rule(resource, field).is_some()
    });
    for needle in &plan.needles {
        let mut anywhere = Condition::any().add(line("line", needle));
        if !masked {
            anywhere = anywhere.add(line("private", needle));
        }
        select.cond_where(anywhere);
    }
    if !plan.tokens.is_empty() {
        if access.app.db.is_postgres() {
            let mut any = Condition::any();
            for tokens in &plan.tokens {
                any = any.add(
                    Expr::col(Alias::new("grams"))
                        .binary(PgBinOper::Contains, Expr::val(tokens.clone())),
                );
            }
            select.cond_where(any);
        } else {
            let quoted = |token: &String| format!("\"{}\"", token.replace('"', ""));
            let expression: Vec<String> = plan
                .tokens
                .iter()
                .map(|tokens| {
                    format!(
                        "({})",
                        tokens.iter().map(quoted).collect::<Vec<_>>().join(" AND ")
                    )
                })
                .collect();
            let gram = Alias::new(format!("{}_gram", resource.table));
            select.inner_join(
                gram.clone(),
                Expr::col((gram.clone(), Alias::new("rowid")))
                    .equals((search.clone(), Alias::new("key"))),
            );
            let tokens = Expr::col((gram.clone(), gram.clone()));
            select.and_where(tokens.binary(SqliteBinOper::Match, expression.join(" OR ")));
            // Newest first is the index's own order backwards; any other order would sort all candidates.
            select.order_by((gram, Alias::new("rowid")), Order::Desc);
        }
    }
    if let Some(scope) = scope {
        let table = Alias::new(&resource.table);
        select.inner_join(
            table.clone(),
            Expr::col((table, Alias::new("id"))).equals((search, Alias::new("record_id"))),
        );
        select.cond_where(scope);
    }
    select.limit(limit);
    select
}
