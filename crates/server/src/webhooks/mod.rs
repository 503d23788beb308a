//! Webhooks: what happens to records is told to other systems, signed, in order, and again until they have taken it.

mod deliveries;
mod endpoint;
mod events;
mod outbox;
mod rules_of;
mod sending;
mod verbs;

use platform::app::Feature;
use platform::resource::{Guard, Resource};
use platform::web::Routes;
use rules::value::{Field, FieldType, OnDelete};
use serde_json::json;

pub use deliveries::{DELIVERY, DELIVERY_DAYS};
pub use endpoint::ENDPOINT;

const WEBHOOKS: &str = "webhooks";
/// Under which a webhook is switched off that its receiver has given up.
const SWITCH_OFF: &str = "switch_off";
/// Characters of an address.
const URL_MAX: usize = 2_000;

pub fn feature() -> Feature {
    Feature::default()
        .resource(webhooks(), rules_of::Webhooks)
        .plain(webhook_deliveries())
        .outbox(outbox::Deliveries)
        .job(sending::job())
}

pub fn routes() -> Routes {
    events::routes().merge(verbs::routes())
}

/// Whoever may change the settings may have webhooks: they tell of everything, whatever the scope.
fn webhooks() -> Resource {
    let mut url = Field::new("url", FieldType::Url).required().in_list();
    url.max_length = Some(URL_MAX);
    Resource::new(
        WEBHOOKS,
        "webhook",
        Guard::Everybody,
        vec![
            Field::text("name").required().in_list(),
            url,
            // `customers.create`, or `customers.*` for all that happens to customers.
            Field::new("events", FieldType::Tags).required().in_list(),
            Field::new("is_active", FieldType::Bool)
                .default(true)
                .required()
                .in_list(),
        ],
    )
    .part_of("settings")
    .verbs(&[SWITCH_OFF])
    .sort("created_at")
    .view("everything", json!(null), "created_at")
    .fixed()
}

/// One row for each entry of the ledger that a webhook is told; written by the sending only, and entered into no ledger itself.
fn webhook_deliveries() -> Resource {
    let state = |code: &str| json!({ "field": "state", "op": "in", "value": [code] });
    Resource::new(
        "webhook_deliveries",
        DELIVERY,
        Guard::Everybody,
        vec![
            Field::reference("webhook_id", WEBHOOKS)
                .required()
                .on_delete(OnDelete::Cascade)
                .in_list(),
            Field::text("event").required().in_list(),
            Field::text("resource").required(),
            Field::new("record_id", FieldType::Reference).required(),
            Field::choice("state", &deliveries::STATES)
                .required()
                .in_list(),
            Field::new("attempts", FieldType::Integer)
                .required()
                .in_list(),
            // Of the last attempt: the HTTP status, or why there was none.
            Field::new("status", FieldType::Integer).in_list(),
            Field::text("error").in_list(),
            Field::new("next_at", FieldType::Instant).in_list(),
            Field::new("delivered_at", FieldType::Instant).in_list(),
            Field::new("body", FieldType::LongText).required(),
        ],
    )
    .label("event")
    .part_of("settings")
    .sort("-created_at")
    .view("everything", json!(null), "-created_at")
    .view("waiting", state("waiting"), "-created_at")
    .view("failed", state("failed"), "-created_at")
    .read_only()
    .fixed()
}
