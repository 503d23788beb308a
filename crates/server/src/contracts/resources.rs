//! The descriptions of contracts, instalments, payments, their matches, and invoices.

use platform::resource::{Guard, Resource};
use rules::contracts::{CURRENCIES, INSTALMENT_STATES, STATES};
use rules::value::{Field, FieldType, OnDelete};
use serde_json::{Value as Json, json};

use super::{CONTRACTS, INSTALMENTS, INVOICES, MATCHES, PAYMENTS};

pub const METHODS: [&str; 6] = [
    "transfer",
    "acceptance",
    "cheque",
    "cash",
    "online",
    "other",
];
pub const INVOICE_STATES: [&str; 4] = ["requested", "issued", "delivered", "voided"];

pub fn contracts() -> Resource {
    let mut fields = vec![
        // Whoever names an opportunity gets its name, customer and amount.
        Field::text("title").searchable().in_list(),
        Field::text("number").unique().searchable().in_list(),
        Field::reference("customer_id", "customers").in_list(),
        Field::reference("opportunity_id", "opportunities").on_delete(OnDelete::Clear),
        Field::reference("owner_id", "people").in_list(),
        // Whose it was when it was signed: revenue of that day is theirs.
        Field::reference("signed_owner_id", "people").read_only(),
        Field::choice("state", &STATES.map(|state| state.code()))
            .default("draft")
            .required()
            .in_list(),
    ];
    fields.extend(amount());
    fields.extend([
        Field::new("received_amount", FieldType::Money)
            .default(0i64)
            .read_only()
            .tells("amount")
            .in_list(),
        Field::new("invoiced_amount", FieldType::Money)
            .default(0i64)
            .read_only()
            .tells("amount"),
        Field::choice("kind", &["one_off", "recurring"])
            .default("one_off")
            .required()
            .in_list(),
        Field::new("signed_on", FieldType::Day).in_list(),
        Field::new("starts_on", FieldType::Day),
        Field::new("ends_on", FieldType::Day).in_list(),
        // When it was completed or terminated.
        Field::new("closed_on", FieldType::Day),
        Field::text("termination_reason"),
        Field::new("is_backdated", FieldType::Bool).read_only(),
        Field::new("description", FieldType::LongText),
    ]);
    Resource::new(CONTRACTS, "contract", Guard::Owner("owner_id"), fields)
        .label("title")
        .told_at(&["customer_id", "opportunity_id"])
        .sort("-updated_at")
        .view("mine", mine(), "-updated_at")
        .view("running", state("running"), "-signed_on")
        .view("drafts", state("draft"), "-updated_at")
        .view(
            "signed_this_month",
            json!({ "field": "signed_on", "op": "during", "value": "this_month" }),
            "-signed_on",
        )
        .view(
            "ending_this_quarter",
            both(
                state("running"),
                json!({ "field": "ends_on", "op": "during", "value": "this_quarter" }),
            ),
            "ends_on",
        )
        .view("everything", json!(null), "-updated_at")
}

/// An amount in what the company counts in, and what it was where that is another currency.
fn amount() -> [Field; 5] {
    [
        Field::new("amount", FieldType::Money).in_list(),
        Field::choice("currency", &CURRENCIES),
        Field::new("own_amount", FieldType::Money)
            .counted_in("currency")
            .tells("amount"),
        // Units of the company's currency for one of the other, on its day.
        Field::new("rate", FieldType::Number).tells("amount"),
        Field::new("rate_on", FieldType::Day),
    ]
}

/// What customers may be filtered by of their contracts: `{"has":"contracts","with":…}`.
pub fn running_fields() -> Vec<Field> {
    vec![
        Field::choice("state", &STATES.map(|state| state.code())),
        Field::new("signed_on", FieldType::Day),
        Field::new("starts_on", FieldType::Day),
        Field::new("ends_on", FieldType::Day),
        Field::new("closed_on", FieldType::Day),
    ]
}

fn mine() -> Json {
    json!({ "field": "owner_id", "op": "in", "value": ["me"] })
}

fn state(code: &str) -> Json {
    json!({ "field": "state", "op": "in", "value": [code] })
}

fn both(one: Json, other: Json) -> Json {
    json!({ "and": [one, other] })
}

