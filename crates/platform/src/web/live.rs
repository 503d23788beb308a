//! `GET /api/live`: server-sent events of the changes in the caller's scope.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use rules::permission::Action;
use serde_json::json;
use tokio_stream::wrappers::BroadcastStream;

use super::doc::{Doc, Routes};
use crate::access::Access;
use crate::ledger;
use crate::live::{Change, TOLD_ONE_BY_ONE, changes_of};
use crate::problem::Result;

/// Also the time after which a revoked session's stream ends.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

pub fn live_routes() -> Routes {
    Routes::default().get(
        "/api/live",
        Doc::new("platform", "Changes as they happen (server-sent events)")
            .about("Events `change` carry resource, id, action and version of records in scope; `reset` asks to reload; `notification` says that the inbox changed. Resumes after `Last-Event-ID`.")
            .header("Last-Event-ID", "The id of the last event seen.", false)
            .answer_schema("text/event-stream", json!({ "type": "string" })),
        stream_changes,
    )
}

fn visible(access: &Access, change: &Change) -> bool {
    // Notifications concern one person alone.
    if change.resource == "notifications" {
        return change.owner_id == Some(access.actor.person_id);
    }
    match access.app.registry().get(&change.resource) {
        Some(resource) => {
            access.covers(resource, change.root_id, change.owner_id, Action::Read)
                || (change.readers.contains(&access.actor.person_id)
                    && access.allows(&change.resource, Action::Read))
        }
        None => false,
    }
}

/// Whether a change may alter what somebody may see.
fn changes_rights(change: &Change) -> bool {
    matches!(change.resource.as_str(), "people" | "teams" | "roles")
        || matches!(change.action.as_str(), "share" | "unshare")
}

/// Whether a change is to this person's sessions or tokens; theirs may have ended.
fn ends_sessions(change: &Change, person: uuid::Uuid) -> bool {
    matches!(change.resource.as_str(), "sessions" | "tokens")
        && (change.owner_id == Some(person) || change.id == person)
}

fn event_of(change: &Change) -> Event {
    let kind = if change.resource == "notifications" {
        "notification"
    } else {
        "change"
    };
    let event = Event::default().event(kind);
    let event = if change.seq > 0 {
        event.id(change.seq.to_string())
    } else {
        event
    };
    event.data(serde_json::to_string(change).unwrap_or_default())
}

async fn stream_changes(
    access: Access,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let receiver = access.app.watch();
    let last: Option<i64> = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok());
    let mut first: Vec<Event> = Vec::new();
    let mut seen = 0;
    if let Some(last) = last {
        let entries = ledger::after(&access.app.db, last, TOLD_ONE_BY_ONE as u64 + 1).await?;
        if entries.len() > TOLD_ONE_BY_ONE {
            first.push(Event::default().event("reset").data("{}"));
        } else {
            first.extend(
                changes_of(&access.app, &entries)
                    .await?
                    .iter()
                    .filter(|change| visible(&access, change))
                    .map(event_of),
            );
        }
        seen = entries.last().map_or(last, |entry| entry.seq);
    } else {
        // So that the client has an id to resume from before anything happens.
        let head = access.app.ledger_head().await?;
        first.push(
            Event::default()
                .event("ready")
                .id(head.to_string())
                .data("{}"),
        );
    }
    let batches = BroadcastStream::new(receiver);
    let live = stream::unfold(Some((batches, access)), move |state| async move {
        let (mut batches, mut access) = state?;
        let Ok(changes) = batches.next().await? else {
            // The client was too slow: it must ask again.
            return Some((
                vec![Event::default().event("reset").data("{}")],
                Some((batches, access)),
            ));
        };
        if changes.len() > TOLD_ONE_BY_ONE {
            // An import: asking again once is cheaper for everybody than thousands of events.
            return Some((
                vec![Event::default().event("reset").data("{}")],
                Some((batches, access)),
            ));
        }
        if changes.iter().any(changes_rights) {
            // What the actor may see was decided when the stream began, so it is decided anew; one who may no longer
            // sign in sees nothing more.
            let actor = &access.actor;
            access = Access::of_person(&access.app, actor.person_id, actor.source.clone())
                .await
                .ok()?;
        }
        let events: Vec<Event> = changes
            .iter()
            .filter(|change| (change.seq == 0 || change.seq > seen) && visible(&access, change))
            .map(event_of)
            .collect();
        let person = access.actor.person_id;
        let is_over = changes.iter().any(|change| ends_sessions(change, person));
        Some((events, (!is_over).then_some((batches, access))))
    });
    let events = stream::iter(first)
        .chain(live.flat_map(stream::iter))
        .map(Ok);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}
