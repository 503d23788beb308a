//! The pipeline: what is open, by stage and by person, team or month of the expected close.

use std::collections::{BTreeMap, HashMap, HashSet};

use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::db::sum;
use platform::facts;
use platform::labels;
use platform::problem::Result;
use platform::web::{Doc, Labels, Money, Query, Routes, json};
use rules::filter::Filter;
use rules::opportunities::Outcome;
use rules::opportunities::facts::{STANDING_BY_DAY, STANDING_BY_OWNER};
use rules::period::Month;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::asked::{Asked, Question, between, empty, one_of};
use super::figure::{Sum, month_of};
use crate::opportunities::stages::{Process, Processes};

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/dashboard/pipeline",
        Doc::new("dashboard", "What is open, by stage and person, team or month")
            .about("Every figure carries the filter that opens its records. Without a process: the usual one. `from` and `to` limit the expected close.")
            .query::<Question>()
            .query::<Slicing>()
            .answers::<Pipeline>(),
        pipeline,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Slicing {
    /// `person` unless told.
    by: Option<By>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    Person,
    Team,
    Month,
}

#[derive(Debug, Serialize, ToSchema)]
struct Pipeline {
    process_id: Option<Uuid>,
    by: By,
    stages: Vec<Cell>,
    /// Months in their order, or the 100 people or teams with the most.
    slices: Vec<Cell>,
    /// How many people or teams have less than those.
    slices_left_out: usize,
    /// Of the slices that are told.
    cells: Vec<Cell>,
    total: Cell,
    /// Names of stages, people and teams.
    labels: Labels,
}

/// One figure: of a stage, of a slice, of both, or of all.
#[derive(Debug, Serialize, ToSchema)]
struct Cell {
    #[serde(skip_serializing_if = "Option::is_none")]
    stage_id: Option<Uuid>,
    /// A person's or team's id, or a month `2026-07`; null for those without. Absent where all slices are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    key: Option<Json>,
    count: i64,
    amount: Money,
    weighted_amount: Money,
    #[schema(value_type = Filter)]
    filter: Json,
}

/// More are nothing to look at, and would be most of the answer.
const SLICES_MAX: usize = 100;

/// What the rows of one slice have in common.
type Key = Option<String>;

async fn pipeline(
    access: Access,
    Query(question): Query<Question>,
    Query(slicing): Query<Slicing>,
) -> Result<Response> {
    let by = slicing.by.unwrap_or(By::Person);
    let processes = Processes::read(&access).await?;
    let process = processes.asked(question.process_id)?;
    let question = Question {
        process_id: process.map(|process| process.id),
        ..question
    };
    let asked = Asked::of(&access, &question)?;
    let cells = match process {
        Some(process) => read(&asked, process, by).await?,
        None => BTreeMap::new(),
    };
    json(&answer(&asked, process, by, cells).await?)
}

fn open_stages(process: &Process) -> Vec<Uuid> {
    process
        .stages
        .iter()
        .filter(|stage| stage.outcome == Outcome::Open)
        .map(|stage| stage.id)
        .collect()
}

/// Sums by slice and stage.
async fn read(asked: &Asked<'_>, process: &Process, by: By) -> Result<BTreeMap<(Key, Uuid), Sum>> {
    let directory = asked.access.app.directory();
    let mut cells: BTreeMap<(Key, Uuid), Sum> = BTreeMap::new();
    let mut add = |key: Option<String>, stage: Uuid, sum: Sum| {
        let key = match by {
            By::Month | By::Person => key,
            By::Team => {
                let owner = key.and_then(|owner| owner.parse::<Uuid>().ok());
                let person = owner.and_then(|id| directory.people.get(&id));
                person
                    .and_then(|person| person.team_id)
                    .map(|id| id.to_string())
            }
        };
        *cells.entry((key, stage)).or_default() += sum;
    };
    let rolled = match by {
        By::Month => asked.rolled(&STANDING_BY_DAY, None)?,
        // By owner and by day at once nothing is kept.
        _ if asked.has_period => None,
        By::Person | By::Team => asked.rolled(&STANDING_BY_OWNER, Some(&STANDING_BY_OWNER))?,
    };
    let (select, is_rolled) = match rolled {
        Some(cells) => (of_cells(asked, process, by, cells), true),
        None => (of_opportunities(asked, process, by)?, false),
    };
    for row in asked.access.rows(&select).await? {
        let stage = match is_rolled {
            true => row
                .try_get_by_index::<String>(0)?
                .parse()
                .unwrap_or_default(),
            false => row.try_get_by_index(0)?,
        };
        let key = match by {
            By::Month => row
                .try_get_by_index::<Option<String>>(1)?
                .filter(|month| !month.is_empty()),
            By::Person | By::Team => row
                .try_get_by_index::<Option<Uuid>>(1)?
                .filter(|id| !id.is_nil())
                .map(|id| id.to_string()),
        };
        let sum = Sum {
            count: row.try_get_by_index(2)?,
            amount_minor: row.try_get_by_index::<Option<i64>>(3)?.unwrap_or_default(),
            weighted_minor: row.try_get_by_index::<Option<i64>>(4)?.unwrap_or_default(),
        };
        add(key, stage, sum);
    }
    Ok(cells)
}

