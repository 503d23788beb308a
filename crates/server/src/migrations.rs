//! The database's history: one ordered list, only forward, frozen once released.

mod activities;
mod calendar;
mod contracts;
mod digests;
mod facts;
mod lists;
mod metrics;
mod push;
mod today;
mod visit_templates;
mod webhooks;

use platform::db::{Migration, search_tables};
use uuid::Uuid;

pub fn migrations() -> Vec<Migration> {
    let fixed = |name, statements: &[&str]| Migration {
        name,
        statements: statements.iter().map(|text| (*text).to_owned()).collect(),
    };
    vec![
        Migration {
            name: "0001_first",
            statements: first(),
        },
        Migration {
            name: "0002_activities",
            statements: activities::statements(),
        },
        Migration {
            name: "0003_visit_templates",
            statements: visit_templates::statements(),
        },
        Migration {
            name: "0004_calendar",
            statements: calendar::statements(),
        },
        fixed("0005_push", push::STATEMENTS),
        fixed("0006_keyed_answers", KEYED_ANSWERS),
        Migration {
            name: "0007_list_indexes",
            statements: lists::statements(),
        },
        Migration {
            name: "0008_facts",
            statements: facts::statements(),
        },
        fixed("0009_today", today::STATEMENTS),
        fixed("0010_anniversaries", today::ANNIVERSARIES),
        Migration {
            name: "0011_webhooks",
            statements: webhooks::statements(),
        },
        fixed("0012_digests", digests::STATEMENTS),
        Migration {
            name: "0013_contracts",
            statements: contracts::statements(),
        },
        Migration {
            name: "0014_metrics",
            statements: metrics::statements(),
        },
        fixed("0015_dashboards", DASHBOARDS),
        fixed("0016_order_by_number", ORDER_BY_NUMBER),
    ]
}

/// Keys live for days, so that those of before need not come along.
const KEYED_ANSWERS: &[&str] = &[
    "DROP TABLE idempotency",
    "CREATE TABLE idempotency (idempotency_key {text} NOT NULL, person_id UUID NOT NULL, request_print {text} NOT NULL, \
     batch UUID NOT NULL, status BIGINT, etag {text}, answer {text}, created_at BIGINT NOT NULL, \
     PRIMARY KEY (person_id, idempotency_key))",
    "CREATE INDEX idempotency_at ON idempotency (created_at)",
];

const DASHBOARDS: &[&str] = &[
    "CREATE TABLE saved_dashboard (id UUID PRIMARY KEY, name {text} NOT NULL, tiles {text} NOT NULL, shared {text} NOT NULL, \
     owner_id UUID NOT NULL, team_id UUID, created_at BIGINT NOT NULL, version BIGINT NOT NULL)",
    "CREATE INDEX saved_dashboard_owner ON saved_dashboard (owner_id)",
];

/// Lists sort by it, and a search looks for numbers that begin with what was typed.
const ORDER_BY_NUMBER: &[&str] = &[
    "CREATE INDEX payment_sort ON payment (sort_key, id)",
    "CREATE INDEX invoice_sort ON invoice (sort_key, id)",
];

/// Rows that come with a migration have ids in this range, the same in every database; before they are changed, the ledger knows
/// nothing of them.
pub const SHIPPED_IDS: [Uuid; 2] = [
    Uuid::from_u128(0x0190_0000_0000_7000_8001_0000_0000_0000),
    Uuid::from_u128(0x0190_0000_0000_7000_800f_0000_0000_0000),
];

/// System columns of every resource's table.
const SYSTEM: &str = "id UUID PRIMARY KEY, version BIGINT NOT NULL, created_at BIGINT NOT NULL, created_by UUID, \
                      updated_at BIGINT NOT NULL, updated_by UUID";

fn first() -> Vec<String> {
    let mut all: Vec<String> = PLATFORM
        .iter()
        .map(|statement| (*statement).to_owned())
        .collect();
    all.extend(
        RESOURCES
            .iter()
            .map(|statement| statement.replace("{system}", SYSTEM)),
    );
    for table in ["person", "customer", "contact", "product", "opportunity"] {
        all.extend(search_tables(table));
    }
    all
}

