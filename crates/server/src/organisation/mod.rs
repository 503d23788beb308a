//! Organisation: teams, people and roles.

pub mod former_owners;
mod memberships;
pub mod roles;
mod rules_of;
mod tree;

use platform::app::Feature;
use platform::resource::{Guard, Resource};
use platform::web::Routes;
use rules::value::{Field, FieldType, OnDelete};
use serde_json::json;

pub use roles::{ADMINISTRATOR, shipped_roles};

pub fn routes() -> Routes {
    memberships::routes().merge(tree::routes())
}

pub fn feature() -> Feature {
    Feature::default()
        .resource(people(), rules_of::People)
        .resource(teams(), rules_of::Teams)
        .resource(roles_resource(), rules_of::Roles)
}

fn people() -> Resource {
    Resource::new(
        "people",
        "person",
        Guard::Everybody,
        vec![
            Field::text("name").required().searchable().in_list(),
            Field::new("email", FieldType::Email)
                .unique()
                .searchable()
                .sensitive()
                .in_list(),
            Field::new("mobile", FieldType::Phone)
                .unique()
                .searchable()
                .sensitive()
                .in_list(),
            Field::text("title").in_list(),
            Field::reference("team_id", "teams").in_list(),
            Field::reference("supervisor_id", "people")
                .on_delete(OnDelete::Clear)
                .in_list(),
            roles::role_ids(),
            Field::new("hired_on", FieldType::Day).in_list(),
            Field::new("left_on", FieldType::Day),
            Field::choice("language", &platform::i18n::LANGUAGES).default("zh-CN"),
            Field::text("time_zone"),
            Field::new("is_active", FieldType::Bool)
                .default(true)
                .in_list(),
        ],
    )
    .sort("name")
    .view(
        "active",
        json!({ "field": "is_active", "op": "is", "value": true }),
        "name",
    )
    .view("everybody", json!(null), "name")
}

fn teams() -> Resource {
    Resource::new(
        "teams",
        "team",
        Guard::Everybody,
        vec![
            Field::text("name").required().in_list(),
            Field::text("code").unique().in_list(),
            Field::reference("parent_id", "teams").in_list(),
            Field::reference("manager_id", "people")
                .on_delete(OnDelete::Clear)
                .in_list(),
            Field::new("region", FieldType::Region).in_list(),
            Field::choice(
                "kind",
                &[
                    "sales",
                    "pre_sales",
                    "finance",
                    "legal",
                    "delivery",
                    "other",
                ],
            )
            .default("sales")
            .required()
            .in_list(),
        ],
    )
    .sort("name")
}

fn roles_resource() -> Resource {
    Resource::new(
        "roles",
        "role",
        Guard::Everybody,
        vec![
            Field::text("name").required().in_list(),
            Field::text("code").read_only(),
            Field::text("description").in_list(),
            Field::new("grants", FieldType::Json),
        ],
    )
    .sort("created_at")
    .fixed()
}
