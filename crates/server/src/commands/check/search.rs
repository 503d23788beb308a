//! The search index: every searchable record is in it as it would be put there today, and nothing else is.

use std::sync::Arc;

use platform::app::App;
use platform::resource::{Record, Resource};
use platform::search::index_of;
use rules::permission::Action;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};
use uuid::Uuid;

use super::Findings;
use crate::commands::Outcome;

/// Records compared at once.
const PAGE: u64 = 2_000;

pub async fn look(app: &Arc<App>, findings: &mut Findings) -> Outcome {
    let mut found = Vec::new();
    for resource in app.registry().iter().filter(|resource| resource.searchable) {
        let reading = app.db.begin_read().await?;
        found.extend(resource_index(app, &reading, resource).await?);
        reading.rollback().await?;
    }
    findings.add("search index", found);
    Ok(())
}

async fn count(app: &App, reading: &DatabaseTransaction, table: &str) -> Outcome<i64> {
    let statement =
        Statement::from_string(app.db.backend(), format!("SELECT COUNT(*) FROM {table}"));
    let row = reading.query_one_raw(statement).await?;
    Ok(row
        .map(|row| row.try_get_by_index(0))
        .transpose()?
        .unwrap_or_default())
}

async fn resource_index(
    app: &Arc<App>,
    reading: &DatabaseTransaction,
    resource: &Arc<Resource>,
) -> Outcome<Vec<String>> {
    let (name, table) = (&resource.name, &resource.table);
    let mut found = Vec::new();
    let records = count(app, reading, table).await?;
    let lines = count(app, reading, &format!("{table}_search")).await?;
    if records != lines {
        found.push(format!("{records} {name}, but {lines} in the search index"));
    }
    if !app.db.is_postgres() {
        let grams = count(app, reading, &format!("{table}_gram")).await?;
        if grams != lines {
            found.push(format!(
                "{lines} {name} in the search index, but {grams} with tokens"
            ));
        }
    }
    let access = platform::access::Access::system(app, "check");
    let search = Alias::new(format!("{table}_search"));
    let mut wrong = 0;
    let mut after = Uuid::nil();
    loop {
        let mut select = access.select(resource, Action::Read)?;
        select
            .column((search.clone(), Alias::new("line")))
            .column((search.clone(), Alias::new("private")))
            .left_join(
                search.clone(),
                Expr::col((search.clone(), Alias::new("record_id")))
                    .equals((Alias::new(table), Alias::new("id"))),
            )
            .and_where(resource.column("id").gt(after))
            .order_by((Alias::new(table), Alias::new("id")), Order::Asc)
            .limit(PAGE);
        let rows = reading.query_all(&select).await?;
        let Some(last) = rows.last() else { break };
        after = last.try_get_by_index(0)?;
        for row in &rows {
            let indexed = index_of(&Record::read(resource, row)?);
            let n = resource.fields.len();
            let line: Option<String> = row.try_get_by_index(n)?;
            let private: Option<String> = row.try_get_by_index(n + 1)?;
            wrong += usize::from(line != Some(indexed.line) || private != Some(indexed.private));
        }
    }
    if wrong > 0 {
        found.push(format!(
            "{wrong} {name} are not found by what they are called"
        ));
    }
    Ok(found)
}
