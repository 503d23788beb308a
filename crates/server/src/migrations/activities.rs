//! Activities: what people plan and do, one row for both.

use super::SYSTEM;
use crate::activities::SHIPPED_KINDS;

pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = TABLES
        .iter()
        .map(|statement| statement.replace("{system}", SYSTEM))
        .collect();
    all.extend(kinds());
    all.extend(GRANTS.iter().map(|statement| (*statement).to_owned()));
    all
}

const TABLES: &[&str] = &[
    "CREATE TABLE activity_kind ({system}, code {text} NOT NULL, name {text} NOT NULL, name_en {text}, family {text} NOT NULL, \
     default_minutes BIGINT, position BIGINT, is_active BOOLEAN NOT NULL)",
    "CREATE UNIQUE INDEX activity_kind_code ON activity_kind (code)",
    "CREATE TABLE activity ({system}, subject {text} NOT NULL, kind_id UUID NOT NULL, state {text} NOT NULL, \
     owner_id UUID REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, participant_ids {text}, \
     customer_id UUID REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED, contact_ids {text}, \
     opportunity_id UUID REFERENCES opportunity (id) DEFERRABLE INITIALLY DEFERRED, \
     planned_start_at BIGINT, planned_end_at BIGINT, is_all_day BOOLEAN, due_on {text}, first_planned_at BIGINT, planned_on {text}, \
     purpose {text}, preparation {text}, \
     started_at BIGINT, ended_at BIGINT, done_on {text}, logged_at BIGINT, device_at BIGINT, is_unplanned BOOLEAN, is_backdated BOOLEAN, \
     checked_in_at BIGINT, position {text}, latitude DOUBLE PRECISION, longitude DOUBLE PRECISION, accuracy_m BIGINT, distance_m BIGINT, \
     result {text}, analysis {text}, outcome {text}, intention_reached BOOLEAN, appointment_got BOOLEAN, is_refused BOOLEAN, \
     refusal_reason {text}, needs_found {text}, competitor {text}, cancel_reason {text}, \
     follow_up_of_id UUID, has_follow_up BOOLEAN, happens_at BIGINT, \
     priority {text}, checklist {text}, giver_id UUID, \
     series_id {text}, reminder_minutes BIGINT, template_version_id {text}, answers {text}, steps_required BIGINT, steps_done BIGINT, \
     execution_score DOUBLE PRECISION)",
    // Lists and calendars go by the time at which things happen. Each index serves one walk; a write adds to few of them.
    "CREATE INDEX activity_happens ON activity (happens_at {nulls_first}, id)",
    "CREATE INDEX activity_owner ON activity (owner_id, happens_at {nulls_first}, id)",
    "CREATE INDEX activity_customer ON activity (customer_id, happens_at {nulls_first}, id) WHERE customer_id IS NOT NULL",
    "CREATE INDEX activity_opportunity ON activity (opportunity_id, happens_at {nulls_first}, id) WHERE opportunity_id IS NOT NULL",
    "CREATE INDEX activity_kind_of ON activity (kind_id, happens_at {nulls_first}, id)",
    // What is open, of one person: today's tasks, overlaps.
    "CREATE INDEX activity_open ON activity (owner_id, state, happens_at {nulls_first}, id)",
    // What was planned for a day, done or not.
    "CREATE INDEX activity_planned ON activity (state, planned_on, owner_id)",
    "CREATE INDEX activity_series ON activity (series_id, happens_at) WHERE series_id IS NOT NULL",
    "CREATE INDEX activity_follow_up ON activity (follow_up_of_id) WHERE follow_up_of_id IS NOT NULL",
    "CREATE INDEX activity_giver ON activity (giver_id, state, happens_at) WHERE giver_id IS NOT NULL",
    // Who of our people takes part, besides the owner.
    "CREATE TABLE activity_participant (activity_id UUID NOT NULL, person_id UUID NOT NULL, happens_at BIGINT, \
     PRIMARY KEY (activity_id, person_id))",
    "CREATE INDEX activity_participant_person ON activity_participant (person_id, happens_at)",
    "ALTER TABLE customer ADD COLUMN latitude DOUBLE PRECISION",
    "ALTER TABLE customer ADD COLUMN longitude DOUBLE PRECISION",
];

/// The shipped kinds, with ids that are the same everywhere.
fn kinds() -> Vec<String> {
    let mut all = Vec::new();
    for (position, kind) in SHIPPED_KINDS.iter().enumerate() {
        let rest = format!(
            "1, {{now}}, {{now}}, '{}', '{}', '{}', '{}', {}, {position}, TRUE)",
            kind.code,
            kind.name[0],
            kind.name[1],
            kind.family.code(),
            kind.minutes
        );
        let columns = "INSERT INTO activity_kind (id, version, created_at, updated_at, code, name, name_en, family, \
                       default_minutes, position, is_active) VALUES";
        let id = kind.id();
        all.push(format!("@sqlite {columns} (X'{}', {rest}", id.simple()));
        all.push(format!("@postgres {columns} ('{id}', {rest}"));
    }
    all
}

/// Roles that exist already get for activities what they have for customers, and read the kinds as they read the processes.
/// Whoever supports a sale makes activities of their own.
const GRANTS: &[&str] = &[
    "@sqlite UPDATE role SET grants = json_set(grants, '$.resources.activities', json_extract(grants, '$.resources.customers')) \
     WHERE json_extract(grants, '$.resources.customers') IS NOT NULL",
    "@postgres UPDATE role SET grants = jsonb_set(grants::jsonb, '{resources,activities}', grants::jsonb #> '{resources,customers}')::text \
     WHERE grants::jsonb #> '{resources,customers}' IS NOT NULL",
    "@sqlite UPDATE role SET grants = json_set(grants, '$.resources.activity_kinds', json_extract(grants, '$.resources.processes')) \
     WHERE json_extract(grants, '$.resources.processes') IS NOT NULL",
    "@postgres UPDATE role SET grants = jsonb_set(grants::jsonb, '{resources,activity_kinds}', grants::jsonb #> '{resources,processes}')::text \
     WHERE grants::jsonb #> '{resources,processes}' IS NOT NULL",
    "@sqlite UPDATE role SET grants = json_set(grants, '$.resources.activities', \
     json('{\"read\":\"own\",\"create\":\"own\",\"edit\":\"own\",\"delete\":\"own\",\"export\":\"own\"}')) WHERE code = 'support'",
    "@postgres UPDATE role SET grants = jsonb_set(grants::jsonb, '{resources,activities}', \
     '{\"read\":\"own\",\"create\":\"own\",\"edit\":\"own\",\"delete\":\"own\",\"export\":\"own\"}')::text WHERE code = 'support'",
];
