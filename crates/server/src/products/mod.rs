//! Products: what we sell, in lines.

use async_trait::async_trait;
use platform::app::Feature;
use platform::problem::{Problem, Result};
use platform::resource::{Guard, Record, Resource};
use platform::write::{Rules, Write};
use rules::value::{Field, FieldType, OnDelete};
use serde_json::json;

pub fn feature() -> Feature {
    Feature::default()
        .plain(
            Resource::new(
                "product_lines",
                "product_line",
                Guard::Everybody,
                vec![
                    Field::text("name").required().in_list(),
                    Field::text("code").unique().in_list(),
                ],
            )
            .sort("name"),
        )
        .resource(
            Resource::new(
                "products",
                "product",
                Guard::Everybody,
                vec![
                    Field::text("name").required().searchable().in_list(),
                    Field::text("code").unique().searchable().in_list(),
                    Field::reference("line_id", "product_lines")
                        .on_delete(OnDelete::Refuse)
                        .in_list(),
                    Field::text("unit").in_list(),
                    Field::new("list_price", FieldType::Money).in_list(),
                    Field::new("floor_price", FieldType::Money)
                        .sensitive()
                        .in_list(),
                    Field::choice("state", &["planned", "active", "discontinued"])
                        .default("active")
                        .required()
                        .in_list(),
                    Field::new("description", FieldType::LongText),
                ],
            )
            .sort("name")
            .view(
                "on_sale",
                json!({ "field": "state", "op": "in", "value": ["active"] }),
                "name",
            )
            .view("everything", json!(null), "name"),
            Products,
        )
}

struct Products;

#[async_trait]
impl Rules for Products {
    async fn before(
        &self,
        _write: &mut Write,
        _before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        for name in ["list_price", "floor_price"] {
            if after.int(name).is_some_and(|price| price < 0) {
                return Err(Problem::field(name, "negative"));
            }
        }
        match (after.int("list_price"), after.int("floor_price")) {
            (Some(list), Some(floor)) if floor > list => {
                Err(Problem::field("floor_price", "above_list_price"))
            }
            _ => Ok(()),
        }
    }
}
