//! The search index: tokens narrow, the searchable line decides. See `rules::names` for what they hold.

use rules::names::SearchPlan;
use rules::permission::Action;
use rules::value::Value;
use sea_orm::sea_query::extension::{postgres::PgBinOper, sqlite::SqliteBinOper};
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait, JoinType, LikeExpr, Order, Query, SelectStatement,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Statement};
use uuid::Uuid;

use crate::access::Access;
use crate::app::App;
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

/// Rows of the index in one statement.
const ROWS: usize = 100;

/// Asks for the newest key of a resource's index on SQLite.
pub fn newest_key(resource: &Resource) -> SelectStatement {
    Query::select()
        .column(Alias::new("key"))
        .from(Alias::new(format!("{}_search", resource.table)))
        .order_by(Alias::new("key"), Order::Desc)
        .limit(1)
        .to_owned()
}

/// The first free key behind the newest; nobody else takes it while this transaction writes.
pub fn next_key(newest: &[QueryResult]) -> Result<i64> {
    Ok(match newest.first() {
        Some(row) => row.try_get_by_index::<i64>(0)? + 1,
        None => 1,
    })
}

/// The statements that put records into the index. SQLite keeps the tokens in a table of its own, under the same key.
pub fn inserts(
    backend: DbBackend,
    resource: &Resource,
    records: Vec<(Uuid, Indexed)>,
    next: &mut i64,
) -> Vec<Statement> {
    let table = &resource.table;
    let mut statements = Vec::new();
    let mut rest = records.into_iter();
    loop {
        let chunk: Vec<(Uuid, Indexed)> = rest.by_ref().take(ROWS).collect();
        if chunk.is_empty() {
            return statements;
        }
        if backend == DbBackend::Postgres {
            statements.push(postgres_insert(table, chunk));
            continue;
        }
        let rows = chunk.len();
        let mut lines: Vec<sea_orm::Value> = Vec::with_capacity(rows * 4);
        let mut tokens: Vec<sea_orm::Value> = Vec::with_capacity(rows * 2);
        for (id, indexed) in chunk {
            lines.extend([
                (*next).into(),
                id.into(),
                indexed.line.into(),
                indexed.private.into(),
            ]);
            tokens.extend([(*next).into(), indexed.tokens.join(" ").into()]);
            *next += 1;
        }
        let values = |row: &str| vec![row; rows].join(",");
        let line = format!(
            "INSERT INTO {table}_search (key, record_id, line, private) VALUES {}",
            values("(?,?,?,?)")
        );
        let gram = format!(
            "INSERT INTO {table}_gram (rowid, tokens) VALUES {}",
            values("(?,?)")
        );
        statements.push(Statement::from_sql_and_values(backend, line, lines));
        statements.push(Statement::from_sql_and_values(backend, gram, tokens));
    }
}

