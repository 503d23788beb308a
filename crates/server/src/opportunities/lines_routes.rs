//! Reading the lines of an opportunity, and replacing them together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::labels;
use platform::listing::RowWriter;
use platform::problem::{Problem, Result};
use platform::resource::{Record, Resource};
use platform::web::{
    Body, Doc, Path, Routes, batch_header, expected_version, json_bytes, with_version,
};
use platform::write::Write;
use rules::opportunities::is_below_floor;
use rules::permission::Action;
use rules::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::lines::sum_up;
use crate::parts::{self, Wanted};

/// More lines than this are a price list.
const LINES_MAX: usize = 200;
/// What a client says of a line; the rest is answered only.
const SAID: [&str; 4] = ["product_id", "quantity", "price", "discount_percent"];
const ANSWERED: [&str; 12] = [
    "id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "opportunity_id",
    "position",
    "amount",
    "can",
    "list_price",
    "below_floor",
];

pub fn routes() -> Routes {
    let wanted = json!({ "type": "object", "required": ["product_id", "quantity", "price"], "properties": {
        "id": { "type": "string", "format": "uuid", "description": "A line that is there already." },
        "product_id": { "type": "string", "format": "uuid" },
        "quantity": { "type": "number", "exclusiveMinimum": 0 },
        "price": { "$ref": "#/components/schemas/Money" },
        "discount_percent": { "type": ["number", "null"], "minimum": 0, "maximum": 100 } } });
    let line = json!({ "allOf": [{ "$ref": "#/components/schemas/OpportunityLine" }, { "$ref": "#/components/schemas/WantedLine" }, { "type": "object",
        "required": ["list_price", "below_floor"],
        "properties": {
            "list_price": { "oneOf": [{ "$ref": "#/components/schemas/Money" }, { "type": "null" }] },
            "below_floor": { "type": "boolean", "description": "The price after discount lies below the product's floor price." } } }] });
    let lines = json!({ "type": "object", "required": ["rows", "labels", "amount", "version"], "properties": {
        "rows": { "type": "array", "items": { "$ref": "#/components/schemas/LineRow" } },
        "labels": { "$ref": "#/components/schemas/Labels" },
        "amount": { "oneOf": [{ "$ref": "#/components/schemas/Money" }, { "type": "null" }] },
        "version": { "type": "integer", "description": "The opportunity's." } } });
    Routes::default()
        .get(
            "/api/opportunities/{id}/lines",
            Doc::new("opportunities", "Product lines")
                .schema("WantedLine", wanted)
                .schema("LineRow", line)
                .schema("LineList", lines)
                .answers_named("LineList"),
            async |access: Access, Path(id): Path<Uuid>| {
                access.require_amounts("opportunities")?;
                let opportunity = access.get(&access.resource("opportunities")?, id).await?;
                answer_lines(&access, &opportunity).await
            },
        )
        .put(
            "/api/opportunities/{id}/lines",
            Doc::new(
                "opportunities",
                "Replace the product lines; the amount becomes their sum",
            )
            .if_match()
            .body_schema(
                "application/json",
                json!({ "type": "array", "maxItems": LINES_MAX, "items": { "$ref": "#/components/schemas/WantedLine" } }),
            )
            .answers_named("LineList"),
            put,
        )
}

async fn put(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Vec<Map<String, Json>>>,
) -> Result<Response> {
    let version = expected_version(&headers)?;
    let resource = access.resource("opportunity_lines")?;
    access.require_amounts("opportunities")?;
    let wanted = parse(&access, &resource, body)?;
    let mut write = access.write().await?;
    let opportunity = replace(&mut write, &resource, id, version, wanted).await?;
    let batch = write.commit().await?;
    let response = answer_lines(&access, &opportunity).await?;
    Ok(batch_header(response, batch))
}

