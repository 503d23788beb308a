//! What follows from a write of contracts, instalments, payments and invoices: plans that add up, what is received and open.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use platform::db::{col, sum};
use platform::problem::{Problem, Result};
use platform::resource::{Record, Resource};
use platform::write::{Cause, Write};
use rules::amount::format_minor;
use rules::contracts::{InstalmentState, State};
use rules::value::{Changes, Value};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{CONTRACTS, INSTALMENTS, MATCHES, PAYMENTS, matching};
use crate::numbers;

/// What this write has touched.
#[derive(Default)]
struct Touched {
    /// Whether the contract's amount or its plan has changed.
    contracts: BTreeMap<Uuid, bool>,
    payments: BTreeSet<Uuid>,
    /// Payments that are new.
    arrived: Vec<Uuid>,
}

/// Loaded data brings its sums with it, and what follows by itself needs no following.
fn follows(write: &Write) -> bool {
    !write.automatic && write.cause != Cause::Load
}

pub fn touch_contract(write: &mut Write, id: Uuid, is_plan: bool) {
    if follows(write) {
        write.memory.change(|touched: &mut Touched| {
            *touched.contracts.entry(id).or_default() |= is_plan;
        });
    }
}

pub fn touch_payment(write: &mut Write, id: Uuid, is_new: bool) {
    if follows(write) {
        write.memory.change(|touched: &mut Touched| {
            touched.payments.insert(id);
            if is_new {
                touched.arrived.push(id);
            }
        });
    }
}

/// Amounts for a message, as people write them.
pub fn money(write: &Write, amounts: &[(&str, i64)]) -> Json {
    let currency = write.access.app.settings().currency.clone();
    let texts = amounts.iter().map(|(name, minor)| {
        let text = format!("{} {currency}", format_minor(*minor));
        ((*name).to_owned(), json!(text))
    });
    Json::Object(Map::from_iter(texts))
}

/// Settles all that the write has touched.
pub async fn finish(write: &mut Write) -> Result<()> {
    while let Some(touched) = write.memory.take::<Touched>() {
        if write.cause != Cause::Undo {
            for id in &touched.arrived {
                matching::arrived(write, *id).await?;
                // The next one may be for the same instalments.
                if let Some(matched) = write.memory.take::<Touched>() {
                    follow(write, matched).await?;
                }
            }
        }
        follow(write, touched).await?;
    }
    numbers::finish(write).await
}

async fn follow(write: &mut Write, touched: Touched) -> Result<()> {
    let was_automatic = std::mem::replace(&mut write.automatic, true);
    for (id, is_plan) in touched.contracts {
        contract(write, id, is_plan).await?;
    }
    for id in touched.payments {
        payment(write, id).await?;
    }
    write.automatic = was_automatic;
    Ok(())
}

async fn contract(write: &mut Write, id: Uuid, is_plan: bool) -> Result<()> {
    let contracts = write.access.resource(CONTRACTS)?;
    let Some(contract) = write.lock(&contracts, id).await? else {
        return Ok(());
    };
    let rows = plan_of(write, &contract, is_plan).await?;
    let received = received(write, &rows).await?;
    let today = write.access.app.clock.today();
    let state = State::from_code(contract.text("state")).unwrap_or(State::Draft);
    let mut total = 0;
    for row in rows {
        let amount = row.int("amount").unwrap_or_default();
        let (minor, last_on) = received.get(&row.id()).cloned().unwrap_or_default();
        if minor > amount {
            let params = money(write, &[("received", minor)]);
            return Err(Problem::field_with("amount", "below_received", params));
        }
        total += minor;
        let stands = InstalmentState::of(state, amount, minor);
        let was_due = row.get("state") != &Value::from(InstalmentState::Planned.code())
            && row.get("due_on").as_day().is_some_and(|due| due < today);
        let due_owner = match row.reference("due_owner_id").filter(|_| was_due) {
            Some(owner) => Some(owner),
            None => contract.reference("owner_id"),
        };
        let settled_on = last_on.filter(|_| stands == InstalmentState::Settled);
        let changes = Changes::from([
            ("received_amount".into(), minor.into()),
            (
                "open_amount".into(),
                stands.open_minor(amount, minor).into(),
            ),
            ("state".into(), stands.code().into()),
            ("customer_id".into(), contract.get("customer_id").clone()),
            ("owner_id".into(), contract.get("owner_id").clone()),
            ("due_owner_id".into(), due_owner.into()),
            ("settled_on".into(), settled_on.into()),
        ]);
        write.apply("update", row, changes).await?;
    }
    let invoiced = invoiced(write, id).await?;
    let changes = Changes::from([
        ("received_amount".into(), total.into()),
        ("invoiced_amount".into(), invoiced.into()),
    ]);
    write.apply("update", contract, changes).await?;
    Ok(())
}

