//! Two plans at one time: allowed, and said.

use platform::db::col;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::activities::{HOUR_MS, LONGEST_HOURS, State};
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use serde_json::json;
use uuid::Uuid;

/// Other plans named in a warning; more would not be read.
const NAMED_MAX: u64 = 3;

/// Warns of the owner's other open plans at the same time. A whole day, such as a fair, goes with anything in it.
pub async fn warn(write: &mut Write, before: Option<&Record>, after: &Record) -> Result<()> {
    let is_all_day = after.get("is_all_day").as_bool() == Some(true);
    let is_open = State::from_code(after.text("state")).is_some_and(State::is_open);
    let (Some(owner), Some(start), Some(end)) = (
        after.reference("owner_id"),
        after.int("planned_start_at"),
        after.int("planned_end_at"),
    ) else {
        return Ok(());
    };
    let same = |field: &str| before.is_some_and(|before| before.get(field) == after.get(field));
    let told = same("planned_start_at") && same("planned_end_at") && same("owner_id");
    if is_all_day || !is_open || told {
        return Ok(());
    }
    // No timed plan is longer than a day, so only those that begin within one before can still go on: a short walk along
    // the index by owner, state and time.
    let select = Query::select()
        .columns(["id", "subject"].map(Alias::new))
        .from(Alias::new("activity"))
        .and_where(col("owner_id").eq(owner))
        .and_where(col("state").is_in([State::Planned.code(), State::Moved.code()]))
        .and_where(col("happens_at").gt(start - LONGEST_HOURS * HOUR_MS))
        .and_where(col("happens_at").lt(end))
        .and_where(col("planned_end_at").gt(start))
        .and_where(col("is_all_day").is_null().or(col("is_all_day").eq(false)))
        .and_where(col("id").ne(after.id()))
        .order_by(Alias::new("happens_at"), Order::Asc)
        .limit(NAMED_MAX)
        .to_owned();
    for row in write.rows(&select).await? {
        let id: Uuid = row.try_get_by_index(0)?;
        let subject: String = row.try_get_by_index(1)?;
        write.warn(json!({ "code": "overlaps", "activity_id": id, "subject": subject }));
    }
    Ok(())
}
