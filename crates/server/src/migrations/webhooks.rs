//! Webhooks, and what was sent to them.

use super::SYSTEM;

pub fn statements() -> Vec<String> {
    TABLES
        .iter()
        .map(|statement| statement.replace("{system}", SYSTEM))
        .collect()
}

const TABLES: &[&str] = &[
    "CREATE TABLE webhook ({system}, name {text} NOT NULL, url {text} NOT NULL, events {text} NOT NULL, is_active BOOLEAN NOT NULL)",
    // What nobody is shown of a webhook: its secrets, and which run of the job sends to it.
    "CREATE TABLE webhook_endpoint (id UUID PRIMARY KEY, secret {text} NOT NULL, old_secret {text}, old_secret_until BIGINT, \
     taken_by UUID, taken_until BIGINT, removed_at BIGINT)",
    "CREATE TABLE webhook_delivery ({system}, webhook_id UUID NOT NULL, event {text} NOT NULL, resource {text} NOT NULL, \
     record_id UUID NOT NULL, state {text} NOT NULL, attempts BIGINT NOT NULL, status BIGINT, error {text}, next_at BIGINT, \
     delivered_at BIGINT, body {text} NOT NULL)",
    "CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, created_at, id)",
    "CREATE INDEX webhook_delivery_at ON webhook_delivery (created_at, id)",
    // Each endpoint's line of those that wait, first come, first served.
    "CREATE INDEX webhook_delivery_line ON webhook_delivery (webhook_id, id) WHERE next_at IS NOT NULL",
];
