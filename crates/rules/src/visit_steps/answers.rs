//! The answers to the steps of a visit, and how well it kept to them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Misplaced, Step, StepKind};
use crate::value::{Field, FieldType, Refusal, Value};

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
