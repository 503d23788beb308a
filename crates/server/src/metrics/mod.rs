//! Metrics: the catalogue of what is counted, with the formulas of administrators and the thresholds of teams.

mod catalogue;
mod check;
mod resources;
mod rules_of;

use platform::app::Feature;
use platform::web::Routes;
use rules::metrics::{Of, STANDARD, Standard};
use uuid::Uuid;

pub use catalogue::{Catalogue, Metric, Threshold};

pub fn feature() -> Feature {
    Feature::default()
        .resource(resources::metrics(), rules_of::Metrics)
        .resource(resources::thresholds(), rules_of::Thresholds)
}

pub fn routes() -> Routes {
    check::routes()
}

/// A standard metric as it lies in the database.
pub struct MetricRow {
    /// The same in every database.
    pub id: Uuid,
    pub standard: &'static Standard,
    pub formula: Option<&'static str>,
}

pub fn shipped_metrics() -> impl Iterator<Item = MetricRow> {
    STANDARD
        .iter()
        .enumerate()
        .map(|(position, standard)| MetricRow {
            id: Uuid::from_u128(0x0190_0000_0000_7000_8005_0000_0000_0001 + position as u128),
            standard,
            formula: match standard.of {
                Of::Formula(text) => Some(text),
                Of::Facts(..) => None,
            },
        })
}
