//! Standard visits: the ordered steps of a template, the typed answers to them, and how well a visit kept to them.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::value::{Field, FieldType, Refusal, Value};

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

/// What was found at one step. Only what its kind has is filled.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// In words: the text, the choice's name, the photos' names, what the competitor offers.
    pub text: Option<String>,
    pub yes: Option<bool>,
    pub number: Option<f64>,
    /// A competitor's price in minor units.
    pub amount_minor: Option<i64>,
    pub competitor: Option<String>,
    pub products: Vec<Uuid>,
}

impl Answer {
    fn is_empty(&self) -> bool {
        *self == Answer::default()
    }
}

/// Reads the answers to a visit's steps, each typed as its step asks; all that is wrong at once, at `/answers/<code>`.
/// Steps without an answer are absent. A required step may stay open: the score says so. Prices are in `currency`.
pub fn parse_answers(
    steps: &[Step],
    answers: &Map<String, Json>,
    currency: &str,
) -> Result<BTreeMap<String, Answer>, Vec<Misplaced>> {
    let mut errors = Vec::new();
    let mut parsed = BTreeMap::new();
    for (code, json) in answers {
        let at = format!("/answers/{code}");
        match steps.iter().find(|step| step.code == *code) {
            None => errors.push((at, Refusal::new("unknown_step"))),
            Some(step) => match parse_answer(step, json, currency) {
                Ok(answer) if answer.is_empty() => {}
                Ok(answer) => {
                    parsed.insert(code.clone(), answer);
                }
                Err(refusal) => errors.push((at, refusal)),
            },
        }
    }
    if errors.is_empty() {
        Ok(parsed)
    } else {
        Err(errors)
    }
}

fn parse_answer(step: &Step, json: &Json, currency: &str) -> Result<Answer, Refusal> {
    let mut answer = Answer::default();
    let typed = |kind: FieldType| Field::new("answer", kind);
    let text_of = |value: Value| value.as_text().map(str::to_owned);
    match step.kind {
        StepKind::YesNo => answer.yes = typed(FieldType::Bool).parse(json)?.as_bool(),
        StepKind::Number => answer.number = typed(FieldType::Number).parse(json)?.as_number(),
        StepKind::Text => answer.text = text_of(typed(FieldType::LongText).parse(json)?),
        StepKind::Choice => {
            let code = text_of(typed(FieldType::Text).parse(json)?);
            answer.text = match code {
                None => None,
                Some(code) => Some(
                    step.choices
                        .iter()
                        .find(|choice| choice.code == code)
                        .ok_or_else(|| Refusal::new("unknown_choice"))?
                        .name
                        .clone(),
                ),
            };
        }
        StepKind::Photo => {
            if let Value::List(names) = typed(FieldType::Tags).parse(json)? {
                answer.number = Some(names.len() as f64);
                answer.text = Some(names.join("、"));
            }
        }
        StepKind::Products => {
            if let Value::List(ids) = typed(FieldType::Tags).parse(json)? {
                answer.products = ids
                    .iter()
                    .map(|id| Uuid::parse_str(id).map_err(|_| Refusal::new("unknown_reference")))
                    .collect::<Result<_, _>>()?;
            }
        }
        StepKind::CompetitorPrice => {
            let Some(object) = json.as_object() else {
                return match json {
                    Json::Null => Ok(answer),
                    _ => Err(Refusal::with(
                        "wrong_type",
                        json!({ "type": "competitor_price" }),
                    )),
                };
            };
            let of = |name: &str| object.get(name).unwrap_or(&Json::Null);
            answer.competitor = text_of(typed(FieldType::Text).parse(of("competitor"))?);
            answer.amount_minor = typed(FieldType::Money)
                .parse_in(of("price"), currency)?
                .as_int();
            answer.text = text_of(typed(FieldType::Text).parse(of("offer"))?);
            if !answer.is_empty() && (answer.competitor.is_none() || answer.amount_minor.is_none())
            {
                return Err(Refusal::new("competitor_price_incomplete"));
            }
        }
    }
    Ok(answer)
}

/// Required steps, and how many of them are done. The execution score is done ÷ required; 1 where none is required.
pub fn execution(steps: &[Step], answers: &BTreeMap<String, Answer>) -> (usize, usize) {
    let required = || steps.iter().filter(|step| step.is_required);
    let done = required().filter(|step| answers.contains_key(&step.code));
    (required().count(), done.count())
}

