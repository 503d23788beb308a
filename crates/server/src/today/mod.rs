//! Today: a person's day at a glance, a team's day as it happens, and what could be done besides.

mod day;
mod rows;
mod suggestions;
mod team;

use platform::web::Routes;

pub fn routes() -> Routes {
    day::routes()
        .merge(team::routes())
        .merge(suggestions::routes())
}
