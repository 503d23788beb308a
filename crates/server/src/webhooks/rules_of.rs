//! What may become of a webhook, and what follows.

use async_trait::async_trait;
use platform::outbound::{Target, Unsent};
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Rules, Write};
use rules::value::Value;
use serde_json::{Value as Json, json};

use super::{deliveries, endpoint, events};

pub struct Webhooks;

/// Webhooks of one organisation; each costs every write a look.
const WEBHOOKS_MAX: usize = 50;

fn is_active(webhook: &Record) -> bool {
    *webhook.get("is_active") == Value::Bool(true)
}

#[async_trait]
impl Rules for Webhooks {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let after = match (before, after) {
            (_, Some(after)) => after,
            // What was sent is a log of the webhook; it goes with it, and comes into no ledger.
            (Some(before), None) => return deliveries::clear(write, before.id()).await,
            (None, None) => return Ok(()),
        };
        let app = write.access.app.clone();
        let mut errors = Vec::new();
        let url = after.text("url");
        let is_new = before.is_none_or(|before| before.text("url") != url);
        let private = app.settings().private_addresses();
        if is_new
            && !url.is_empty()
            && let Err(Unsent::Address(code)) = Target::parse(url, private)
        {
            errors.push(FieldProblem::new("url", code, Json::Null));
        }
        if let Value::List(chosen) = after.get("events") {
            let registry = app.registry();
            let unknown = chosen
                .iter()
                .filter(|event| !events::is_known(&registry, event));
            errors.extend(unknown.map(|event| {
                FieldProblem::new("events", "unknown_event", json!({ "event": event }))
            }));
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        if before.is_none() && write.rows(&after.resource.select()).await?.len() >= WEBHOOKS_MAX {
            return Err(Problem::rule("too_many_webhooks").with(json!({ "max": WEBHOOKS_MAX })));
        }
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        match (before, after) {
            (None, Some(made)) => {
                if let Some(secret) = endpoint::make(write, made.id()).await? {
                    write.answer.insert("secret".into(), secret.into());
                }
                Ok(())
            }
            (Some(gone), None) => endpoint::put_aside(write, gone.id()).await,
            (Some(before), Some(after)) if !is_active(after) && is_active(before) => {
                deliveries::give_up(write, after.id(), "webhook_is_off").await
            }
            (Some(before), Some(after)) if before.get("url") != after.get("url") => {
                deliveries::resume(write, after.id()).await
            }
            _ => Ok(()),
        }
    }
}
