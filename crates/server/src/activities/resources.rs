//! The descriptions of activities and their kinds.

use platform::resource::{Guard, Resource, Sought};
use rules::activities::{FAMILIES, STATES};
use rules::value::{Field, FieldType, OnDelete};
use serde_json::{Value as Json, json};

use super::participants::PARTICIPANTS;
use super::{follow_up, position, series};

pub fn kinds() -> Resource {
    Resource::new(
        "activity_kinds",
        "activity_kind",
        Guard::Everybody,
        vec![
            Field::text("code").required().unique().in_list(),
            Field::text("name").required().in_list(),
            Field::text("name_en").in_list(),
            Field::choice("family", &FAMILIES.map(|family| family.code()))
                .required()
                .in_list(),
            Field::new("default_minutes", FieldType::Integer).in_list(),
            Field::new("position", FieldType::Integer),
            Field::new("is_active", FieldType::Bool)
                .default(true)
                .in_list(),
        ],
    )
    .label_en("name_en")
    .sort("position")
    .view(
        "active",
        json!({ "field": "is_active", "op": "is", "value": true }),
        "position",
    )
    .view("everything", json!(null), "position")
    .fixed()
}

pub fn activities() -> Resource {
    let fields = [who_and_what(), plan(), deed(), outcome(), task(), steps()].concat();
    Resource::new("activities", "activity", Guard::Owner("owner_id"), fields)
        .label("subject")
        .sort("-happens_at")
        .read_by("participant_ids", Some(PARTICIPANTS))
        .read_by("giver_id", None)
        .read_with("customer_id")
        .read_with("opportunity_id")
        .sought(Sought {
            texts: &["subject", "purpose", "result"],
            at: "customer_id",
            newest_by: "happens_at",
        })
        .verbs(&["finish", "cancel", "reschedule", "check_in"])
        .member(follow_up::FOLLOW_UP, follow_up::schema())
        .member(position::CHECK_IN, position::schema())
        .view("mine_open", all([mine(), open()]), "happens_at")
        .view(
            "today",
            all([mine(), during("happens_at", "today")]),
            "happens_at",
        )
        .view(
            "planned_not_done",
            all([open(), during("planned_on", "past")]),
            "happens_at",
        )
        .view(
            "without_purpose",
            all([
                open(),
                json!({ "field": "purpose", "op": "empty" }),
                json!({ "field": "kind_id.family", "op": "not_in", "value": ["task"] }),
            ]),
            "happens_at",
        )
        .view(
            "without_follow_up",
            all([
                json!({ "field": "state", "op": "in", "value": ["done"] }),
                json!({ "field": "kind_id.family", "op": "in", "value": ["visit"] }),
                json!({ "field": "outcome", "op": "in", "value": ["effective"] }),
                json!({ "field": "has_follow_up", "op": "is", "value": false }),
            ]),
            "-happens_at",
        )
        .view(
            "tasks",
            all([
                open(),
                json!({ "field": "kind_id.family", "op": "in", "value": ["task"] }),
            ]),
            "happens_at",
        )
        .view(
            "given_by_me",
            json!({ "field": "giver_id", "op": "in", "value": ["me"] }),
            "-happens_at",
        )
        .view("everything", json!(null), "-happens_at")
        .member("repeat", series::repeat_schema())
        .member("scope", series::scope_schema())
        .option("scope", series::scope_schema())
}

fn all<const N: usize>(tests: [Json; N]) -> Json {
    json!({ "and": tests.to_vec() })
}

fn mine() -> Json {
    json!({ "field": "owner_id", "op": "in", "value": ["me"] })
}

fn open() -> Json {
    json!({ "field": "state", "op": "in", "value": ["planned", "moved"] })
}

fn during(field: &str, period: &str) -> Json {
    json!({ "field": field, "op": "during", "value": period })
}

