//! What was won and lost by month and reason, and how long winning took: from the roll-ups where these know the scope, else
//! from the opportunities themselves.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::db::sum;
use platform::facts;
use platform::problem::Result;
use rules::facts::{RollUp, Tally};
use rules::opportunities::Outcome;
use rules::opportunities::facts::{CLOSED, CYCLE};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query as Sql, SelectStatement};

use super::asked::Asked;
use super::figure::{Sum, month_of};

#[derive(Debug, Default, Clone, Copy)]
pub struct Closed {
    pub won: Sum,
    pub lost: Sum,
}

/// The most frequent first.
pub type Reasons = Vec<(Option<String>, Sum)>;

const DAY_MS: i64 = 86_400_000;

/// Won and lost by month, and the lost ones by reason.
pub async fn closed(asked: &Asked<'_>) -> Result<(BTreeMap<String, Closed>, Reasons)> {
    let mut months: BTreeMap<String, Closed> = BTreeMap::new();
    let mut reasons: BTreeMap<Option<String>, Sum> = BTreeMap::new();
    for (outcome, month, reason, sum) in closings(asked).await? {
        let month = months.entry(month).or_default();
        if outcome == Outcome::Won.code() {
            month.won += sum;
        } else {
            month.lost += sum;
            *reasons.entry(reason).or_default() += sum;
        }
    }
    let mut reasons: Reasons = reasons.into_iter().collect();
    reasons.retain(|(_, sum)| sum.count > 0);
    reasons.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.count));
    Ok((months, reasons))
}

/// Outcome, month, reason.
type Closing = (String, String, Option<String>, Sum);

/// The cells of the asked process, or of all; none when the roll-ups do not know the scope.
fn cells(asked: &Asked<'_>, roll_up: &RollUp) -> Result<Option<SelectStatement>> {
    let mut cells = asked.rolled(roll_up, None)?;
    if let (Some(cells), Some(process)) = (&mut cells, asked.process_id) {
        cells.and_where(facts::column("part").eq(process.to_string()));
    }
    Ok(cells)
}

async fn closings(asked: &Asked<'_>) -> Result<Vec<Closing>> {
    let Some(mut select) = cells(asked, &CLOSED)? else {
        return of_opportunities(asked).await;
    };
    let month = month_of(facts::column("day"));
    select
        .expr(facts::column("mark"))
        .expr(month.clone())
        .expr(sum(facts::column("count")))
        .expr(sum(facts::column("value")))
        .and_where(facts::column("day").gte(asked.from.to_string()))
        .and_where(facts::column("day").lte(asked.to.to_string()))
        .add_group_by([facts::column("mark"), month]);
    let mut found = Vec::new();
    for row in asked.access.rows(&select).await? {
        let mark: String = row.try_get_by_index(0)?;
        let (outcome, reason) = match mark.split_once(':') {
            Some((outcome, reason)) => (outcome.to_owned(), Some(reason.to_owned())),
            None => (mark, None),
        };
        let sum = Sum {
            count: row.try_get_by_index(2)?,
            amount_minor: row.try_get_by_index(3)?,
            weighted_minor: 0,
        };
        found.push((outcome, row.try_get_by_index(1)?, reason, sum));
    }
    Ok(found)
}

async fn of_opportunities(asked: &Asked<'_>) -> Result<Vec<Closing>> {
    let mut select = asked.select()?;
    let month = month_of(asked.column("closed_on"));
    select
        .expr_as(asked.column("outcome"), Alias::new("outcome"))
        .expr_as(month.clone(), Alias::new("month"))
        .expr_as(asked.column("loss_reason"), Alias::new("reason"))
        .expr(Expr::cust("COUNT(*)"))
        .expr(sum(asked.column("amount")))
        .and_where(asked.column("outcome").is_in(["won", "lost"]))
        .add_group_by([asked.column("outcome"), month, asked.column("loss_reason")]);
    closed_in(asked, asked.period(), &mut select);
    let mut found = Vec::new();
    for row in asked.access.rows(&select).await? {
        let sum = Sum {
            count: row.try_get_by_index(3)?,
            amount_minor: row.try_get_by_index::<Option<i64>>(4)?.unwrap_or_default(),
            weighted_minor: 0,
        };
        found.push((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
            sum,
        ));
    }
    Ok(found)
}

fn closed_in(asked: &Asked<'_>, (from, to): (NaiveDate, NaiveDate), select: &mut SelectStatement) {
    let closed = asked.column("closed_on");
    select
        .and_where(closed.clone().gte(from.to_string()))
        .and_where(closed.lte(to.to_string()));
}

/// Mean and median days from creation to winning, to a tenth.
pub async fn cycle(asked: &Asked<'_>) -> Result<(Option<f64>, Option<f64>)> {
    let mut tally = Tally::default();
    match cells(asked, &CYCLE)? {
        None => won(asked, asked.period(), &mut tally).await?,
        Some(mut select) => {
            let (months, ends) = asked.months();
            if let Some((first, last)) = months {
                select
                    .expr(facts::column("mark"))
                    .expr(sum(facts::column("count")))
                    .and_where(facts::column("day").gte(first.first_day().to_string()))
                    .and_where(facts::column("day").lte(last.first_day().to_string()))
                    .add_group_by([facts::column("mark")]);
                for row in asked.access.rows(&select).await? {
                    let days: String = row.try_get_by_index(0)?;
                    tally.add(days.parse().unwrap_or_default(), row.try_get_by_index(1)?);
                }
            }
            for days in ends {
                won(asked, days, &mut tally).await?;
            }
        }
    }
    let tenth = |days: f64| (days * 10.0).round() / 10.0;
    Ok((tally.mean().map(tenth), tally.median()))
}

/// Adds the days from creation to winning of those won on these days; by whole days, so that both databases count the same.
async fn won(asked: &Asked<'_>, period: (NaiveDate, NaiveDate), tally: &mut Tally) -> Result<()> {
    // Days since 1970 of the day of closing, by the calendar that both databases know.
    let closed = asked.column("closed_on");
    let closed = if asked.access.app.db.is_postgres() {
        closed.cast_as("date").sub(Expr::cust("DATE '1970-01-01'"))
    } else {
        let julian = Func::cust(Alias::new("JULIANDAY")).arg(closed);
        Expr::from(julian)
            .sub(Expr::cust("2440587.5"))
            .cast_as("integer")
    };
    // The day of creation, in the organisation's time zone as it is today: an hour's shift does not move a cycle.
    let clock = &asked.access.app.clock;
    let today = clock.today();
    let shift = today
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp_millis()
        - clock.start_of(today);
    let created = asked.column("created_at").add(shift).div(DAY_MS);
    let days = closed.sub(created);
    let mut won = asked.select()?;
    won.expr_as(days.clone(), Alias::new("days"))
        .and_where(asked.column("outcome").eq("won"))
        // Recorded only after it was won: nobody knows how long it took.
        .and_where(days.gte(0));
    closed_in(asked, period, &mut won);
    let select = Sql::select()
        .expr(Expr::cust("CAST(days AS BIGINT)"))
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(won, Alias::new("won"))
        .add_group_by([Expr::col(Alias::new("days"))])
        .to_owned();
    for row in asked.access.rows(&select).await? {
        tally.add(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    Ok(())
}
