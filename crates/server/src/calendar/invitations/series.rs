//! A whole series as one invitation: the rule, the days that fell out, and the occurrences that were changed by themselves.

use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::icalendar::{Event, Method, Repeat, When};
use uuid::Uuid;

use super::{count_in, event, invites, mail, recipients};
use crate::activities::series::Plan;

/// Tells everybody of a series as it is now; `before` is one of its occurrences before the write.
pub(super) async fn send(write: &mut Write, id: Uuid, before: Option<&Record>) -> Result<()> {
    let plan = Plan::read(write, id).await?;
    let is_new = before.is_none_or(|before| !invites(before));
    let Some(plan) = plan.filter(|plan| invites(&plan.like)) else {
        return match before.filter(|before| invites(before)) {
            Some(before) => cancel(write, id, before).await,
            None => Ok(()),
        };
    };
    let to = recipients::of(write, &plan.like).await?;
    let sequence = count_in(write, "series", id).await?;
    let mut whole = event(write, &plan.like, sequence, false).await?;
    whole.uid = super::uid(id);
    whole.instead_of = None;
    whole.when = plan.first_time(write);
    whole.repeat = Some(Repeat {
        rule: plan.rule.clone(),
        zone: write.access.app.clock.zone(),
        left_out: plan.left_out(write),
    });
    let mut events: Vec<Event> = vec![whole];
    for exception in plan.exceptions.iter().filter(|one| invites(one)) {
        let mut changed = event(write, exception, sequence, false).await?;
        changed.uid = super::uid(id);
        if let Some(start) = plan.slot_of(write, exception) {
            changed.instead_of = Some(start);
            events.push(changed);
        }
    }
    mail::send_as(write, &plan.like, Method::Request, &events, &to, is_new).await
}

/// Nothing is left of it.
async fn cancel(write: &mut Write, id: Uuid, before: &Record) -> Result<()> {
    let to = recipients::of(write, before).await?;
    let sequence = count_in(write, "series", id).await?;
    let mut whole = event(write, before, sequence, true).await?;
    whole.uid = super::uid(id);
    if let Some(When::Span { .. } | When::Days { .. }) = whole.instead_of {
        whole.instead_of = None;
    }
    mail::send(write, before, Method::Cancel, &[whole], &to).await
}
