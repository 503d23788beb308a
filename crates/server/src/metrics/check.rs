//! The editor's look at a formula before it is saved: what is wrong with it, or what comes of it.

use axum::response::Response;
use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Routes, json};
use rules::metrics::Unit;
use rules::metrics::formula::Formula;
use rules::metrics::periods::{Length, Period};
use rules::permission::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::catalogue::Catalogue;
use super::rules_of;
use crate::figures;

pub fn routes() -> Routes {
    Routes::default().post(
        "/api/metrics/check",
        Doc::new("metrics", "Try a formula without saving it")
            .about("What is wrong, with its place in the formula, or the figures of the last six months within the caller's scope.")
            .body::<TriedFormula>()
            .answers::<CheckedFormula>(),
        check,
    )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TriedFormula {
    /// The code that the metric has or is to have; a formula may not come back to it.
    code: Option<String>,
    formula: String,
    /// `count`, `money`, `ratio`, `days` or `number`, as which figures are rounded.
    unit: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CheckedFormula {
    #[schema(required)]
    problem: Option<FormulaProblem>,
    inputs: Vec<FormulaInput>,
    /// The last six months, none of a formula that can't be.
    preview: Vec<FormulaMonth>,
}

/// What is wrong, and where: characters from the formula's start.
#[derive(Debug, Serialize, ToSchema)]
struct FormulaProblem {
    code: String,
    about: String,
    from: usize,
    to: usize,
    /// In the caller's language.
    message: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct FormulaInput {
    metric: String,
    name: String,
    lag: u32,
}

#[derive(Debug, Serialize, ToSchema)]
struct FormulaMonth {
    period: String,
    #[schema(value_type = Option<f64>)]
    value: Json,
}

/// What is tried without a code; no metric can have it.
const TRIED: &str = "?";
const MONTHS: i32 = 6;

async fn check(access: Access, Body(tried): Body<TriedFormula>) -> Result<Response> {
    access.require("metrics", Action::Read)?;
    let mut catalogue = Catalogue::all(&access).await?;
    let code = tried.code.as_deref().unwrap_or(TRIED);
    let unit = match tried.unit.as_deref() {
        Some(unit) => {
            Unit::from_code(unit).ok_or_else(|| Problem::field("unit", "unknown_choice"))?
        }
        None => Unit::Number,
    };
    let language = access.actor.language.as_str();
    if let Some(bad) = rules_of::check(&catalogue, code, &tried.formula)? {
        let about = bad.reason.about();
        let key = format!("problems.{}", bad.reason.code());
        return json(&CheckedFormula {
            problem: Some(FormulaProblem {
                message: access.app.catalog.text(
                    language,
                    &key,
                    &serde_json::json!({ "about": about }),
                ),
                code: bad.reason.code().to_owned(),
                about,
                from: bad.from,
                to: bad.to,
            }),
            inputs: Vec::new(),
            preview: Vec::new(),
        });
    }
    let formula = Formula::parse(&tried.formula).map_err(Problem::internal)?;
    let inputs = formula.inputs().into_iter().map(|input| FormulaInput {
        metric: input.metric.clone(),
        name: catalogue
            .get(&input.metric)
            .map_or_else(String::new, |metric| metric.name(language).to_owned()),
        lag: input.lag,
    });
    let inputs = inputs.collect();
    catalogue.try_formula(TRIED, unit, &tried.formula);
    let now = Period::with_day(Length::Month, access.app.clock.today(), 1);
    let months: Vec<Period> = (1 - MONTHS..=0).map(|back| now.offset(back)).collect();
    let values = figures::of_company(&access, &catalogue, TRIED, &months).await?;
    let preview = months
        .iter()
        .zip(values)
        .map(|(month, value)| FormulaMonth {
            period: month.to_string(),
            value,
        });
    json(&CheckedFormula {
        problem: None,
        inputs,
        preview: preview.collect(),
    })
}
