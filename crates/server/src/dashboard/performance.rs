//! Performance: what was won and lost in a period, why, how large, and how long it took.

use std::collections::BTreeMap;

use axum::response::Response;
use platform::access::Access;
use platform::db::sum;
use platform::problem::Result;
use platform::web::{Doc, Money, Query, Routes, json};
use rules::filter::Filter;
use rules::period::Month;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query as Sql};
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::asked::{Asked, Question, between, empty, one_of};
use super::figure::{Figure, Sum, month_of, share};

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/dashboard/performance",
        Doc::new("dashboard", "Won and lost in a period, with reasons, deal size and cycle")
            .about("By the day of closing. Every figure carries the filter that opens its records; what would divide by zero is null.")
            .query::<Question>()
            .answers::<Performance>(),
        performance,
    )
}

#[derive(Debug, Serialize, ToSchema)]
struct Performance {
    from: String,
    to: String,
    won: Figure,
    lost: Figure,
    win_rate: WinRate,
    average_deal: AverageDeal,
    cycle: Cycle,
    /// The most frequent first.
    loss_reasons: Vec<LossReason>,
    /// Every month of the period.
    months: Vec<MonthFigures>,
}

/// Won ÷ closed, from 0 to 1.
#[derive(Debug, Serialize, ToSchema)]
struct WinRate {
    #[schema(required)]
    by_count: Option<f64>,
    #[schema(required)]
    by_amount: Option<f64>,
    #[schema(value_type = Filter)]
    filter: Json,
}

/// Won amount ÷ won.
#[derive(Debug, Serialize, ToSchema)]
struct AverageDeal {
    #[schema(required)]
    amount: Option<Money>,
    #[schema(value_type = Filter)]
    filter: Json,
}

/// Days from creation to the day of winning, to a tenth.
#[derive(Debug, Serialize, ToSchema)]
struct Cycle {
    #[schema(required)]
    mean_days: Option<f64>,
    #[schema(required)]
    median_days: Option<f64>,
    #[schema(value_type = Filter)]
    filter: Json,
}

#[derive(Debug, Serialize, ToSchema)]
struct LossReason {
    /// Null for those lost without a reason (imported ones).
    #[schema(required)]
    reason: Option<String>,
    count: i64,
    amount: Money,
    /// Of all lost ones, from 0 to 1.
    #[schema(required)]
    share: Option<f64>,
    #[schema(value_type = Filter)]
    filter: Json,
}

