//! Who can see a record, and why: asked of the organisation in memory, for everybody at once.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use platform::access::{Access, Right};
use platform::directory::Person;
use platform::problem::Result;
use platform::resource::Guard;
use platform::web::{Doc, Path, Query as Asked, Routes, Total, asked_number, json};
use rules::permission::{Action, Grants, Scope};
use sea_orm::sea_query::ExprTrait;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const PAGE_SIZE: usize = 200;
const PAGE_MAX: u64 = 1_000;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/{resource}/{id}/viewers",
        Doc::new(
            "sharing",
            "Who can see a record, and why, by name, 200 a page",
        )
        .query::<Page>()
        .answers::<ViewerList>(),
        list,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// From 1.
    page: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ViewerList {
    rows: Vec<Viewer>,
    total: Total,
}

#[derive(Debug, Serialize, ToSchema)]
struct Viewer {
    person_id: Uuid,
    name: String,
    team_name: Option<String>,
    right: Right,
    why: Vec<Why>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Why {
    kind: Reason,
    /// The role that allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// How far the role reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    /// The last day of a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    until_on: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Reason {
    Owner,
    Role,
    Shared,
}

fn scope_name(scope: &Scope) -> &'static str {
    match scope {
        Scope::Own => "own",
        Scope::OwnAndSubordinates => "own_and_subordinates",
        Scope::Team => "team",
        Scope::TeamAndBelow => "team_and_below",
        Scope::NamedTeams(_) => "named_teams",
        Scope::All => "all",
    }
}

/// One record as the scopes see it.
struct Question<'a> {
    access: &'a Access,
    resource: &'a str,
    is_for_everybody: bool,
    owner: Option<Uuid>,
    shares: HashMap<Uuid, (Right, Option<String>)>,
}

async fn list(
    access: Access,
    Path((name, id)): Path<(String, Uuid)>,
    Asked(page): Asked<Page>,
) -> Result<Response> {
    let number = asked_number("page", page.page, 1, PAGE_MAX)?;
    let record = access.get(&access.resource(&name)?, id).await?;
    let (root, owner) = access.root_of(&record).await?;
    let mut select = super::select_of(root);
    select.and_where(
        platform::db::col("until_on")
            .is_null()
            .or(platform::db::col("until_on").gte(access.app.clock.today().to_string())),
    );
    let mut shares = HashMap::new();
    for row in access.rows(&select).await? {
        let share = super::read(&row)?;
        shares.insert(share.person_id, (share.right, share.until_on));
    }
    let question = Question {
        access: &access,
        resource: &record.resource.name,
        is_for_everybody: record.resource.guard == Guard::Everybody,
        owner,
        shares,
    };
    let directory = access.app.directory();
    let mut people: Vec<&Person> = directory
        .people
        .values()
        .filter(|person| person.is_active)
        .collect();
    people.sort_by_cached_key(|person| (rules::names::pinyin(&person.name).full, person.id));
    let viewers: Vec<Viewer> = people
        .into_iter()
        .filter_map(|person| question.viewer(person))
        .collect();
    let count = viewers.len() as u64;
    let rows = viewers
        .into_iter()
        .skip((number as usize - 1) * PAGE_SIZE)
        .take(PAGE_SIZE)
        .collect();
    json(&ViewerList {
        rows,
        total: Total { count, exact: true },
    })
}

impl Question<'_> {
    fn viewer(&self, person: &Person) -> Option<Viewer> {
        let directory = self.access.app.directory();
        let grants: Vec<(&str, &Grants)> = person
            .role_ids
            .iter()
            .filter_map(|id| directory.roles.get(id))
            .map(|role| (role.name.as_str(), &role.grants))
            .collect();
        let mut why = Vec::new();
        let mut right = Right::Read;
        for (role, grants) in &grants {
            if let Some(scope) = self.reaching(grants, Action::Read, person.id) {
                let is_owner = self.owner == Some(person.id);
                let kind = if is_owner {
                    Reason::Owner
                } else {
                    Reason::Role
                };
                // Two roles of an owner are one reason.
                if !(is_owner && why.iter().any(|known: &Why| known.kind == Reason::Owner)) {
                    let role = (!is_owner).then(|| (*role).to_owned());
                    let scope = (!is_owner).then(|| scope_name(scope));
                    why.push(Why {
                        kind,
                        role,
                        scope,
                        until_on: None,
                    });
                }
            }
            if self.reaching(grants, Action::Edit, person.id).is_some() {
                right = Right::Edit;
            }
        }
        let may = |action: Action| {
            grants
                .iter()
                .any(|(_, grants)| granted(grants, self.resource, action).is_some())
        };
        if let Some((shared, until_on)) = self.shares.get(&person.id).filter(|_| may(Action::Read))
        {
            why.push(Why {
                kind: Reason::Shared,
                role: None,
                scope: None,
                until_on: until_on.clone(),
            });
            if *shared == Right::Edit && may(Action::Edit) {
                right = Right::Edit;
            }
        }
        if why.is_empty() {
            return None;
        }
        let team = person.team_id.and_then(|id| directory.teams.get(&id));
        Some(Viewer {
            person_id: person.id,
            name: person.name.clone(),
            team_name: team.map(|team| team.name.clone()),
            right,
            why,
        })
    }

    /// The scope by which a role lets a person do this to the record.
    fn reaching<'a>(&self, grants: &'a Grants, action: Action, person: Uuid) -> Option<&'a Scope> {
        let scope = granted(grants, self.resource, action)?;
        let directory: Arc<_> = self.access.app.directory();
        let reaches = self.is_for_everybody
            || directory.covers(std::slice::from_ref(scope), person, self.owner);
        reaches.then_some(scope)
    }
}

fn granted<'a>(grants: &'a Grants, resource: &str, action: Action) -> Option<&'a Scope> {
    // An empty list of teams denies.
    grants
        .resources
        .get(resource)?
        .get(&action)
        .filter(|scope| **scope != Scope::NamedTeams(Vec::new()))
}
