//! Performance: what was won and lost in a period, why, how large, and how long it took.

use axum::response::Response;
use platform::access::Access;
use platform::problem::Result;
use platform::web::{Doc, Money, Query, Routes, json};
use rules::filter::Filter;
use rules::period::Month;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::asked::{Asked, Question, between, empty, one_of};
use super::closings::{Closed, closed, cycle};
use super::figure::{Figure, share};

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
