//! The calendar: series, reminders, invitations, feeds, and how a notice reaches a person.

use super::SYSTEM;

pub fn statements() -> Vec<String> {
    TABLES
        .iter()
        .map(|statement| statement.replace("{system}", SYSTEM))
        .collect()
}

const TABLES: &[&str] = &[
    "CREATE TABLE series ({system}, rrule {text} NOT NULL, owner_id UUID, first_on {text} NOT NULL, made_until {text} NOT NULL, \
     is_over BOOLEAN, invite_sequence BIGINT)",
    "CREATE INDEX series_owner ON series (owner_id)",
    "CREATE INDEX series_near ON series (is_over, made_until)",
    "CREATE INDEX series_created ON series (created_at, id)",
    "ALTER TABLE activity ADD COLUMN series_on {text}",
    "ALTER TABLE activity ADD COLUMN is_series_exception BOOLEAN",
    "ALTER TABLE activity ADD COLUMN invite BOOLEAN",
    "ALTER TABLE activity ADD COLUMN invite_sequence BIGINT",
    // Plans of whole days reach into weeks in which they do not begin; of those there are few.
    "CREATE INDEX activity_all_day ON activity (owner_id, happens_at) WHERE is_all_day = TRUE",
    // What is still to be reminded of; a row goes when it was.
    "CREATE TABLE activity_reminder (activity_id UUID PRIMARY KEY, remind_at BIGINT NOT NULL)",
    "CREATE INDEX activity_reminder_at ON activity_reminder (remind_at)",
    // Who has been told of the day's tasks.
    "CREATE TABLE told_of_tasks (person_id UUID PRIMARY KEY, told_on {text} NOT NULL)",
    "CREATE TABLE calendar_feed (person_id UUID PRIMARY KEY, secret_hash {text} NOT NULL UNIQUE, created_at BIGINT NOT NULL, last_used_at BIGINT)",
];
