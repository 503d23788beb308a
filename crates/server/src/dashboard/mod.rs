//! Dashboards: those that people saved, and what no metric counts: funnel, pipeline and performance, each figure with the filter that opens its records.

mod asked;
mod closings;
mod figure;
mod funnel;
mod passages;
mod performance;
mod pipeline;
mod saved;

use platform::web::Routes;

pub fn routes() -> Routes {
    funnel::routes()
        .merge(pipeline::routes())
        .merge(performance::routes())
        .merge(saved::routes())
}
