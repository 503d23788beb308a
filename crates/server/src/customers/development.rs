//! What is shown of customers lifts their funnel level: a stage or a won deal, an effective visit, an intention.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use platform::problem::Result;
use platform::resource::{Record, Resource};
use platform::write::{Cause, Write};
use rules::funnel::{FunnelEvidence, FunnelLevel, STEPS, reached};
use rules::value::{Changes, Field, FieldType};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};
use uuid::Uuid;

/// Something that happened at a customer.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Milliseconds UTC.
    pub at: i64,
    pub shows: FunnelEvidence,
    /// Who brought it about.
    pub person_id: Option<Uuid>,
}

/// What lists may be filtered by: `{"has":"levels","with":…}`.
pub fn fields() -> Vec<Field> {
    vec![
        Field::choice("level", &super::FUNNEL_LEVELS),
        Field::new("reached_on", FieldType::Day),
        Field::reference("person_id", "people"),
    ]
}

/// What the write has shown of customers so far.
#[derive(Default)]
struct Shown(BTreeMap<Uuid, Vec<Evidence>>);

/// Customers read at once.
const CHUNK: usize = 200;

/// Remembers what is shown of a customer, until the write finishes.
pub fn show(write: &mut Write, customer: Uuid, evidence: Evidence) {
    write
        .memory
        .change(|shown: &mut Shown| shown.0.entry(customer).or_default().push(evidence));
}

/// Lifts the customers that the write has shown something of.
pub async fn finish(write: &mut Write) -> Result<()> {
    let shown: Vec<(Uuid, Vec<Evidence>)> = write
        .memory
        .take::<Shown>()
        .unwrap_or_default()
        .0
        .into_iter()
        .collect();
    if shown.is_empty() {
        return Ok(());
    }
    let customers = write.access.app.registry().find("customers")?;
    for chunk in shown.chunks(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|(id, _)| *id).collect();
        let mut records = lock(write, &customers, &ids).await?;
        for (id, evidence) in chunk {
            // A customer that was deleted meanwhile has nothing to be lifted.
            if let Some(record) = records.remove(id) {
                lift(write, record, evidence.clone()).await?;
            }
        }
    }
    Ok(())
}

/// Locked in the order of their ids, so that two writes never wait for each other.
async fn lock(
    write: &mut Write,
    customers: &Arc<Resource>,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Record>> {
    let mut select = customers.select();
    select
        .and_where(customers.column("id").is_in(ids.iter().copied()))
        .order_by_expr(customers.column("id"), Order::Asc);
    if write.access.app.db.is_postgres() {
        select.lock_exclusive();
    }
    let mut records = BTreeMap::new();
    for row in write.rows(&select).await? {
        let record = Record::read(customers, &row)?;
        records.insert(record.id(), record);
    }
    Ok(records)
}

async fn lift(write: &mut Write, customer: Record, mut evidence: Vec<Evidence>) -> Result<()> {
    evidence.sort_by_key(|evidence| evidence.at);
    let Some(before) = FunnelLevel::from_code(customer.text("funnel_level")) else {
        return Ok(());
    };
    let mut level = before;
    for evidence in evidence {
        let next = reached(level, evidence.shows);
        if next != level {
            write.facts_change(&customer).await?;
            level = next;
            let day = write.access.app.clock.day_of(evidence.at);
            note(write, customer.id(), level, day, evidence.person_id).await?;
        }
    }
    if level != before {
        let was_automatic = std::mem::replace(&mut write.automatic, true);
        let changes = Changes::from([("funnel_level".into(), level.code().into())]);
        write.apply("update", customer, changes).await?;
        write.automatic = was_automatic;
    }
    Ok(())
}

/// Notes the first day at a level; of two days the earlier stays. Whoever got so far had reached what lies below by then.
async fn note(
    write: &mut Write,
    customer: Uuid,
    level: FunnelLevel,
    day: NaiveDate,
    person: Option<Uuid>,
) -> Result<()> {
    let table = Alias::new("funnel_reach");
    let day = day.to_string();
    let insert = Query::insert()
        .into_table(table.clone())
        .columns(["customer_id", "level", "reached_on", "person_id"].map(Alias::new))
        .values_panic([
            customer.into(),
            level.code().into(),
            day.as_str().into(),
            person.into(),
        ])
        .on_conflict(
            OnConflict::columns(["customer_id", "level"].map(Alias::new))
                .update_columns(["reached_on", "person_id"].map(Alias::new))
                .action_and_where(Expr::cust("excluded.reached_on < funnel_reach.reached_on"))
                .to_owned(),
        )
        .to_owned();
    write.execute_later(&insert).await?;
    let below: Vec<&str> = STEPS
        .iter()
        .filter(|step| step.rank() < level.rank())
        .map(|step| step.code())
        .collect();
    if write.cause.is_bulk() && !below.is_empty() {
        let update = Query::update()
            .table(table)
            .value(Alias::new("reached_on"), day.as_str())
            .and_where(Expr::col(Alias::new("customer_id")).eq(customer))
            .and_where(Expr::col(Alias::new("level")).is_in(below))
            .and_where(Expr::col(Alias::new("reached_on")).gt(day.as_str()))
            .to_owned();
        write.execute(&update).await?;
    }
    Ok(())
}

/// Whether the write's evidence counts: the product's own data brings the customers' levels itself, and what is taken back
/// takes the customer's level back from the ledger.
pub fn counts(cause: Cause) -> bool {
    matches!(cause, Cause::Edit | Cause::Import(_))
}
