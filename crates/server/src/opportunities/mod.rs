//! Opportunities: concrete chances of a sale, on their way through a process.

use platform::app::Feature;
use platform::resource::{Guard, Resource};
use rules::value::{Field, FieldType, OnDelete};
use serde_json::json;

pub fn feature() -> Feature {
    Feature::default()
        .plain(processes())
        .plain(stages())
        .plain(opportunities())
        .plain(lines())
}

fn processes() -> Resource {
    Resource::new(
        "processes",
        "process",
        Guard::Everybody,
        vec![
            Field::text("name").required().in_list(),
            Field::text("name_en").in_list(),
            Field::text("code").in_list(),
            Field::new("is_active", FieldType::Bool)
                .default(true)
                .in_list(),
            // Each change of the stages makes a new revision; running opportunities keep theirs.
            Field::new("revision", FieldType::Integer)
                .default(1i64)
                .read_only()
                .in_list(),
            Field::reference("replaced_by", "processes")
                .read_only()
                .on_delete(OnDelete::Clear),
        ],
    )
    .sort("created_at")
    .fixed()
}

fn stages() -> Resource {
    Resource::new(
        "stages",
        "stage",
        Guard::Everybody,
        vec![
            Field::reference("process_id", "processes")
                .required()
                .on_delete(OnDelete::Cascade)
                .in_list(),
            Field::text("name").required().in_list(),
            Field::text("name_en").in_list(),
            Field::text("code").required().in_list(),
            Field::new("position", FieldType::Integer)
                .required()
                .in_list(),
            Field::choice("kind", &["open", "won", "lost"])
                .default("open")
                .required()
                .in_list(),
            // In percent.
            Field::new("win_chance", FieldType::Number).in_list(),
            Field::new("standard_days", FieldType::Integer).in_list(),
            Field::choice("funnel_level", &crate::customers::FUNNEL_LEVELS).in_list(),
            Field::choice(
                "buyer_step",
                &[
                    "awareness",
                    "budget",
                    "project_setup",
                    "requirement",
                    "tender",
                    "evaluation",
                    "decision",
                    "contract",
                    "use",
                ],
            ),
            Field::new("guidance", FieldType::LongText),
        ],
    )
    .sort("position")
    .fixed()
}

fn opportunities() -> Resource {
    Resource::new(
        "opportunities",
        "opportunity",
        Guard::Owner("owner_id"),
        vec![
            Field::text("name").required().searchable().in_list(),
            Field::text("number").unique().searchable(),
            Field::reference("customer_id", "customers").required().on_delete(OnDelete::Cascade).in_list(),
            Field::reference("process_id", "processes").required(),
            Field::reference("stage_id", "stages").required().in_list(),
            Field::new("amount", FieldType::Money).in_list(),
            Field::new("weighted_amount", FieldType::Money).read_only(),
            Field::new("expected_close_on", FieldType::Day).in_list(),
            // In percent.
            Field::new("win_chance", FieldType::Number).in_list(),
            Field::choice("forecast_category", &["commit", "best_case", "pipeline", "omitted"]).default("pipeline"),
            Field::choice("source", &crate::customers::SOURCES),
            Field::reference("owner_id", "people").in_list(),
            Field::text("next_step").in_list(),
            Field::new("next_step_on", FieldType::Day).in_list(),
            Field::text("competitor"),
            Field::choice("loss_reason", &["price", "product_fit", "competitor", "relationship", "timing", "budget", "no_decision", "other"]),
            Field::text("loss_note"),
            Field::new("closed_on", FieldType::Day),
            Field::choice("outcome", &["open", "won", "lost"]).default("open").required().read_only().in_list(),
            Field::new("stage_entered_at", FieldType::Instant).read_only(),
            Field::new("close_slips", FieldType::Integer).default(0i64).read_only(),
            Field::new("description", FieldType::LongText),
        ],
    )
    .sort("-updated_at")
    .view("mine_open", json!({ "and": [
        { "field": "owner_id", "op": "in", "value": ["me"] }, { "field": "outcome", "op": "in", "value": ["open"] } ] }), "-updated_at")
    .view("open", json!({ "field": "outcome", "op": "in", "value": ["open"] }), "-updated_at")
    .view("won_this_month", json!({ "and": [
        { "field": "outcome", "op": "in", "value": ["won"] }, { "field": "closed_on", "op": "during", "value": "this_month" } ] }), "-updated_at")
    .view("everything", json!(null), "-updated_at")
}

fn lines() -> Resource {
    Resource::new(
        "opportunity_lines",
        "opportunity_line",
        Guard::Via("opportunity_id"),
        vec![
            Field::reference("opportunity_id", "opportunities")
                .required()
                .on_delete(OnDelete::Cascade)
                .in_list(),
            Field::reference("product_id", "products")
                .required()
                .in_list(),
            Field::new("position", FieldType::Integer)
                .default(0i64)
                .required(),
            Field::new("quantity", FieldType::Number)
                .required()
                .in_list(),
            Field::new("price", FieldType::Money).required().in_list(),
            Field::new("discount_percent", FieldType::Number).in_list(),
            Field::new("amount", FieldType::Money)
                .default(0i64)
                .required()
                .read_only()
                .in_list(),
        ],
    )
    .label("id")
    .sort("position")
    .fixed()
}
