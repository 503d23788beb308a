//! Activities: what people plan to do and what they did, one record for both.

mod deed;
mod kinds;
mod plan;
mod resources;
mod rules_of;

use platform::app::Feature;

pub use kinds::{Catalogue, Kind, SHIPPED_KINDS};

pub fn feature() -> Feature {
    Feature::default()
        .resource(resources::kinds(), kinds::Kinds)
        .resource(resources::activities(), rules_of::Activities)
}
