//! What an organisation sets about its people's days.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use platform::app::Settings;
use platform::problem::FieldProblem;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

/// The settings of the day, whole: what was never set is as it ships.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Day {
    /// Days by which a deed may be logged later.
    pub backdate_days: i64,
    /// When the working day begins, `HH:MM` in the organisation's time zone.
    pub work_from: String,
    /// When it ends.
    pub work_until: String,
    /// After how many days a customer of each level should be seen again.
    pub level_rhythm_days: BTreeMap<String, i64>,
}

/// What is to change; absent settings stay.
#[derive(Debug, Default)]
pub struct DayChanges {
    pub backdate_days: Option<i64>,
    pub work_from: Option<String>,
    pub work_until: Option<String>,
    pub level_rhythm_days: Option<BTreeMap<String, i64>>,
}

const BACKDATE_DAYS_MAX: i64 = 366;
const RHYTHM_DAYS_MAX: i64 = 3_660;
const LEVELS: [(&str, i64); 4] = [("A", 14), ("B", 30), ("C", 60), ("D", 90)];

fn time_of(text: &str) -> Option<NaiveTime> {
    let right = text.len() == 5;
    NaiveTime::parse_from_str(text, "%H:%M")
        .ok()
        .filter(|_| right)
}

fn within(errors: &mut Vec<FieldProblem>, name: &str, days: i64, min: i64, max: i64) {
    if !(min..=max).contains(&days) {
        let params = json!({ "min": min, "max": max });
        errors.push(FieldProblem::new(name, "out_of_range", params));
    }
}

impl Day {
    pub fn of(settings: &Settings) -> Day {
        let mut rhythm: BTreeMap<String, i64> = LEVELS
            .iter()
            .map(|(level, days)| ((*level).to_owned(), *days))
            .collect();
        let stored: Option<BTreeMap<String, i64>> = settings.get("level_rhythm_days");
        rhythm.extend(stored.unwrap_or_default());
        Day {
            backdate_days: settings.get("backdate_days").unwrap_or(3),
            work_from: settings
                .get("work_from")
                .unwrap_or_else(|| "09:00".to_owned()),
            work_until: settings
                .get("work_until")
                .unwrap_or_else(|| "18:00".to_owned()),
            level_rhythm_days: rhythm,
        }
    }

    /// The settings with these changes, and what is wrong with them.
    pub fn with(mut self, changes: DayChanges) -> (Day, Vec<FieldProblem>) {
        let mut errors = Vec::new();
        if let Some(days) = changes.backdate_days {
            within(&mut errors, "backdate_days", days, 0, BACKDATE_DAYS_MAX);
            self.backdate_days = days;
        }
        for (level, days) in changes.level_rhythm_days.unwrap_or_default() {
            let pointer = format!("/level_rhythm_days/{level}");
            if LEVELS.iter().any(|(known, _)| *known == level) {
                within(&mut errors, &pointer, days, 1, RHYTHM_DAYS_MAX);
                self.level_rhythm_days.insert(level, days);
            } else {
                errors.push(FieldProblem::new(&pointer, "unknown_field", json!({})));
            }
        }
        for (name, said, own) in [
            ("work_from", changes.work_from, &mut self.work_from),
            ("work_until", changes.work_until, &mut self.work_until),
        ] {
            let Some(said) = said else { continue };
            if time_of(&said).is_none() {
                errors.push(FieldProblem::new(name, "not_a_time", json!({})));
            }
            *own = said;
        }
        if errors.is_empty() && time_of(&self.work_until) <= time_of(&self.work_from) {
            errors.push(FieldProblem::new(
                "work_until",
                "end_before_start",
                json!({}),
            ));
        }
        (self, errors)
    }

    /// Name and JSON of each setting.
    pub fn stored(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("backdate_days", json!(self.backdate_days)),
            ("work_from", json!(self.work_from)),
            ("work_until", json!(self.work_until)),
            ("level_rhythm_days", json!(self.level_rhythm_days)),
        ]
    }
}
