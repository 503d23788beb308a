//! Metrics: whose records were on which day, sums by person, customer class, region and product, and the catalogue.

use super::SYSTEM;
use crate::metrics::{MetricRow, shipped_metrics};

pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = OWNERS.iter().map(|text| (*text).to_owned()).collect();
    all.extend(sums());
    all.extend(
        CATALOGUE
            .iter()
            .map(|text| text.replace("{system}", SYSTEM)),
    );
    all.extend(shipped_metrics().flat_map(|metric| row(&metric)));
    all.extend(GRANTS.iter().map(|text| (*text).to_owned()));
    all
}

/// Whose records were before is known from the ledger; its instants are counted as days of China's time zone, in which the
/// organisations of that time lie.
const OWNERS: &[&str] = &[
    "CREATE TABLE former_owner (record_id UUID NOT NULL, until_on {text} NOT NULL, person_id UUID, PRIMARY KEY (record_id, until_on))",
    "@sqlite INSERT INTO former_owner SELECT record_id, date((at + 28800000) / 1000, 'unixepoch'), \
     unhex(replace(json_extract(before, '$.owner_id'), '-', '')) FROM ledger WHERE resource IN ('customers', 'opportunities', 'contracts') \
     AND before LIKE '%\"owner_id\"%' AND after LIKE '%\"owner_id\"%' ORDER BY seq ON CONFLICT DO NOTHING",
    "@postgres INSERT INTO former_owner SELECT record_id, to_char(to_timestamp((at + 28800000) / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD'), \
     (before::jsonb ->> 'owner_id')::uuid FROM ledger WHERE resource IN ('customers', 'opportunities', 'contracts') \
     AND before LIKE '%\"owner_id\"%' AND after LIKE '%\"owner_id\"%' ORDER BY seq ON CONFLICT DO NOTHING",
    "ALTER TABLE opportunity ADD COLUMN first_owner_id UUID",
    "ALTER TABLE opportunity ADD COLUMN closed_owner_id UUID",
    "UPDATE opportunity SET first_owner_id = owner_id, closed_owner_id = CASE WHEN outcome <> 'open' THEN owner_id END",
    "UPDATE opportunity SET first_owner_id = (SELECT person_id FROM former_owner WHERE record_id = opportunity.id ORDER BY until_on LIMIT 1) \
     WHERE id IN (SELECT record_id FROM former_owner)",
    "UPDATE opportunity SET closed_owner_id = (SELECT person_id FROM former_owner WHERE record_id = opportunity.id \
     AND until_on > opportunity.closed_on ORDER BY until_on LIMIT 1) WHERE outcome <> 'open' AND EXISTS \
     (SELECT 1 FROM former_owner WHERE record_id = opportunity.id AND until_on > opportunity.closed_on)",
    "ALTER TABLE contract ADD COLUMN signed_owner_id UUID",
    "UPDATE contract SET signed_owner_id = owner_id WHERE state <> 'draft'",
    "ALTER TABLE instalment ADD COLUMN due_owner_id UUID",
    "UPDATE instalment SET due_owner_id = owner_id",
    // Drills from a figure to its records.
    "CREATE INDEX opportunity_closed_owner ON opportunity (closed_owner_id, closed_on, id) WHERE closed_on IS NOT NULL",
    "CREATE INDEX opportunity_first_owner ON opportunity (first_owner_id, created_at, id)",
    "CREATE INDEX funnel_reach_on ON funnel_reach (level, reached_on, customer_id)",
    "CREATE INDEX membership_team ON membership (team_id, person_id)",
];

/// The sums are made from the records at the next start.
fn sums() -> [String; 3] {
    let columns = "roll_up {text} NOT NULL, owner_id UUID NOT NULL, part {text} NOT NULL, day {text} NOT NULL, \
                   class {text} NOT NULL, region {text} NOT NULL, product_id UUID NOT NULL, since {text} NOT NULL, \
                   mark {text} NOT NULL, count BIGINT NOT NULL, value BIGINT NOT NULL, weighted BIGINT NOT NULL, \
                   PRIMARY KEY (roll_up, part, day, owner_id, class, region, product_id, since, mark)";
    [
        "DROP TABLE roll_up".to_owned(),
        format!("@sqlite CREATE TABLE roll_up ({columns}) WITHOUT ROWID"),
        format!("@postgres CREATE TABLE roll_up ({columns})"),
    ]
}

const CATALOGUE: &[&str] = &[
    "CREATE TABLE metric ({system}, code {text} NOT NULL, name {text} NOT NULL, name_en {text}, description {text}, description_en {text}, \
     class {text} NOT NULL, kind {text} NOT NULL, unit {text} NOT NULL, formula {text}, low_is_good BOOLEAN NOT NULL, \
     is_standard BOOLEAN NOT NULL, is_active BOOLEAN NOT NULL)",
    "CREATE UNIQUE INDEX metric_code ON metric (code)",
    "CREATE TABLE metric_threshold ({system}, metric_id UUID NOT NULL REFERENCES metric (id) DEFERRABLE INITIALLY DEFERRED, \
     team_id UUID REFERENCES team (id) DEFERRABLE INITIALLY DEFERRED, good_from DOUBLE PRECISION NOT NULL, fair_from DOUBLE PRECISION NOT NULL)",
    "CREATE INDEX metric_threshold_metric ON metric_threshold (metric_id)",
    "CREATE INDEX metric_threshold_team ON metric_threshold (team_id)",
];

/// With ids that are the same everywhere.
fn row(metric: &MetricRow) -> [String; 2] {
    let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let standard = metric.standard;
    let values = [
        text(standard.code),
        text(standard.name[0]),
        text(standard.name[1]),
        text(standard.about[0]),
        text(standard.about[1]),
        text(standard.class.code()),
        text(standard.kind.code()),
        text(standard.unit.code()),
        metric.formula.map_or_else(|| "NULL".to_owned(), text),
        standard.low_is_good.to_string().to_uppercase(),
    ]
    .join(", ");
    let columns = "INSERT INTO metric (id, version, created_at, updated_at, code, name, name_en, description, description_en, \
                   class, kind, unit, formula, low_is_good, is_standard, is_active) VALUES";
    let id = metric.id;
    // A later migration may add those that came later in the same words.
    let rest = format!("1, {{now}}, {{now}}, {values}, TRUE, TRUE) ON CONFLICT DO NOTHING");
    [
        format!("@sqlite {columns} (X'{}', {rest}", id.simple()),
        format!("@postgres {columns} ('{id}', {rest}"),
    ]
}

/// Roles that exist already may for metrics what they may for processes.
const GRANTS: &[&str] = &[
    "@sqlite UPDATE role SET grants = json_set(grants, '$.resources.metrics', json_extract(grants, '$.resources.processes')) \
     WHERE json_extract(grants, '$.resources.processes') IS NOT NULL",
    "@postgres UPDATE role SET grants = jsonb_set(grants::jsonb, '{resources,metrics}', grants::jsonb #> '{resources,processes}')::text \
     WHERE grants::jsonb #> '{resources,processes}' IS NOT NULL",
];
