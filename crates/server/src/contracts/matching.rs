//! Matching: which payment settles which instalment, proposed by amount, reference and age, and taken back.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::db::{col, sum};
use platform::problem::{Problem, Result};
use platform::resource::{Record, Resource};
use platform::web::{Body, Doc, Money, Path, Routes, expected_version, json as answer, saved};
use platform::write::{Cause, Rules, Write};
use rules::contracts::{InstalmentState, Open, propose};
use rules::permission::Action;
use rules::value::Changes;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::settle::{self, money, total};
use super::{CONTRACTS, INSTALMENTS, MATCHES, PAYMENTS};
use crate::parts;

/// Open instalments of one customer that are looked at, the oldest first.
const OPEN_MAX: u64 = 200;
/// Instalments that one request may match.
const AT_ONCE: usize = 100;

pub struct Matches;

pub fn routes() -> Routes {
    let payment = || json!({ "$ref": "#/components/schemas/Payment" });
    Routes::default()
        .get(
            "/api/payments/{id}/proposal",
            Doc::new(PAYMENTS, "Which instalments what is left of a payment would settle")
                .about("The one that is open with exactly this amount; else those of the contracts that the reference names, then all of the customer's, the oldest first.")
                .answers::<Proposal>(),
            proposal,
        )
        .post(
            "/api/payments/{id}/matches",
            Doc::new(PAYMENTS, "Match a payment with instalments of its customer")
                .about("Partly, over, several: what is left of the payment stays unmatched.")
                .if_match()
                .body::<NewMatches>()
                .answer_schema("application/json", payment()),
            put,
        )
        .delete(
            "/api/payments/{id}/matches/{match_id}",
            Doc::new(PAYMENTS, "Take a match back")
                .answer_schema("application/json", payment()),
            take_back,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct Proposal {
    rows: Vec<ProposedMatch>,
    /// What would be left.
    rest: Money,
}

#[derive(Debug, Serialize, ToSchema)]
struct ProposedMatch {
    instalment_id: Uuid,
    amount: Money,
    /// `amount`, `reference` or `oldest`.
    because: &'static str,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMatches {
    matches: Vec<NewMatch>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMatch {
    instalment_id: Uuid,
    /// In minor units of the company's currency.
    amount_minor: i64,
}

#[async_trait]
impl Rules for Matches {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let (None, Some(after)) = (before, after) else {
            return Ok(());
        };
        if matches!(write.cause, Cause::Undo | Cause::Load) {
            return Ok(());
        }
        let (payment, instalment) = both(write, after).await?;
        let amount = after.int("amount").unwrap_or_default();
        if amount <= 0 {
            return Err(Problem::field("amount", "not_positive"));
        }
        if instalment.get("customer_id") != payment.get("customer_id") {
            return Err(Problem::field("instalment_id", "other_customer"));
        }
        let stands = instalment.text("state");
        if stands != InstalmentState::Open.code() && stands != InstalmentState::Settled.code() {
            return Err(Problem::field("instalment_id", "instalment_not_open"));
        }
        for (side, code) in [
            (&payment, "above_payment"),
            (&instalment, "above_instalment"),
        ] {
            let whole = side.int("amount").unwrap_or_default();
            let open = whole - matched(write, side).await?;
            if amount > open {
                let params = money(write, &[("open", open)]);
                return Err(Problem::field_with("amount", code, params));
            }
        }
        after.set("received_on", payment.get("received_on").clone());
        after.set("contract_id", instalment.get("contract_id").clone());
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        for record in [before, after].into_iter().flatten() {
            if let Some(contract) = record.reference("contract_id") {
                settle::touch_contract(write, contract, false);
            }
            if let Some(payment) = record.reference("payment_id") {
                settle::touch_payment(write, payment, false);
            }
        }
        Ok(())
    }

    async fn finish(&self, write: &mut Write) -> Result<()> {
        settle::finish(write).await
    }
}

/// The payment and the instalment, locked in the order in which every write locks them.
async fn both(write: &mut Write, of: &Record) -> Result<(Record, Record)> {
    let unknown = |field: &str| Problem::field(field, "unknown_reference");
    let payments = write.access.resource(PAYMENTS)?;
    let payment = match of.reference("payment_id") {
        Some(id) => write.lock(&payments, id).await?,
        None => None,
    };
    let instalments = write.access.resource(INSTALMENTS)?;
    let instalment = match of.reference("instalment_id") {
        Some(id) => write.lock(&instalments, id).await?,
        None => None,
    };
    Ok((
        payment.ok_or_else(|| unknown("payment_id"))?,
        instalment.ok_or_else(|| unknown("instalment_id"))?,
    ))
}

/// What of a payment or an instalment is matched, in minor units.
async fn matched(write: &mut Write, side: &Record) -> Result<i64> {
    let key = if side.resource.name == PAYMENTS {
        "payment_id"
    } else {
        "instalment_id"
    };
    let select = Query::select()
        .expr(sum(col("amount")))
        .from(Alias::new("payment_match"))
        .and_where(col(key).eq(side.id()))
        .to_owned();
    total(write, &select).await
}

/// What a new payment may settle: of its contract where it names one, else of its customer, the oldest first.
async fn open_for(write: &mut Write, payment: &Record) -> Result<Vec<(Uuid, i64)>> {
    let instalments = write.access.resource(INSTALMENTS)?;
    let mut select = open_of(&instalments, payment);
    if let Some(contract) = payment.reference("contract_id") {
        select.and_where(instalments.column("contract_id").eq(contract));
    }
    let rows = write.records(&instalments, &select).await?;
    let open = rows.iter();
    let open = open.map(|row| (row.id(), row.int("open_amount").unwrap_or_default()));
    Ok(open.collect())
}

/// Warns of a payment that is larger than what is open: the rest stays unmatched.
pub async fn warn_of_rest(write: &mut Write, payment: &Record) -> Result<()> {
    let open = open_for(write, payment).await?;
    let open: i64 = open.iter().map(|(_, minor)| minor).sum();
    let amount = payment.int("amount").unwrap_or_default();
    if amount > open {
        let params = money(write, &[("open", open), ("over", amount - open)]);
        write.warn(json!({ "code": "payment_above_open", "params": params }));
    }
    Ok(())
}

/// A payment that is new and names its contract is matched at once, the oldest instalment first.
pub async fn arrived(write: &mut Write, id: Uuid) -> Result<()> {
    let payments = write.access.resource(PAYMENTS)?;
    let Some(payment) = write.lock(&payments, id).await? else {
        return Ok(());
    };
    if payment.reference("contract_id").is_none() {
        return Ok(());
    }
    let mut rest = payment.int("amount").unwrap_or_default();
    let mut shares = Vec::new();
    for (instalment, open) in open_for(write, &payment).await? {
        let share = Ord::min(rest, open);
        rest -= share;
        if share > 0 {
            shares.push((instalment, share));
        }
    }
    add(write, id, shares).await
}

/// The customer's open instalments, the oldest first.
fn open_of(instalments: &Resource, payment: &Record) -> SelectStatement {
    let mut select = instalments.select();
    select
        .and_where(
            instalments
                .column("customer_id")
                .eq(payment.reference("customer_id")),
        )
        .and_where(instalments.column("state").eq(InstalmentState::Open.code()))
        .order_by_expr(instalments.column("due_on"), Order::Asc)
        .order_by_expr(instalments.column("id"), Order::Asc)
        .limit(OPEN_MAX);
    select
}

async fn add(write: &mut Write, payment: Uuid, shares: Vec<(Uuid, i64)>) -> Result<()> {
    let resource = write.access.resource(MATCHES)?;
    for (i, (instalment, minor)) in shares.into_iter().enumerate() {
        let changes = Changes::from([
            ("payment_id".into(), payment.into()),
            ("instalment_id".into(), instalment.into()),
            ("amount".into(), minor.into()),
        ]);
        write
            .create(&resource, changes)
            .await
            .map_err(|problem| at(i, problem))?;
    }
    Ok(())
}

/// Points into the list of matches, in whose words.
fn at(i: usize, mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        if error.pointer == "/amount" {
            error.pointer = "/amount_minor".into();
        }
        *error = parts::at("/matches", i, error.clone());
    }
    problem
}

async fn put(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<NewMatches>,
) -> Result<Response> {
    let version = expected_version(&headers)?;
    access.require(PAYMENTS, Action::Edit)?;
    require_amounts(&access)?;
    if body.matches.is_empty() || body.matches.len() > AT_ONCE {
        let params = json!({ "min": 1, "max": AT_ONCE });
        return Err(Problem::field_with("matches", "out_of_range", params));
    }
    let shares = body
        .matches
        .iter()
        .map(|one| (one.instalment_id, one.amount_minor));
    let payments = access.resource(PAYMENTS)?;
    let mut write = access.write().await?;
    let payment = write
        .lock_for(&payments, id, Action::Edit, Some(version))
        .await?;
    add(&mut write, id, shares.collect()).await?;
    answer_payment(write, payment).await
}

async fn take_back(access: Access, Path((id, match_id)): Path<(Uuid, Uuid)>) -> Result<Response> {
    require_amounts(&access)?;
    let (payments, matches) = (access.resource(PAYMENTS)?, access.resource(MATCHES)?);
    let mut write = access.write().await?;
    let payment = write.lock_for(&payments, id, Action::Edit, None).await?;
    let row = write.lock(&matches, match_id).await?;
    if row.and_then(|row| row.reference("payment_id")) != Some(id) {
        return Err(Problem::not_found());
    }
    write.delete(&matches, match_id, None).await?;
    answer_payment(write, payment).await
}

/// Settles, and answers the payment as it then stands.
async fn answer_payment(mut write: Write, payment: Record) -> Result<Response> {
    settle::finish(&mut write).await?;
    let resource: Arc<Resource> = payment.resource.clone();
    let payment = write
        .lock(&resource, payment.id())
        .await?
        .ok_or_else(Problem::not_found)?;
    saved(write, &payment, false).await
}

/// Matches tell amounts of both.
fn require_amounts(access: &Access) -> Result<()> {
    access.require_amounts(PAYMENTS)?;
    access.require_amounts(CONTRACTS)
}

async fn proposal(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    require_amounts(&access)?;
    let payment = access.get(&access.resource(PAYMENTS)?, id).await?;
    let instalments = access.resource(INSTALMENTS)?;
    access.require(INSTALMENTS, Action::Read)?;
    let mut select = open_of(&instalments, &payment);
    if let Some(scope) = access.condition(&instalments, Action::Read) {
        select.cond_where(scope);
    }
    let rows = access.records(&instalments, &select).await?;
    let numbers = numbers(&access, &rows).await?;
    let open: Vec<Open> = rows
        .iter()
        .filter_map(|row| {
            let contract = row.reference("contract_id")?;
            Some(Open {
                id: row.id(),
                number: numbers.get(&contract).cloned().unwrap_or_default(),
                due_on: row.get("due_on").as_day()?,
                open_minor: row.int("open_amount").filter(|minor| *minor > 0)?,
            })
        })
        .collect();
    let rest = payment.int("open_amount").unwrap_or_default();
    let words = format!("{} {}", payment.text("reference"), payment.text("note"));
    let shares = propose(rest, &words, &open);
    let left = rest - shares.iter().map(|share| share.amount_minor).sum::<i64>();
    answer(&Proposal {
        rows: shares
            .into_iter()
            .map(|share| ProposedMatch {
                instalment_id: share.instalment,
                amount: Money::of(&access, share.amount_minor),
                because: share.because.code(),
            })
            .collect(),
        rest: Money::of(&access, left),
    })
}

/// The numbers of the rows' contracts.
async fn numbers(
    access: &Access,
    rows: &[Record],
) -> Result<std::collections::HashMap<Uuid, String>> {
    let ids: Vec<Uuid> = rows
        .iter()
        .filter_map(|row| row.reference("contract_id"))
        .collect();
    let select = Query::select()
        .columns(["id", "number"].map(Alias::new))
        .from(Alias::new("contract"))
        .and_where(col("id").is_in(ids))
        .to_owned();
    access
        .rows(&select)
        .await?
        .iter()
        .map(|row| {
            let number: Option<String> = row.try_get_by_index(1)?;
            Ok((row.try_get_by_index(0)?, number.unwrap_or_default()))
        })
        .collect()
}
