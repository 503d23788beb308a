//! Contacts: the people at a customer.

use platform::app::Feature;
use platform::resource::{Guard, Resource};
use rules::value::{Field, FieldType, OnDelete};
use serde_json::json;

pub fn feature() -> Feature {
    Feature::default().plain(
        Resource::new(
            "contacts",
            "contact",
            Guard::Via("customer_id"),
            vec![
                Field::text("name").required().searchable().in_list(),
                Field::reference("customer_id", "customers")
                    .required()
                    .on_delete(OnDelete::Cascade)
                    .in_list(),
                Field::text("department").in_list(),
                Field::text("title").in_list(),
                Field::new("mobile", FieldType::Phone)
                    .searchable()
                    .sensitive()
                    .in_list(),
                Field::new("email", FieldType::Email)
                    .searchable()
                    .sensitive()
                    .in_list(),
                Field::text("wechat").sensitive(),
                Field::new("birthday_on", FieldType::Day).sensitive(),
                Field::new("is_project_leader", FieldType::Bool).in_list(),
                Field::new("preferences", FieldType::LongText),
            ],
        )
        .sort("-updated_at")
        .view(
            "mine",
            json!({ "field": "customer_id.owner_id", "op": "in", "value": ["me"] }),
            "-updated_at",
        )
        .view("everything", json!(null), "-updated_at")
        .view(
            "project_leaders",
            json!({ "field": "is_project_leader", "op": "is", "value": true }),
            "-updated_at",
        ),
    )
}
