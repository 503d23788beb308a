//! Visit templates: how a visit of some kind is done here, step by step, and what was found at each step.

mod answers;
mod shipped;
mod steps;
mod versions;

use platform::app::Feature;
use platform::resource::{Guard, Resource};
use platform::web::Routes;
use rules::value::{Field, FieldType, OnDelete};
use rules::visit_steps::STEP_KINDS;
use serde_json::json;

pub use answers::{know_region, score, store};
pub use shipped::{statements as shipped_statements, version_of};

pub fn feature() -> Feature {
    Feature::default().plain(templates()).plain(visit_answers())
}

pub fn routes() -> Routes {
    steps::routes()
}

fn templates() -> Resource {
    Resource::new(
        "visit_templates",
        "visit_template",
        Guard::Everybody,
        vec![
            Field::text("name").required().in_list(),
            Field::text("name_en").in_list(),
            // What it is for; what is left open fits all.
            Field::reference("kind_id", "activity_kinds").in_list(),
            Field::choice("customer_class", &["key_account", "ordinary"]).in_list(),
            Field::new("industry", FieldType::Industry).in_list(),
            Field::new("is_active", FieldType::Bool)
                .default(true)
                .in_list(),
            // The newest version of its steps; 0 while it has none.
            Field::new("steps_version", FieldType::Integer)
                .default(0i64)
                .read_only()
                .in_list(),
        ],
    )
    .label_en("name_en")
    .sort("created_at")
    .view(
        "active",
        json!({ "field": "is_active", "op": "is", "value": true }),
        "created_at",
    )
    .view("everything", json!(null), "created_at")
    .fixed()
}

/// One row per answered step of a done visit, as it was answered; written with the visit only.
fn visit_answers() -> Resource {
    let kinds = STEP_KINDS.map(|(code, _)| code);
    Resource::new(
        "visit_answers",
        "visit_answer",
        Guard::Via("activity_id"),
        vec![
            Field::reference("activity_id", "activities")
                .required()
                .on_delete(OnDelete::Cascade)
                .in_list(),
            Field::reference("customer_id", "customers")
                .on_delete(OnDelete::Clear)
                .in_list(),
            Field::new("region", FieldType::Region).in_list(),
            Field::new("done_on", FieldType::Day).in_list(),
            // A template in use is put aside: visits keep what they were done by.
            Field::reference("template_id", "visit_templates").in_list(),
            Field::new("steps_version", FieldType::Integer),
            Field::text("step_code").required(),
            Field::text("step_name").required().in_list(),
            Field::choice("step_kind", &kinds),
            Field::new("answer_text", FieldType::LongText).in_list(),
            Field::new("answer_bool", FieldType::Bool).in_list(),
            Field::new("answer_number", FieldType::Number).in_list(),
            Field::text("competitor").in_list(),
            Field::new("price", FieldType::Money).in_list(),
            Field::references("product_ids", "products").in_list(),
        ],
    )
    .label("step_name")
    .part_of("activities")
    .sort("-done_on")
    .view("everything", json!(null), "-done_on")
    .view(
        "this_month",
        json!({ "field": "done_on", "op": "during", "value": "this_month" }),
        "-done_on",
    )
    .view(
        "competitor_prices",
        json!({ "field": "step_kind", "op": "in", "value": ["competitor_price"] }),
        "-done_on",
    )
    .read_only()
    .fixed()
}