#[derive(Debug, Serialize, ToSchema)]
struct MonthFigures {
    month: String,
    won: Figure,
    lost: Figure,
    /// By count, from 0 to 1.
    #[schema(required)]
    win_rate: Option<f64>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Closed {
    won: Sum,
    lost: Sum,
}

const DAY_MS: i64 = 86_400_000;

async fn performance(access: Access, Query(question): Query<Question>) -> Result<Response> {
    let asked = Asked::of(&access, &question)?;
    let (months, reasons) = closed(&asked).await?;
    let (mean_days, median_days) = cycle(&asked).await?;
    let mut all = Closed::default();
    for month in months.values() {
        all.won += month.won;
        all.lost += month.lost;
    }
    let of = |outcome: Json, period: Json| asked.opens([one_of("outcome", outcome), period]);
    let whole = || between("closed_on", asked.from, asked.to);
    let won = || of(json!(["won"]), whole());
    let average = (all.won.count > 0).then(|| {
        let half = all.won.count / 2;
        Money::of(&access, (all.won.amount_minor + half) / all.won.count)
    });
    let months = Month::between(asked.from, asked.to)
        .into_iter()
        .map(|month| {
            let figures = months.get(&month.to_string()).copied().unwrap_or_default();
            let period = || {
                between(
                    "closed_on",
                    Ord::max(month.first_day(), asked.from),
                    Ord::min(month.last_day(), asked.to),
                )
            };
            MonthFigures {
                month: month.to_string(),
                won: Figure::of(&access, figures.won, of(json!(["won"]), period())),
                lost: Figure::of(&access, figures.lost, of(json!(["lost"]), period())),
                win_rate: share(figures.won.count, figures.won.count + figures.lost.count),
            }
        });
    let reasons = reasons.into_iter().map(|(reason, sum)| {
        let why = match &reason {
            Some(reason) => one_of("loss_reason", json!([reason])),
            None => empty("loss_reason"),
        };
        LossReason {
            count: sum.count,
            amount: Money::of(&access, sum.amount_minor),
            share: share(sum.count, all.lost.count),
            filter: asked.opens([one_of("outcome", json!(["lost"])), whole(), why]),
            reason,
        }
    });
    json(&Performance {
        from: asked.from.to_string(),
        to: asked.to.to_string(),
        won: Figure::of(&access, all.won, won()),
        lost: Figure::of(&access, all.lost, of(json!(["lost"]), whole())),
        win_rate: WinRate {
            by_count: share(all.won.count, all.won.count + all.lost.count),
            by_amount: share(
                all.won.amount_minor,
                all.won.amount_minor + all.lost.amount_minor,
            ),
            filter: of(json!(["won", "lost"]), whole()),
        },
        average_deal: AverageDeal {
            amount: average,
            filter: won(),
        },
        cycle: Cycle {
            mean_days,
            median_days,
            filter: won(),
        },
        loss_reasons: reasons.collect(),
        months: months.collect(),
    })
}

fn in_period(asked: &Asked<'_>, select: &mut sea_orm::sea_query::SelectStatement) {
    let closed = asked.column("closed_on");
    select
        .and_where(closed.clone().gte(asked.from.to_string()))
        .and_where(closed.lte(asked.to.to_string()));
}

type Reasons = Vec<(Option<String>, Sum)>;

/// Won and lost by month, and the lost ones by reason: one grouped query.
async fn closed(asked: &Asked<'_>) -> Result<(BTreeMap<String, Closed>, Reasons)> {
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
    in_period(asked, &mut select);
    let mut months: BTreeMap<String, Closed> = BTreeMap::new();
    let mut reasons: BTreeMap<Option<String>, Sum> = BTreeMap::new();
    for row in asked.access.rows(&select).await? {
        let outcome: String = row.try_get_by_index(0)?;
        let sum = Sum {
            count: row.try_get_by_index(3)?,
            amount_minor: row.try_get_by_index::<Option<i64>>(4)?.unwrap_or_default(),
            weighted_minor: 0,
        };
        let month = months.entry(row.try_get_by_index(1)?).or_default();
        if outcome == "won" {
            month.won += sum;
        } else {
            month.lost += sum;
            *reasons.entry(row.try_get_by_index(2)?).or_default() += sum;
        }
    }
    let mut reasons: Reasons = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.count));
    Ok((months, reasons))
}

/// Mean and median days from creation to winning; by whole days of the closing, so that both databases count the same.
async fn cycle(asked: &Asked<'_>) -> Result<(Option<f64>, Option<f64>)> {
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
    in_period(asked, &mut won);
    let ranked = Sql::select()
        .expr_as(Expr::col(Alias::new("days")), Alias::new("days"))
        .expr_as(
            Expr::cust("ROW_NUMBER() OVER (ORDER BY days)"),
            Alias::new("place"),
        )
        .expr_as(Expr::cust("COUNT(*) OVER ()"), Alias::new("total"))
        .from_subquery(won, Alias::new("won"))
        .to_owned();
    let select = Sql::select()
        .expr(Expr::cust("CAST(SUM(days) AS BIGINT)"))
        .expr(Expr::cust("COUNT(*)"))
        .expr(Expr::cust(
            "CAST(SUM(CASE WHEN place = (total + 1) / 2 THEN days ELSE 0 END) + SUM(CASE WHEN place = total / 2 + 1 THEN days ELSE 0 END) AS BIGINT)",
        ))
        .from_subquery(ranked, Alias::new("ranked"))
        .to_owned();
    let Some(row) = asked.access.row(&select).await? else {
        return Ok((None, None));
    };
    let count: i64 = row.try_get_by_index(1)?;
    if count == 0 {
        return Ok((None, None));
    }
    let total: i64 = row.try_get_by_index::<Option<i64>>(0)?.unwrap_or_default();
    // The two middle ones, which are one and the same when the count is odd.
    let middle: i64 = row.try_get_by_index::<Option<i64>>(2)?.unwrap_or_default();
    let tenth = |days: f64| (days * 10.0).round() / 10.0;
    Ok((
        Some(tenth(total as f64 / count as f64)),
        Some(middle as f64 / 2.0),
    ))
}
