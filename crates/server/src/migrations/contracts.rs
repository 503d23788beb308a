//! Contracts, instalments, payments with their matches, invoices; who may do what with them.

use platform::db::{list_index, search_tables};

use super::SYSTEM;

pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = TABLES
        .iter()
        .map(|statement| statement.replace("{system}", SYSTEM))
        .collect();
    for table in ["contract", "payment", "invoice"] {
        all.extend(search_tables(table));
    }
    let carried = ["state", "owner_id", "customer_id"];
    for (name, leading) in [
        ("updated", "updated_at, id"),
        ("owner", "owner_id, updated_at, id"),
        ("signed", "signed_on {nulls_first}, id"),
        ("sort", "sort_key, id"),
    ] {
        all.extend(list_index("contract", name, leading, &carried));
    }
    for (name, leading) in [
        // What is open, the oldest first: ages and reminders walk along it.
        ("due", "state, due_on, id"),
        ("customer", "customer_id, state, due_on, id"),
        ("owner", "owner_id, state, due_on, id"),
    ] {
        let carried = ["owner_id", "customer_id", "open_amount", "contract_id"];
        all.extend(list_index("instalment", name, leading, &carried));
    }
    all.extend(list_index(
        "payment",
        "received",
        "received_on, id",
        &["owner_id", "customer_id", "open_amount"],
    ));
    all.extend(GRANTS.iter().map(|statement| (*statement).to_owned()));
    all
}

const TABLES: &[&str] = &[
    "CREATE TABLE contract ({system}, sort_key {text}, title {text} NOT NULL, number {text}, \
     customer_id UUID NOT NULL REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED, \
     opportunity_id UUID REFERENCES opportunity (id) DEFERRABLE INITIALLY DEFERRED, \
     owner_id UUID REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, state {text} NOT NULL, \
     amount BIGINT NOT NULL, currency {text}, own_amount BIGINT, rate DOUBLE PRECISION, rate_on {text}, \
     received_amount BIGINT NOT NULL, invoiced_amount BIGINT NOT NULL, kind {text} NOT NULL, signed_on {text}, starts_on {text}, \
     ends_on {text}, closed_on {text}, termination_reason {text}, is_backdated BOOLEAN, description {text})",
    "CREATE UNIQUE INDEX contract_number ON contract (number)",
    "CREATE INDEX contract_customer ON contract (customer_id, updated_at)",
    "CREATE INDEX contract_opportunity ON contract (opportunity_id) WHERE opportunity_id IS NOT NULL",
    "CREATE TABLE instalment ({system}, contract_id UUID NOT NULL REFERENCES contract (id) DEFERRABLE INITIALLY DEFERRED, \
     position BIGINT NOT NULL, condition {text} NOT NULL, due_on {text} NOT NULL, amount BIGINT NOT NULL, \
     received_amount BIGINT NOT NULL, open_amount BIGINT NOT NULL, state {text} NOT NULL, customer_id UUID, owner_id UUID, \
     promised_on {text}, promise_note {text}, settled_on {text}, is_automatic BOOLEAN)",
    "CREATE INDEX instalment_of ON instalment (contract_id, position)",
    "CREATE INDEX instalment_day ON instalment (due_on, id)",
    "CREATE TABLE instalment_reminder (instalment_id UUID NOT NULL, distance_days BIGINT NOT NULL, \
     PRIMARY KEY (instalment_id, distance_days))",
    "CREATE TABLE payment ({system}, sort_key {text}, number {text}, received_on {text} NOT NULL, \
     customer_id UUID NOT NULL REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED, amount BIGINT NOT NULL, \
     currency {text}, own_amount BIGINT, rate DOUBLE PRECISION, rate_on {text}, matched_amount BIGINT NOT NULL, \
     open_amount BIGINT NOT NULL, payer {text}, method {text} NOT NULL, reference {text}, \
     contract_id UUID REFERENCES contract (id) DEFERRABLE INITIALLY DEFERRED, \
     owner_id UUID REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED, is_backdated BOOLEAN, note {text})",
    "CREATE UNIQUE INDEX payment_number ON payment (number)",
    "CREATE INDEX payment_customer ON payment (customer_id, received_on)",
    "CREATE INDEX payment_contract ON payment (contract_id) WHERE contract_id IS NOT NULL",
    "CREATE INDEX payment_owner ON payment (owner_id, received_on)",
    "CREATE INDEX payment_open ON payment (received_on, id) WHERE open_amount > 0",
    "CREATE TABLE payment_match ({system}, payment_id UUID NOT NULL REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED, \
     instalment_id UUID NOT NULL REFERENCES instalment (id) DEFERRABLE INITIALLY DEFERRED, amount BIGINT NOT NULL, \
     received_on {text}, contract_id UUID)",
    "CREATE INDEX payment_match_payment ON payment_match (payment_id)",
    "CREATE INDEX payment_match_instalment ON payment_match (instalment_id)",
    "CREATE INDEX payment_match_contract ON payment_match (contract_id, received_on)",
    "CREATE TABLE invoice ({system}, sort_key {text}, number {text} NOT NULL, \
     contract_id UUID NOT NULL REFERENCES contract (id) DEFERRABLE INITIALLY DEFERRED, customer_id UUID, instalment_id UUID, \
     kind {text} NOT NULL, amount BIGINT NOT NULL, issued_on {text}, state {text} NOT NULL, note {text})",
    "CREATE UNIQUE INDEX invoice_number ON invoice (number)",
    "CREATE INDEX invoice_contract ON invoice (contract_id, state)",
    "CREATE INDEX invoice_customer ON invoice (customer_id)",
    "CREATE INDEX invoice_issued ON invoice (issued_on {nulls_first}, id)",
];

