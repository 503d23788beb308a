//! The job that sends what waits: endpoints side by side, each one's messages in their order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{HeaderName, header};
use futures_util::future::join_all;
use platform::access::Access;
use platform::db::col;
use platform::job::{self, JobKind, Running};
use platform::outbound::{Target, Unsent};
use platform::problem::Result;
use platform::resource::{Record, Resource};
use platform::write::Write;
use rules::value::{Changes, Value};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::deliveries::{self, Attempt, Delivery};
use super::{SWITCH_OFF, WEBHOOKS, endpoint};

pub const KIND: &str = "webhook_deliveries";
/// What waits has no other way out, so a run that failed is tried again without end.
const ATTEMPTS: i64 = i64::MAX;
/// Pauses before a message is tried again, in seconds: those that the Standard Webhooks specification recommends, 5 seconds
/// to a day. After the last it has failed.
const PAUSES_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// After this a run begins no other message, so that short jobs of other kinds get their turn; the last may still take as
/// long as a request may.
const RUN: Duration = Duration::from_secs(3);
/// When to look again for what another run is sending.
const AGAIN_MS: i64 = 1_000;

pub fn job() -> JobKind {
    JobKind::new(KIND, ATTEMPTS, run)
}

async fn run(running: Running) -> Result<Json> {
    let access = Access::system(&running.app, "sending to webhooks");
    let mut write = access.write().await?;
    // One job does for all that are queued. They go before anything is looked for: what is committed with a later one, that
    // one will find.
    let others = Query::delete()
        .from_table(Alias::new("job"))
        .and_where(col("kind").eq(KIND))
        .and_where(col("state").eq("queued"))
        .to_owned();
    write.execute(&others).await?;
    let mut taken = Vec::new();
    let mut again = Vec::new();
    for (webhook, due_at) in deliveries::lines(&mut write).await? {
        if due_at > write.now {
            again.push(due_at);
        } else if endpoint::take(&mut write, webhook, running.id).await? {
            taken.push(webhook);
        } else {
            again.push(write.now + AGAIN_MS);
        }
    }
    let mut sent = 0;
    let mut failure = None;
    if !taken.is_empty() {
        write.commit().await?;
        let until = Instant::now() + RUN;
        let lines = taken.iter().map(|webhook| line(&access, *webhook, until));
        for ended in join_all(lines).await {
            match ended {
                Ok(line) => {
                    sent += line.sent;
                    again.extend(line.again);
                }
                Err(problem) => failure = Some(problem),
            }
        }
        write = access.write().await?;
        endpoint::release(&mut write, running.id).await?;
    }
    if let Some(at) = again.into_iter().min() {
        job::enqueue_at(&mut write, KIND, json!({}), at).await?;
    }
    write.commit().await?;
    match failure {
        Some(problem) => Err(problem),
        None => Ok(json!({ "sent": sent })),
    }
}

/// How far a run came with one endpoint.
#[derive(Default)]
struct Line {
    sent: u64,
    /// When there is more to do.
    again: Option<i64>,
}

/// Sends what is due to one endpoint, until one is not taken: then the others wait with it.
async fn line(access: &Access, webhook: Uuid, until: Instant) -> Result<Line> {
    let mut line = Line::default();
    while let Some(delivery) = Delivery::next(access, webhook).await? {
        if delivery.next_at > access.app.clock.now_ms() || Instant::now() > until {
            line.again = Some(delivery.next_at);
            break;
        }
        if send(access, webhook, &delivery).await? {
            line.sent += 1;
        }
    }
    Ok(line)
}

/// Makes one attempt and notes how it ended; true when the message was taken.
async fn send(access: &Access, webhook: Uuid, delivery: &Delivery) -> Result<bool> {
    let resource = access.resource(WEBHOOKS)?;
    let mut select = resource.select();
    select.and_where(resource.column("id").eq(webhook));
    // Read anew for each message: it may have been changed, or switched off, by now.
    let known = access.records(&resource, &select).await?;
    let known = known
        .first()
        .filter(|webhook| *webhook.get("is_active") == Value::Bool(true));
    let Some(known) = known else {
        let mut write = access.write().await?;
        deliveries::give_up(&mut write, webhook, "webhook_is_off").await?;
        write.commit().await?;
        return Ok(false);
    };
    let answer = post(access, known, delivery).await?;
    let mut write = access.write().await?;
    let pause = usize::try_from(delivery.attempts)
        .ok()
        .and_then(|made| PAUSES_S.get(made));
    let next_at = pause.map(|pause| write.now + pause * 1_000);
    let attempt = match answer {
        Ok(status @ (200..=299 | 410)) => Attempt {
            status: Some(status),
            error: None,
            next_at: None,
        },
        Ok(status) => Attempt {
            status: Some(status),
            error: None,
            next_at,
        },
        Err(unsent) => Attempt {
            status: None,
            error: Some(match unsent {
                Unsent::Address(code) => code.to_owned(),
                Unsent::Unreachable(reason) => reason,
            }),
            next_at,
        },
    };
    delivery.note(&mut write, &attempt).await?;
    if attempt.status == Some(410) {
        switch_off(&mut write, &resource, webhook).await?;
    }
    write.commit().await?;
    if !attempt.is_taken() {
        // Not the address: its path may be a secret of the receiver.
        tracing::info!(%webhook, delivery = %delivery.id, status = attempt.status, error = attempt.error, "a webhook was not taken");
    }
    Ok(attempt.is_taken())
}

async fn post(
    access: &Access,
    webhook: &Record,
    delivery: &Delivery,
) -> Result<std::result::Result<u16, Unsent>> {
    let app = &access.app;
    let private = app.settings().private_addresses();
    let target = match Target::parse(webhook.text("url"), private) {
        Ok(target) => target,
        Err(unsent) => return Ok(Err(unsent)),
    };
    let at_s = app.clock.now_ms() / 1_000;
    let signature = endpoint::sign(access, webhook.id(), delivery, at_s).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (
            HeaderName::from_static("webhook-id"),
            delivery.id.to_string(),
        ),
        (
            HeaderName::from_static("webhook-timestamp"),
            at_s.to_string(),
        ),
        (HeaderName::from_static("webhook-signature"), signature),
    ];
    let body = delivery.body.clone().into_bytes();
    Ok(app.outbound.post(&target, &headers, body, private).await)
}

/// The receiver has said that it is gone for good.
async fn switch_off(write: &mut Write, resource: &Arc<Resource>, webhook: Uuid) -> Result<()> {
    if let Some(known) = write.lock(resource, webhook).await? {
        let off = Changes::from([("is_active".to_owned(), Value::Bool(false))]);
        write.apply(SWITCH_OFF, known, off).await?;
        tracing::warn!(%webhook, "a webhook was switched off: its receiver answers that it is gone (410)");
    }
    Ok(())
}
