//! Notifications by mail.

use platform::access::Access;
use platform::job::{JobKind, Running};
use platform::mail::Mail;
use platform::problem::Result;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::mails;
use super::text::Said;

pub const KIND: &str = "mail_notification";
/// Over the back-off of jobs that is about half an hour.
const ATTEMPTS: i64 = 8;

pub fn job() -> JobKind {
    JobKind::new(KIND, ATTEMPTS, run)
}

/// The notification that a job is about, with its person's own access; none when there is nothing to be told any more.
pub async fn subject(running: &Running) -> Result<Option<(Said, Access)>> {
    let until = running.payload["until"].as_i64();
    if until.is_some_and(|until| running.app.clock.now_ms() > until) {
        return Ok(None);
    }
    let id = running.payload["notification_id"].as_str();
    let Some(id) = id.and_then(|id| Uuid::parse_str(id).ok()) else {
        return Ok(None);
    };
    let system = Access::system(&running.app, "sending of notifications");
    let Some(said) = Said::unread(&system, id).await? else {
        return Ok(None);
    };
    let access = Access::seen_by(&running.app, said.person_id).await?;
    Ok(access.map(|access| (said, access)))
}

async fn run(running: Running) -> Result<Json> {
    let Some((said, access)) = subject(&running).await? else {
        return Ok(json!({ "sent": 0 }));
    };
    let app = &running.app;
    let directory = app.directory();
    let person = directory.people.get(&said.person_id);
    let Some(email) = person.and_then(|person| person.email.as_deref()) else {
        return Ok(json!({ "sent": 0 }));
    };
    let text = said.text(&access);
    let body = app.catalog.text(
        &access.actor.language,
        "notifications.mail",
        &json!({ "text": text, "url": format!("{}{}", app.options.base_url, said.path()) }),
    );
    let mail = Mail {
        to: email.to_owned(),
        subject: subject_line(&text),
        text: body,
        ..Mail::default()
    };
    mails::send(app, mail, running.id).await?;
    Ok(json!({ "sent": 1 }))
}

/// Characters of a subject line.
const SUBJECT: usize = 120;

/// A text without line breaks.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// A subject is one line of limited length.
fn subject_line(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(SUBJECT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
