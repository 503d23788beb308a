//! What an activity is called when nobody says it.

use platform::i18n::LANGUAGES;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::value::{LINE_MAX, Value};

use super::place;
use super::rules_of::Act;

/// Whoever gives no subject gets the kind and the customer's name, also when those change.
pub async fn settle(write: &mut Write, act: &Act<'_>, after: &mut Record) -> Result<()> {
    if act.before.is_some_and(|before| is_made(act, before, after)) {
        after.set("subject", Value::Null);
    }
    if !after.get("subject").is_null() {
        return Ok(());
    }
    let name = act.kind.name(&write.access.actor.language);
    let customer = match after.reference("customer_id") {
        Some(id) => place::customer_name(write, id).await?,
        None => None,
    };
    after.set("subject", subject_of(name, customer.as_deref()));
    Ok(())
}

/// The subject of an activity that got none: its kind's name, and the customer's.
pub fn subject_of(kind: &str, customer: Option<&str>) -> String {
    match customer {
        Some(customer) => format!("{kind}{JOINT}{customer}")
            .chars()
            .take(LINE_MAX)
            .collect(),
        None => kind.to_owned(),
    }
}

/// Between the kind and the customer in a subject that nobody wrote.
const JOINT: &str = " · ";

/// Whether the old subject was made by itself and no longer says what the activity is.
fn is_made(act: &Act, before: &Record, after: &Record) -> bool {
    if act.changed(after, "subject") {
        return false;
    }
    let kind = before.reference("kind_id").and_then(|id| act.kinds.get(id));
    let begins = |name: &str| {
        let rest = before.text("subject").strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(JOINT))
    };
    let other = act.changed(after, "kind_id") || act.changed(after, "customer_id");
    other && kind.is_some_and(|kind| LANGUAGES.iter().any(|language| begins(kind.name(language))))
}
