//! The funnel: how many opportunities entered each stage in a period, how many went further, and how long it took.

use std::collections::HashMap;

use axum::response::Response;
use platform::access::Access;
use platform::db::sum;
use platform::facts;
use platform::labels;
use platform::problem::Result;
use platform::web::{Doc, Labels, Query, Routes, json};
use rules::filter::Filter;
use rules::funnel::facts::CUSTOMERS_BY_OWNER;
use rules::funnel::{STANDARD_CONVERSION, STEPS, standard_funnel};
use rules::opportunities::Outcome;
use rules::permission::Action;
use sea_orm::sea_query::Expr;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::{Asked, Question, one_of};
use super::figure::{Figure, share};
use super::passages::{medians, passages};
use crate::customers::FUNNEL_LEVELS;
use crate::opportunities::stages::{Process, Processes, Stage};

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/dashboard/funnel",
        Doc::new("dashboard", "Entered, passed and median days per stage; customers per funnel level")
            .about("Conversion: of those that entered the stage in the period, the share that went further by now. Every figure carries the filter that opens its records.")
            .query::<Question>()
            .answers::<Funnel>(),
        funnel,
    )
}

#[derive(Debug, Serialize, ToSchema)]
struct Funnel {
    process_id: Option<Uuid>,
    from: String,
    to: String,
    stages: Vec<StageFigures>,
    customers: Vec<LevelFigures>,
    /// Names of the stages.
    labels: Labels,
}

#[derive(Debug, Serialize, ToSchema)]
struct StageFigures {
    stage_id: Uuid,
    kind: Outcome,
    entered: Figure,
    passed: Figure,
    /// Passed ÷ entered, from 0 to 1.
    conversion: Option<f64>,
    standard_conversion: f64,
    /// Of those that entered in the period and have left, to a tenth.
    median_days: Option<f64>,
    standard_days: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct LevelFigures {
    funnel_level: &'static str,
    count: i64,
    /// What the standard (100→50→25→12→6) expects beside all customers of the five levels.
    standard: Option<u64>,
    /// The list that `filter` is for.
    resource: &'static str,
    #[schema(value_type = Filter)]
    filter: Json,
}

async fn funnel(access: Access, Query(question): Query<Question>) -> Result<Response> {
    let processes = Processes::read(&access).await?;
    let process = processes.asked(question.process_id)?;
    let question = Question {
        process_id: process.map(|process| process.id),
        ..question
    };
    let asked = Asked::of(&access, &question)?;
    let stages = match process {
        Some(process) => stages(&asked, process).await?,
        None => Vec::new(),
    };
    let named = stages
        .iter()
        .map(|stage| ("stages".to_owned(), stage.stage_id))
        .collect();
    json(&Funnel {
        process_id: process.map(|process| process.id),
        from: asked.from.to_string(),
        to: asked.to.to_string(),
        stages,
        customers: customers(&access).await?,
        labels: labels::of(&access, named).await?.into(),
    })
}

async fn stages(asked: &Asked<'_>, process: &Process) -> Result<Vec<StageFigures>> {
    let passages = passages(asked, process).await?;
    let medians = medians(asked, process).await?;
    let figures = |stage: &Stage| {
        let found = passages.get(&stage.id).copied().unwrap_or_default();
        let has_entered = |more: Option<Json>| {
            let mut and = vec![one_of("stage_id", json!([stage.id]))];
            and.extend(asked.within("entered_at"));
            and.extend(more);
            asked.opens([json!({ "has": "stages", "with": { "and": and } })])
        };
        let passed = json!({ "field": "passed_at", "op": "not_empty" });
        StageFigures {
            stage_id: stage.id,
            kind: stage.outcome,
            entered: Figure::of(asked.access, found.entered, has_entered(None)),
            passed: Figure::of(asked.access, found.passed, has_entered(Some(passed))),
            conversion: match stage.outcome {
                Outcome::Open => share(found.passed.count, found.entered.count),
                _ => None,
            },
            standard_conversion: STANDARD_CONVERSION,
            median_days: medians.get(&stage.id).copied(),
            standard_days: stage.standard_days,
        }
    };
    Ok(process.stages.iter().map(figures).collect())
}

/// Customers in scope by the level that they stand at now; none for whoever may not read customers.
async fn customers(access: &Access) -> Result<Vec<LevelFigures>> {
    if !access.allows("customers", Action::Read) {
        return Ok(Vec::new());
    }
    let resource = access.resource("customers")?;
    let select = match facts::cells(
        access,
        &resource,
        &CUSTOMERS_BY_OWNER,
        Some(&CUSTOMERS_BY_OWNER),
    )? {
        Some(mut cells) => {
            cells
                .expr(facts::column("part"))
                .expr(sum(facts::column("count")))
                .add_group_by([facts::column("part")]);
            cells
        }
        None => {
            let mut select = access.scoped(&resource, Action::Read)?;
            select
                .expr(resource.column("funnel_level"))
                .expr(Expr::cust("COUNT(*)"))
                .add_group_by([resource.column("funnel_level")]);
            select
        }
    };
    let mut counts: HashMap<String, i64> = HashMap::new();
    for row in access.rows(&select).await? {
        counts.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    let all: i64 = counts.values().sum();
    let standard = standard_funnel(all.unsigned_abs());
    Ok(FUNNEL_LEVELS
        .into_iter()
        .map(|level| LevelFigures {
            funnel_level: level,
            count: counts.get(level).copied().unwrap_or_default(),
            standard: STEPS
                .iter()
                .position(|step| step.code() == level)
                .map(|step| standard[step]),
            resource: "customers",
            filter: one_of("funnel_level", json!([level])),
        })
        .collect())
}
