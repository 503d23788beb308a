//! The descriptions of metrics and of their thresholds.

use platform::resource::{Guard, Resource};
use rules::metrics::{CLASSES, KINDS, UNITS};
use rules::value::{Field, FieldType, OnDelete};
use serde_json::json;

pub fn metrics() -> Resource {
    Resource::new(
        "metrics",
        "metric",
        Guard::Everybody,
        vec![
            // What formulas and the API call it.
            Field::text("code").required().unique().in_list(),
            Field::text("name").required().in_list(),
            Field::text("name_en").in_list(),
            Field::new("description", FieldType::LongText),
            Field::new("description_en", FieldType::LongText),
            Field::choice("class", &CLASSES)
                .default("analysis")
                .required()
                .in_list(),
            Field::choice("kind", &KINDS)
                .default("derived")
                .required()
                .read_only()
                .in_list(),
            Field::choice("unit", &UNITS)
                .default("number")
                .required()
                .in_list(),
            // In CEL: `metrics.visits / lag('target_customers', 1)`.
            Field::new("formula", FieldType::LongText).in_list(),
            Field::new("low_is_good", FieldType::Bool)
                .default(false)
                .required(),
            Field::new("is_standard", FieldType::Bool)
                .default(false)
                .required()
                .read_only()
                .in_list(),
            Field::new("is_active", FieldType::Bool)
                .default(true)
                .required()
                .in_list(),
        ],
    )
    .label_en("name_en")
    .sort("code")
    .view(
        "active",
        json!({ "field": "is_active", "op": "is", "value": true }),
        "code",
    )
    .view("everything", json!(null), "code")
    .fixed()
}

/// From which figure on a team's metric is good, and from which at least fair; without a team it holds for all.
pub fn thresholds() -> Resource {
    Resource::new(
        "metric_thresholds",
        "metric_threshold",
        Guard::Everybody,
        vec![
            Field::reference("metric_id", "metrics")
                .required()
                .on_delete(OnDelete::Cascade)
                .in_list(),
            Field::reference("team_id", "teams")
                .on_delete(OnDelete::Cascade)
                .in_list(),
            Field::new("good_from", FieldType::Number)
                .required()
                .in_list(),
            Field::new("fair_from", FieldType::Number)
                .required()
                .in_list(),
        ],
    )
    .label("id")
    .part_of("metrics")
    .sort("created_at")
    .fixed()
}
