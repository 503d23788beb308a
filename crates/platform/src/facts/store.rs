//! The table of sums: what is added to it, how it is compared with the records, and how it is mended.

use std::collections::BTreeMap;

use rules::facts::{Cell, Cells, Sum};
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{FactsOf, TABLE};
use crate::app::App;
use crate::clock::Clock;
use crate::db::col;
use crate::ledger;
use crate::problem::{Problem, Result};
use crate::write::insert_text;

const KEY: [&str; 9] = [
    "roll_up",
    "part",
    "day",
    "owner_id",
    "class",
    "region",
    "product_id",
    "since",
    "mark",
];
const SUMS: [&str; 3] = ["count", "value", "weighted"];
/// Cells in one statement.
const ROWS: usize = 150;
/// Cells kept in memory while all sums are made anew.
const CELLS_KEPT: usize = 200_000;
/// Records whose facts are read at once.
const RECORDS: usize = 500;

/// Puts the facts of the records, as they stand, into `cells`, or takes them out.
pub(crate) async fn read(
    source: &dyn FactsOf,
    tx: &DatabaseTransaction,
    clock: &Clock,
    ids: &[Uuid],
    cells: &mut Cells,
    take: bool,
) -> Result<()> {
    for some in ids.chunks(RECORDS) {
        let facts = source.read(tx, clock, some).await?;
        match take {
            true => cells.take(source.roll_ups(), &facts),
            false => cells.put(source.roll_ups(), &facts),
        }
    }
    Ok(())
}

/// The statements that add a change to the sums. On PostgreSQL the caller holds the ledger's lock, so that two writes never
/// wait for each other's cells.
pub(crate) fn additions(change: &Cells, backend: DbBackend) -> Vec<Statement> {
    let cells: Vec<(&Cell, &Sum)> = change
        .0
        .iter()
        .filter(|(_, sum)| !sum.is_nothing())
        .collect();
    let columns: Vec<&str> = KEY.into_iter().chain(SUMS).collect();
    let more = SUMS.map(|name| format!("{name} = {TABLE}.{name} + excluded.{name}"));
    let adds = format!(
        " ON CONFLICT ({}) DO UPDATE SET {}",
        KEY.join(", "),
        more.join(", ")
    );
    let addition = |some: &[(&Cell, &Sum)]| {
        let mut values: Vec<Value> = Vec::with_capacity(some.len() * columns.len());
        for (cell, sum) in some {
            values.extend([
                cell.roll_up.as_ref().into(),
                cell.part.as_str().into(),
                cell.day.as_str().into(),
                cell.owner.into(),
                cell.class.as_str().into(),
                cell.region.as_str().into(),
                cell.product.into(),
                cell.since.as_str().into(),
                cell.mark.as_str().into(),
                sum.count.into(),
                sum.value.into(),
                sum.weighted.into(),
            ]);
        }
        let text = insert_text(backend, TABLE, &columns, some.len()) + &adds;
        Statement::from_sql_and_values(backend, text, values)
    };
    cells.chunks(ROWS).map(addition).collect()
}

/// Adds a change to the sums.
async fn add(tx: &DatabaseTransaction, change: &Cells) -> Result<()> {
    for addition in additions(change, tx.get_database_backend()) {
        tx.execute_raw(addition).await?;
    }
    Ok(())
}

/// All sums over the records as the transaction sees them. With `kept_max`, whenever there are more cells than that they are
/// added to the table, and what is answered is the rest.
async fn due(app: &App, tx: &DatabaseTransaction, kept_max: Option<usize>) -> Result<Cells> {
    // The next records are read while those before are summed.
    let mut summing = spawn_blocking(Cells::default);
    let registry = app.registry();
    for source in app.facts.values() {
        let resource = registry.find(source.resource())?;
        let mut after = Uuid::nil();
        loop {
            let page = Query::select()
                .column(Alias::new("id"))
                .from(Alias::new(&resource.table))
                .and_where(col("id").gt(after))
                .order_by(Alias::new("id"), Order::Asc)
                .limit(RECORDS as u64)
                .to_owned();
            let ids: Vec<Uuid> = tx
                .query_all(&page)
                .await?
                .iter()
                .map(|row| row.try_get_by_index(0))
                .collect::<Result<_, _>>()?;
            let Some(last) = ids.last() else { break };
            after = *last;
            let facts = source.read(tx, &app.clock, &ids).await?;
            let mut cells = summing.await.map_err(Problem::internal)?;
            if kept_max.is_some_and(|most| cells.0.len() > most) {
                add(tx, &std::mem::take(&mut cells)).await?;
            }
            let source = source.clone();
            summing = spawn_blocking(move || {
                cells.put(source.roll_ups(), &facts);
                cells
            });
        }
    }
    summing.await.map_err(Problem::internal)
}

async fn kept(tx: &DatabaseTransaction) -> Result<Cells> {
    let select = Query::select()
        .columns(KEY.iter().chain(&SUMS).map(|name| Alias::new(*name)))
        .from(Alias::new(TABLE))
        .to_owned();
    let mut cells = BTreeMap::new();
    for row in tx.query_all(&select).await? {
        let roll_up: String = row.try_get_by_index(0)?;
        let cell = Cell {
            roll_up: roll_up.into(),
            part: row.try_get_by_index(1)?,
            day: row.try_get_by_index(2)?,
            owner: row.try_get_by_index(3)?,
            class: row.try_get_by_index(4)?,
            region: row.try_get_by_index(5)?,
            product: row.try_get_by_index(6)?,
            since: row.try_get_by_index(7)?,
            mark: row.try_get_by_index(8)?,
        };
        let sum = Sum {
            count: row.try_get_by_index(9)?,
            value: row.try_get_by_index(10)?,
            weighted: row.try_get_by_index(11)?,
        };
        cells.insert(cell, sum);
    }
    Ok(Cells(cells))
}

/// A cell whose sum is not that over the records.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub cell: Cell,
    pub kept: Sum,
    pub due: Sum,
}

/// Compares the sums with the records, both as the transaction sees them.
pub async fn differences(app: &App, tx: &DatabaseTransaction) -> Result<Vec<Difference>> {
    let mut kept = kept(tx).await?.0;
    let mut found: Vec<Difference> = due(app, tx, None)
        .await?
        .0
        .into_iter()
        .map(|(cell, due)| Difference {
            kept: kept.remove(&cell).unwrap_or_default(),
            cell,
            due,
        })
        .collect();
    found.extend(kept.into_iter().map(|(cell, kept)| Difference {
        cell,
        kept,
        due: Sum::default(),
    }));
    found.retain(|difference| difference.kept != difference.due);
    Ok(found)
}

/// Makes all sums anew from the records; other writers wait meanwhile.
pub async fn repair(app: &App) -> Result<()> {
    let tx = app.db.begin().await?;
    ledger::Chain::lock(&tx).await?;
    renew(app, &tx).await?;
    Ok(tx.commit().await?)
}

/// Makes all sums anew in this transaction.
pub(crate) async fn renew(app: &App, tx: &DatabaseTransaction) -> Result<()> {
    tx.execute(&Query::delete().from_table(Alias::new(TABLE)).to_owned())
        .await?;
    add(tx, &due(app, tx, Some(CELLS_KEPT)).await?).await
}

/// What this program makes of records, in words that differ whenever that does.
pub(crate) fn revision(app: &App) -> String {
    let all: Vec<String> = app
        .facts
        .values()
        .map(|source| format!("{} {}", source.resource(), source.revision()))
        .collect();
    all.join(", ")
}
