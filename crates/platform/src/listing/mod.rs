//! Lists: filter, sort, page and total of any resource, written as JSON straight from the database's rows.

mod comparison;
mod filter;
mod rows;

use std::sync::Arc;

use rules::filter::Filter;
use rules::permission::Action;
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait, Func, NullOrdering, Order, Query, SelectStatement,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Access;
use crate::db::only_decides;
use crate::problem::{Problem, Result};
use crate::resource::Resource;
use crate::search;
use crate::web::asked_number;

pub use filter::compile;
pub use rows::{RowWriter, currency_of, value_json};

use crate::labels;

/// Totals are exact up to here; beyond, "10,000+" until asked.
pub const COUNT_CAP: u64 = 10_000;
const PAGE_SIZE: u64 = 50;
const PAGE_SIZE_MAX: u64 = 200;
/// Fields to sort by; further ones would decide nothing.
const SORTS_MAX: usize = 8;
/// Pages further down cost time and help nobody; a filter does.
const OFFSET_MAX: u64 = 100_000;

/// The query of a list, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Filter tree as JSON, e.g. `{"field":"level","op":"in","value":["A"]}`.
    pub filter: Option<String>,
    /// Fields, `-` for descending: `-updated_at,name`.
    pub sort: Option<String>,
    /// From 1.
    pub page: Option<u64>,
    /// 1 to 200, 50 unless told.
    pub page_size: Option<u64>,
    /// Words, pinyin or initials to search for.
    pub q: Option<String>,
    /// `exact` counts beyond 10,000.
    pub count: Option<String>,
    /// Comma-separated fields to answer; all unless told.
    pub columns: Option<String>,
}

pub fn parse_filter(text: Option<&str>) -> Result<Option<Filter>> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let filter: Filter =
        serde_json::from_str(text).map_err(|_| Problem::field("filter", "not_a_filter"))?;
    if filter.is_reasonable() {
        Ok(Some(filter))
    } else {
        Err(Problem::field("filter", "filter_too_large"))
    }
}

/// A list's statement before paging: scope, filter, and search words.
pub fn select(
    access: &Access,
    resource: &Arc<Resource>,
    query: &ListQuery,
    action: Action,
) -> Result<SelectStatement> {
    let filter = parse_filter(query.filter.as_deref())?;
    filtered(
        access,
        resource,
        filter.as_ref(),
        query.q.as_deref(),
        action,
    )
}

pub fn filtered(
    access: &Access,
    resource: &Arc<Resource>,
    filter: Option<&Filter>,
    q: Option<&str>,
    action: Action,
) -> Result<SelectStatement> {
    planned(access, resource, filter, q, action, Plan::Any)
}

/// How the database comes to a list's rows.
#[derive(Clone, Copy, PartialEq)]
enum Plan<'a> {
    /// As it finds best.
    Any,
    /// In the order by this field, leaving out what doesn't fit.
    Walk(&'a str),
}

fn planned(
    access: &Access,
    resource: &Arc<Resource>,
    filter: Option<&Filter>,
    q: Option<&str>,
    action: Action,
    plan: Plan<'_>,
) -> Result<SelectStatement> {
    access.require(&resource.name, action)?;
    let mut select = Query::select();
    select.from(Alias::new(&resource.table));
    for part in filter.map(Filter::parts).unwrap_or_default() {
        let condition = compile(access, resource, part)?;
        select.cond_where(match (plan, part) {
            (Plan::Any, _) => condition,
            // What limits the order itself says where the walk begins.
            (Plan::Walk(field), Filter::Test(test)) if test.field == field => condition,
            (Plan::Walk(_), _) => Condition::all().add(only_decides(condition)),
        });
    }
    match q.map(str::trim).filter(|q| !q.is_empty()) {
        Some(q) if resource.searchable => {
            let ids = search::matching(access, resource, action, q, COUNT_CAP + 1);
            select.and_where(resource.column("id").in_subquery(ids));
        }
        Some(_) => return Err(Problem::field("q", "not_searchable")),
        None => {
            let scope = match plan {
                Plan::Any => access.condition(resource, action),
                Plan::Walk(_) => access.test(resource, action),
            };
            if let Some(scope) = scope {
                select.cond_where(scope);
            }
        }
    }
    Ok(select)
}

/// Adds `ORDER BY`; the id comes last, so that pages never overlap.
pub fn order(
    access: &Access,
    resource: &Resource,
    sort: Option<&str>,
    select: &mut SelectStatement,
) -> Result<()> {
    let sort = sort
        .filter(|sort| !sort.is_empty())
        .unwrap_or(resource.default_sort);
    if sort.split(',').count() > SORTS_MAX {
        return Err(Problem::field_with(
            "sort",
            "too_many",
            serde_json::json!({ "max": SORTS_MAX }),
        ));
    }
    let mut direction = Order::Asc;
    for part in sort.split(',') {
        let (name, order) = match part.trim().strip_prefix('-') {
            Some(name) => (name, Order::Desc),
            None => (part.trim(), Order::Asc),
        };
        let field = resource
            .field(name)
            .filter(|field| field.sortable)
            .ok_or_else(|| Problem::field("sort", "not_sortable"))?;
        access.require_open(resource, field, "sort")?;
        // People sort Chinese by pinyin.
        let column = if resource.searchable && name == resource.label_field {
            "sort_key"
        } else {
            name
        };
        direction = order.clone();
        let never_null = field.system && name != "created_by" && name != "updated_by";
        // SQLite sorts nulls first and PostgreSQL last; say it, as the indexes do.
        if access.app.db.is_postgres() && !never_null && column != "sort_key" {
            let nulls = if order == Order::Asc {
                NullOrdering::First
            } else {
                NullOrdering::Last
            };
            select.order_by_expr_with_nulls(resource.column(column), order, nulls);
        } else {
            select.order_by_expr(resource.column(column), order);
        }
    }
    select.order_by_expr(resource.column("id"), direction);
    Ok(())
}

