//! Standard visits: the ordered steps of a template, the typed answers to them, and how well a visit kept to them.

mod answers;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::value::{Field, FieldType, Refusal};

pub use answers::{Answer, execution, execution_score, parse_answers};

/// More steps than this nobody fills in between two visits.
pub const STEPS_MAX: usize = 40;
/// Choices of one step that still fit a phone's screen with scrolling.
pub const CHOICES_MAX: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    YesNo,
    Choice,
    Number,
    Text,
    /// Names of the photos that are attached to the activity.
    Photo,
    /// Products of our catalogue.
    Products,
    /// What a competitor asks, and for what.
    CompetitorPrice,
}

pub const STEP_KINDS: [(&str, StepKind); 7] = [
    ("yes_no", StepKind::YesNo),
    ("choice", StepKind::Choice),
    ("number", StepKind::Number),
    ("text", StepKind::Text),
    ("photo", StepKind::Photo),
    ("products", StepKind::Products),
    ("competitor_price", StepKind::CompetitorPrice),
];

impl StepKind {
    pub fn code(self) -> &'static str {
        STEP_KINDS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("text", |(code, _)| code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepChoice {
    pub code: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
}

/// One step of a visit and the answer that it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Stays the same through all versions of the template, so that answers can be compared.
    pub code: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name_en: String,
    #[serde(rename = "type")]
    pub kind: StepKind,
    #[serde(default)]
    pub is_required: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guidance: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guidance_en: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<StepChoice>,
}

/// A refusal and the JSON pointer of its place.
pub type Misplaced = (String, Refusal);

/// Longest code of a step or a choice.
const CODE_MAX: usize = 40;

fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= CODE_MAX
        && code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Reads the steps of a template; all that is wrong at once, each at its pointer under `/steps`.
pub fn parse_steps(steps: &[Json]) -> Result<Vec<Step>, Vec<Misplaced>> {
    let mut errors = Vec::new();
    let mut parsed = Vec::new();
    if steps.is_empty() {
        errors.push(("/steps".to_owned(), Refusal::new("required")));
    }
    if steps.len() > STEPS_MAX {
        let refusal = Refusal::with("too_many", json!({ "max": STEPS_MAX }));
        errors.push(("/steps".to_owned(), refusal));
    }
    let mut codes = HashSet::new();
    for (i, json) in steps.iter().enumerate() {
        match serde_json::from_value::<Step>(json.clone()) {
            Ok(mut step) => {
                tidy(&mut step);
                check(&step, i, &mut errors);
                if !codes.insert(step.code.clone()) {
                    let at = format!("/steps/{i}/code");
                    errors.push((at, Refusal::new("already_exists")));
                }
                parsed.push(step);
            }
            Err(error) => errors.push((
                format!("/steps/{i}"),
                Refusal::with("bad_step", json!({ "reason": error.to_string() })),
            )),
        }
    }
    if errors.is_empty() {
        Ok(parsed)
    } else {
        Err(errors)
    }
}

fn tidy(step: &mut Step) {
    let texts = [
        &mut step.name,
        &mut step.name_en,
        &mut step.guidance,
        &mut step.guidance_en,
    ];
    for text in texts {
        *text = text.trim().to_owned();
    }
    if step.kind != StepKind::Choice {
        step.choices.clear();
    }
    for choice in &mut step.choices {
        choice.name = choice.name.trim().to_owned();
        choice.name_en = choice.name_en.trim().to_owned();
    }
}

fn check(step: &Step, i: usize, errors: &mut Vec<Misplaced>) {
    let mut refuse =
        |at: String, refusal: Refusal| errors.push((format!("/steps/{i}/{at}"), refusal));
    let line = Field::text("name").required();
    let long = Field::new("guidance", FieldType::LongText);
    let optional = Field::text("name_en");
    if !is_code(&step.code) {
        refuse("code".into(), Refusal::new("bad_code"));
    }
    for (at, field, text) in [
        ("name", &line, &step.name),
        ("name_en", &optional, &step.name_en),
        ("guidance", &long, &step.guidance),
        ("guidance_en", &long, &step.guidance_en),
    ] {
        if let Err(refusal) = field.parse(&json!(text)) {
            refuse(at.into(), refusal);
        }
    }
    if step.kind != StepKind::Choice {
        return;
    }
    if step.choices.len() < 2 {
        refuse(
            "choices".into(),
            Refusal::with("too_few", json!({ "min": 2 })),
        );
    }
    if step.choices.len() > CHOICES_MAX {
        refuse(
            "choices".into(),
            Refusal::with("too_many", json!({ "max": CHOICES_MAX })),
        );
    }
    let mut codes = HashSet::new();
    for (k, choice) in step.choices.iter().enumerate() {
        if !is_code(&choice.code) {
            refuse(format!("choices/{k}/code"), Refusal::new("bad_code"));
        } else if !codes.insert(&choice.code) {
            refuse(format!("choices/{k}/code"), Refusal::new("already_exists"));
        }
        if let Err(refusal) = line.parse(&json!(choice.name)) {
            refuse(format!("choices/{k}/name"), refusal);
        }
    }
}

/// How well a template fits: the more it asks for and finds, the better; none when something doesn't fit.
/// An industry fits its divisions too.
pub fn fit(wanted: [Option<&str>; 3], [kind, class, industry]: [Option<&str>; 3]) -> Option<u32> {
    let [wanted_kind, wanted_class, wanted_industry] = wanted;
    let mut score = 0;
    // The kind says most of what a visit is about, then who the customer is.
    for (weight, wanted, found) in [(4, wanted_kind, kind), (2, wanted_class, class)] {
        match wanted {
            None => {}
            Some(_) if wanted == found => score += weight,
            Some(_) => return None,
        }
    }
    match (wanted_industry, industry) {
        (None, _) => Some(score),
        (Some(wanted), Some(found)) if found.starts_with(wanted) => Some(score + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
