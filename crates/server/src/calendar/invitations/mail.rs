//! An invitation as a mail, in its reader's language.

use platform::mail::{Invitation, Mail};
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::icalendar::{self, Event, Method, Party, When};
use serde_json::json;

use super::recipients::Recipient;
use super::{organizer, recipients};
use crate::calendar::entries::local_text;
use crate::notifications;

pub(super) async fn send(
    write: &mut Write,
    record: &Record,
    method: Method,
    events: &[Event],
    to: &[Recipient],
) -> Result<()> {
    send_as(write, record, method, events, to, false).await
}

/// Posts the events to each of these people.
pub(super) async fn send_as(
    write: &mut Write,
    record: &Record,
    method: Method,
    events: &[Event],
    to: &[Recipient],
    is_new: bool,
) -> Result<()> {
    let form = match (method, is_new) {
        (Method::Cancel, _) => "cancelled",
        (_, true) => "invited",
        (_, false) => "changed",
    };
    let ours: Vec<Party> = recipients::of(write, record)
        .await?
        .into_iter()
        .filter(|one| one.is_ours)
        .map(party)
        .collect();
    for one in to {
        // Our people are seen by all; a customer's contact is seen by nobody else.
        let mut attendees = ours.clone();
        if attendees.iter().all(|known| known.email != one.email) {
            attendees.push(party(one.clone()));
        }
        let events: Vec<Event> = events
            .iter()
            .map(|event| Event {
                attendees: attendees.clone(),
                ..event.clone()
            })
            .collect();
        let mail = mail(write, record, method, &events, one, form);
        notifications::post(write, mail).await?;
    }
    Ok(())
}

fn party(one: Recipient) -> Party {
    Party {
        name: one.name,
        email: one.email,
    }
}

fn mail(
    write: &Write,
    record: &Record,
    method: Method,
    events: &[Event],
    to: &Recipient,
    form: &str,
) -> Mail {
    let app = &write.access.app;
    let organizer = organizer(&write.access, record);
    let time = events.first().map_or_else(String::new, |event| {
        let (at, has_time) = match event.when {
            When::Span { starts_at, .. } => (starts_at, true),
            When::Days { first, .. } => (app.clock.start_of(first), false),
        };
        local_text(at, has_time, &app.clock)
    });
    let repeats = events.iter().any(|event| event.repeat.is_some());
    let text = |key: &str, params: &serde_json::Value| app.catalog.text(&to.language, key, params);
    let said = json!({
        "subject": record.label(),
        "time": if repeats {
            text("calendar.mail.repeating", &json!({ "time": time }))
        } else {
            time
        },
        "zone": app.clock.zone().name(),
        "organizer": organizer.name,
        "company": app.settings().company_name,
    });
    let mut body = text(&format!("calendar.mail.{form}_text"), &said);
    if to.is_ours && method != Method::Cancel && !app.options.base_url.is_empty() {
        let url = format!("{}/activities/{}", app.options.base_url, record.id());
        body.push('\n');
        body.push_str(&text("calendar.mail.open", &json!({ "url": url })));
    }
    Mail {
        to: to.email.clone(),
        subject: text(&format!("calendar.mail.{form}_subject"), &said),
        text: body,
        reply_to: Some(organizer.email),
        invitation: Some(Invitation {
            method: method.name().to_owned(),
            calendar: icalendar::calendar(method, "", events),
        }),
    }
}
