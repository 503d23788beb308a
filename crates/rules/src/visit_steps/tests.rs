use std::collections::BTreeMap;

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
