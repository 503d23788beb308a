//! Activities: what people plan to do and what they did, one record for both.

mod deed;
mod evidence;
mod facts;
mod follow_up;
mod kinds;
mod overlaps;
pub mod participants;
mod place;
mod plan;
mod position;
mod resources;
mod rules_of;
pub mod series;
mod subject;
mod verbs;
mod visited;

use platform::app::Feature;
use platform::web::Routes;

pub use kinds::{Catalogue, Kind, SHIPPED_KINDS, ShippedKind};
pub use subject::subject_of;
pub use visited::is_seeing;

pub fn feature() -> Feature {
    Feature::default()
        .resource(resources::kinds(), kinds::Kinds)
        .resource(resources::activities(), rules_of::Activities)
        .facts(facts::ActivityFacts)
        .plain(series::resource())
        .job(series::job())
}

pub fn routes() -> Routes {
    verbs::routes().merge(series::routes())
}