/// Roles that exist already get for contracts what they have for opportunities, and read what was paid and invoiced as far as
/// they read those; whoever runs a region or the system does there what finance does.
const GRANTS: &[&str] = &[
    "@sqlite UPDATE role SET grants = json_set(grants, '$.resources.contracts', json_extract(grants, '$.resources.opportunities')) \
     WHERE json_extract(grants, '$.resources.opportunities') IS NOT NULL",
    "@postgres UPDATE role SET grants = jsonb_set(grants::jsonb, '{resources,contracts}', grants::jsonb #> '{resources,opportunities}')::text \
     WHERE grants::jsonb #> '{resources,opportunities}' IS NOT NULL",
    "@sqlite UPDATE role SET grants = json_set(grants, \
     '$.resources.payments', json_object('read', json_extract(grants, '$.resources.opportunities.read')), \
     '$.resources.invoices', json_object('read', json_extract(grants, '$.resources.opportunities.read'))) \
     WHERE json_extract(grants, '$.resources.opportunities.read') IS NOT NULL",
    "@postgres UPDATE role SET grants = jsonb_set(jsonb_set(grants::jsonb, \
     '{resources,payments}', jsonb_build_object('read', grants::jsonb #> '{resources,opportunities,read}')), \
     '{resources,invoices}', jsonb_build_object('read', grants::jsonb #> '{resources,opportunities,read}'))::text \
     WHERE grants::jsonb #> '{resources,opportunities,read}' IS NOT NULL",
    "@sqlite UPDATE role SET grants = json_set(grants, '$.resources.payments', json_extract(grants, '$.resources.contracts'), \
     '$.resources.invoices', json_extract(grants, '$.resources.contracts')) WHERE code IN ('director', 'administrator')",
    "@postgres UPDATE role SET grants = jsonb_set(jsonb_set(grants::jsonb, \
     '{resources,payments}', grants::jsonb #> '{resources,contracts}'), \
     '{resources,invoices}', grants::jsonb #> '{resources,contracts}')::text WHERE code IN ('director', 'administrator')",
];
