//! Web push, and when people are left in peace.

pub const STATEMENTS: &[&str] = &[
    // What the product makes for itself once and never shows.
    "CREATE TABLE secret (name {text} PRIMARY KEY, value {text} NOT NULL)",
    "CREATE TABLE push_device (id UUID PRIMARY KEY, person_id UUID NOT NULL, session_id UUID, endpoint {text} NOT NULL UNIQUE, \
     p256dh {text} NOT NULL, auth {text} NOT NULL, device {text} NOT NULL, created_at BIGINT NOT NULL)",
    "CREATE INDEX push_device_person ON push_device (person_id, created_at)",
    // None means: as usual for the kind.
    "ALTER TABLE notification_choice ADD COLUMN push BOOLEAN",
    "ALTER TABLE notification_choice ADD COLUMN mail BOOLEAN",
    "CREATE TABLE quiet_hours (person_id UUID PRIMARY KEY, quiet_from {text} NOT NULL, quiet_until {text} NOT NULL)",
];