/// The contract's instalments in their order. A signed contract without a plan gets one for the whole amount, which gives way
/// to a plan that somebody makes. A plan that doesn't add up is refused, but taken from files and from the past.
async fn plan_of(write: &mut Write, contract: &Record, is_plan: bool) -> Result<Vec<Record>> {
    let resource = write.access.resource(INSTALMENTS)?;
    let mut rows = write
        .records(&resource, &rows_of(&resource, contract.id()))
        .await?;
    if write.cause == Cause::Undo {
        return Ok(rows);
    }
    let amount = contract.int("amount").unwrap_or_default();
    let is_automatic = |row: &Record| *row.get("is_automatic") == Value::Bool(true);
    if rows.iter().any(|row| !is_automatic(row)) {
        let mut kept = Vec::new();
        for row in rows {
            if is_automatic(&row) && row.int("received_amount").unwrap_or_default() == 0 {
                write.delete(&resource, row.id(), None).await?;
            } else {
                kept.push(row);
            }
        }
        rows = kept;
    } else if let [row] = rows.as_slice() {
        let changes = Changes::from([("amount".into(), Value::Int(amount))]);
        let row = row.clone();
        rows = vec![write.apply("update", row, changes).await?];
    } else if contract.text("state") != State::Draft.code() && amount > 0 {
        rows = vec![whole(write, &resource, contract, amount).await?];
    }
    let planned: i64 = rows.iter().filter_map(|row| row.int("amount")).sum();
    if is_plan && write.cause == Cause::Edit && !rows.is_empty() && planned != amount {
        let params = money(
            write,
            &[
                ("amount", amount),
                ("planned", planned),
                ("difference", (amount - planned).abs()),
            ],
        );
        let code = match planned < amount {
            true => "plan_too_small",
            false => "plan_too_large",
        };
        return Err(Problem::field_with("amount", code, params));
    }
    Ok(rows)
}

async fn whole(
    write: &mut Write,
    resource: &Arc<Resource>,
    contract: &Record,
    amount: i64,
) -> Result<Record> {
    let language = write.access.actor.language.clone();
    let catalog = &write.access.app.catalog;
    let condition = catalog.text(&language, "contracts.plan.whole", &json!({}));
    let changes = Changes::from([
        ("contract_id".into(), contract.id().into()),
        ("condition".into(), condition.into()),
        ("due_on".into(), contract.get("signed_on").clone()),
        ("amount".into(), amount.into()),
        ("is_automatic".into(), true.into()),
    ]);
    write.create(resource, changes).await
}

/// A contract's instalments in their order.
pub fn rows_of(resource: &Resource, contract: Uuid) -> SelectStatement {
    let mut select = resource.select();
    select
        .and_where(resource.column("contract_id").eq(contract))
        .order_by_expr(resource.column("position"), Order::Asc)
        .order_by_expr(resource.column("due_on"), Order::Asc)
        .order_by_expr(resource.column("id"), Order::Asc);
    select
}

/// What came in for each instalment (minor units), and on which day last.
async fn received(
    write: &mut Write,
    rows: &[Record],
) -> Result<HashMap<Uuid, (i64, Option<String>)>> {
    let select = Query::select()
        .column(Alias::new("instalment_id"))
        .expr(sum(col("amount")))
        .expr(Expr::col(Alias::new("received_on")).max())
        .from(Alias::new("payment_match"))
        .and_where(col("instalment_id").is_in(rows.iter().map(Record::id)))
        .add_group_by([col("instalment_id")])
        .to_owned();
    let mut received = HashMap::new();
    for row in write.rows(&select).await? {
        let minor: Option<i64> = row.try_get_by_index(1)?;
        let last_on = row.try_get_by_index(2)?;
        received.insert(
            row.try_get_by_index(0)?,
            (minor.unwrap_or_default(), last_on),
        );
    }
    Ok(received)
}

async fn invoiced(write: &mut Write, contract: Uuid) -> Result<i64> {
    let select = Query::select()
        .expr(sum(col("amount")))
        .from(Alias::new("invoice"))
        .and_where(col("contract_id").eq(contract))
        .and_where(col("state").is_in(["issued", "delivered"]))
        .to_owned();
    total(write, &select).await
}

pub async fn total(write: &mut Write, select: &SelectStatement) -> Result<i64> {
    Ok(match write.rows(select).await?.first() {
        Some(row) => row.try_get_by_index::<Option<i64>>(0)?.unwrap_or_default(),
        None => 0,
    })
}

async fn payment(write: &mut Write, id: Uuid) -> Result<()> {
    let payments = write.access.resource(PAYMENTS)?;
    let Some(payment) = write.lock(&payments, id).await? else {
        return Ok(());
    };
    let matches = write.access.resource(MATCHES)?;
    let mut select = matches.select();
    select.and_where(matches.column("payment_id").eq(id));
    let rows = write.records(&matches, &select).await?;
    let matched: i64 = rows.iter().filter_map(|row| row.int("amount")).sum();
    for row in rows {
        let day = payment.get("received_on").clone();
        write
            .apply("update", row, Changes::from([("received_on".into(), day)]))
            .await?;
    }
    let open = payment.int("amount").unwrap_or_default() - matched;
    let changes = Changes::from([
        ("matched_amount".into(), matched.into()),
        ("open_amount".into(), open.into()),
    ]);
    write.apply("update", payment, changes).await?;
    Ok(())
}