const PLATFORM: &[&str] = &[
    "CREATE TABLE setting (name {text} PRIMARY KEY, value {text} NOT NULL)",
    "CREATE TABLE ledger (seq {integer_key}, at BIGINT NOT NULL, actor_id UUID, source {text} NOT NULL, batch UUID NOT NULL, \
     resource {text} NOT NULL, record_id UUID NOT NULL, action {text} NOT NULL, owner_id UUID, root_id UUID NOT NULL, \
     version BIGINT NOT NULL, before {text}, after {text}, hash {bytes} NOT NULL)",
    "CREATE INDEX ledger_record ON ledger (record_id, seq)",
    "CREATE INDEX ledger_batch ON ledger (batch, seq)",
    "CREATE INDEX ledger_at ON ledger (at)",
    // Append-only: the database itself refuses to change or remove an entry.
    "@sqlite CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "@sqlite CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "@postgres CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$",
    "@postgres CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()",
    "CREATE TABLE recycle_bin (record_id UUID PRIMARY KEY, resource {text} NOT NULL, label {text} NOT NULL, batch UUID NOT NULL, \
     deleted_at BIGINT NOT NULL, deleted_by UUID, root_id UUID NOT NULL, owner_id UUID)",
    "CREATE INDEX recycle_bin_root ON recycle_bin (root_id)",
    "CREATE INDEX recycle_bin_at ON recycle_bin (deleted_at)",
    "CREATE TABLE idempotency (idempotency_key {text} NOT NULL, person_id UUID NOT NULL, request_print {text} NOT NULL, \
     record_id UUID NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (person_id, idempotency_key))",
    "CREATE INDEX idempotency_at ON idempotency (created_at)",
    "CREATE TABLE job (id UUID PRIMARY KEY, kind {text} NOT NULL, payload {text} NOT NULL, state {text} NOT NULL, \
     run_at BIGINT NOT NULL, attempts BIGINT NOT NULL, lease_until BIGINT, lease_owner UUID, progress_done BIGINT, \
     progress_total BIGINT, result {text}, error {text}, created_at BIGINT NOT NULL, created_by UUID, started_at BIGINT, \
     finished_at BIGINT)",
    "CREATE INDEX job_created ON job (created_at)",
    "CREATE INDEX job_due ON job (state, run_at)",
    "CREATE TABLE custom_field (id UUID PRIMARY KEY, resource {text} NOT NULL, name {text} NOT NULL, definition {text} NOT NULL, \
     position BIGINT NOT NULL, version BIGINT NOT NULL, created_at BIGINT NOT NULL, removed_at BIGINT, UNIQUE (resource, name))",
    "CREATE TABLE session (id UUID PRIMARY KEY, secret_hash {text} NOT NULL UNIQUE, person_id UUID NOT NULL, preview_person_id UUID, \
     device {text} NOT NULL, address {text} NOT NULL, created_at BIGINT NOT NULL, last_used_at BIGINT NOT NULL)",
    "CREATE INDEX session_person ON session (person_id)",
    "CREATE TABLE api_token (id UUID PRIMARY KEY, secret_hash {text} NOT NULL UNIQUE, person_id UUID NOT NULL, name {text} NOT NULL, \
     access {text} NOT NULL, expires_on {text}, created_at BIGINT NOT NULL, last_used_at BIGINT)",
    "CREATE INDEX api_token_person ON api_token (person_id)",
    "CREATE TABLE credential (person_id UUID PRIMARY KEY, password_hash {text} NOT NULL, changed_at BIGINT NOT NULL)",
    // Set-up and password-reset links: one use, short life.
    "CREATE TABLE one_time_link (secret_hash {text} PRIMARY KEY, purpose {text} NOT NULL, person_id UUID, expires_at BIGINT NOT NULL)",
    "CREATE TABLE throttle (name {text} PRIMARY KEY, failures BIGINT NOT NULL, blocked_until BIGINT NOT NULL, last_at BIGINT NOT NULL)",
    "CREATE TABLE share (resource {text} NOT NULL, record_id UUID NOT NULL, person_id UUID NOT NULL, access {text} NOT NULL, \
     until_on {text}, created_at BIGINT NOT NULL, created_by UUID, PRIMARY KEY (record_id, person_id))",
    "CREATE INDEX share_person ON share (person_id)",
    "CREATE TABLE team_closure (ancestor_id UUID NOT NULL, descendant_id UUID NOT NULL, PRIMARY KEY (ancestor_id, descendant_id))",
    "CREATE INDEX team_closure_up ON team_closure (descendant_id)",
    "CREATE TABLE command_closure (ancestor_id UUID NOT NULL, descendant_id UUID NOT NULL, PRIMARY KEY (ancestor_id, descendant_id))",
    "CREATE INDEX command_closure_up ON command_closure (descendant_id)",
    "CREATE TABLE membership (id UUID PRIMARY KEY, person_id UUID NOT NULL, team_id UUID NOT NULL, from_on {text} NOT NULL, until_on {text})",
    "CREATE INDEX membership_person ON membership (person_id, from_on)",
    "CREATE TABLE comment (id UUID PRIMARY KEY, resource {text} NOT NULL, record_id UUID NOT NULL, author_id UUID NOT NULL, \
     body {text} NOT NULL, mentions {text}, created_at BIGINT NOT NULL, edited_at BIGINT, version BIGINT NOT NULL, \
     removed_at BIGINT)",
    "CREATE INDEX comment_record ON comment (record_id, created_at)",
    "CREATE TABLE follower (record_id UUID NOT NULL, person_id UUID NOT NULL, resource {text} NOT NULL, \
     is_following BOOLEAN NOT NULL, PRIMARY KEY (record_id, person_id))",
    "CREATE TABLE attachment (id UUID PRIMARY KEY, resource {text} NOT NULL, record_id UUID NOT NULL, name {text} NOT NULL, \
     content_type {text} NOT NULL, size BIGINT NOT NULL, content_hash {text} NOT NULL, created_at BIGINT NOT NULL, created_by UUID, \
     removed_at BIGINT)",
    "CREATE INDEX attachment_hash ON attachment (content_hash)",
    "CREATE INDEX attachment_record ON attachment (record_id, created_at)",
    "CREATE TABLE notification (id UUID PRIMARY KEY, person_id UUID NOT NULL, kind {text} NOT NULL, at BIGINT NOT NULL, \
     resource {text}, record_id UUID, label {text}, actor_id UUID, excerpt {text}, verb {text}, \
     record_count BIGINT NOT NULL, read_at BIGINT)",
    "CREATE INDEX notification_person ON notification (person_id, at)",
    "CREATE INDEX notification_unread ON notification (person_id, record_id) WHERE read_at IS NULL",
    "CREATE TABLE notification_choice (person_id UUID NOT NULL, kind {text} NOT NULL, is_on BOOLEAN NOT NULL, PRIMARY KEY (person_id, kind))",
    "CREATE TABLE saved_view (id UUID PRIMARY KEY, resource {text} NOT NULL, name {text} NOT NULL, filter {text}, sort {text}, \
     columns {text}, shared {text} NOT NULL, owner_id UUID NOT NULL, team_id UUID, created_at BIGINT NOT NULL, version BIGINT NOT NULL)",
    "CREATE INDEX saved_view_resource ON saved_view (resource, owner_id)",
    "CREATE TABLE import (id UUID PRIMARY KEY, resource {text} NOT NULL, person_id UUID NOT NULL, file_name {text} NOT NULL, \
     file_path {text} NOT NULL, row_count BIGINT NOT NULL, mapping {text}, state {text} NOT NULL, summary {text}, errors {text}, \
     job_id UUID, batch UUID, created_at BIGINT NOT NULL, finished_at BIGINT)",
    "CREATE INDEX import_person ON import (person_id, created_at)",
    "CREATE TABLE import_mapping (id UUID PRIMARY KEY, resource {text} NOT NULL, name {text} NOT NULL, headers_print {text} NOT NULL, \
     mapping {text} NOT NULL, person_id UUID NOT NULL, created_at BIGINT NOT NULL)",
];