/// Done ÷ required, from 0 to 1.
pub fn execution_score(required: usize, done: usize) -> f64 {
    if required == 0 {
        1.0
    } else {
        done as f64 / required as f64
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
mod tests {
    use super::*;

    fn steps() -> Vec<Step> {
        parse_steps(&[
            json!({ "code": "budget", "name": "预算到位吗", "type": "yes_no", "is_required": true }),
            json!({ "code": "mood", "name": "态度", "type": "choice", "is_required": true,
                    "choices": [{ "code": "warm", "name": "积极" }, { "code": "cold", "name": "冷淡" }] }),
            json!({ "code": "seats", "name": "人数", "type": "number" }),
            json!({ "code": "rival", "name": "对手报价", "type": "competitor_price" }),
            json!({ "code": "shelf", "name": "现场", "type": "photo", "is_required": true }),
        ])
        .expect("good steps")
    }

    fn answered(json: Json) -> Result<BTreeMap<String, Answer>, Vec<Misplaced>> {
        parse_answers(&steps(), json.as_object().expect("an object"), "CNY")
    }

    #[test]
    fn answers_are_typed_by_their_step() {
        let answers = answered(json!({ "budget": false, "mood": "warm", "seats": 120,
            "rival": { "competitor": "红杉", "price": { "amount_minor": 880_000, "currency": "CNY" } }, "shelf": ["a.jpg"] }))
        .expect("good answers");
        assert_eq!(answers["budget"].yes, Some(false));
        assert_eq!(answers["mood"].text.as_deref(), Some("积极"));
        assert_eq!(answers["rival"].amount_minor, Some(880_000));
        assert_eq!(answers["shelf"].number, Some(1.0));
    }

    #[test]
    fn every_wrong_answer_is_named_at_its_step() {
        let errors = answered(json!({ "budget": "maybe", "mood": "hot", "seats": "many", "rival": { "competitor": "红杉" }, "gone": 1 }))
            .expect_err("wrong answers");
        let mut at: Vec<(&str, &str)> = errors
            .iter()
            .map(|(at, why)| (at.as_str(), why.code))
            .collect();
        at.sort_unstable();
        assert_eq!(
            at,
            [
                ("/answers/budget", "wrong_type"),
                ("/answers/gone", "unknown_step"),
                ("/answers/mood", "unknown_choice"),
                ("/answers/rival", "competitor_price_incomplete"),
                ("/answers/seats", "wrong_type"),
            ]
        );
    }

    #[test]
    fn the_score_counts_required_steps_only() {
        let answers = answered(json!({ "budget": true, "seats": 3, "mood": null, "shelf": [] }))
            .expect("good answers");
        assert_eq!(execution(&steps(), &answers), (3, 1));
        assert_eq!(execution_score(3, 1), 1.0 / 3.0);
        assert_eq!(execution_score(0, 0), 1.0);
    }

    #[test]
    fn a_template_needs_codes_that_differ_and_choices_to_choose_from() {
        let errors = parse_steps(&[
            json!({ "code": "A b", "name": "甲", "type": "text" }),
            json!({ "code": "b", "name": " ", "type": "choice", "choices": [{ "code": "x", "name": "一" }] }),
            json!({ "code": "b", "name": "丙", "type": "text" }),
            json!({ "code": "c", "name": "丁", "type": "song" }),
        ])
        .expect_err("bad steps");
        let at: Vec<&str> = errors.iter().map(|(at, _)| at.as_str()).collect();
        assert_eq!(
            at,
            [
                "/steps/0/code",
                "/steps/1/name",
                "/steps/1/choices",
                "/steps/2/code",
                "/steps/3"
            ]
        );
        assert!(parse_steps(&[]).is_err());
    }

    #[test]
    fn the_most_special_template_fits_best() {
        let visit = [Some("first"), Some("key_account"), Some("C26")];
        assert_eq!(fit([None, None, None], visit), Some(0));
        assert_eq!(fit([Some("first"), None, Some("C")], visit), Some(5));
        assert_eq!(fit([Some("first"), Some("ordinary"), None], visit), None);
        assert!(
            fit([Some("first"), None, None], visit)
                > fit([None, Some("key_account"), Some("C")], visit)
        );
        assert_eq!(fit([None, None, Some("C")], [None, None, None]), None);
    }
}
