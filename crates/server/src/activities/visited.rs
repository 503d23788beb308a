//! When each customer was visited last: kept with the customer, so that nobody has to look through all activities for it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::db::col;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::{Cause, Write};
use rules::activities::{Family, State};
use sea_orm::sea_query::{Alias, Cond, Expr, ExprTrait, Func, Query, UpdateStatement};
use uuid::Uuid;

use super::kinds::Catalogue;

/// What a write has changed of the visits to one customer.
#[derive(Default, Clone, Copy)]
struct Change {
    /// The latest visit that was added.
    gained: Option<NaiveDate>,
    /// A visit was taken away, so that the one before it counts again.
    lost: bool,
}

#[derive(Default)]
struct Changed(BTreeMap<Uuid, Change>);

/// Customers that are looked at anew in one statement.
const CHUNK: usize = 500;
/// Of more customers it is cheaper to look for the last visit of all than to raise one after the other.
const SINGLE_MAX: usize = 16;

/// Remembers whose last visit may have changed, until the write ends.
pub async fn touch(
    write: &mut Write,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<()> {
    // The demo company's customers bring it along.
    if write.cause == Cause::Load {
        return Ok(());
    }
    let kinds = Catalogue::of(write).await?;
    let visit = |record: Option<&Record>| {
        let record = record.filter(|record| record.text("state") == State::Done.code())?;
        let kind = kinds.get(record.reference("kind_id")?)?;
        let day = record.get("done_on").as_day()?;
        is_seeing(kind.family).then_some((record.reference("customer_id")?, day))
    };
    let (was, is) = (visit(before), visit(after));
    if was == is {
        return Ok(());
    }
    write.memory.change(|changed: &mut Changed| {
        if let Some((customer, _)) = was {
            changed.0.entry(customer).or_default().lost = true;
        }
        if let Some((customer, day)) = is {
            let change = changed.0.entry(customer).or_default();
            change.gained = Ord::max(change.gained, Some(day));
        }
    });
    Ok(())
}

/// Whether somebody stood before the customer.
pub fn is_seeing(family: Family) -> bool {
    matches!(family, Family::Visit | Family::ReturnVisit)
}

/// Writes the last visits. They follow from the activities, so they make no version of the customer.
pub async fn finish(write: &mut Write) -> Result<()> {
    let changed = write.memory.take::<Changed>().unwrap_or_default().0;
    let is_few = changed.len() <= SINGLE_MAX;
    let mut anew = Vec::new();
    for (customer, change) in changed {
        match change.gained {
            Some(day) if is_few && !change.lost => raise(write, customer, day).await?,
            _ => anew.push(customer),
        }
    }
    for some in anew.chunks(CHUNK) {
        let update = counted()
            .and_where(col("id").is_in(some.iter().copied()))
            .to_owned();
        write.execute(&update).await?;
    }
    Ok(())
}

async fn raise(write: &mut Write, customer: Uuid, day: NaiveDate) -> Result<()> {
    let day = day.to_string();
    let update = Query::update()
        .table(Alias::new("customer"))
        .value(Alias::new("last_visited_on"), day.as_str())
        .and_where(col("id").eq(customer))
        .cond_where(
            Cond::any()
                .add(col("last_visited_on").is_null())
                .add(col("last_visited_on").lt(day.as_str())),
        )
        .to_owned();
    write.execute_later(&update).await
}

/// `UPDATE customer` with the last visit as the activities tell it.
fn counted() -> UpdateStatement {
    let activity = |name: &str| Expr::col((Alias::new("activity"), Alias::new(name)));
    let seeing = [Family::Visit, Family::ReturnVisit].map(Family::code);
    let kinds = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("activity_kind"))
        .and_where(col("family").is_in(seeing))
        .to_owned();
    let last = Query::select()
        .expr(Func::max(activity("done_on")))
        .from(Alias::new("activity"))
        .and_where(activity("customer_id").equals((Alias::new("customer"), Alias::new("id"))))
        .and_where(activity("state").eq(State::Done.code()))
        .and_where(activity("kind_id").in_subquery(kinds))
        .to_owned();
    Query::update()
        .table(Alias::new("customer"))
        .value(
            Alias::new("last_visited_on"),
            Expr::SubQuery(None, Box::new(last.into())),
        )
        .to_owned()
}