fn of_cells(
    asked: &Asked<'_>,
    process: &Process,
    by: By,
    mut cells: SelectStatement,
) -> SelectStatement {
    let slice = match by {
        By::Person | By::Team => facts::column("owner_id"),
        By::Month => month_of(facts::column("day")),
    };
    cells
        .expr_as(facts::column("part"), Alias::new("stage"))
        .expr_as(slice.clone(), Alias::new("slice"))
        .expr(sum(facts::column("count")))
        .expr(sum(facts::column("value")))
        .expr(sum(facts::column("weighted")))
        .and_where(facts::column("part").is_in(open_stages(process).iter().map(Uuid::to_string)))
        // Where something stood once, an empty cell stays.
        .and_where(facts::column("count").ne(0))
        .add_group_by([facts::column("part"), slice]);
    if asked.has_period {
        cells
            .and_where(facts::column("day").gte(asked.from.to_string()))
            .and_where(facts::column("day").lte(asked.to.to_string()));
    }
    cells
}

fn of_opportunities(asked: &Asked<'_>, process: &Process, by: By) -> Result<SelectStatement> {
    let mut select = asked.select()?;
    let slice = match by {
        By::Person | By::Team => asked.column("owner_id"),
        By::Month => month_of(asked.column("expected_close_on")),
    };
    select
        .expr_as(asked.column("stage_id"), Alias::new("stage"))
        .expr_as(slice.clone(), Alias::new("slice"))
        .expr(Expr::cust("COUNT(*)"))
        .expr(sum(asked.column("amount")))
        .expr(sum(asked.column("weighted_amount")))
        .and_where(asked.column("stage_id").is_in(open_stages(process)))
        .add_group_by([asked.column("stage_id"), slice]);
    if asked.has_period {
        let close = asked.column("expected_close_on");
        select
            .and_where(close.clone().gte(asked.from.to_string()))
            .and_where(close.lte(asked.to.to_string()));
    }
    Ok(select)
}

/// The test that a slice's records pass.
fn of_slice(by: By, key: &Key) -> Json {
    match (by, key) {
        (By::Person, Some(id)) => one_of("owner_id", json!([id])),
        (By::Person, None) => empty("owner_id"),
        (By::Team, Some(id)) => one_of("owner_id.team_id", json!([id])),
        (By::Team, None) => json!({ "or": [empty("owner_id"), empty("owner_id.team_id")] }),
        (By::Month, Some(month)) => match month.parse::<Month>() {
            Ok(month) => between("expected_close_on", month.first_day(), month.last_day()),
            Err(_) => empty("expected_close_on"),
        },
        (By::Month, None) => empty("expected_close_on"),
    }
}

async fn answer(
    asked: &Asked<'_>,
    process: Option<&Process>,
    by: By,
    cells: BTreeMap<(Key, Uuid), Sum>,
) -> Result<Pipeline> {
    let access = asked.access;
    let stages = process.map(open_stages).unwrap_or_default();
    let period = |from: NaiveDate, to: NaiveDate| between("expected_close_on", from, to);
    let cell = |stage_id: Option<Uuid>, key: Option<&Key>, sum: Sum| {
        let mut tests = vec![one_of(
            "stage_id",
            json!(stage_id.map_or_else(|| stages.clone(), |id| vec![id])),
        )];
        tests.extend(key.map(|key| of_slice(by, key)));
        tests.extend(asked.has_period.then(|| period(asked.from, asked.to)));
        Cell {
            stage_id,
            key: key.map(|key| json!(key)),
            count: sum.count,
            amount: Money::of(access, sum.amount_minor),
            weighted_amount: Money::of(access, sum.weighted_minor),
            filter: asked.opens(tests),
        }
    };
    let mut total = Sum::default();
    let mut by_stage: HashMap<Uuid, Sum> = HashMap::new();
    let mut by_slice: BTreeMap<&Key, Sum> = BTreeMap::new();
    for ((key, stage), sum) in &cells {
        total += *sum;
        *by_stage.entry(*stage).or_default() += *sum;
        *by_slice.entry(key).or_default() += *sum;
    }
    let mut slices: Vec<(&Key, Sum)> = by_slice.into_iter().collect();
    match by {
        // Months in their order, those without one at the end; people and teams by what they have open.
        By::Month => slices.sort_by_key(|(key, _)| (key.is_none(), (*key).clone())),
        By::Person | By::Team => slices.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.amount_minor)),
    }
    let slices_max = match by {
        By::Month => slices.len(),
        By::Person | By::Team => SLICES_MAX,
    };
    let left_out = slices.len().saturating_sub(slices_max);
    slices.truncate(slices_max);
    let shown: HashSet<&Key> = slices.iter().map(|(key, _)| *key).collect();
    let of = match by {
        By::Person => Some("people"),
        By::Team => Some("teams"),
        By::Month => None,
    };
    let sliced = slices
        .iter()
        .filter_map(|(key, _)| Some((of?.to_owned(), key.as_deref()?.parse().ok()?)));
    let named = stages
        .iter()
        .map(|id| ("stages".to_owned(), *id))
        .chain(sliced)
        .collect();
    Ok(Pipeline {
        process_id: process.map(|process| process.id),
        by,
        stages: stages
            .iter()
            .map(|id| {
                cell(
                    Some(*id),
                    None,
                    by_stage.get(id).copied().unwrap_or_default(),
                )
            })
            .collect(),
        slices: slices
            .iter()
            .map(|(key, sum)| cell(None, Some(key), *sum))
            .collect(),
        slices_left_out: left_out,
        cells: cells
            .iter()
            .filter(|((key, _), _)| shown.contains(key))
            .map(|((key, stage), sum)| cell(Some(*stage), Some(key), *sum))
            .collect(),
        total: cell(None, None, total),
        labels: labels::of(access, named).await?.into(),
    })
}
