//! Who may be mentioned: whoever sees the record.

use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use rules::permission::Action;
use serde_json::json;
use uuid::Uuid;

/// 422 naming those who do not see the record.
pub async fn check(access: &Access, record: &Record, people: &[Uuid]) -> Result<()> {
    let directory = access.app.directory();
    let mut blind = Vec::new();
    for person in people {
        let Some(known) = directory.people.get(person) else {
            return Err(Problem::field("mentions", "unknown_reference"));
        };
        if !sees(access, record, *person).await? {
            blind.push(known.name.clone());
        }
    }
    if blind.is_empty() {
        return Ok(());
    }
    Err(Problem::field_with(
        "mentions",
        "cannot_see_record",
        json!({ "names": blind.join("、") }),
    ))
}

/// Whether an active person may read a record.
pub async fn sees(access: &Access, record: &Record, person: Uuid) -> Result<bool> {
    match Access::seen_by(&access.app, person).await? {
        Some(theirs) => theirs.may(record, Action::Read).await,
        None => Ok(false),
    }
}
