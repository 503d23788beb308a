//! What is done with a webhook besides changing it: a new secret, a test, a message once more.

use axum::response::Response;
use platform::access::Access;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::web::{Doc, Path, Routes, created, json};
use platform::write::Write;
use rules::permission::Action;
use rules::value::{Value, instant_text};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde::Serialize;
use serde_json::json as object;
use utoipa::ToSchema;
use uuid::Uuid;

use super::deliveries::{self, DELIVERY, Message};
use super::{WEBHOOKS, endpoint};

/// What a receiver is sent to see whether it understands.
const TEST: &str = "webhooks.test";

pub fn routes() -> Routes {
    Routes::default()
        .post(
            "/api/webhooks/{id}/rotate_secret",
            Doc::new(WEBHOOKS, "Give it a new secret, which is shown this once")
                .about("The first one stands in the answer to `POST /api/webhooks`, as `secret`; no other answer has it. For 24 hours messages carry two signatures, by the new secret and by the one of before, so that the receiver can change over.")
                .answers::<WebhookSecret>(),
            rotate_secret,
        )
        .post(
            "/api/webhooks/{id}/test",
            Doc::new(WEBHOOKS, "Send it `webhooks.test`")
                .about("Behind what already waits for it; the pause after a failure ends at once. 409 `webhook_is_off` while it is switched off.")
                .status(201)
                .answers::<WebhookDeliveryMade>(),
            test,
        )
        .post(
            "/api/webhooks/{id}/deliveries/{delivery_id}/replay",
            Doc::new(WEBHOOKS, "Send a message once more")
                .about("As a new delivery with an id of its own and the same body, behind what already waits; the pause after a failure ends at once. 409 `webhook_is_off` while it is switched off.")
                .status(201)
                .answers::<WebhookDeliveryMade>(),
            replay,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct WebhookSecret {
    /// `whsec_…`, for any library of the Standard Webhooks specification.
    secret: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct WebhookDeliveryMade {
    /// Of the delivery, and the message's `webhook-id`.
    id: Uuid,
}

/// Does something with a webhook that the actor may change.
async fn act<T>(
    access: &Access,
    id: Uuid,
    act: impl AsyncFnOnce(&mut Write, &Record) -> Result<T>,
) -> Result<T> {
    let resource = access.resource(WEBHOOKS)?;
    access.require(WEBHOOKS, Action::Edit)?;
    let mut write = access.write().await?;
    let webhook = write.lock_for(&resource, id, Action::Edit, None).await?;
    let outcome = act(&mut write, &webhook).await?;
    write.commit().await?;
    Ok(outcome)
}

/// Puts a message into the line and lets it move at once.
async fn add(write: &mut Write, webhook: &Record, message: Message) -> Result<WebhookDeliveryMade> {
    if *webhook.get("is_active") != Value::Bool(true) {
        return Err(Problem::rule("webhook_is_off"));
    }
    let id = deliveries::add(write, webhook.id(), message).await?;
    deliveries::resume(write, webhook.id()).await?;
    Ok(WebhookDeliveryMade { id })
}

async fn rotate_secret(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let secret = act(&access, id, async |write, webhook| {
        let secret = endpoint::rotate(write, id).await?;
        write
            .note_on(webhook, "rotate_secret", None, Some(object!({})))
            .await?;
        Ok(secret)
    })
    .await?;
    json(&WebhookSecret { secret })
}

async fn test(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let made = act(&access, id, async |write, webhook| {
        let source = write.access.actor.source_text();
        let (source, _) = source.split_once(':').unwrap_or((&source, ""));
        let body = object!({
            "type": TEST,
            "timestamp": instant_text(write.now),
            "data": {
                "resource": WEBHOOKS, "record_id": id, "version": webhook.version(),
                "actor": write.access.actor.person(), "source": source, "before": null, "after": null,
            }
        });
        let message = Message {
            event: TEST.into(),
            resource: WEBHOOKS.into(),
            record_id: id,
            body: body.to_string(),
        };
        add(write, webhook, message).await
    })
    .await?;
    created(&made)
}

async fn replay(access: Access, Path((id, delivery)): Path<(Uuid, Uuid)>) -> Result<Response> {
    let made = act(&access, id, async |write, webhook| {
        let select = Query::select()
            .columns(["event", "resource", "record_id", "body"].map(Alias::new))
            .from(Alias::new(DELIVERY))
            .and_where(col("id").eq(delivery))
            .and_where(col("webhook_id").eq(id))
            .to_owned();
        let rows = write.rows(&select).await?;
        let row = rows.first().ok_or_else(Problem::not_found)?;
        let message = Message {
            event: row.try_get_by_index(0)?,
            resource: row.try_get_by_index(1)?,
            record_id: row.try_get_by_index(2)?,
            body: row.try_get_by_index(3)?,
        };
        add(write, webhook, message).await
    })
    .await?;
    created(&made)
}
