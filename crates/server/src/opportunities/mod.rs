//! Opportunities: concrete chances of a sale, on their way through a process.

mod board;
mod calendar;
mod closing;
mod development;
mod facts;
pub mod history;
mod lines;
mod lines_routes;
pub mod processes;
mod resources;
mod rules_of;
pub mod stages;
mod stuck;
mod verbs;

use platform::app::Feature;
use platform::web::Routes;

pub use facts::{CUSTOMER as CUSTOMER_FOLLOWED, lines};

pub fn feature() -> Feature {
    Feature::default()
        .resource(resources::processes(), processes::Processes)
        .resource(resources::stages(), processes::Stages)
        .resource(resources::opportunities(), rules_of::Opportunities)
        .resource(resources::lines(), lines::Lines)
        .facts(facts::OpportunityFacts)
}

pub fn routes() -> Routes {
    verbs::routes()
        .merge(board::routes())
        .merge(calendar::routes())
        .merge(stuck::routes())
        .merge(history::routes())
        .merge(lines_routes::routes())
        .merge(processes::routes())
}
