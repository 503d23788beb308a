//! Numbers of records, such as `O-2026-000123`: a series for each beginning, counted without gaps by who writes first.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};

const TABLE: &str = "number_series";

/// Records of one table whose numbers begin alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    /// The records' table; their number is in its column `number`.
    pub table: &'static str,
    /// What stands before the figure.
    pub prefix: String,
    /// Digits of the figure, at least.
    pub width: usize,
}

/// The next free figure of each series that this write has locked.
#[derive(Default)]
struct Locked(BTreeMap<Series, i64>);

impl Series {
    /// The name under which it is counted; no two tables share a beginning.
    fn name(&self) -> &str {
        &self.prefix
    }

    fn figure(&self, number: &str) -> Option<i64> {
        let figure = number.strip_prefix(&self.prefix)?;
        let is_figure = !figure.is_empty() && figure.bytes().all(|byte| byte.is_ascii_digit());
        figure
            .parse()
            .ok()
            .filter(|figure| is_figure && (1..1_000_000_000).contains(figure))
    }
}

/// The day on which a record is made, by which its number may begin.
pub fn day_of(write: &Write, record: &Record) -> NaiveDate {
    let created_at = record.int("created_at").unwrap_or(write.now);
    write.access.app.clock.day_of(created_at)
}

/// Gives a record that has no number the next one, and keeps the series ahead of one that was given.
pub async fn settle(
    write: &mut Write,
    series: Series,
    before: Option<&Record>,
    after: &mut Record,
) -> Result<()> {
    match after.get("number").as_text().map(str::to_owned) {
        None => {
            let number = take(write, series).await?;
            after.set("number", number);
            Ok(())
        }
        Some(number) if before.is_none_or(|before| before.text("number") != number) => {
            given(write, series, &number).await
        }
        Some(_) => Ok(()),
    }
}

/// Takes the next number. The series stays locked until the commit, so that two writes never take the same.
async fn take(write: &mut Write, series: Series) -> Result<String> {
    let next = next_of(write, &series).await?;
    let number = format!("{}{next:0width$}", series.prefix, width = series.width);
    write.memory.change(|locked: &mut Locked| {
        locked.0.insert(series, next + 1);
    });
    Ok(number)
}

/// Keeps the series ahead of a number that a person or a file gave.
async fn given(write: &mut Write, series: Series, number: &str) -> Result<()> {
    let Some(figure) = series.figure(number) else {
        return Ok(());
    };
    let next = next_of(write, &series).await?;
    write.memory.change(|locked: &mut Locked| {
        locked.0.insert(series, Ord::max(next, figure + 1));
    });
    Ok(())
}

async fn next_of(write: &mut Write, series: &Series) -> Result<i64> {
    if let Some(next) = write
        .memory
        .get::<Locked>()
        .and_then(|locked| locked.0.get(series))
    {
        return Ok(*next);
    }
    let name = series.name().to_owned();
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
        .from(Alias::new(series.table))
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
        .and_then(|number| series.figure(&number))
        .unwrap_or_default();
    let next = Ord::max(counted, used + 1);
    write.memory.change(|locked: &mut Locked| {
        locked.0.insert(series.clone(), next);
    });
    Ok(next)
}

/// Writes the series back before the commit.
pub async fn finish(write: &mut Write) -> Result<()> {
    for (series, next) in write.memory.take::<Locked>().unwrap_or_default().0 {
        let update = Query::update()
            .table(Alias::new(TABLE))
            .value(Alias::new("next"), next)
            .and_where(Expr::col(Alias::new("name")).eq(series.name()))
            .to_owned();
        write.execute(&update).await?;
    }
    Ok(())
}
