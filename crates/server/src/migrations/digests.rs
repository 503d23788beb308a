//! Mails gathered into one a day.

pub const STATEMENTS: &[&str] = &[
    "CREATE TABLE mail_digest (person_id UUID PRIMARY KEY, at_time {text} NOT NULL, days {text} NOT NULL)",
    // When a notice is mailed with others; none when it has been, or never is.
    "ALTER TABLE notification ADD COLUMN digest_at BIGINT",
    "CREATE INDEX notification_digest ON notification (digest_at, person_id) WHERE digest_at IS NOT NULL",
];
