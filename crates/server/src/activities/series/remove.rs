//! Taking away several occurrences at once, and ending their series.

use chrono::NaiveDate;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::value::{Changes, Value};
use uuid::Uuid;

use super::occurrences::Which;
use super::{RESOURCE, Scope, day_of, occurrences, rule_of};

/// Takes away the open occurrences beside one that was just taken away, as far as the scope reaches.
pub(super) async fn others(
    write: &mut Write,
    series: Uuid,
    removed: &Record,
    scope: Scope,
) -> Result<()> {
    let from = match scope {
        Scope::All => None,
        _ => day_of(removed, "series_on"),
    };
    remove_from(write, series, from).await?;
    end(write, series, from).await
}

pub(super) async fn remove_from(
    write: &mut Write,
    series: Uuid,
    from: Option<NaiveDate>,
) -> Result<()> {
    for record in occurrences::from(write, series, from, Which::Open).await? {
        write.delete(&record.resource, record.id(), None).await?;
    }
    Ok(())
}

/// Ends a series before a day; without one, it makes nothing more.
pub(super) async fn end(write: &mut Write, series: Uuid, before: Option<NaiveDate>) -> Result<()> {
    let resource = write.access.resource(RESOURCE)?;
    let Some(series) = write.lock(&resource, series).await? else {
        return Ok(());
    };
    let mut changes = Changes::from([("is_over".to_owned(), Value::Bool(true))]);
    if let (Some(day), Some(first)) = (before, day_of(&series, "first_on")) {
        let rule = rule_of(&series, write.access.app.clock.zone())?;
        if let Some(rest) = rule.ending_before(first, day) {
            changes.insert("rrule".into(), Value::Text(rest.text()));
        }
    }
    write.apply("update", series, changes).await?;
    Ok(())
}
