//! Figures: metrics for periods and slices, held against other times and against peers, with the records behind each. Everything
//! that shows a figure asks here.

mod asked;
mod evaluate;
mod lines;
mod records;
mod shapes;
mod sums;
mod told;
mod whose;

use std::collections::{HashMap, HashSet};

use axum::response::Response;
use platform::access::Access;
use platform::directory::Directory;
use platform::problem::{Problem, Result};
use platform::web::{Doc, Query, Routes, json};
use rules::metrics::periods::Period;
use rules::permission::Action;
use serde::Deserialize;
use serde_json::{Value as Json, json as object};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::activities::Catalogue as Kinds;
use crate::exports::{self, FileFormat};
use crate::metrics::Catalogue;
use asked::{Asked, Question, Slices};
pub use asked::{Breakdown, ComparedWith};
use evaluate::{Figures, Group};
use sums::Sliced;
use whose::{Memberships, Whose};

pub fn routes() -> Routes {
    const ABOUT: &str = "Every figure comes from sums that are kept with the records, within the caller's scope: whoever is out of it counts \
        nothing here. What happened on a day counts for whose it was then, in the team of that day. A figure without value (a division by zero, nobody \
        to count) is null. Money is in minor units of the base currency, ratios are parts of 1. `records` opens what is behind a figure.";
    Routes::default()
        .get(
            "/api/figures",
            Doc::new("figures", "Metrics by period, slice and comparison")
                .about(ABOUT)
                .query::<Question>()
                .answers::<shapes::ToldFigures>(),
            figures,
        )
        .get(
            "/api/figures/export",
            Doc::new("figures", "The same as a file, one line for each figure")
                .about(ABOUT)
                .query::<Question>()
                .query::<FigureFile>()
                .answer_schema(
                    "application/octet-stream",
                    object!({ "type": "string", "format": "binary" }),
                ),
            export,
        )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FigureFile {
    /// `csv` unless told: columns by the API's names and money in minor units. `xlsx` is for people.
    #[serde(default = "csv")]
    #[param(inline)]
    format: FileFormat,
}

fn csv() -> FileFormat {
    FileFormat::Csv
}

async fn figures(access: Access, Query(question): Query<Question>) -> Result<Response> {
    json(&answer(&access, question).await?)
}

async fn export(
    access: Access,
    Query(question): Query<Question>,
    Query(file): Query<FigureFile>,
) -> Result<Response> {
    let told = answer(&access, question).await?;
    let title = access
        .app
        .catalog
        .text(&access.actor.language, "metrics.title", &object!({}));
    let columns = lines::columns(&access, file.format);
    let lines = lines::lines(&told, file.format)?;
    exports::small_file(&access, &title, file.format, columns, lines).await
}

async fn answer(access: &Access, question: Question) -> Result<shapes::ToldFigures> {
    access.require("metrics", Action::Read)?;
    let asked = Asked::of(access, question)?;
    let catalogue = Catalogue::all(access).await?;
    told::of(access, &asked, &catalogue).await
}

/// The figures of one metric for some periods, of all that the caller may see.
pub async fn of_company(
    access: &Access,
    catalogue: &Catalogue,
    metric: &str,
    periods: &[Period],
) -> Result<Vec<Json>> {
    let asked = Asked::plain(access, metric, periods);
    let told = told::of(access, &asked, catalogue).await?;
    Ok(told.values())
}

/// The resources whose facts are counted.
const COUNTED: [&str; 6] = [
    "activities",
    "customers",
    "opportunities",
    "contracts",
    "instalments",
    "payments",
];

/// Everything that the figures of a question are read with.
async fn ready<'a>(
    access: &'a Access,
    asked: &'a Asked,
    catalogue: &'a Catalogue,
    kinds: &'a Kinds,
) -> Result<Figures<'a>> {
    let directory = access.app.directory();
    let memberships = Memberships::all(access).await?;
    let sliced = sliced_whose(&directory, &asked.slices, &memberships)?;
    let mut whose: HashMap<&'static str, Whose> = HashMap::new();
    for name in COUNTED {
        if access.allows(name, Action::Read) {
            let resource = access.resource(name)?;
            let covered = access.covered(&resource, Action::Read);
            let seen = Whose::covered(covered.as_ref(), &memberships);
            whose.insert(name, seen.and(&sliced));
        }
    }
    let groups = match asked.by {
        Some(Breakdown::Team) => {
            let teams = asked.teams(&directory).into_iter();
            teams
                .map(|(team, below)| {
                    let theirs = Whose::teams(&below, &memberships);
                    let whose = whose
                        .iter()
                        .map(|(name, whose)| (*name, whose.and(&theirs)));
                    Group {
                        key: Some(team.to_string()),
                        whose: whose.collect(),
                    }
                })
                .collect()
        }
        _ => vec![Group { key: None, whose }],
    };
    let sliced = Sliced {
        access,
        kinds,
        slices: &asked.slices,
        by: asked.by,
    };
    Ok(Figures::new(sliced, catalogue, groups))
}

/// Whose facts the slices leave; 404 for a team or a person that is not there.
fn sliced_whose(
    directory: &Directory,
    slices: &Slices,
    memberships: &Memberships,
) -> Result<Whose> {
    let mut whose = Whose::default();
    if let Some(team) = slices.team_id {
        if !directory.teams.contains_key(&team) {
            return Err(Problem::not_found());
        }
        let teams: HashSet<Uuid> = directory.below(team).into_iter().collect();
        whose = Whose::teams(&teams, memberships);
    }
    let known = |person: Uuid| match directory.people.contains_key(&person) {
        true => Ok(person),
        false => Err(Problem::not_found()),
    };
    if let Some(person) = slices.supervisor_id {
        let person = known(person)?;
        let people = directory.people.keys().copied();
        let line = people.filter(|id| *id == person || directory.superiors(*id).contains(&person));
        whose = whose.and(&Whose::people(line));
    }
    if let Some(person) = slices.person_id {
        whose = whose.and(&Whose::people([known(person)?]));
    }
    Ok(whose)
}
