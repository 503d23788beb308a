//! The calendar by close date: what is expected to close on each day, right at any number of opportunities.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::db::sum;
use platform::labels;
use platform::listing::{self, RowWriter};
use platform::problem::{Problem, Result};
use platform::resource::Resource;
use platform::web::{Doc, Query as Asked, Routes, json_bytes};
use rules::filter::{Filter, Op};
use rules::permission::Action;
use sea_orm::QueryResult;
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, NullOrdering, Order, OrderedStatement, OverStatement, Query,
    SelectStatement, WindowStatement,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::board::sum_of;

/// Cards of a day; the others stand in the list.
const CARDS: i64 = 3;
/// A month as calendars show it has at most six weeks.
const DAYS_MAX: i64 = 62;
const DAY: &str = "expected_close_on";

pub fn routes() -> Routes {
    let day = json!({ "type": "object", "required": ["day", "count", "amount", "cards"], "properties": {
        "day": { "type": "string", "format": "date" },
        "count": { "type": "integer" },
        "amount": { "oneOf": [{ "$ref": "#/components/schemas/Money" }, { "type": "null" }],
            "description": "None for whoever may not see amounts." },
        "cards": { "type": "array", "items": { "$ref": "#/components/schemas/Opportunity" } } } });
    let calendar = json!({ "type": "object", "required": ["days", "labels"], "properties": {
        "days": { "type": "array", "items": { "$ref": "#/components/schemas/CloseDay" } },
        "labels": { "$ref": "#/components/schemas/Labels" } } });
    Routes::default().get(
        "/api/opportunities/calendar",
        Doc::new("opportunities", "What is expected to close on each day")
            .about("Counts and sums are of all opportunities in scope that fit; each day shows its three largest. Days without any are absent.")
            .query::<Calendar>()
            .schema("CloseDay", day)
            .schema("CloseCalendar", calendar)
            .answers_named("CloseCalendar"),
        calendar_of,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Calendar {
    /// First day, `YYYY-MM-DD`.
    from: NaiveDate,
    /// Last day, at most 61 days later.
    to: NaiveDate,
    /// Filter tree as JSON.
    filter: Option<String>,
    /// Words, pinyin or initials to search for.
    q: Option<String>,
}

async fn calendar_of(access: Access, Asked(asked): Asked<Calendar>) -> Result<Response> {
    if !(0..DAYS_MAX).contains(&(asked.to - asked.from).num_days()) {
        let params = json!({ "days": DAYS_MAX });
        return Err(Problem::field_with("to", "too_many_days", params));
    }
    let resource = access.resource("opportunities")?;
    let span = Filter::test(DAY, Op::Between, json!([asked.from, asked.to]));
    let filter = match listing::parse_filter(asked.filter.as_deref())? {
        Some(filter) => Filter::And {
            and: vec![filter, span],
        },
        None => span,
    };
    let month = Month {
        access: &access,
        resource: &resource,
        filter,
        q: asked.q.as_deref(),
        sees_amounts: sum_of(&access, &resource, "amount", 0).is_some(),
    };
    let writer = RowWriter::new(&access, &resource, None)?;
    let mut cards: HashMap<String, Vec<QueryResult>> = HashMap::new();
    for row in month.cards(&writer).await? {
        let day = row.try_get_by_index(writer.width())?;
        cards.entry(day).or_default().push(row);
    }
    let mut referred = HashSet::new();
    let mut out = b"{\"days\":[".to_vec();
    for (i, (day, count, minor)) in month.days().await?.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let amount = sum_of(&access, &resource, "amount", minor);
        let mut head = json!({ "day": day, "count": count, "amount": amount }).to_string();
        head.pop();
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(b",\"cards\":[");
        for (j, row) in cards.remove(&day).unwrap_or_default().iter().enumerate() {
            if j > 0 {
                out.push(b',');
            }
            writer.write_row(row, &[], &mut out, &mut referred)?;
        }
        out.extend_from_slice(b"]}");
    }
    out.extend_from_slice(b"],\"labels\":");
    labels::write(&access, writer.targets(referred), &mut out).await?;
    out.push(b'}');
    Ok(json_bytes(out))
}

struct Month<'a> {
    access: &'a Access,
    resource: &'a Arc<Resource>,
    filter: Filter,
    q: Option<&'a str>,
    /// Who may not see amounts may not see whose is larger either.
    sees_amounts: bool,
}

impl Month<'_> {
    /// `SELECT … FROM opportunity` in scope with a close date within the span; the caller adds its expressions.
    fn select(&self) -> Result<SelectStatement> {
        let filter = Some(&self.filter);
        listing::filtered(self.access, self.resource, filter, self.q, Action::Read)
    }

    /// `(day, how many, their sum in minor units)`, in the order of the days.
    async fn days(&self) -> Result<Vec<(String, i64, i64)>> {
        let day = self.resource.column(DAY);
        let mut select = self.select()?;
        select
            .expr(day.clone())
            .expr(Expr::cust("COUNT(*)"))
            .expr(sum(self.resource.column("amount")))
            .add_group_by([day.clone()])
            .order_by_expr(day, Order::Asc);
        let rows = self.access.rows(&select).await?;
        rows.iter()
            .map(|row| {
                let minor: Option<i64> = row.try_get_by_index(2)?;
                Ok((
                    row.try_get_by_index(0)?,
                    row.try_get_by_index(1)?,
                    minor.unwrap_or_default(),
                ))
            })
            .collect()
    }

    fn order(&self, statement: &mut impl OrderedStatement) {
        if self.sees_amounts {
            let amount = self.resource.column("amount");
            statement.order_by_expr_with_nulls(amount, Order::Desc, NullOrdering::Last);
        }
        statement.order_by_expr(self.resource.column("id"), Order::Asc);
    }

    /// The largest of each day, the day behind their own columns.
    async fn cards(&self, writer: &RowWriter<'_>) -> Result<Vec<QueryResult>> {
        let resource = self.resource;
        let (id, rank) = (Alias::new("id"), Alias::new("rank_of_day"));
        let mut window = WindowStatement::new();
        window.add_partition_by(resource.column(DAY));
        self.order(&mut window);
        let mut ranked = self.select()?;
        ranked
            .expr_as(resource.column("id"), id.clone())
            .expr_window_as(Func::cust("ROW_NUMBER"), window, rank.clone());
        let first = Query::select()
            .column(id)
            .from_subquery(ranked, Alias::new("ranked"))
            .and_where(Expr::col(rank).lte(CARDS))
            .to_owned();
        let mut select = self.select()?;
        writer.select(&mut select);
        select
            .expr(resource.column(DAY))
            .and_where(resource.column("id").in_subquery(first))
            .order_by_expr(resource.column(DAY), Order::Asc);
        self.order(&mut select);
        self.access.rows(&select).await
    }
}
