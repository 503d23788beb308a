//! Mails on their way: a job for each, in the queue by the commit that wants it.

use axum::http::StatusCode;
use futures_util::future::BoxFuture;
use platform::job::{JobKind, Running, enqueue};
use platform::mail::Mail;
use platform::problem::{Problem, Result};
use platform::write::Write;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

const NAME: &str = "mail";
/// With the pauses between them, about an hour and a half.
const ATTEMPTS: i64 = 11;

#[derive(Serialize, Deserialize)]
struct Payload {
    mail: Mail,
    /// Not worth sending after this instant, in milliseconds.
    until: Option<i64>,
}

/// Sends a mail once the write is committed; nothing when no mail server is configured.
pub async fn post(write: &mut Write, mail: Mail, until: Option<i64>) -> Result<()> {
    if !write.access.app.mailer.is_configured() {
        return Ok(());
    }
    enqueue(write, NAME, json!(Payload { mail, until })).await?;
    Ok(())
}

pub fn kind() -> JobKind {
    JobKind {
        name: NAME,
        run,
        attempts: ATTEMPTS,
        every: None,
        is_long: false,
    }
}

fn run(running: Running) -> BoxFuture<'static, Result<Json>> {
    Box::pin(async move {
        let payload: Payload =
            serde_json::from_value(running.payload).map_err(Problem::internal)?;
        let app = running.app;
        if payload
            .until
            .is_some_and(|until| app.clock.now_ms() > until)
        {
            return Ok(json!({ "sent": false }));
        }
        // The job's id in the mail's own: when a process ends between the sending and the note of it, both copies are
        // one mail to whoever receives them.
        let message_id = format!("<{}@chengdan>", running.id);
        match app.mailer.send(payload.mail, Some(message_id)).await {
            Ok(()) => Ok(json!({ "sent": true })),
            Err(_) => Err(Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "mail_not_sent",
            )),
        }
    })
}
