//! Which rules an organisation wants, and the figures that they count with.

use std::collections::BTreeMap;

use axum::response::Response;
use platform::access::Access;
use platform::app::Settings;
use platform::problem::{FieldProblem, Problem, Result};
use platform::web::{Body, Doc, Routes, json};
use rules::permission::Action;
use rules::suggestions::{DAYS_MAX, RULES, Rule};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::ToSchema;

use crate::settings::{self, Day};

/// The setting that holds what was chosen.
const SETTING: &str = "suggestions";
/// The name of a rule's figure.
const DAYS: &str = "days";

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/settings/suggestions",
            Doc::new("settings", "The rules that suggest what to do, with their figures")
                .answers::<SuggestionRules>(),
            read,
        )
        .patch(
            "/api/settings/suggestions",
            Doc::new("settings", "Switch rules on and off, and set their figures; what is absent stays")
                .about("The rhythm of the customers' levels is set in `/api/settings` (`level_rhythm_days`).")
                .body::<RuleChanges>()
                .answers::<SuggestionRules>(),
            change,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct SuggestionRules {
    rows: Vec<SuggestionRule>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SuggestionRule {
    code: &'static str,
    is_on: bool,
    /// In days.
    figures: BTreeMap<String, i64>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RuleChanges {
    rules: Vec<RuleChange>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RuleChange {
    code: String,
    is_on: Option<bool>,
    /// In days.
    #[serde(default)]
    figures: BTreeMap<String, i64>,
}

/// What was chosen of one rule.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Chosen {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_on: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
}

/// The rules as the organisation wants them.
#[derive(Debug, Clone)]
pub struct Choices {
    chosen: BTreeMap<String, Chosen>,
    rhythm: BTreeMap<String, i64>,
}

impl Choices {
    pub fn of(settings: &Settings) -> Choices {
        Choices {
            chosen: settings.get(SETTING).unwrap_or_default(),
            rhythm: Day::of(settings).level_rhythm_days,
        }
    }

    pub fn is_on(&self, rule: Rule) -> bool {
        let chosen = self.chosen.get(rule.code());
        chosen.and_then(|chosen| chosen.is_on).unwrap_or(true)
    }

    /// The rule's figure, in days.
    pub fn days(&self, rule: Rule) -> i64 {
        let chosen = self.chosen.get(rule.code());
        chosen
            .and_then(|chosen| chosen.days)
            .or(rule.days())
            .unwrap_or_default()
    }

    /// After how many days a customer of a level should be seen again.
    pub fn rhythm(&self, level: &str) -> Option<i64> {
        self.rhythm.get(level).copied()
    }

    fn rows(&self) -> SuggestionRules {
        let rows = RULES.into_iter().map(|rule| SuggestionRule {
            code: rule.code(),
            is_on: self.is_on(rule),
            figures: match rule {
                Rule::LevelRhythm => self.rhythm.clone(),
                _ => rule
                    .days()
                    .map(|_| (DAYS.to_owned(), self.days(rule)))
                    .into_iter()
                    .collect(),
            },
        });
        SuggestionRules {
            rows: rows.collect(),
        }
    }
}

async fn read(access: Access) -> Result<Response> {
    json(&Choices::of(&access.app.settings()).rows())
}

async fn change(access: Access, Body(body): Body<RuleChanges>) -> Result<Response> {
    access.require("settings", Action::Configure)?;
    let mut choices = Choices::of(&access.app.settings());
    let mut errors = Vec::new();
    for (i, change) in body.rules.into_iter().enumerate() {
        let Some(rule) = Rule::from_code(&change.code) else {
            let pointer = format!("/rules/{i}/code");
            errors.push(FieldProblem::new(&pointer, "unknown_choice", object!({})));
            continue;
        };
        let chosen = choices.chosen.entry(change.code).or_default();
        chosen.is_on = change.is_on.or(chosen.is_on);
        for (name, days) in change.figures {
            let pointer = format!("/rules/{i}/figures/{name}");
            if name != DAYS || rule.days().is_none() {
                errors.push(FieldProblem::new(&pointer, "unknown_field", object!({})));
            } else if !(1..=DAYS_MAX).contains(&days) {
                let params = object!({ "min": 1, "max": DAYS_MAX });
                errors.push(FieldProblem::new(&pointer, "out_of_range", params));
            } else {
                chosen.days = Some(days);
            }
        }
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let stored = serde_json::to_string(&choices.chosen).map_err(Problem::internal)?;
    let mut write = access.write().await?;
    settings::set(&mut write, SETTING, &stored).await?;
    write.commit().await?;
    json(&Choices::of(&access.app.settings()).rows())
}
