//! How many opportunities entered each stage and went further, and how long they stayed: from the roll-ups where these know
//! the scope, else from the entries themselves.

use std::collections::HashMap;

use chrono::NaiveDate;
use platform::db::sum;
use platform::facts;
use platform::problem::Result;
use rules::facts::{RollUp, TENTH_MS, Tally, counted_tenths};
use rules::opportunities::facts::{ENTERED, PASSED, STAYED};
use sea_orm::QueryResult;
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, Func, Query as Sql, SelectStatement,
};
use uuid::Uuid;

use super::asked::Asked;
use super::figure::Sum;
use crate::opportunities::history::TABLE;
use crate::opportunities::stages::Process;

#[derive(Debug, Default, Clone, Copy)]
pub struct Passage {
    pub entered: Sum,
    pub passed: Sum,
}

/// By stage. Opportunities, not entries: one that came twice counts once.
pub async fn passages(asked: &Asked<'_>, process: &Process) -> Result<HashMap<Uuid, Passage>> {
    let (entered, passed) = (
        of_roll_up(asked, process, &ENTERED).await?,
        of_roll_up(asked, process, &PASSED).await?,
    );
    let (Some(entered), Some(passed)) = (entered, passed) else {
        return of_entries(asked, process).await;
    };
    Ok(process
        .stages
        .iter()
        .map(|stage| {
            let of = |sums: &HashMap<Uuid, Sum>| sums.get(&stage.id).copied().unwrap_or_default();
            let passage = Passage {
                entered: of(&entered),
                passed: of(&passed),
            };
            (stage.id, passage)
        })
        .collect())
}

/// The cells of the process's stages; none when the roll-ups do not know the scope.
fn cells(
    asked: &Asked<'_>,
    process: &Process,
    roll_up: &RollUp,
) -> Result<Option<SelectStatement>> {
    let Some(mut cells) = asked.rolled(roll_up, None)? else {
        return Ok(None);
    };
    let stages = process.stages.iter().map(|stage| stage.id.to_string());
    cells.and_where(facts::column("part").is_in(stages));
    Ok(Some(cells))
}

fn stage_of(row: &QueryResult) -> Result<Uuid> {
    let part: String = row.try_get_by_index(0)?;
    Ok(part.parse().unwrap_or_default())
}

async fn of_roll_up(
    asked: &Asked<'_>,
    process: &Process,
    roll_up: &RollUp,
) -> Result<Option<HashMap<Uuid, Sum>>> {
    let Some(mut select) = cells(asked, process, roll_up)? else {
        return Ok(None);
    };
    let (from, to) = (asked.from.to_string(), asked.to.to_string());
    select
        .expr(facts::column("part"))
        .expr(sum(facts::column("count")))
        .expr(sum(facts::column("value")))
        .and_where(facts::column("day").gte(from.as_str()))
        .and_where(facts::column("day").lte(to))
        // Whoever was there before within the period has been counted then.
        .and_where(facts::column("since").lt(from))
        .add_group_by([facts::column("part")]);
    let mut found = HashMap::new();
    for row in asked.access.rows(&select).await? {
        let sum = Sum {
            count: row.try_get_by_index(1)?,
            amount_minor: row.try_get_by_index(2)?,
            weighted_minor: 0,
        };
        found.insert(stage_of(&row)?, sum);
    }
    Ok(Some(found))
}

fn entry(column: &str) -> Expr {
    Expr::col((Alias::new(TABLE), Alias::new(column)))
}

/// Entries of the process's stages on these days, joined with their opportunities in scope.
fn entries(
    asked: &Asked<'_>,
    process: &Process,
    days: (NaiveDate, NaiveDate),
) -> Result<SelectStatement> {
    let (from, until) = asked.instants(days);
    let mut select = asked.select()?;
    select
        .inner_join(
            Alias::new(TABLE),
            entry("opportunity_id").eq(asked.column("id")),
        )
        .and_where(entry("stage_id").is_in(process.stages.iter().map(|stage| stage.id)))
        .and_where(entry("entered_at").gte(from))
        .and_where(entry("entered_at").lt(until));
    Ok(select)
}

