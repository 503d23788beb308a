//! Receivables: what is still to be received, by how long it is overdue, per customer, person or team, in the caller's scope.

use std::collections::HashMap;

use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::db::sum;
use platform::labels;
use platform::problem::Result;
use platform::resource::Resource;
use platform::web::{Doc, Labels, Money, Query as Asked, Routes, json as answer};
use rules::contracts::{AGES, Age, InstalmentState};
use rules::permission::Action;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{CONTRACTS, INSTALMENTS};

/// Slices that are told apart; the rest is in the total only.
const SLICES_MAX: usize = 100;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/receivables",
        Doc::new(CONTRACTS, "Open instalments by how long they are overdue")
            .about("Of signed contracts, in the caller's scope. Every figure carries the filter of `/api/instalments` that lists what it counts. What is due today is not overdue.")
            .query::<Question>()
            .answers::<Receivables>(),
        receivables,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Question {
    /// Whom to tell apart: `customer` (the usual one), `person` or `team`.
    by: Option<Sliced>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Sliced {
    #[default]
    Customer,
    Person,
    Team,
}

impl Sliced {
    fn resource(self) -> &'static str {
        match self {
            Sliced::Customer => "customers",
            Sliced::Person => "people",
            Sliced::Team => "teams",
        }
    }

    fn filter_field(self) -> &'static str {
        match self {
            Sliced::Customer => "customer_id",
            Sliced::Person => "owner_id",
            Sliced::Team => "owner_id.team_id",
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct Receivables {
    today: NaiveDate,
    by: Sliced,
    total: AgedSum,
    /// Those with the most overdue first.
    slices: Vec<AgedSum>,
    slices_left_out: usize,
    labels: Labels,
}

/// What is open of one customer, person or team, or of all.
#[derive(Debug, Serialize, ToSchema)]
struct AgedSum {
    /// Null for all, and for those without.
    key: Option<Uuid>,
    amount: Money,
    overdue: Money,
    count: i64,
    /// In the order of age.
    ages: Vec<AgeSum>,
    #[schema(value_type = rules::filter::Filter)]
    filter: Json,
}

#[derive(Debug, Serialize, ToSchema)]
struct AgeSum {
    /// `not_due`, `days_1_30`, `days_31_60`, `days_61_90`, `over_90`.
    age: &'static str,
    amount: Money,
    #[schema(value_type = rules::filter::Filter)]
    filter: Json,
}

/// Amounts in minor units by age, and how many instalments.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    ages: [i64; AGES.len()],
    count: i64,
}

impl Sum {
    fn total(&self) -> i64 {
        self.ages.iter().sum()
    }
    fn overdue(&self) -> i64 {
        self.ages[1..].iter().sum()
    }
}

async fn receivables(access: Access, Asked(question): Asked<Question>) -> Result<Response> {
    let by = question.by.unwrap_or_default();
    let resource = access.resource(INSTALMENTS)?;
    access.require(INSTALMENTS, Action::Read)?;
    access.require_amounts(CONTRACTS)?;
    let today = access.app.clock.today();
    let sums = sums(&access, &resource, today).await?;
    let mut total = Sum::default();
    let mut slices: HashMap<Option<Uuid>, Sum> = HashMap::new();
    let directory = access.app.directory();
    for ((customer, owner), one) in sums {
        let key = match by {
            Sliced::Customer => customer,
            Sliced::Person => owner,
            Sliced::Team => owner
                .and_then(|id| directory.people.get(&id))
                .and_then(|person| person.team_id),
        };
        for into in [&mut total, slices.entry(key).or_default()] {
            for (into, one) in into.ages.iter_mut().zip(one.ages) {
                *into += one;
            }
            into.count += one.count;
        }
    }
    let mut slices: Vec<(Option<Uuid>, Sum)> = slices.into_iter().collect();
    slices.sort_by_key(|(key, sum)| (-sum.overdue(), -sum.total(), *key));
    let slices_left_out = slices.len().saturating_sub(SLICES_MAX);
    slices.truncate(SLICES_MAX);
    let named = slices
        .iter()
        .filter_map(|(key, _)| Some((by.resource().to_owned(), (*key)?)))
        .collect();
    let labels = labels::of(&access, named).await?.into();
    let aged = |of: Option<Option<Uuid>>, sum: &Sum| aged(&access, by, of, sum, today);
    answer(&Receivables {
        today,
        by,
        total: aged(None, &total),
        slices: slices
            .iter()
            .map(|(key, sum)| aged(Some(*key), sum))
            .collect(),
        slices_left_out,
        labels,
    })
}

/// What is open, by customer and owner: one walk along the index of what is open.
async fn sums(
    access: &Access,
    resource: &Resource,
    today: NaiveDate,
) -> Result<Vec<((Option<Uuid>, Option<Uuid>), Sum)>> {
    let mut select: SelectStatement = access.scoped(resource, Action::Read)?;
    let keys = ["customer_id", "owner_id"].map(|name| resource.column(name));
    for key in &keys {
        select.expr(key.clone());
    }
    for age in AGES {
        let (first, last) = age.due_between(today);
        let mut within = Expr::val(1).eq(1);
        if let Some(first) = first {
            within = within.and(resource.column("due_on").gte(first.to_string()));
        }
        if let Some(last) = last {
            within = within.and(resource.column("due_on").lte(last.to_string()));
        }
        let amount = Expr::case(within, resource.column("open_amount")).finally(Expr::val(0i64));
        select.expr(sum(amount));
    }
    select
        .expr(Expr::cust("COUNT(*)"))
        .and_where(resource.column("state").eq(InstalmentState::Open.code()))
        .add_group_by(keys);
    access
        .rows(&select)
        .await?
        .iter()
        .map(|row| {
            let mut ages = [0; AGES.len()];
            for (i, minor) in ages.iter_mut().enumerate() {
                *minor = row
                    .try_get_by_index::<Option<i64>>(i + 2)?
                    .unwrap_or_default();
            }
            let count = row.try_get_by_index(AGES.len() + 2)?;
            let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok((key, Sum { ages, count }))
        })
        .collect()
}

fn aged(
    access: &Access,
    by: Sliced,
    of: Option<Option<Uuid>>,
    sum: &Sum,
    today: NaiveDate,
) -> AgedSum {
    let mut tests = vec![json!({ "field": "state", "op": "in", "value": ["open"] })];
    match of {
        None => {}
        Some(Some(id)) => {
            tests.push(json!({ "field": by.filter_field(), "op": "in", "value": [id] }));
        }
        Some(None) => tests.push(json!({ "field": by.filter_field(), "op": "empty" })),
    }
    let ages = AGES.into_iter().zip(sum.ages).map(|(age, minor)| {
        let mut tests = tests.clone();
        tests.push(due(age, today));
        AgeSum {
            age: age.code(),
            amount: Money::of(access, minor),
            filter: json!({ "and": tests }),
        }
    });
    AgedSum {
        key: of.flatten(),
        amount: Money::of(access, sum.total()),
        overdue: Money::of(access, sum.overdue()),
        count: sum.count,
        ages: ages.collect(),
        filter: json!({ "and": tests }),
    }
}

fn due(age: Age, today: NaiveDate) -> Json {
    let test = |op: &str, value: Json| json!({ "field": "due_on", "op": op, "value": value });
    match age.due_between(today) {
        (Some(first), Some(last)) => test("between", json!([first, last])),
        (Some(first), None) => test("ge", json!(first)),
        (None, Some(last)) => test("le", json!(last)),
        (None, None) => test("not_empty", json!(null)),
    }
}
