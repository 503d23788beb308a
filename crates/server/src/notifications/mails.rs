//! Mails on their way: a job for each, in the queue by the commit that wants it.

use axum::http::StatusCode;
use platform::app::App;
use platform::job::{JobKind, Running, enqueue};
use platform::mail::Mail;
use platform::problem::{Problem, Result};
use platform::write::Write;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

const NAME: &str = "mail";
/// With the pauses between them, about an hour and a half.
const ATTEMPTS: i64 = 11;

#[derive(Serialize, Deserialize)]
struct Payload {
    mail: Mail,
}

/// Sends a mail once the write is committed; nothing when no mail server is configured.
pub async fn post(write: &mut Write, mail: Mail) -> Result<()> {
    if !write.access.app.mailer.is_configured() {
        return Ok(());
    }
    enqueue(write, NAME, json!(Payload { mail })).await?;
    Ok(())
}

pub fn kind() -> JobKind {
    JobKind::new(NAME, ATTEMPTS, run)
}

async fn run(running: Running) -> Result<Json> {
    let payload: Payload = serde_json::from_value(running.payload).map_err(Problem::internal)?;
    send(&running.app, payload.mail, running.id).await?;
    Ok(json!({ "sent": true }))
}

/// Hands the mail of a job to the mail server. The job's id stands in the mail's own: when a process ends between the
/// sending and the note of it, both copies are one mail to whoever receives them.
pub async fn send(app: &App, mail: Mail, job: Uuid) -> Result<()> {
    app.mailer
        .send(mail, Some(format!("<{job}@chengdan>")))
        .await
        .map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "mail_not_sent"))
}
