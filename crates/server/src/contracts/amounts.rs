//! Amounts of contracts and payments: in the company's currency, computed from another one where that was agreed.

use platform::problem::FieldProblem;
use platform::resource::Record;
use platform::write::Write;
use rules::contracts::in_base;
use rules::value::Value;
use serde_json::json;

/// Fields that say what the amount was in another currency.
const OTHER: [&str; 3] = ["own_amount", "rate", "rate_on"];

/// Computes the amount of a record that names another currency; the others have no rate.
pub fn settle(write: &Write, record: &mut Record, errors: &mut Vec<FieldProblem>) {
    let base = write.access.app.settings().currency.clone();
    if record.text("currency") == base {
        record.set("currency", Value::Null);
        if let Some(own) = record.int("own_amount") {
            record.set("amount", own);
        }
    }
    if record.get("currency").is_null() {
        for name in OTHER {
            record.set(name, Value::Null);
        }
    } else {
        in_other(record, errors);
    }
    match record.int("amount") {
        None if errors.is_empty() => {
            errors.push(FieldProblem::new("amount", "required", json!({})));
        }
        Some(minor) if minor < 0 => {
            errors.push(FieldProblem::new("amount", "negative", json!({})));
        }
        _ => {}
    }
}

fn in_other(record: &mut Record, errors: &mut Vec<FieldProblem>) {
    let known = errors.len();
    for name in OTHER {
        if record.get(name).is_null() {
            let code = if name == "own_amount" {
                "required"
            } else {
                "rate_missing"
            };
            let params = json!({ "currency": record.text("currency") });
            errors.push(FieldProblem::new(name, code, params));
        }
    }
    if record.int("own_amount").is_some_and(|minor| minor < 0) {
        errors.push(FieldProblem::new("own_amount", "negative", json!({})));
    }
    if errors.len() > known {
        return;
    }
    let own = record.int("own_amount").unwrap_or_default();
    let rate = record.get("rate").as_number().unwrap_or_default();
    if rate <= 0.0 {
        errors.push(FieldProblem::new("rate", "not_positive", json!({})));
        return;
    }
    match in_base(own, rate) {
        Some(minor) => record.set("amount", minor),
        None => errors.push(FieldProblem::new(
            "own_amount",
            "amount_too_large",
            json!({}),
        )),
    }
}
