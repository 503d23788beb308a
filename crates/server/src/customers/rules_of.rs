//! What must hold for customers: normalised keys, a valid credit code, a funnel that goes forward by itself.

use async_trait::async_trait;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::credit_code::CreditCode;
use rules::funnel::FunnelLevel;
use rules::phone::Phone;
use rules::position::Position;
use rules::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};

use crate::organisation::former_owners;

pub struct Customers;

#[async_trait]
impl Rules for Customers {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        if let Value::Text(code) = after.get("credit_code") {
            match CreditCode::parse(code) {
                Ok(code) => after.set("credit_code", code.as_str()),
                Err(_) => return Err(Problem::field("credit_code", "bad_credit_code")),
            }
        }
        if before.is_none_or(|before| before.get("name") != after.get("name")) {
            let core = rules::names::core_name(after.text("name"));
            after.set("name_core", core);
        }
        if before.is_none_or(|before| before.get("phone") != after.get("phone")) {
            let key = after
                .get("phone")
                .as_text()
                .and_then(|text| Phone::parse(text).ok())
                .map(|phone| phone.key());
            after.set("phone_key", key);
        }
        position(after)?;
        if let (Some(before), Cause::Edit) = (before, write.cause) {
            let corrected = before.get("funnel_level") != after.get("funnel_level");
            let reason_is_new = !after.get("funnel_level_reason").is_null()
                && before.get("funnel_level_reason") != after.get("funnel_level_reason");
            if corrected && !reason_is_new && !write.automatic {
                return Err(Problem::field("funnel_level_reason", "reason_required"));
            }
        }
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        former_owners::follow(write, before, after).await?;
        // The demo company knows on which days its customers came that far.
        if write.cause == Cause::Load {
            return Ok(());
        }
        let level = after.text("funnel_level");
        if let (Some(before), Cause::Undo) = (before, write.cause) {
            forget(write, before, after).await?;
        }
        if before.is_none() || before.is_some_and(|before| before.text("funnel_level") != level) {
            let day = match before {
                None => write
                    .access
                    .app
                    .clock
                    .day_of(after.int("created_at").unwrap_or(write.now)),
                Some(_) => write.access.app.clock.today(),
            };
            reached(write, after, day).await?;
        }
        Ok(())
    }
}

/// A position is whole, and one where a customer can be.
fn position(after: &Record) -> Result<()> {
    let degrees = |field: &str| after.get(field).as_number();
    match (degrees("latitude"), degrees("longitude")) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(Problem::field("longitude", "required")),
        (None, Some(_)) => Err(Problem::field("latitude", "required")),
        (Some(latitude), Some(longitude)) => match Position::new(latitude, longitude) {
            Some(_) => Ok(()),
            None => Err(Problem::field("latitude", "impossible_position")),
        },
    }
}

/// A level that was taken back was never reached.
async fn forget(write: &mut Write, before: &Record, after: &Record) -> Result<()> {
    let rank = |record: &Record| {
        FunnelLevel::from_code(record.text("funnel_level")).map(FunnelLevel::rank)
    };
    if rank(before) <= rank(after) {
        return Ok(());
    }
    let delete = Query::delete()
        .from_table(Alias::new("funnel_reach"))
        .and_where(Expr::col(Alias::new("customer_id")).eq(after.id()))
        .and_where(Expr::col(Alias::new("level")).eq(before.text("funnel_level")))
        .to_owned();
    write.execute(&delete).await?;
    Ok(())
}

/// Notes the first day at a level; an earlier note stays.
async fn reached(write: &mut Write, customer: &Record, day: chrono::NaiveDate) -> Result<()> {
    let columns = ["customer_id", "level", "reached_on", "person_id"];
    let row: Vec<sea_orm::Value> = vec![
        customer.id().into(),
        customer.text("funnel_level").into(),
        day.to_string().into(),
        customer.reference("owner_id").into(),
    ];
    if write.cause.is_bulk() && customer.version() == 1 {
        return write.insert("funnel_reach", &columns, row).await;
    }
    let insert = Query::insert()
        .into_table(Alias::new("funnel_reach"))
        .columns(columns.map(Alias::new))
        .values_panic(row.into_iter().map(Expr::val))
        .on_conflict(
            OnConflict::columns(["customer_id", "level"].map(Alias::new))
                .do_nothing()
                .to_owned(),
        )
        .to_owned();
    write.execute_later(&insert).await
}
