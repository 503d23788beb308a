//! The dashboard: funnel, pipeline and performance, each figure with the filter that opens its records.

mod asked;
mod closings;
mod figure;
mod funnel;
mod passages;
mod performance;
mod pipeline;

use platform::web::Routes;

pub fn routes() -> Routes {
    funnel::routes()
        .merge(pipeline::routes())
        .merge(performance::routes())
}
