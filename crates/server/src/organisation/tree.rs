//! The teams as a tree, each with its manager and its people.

use std::collections::HashMap;

use axum::response::Response;
use platform::access::Access;
use platform::labels;
use platform::problem::Result;
use platform::resource::Record;
use platform::web::{Doc, Labels, Routes, json};
use rules::permission::Action;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ledger::Names;

/// Deeper than any organisation; see `rules_of`.
const DEPTH_MAX: usize = 64;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/teams/tree",
        Doc::new("organisation", "The teams as a tree, each level by name").answers::<TeamTree>(),
        tree,
    )
}

#[derive(Debug, Serialize, ToSchema)]
struct TeamTree {
    rows: Vec<TeamNode>,
    labels: Labels,
}

#[derive(Debug, Serialize, ToSchema)]
struct TeamNode {
    id: Uuid,
    name: String,
    code: Option<String>,
    kind: String,
    region: Option<String>,
    manager_id: Option<Uuid>,
    version: i64,
    /// Active people in the team itself.
    people: usize,
    /// The same with all teams below.
    people_below: usize,
    #[schema(no_recursion)]
    children: Vec<TeamNode>,
}

async fn tree(access: Access) -> Result<Response> {
    let resource = access.resource("teams")?;
    let select = access.select(&resource, Action::Read)?;
    let mut teams = access.records(&resource, &select).await?;
    teams.sort_by_cached_key(|team| (rules::names::pinyin(&team.label()).full, team.id()));
    let directory = access.app.directory();
    let mut people: HashMap<Uuid, usize> = HashMap::new();
    for team in directory
        .people
        .values()
        .filter(|person| person.is_active)
        .filter_map(|person| person.team_id)
    {
        *people.entry(team).or_default() += 1;
    }
    let mut names = Names::new();
    names.extend(
        teams
            .iter()
            .filter_map(|team| Some(("people".to_owned(), team.reference("manager_id")?))),
    );
    let mut below: HashMap<Option<Uuid>, Vec<&Record>> = HashMap::new();
    for team in &teams {
        below
            .entry(team.reference("parent_id"))
            .or_default()
            .push(team);
    }
    let rows = nodes(&below, None, &people, 0);
    json(&TeamTree {
        rows,
        labels: labels::of(&access, names).await?.into(),
    })
}

fn nodes(
    below: &HashMap<Option<Uuid>, Vec<&Record>>,
    parent: Option<Uuid>,
    people: &HashMap<Uuid, usize>,
    depth: usize,
) -> Vec<TeamNode> {
    if depth == DEPTH_MAX {
        return Vec::new();
    }
    let teams = below.get(&parent).map(Vec::as_slice).unwrap_or_default();
    teams
        .iter()
        .map(|team| {
            let id = team.id();
            let children = nodes(below, Some(id), people, depth + 1);
            let own = people.get(&id).copied().unwrap_or_default();
            let text = |field: &str| team.get(field).as_text().map(str::to_owned);
            TeamNode {
                id,
                name: team.label(),
                code: text("code"),
                kind: text("kind").unwrap_or_default(),
                region: text("region"),
                manager_id: team.reference("manager_id"),
                version: team.version(),
                people: own,
                people_below: own
                    + children
                        .iter()
                        .map(|child| child.people_below)
                        .sum::<usize>(),
                children,
            }
        })
        .collect()
}
