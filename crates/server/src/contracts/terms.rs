//! What an organisation sets about its contracts: their numbers, when people are reminded, and until when its books are closed.

use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::app::Settings;
use platform::problem::{FieldProblem, Problem, Result};
use platform::web::{Body, Doc, Routes, json};
use rules::contracts::Pattern;
use rules::permission::Action;
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::ToSchema;

use crate::settings;

const SETTING: &str = "contract_terms";
const PATTERN: &str = "HT-{yyyy}-{nnnn}";
const DAYS_MAX: i64 = 366;
const REMINDERS_MAX: usize = 10;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/settings/contracts",
            Doc::new("settings", "Numbers, reminders and closed books of contracts")
                .answers::<Terms>(),
            read,
        )
        .patch(
            "/api/settings/contracts",
            Doc::new("settings", "Change them; what is absent stays")
                .about("Whoever may approve contracts may still sign and record into closed books; such records are marked.")
                .body::<TermChanges>()
                .answers::<Terms>(),
            change,
        )
}

/// The terms, whole: what was never set is as it ships.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Terms {
    /// How numbers are proposed: text with `{yyyy}`, `{yy}`, `{mm}`, ended by the figure, `{nnnn}`.
    pub number_pattern: String,
    /// Days before an instalment is due on which its owner is reminded.
    pub remind_before_days: Vec<i64>,
    /// Days after it was due.
    pub remind_after_days: Vec<i64>,
    /// The last day of the closed books; null while none are.
    pub closed_until: Option<NaiveDate>,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms {
            number_pattern: PATTERN.into(),
            remind_before_days: vec![7],
            remind_after_days: vec![1, 7, 30],
            closed_until: None,
        }
    }
}

impl Terms {
    pub fn of(settings: &Settings) -> Terms {
        settings.get(SETTING).unwrap_or_default()
    }

    pub fn pattern(&self) -> Option<Pattern> {
        Pattern::parse(&self.number_pattern).or_else(|| Pattern::parse(PATTERN))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TermChanges {
    number_pattern: Option<String>,
    remind_before_days: Option<Vec<i64>>,
    remind_after_days: Option<Vec<i64>>,
    /// Null opens the books.
    #[serde(default, deserialize_with = "settings::given")]
    #[schema(value_type = Option<NaiveDate>)]
    closed_until: Option<Option<NaiveDate>>,
}

async fn read(access: Access) -> Result<Response> {
    json(&Terms::of(&access.app.settings()))
}

fn checked(days: Vec<i64>, name: &str, errors: &mut Vec<FieldProblem>) -> Vec<i64> {
    let mut days = days;
    days.sort_unstable();
    days.dedup();
    if days.len() > REMINDERS_MAX {
        let params = object!({ "max": REMINDERS_MAX });
        errors.push(FieldProblem::new(name, "too_many", params));
    }
    if days.iter().any(|days| !(0..=DAYS_MAX).contains(days)) {
        let params = object!({ "min": 0, "max": DAYS_MAX });
        errors.push(FieldProblem::new(name, "out_of_range", params));
    }
    days
}

async fn change(access: Access, Body(body): Body<TermChanges>) -> Result<Response> {
    access.require("settings", Action::Configure)?;
    let mut terms = Terms::of(&access.app.settings());
    let mut errors = Vec::new();
    if let Some(pattern) = body.number_pattern {
        let pattern = pattern.trim().to_owned();
        if Pattern::parse(&pattern).is_none() {
            let problem = FieldProblem::new("number_pattern", "not_a_pattern", object!({}));
            errors.push(problem);
        }
        terms.number_pattern = pattern;
    }
    if let Some(days) = body.remind_before_days {
        terms.remind_before_days = checked(days, "remind_before_days", &mut errors);
    }
    if let Some(days) = body.remind_after_days {
        terms.remind_after_days = checked(days, "remind_after_days", &mut errors);
    }
    if let Some(closed_until) = body.closed_until {
        if closed_until.is_some_and(|day| day > access.app.clock.today()) {
            errors.push(FieldProblem::new("closed_until", "in_future", object!({})));
        }
        terms.closed_until = closed_until;
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let stored = serde_json::to_string(&terms).map_err(Problem::internal)?;
    let mut write = access.write().await?;
    settings::set(&mut write, SETTING, &stored).await?;
    write.commit().await?;
    json(&Terms::of(&access.app.settings()))
}