async fn of_entries(asked: &Asked<'_>, process: &Process) -> Result<HashMap<Uuid, Passage>> {
    let mut once = entries(asked, process, asked.period())?;
    let has_passed = CaseStatement::new()
        .case(entry("passed_at").is_not_null(), 1)
        .finally(0);
    let passed = Func::max(has_passed);
    once.expr_as(entry("stage_id"), Alias::new("stage_id"))
        .expr_as(Func::max(asked.column("amount")), Alias::new("amount"))
        .expr_as(passed, Alias::new("passed"))
        .add_group_by([entry("stage_id"), entry("opportunity_id")]);
    let of_passed = Expr::cust("CASE WHEN passed = 1 THEN amount ELSE 0 END");
    let select = Sql::select()
        .column(Alias::new("stage_id"))
        .expr(Expr::cust("COUNT(*)"))
        .expr(sum(Expr::col(Alias::new("amount"))))
        .expr(sum(Expr::col(Alias::new("passed"))))
        .expr(sum(of_passed))
        .from_subquery(once, Alias::new("once"))
        .add_group_by([Expr::col(Alias::new("stage_id"))])
        .to_owned();
    let mut found = HashMap::new();
    for row in asked.access.rows(&select).await? {
        let int = |i: usize| {
            row.try_get_by_index::<Option<i64>>(i)
                .map(Option::unwrap_or_default)
        };
        let entered = Sum {
            count: int(1)?,
            amount_minor: int(2)?,
            weighted_minor: 0,
        };
        let passed = Sum {
            count: int(3)?,
            amount_minor: int(4)?,
            weighted_minor: 0,
        };
        found.insert(row.try_get_by_index(0)?, Passage { entered, passed });
    }
    Ok(found)
}

type Stays = HashMap<Uuid, Tally>;

/// Median days in each stage, of the entries of the period that have been left.
pub async fn medians(asked: &Asked<'_>, process: &Process) -> Result<HashMap<Uuid, f64>> {
    let mut stays = Stays::new();
    match cells(asked, process, &STAYED)? {
        None => stayed(asked, process, asked.period(), &mut stays).await?,
        Some(mut select) => {
            let (months, ends) = asked.months();
            if let Some((first, last)) = months {
                select
                    .expr(facts::column("part"))
                    .expr(facts::column("mark"))
                    .expr(sum(facts::column("count")))
                    .and_where(facts::column("day").gte(first.first_day().to_string()))
                    .and_where(facts::column("day").lte(last.first_day().to_string()))
                    .add_group_by([facts::column("part"), facts::column("mark")]);
                for row in asked.access.rows(&select).await? {
                    let mark: String = row.try_get_by_index(1)?;
                    let tally = stays.entry(stage_of(&row)?).or_default();
                    tally.add(mark.parse().unwrap_or_default(), row.try_get_by_index(2)?);
                }
            }
            for days in ends {
                stayed(asked, process, days, &mut stays).await?;
            }
        }
    }
    // To a tenth of a day.
    let tenth = |tenths: f64| tenths.round() / 10.0;
    Ok(stays
        .iter()
        .filter_map(|(stage, tally)| Some((*stage, tenth(tally.median()?))))
        .collect())
}

/// Adds the stays of entries on these days.
async fn stayed(
    asked: &Asked<'_>,
    process: &Process,
    days: (NaiveDate, NaiveDate),
    stays: &mut Stays,
) -> Result<()> {
    let mut left = entries(asked, process, days)?;
    left.expr_as(entry("stage_id"), Alias::new("stage_id"))
        .expr_as(
            entry("left_at").sub(entry("entered_at")),
            Alias::new("stayed"),
        )
        .and_where(entry("left_at").is_not_null());
    // As many rows as there are different stretches, not as there are entries.
    let tenths = || Expr::cust(format!("(stayed + {}) / {TENTH_MS}", TENTH_MS / 2));
    let select = Sql::select()
        .column(Alias::new("stage_id"))
        .expr(tenths())
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(left, Alias::new("left_entries"))
        .add_group_by([Expr::col(Alias::new("stage_id")), tenths()])
        .to_owned();
    for row in asked.access.rows(&select).await? {
        let tally = stays.entry(row.try_get_by_index(0)?).or_default();
        tally.add(
            counted_tenths(row.try_get_by_index(1)?),
            row.try_get_by_index(2)?,
        );
    }
    Ok(())
}
