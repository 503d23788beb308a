//! Numbers of opportunities: `O-2026-000123`, counted within the year of creation.

use std::collections::BTreeMap;

use platform::problem::Result;
use platform::write::Write;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};

const TABLE: &str = "number_series";

/// The next free figure of each year's series that this write has locked.
#[derive(Default)]
struct Series(BTreeMap<i32, i64>);

fn prefix(year: i32) -> String {
    format!("O-{year:04}-")
}

/// Takes the next number of the year. The series stays locked until the commit, so that two writes never take the same.
pub async fn take(write: &mut Write, year: i32) -> Result<String> {
    let next = next_of(write, year).await?;
    write.memory.change(|series: &mut Series| {
        series.0.insert(year, next + 1);
    });
    Ok(format!("{}{next:06}", prefix(year)))
}

/// Keeps the series ahead of a number that a person or a file gave.
pub async fn given(write: &mut Write, number: &str) -> Result<()> {
    let Some((year, figure)) = number
        .strip_prefix("O-")
        .and_then(|rest| rest.split_once('-'))
    else {
        return Ok(());
    };
    let (Ok(year), Ok(figure)) = (year.parse::<i32>(), figure.parse::<i64>()) else {
        return Ok(());
    };
    if !(1900..=9999).contains(&year) || !(1..1_000_000_000).contains(&figure) {
        return Ok(());
    }
    let next = next_of(write, year).await?;
    write.memory.change(|series: &mut Series| {
        series.0.insert(year, Ord::max(next, figure + 1));
    });
    Ok(())
}

async fn next_of(write: &mut Write, year: i32) -> Result<i64> {
    if let Some(next) = write
        .memory
        .get::<Series>()
        .and_then(|series| series.0.get(&year))
    {
        return Ok(*next);
    }
    let name = prefix(year);
    let table = Alias::new(TABLE);
    // Writing the row, even unchanged, locks it on PostgreSQL; SQLite has one writer anyway.
    let lock = Query::insert()
        .into_table(table.clone())
        .columns(["name", "next"].map(Alias::new))
        .values_panic([name.as_str().into(), 1i64.into()])
        .on_conflict(
            OnConflict::column(Alias::new("name"))
                .value(
                    Alias::new("next"),
                    Expr::col((table.clone(), Alias::new("next"))),
                )
                .to_owned(),
        )
        .to_owned();
    write.execute(&lock).await?;
    let counted = Query::select()
        .column(Alias::new("next"))
        .from(table)
        .and_where(Expr::col(Alias::new("name")).eq(name.as_str()))
        .to_owned();
    let counted: i64 = match write.rows(&counted).await?.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => 1,
    };
    // Records that came back from a bin or from elsewhere may be ahead of the count.
    let number = || Expr::col(Alias::new("number"));
    let highest = Query::select()
        .column(Alias::new("number"))
        .from(Alias::new("opportunity"))
        .and_where(number().gte(name.as_str()))
        .and_where(number().lt(format!("{name}~")))
        .order_by(Alias::new("number"), Order::Desc)
        .limit(1)
        .to_owned();
    let highest: Option<String> = match write.rows(&highest).await?.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    let used = highest
        .and_then(|number| number.strip_prefix(&name)?.parse::<i64>().ok())
        .unwrap_or_default();
    let next = Ord::max(counted, used + 1);
    write.memory.change(|series: &mut Series| {
        series.0.insert(year, next);
    });
    Ok(next)
}

/// Writes the series back before the commit.
pub async fn finish(write: &mut Write) -> Result<()> {
    for (year, next) in write.memory.take::<Series>().unwrap_or_default().0 {
        let update = Query::update()
            .table(Alias::new(TABLE))
            .value(Alias::new("next"), next)
            .and_where(Expr::col(Alias::new("name")).eq(prefix(year)))
            .to_owned();
        write.execute(&update).await?;
    }
    Ok(())
}
