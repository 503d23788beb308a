//! Customers: who we sell to, from first record to won and kept.

pub mod development;
mod duplicates;
mod facts;
mod rules_of;

use platform::app::Feature;
use platform::resource::{Guard, Resource};
use platform::web::Routes;
use rules::value::{Field, FieldType, OnDelete};
use serde_json::json;

/// The five levels of the funnel, and what may follow after won.
pub const FUNNEL_LEVELS: [&str; 9] = [
    "prospect",
    "target",
    "engaged",
    "intention",
    "won",
    "retained",
    "dormant",
    "at_risk",
    "lost",
];
pub const SOURCES: [&str; 8] = [
    "website",
    "referral",
    "exhibition",
    "cold_call",
    "campaign",
    "channel",
    "tender",
    "other",
];

pub fn feature() -> Feature {
    Feature::default()
        .resource(resource(), rules_of::Customers)
        .facts(facts::CustomerFacts)
}

pub fn routes() -> Routes {
    duplicates::routes()
}

fn resource() -> Resource {
    Resource::new(
        "customers",
        "customer",
        Guard::Owner("owner_id"),
        vec![
            Field::text("name").required().searchable().in_list(),
            Field::text("name_core").internal(),
            Field::text("short_name").searchable(),
            Field::text("credit_code").unique(),
            Field::new("industry", FieldType::Industry).in_list(),
            Field::choice(
                "employees",
                &[
                    "1_19",
                    "20_99",
                    "100_499",
                    "500_999",
                    "1000_4999",
                    "5000_plus",
                ],
            ),
            Field::choice(
                "revenue_band",
                &[
                    "under_5m",
                    "5m_20m",
                    "20m_100m",
                    "100m_500m",
                    "500m_2b",
                    "over_2b",
                ],
            ),
            Field::new("region", FieldType::Region).in_list(),
            Field::text("address"),
            // Degrees (WGS 84); the first check-in at a customer that has none sets them.
            Field::new("latitude", FieldType::Number),
            Field::new("longitude", FieldType::Number),
            Field::new("website", FieldType::Url),
            Field::new("phone", FieldType::Phone)
                .searchable()
                .sensitive(),
            Field::text("phone_key").internal(),
            Field::reference("parent_id", "customers").on_delete(OnDelete::Clear),
            Field::choice("source", &SOURCES),
            Field::choice("class", &["key_account", "ordinary"])
                .default("ordinary")
                .in_list(),
            Field::choice("level", &["A", "B", "C", "D"]).in_list(),
            Field::choice("funnel_level", &FUNNEL_LEVELS)
                .default("prospect")
                .required()
                .in_list(),
            // A correction by hand needs a reason; what happens by itself needs none.
            Field::text("funnel_level_reason"),
            Field::reference("owner_id", "people").in_list(),
            // Kept by the activities: the day of the latest visit, whoever made it.
            Field::new("last_visited_on", FieldType::Day)
                .read_only()
                .in_list(),
            Field::new("tags", FieldType::Tags),
            Field::new("description", FieldType::LongText),
        ],
    )
    .relation(
        "levels",
        "funnel_reach",
        "customer_id",
        development::fields(),
    )
    .relation_to(
        "contracts",
        "contract",
        "customer_id",
        crate::contracts::running_fields(),
    )
    .sort("-updated_at")
    .view(
        "mine",
        json!({ "field": "owner_id", "op": "in", "value": ["me"] }),
        "-updated_at",
    )
    .view("everything", json!(null), "-updated_at")
    .view(
        "key_accounts",
        json!({ "field": "class", "op": "in", "value": ["key_account"] }),
        "-updated_at",
    )
    .view(
        "not_visited",
        json!({ "and": [
            { "field": "owner_id", "op": "in", "value": ["me"] },
            { "not": { "field": "last_visited_on", "op": "during", "value": "last_n_days:30" } },
        ] }),
        "last_visited_on",
    )
    .view(
        "new_this_month",
        json!({ "field": "created_at", "op": "during", "value": "this_month" }),
        "-created_at",
    )
}
