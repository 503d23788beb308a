//! Who owned a record before, until which day: what figures say of the past doesn't move with its owner.

use std::collections::HashMap;

use platform::db::col;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::{Cause, Write};
use rules::facts::Tenure;
use sea_orm::sea_query::{Alias, ExprTrait, Func, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

const TABLE: &str = "former_owner";

/// Notes in a write that the record went from one owner to another. Of one day only the first change counts, and one that
/// is taken back never was.
pub async fn follow(write: &mut Write, before: Option<&Record>, after: &Record) -> Result<()> {
    let Some(before) = before.filter(|_| write.cause != Cause::Load) else {
        return Ok(());
    };
    let (was, is) = (before.reference("owner_id"), after.reference("owner_id"));
    if was == is {
        return Ok(());
    }
    if write.cause == Cause::Undo && forget(write, after.id(), is).await? {
        return Ok(());
    }
    let today = write.access.app.clock.today().to_string();
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(["record_id", "until_on", "person_id"].map(Alias::new))
        .values_panic([after.id().into(), today.into(), was.into()])
        .on_conflict(
            OnConflict::columns(["record_id", "until_on"].map(Alias::new))
                .do_nothing()
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    Ok(())
}

/// Takes the last note away when it is of whoever owns the record again.
async fn forget(write: &mut Write, record: Uuid, owner: Option<Uuid>) -> Result<bool> {
    let last = Query::select()
        .expr(Func::max(col("until_on")))
        .from(Alias::new(TABLE))
        .and_where(col("record_id").eq(record))
        .to_owned();
    let owned = match owner {
        Some(owner) => col("person_id").eq(owner),
        None => col("person_id").is_null(),
    };
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("record_id").eq(record))
        .and_where(col("until_on").in_subquery(last))
        .and_where(owned)
        .to_owned();
    Ok(write.execute(&delete).await? > 0)
}

/// The former owners of records.
pub struct Former(HashMap<Uuid, Vec<Tenure>>);

impl Former {
    /// Whose a record was, in the order of time, with whose it is now.
    pub fn of(&self, record: Uuid, owner: Option<Uuid>) -> Vec<Tenure> {
        let mut tenures = self.0.get(&record).cloned().unwrap_or_default();
        tenures.push(Tenure {
            until: None,
            person: owner,
        });
        tenures
    }
}

/// As the transaction sees them.
pub async fn tenures(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<Former> {
    let select = Query::select()
        .columns(["record_id", "until_on", "person_id"].map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(col("record_id").is_in(ids.iter().copied()))
        .order_by(Alias::new("record_id"), Order::Asc)
        .order_by(Alias::new("until_on"), Order::Asc)
        .to_owned();
    let mut former: HashMap<Uuid, Vec<Tenure>> = HashMap::new();
    for row in tx.query_all(&select).await? {
        let until: String = row.try_get_by_index(1)?;
        let tenure = Tenure {
            until: until.parse().ok(),
            person: row.try_get_by_index(2)?,
        };
        former
            .entry(row.try_get_by_index(0)?)
            .or_default()
            .push(tenure);
    }
    Ok(Former(former))
}
