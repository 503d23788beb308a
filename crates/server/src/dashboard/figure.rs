//! Figures: counts and amounts with the filter that opens their records.

use platform::access::Access;
use platform::web::Money;
use rules::filter::Filter;
use rules::opportunities::ratio;
use sea_orm::sea_query::{Alias, Expr, Func};
use serde::Serialize;
use serde_json::Value as Json;
use std::ops::AddAssign;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sum {
    pub count: i64,
    pub amount_minor: i64,
    pub weighted_minor: i64,
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Sum) {
        self.count += other.count;
        self.amount_minor += other.amount_minor;
        self.weighted_minor += other.weighted_minor;
    }
}

/// How many opportunities, worth how much.
#[derive(Debug, Serialize, ToSchema)]
pub struct Figure {
    pub count: i64,
    pub amount: Money,
    /// Opens exactly these records in `/api/opportunities`.
    #[schema(value_type = Filter)]
    pub filter: Json,
}

impl Figure {
    pub fn of(access: &Access, sum: Sum, filter: Json) -> Figure {
        Figure {
            count: sum.count,
            amount: Money::of(access, sum.amount_minor),
            filter,
        }
    }
}

/// A share from 0 to 1 to four places; none of nothing.
pub fn share(part: i64, whole: i64) -> Option<f64> {
    ratio(part, whole).map(|share| (share * 10_000.0).round() / 10_000.0)
}

/// The month of a day: days are text, so it is the first seven characters.
pub fn month_of(day: Expr) -> Expr {
    Func::cust(Alias::new("SUBSTR"))
        .arg(day)
        .arg(Expr::cust("1"))
        .arg(Expr::cust("7"))
        .into()
}