fn who_and_what() -> Vec<Field> {
    vec![
        // Who says nothing gets the kind and the customer's name.
        Field::text("subject").in_list(),
        Field::reference("kind_id", "activity_kinds")
            .required()
            .in_list(),
        // Moved is still open; it was planned for another time first.
        Field::choice("state", &STATES.map(|state| state.code()))
            .default("planned")
            .required()
            .in_list(),
        Field::reference("owner_id", "people").in_list(),
        Field::references("participant_ids", "people"),
        Field::reference("customer_id", "customers")
            .on_delete(OnDelete::Cascade)
            .in_list(),
        Field::references("contact_ids", "contacts"),
        Field::reference("opportunity_id", "opportunities").on_delete(OnDelete::Clear),
    ]
}

fn plan() -> Vec<Field> {
    vec![
        Field::new("planned_start_at", FieldType::Instant).in_list(),
        Field::new("planned_end_at", FieldType::Instant),
        Field::new("is_all_day", FieldType::Bool),
        Field::new("due_on", FieldType::Day),
        Field::new("first_planned_at", FieldType::Instant).read_only(),
        Field::new("planned_on", FieldType::Day).read_only(),
        Field::new("purpose", FieldType::LongText).in_list(),
        Field::new("preparation", FieldType::LongText),
    ]
}

fn deed() -> Vec<Field> {
    vec![
        Field::new("started_at", FieldType::Instant).in_list(),
        Field::new("ended_at", FieldType::Instant),
        Field::new("done_on", FieldType::Day).read_only(),
        // The server's clock; what the device's said stands beside it.
        Field::new("logged_at", FieldType::Instant).read_only(),
        Field::new("device_at", FieldType::Instant),
        Field::new("is_unplanned", FieldType::Bool).read_only(),
        Field::new("is_backdated", FieldType::Bool).read_only(),
        Field::new("checked_in_at", FieldType::Instant).read_only(),
        Field::choice("position", &["located", "refused", "unavailable"]).read_only(),
        Field::new("latitude", FieldType::Number).read_only(),
        Field::new("longitude", FieldType::Number).read_only(),
        Field::new("accuracy_m", FieldType::Integer).read_only(),
        Field::new("distance_m", FieldType::Integer).read_only(),
    ]
}

fn outcome() -> Vec<Field> {
    vec![
        Field::new("result", FieldType::LongText),
        Field::new("analysis", FieldType::LongText),
        Field::choice("outcome", &["effective", "not_effective"]).in_list(),
        Field::new("intention_reached", FieldType::Bool),
        Field::new("appointment_got", FieldType::Bool),
        Field::new("is_refused", FieldType::Bool),
        Field::text("refusal_reason"),
        Field::new("needs_found", FieldType::LongText),
        Field::text("competitor"),
        Field::text("cancel_reason"),
        Field::reference("follow_up_of_id", "activities").on_delete(OnDelete::Clear),
        Field::new("has_follow_up", FieldType::Bool)
            .default(false)
            .read_only(),
        // When it was done, else when it is planned; lists and calendars go by it.
        Field::new("happens_at", FieldType::Instant).read_only(),
    ]
}

fn task() -> Vec<Field> {
    vec![
        Field::choice("priority", &["high", "normal", "low"]),
        // `[{"text": …, "done": …}]`
        Field::new("checklist", FieldType::Json),
        Field::reference("giver_id", "people").on_delete(OnDelete::Clear),
        Field::text("series_id").read_only(),
        // The day of the series that it stands for, also when it was moved to another.
        Field::new("series_on", FieldType::Day).read_only(),
        Field::new("is_series_exception", FieldType::Bool).read_only(),
        Field::new("reminder_minutes", FieldType::Integer),
        // Participants and contacts with an address get an invitation by mail, and each change of it.
        Field::new("invite", FieldType::Bool),
        Field::new("invite_sequence", FieldType::Integer).internal(),
    ]
}

/// What a visit template asked, and how much of it was done.
fn steps() -> Vec<Field> {
    vec![
        Field::text("template_version_id"),
        // `{step code: value}`
        Field::new("answers", FieldType::Json),
        Field::new("steps_required", FieldType::Integer).read_only(),
        Field::new("steps_done", FieldType::Integer).read_only(),
        Field::new("execution_score", FieldType::Number).read_only(),
    ]
}
