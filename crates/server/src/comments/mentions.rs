//! Who may be mentioned: whoever sees the record.

use platform::access::{Access, Source};
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::web::person_actor;
use rules::permission::Action;
use serde_json::json;
use std::sync::Arc;
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
    // Where they come from makes no difference to what they see.
    match person_actor(&access.app, person, Source::Session(Uuid::nil())).await {
        Ok(actor) => {
            Access::new(access.app.clone(), Arc::new(actor))
                .may(record, Action::Read)
                .await
        }
        Err(problem) if problem.is_internal() => Err(problem),
        Err(_) => Ok(false),
    }
}