fn postgres_insert(table: &str, chunk: Vec<(Uuid, Indexed)>) -> Statement {
    let text = format!(
        "INSERT INTO {table}_search (record_id, line, private, grams) \
         SELECT id, line, private, string_to_array(tokens, ' ') FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) \
         AS t(id, line, private, tokens)"
    );
    let mut ids = Vec::with_capacity(chunk.len());
    let mut lines = Vec::with_capacity(chunk.len());
    let mut privates = Vec::with_capacity(chunk.len());
    let mut tokens = Vec::with_capacity(chunk.len());
    for (id, indexed) in chunk {
        ids.push(id);
        tokens.push(indexed.tokens.join(" "));
        lines.push(indexed.line);
        privates.push(indexed.private);
    }
    Statement::from_sql_and_values(
        DbBackend::Postgres,
        text,
        [ids.into(), lines.into(), privates.into(), tokens.into()],
    )
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

/// Records whose tokens are made at once.
const RENEWED: u64 = 2_000;

/// Makes the whole index anew from the records.
pub(crate) async fn renew(app: &App, tx: &DatabaseTransaction) -> Result<()> {
    let backend = tx.get_database_backend();
    for resource in app.registry().iter().filter(|resource| resource.searchable) {
        let table = &resource.table;
        if backend == DbBackend::Sqlite {
            tx.execute_unprepared(&format!(
                "INSERT INTO {table}_gram ({table}_gram) VALUES ('delete-all')"
            ))
            .await?;
        }
        tx.execute_unprepared(&format!("DELETE FROM {table}_search"))
            .await?;
        // Ids follow time, so the newest come last, as they do when they are written one by one.
        let (mut after, mut next) = (Uuid::nil(), 1);
        loop {
            let mut page = resource.select();
            page.and_where(resource.column("id").gt(after))
                .order_by_expr(resource.column("id"), Order::Asc)
                .limit(RENEWED);
            let mut records = Vec::new();
            for row in tx.query_all(&page).await? {
                let record = Record::read(resource, &row)?;
                after = record.id();
                records.push((after, index_of(&record)));
            }
            if records.is_empty() {
                break;
            }
            for statement in inserts(backend, resource, records, &mut next) {
                tx.execute_raw(statement).await?;
            }
        }
    }
    Ok(())
}

/// `SELECT record_id` of the records whose line has the words, newest first on SQLite, at most `limit`.
/// Only those to which the actor may do this, so that the limit never cuts off what they may see.
pub fn matching(
    access: &Access,
    resource: &Resource,
    action: Action,
    text: &str,
    limit: u64,
) -> SelectStatement {
    let plan = rules::names::query_grams(text);
    let named = |name: &str| Alias::new(format!("{}_{name}", resource.table));
    let search = named("search");
    let mut select = Query::select();
    select.column((search.clone(), Alias::new("record_id")));
    // Of a word that thousands of names hold, few would be found in the scope of one salesperson: their own records tell sooner.
    let begins_with_scope = !access.app.db.is_postgres() && access.reaches_few(resource, action);
    let scope = match begins_with_scope {
        true => access.condition(resource, action),
        false => access.test(resource, action),
    };
    let table = Alias::new(&resource.table);
    let is_it = Expr::col((table.clone(), Alias::new("id")))
        .equals((search.clone(), Alias::new("record_id")));
    if begins_with_scope {
        select.from(table);
        // SQLite takes the tables of a cross join in their order; it has no condition of its own.
        select.join(JoinType::CrossJoin, search.clone(), Condition::all());
        select.and_where(is_it);
        select.order_by((search.clone(), Alias::new("key")), Order::Desc);
    } else {
        select.from(search.clone());
        narrow(access, &plan, &search, named("gram"), &mut select);
        if scope.is_some() {
            select.inner_join(table, is_it);
        }
    }
    if let Some(scope) = scope {
        select.cond_where(scope);
    }
    let line = |column: &str, needle: &str| {
        let pattern = LikeExpr::new(rules::names::like_pattern(needle)).escape('\\');
        Expr::col((search.clone(), Alias::new(column))).like(pattern)
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
    select.limit(limit);
    select
}

/// Leaves the records that have the tokens of one of the plan's sets.
fn narrow(
    access: &Access,
    plan: &SearchPlan,
    search: &Alias,
    gram: Alias,
    select: &mut SelectStatement,
) {
    if plan.tokens.is_empty() {
        return;
    }
    if access.app.db.is_postgres() {
        let mut any = Condition::any();
        for tokens in &plan.tokens {
            let grams = Expr::col(Alias::new("grams"));
            any = any.add(grams.binary(PgBinOper::Contains, Expr::val(tokens.clone())));
        }
        select.cond_where(any);
        return;
    }
    let quoted = |token: &String| format!("\"{}\"", token.replace('"', ""));
    let all_of = |tokens: &Vec<String>| {
        let tokens: Vec<String> = tokens.iter().map(quoted).collect();
        format!("({})", tokens.join(" AND "))
    };
    let expression: Vec<String> = plan.tokens.iter().map(all_of).collect();
    select.inner_join(
        gram.clone(),
        Expr::col((gram.clone(), Alias::new("rowid"))).equals((search.clone(), Alias::new("key"))),
    );
    let tokens = Expr::col((gram.clone(), gram.clone()));
    select.and_where(tokens.binary(SqliteBinOper::Match, expression.join(" OR ")));
    // Newest first is the index's own order backwards; any other order would sort all candidates.
    select.order_by((gram, Alias::new("rowid")), Order::Desc);
}
