//! The funnel: how many opportunities entered each stage in a period, how many went further, and how long it took.

use std::collections::HashMap;

use axum::response::Response;
use platform::access::Access;
use platform::db::sum;
use platform::labels;
use platform::problem::{Problem, Result};
use platform::web::{Doc, Labels, Query, Routes, json};
use rules::filter::Filter;
use rules::funnel::{STANDARD_CONVERSION, STEPS, standard_funnel};
use rules::opportunities::Outcome;
use rules::permission::Action;
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, Func, Query as Sql, SelectStatement,
};
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::{Asked, Question, one_of};
use super::figure::{Figure, Sum, share};
use crate::customers::FUNNEL_LEVELS;
use crate::opportunities::history::{TABLE, days};
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
    let process = match question.process_id {
        Some(id) => Some(processes.process(id).ok_or_else(Problem::not_found)?),
        None => processes.usual(false),
    };
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

fn entry(column: &str) -> Expr {
    Expr::col((Alias::new(TABLE), Alias::new(column)))
}

/// Entries of the process's stages in the period, joined with their opportunities in scope.
fn entries(asked: &Asked<'_>, process: &Process) -> Result<SelectStatement> {
    let (from, until) = asked.instants();
    let mut select = asked.select()?;
    select
        .inner_join(
            Alias::new(TABLE),
            entry("opportunity_id").eq(asked.column("id")),
        )
        .and_where(entry("stage_id").is_in(process.stages.iter().map(|stage| stage.id)))
        .and_where(entry("entered_at").gte(from))
        .and_where(entry("entered_at").lt(until));
    Ok(select)
}

#[derive(Debug, Default, Clone, Copy)]
struct Passage {
    entered: Sum,
    passed: Sum,
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

/// Opportunities, not entries: one that came twice counts once.
async fn passages(asked: &Asked<'_>, process: &Process) -> Result<HashMap<Uuid, Passage>> {
    let mut once = entries(asked, process)?;
    let has_passed = CaseStatement::new()
        .case(entry("passed_at").is_not_null(), 1)
        .finally(0);
    let passed = Func::max(has_passed);
    once.expr_as(entry("stage_id"), Alias::new("stage_id"))
        .expr_as(Func::max(asked.column("amount")), Alias::new("amount"))
        .expr_as(passed, Alias::new("passed"))
        .add_group_by([entry("stage_id"), entry("opportunity_id")]);
    let of_passed = Expr::cust("CASE WHEN passed = 1 THEN amount ELSE 0 END");
    let select = Sql::select()
        .column(Alias::new("stage_id"))
        .expr(Expr::cust("COUNT(*)"))
        .expr(sum(Expr::col(Alias::new("amount"))))
        .expr(sum(Expr::col(Alias::new("passed"))))
        .expr(sum(of_passed))
        .from_subquery(once, Alias::new("once"))
        .add_group_by([Expr::col(Alias::new("stage_id"))])
        .to_owned();
    let mut found = HashMap::new();
    for row in asked.access.rows(&select).await? {
        let int = |i: usize| {
            row.try_get_by_index::<Option<i64>>(i)
                .map(Option::unwrap_or_default)
        };
        let entered = Sum {
            count: int(1)?,
            amount_minor: int(2)?,
            weighted_minor: 0,
        };
        let passed = Sum {
            count: int(3)?,
            amount_minor: int(4)?,
            weighted_minor: 0,
        };
        found.insert(row.try_get_by_index(0)?, Passage { entered, passed });
    }
    Ok(found)
}

/// Median days in each stage, of the entries that have been left.
async fn medians(asked: &Asked<'_>, process: &Process) -> Result<HashMap<Uuid, f64>> {
    let mut left = entries(asked, process)?;
    left.expr_as(entry("stage_id"), Alias::new("stage_id"))
        .expr_as(
            entry("left_at").sub(entry("entered_at")),
            Alias::new("stayed"),
        )
        .and_where(entry("left_at").is_not_null());
    let ranked = Sql::select()
        .columns(["stage_id", "stayed"].map(Alias::new))
        .expr_as(
            Expr::cust("ROW_NUMBER() OVER (PARTITION BY stage_id ORDER BY stayed)"),
            Alias::new("place"),
        )
        .expr_as(
            Expr::cust("COUNT(*) OVER (PARTITION BY stage_id)"),
            Alias::new("total"),
        )
        .from_subquery(left, Alias::new("left_entries"))
        .to_owned();
    let select = Sql::select()
        .column(Alias::new("stage_id"))
        .expr(Expr::cust("CAST(SUM(stayed) AS BIGINT)"))
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(ranked, Alias::new("ranked"))
        .and_where(Expr::cust("place IN ((total + 1) / 2, total / 2 + 1)"))
        .add_group_by([Expr::col(Alias::new("stage_id"))])
        .to_owned();
    let mut found = HashMap::new();
    for row in asked.access.rows(&select).await? {
        let (stayed, middle): (i64, i64) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        found.insert(row.try_get_by_index(0)?, days(stayed / Ord::max(middle, 1)));
    }
    Ok(found)
}

/// Customers in scope by the level that they stand at now; none for whoever may not read customers.
async fn customers(access: &Access) -> Result<Vec<LevelFigures>> {
    if !access.allows("customers", Action::Read) {
        return Ok(Vec::new());
    }
    let resource = access.resource("customers")?;
    let mut select = access.scoped(&resource, Action::Read)?;
    select
        .expr(resource.column("funnel_level"))
        .expr(Expr::cust("COUNT(*)"))
        .add_group_by([resource.column("funnel_level")]);
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