const RESOURCES: &[&str] = &[
    "CREATE TABLE role ({system}, name {text} NOT NULL, code {text}, description {text}, grants {text})",
    "CREATE TABLE team ({system}, name {text} NOT NULL, code {text}, parent_id UUID REFERENCES team (id) DEFERRABLE INITIALLY DEFERRED, \
     manager_id UUID, region {text}, kind {text} NOT NULL)",
    "CREATE UNIQUE INDEX team_code ON team (code)",
    "CREATE INDEX team_parent ON team (parent_id)",
    "CREATE TABLE person ({system}, sort_key {text}, name {text} NOT NULL, email {text}, mobile {text}, title {text}, \
     team_id UUID REFERENCES team (id) DEFERRABLE INITIALLY DEFERRED, supervisor_id UUID, role_ids {text}, hired_on {text}, \
     left_on {text}, language {text}, time_zone {text}, is_active BOOLEAN NOT NULL)",
    "CREATE UNIQUE INDEX person_email ON person (email)",
    "CREATE UNIQUE INDEX person_mobile ON person (mobile)",
    "CREATE INDEX person_team ON person (team_id)",
    "CREATE TABLE customer ({system}, sort_key {text}, name {text} NOT NULL, name_core {text}, short_name {text}, credit_code {text}, \
     industry {text}, employees {text}, revenue_band {text}, region {text}, address {text}, website {text}, phone {text}, \
     phone_key {text}, parent_id UUID, source {text}, class {text}, level {text}, funnel_level {text} NOT NULL, funnel_level_reason {text}, \
     owner_id UUID REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, tags {text}, description {text})",
    "CREATE INDEX customer_sort ON customer (sort_key, id)",
    "CREATE INDEX customer_created ON customer (created_at, id)",
    "CREATE INDEX customer_updated ON customer (updated_at, id)",
    "CREATE INDEX customer_owner ON customer (owner_id, updated_at, id)",
    "CREATE INDEX customer_level ON customer (level, updated_at, id)",
    "CREATE INDEX customer_funnel ON customer (funnel_level, updated_at, id)",
    "CREATE INDEX customer_region ON customer (region, updated_at)",
    "CREATE INDEX customer_industry ON customer (industry, updated_at)",
    "CREATE INDEX customer_core ON customer (name_core)",
    "CREATE INDEX customer_parent ON customer (parent_id)",
    "CREATE INDEX customer_phone ON customer (phone_key)",
    "CREATE UNIQUE INDEX customer_credit_code ON customer (credit_code)",
    // The day and the person of each level's first reach; a customer's way through the funnel.
    "CREATE TABLE funnel_reach (customer_id UUID NOT NULL, level {text} NOT NULL, reached_on {text} NOT NULL, person_id UUID, \
     PRIMARY KEY (customer_id, level))",
    "CREATE TABLE contact ({system}, sort_key {text}, name {text} NOT NULL, customer_id UUID NOT NULL REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED, \
     department {text}, title {text}, mobile {text}, email {text}, wechat {text}, birthday_on {text}, is_project_leader BOOLEAN, preferences {text})",
    "CREATE INDEX contact_customer ON contact (customer_id, id)",
    "CREATE INDEX contact_sort ON contact (sort_key, id)",
    "CREATE INDEX contact_updated ON contact (updated_at, id)",
    "CREATE INDEX contact_created ON contact (created_at, id)",
    "CREATE TABLE product_line ({system}, name {text} NOT NULL, code {text})",
    "CREATE UNIQUE INDEX product_line_code ON product_line (code)",
    "CREATE TABLE product ({system}, sort_key {text}, name {text} NOT NULL, code {text}, line_id UUID REFERENCES product_line (id) DEFERRABLE INITIALLY DEFERRED, \
     unit {text}, list_price BIGINT, floor_price BIGINT, state {text} NOT NULL, description {text})",
    "CREATE UNIQUE INDEX product_code ON product (code)",
    "CREATE TABLE process ({system}, name {text} NOT NULL, name_en {text}, code {text}, is_active BOOLEAN NOT NULL, revision BIGINT NOT NULL, \
     replaced_by UUID)",
    "CREATE TABLE stage ({system}, process_id UUID NOT NULL REFERENCES process (id) DEFERRABLE INITIALLY DEFERRED, name {text} NOT NULL, \
     name_en {text}, code {text} NOT NULL, position BIGINT NOT NULL, kind {text} NOT NULL, win_chance DOUBLE PRECISION, \
     standard_days BIGINT, funnel_level {text}, buyer_step {text}, guidance {text})",
    "CREATE INDEX stage_process ON stage (process_id, position)",
    "CREATE TABLE opportunity ({system}, sort_key {text}, name {text} NOT NULL, number {text}, \
     customer_id UUID NOT NULL REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED, process_id UUID NOT NULL REFERENCES process (id) DEFERRABLE INITIALLY DEFERRED, \
     stage_id UUID NOT NULL REFERENCES stage (id) DEFERRABLE INITIALLY DEFERRED, \
     amount BIGINT, weighted_amount BIGINT, expected_close_on {text}, win_chance DOUBLE PRECISION, forecast_category {text}, source {text}, \
     owner_id UUID REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, next_step {text}, next_step_on {text}, competitor {text}, \
     loss_reason {text}, loss_note {text}, win_note {text}, closed_on {text}, reopen_reason {text}, outcome {text} NOT NULL, stage_entered_at BIGINT NOT NULL, \
     close_slips BIGINT, description {text})",
    "CREATE UNIQUE INDEX opportunity_number ON opportunity (number)",
    "CREATE INDEX opportunity_customer ON opportunity (customer_id, updated_at)",
    "CREATE INDEX opportunity_owner ON opportunity (owner_id, updated_at, id)",
    "CREATE INDEX opportunity_updated ON opportunity (updated_at, id)",
    "CREATE INDEX opportunity_created ON opportunity (created_at, id)",
    "CREATE INDEX opportunity_sort ON opportunity (sort_key, id)",
    "CREATE INDEX opportunity_amount ON opportunity (amount {nulls_first}, id)",
    "CREATE INDEX opportunity_close ON opportunity (expected_close_on {nulls_first}, id)",
    // A column's newest cards.
    "CREATE INDEX opportunity_board ON opportunity (process_id, stage_id, updated_at, id)",
    // Totals of boards and pipelines read nothing but this index.
    "CREATE INDEX opportunity_sums ON opportunity (process_id, stage_id, owner_id, expected_close_on, amount, weighted_amount)",
    "CREATE INDEX opportunity_outcome ON opportunity (outcome, closed_on, owner_id, amount, created_at, process_id, loss_reason)",
    "CREATE INDEX opportunity_stage_entered ON opportunity (outcome, stage_id, stage_entered_at)",
    "CREATE TABLE opportunity_line ({system}, opportunity_id UUID NOT NULL REFERENCES opportunity (id) DEFERRABLE INITIALLY DEFERRED, \
     product_id UUID NOT NULL REFERENCES product (id), position BIGINT NOT NULL, quantity DOUBLE PRECISION NOT NULL, price BIGINT NOT NULL, \
     discount_percent DOUBLE PRECISION, amount BIGINT NOT NULL)",
    "CREATE INDEX opportunity_line_of ON opportunity_line (opportunity_id, position)",
    "CREATE INDEX opportunity_line_product ON opportunity_line (product_id)",
    "CREATE TABLE stage_history (id UUID PRIMARY KEY, opportunity_id UUID NOT NULL, stage_id UUID NOT NULL, entered_at BIGINT NOT NULL, \
     left_at BIGINT, passed_at BIGINT, person_id UUID)",
    // The next figure of each series of numbers.
    "CREATE TABLE number_series (name {text} PRIMARY KEY, next BIGINT NOT NULL)",
    "CREATE INDEX stage_history_of ON stage_history (opportunity_id, entered_at)",
    "CREATE INDEX stage_history_stage ON stage_history (stage_id, entered_at, opportunity_id, left_at, passed_at)",
];
