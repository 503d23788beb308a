//! The descriptions of processes, stages, opportunities and their lines.

use platform::resource::{Guard, Resource};
use rules::value::{Field, FieldType, OnDelete};
use serde_json::{Value as Json, json};

use super::history;

/// What a customer does while we are in a stage.
pub const BUYER_STEPS: [&str; 9] = [
    "awareness",
    "budget",
    "project_setup",
    "requirement",
    "tender",
    "evaluation",
    "decision",
    "contract",
    "use",
];

pub fn processes() -> Resource {
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
            // Each change of stages in use makes a new revision; running opportunities keep theirs.
            Field::new("revision", FieldType::Integer)
                .default(1i64)
                .read_only()
                .in_list(),
            Field::reference("replaced_by", "processes")
                .read_only()
                .on_delete(OnDelete::Clear),
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

/// Written through their process only, which knows whether they are in use.
pub fn stages() -> Resource {
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
            Field::choice("buyer_step", &BUYER_STEPS),
            Field::new("guidance", FieldType::LongText),
        ],
    )
    .label_en("name_en")
    .part_of("processes")
    .sort("position")
    .fixed()
    .read_only()
}

pub fn opportunities() -> Resource {
    Resource::new(
        "opportunities",
        "opportunity",
        Guard::Owner("owner_id"),
        vec![
            Field::text("name").required().searchable().in_list(),
            Field::text("number").unique().searchable(),
            Field::reference("customer_id", "customers").required().on_delete(OnDelete::Cascade).in_list(),
            // Who names none gets the usual process, and its first stage.
            Field::reference("process_id", "processes"),
            Field::reference("stage_id", "stages").in_list(),
            Field::new("amount", FieldType::Money).in_list(),
            Field::new("weighted_amount", FieldType::Money).read_only().tells("amount"),
            Field::new("expected_close_on", FieldType::Day).in_list(),
            // In percent.
            Field::new("win_chance", FieldType::Number).in_list(),
            Field::choice("forecast_category", &["commit", "best_case", "pipeline", "omitted"]).default("pipeline"),
            Field::choice("source", &crate::customers::SOURCES),
            Field::reference("owner_id", "people").in_list(),
            // Whose it was when it was made, and when it was closed: figures of those days are theirs.
            Field::reference("first_owner_id", "people").read_only(),
            Field::reference("closed_owner_id", "people").read_only(),
            Field::text("next_step").in_list(),
            Field::new("next_step_on", FieldType::Day).in_list(),
            Field::text("competitor"),
            Field::choice(
                "loss_reason",
                &["price", "product_fit", "competitor", "relationship", "timing", "budget", "no_decision", "other"],
            ),
            Field::text("loss_note"),
            Field::text("win_note"),
            Field::new("closed_on", FieldType::Day),
            Field::text("reopen_reason").read_only(),
            Field::choice("outcome", &["open", "won", "lost"]).default("open").required().read_only().in_list(),
            Field::new("stage_entered_at", FieldType::Instant).read_only(),
            Field::new("close_slips", FieldType::Integer).default(0i64).read_only(),
            Field::new("description", FieldType::LongText),
        ],
    )
    .relation("stages", history::TABLE, "opportunity_id", history::fields())
    .relation("lines", "opportunity_line", "opportunity_id", vec![Field::reference("product_id", "products")])
    .verbs(&["advance", "close", "reopen", "move"])
    .sort("-updated_at")
    .view("mine_open", both(json!({ "field": "owner_id", "op": "in", "value": ["me"] }), outcome("open")), "-updated_at")
    .view("open", outcome("open"), "-updated_at")
    .view(
        "without_next_step",
        both(
            outcome("open"),
            json!({ "or": [{ "field": "next_step", "op": "empty" }, { "field": "next_step_on", "op": "empty" }] }),
        ),
        "-updated_at",
    )
    .view("closing_this_month", both(outcome("open"), this_month("expected_close_on")), "expected_close_on")
    .view("won_this_month", both(outcome("won"), this_month("closed_on")), "-updated_at")
    .view("lost_this_month", both(outcome("lost"), this_month("closed_on")), "-updated_at")
    .view("everything", json!(null), "-updated_at")
}

fn both(one: Json, other: Json) -> Json {
    json!({ "and": [one, other] })
}

fn outcome(code: &str) -> Json {
    json!({ "field": "outcome", "op": "in", "value": [code] })
}

fn this_month(field: &str) -> Json {
    json!({ "field": field, "op": "during", "value": "this_month" })
}

/// Written through their opportunity only, whose amount they make.
pub fn lines() -> Resource {
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
            Field::new("price", FieldType::Money)
                .required()
                .tells("amount")
                .in_list(),
            Field::new("discount_percent", FieldType::Number).in_list(),
            Field::new("amount", FieldType::Money)
                .default(0i64)
                .required()
                .read_only()
                .tells("amount")
                .in_list(),
        ],
    )
    .label("id")
    .part_of("opportunities")
    .sort("position")
    .fixed()
    .read_only()
}