/// The field that decides most of the order.
fn ordering<'a>(resource: &'a Resource, sort: Option<&'a str>) -> &'a str {
    let sort = sort
        .filter(|sort| !sort.is_empty())
        .unwrap_or(resource.default_sort);
    let first = sort.split(',').next().unwrap_or(sort).trim();
    first.strip_prefix('-').unwrap_or(first)
}

/// About how many rows SQLite keeps of a resource: its highest key, which costs one look.
async fn rows_of(access: &Access, resource: &Resource) -> Result<u64> {
    let highest = Query::select()
        .expr(Func::max(Expr::col(Alias::new("rowid"))))
        .from(Alias::new(&resource.table))
        .to_owned();
    let highest: Option<i64> = match access.row(&highest).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    Ok(highest.unwrap_or_default().unsigned_abs())
}

/// Counts a list's rows, up to the cap unless `exact`.
pub async fn count(access: &Access, base: &SelectStatement, exact: bool) -> Result<(u64, bool)> {
    let mut inner = base.clone();
    inner.clear_selects().clear_order_by().expr(Expr::val(1));
    if !exact {
        inner.limit(COUNT_CAP + 1);
    }
    let outer = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(inner, Alias::new("counted"))
        .to_owned();
    let count: i64 = match access.row(&outer).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    let count = count as u64;
    Ok(if !exact && count > COUNT_CAP {
        (COUNT_CAP, false)
    } else {
        (count, true)
    })
}

/// Whether a list has more rows than are counted. Skipping rows costs SQLite half of what counting them costs.
async fn exceeds_cap(access: &Access, base: &SelectStatement) -> Result<bool> {
    let mut beyond = base.clone();
    beyond.clear_selects().expr(Expr::val(1));
    beyond.limit(1).offset(COUNT_CAP);
    Ok(access.row(&beyond).await?.is_some())
}

/// One page of a list as JSON bytes: `{rows, labels, total, page, page_size}`.
pub async fn page(access: &Access, resource: &Arc<Resource>, query: &ListQuery) -> Result<Vec<u8>> {
    let size = asked_number("page_size", query.page_size, PAGE_SIZE, PAGE_SIZE_MAX)?;
    let number = asked_number("page", query.page, 1, OFFSET_MAX / size + 1)?;
    let offset = (number - 1) * size;
    let filter = parse_filter(query.filter.as_deref())?;
    let of_plan = |plan| {
        planned(
            access,
            resource,
            filter.as_ref(),
            query.q.as_deref(),
            Action::Read,
            plan,
        )
    };
    let base = of_plan(Plan::Any)?;
    let writer = RowWriter::new(access, resource, query.columns.as_deref())?;
    let exact = query.count.as_deref() == Some("exact");
    let mut total = None;
    let mut rows = base.clone();
    // SQLite takes no account of the page's end when it chooses between finding all rows to sort them and walking the order
    // until the page is full. The total tells.
    if !access.app.db.is_postgres() {
        // Whoever sees everything mostly has more than the cap, which is sooner seen than counted.
        let sees_all = access.condition(resource, Action::Read).is_none();
        let (found, is_exact) = match sees_all && !exact && exceeds_cap(access, &base).await? {
            true => (COUNT_CAP, false),
            false => count(access, &base, exact).await?,
        };
        // Walking looks at so many rows for each one that it shows as there are for each one that fits.
        let walked =
            |rows: u64| offset.saturating_add(size).saturating_mul(rows) / Ord::max(found, 1);
        if !is_exact || found > walked(rows_of(access, resource).await?) {
            rows = of_plan(Plan::Walk(ordering(resource, query.sort.as_deref())))?;
        }
        total = Some((found, is_exact));
    }
    writer.select(&mut rows);
    order(access, resource, query.sort.as_deref(), &mut rows)?;
    rows.limit(size).offset(offset);
    let shown = async {
        let rows = access.rows(&rows).await?;
        let mut out = Vec::with_capacity(rows.len() * 900 + 200);
        out.extend_from_slice(b"{\"rows\":[");
        let referred = writer.write_rows(&rows, &mut out)?;
        out.extend_from_slice(b"],\"labels\":");
        labels::write(access, writer.targets(referred), &mut out).await?;
        Ok::<_, Problem>(out)
    };
    // PostgreSQL counts while the page is read and written: neither waits for the other.
    let counted = async {
        match total {
            Some(total) => Ok(total),
            None => count(access, &base, exact).await,
        }
    };
    let (mut out, (count, is_exact)) = tokio::try_join!(shown, counted)?;
    out.extend_from_slice(
        format!(",\"total\":{{\"count\":{count},\"exact\":{is_exact}}},\"page\":{number},\"page_size\":{size}}}").as_bytes(),
    );
    Ok(out)
}