fn parse(
    access: &Access,
    resource: &Resource,
    body: Vec<Map<String, Json>>,
) -> Result<Vec<Wanted>> {
    if body.len() > LINES_MAX {
        return Err(Problem::field_with(
            "/",
            "too_many",
            json!({ "max": LINES_MAX }),
        ));
    }
    let lines = body.into_iter().map(Json::Object).collect();
    let is_answered = |name: &str| !SAID.contains(&name) && ANSWERED.contains(&name);
    let mut wanted = parts::parse(access, resource, "", lines, &SAID[..3], is_answered)?;
    for line in &mut wanted {
        let discount = line.changes.entry("discount_percent".into());
        discount.or_insert(Value::Null);
    }
    Ok(wanted)
}

/// Whether it is the line that is meant: one without an id is the first that is left with its product.
fn is_same(line: &Record, wanted: &Wanted) -> bool {
    match wanted.id {
        Some(id) => line.id() == id,
        None => Some(line.get("product_id")) == wanted.changes.get("product_id"),
    }
}

async fn replace(
    write: &mut Write,
    resource: &Arc<Resource>,
    id: Uuid,
    version: i64,
    wanted: Vec<Wanted>,
) -> Result<Record> {
    let opportunities = write.access.resource("opportunities")?;
    let opportunity = write
        .lock_for(&opportunities, id, Action::Edit, Some(version))
        .await?;
    let known = write.records(resource, &lines_of(resource, id)).await?;
    let whole = ("opportunity_id", id);
    parts::replace(write, resource, "", whole, known, wanted, is_same).await?;
    sum_up(write, opportunity).await
}

fn lines_of(resource: &Resource, opportunity: Uuid) -> SelectStatement {
    let mut select = resource.select();
    select
        .and_where(resource.column("opportunity_id").eq(opportunity))
        .order_by_expr(resource.column("position"), Order::Asc)
        .order_by_expr(resource.column("id"), Order::Asc);
    select
}

async fn answer_lines(access: &Access, opportunity: &Record) -> Result<Response> {
    let resource = access.resource("opportunity_lines")?;
    let lines = access
        .records(&resource, &lines_of(&resource, opportunity.id()))
        .await?;
    let prices = prices(access, &lines).await?;
    let writer = RowWriter::new(access, &resource, None)?;
    let root = access.root_of(opportunity).await?;
    let currency = access.app.settings().currency.clone();
    let money = |minor: Option<i64>| {
        minor.map(|minor| json!({ "amount_minor": minor, "currency": currency }))
    };
    let mut referred = HashSet::new();
    let mut out = b"{\"rows\":[".to_vec();
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let (list, floor) = line
            .reference("product_id")
            .and_then(|id| prices.get(&id).copied())
            .unwrap_or_default();
        let discount = line.get("discount_percent").as_number().unwrap_or_default();
        let below = is_below_floor(line.int("price").unwrap_or_default(), discount, floor);
        let extra = format!(
            "\"list_price\":{},\"below_floor\":{below}",
            json!(money(list))
        );
        writer.write_record(line, root, extra.as_bytes(), &mut out, &mut referred)?;
    }
    out.extend_from_slice(b"],\"labels\":");
    labels::write(access, writer.targets(referred), &mut out).await?;
    let amount = json!(money(opportunity.int("amount")));
    out.extend_from_slice(
        format!(
            ",\"amount\":{amount},\"version\":{}}}",
            opportunity.version()
        )
        .as_bytes(),
    );
    Ok(with_version(json_bytes(out), opportunity.version()))
}

/// List and floor price of the lines' products.
async fn prices(
    access: &Access,
    lines: &[Record],
) -> Result<HashMap<Uuid, (Option<i64>, Option<i64>)>> {
    let ids: Vec<Uuid> = lines
        .iter()
        .filter_map(|line| line.reference("product_id"))
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let select = Query::select()
        .columns(["id", "list_price", "floor_price"].map(Alias::new))
        .from(Alias::new("product"))
        .and_where(Expr::col(Alias::new("id")).is_in(ids))
        .to_owned();
    let mut prices = HashMap::new();
    for row in access.rows(&select).await? {
        prices.insert(
            row.try_get_by_index(0)?,
            (row.try_get_by_index(1)?, row.try_get_by_index(2)?),
        );
    }
    Ok(prices)
}