pub fn instalments() -> Resource {
    let money = |name: &str| Field::new(name, FieldType::Money).tells("amount");
    Resource::new(
        INSTALMENTS,
        "instalment",
        Guard::Via("contract_id"),
        vec![
            Field::reference("contract_id", CONTRACTS)
                .required()
                .on_delete(OnDelete::Cascade)
                .in_list(),
            Field::new("position", FieldType::Integer)
                .default(0i64)
                .required(),
            Field::text("condition").required().in_list(),
            Field::new("due_on", FieldType::Day).required().in_list(),
            money("amount").required().in_list(),
            money("received_amount").default(0i64).read_only(),
            money("open_amount").default(0i64).read_only().in_list(),
            Field::choice("state", &INSTALMENT_STATES.map(|state| state.code()))
                .default("planned")
                .required()
                .read_only()
                .in_list(),
            // The contract's, so that lists and sums go by them.
            Field::reference("customer_id", "customers")
                .read_only()
                .in_list(),
            Field::reference("owner_id", "people").read_only().in_list(),
            // Whose the contract was when it fell due.
            Field::reference("due_owner_id", "people").read_only(),
            Field::new("promised_on", FieldType::Day).in_list(),
            Field::text("promise_note"),
            Field::new("settled_on", FieldType::Day).read_only(),
            // Made for a contract that was signed without a plan; a plan takes its place.
            Field::new("is_automatic", FieldType::Bool).internal(),
        ],
    )
    .label("condition")
    .part_of(CONTRACTS)
    .sort("due_on")
    .view(
        "overdue",
        both(
            state("open"),
            json!({ "field": "due_on", "op": "during", "value": "past" }),
        ),
        "due_on",
    )
    .view(
        "due_this_month",
        both(
            state("open"),
            json!({ "field": "due_on", "op": "during", "value": "this_month" }),
        ),
        "due_on",
    )
    .view("open", state("open"), "due_on")
    .view(
        "promise_broken",
        both(
            state("open"),
            json!({ "field": "promised_on", "op": "during", "value": "past" }),
        ),
        "promised_on",
    )
    .view("everything", json!(null), "-due_on")
    .fixed()
}

pub fn payments() -> Resource {
    let mut fields = vec![
        Field::text("number").unique().searchable().in_list(),
        Field::new("received_on", FieldType::Day)
            .required()
            .in_list(),
        // Whoever names a contract gets its customer.
        Field::reference("customer_id", "customers").in_list(),
    ];
    fields.extend(amount());
    fields.extend([
        Field::new("matched_amount", FieldType::Money)
            .default(0i64)
            .read_only()
            .tells("amount"),
        Field::new("open_amount", FieldType::Money)
            .default(0i64)
            .read_only()
            .tells("amount")
            .in_list(),
        Field::text("payer").searchable().in_list(),
        Field::choice("method", &METHODS)
            .default("transfer")
            .required()
            .in_list(),
        Field::text("reference").searchable().in_list(),
        Field::reference("contract_id", CONTRACTS).on_delete(OnDelete::Clear),
        // Whose customer it was when the money came.
        Field::reference("owner_id", "people").read_only().in_list(),
        Field::new("is_backdated", FieldType::Bool).read_only(),
        Field::new("note", FieldType::LongText),
    ]);
    Resource::new(PAYMENTS, "payment", Guard::Owner("owner_id"), fields)
        .label("number")
        .read_with("customer_id")
        .told_at(&["customer_id", "contract_id"])
        .verbs(&["match", "unmatch"])
        .sort("-received_on")
        .view(
            "unmatched",
            json!({ "field": "open_amount", "op": "gt", "value": 0 }),
            "-received_on",
        )
        .view(
            "this_month",
            json!({ "field": "received_on", "op": "during", "value": "this_month" }),
            "-received_on",
        )
        .view("everything", json!(null), "-received_on")
}

/// Written by matching only.
pub fn matches() -> Resource {
    Resource::new(
        MATCHES,
        "payment_match",
        Guard::Via("payment_id"),
        vec![
            Field::reference("payment_id", PAYMENTS)
                .required()
                .on_delete(OnDelete::Cascade)
                .in_list(),
            Field::reference("instalment_id", INSTALMENTS)
                .required()
                .in_list(),
            Field::new("amount", FieldType::Money)
                .required()
                .tells("amount")
                .in_list(),
            // The payment's day and the instalment's contract, so that sums go by them.
            Field::new("received_on", FieldType::Day)
                .read_only()
                .in_list(),
            Field::reference("contract_id", CONTRACTS)
                .read_only()
                .in_list(),
        ],
    )
    .label("id")
    .part_of(PAYMENTS)
    .sort("created_at")
    .fixed()
    .read_only()
}

pub fn invoices() -> Resource {
    Resource::new(
        INVOICES,
        "invoice",
        Guard::Via("contract_id"),
        vec![
            Field::text("number")
                .required()
                .unique()
                .searchable()
                .in_list(),
            Field::reference("contract_id", CONTRACTS)
                .required()
                .in_list(),
            Field::reference("customer_id", "customers")
                .read_only()
                .in_list(),
            Field::reference("instalment_id", INSTALMENTS).on_delete(OnDelete::Clear),
            Field::choice("kind", &["special", "general", "receipt"])
                .default("special")
                .required()
                .in_list(),
            Field::new("amount", FieldType::Money).required().in_list(),
            Field::new("issued_on", FieldType::Day).in_list(),
            Field::choice("state", &INVOICE_STATES)
                .default("issued")
                .required()
                .in_list(),
            Field::new("note", FieldType::LongText),
        ],
    )
    .label("number")
    .told_at(&["customer_id", "contract_id"])
    .sort("-issued_on")
    .view("requested", state("requested"), "-created_at")
    .view(
        "this_month",
        json!({ "field": "issued_on", "op": "during", "value": "this_month" }),
        "-issued_on",
    )
    .view("everything", json!(null), "-issued_on")
}
