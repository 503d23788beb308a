//! The instalment plan of a contract: read, replaced as a whole together with the amount, and split evenly.

use std::collections::HashSet;

use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{Months, NaiveDate};
use platform::access::Access;
use platform::labels;
use platform::listing::RowWriter;
use platform::problem::{Problem, Result};
use platform::resource::{Record, Resource};
use platform::web::{
    Body, Doc, Money, Path, Query as Asked, Routes, asked_number, batch_header, expected_version,
    json as answer, json_bytes, with_version,
};
use rules::money::split;
use rules::permission::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::settle::{self, rows_of};
use super::{CONTRACTS, INSTALMENTS};
use crate::parts::{self, Wanted};

/// More instalments than ten years of months are no plan.
const ROWS_MAX: usize = 120;
/// What a client says of an instalment.
const SAID: [&str; 5] = [
    "condition",
    "due_on",
    "amount",
    "promised_on",
    "promise_note",
];

pub fn routes() -> Routes {
    let wanted = json!({ "type": "object", "required": ["condition", "due_on", "amount"], "properties": {
        "id": { "type": "string", "format": "uuid", "description": "An instalment that is there already." },
        "condition": { "type": "string", "maxLength": rules::value::LINE_MAX },
        "due_on": { "type": "string", "format": "date" },
        "amount": { "$ref": "#/components/schemas/Money" },
        "promised_on": { "type": ["string", "null"], "format": "date" },
        "promise_note": { "type": ["string", "null"] } } });
    let body = json!({ "type": "object", "required": ["rows"], "properties": {
        "amount": { "$ref": "#/components/schemas/Money", "description": "The contract's, when it changes with its plan." },
        "rows": { "type": "array", "maxItems": ROWS_MAX, "items": { "$ref": "#/components/schemas/WantedInstalment" } } } });
    let plan = json!({ "type": "object", "required": ["rows", "labels", "amount", "planned", "version"], "properties": {
        "rows": { "type": "array", "items": { "$ref": "#/components/schemas/Instalment" } },
        "labels": { "$ref": "#/components/schemas/Labels" },
        "amount": { "$ref": "#/components/schemas/Money" },
        "planned": { "$ref": "#/components/schemas/Money", "description": "The sum of the instalments." },
        "version": { "type": "integer", "description": "The contract's." } } });
    Routes::default()
        .get(
            "/api/contracts/{id}/plan",
            Doc::new(CONTRACTS, "The instalment plan")
                .schema("WantedInstalment", wanted)
                .schema("InstalmentPlan", plan)
                .answers_named("InstalmentPlan"),
            async |access: Access, Path(id): Path<Uuid>| {
                access.require_amounts(CONTRACTS)?;
                let contract = access.get(&access.resource(CONTRACTS)?, id).await?;
                answer_plan(&access, &contract).await
            },
        )
        .put(
            "/api/contracts/{id}/plan",
            Doc::new(CONTRACTS, "Replace the instalment plan, and the amount with it")
                .about("The instalments add up to the contract's amount; else the answer names the difference. One with money received can't go.")
                .if_match()
                .body_schema("application/json", body)
                .answers_named("InstalmentPlan"),
            put,
        )
        .get(
            "/api/contracts/{id}/plan/split",
            Doc::new(CONTRACTS, "What the amount is, split evenly to the last minor unit")
                .query::<Wish>()
                .answers::<EvenPlan>(),
            even,
        )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wish {
    /// Number of instalments.
    parts: Option<u64>,
    /// The day of the first; the signing day, else today, unless told.
    first_on: Option<NaiveDate>,
    /// Months from one to the next; 1 unless told.
    months: Option<u64>,
    /// Minor units; the contract's amount unless told.
    amount_minor: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EvenPlan {
    rows: Vec<EvenInstalment>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EvenInstalment {
    condition: String,
    due_on: NaiveDate,
    amount: Money,
}

async fn even(access: Access, Path(id): Path<Uuid>, Asked(wish): Asked<Wish>) -> Result<Response> {
    access.require_amounts(CONTRACTS)?;
    let parts = asked_number("parts", wish.parts, 2, ROWS_MAX as u64)?;
    let months = asked_number("months", wish.months, 1, 60)?;
    let contract = access.get(&access.resource(CONTRACTS)?, id).await?;
    let amount = match wish.amount_minor {
        Some(minor) if !(0..=rules::value::MONEY_MAX).contains(&minor) => {
            return Err(Problem::field("amount_minor", "negative"));
        }
        Some(minor) => minor,
        None => contract.int("amount").unwrap_or_default(),
    };
    let first_on = wish
        .first_on
        .or_else(|| contract.get("signed_on").as_day())
        .unwrap_or_else(|| access.app.clock.today());
    let rows = split(amount, &vec![1; parts as usize])
        .into_iter()
        .zip(0u32..)
        .map(|(minor, place)| {
            let distance = Months::new(u32::try_from(months).unwrap_or(1) * place);
            let number = json!({ "number": place + 1 });
            EvenInstalment {
                condition: access.app.catalog.text(
                    &access.actor.language,
                    "contracts.plan.part",
                    &number,
                ),
                due_on: first_on.checked_add_months(distance).unwrap_or(first_on),
                amount: Money::of(&access, minor),
            }
        });
    answer(&EvenPlan {
        rows: rows.collect(),
    })
}

async fn put(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Map<String, Json>>,
) -> Result<Response> {
    let version = expected_version(&headers)?;
    access.require_amounts(CONTRACTS)?;
    let (contracts, instalments) = (access.resource(CONTRACTS)?, access.resource(INSTALMENTS)?);
    let mut said = body;
    let rows = match said.remove("rows") {
        Some(Json::Array(rows)) => rows,
        _ => return Err(Problem::field("rows", "required")),
    };
    if rows.len() > ROWS_MAX {
        let params = json!({ "max": ROWS_MAX });
        return Err(Problem::field_with("rows", "too_many", params));
    }
    if let Some(unknown) = said.keys().find(|name| *name != "amount") {
        return Err(Problem::field(unknown, "unknown_field"));
    }
    let changes = access.parse(&contracts, &said, false)?;
    let is_answered = |name: &str| is_answered(&instalments, name);
    let wanted = parts::parse(
        &access,
        &instalments,
        "/rows",
        rows,
        &SAID[..3],
        is_answered,
    )?;
    let mut write = access.write().await?;
    let contract = write
        .lock_for(&contracts, id, Action::Edit, Some(version))
        .await?;
    let known = write
        .records(&instalments, &rows_of(&instalments, id))
        .await?;
    let whole = ("contract_id", id);
    let is_same = |row: &Record, part: &Wanted| Some(row.id()) == part.id;
    parts::replace(
        &mut write,
        &instalments,
        "/rows",
        whole,
        known,
        wanted,
        is_same,
    )
    .await?;
    write.apply("update", contract, changes).await?;
    settle::finish(&mut write).await?;
    let contract = write
        .lock(&contracts, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let batch = write.commit().await?;
    let response = answer_plan(&access, &contract).await?;
    Ok(batch_header(response, batch))
}

/// What is answered of an instalment beside what a client says of it.
fn is_answered(resource: &Resource, name: &str) -> bool {
    let is_field = resource.field(name).is_some();
    !SAID.contains(&name) && (is_field || ["can", "labels", "masked"].contains(&name))
}

async fn answer_plan(access: &Access, contract: &Record) -> Result<Response> {
    let resource = access.resource(INSTALMENTS)?;
    let rows = access
        .records(&resource, &rows_of(&resource, contract.id()))
        .await?;
    let writer = RowWriter::new(access, &resource, None)?;
    let root = access.root_of(contract).await?;
    let mut referred = HashSet::new();
    let mut out = b"{\"rows\":[".to_vec();
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        writer.write_record(row, root, b"", &mut out, &mut referred)?;
    }
    out.extend_from_slice(b"],\"labels\":");
    labels::write(access, writer.targets(referred), &mut out).await?;
    let planned = rows.iter().filter_map(|row| row.int("amount")).sum();
    let money = |minor: i64| json!(Money::of(access, minor));
    out.extend_from_slice(
        format!(
            ",\"amount\":{},\"planned\":{},\"version\":{}}}",
            money(contract.int("amount").unwrap_or_default()),
            money(planned),
            contract.version()
        )
        .as_bytes(),
    );
    Ok(with_version(json_bytes(out), contract.version()))
}
