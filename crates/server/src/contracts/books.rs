//! Closed books: what was signed or received until then stays as it is, but for those who may approve.

use chrono::NaiveDate;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Write};
use rules::permission::Action;
use serde_json::json;

use super::CONTRACTS;
use super::terms::Terms;

/// Refuses a change of what counts on a day in closed books; marks it where the actor may make it. `day` names the field
/// with the day, `others` what else counts.
pub fn keep(
    write: &Write,
    before: Option<&Record>,
    after: Option<&mut Record>,
    day: &str,
    others: &[&str],
) -> Result<()> {
    if matches!(write.cause, Cause::Load | Cause::Undo) || write.automatic {
        return Ok(());
    }
    let Some(closed_until) = Terms::of(&write.access.app.settings()).closed_until else {
        return Ok(());
    };
    let is_closed = |day: Option<NaiveDate>| day.is_some_and(|day| day <= closed_until);
    let changed = match (before, after.as_deref()) {
        (Some(before), Some(after)) => [day]
            .iter()
            .chain(others)
            .any(|field| before.get(field) != after.get(field)),
        _ => true,
    };
    let was = before.and_then(|before| before.get(day).as_day());
    let is = after.as_deref().and_then(|after| after.get(day).as_day());
    if !changed || !(is_closed(was) || is_closed(is)) {
        return Ok(());
    }
    if !write.access.allows(CONTRACTS, Action::Approve) {
        let params = json!({ "day": closed_until });
        return Err(Problem::field_with(day, "books_closed", params));
    }
    if let Some(after) = after {
        after.set("is_backdated", true);
    }
    Ok(())
}
