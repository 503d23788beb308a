//! Notifications to browsers and phones by web push.

use axum::http::{HeaderName, header};
use futures_util::future::join_all;
use platform::access::Access;
use platform::app::App;
use platform::job::{self, JobKind, Running};
use platform::outbound::{Target, Unsent};
use platform::problem::Result;
use platform::push::{Identity, Recipient, TEXT_MAX};
use rules::value::instant_text;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::devices::{self, Device};
use super::mailing::subject;
use super::text::Said;

pub const KIND: &str = "push_notification";
/// What a service refuses is queued again by the job itself, for the devices that are still waiting.
const ATTEMPTS: i64 = 3;
/// Pauses before what a service didn't take is tried again, in minutes.
const PAUSES: [i64; 4] = [1, 5, 30, 120];
const MINUTE_MS: i64 = 60_000;
/// How long a service keeps a message for a device that is off, in seconds.
const KEEP_S: i64 = 24 * 3_600;

pub fn job() -> JobKind {
    JobKind::new(KIND, ATTEMPTS, run)
}

/// How the sending to one device ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Taken,
    /// The service doesn't want this message, now or later.
    Refused,
    /// The browser has given up its subscription, or its address is none that may be sent to.
    Gone,
    Later,
}

async fn run(running: Running) -> Result<Json> {
    let Some((said, access)) = subject(&running).await? else {
        return Ok(json!({ "sent": 0 }));
    };
    let app = &running.app;
    let waiting: Option<Vec<Uuid>> =
        serde_json::from_value(running.payload["devices"].clone()).ok();
    let mut known = devices::of(&access, said.person_id).await?;
    if let Some(waiting) = waiting {
        known.retain(|device| waiting.contains(&device.id));
    }
    let text = message(&said, &said.text(&access), app);
    let outcomes = send(&access, &known, &text).await?;
    let ids = |wanted: Sent| -> Vec<Uuid> {
        outcomes
            .iter()
            .filter(|(_, sent)| *sent == wanted)
            .map(|(id, _)| *id)
            .collect()
    };
    let (gone, later) = (ids(Sent::Gone), ids(Sent::Later));
    let attempt = running.payload["attempt"].as_u64().unwrap_or_default() as usize;
    let pause = PAUSES.get(attempt).filter(|_| !later.is_empty());
    if !gone.is_empty() || pause.is_some() {
        let system = Access::system(app, "sending of notifications");
        let mut write = system.write().await?;
        devices::forget(&mut write, &gone).await?;
        if let Some(pause) = pause {
            let mut payload = running.payload.clone();
            payload["devices"] = json!(later);
            payload["attempt"] = json!(attempt + 1);
            let at = write.now + pause * MINUTE_MS;
            job::enqueue_at(&mut write, KIND, payload, at).await?;
        }
        write.commit().await?;
    }
    Ok(json!({ "sent": ids(Sent::Taken).len(), "gone": gone.len(), "later": later.len() }))
}

/// What the service worker gets.
fn message(said: &Said, text: &str, app: &App) -> Vec<u8> {
    let title = app.settings().company_name.clone();
    let with = |text: &str| {
        json!({
            "id": said.id, "kind": said.kind, "title": title, "text": text, "url": said.path(), "at": instant_text(said.at),
        })
        .to_string()
        .into_bytes()
    };
    let message = with(text);
    if message.len() <= TEXT_MAX {
        return message;
    }
    // A text is shortened, not lost. Half the room is always enough for the rest: a company's name has 200 characters.
    let short: String = text.chars().take(TEXT_MAX / 8).chain(['…']).collect();
    with(&short)
}

/// Sends to devices at the same time; answers how it went with each.
async fn send(access: &Access, devices: &[Device], text: &[u8]) -> Result<Vec<(Uuid, Sent)>> {
    if devices.is_empty() {
        return Ok(Vec::new());
    }
    let app = &access.app;
    let identity = devices::identity(app).await?;
    let contact = contact(app);
    let mut sending = Vec::with_capacity(devices.len());
    for device in devices {
        sending.push(send_one(app, &identity, &contact, device, text));
    }
    join_all(sending).await.into_iter().collect()
}

/// Whom a push service may write to about this server.
fn contact(app: &App) -> String {
    let url = &app.options.base_url;
    if url.starts_with("https://") {
        return url.clone();
    }
    let from = &app.options.mail_from;
    let address = from
        .rsplit_once('<')
        .map_or(from.as_str(), |(_, address)| address.trim_end_matches('>'));
    format!("mailto:{}", address.trim())
}

async fn send_one(
    app: &App,
    identity: &Identity,
    contact: &str,
    device: &Device,
    text: &[u8],
) -> Result<(Uuid, Sent)> {
    let private = app.settings().private_addresses();
    let Ok(target) = Target::parse(&device.endpoint, private) else {
        return Ok((device.id, Sent::Gone));
    };
    let Some(recipient) = Recipient::parse(&device.p256dh, &device.auth) else {
        return Ok((device.id, Sent::Gone));
    };
    let headers = [
        (
            header::AUTHORIZATION,
            identity.authorization(&target.origin(), contact, app.clock.now_ms())?,
        ),
        (header::CONTENT_TYPE, "application/octet-stream".into()),
        (header::CONTENT_ENCODING, "aes128gcm".into()),
        (HeaderName::from_static("ttl"), KEEP_S.to_string()),
        (HeaderName::from_static("urgency"), "normal".into()),
    ];
    let body = recipient.seal(text)?;
    let answer = app.outbound.post(&target, &headers, body, private).await;
    let sent = match answer {
        Ok(200..=299) => Sent::Taken,
        Ok(404 | 410) => Sent::Gone,
        // What is too large or malformed stays so.
        Ok(400 | 413) => Sent::Refused,
        Ok(_) | Err(Unsent::Unreachable(_)) => Sent::Later,
        Err(Unsent::Address(_)) => Sent::Gone,
    };
    if sent != Sent::Taken {
        // Neither the endpoint nor the text: both are secrets between the person and the service.
        tracing::info!(device = %device.id, origin = target.origin(), ?answer, "a push message was not taken");
    }
    Ok((device.id, sent))
}
