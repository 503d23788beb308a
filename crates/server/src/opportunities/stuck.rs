//! Stuck opportunities: longer in their stage than the stage should take.

use axum::response::Response;
use platform::access::Access;
use platform::labels;
use platform::listing::{self, RowWriter};
use platform::problem::Result;
use platform::web::{Doc, Query, Routes, asked_number, json_bytes};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::history::days;

const DAY_MS: i64 = 86_400_000;
const PAGE_SIZE: u64 = 50;
const PAGE_SIZE_MAX: u64 = 200;
const PAGE_MAX: u64 = 1_000;

pub fn routes() -> Routes {
    let row = json!({ "allOf": [{ "$ref": "#/components/schemas/Opportunity" }, { "type": "object",
        "required": ["days_in_stage", "standard_days"],
        "properties": { "days_in_stage": { "type": "number" }, "standard_days": { "type": "integer" } } }] });
    let page = json!({ "type": "object", "required": ["rows", "labels", "total", "page", "page_size"], "properties": {
        "rows": { "type": "array", "items": { "$ref": "#/components/schemas/StuckOpportunity" } },
        "labels": { "$ref": "#/components/schemas/Labels" }, "total": { "$ref": "#/components/schemas/Total" },
        "page": { "type": "integer" }, "page_size": { "type": "integer" } } });
    Routes::default().get(
        "/api/opportunities/stuck",
        Doc::new(
            "opportunities",
            "Open opportunities beyond their stage's standard days, the longest overdue first",
        )
        .query::<Stuck>()
        .schema("StuckOpportunity", row)
        .schema("StuckPage", page)
        .answers_named("StuckPage"),
        stuck,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Stuck {
    /// Filter tree as JSON.
    filter: Option<String>,
    q: Option<String>,
    /// From 1.
    page: Option<u64>,
    /// 1 to 200, 50 unless told.
    page_size: Option<u64>,
}

async fn stuck(access: Access, Query(query): Query<Stuck>) -> Result<Response> {
    let resource = access.resource("opportunities")?;
    let page = asked_number("page", query.page, 1, PAGE_MAX)?;
    let size = asked_number("page_size", query.page_size, PAGE_SIZE, PAGE_SIZE_MAX)?;
    let filter = listing::parse_filter(query.filter.as_deref())?;
    let now = access.app.clock.now_ms();
    let mut base = listing::filtered(
        &access,
        &resource,
        filter.as_ref(),
        query.q.as_deref(),
        Action::Read,
    )?;
    let stage = Alias::new("stage");
    let standard = Expr::col((stage.clone(), Alias::new("standard_days")));
    let due = resource
        .column("stage_entered_at")
        .add(standard.clone().mul(DAY_MS));
    base.inner_join(
        stage.clone(),
        Expr::col((stage, Alias::new("id"))).eq(resource.column("stage_id")),
    )
    .and_where(resource.column("outcome").eq("open"))
    .and_where(due.clone().lt(now));
    let writer = RowWriter::new(&access, &resource, None)?;
    let mut select = base.clone();
    writer.select(&mut select);
    // The writer reads by place: what it doesn't know stands behind.
    let place = writer.width();
    select
        .expr(resource.column("stage_entered_at"))
        .expr(standard);
    select
        .order_by_expr(due, Order::Asc)
        .order_by_expr(resource.column("id"), Order::Asc)
        .limit(size)
        .offset((page - 1) * size);
    let rows = access.rows(&select).await?;
    let (count, exact) = listing::count(&access, &base, false).await?;
    let mut referred = std::collections::HashSet::new();
    let mut out = b"{\"rows\":[".to_vec();
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let entered_at: i64 = row.try_get_by_index(place)?;
        let standard_days: i64 = row.try_get_by_index(place + 1)?;
        let extra = format!(
            "\"days_in_stage\":{},\"standard_days\":{standard_days}",
            days(now - entered_at)
        );
        writer.write_row(row, extra.as_bytes(), &mut out, &mut referred)?;
    }
    out.extend_from_slice(b"],\"labels\":");
    labels::write(&access, writer.targets(referred), &mut out).await?;
    let end = format!(
        ",\"total\":{{\"count\":{count},\"exact\":{exact}}},\"page\":{page},\"page_size\":{size}}}"
    );
    out.extend_from_slice(end.as_bytes());
    Ok(json_bytes(out))
}
