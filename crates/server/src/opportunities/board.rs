//! The board: one column per stage with its totals, and the first cards of each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::response::Response;
use platform::access::Access;
use platform::db::sum;
use platform::facts;
use platform::labels;
use platform::listing::{self, RowWriter};
use platform::problem::Result;
use platform::resource::Resource;
use platform::web::{Doc, Money, Query, Routes, asked_number, json_bytes};
use rules::filter::Filter;
use rules::opportunities::facts::STANDING_BY_OWNER;
use rules::permission::Action;
use sea_orm::sea_query::{Expr, ExprTrait, Order, SelectStatement};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use uuid::Uuid;

use super::stages::{Process, Processes, Stage};

const CARDS: u64 = 30;
/// Nobody scrolls further down a column; a filter finds faster.
const PAGE_MAX: u64 = 1_000;

pub fn routes() -> Routes {
    let money = json!({ "oneOf": [{ "$ref": "#/components/schemas/Money" }, { "type": "null" }],
        "description": "None for whoever may not see amounts." });
    let column = json!({ "type": "object",
        "required": ["stage_id", "kind", "count", "amount", "weighted_amount", "cards"],
        "properties": {
            "stage_id": { "type": "string", "format": "uuid" },
            "kind": { "$ref": "#/components/schemas/Outcome" },
            "count": { "type": "integer" },
            "amount": money,
            "weighted_amount": money,
            "cards": { "type": "array", "items": { "$ref": "#/components/schemas/Opportunity" } } } });
    let board_shape = json!({ "type": "object", "required": ["process_id", "columns", "labels"], "properties": {
        "process_id": { "type": ["string", "null"], "format": "uuid" },
        "columns": { "type": "array", "items": { "$ref": "#/components/schemas/BoardColumn" } },
        "labels": { "$ref": "#/components/schemas/Labels" } } });
    Routes::default().get(
        "/api/opportunities/board",
        Doc::new("opportunities", "The board of a process")
            .about("Counts and sums are of all cards in scope that fit; each column shows its newest 30.")
            .query::<Board>()
            .schema("BoardColumn", column)
            .schema("Board", board_shape)
            .answers_named("Board"),
        board,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Board {
    /// The usual process unless told.
    process_id: Option<Uuid>,
    /// Filter tree as JSON.
    filter: Option<String>,
    /// Words, pinyin or initials to search for.
    q: Option<String>,
    /// Answers this column alone.
    stage_id: Option<Uuid>,
    /// Which 30 cards of each column, from 1.
    page: Option<u64>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Total {
    count: i64,
    amount_minor: i64,
    weighted_minor: i64,
}

async fn board(access: Access, Query(query): Query<Board>) -> Result<Response> {
    let resource = access.resource("opportunities")?;
    let processes = Processes::read(&access).await?;
    let page = asked_number("page", query.page, 1, PAGE_MAX)?;
    let Some(process) = processes.asked(query.process_id)? else {
        let empty = b"{\"process_id\":null,\"columns\":[],\"labels\":{}}";
        return Ok(json_bytes(empty.to_vec()));
    };
    let stages: Vec<&Stage> = process
        .stages
        .iter()
        .filter(|stage| query.stage_id.is_none_or(|id| id == stage.id))
        .collect();
    let filter = listing::parse_filter(query.filter.as_deref())?;
    let asked = Asked {
        access: &access,
        resource: &resource,
        filter,
        q: query.q.as_deref(),
    };
    let totals = asked.totals(process).await?;
    let writer = RowWriter::new(&access, &resource, None)?;
    let money = |field: &str, minor: i64| sum_of(&access, &resource, field, minor);
    let mut referred = HashSet::new();
    let mut out = format!("{{\"process_id\":\"{}\",\"columns\":[", process.id).into_bytes();
    for (i, stage) in stages.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let total = totals.get(&stage.id).copied().unwrap_or_default();
        let mut head = json!({
            "stage_id": stage.id,
            "kind": stage.outcome.code(),
            "count": total.count,
            "amount": money("amount", total.amount_minor),
            "weighted_amount": money("weighted_amount", total.weighted_minor),
        })
        .to_string();
        head.pop();
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(b",\"cards\":[");
        if total.count > 0 {
            let rows = asked.cards(process, stage, &writer, page).await?;
            for (j, row) in rows.iter().enumerate() {
                if j > 0 {
                    out.push(b',');
                }
                writer.write_row(row, &[], &mut out, &mut referred)?;
            }
        }
        out.extend_from_slice(b"]}");
    }
    out.extend_from_slice(b"],\"labels\":");
    let mut wanted = writer.targets(referred);
    wanted.extend(stages.iter().map(|stage| ("stages".to_owned(), stage.id)));
    labels::write(&access, wanted, &mut out).await?;
    out.push(b'}');
    Ok(json_bytes(out))
}

/// A sum of this field, for whoever may see the field itself: a sum of one would tell it.
pub fn sum_of(access: &Access, resource: &Resource, field: &str, minor: i64) -> Option<Money> {
    let field = resource.field(field)?;
    let is_open = access.field_rule(resource, field).is_none();
    is_open.then(|| Money::of(access, minor))
}

struct Asked<'a> {
    access: &'a Access,
    resource: &'a Arc<Resource>,
    filter: Option<Filter>,
    q: Option<&'a str>,
}

impl Asked<'_> {
    /// The opportunities of this process that were asked for.
    fn of_process(&self, process: &Process) -> Result<SelectStatement> {
        let (filter, process_id) = (self.filter.as_ref(), self.resource.column("process_id"));
        let mut select =
            listing::filtered(self.access, self.resource, filter, self.q, Action::Read)?;
        select.and_where(process_id.eq(process.id));
        Ok(select)
    }

    /// Counts and sums of all columns.
    async fn totals(&self, process: &Process) -> Result<HashMap<Uuid, Total>> {
        if let Some(totals) = self.rolled_up(process).await? {
            return Ok(totals);
        }
        let resource = self.resource;
        let mut select = self.of_process(process)?;
        select
            .expr(resource.column("stage_id"))
            .expr(Expr::cust("COUNT(*)"))
            .expr(sum(resource.column("amount")))
            .expr(sum(resource.column("weighted_amount")))
            .add_group_by([resource.column("stage_id")]);
        let mut totals = HashMap::new();
        for row in self.access.rows(&select).await? {
            let total = Total {
                count: row.try_get_by_index(1)?,
                amount_minor: row.try_get_by_index::<Option<i64>>(2)?.unwrap_or_default(),
                weighted_minor: row.try_get_by_index::<Option<i64>>(3)?.unwrap_or_default(),
            };
            totals.insert(row.try_get_by_index(0)?, total);
        }
        Ok(totals)
    }

    /// The same from the roll-ups, which know the scope but no filter.
    async fn rolled_up(&self, process: &Process) -> Result<Option<HashMap<Uuid, Total>>> {
        let is_narrowed = self.filter.is_some() || self.q.is_some_and(|q| !q.trim().is_empty());
        let cells = match is_narrowed {
            true => None,
            false => facts::cells(
                self.access,
                self.resource,
                &STANDING_BY_OWNER,
                Some(&STANDING_BY_OWNER),
            )?,
        };
        let Some(mut select) = cells else {
            return Ok(None);
        };
        let stages = process.stages.iter().map(|stage| stage.id.to_string());
        select
            .expr(facts::column("part"))
            .expr(sum(facts::column("count")))
            .expr(sum(facts::column("value")))
            .expr(sum(facts::column("weighted")))
            .and_where(facts::column("part").is_in(stages))
            .add_group_by([facts::column("part")]);
        let mut totals = HashMap::new();
        for row in self.access.rows(&select).await? {
            let stage: String = row.try_get_by_index(0)?;
            let total = Total {
                count: row.try_get_by_index(1)?,
                amount_minor: row.try_get_by_index(2)?,
                weighted_minor: row.try_get_by_index(3)?,
            };
            totals.insert(stage.parse().unwrap_or_default(), total);
        }
        Ok(Some(totals))
    }

    async fn cards(
        &self,
        process: &Process,
        stage: &Stage,
        writer: &RowWriter<'_>,
        page: u64,
    ) -> Result<Vec<sea_orm::QueryResult>> {
        let resource = self.resource;
        let mut select = self.of_process(process)?;
        writer.select(&mut select);
        select
            .and_where(resource.column("stage_id").eq(stage.id))
            .order_by_expr(resource.column("updated_at"), Order::Desc)
            .order_by_expr(resource.column("id"), Order::Desc)
            .limit(CARDS)
            .offset((page - 1) * CARDS);
        self.access.rows(&select).await
    }
}
