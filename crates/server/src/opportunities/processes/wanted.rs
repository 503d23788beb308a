//! The stages that somebody wants a process to have, checked as a whole.

use std::collections::HashSet;

use platform::access::Access;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Resource;
use rules::opportunities::Outcome;
use rules::value::{Changes, Value};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// More stages than this nobody keeps apart.
const STAGES_MAX: usize = 30;
/// What a client says of a stage; the rest of what it was given is ignored.
const SAID: [&str; 9] = [
    "name",
    "name_en",
    "code",
    "kind",
    "win_chance",
    "standard_days",
    "funnel_level",
    "buyer_step",
    "guidance",
];
const ANSWERED: [&str; 9] = [
    "id",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "process_id",
    "position",
    "can",
];

/// One wanted stage.
#[derive(Debug, Clone)]
pub struct WantedStage {
    /// The stage that it was, when it was one.
    pub id: Option<Uuid>,
    pub code: String,
    pub outcome: Outcome,
    /// All its fields but process and id.
    pub changes: Changes,
}

/// Reads and checks the stages; all that is wrong at once. Open ones come first, then won, then lost.
pub fn parse(
    access: &Access,
    stages: &Resource,
    body: Vec<Map<String, Json>>,
) -> Result<Vec<WantedStage>> {
    let mut errors = Vec::new();
    let mut wanted = Vec::new();
    let mut codes = HashSet::new();
    let count = body.len();
    for (i, mut said) in body.into_iter().enumerate() {
        let at = |name: &str, code: &str, params: Json| {
            FieldProblem::new(&format!("/stages/{i}/{name}"), code, params)
        };
        let id = said
            .get("id")
            .and_then(Json::as_str)
            .and_then(|id| id.parse().ok());
        said.retain(|name, _| SAID.contains(&name.as_str()) || !ANSWERED.contains(&name.as_str()));
        let changes = match access.parse(stages, &said, false) {
            Ok(changes) => changes,
            Err(problem) => {
                errors.extend(problem.errors.into_iter().map(|error| FieldProblem {
                    pointer: format!("/stages/{i}{}", error.pointer),
                    ..error
                }));
                continue;
            }
        };
        let text = |name: &str| {
            changes
                .get(name)
                .and_then(Value::as_text)
                .unwrap_or_default()
                .to_owned()
        };
        for name in ["name", "code"] {
            if text(name).is_empty() {
                errors.push(at(name, "required", json!({})));
            }
        }
        if !text("code").is_empty() && !codes.insert(text("code")) {
            errors.push(at("code", "already_exists", json!({})));
        }
        let chance = changes
            .get("win_chance")
            .and_then(Value::as_number)
            .unwrap_or_default();
        if !(0.0..=100.0).contains(&chance) {
            errors.push(at(
                "win_chance",
                "out_of_range",
                json!({ "min": 0, "max": 100 }),
            ));
        }
        let days = changes.get("standard_days").and_then(Value::as_int);
        if days.is_some_and(|days| !(0..=3_650).contains(&days)) {
            errors.push(at(
                "standard_days",
                "out_of_range",
                json!({ "min": 0, "max": 3_650 }),
            ));
        }
        let outcome = Outcome::from_code(&text("kind")).unwrap_or(Outcome::Open);
        wanted.push(WantedStage {
            id,
            code: text("code"),
            outcome,
            changes: complete(changes, outcome),
        });
    }
    let ends = |outcome| {
        wanted
            .iter()
            .filter(|stage| stage.outcome == outcome)
            .count()
    };
    if count > STAGES_MAX {
        errors.push(FieldProblem::new(
            "stages",
            "too_many",
            json!({ "max": STAGES_MAX }),
        ));
    }
    if errors.is_empty()
        && (ends(Outcome::Open) == 0 || ends(Outcome::Won) != 1 || ends(Outcome::Lost) != 1)
    {
        errors.push(FieldProblem::new("stages", "stages_need_ends", json!({})));
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    wanted.sort_by_key(|stage| match stage.outcome {
        Outcome::Open => 0,
        Outcome::Won => 1,
        Outcome::Lost => 2,
    });
    for (position, stage) in wanted.iter_mut().enumerate() {
        stage
            .changes
            .insert("position".into(), Value::Int(position as i64));
    }
    Ok(wanted)
}

/// Every field said, so that what is left out is emptied; the ends have their chances from what they are.
fn complete(mut changes: Changes, outcome: Outcome) -> Changes {
    for name in SAID {
        changes.entry(name.into()).or_insert(Value::Null);
    }
    changes.insert("kind".into(), outcome.code().into());
    match outcome {
        Outcome::Won => changes.insert("win_chance".into(), 100.0.into()),
        Outcome::Lost => changes.insert("win_chance".into(), 0.0.into()),
        Outcome::Open if changes["win_chance"].is_null() => {
            changes.insert("win_chance".into(), 0.0.into())
        }
        Outcome::Open => None,
    };
    changes
}
