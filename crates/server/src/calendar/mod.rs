//! The calendar: whose time is taken by what, and who is reminded of it or invited to it.

mod entries;
mod feed;
mod feed_events;
pub mod invitations;
mod reminders;
mod tasks;
mod view;

use platform::app::Feature;
use platform::problem::Result;
use platform::resource::Record;
use platform::web::Routes;
use platform::write::Write;

pub fn feature() -> Feature {
    Feature::default().job(reminders::job()).job(tasks::job())
}

pub fn routes() -> Routes {
    view::routes().merge(feed::routes())
}

/// What follows from every write of an activity.
pub async fn activity_written(
    write: &mut Write,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<()> {
    reminders::keep(write, before, after).await?;
    invitations::note(write, before, after);
    tasks::tell_giver(write, before, after).await
}
