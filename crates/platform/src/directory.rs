//! The organisation as access needs it, kept in memory: people, teams, roles, lines of command.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rules::permission::{Grants, Scope};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Query};
use uuid::Uuid;

use crate::problem::Result;

#[derive(Debug, Clone)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub email: Option<String>,
    pub mobile: Option<String>,
    pub title: Option<String>,
    pub team_id: Option<Uuid>,
    /// As entered; the line of command falls back to the team's manager.
    pub supervisor_id: Option<Uuid>,
    pub role_ids: Vec<Uuid>,
    pub language: String,
    pub time_zone: Option<String>,
    pub is_active: bool,
}

#[derive(Debug, Clone)]
pub struct Team {
    pub id: Uuid,
    pub name: String,
    pub parent_id: Option<Uuid>,
    pub manager_id: Option<Uuid>,
}

#[derive(Debug, Clone)]
pub struct Role {
    pub id: Uuid,
    pub name: String,
    pub code: Option<String>,
    pub grants: Grants,
}

#[derive(Debug, Default)]
pub struct Directory {
    pub people: HashMap<Uuid, Person>,
    pub teams: HashMap<Uuid, Team>,
    pub roles: HashMap<Uuid, Role>,
    /// How many people each one leads, themselves among them; counted when it is first asked.
    led: OnceLock<HashMap<Uuid, usize>>,
}

/// Deeper than any organisation; stops a cycle that a damaged database might hold.
const DEPTH_MAX: usize = 64;

impl Directory {
    /// Whether it knows this record, of a resource that it keeps.
    pub fn has(&self, resource: &str, id: Uuid) -> bool {
        match resource {
            "people" => self.people.contains_key(&id),
            "teams" => self.teams.contains_key(&id),
            _ => false,
        }
    }

    pub async fn load(db: &impl ConnectionTrait) -> Result<Directory> {
        let mut directory = Directory::default();
        let select = |table: &str, columns: &[&str]| {
            Query::select()
                .columns(columns.iter().map(|c| Alias::new(*c)))
                .from(Alias::new(table))
                .to_owned()
        };
        let people = db
            .query_all(&select(
                "person",
                &[
                    "id",
                    "name",
                    "email",
                    "mobile",
                    "title",
                    "team_id",
                    "supervisor_id",
                    "role_ids",
                    "language",
                    "time_zone",
                    "is_active",
                ],
            ))
            .await?;
        for row in people {
            let roles: Option<String> = row.try_get_by_index(7)?;
            let role_ids: Vec<Uuid> = roles
                .and_then(|roles| serde_json::from_str(&roles).ok())
                .unwrap_or_default();
            let person = Person {
                id: row.try_get_by_index(0)?,
                name: row.try_get_by_index(1)?,
                email: row.try_get_by_index(2)?,
                mobile: row.try_get_by_index(3)?,
                title: row.try_get_by_index(4)?,
                team_id: row.try_get_by_index(5)?,
                supervisor_id: row.try_get_by_index(6)?,
                role_ids,
                language: row
                    .try_get_by_index::<Option<String>>(8)?
                    .unwrap_or_else(|| "zh-CN".into()),
                time_zone: row.try_get_by_index(9)?,
                is_active: row.try_get_by_index::<Option<bool>>(10)?.unwrap_or(true),
            };
            directory.people.insert(person.id, person);
        }
        for row in db
            .query_all(&select("team", &["id", "name", "parent_id", "manager_id"]))
            .await?
        {
            let team = Team {
                id: row.try_get_by_index(0)?,
                name: row.try_get_by_index(1)?,
                parent_id: row.try_get_by_index(2)?,
                manager_id: row.try_get_by_index(3)?,
            };
            directory.teams.insert(team.id, team);
        }
        for row in db
            .query_all(&select("role", &["id", "name", "code", "grants"]))
            .await?
        {
            let grants: Option<String> = row.try_get_by_index(3)?;
            let role = Role {
                id: row.try_get_by_index(0)?,
                name: row.try_get_by_index(1)?,
                code: row.try_get_by_index(2)?,
                grants: grants
                    .and_then(|grants| serde_json::from_str(&grants).ok())
                    .unwrap_or_default(),
            };
            directory.roles.insert(role.id, role);
        }
        Ok(directory)
    }

    pub fn name(&self, person: Uuid) -> Option<&str> {
        self.people.get(&person).map(|person| person.name.as_str())
    }

    /// The team and all above it, nearest first.
    pub fn ancestors(&self, team: Uuid) -> Vec<Uuid> {
        let mut path = Vec::new();
        let mut next = Some(team);
        while let Some(id) = next {
            if path.contains(&id) || path.len() == DEPTH_MAX {
                break;
            }
            path.push(id);
            next = self.teams.get(&id).and_then(|team| team.parent_id);
        }
        path
    }

    /// Who a person reports to: the named supervisor, else the nearest team manager above.
    pub fn supervisor(&self, person: Uuid) -> Option<Uuid> {
        let person = self.people.get(&person)?;
        if person.supervisor_id.is_some() {
            return person.supervisor_id;
        }
        self.ancestors(person.team_id?).iter().find_map(|team| {
            self.teams
                .get(team)?
                .manager_id
                .filter(|manager| *manager != person.id)
        })
    }

    /// Everybody above a person in the line of command, nearest first.
    pub fn superiors(&self, person: Uuid) -> Vec<Uuid> {
        let mut line = Vec::new();
        let mut next = self.supervisor(person);
        while let Some(id) = next {
            if id == person || line.contains(&id) || line.len() == DEPTH_MAX {
                break;
            }
            line.push(id);
            next = self.supervisor(id);
        }
        line
    }

    /// Whether the scopes of `actor` cover what `owner` owns.
    pub fn covers(&self, scopes: &[Scope], actor: Uuid, owner: Option<Uuid>) -> bool {
        scopes.iter().any(|scope| match scope {
            Scope::All => true,
            _ if owner.is_none() => false,
            _ if owner == Some(actor) && !matches!(scope, Scope::NamedTeams(_)) => true,
            Scope::Own => false,
            Scope::OwnAndSubordinates => {
                owner.is_some_and(|owner| self.superiors(owner).contains(&actor))
            }
            Scope::Team => {
                self.team_of(owner).is_some() && self.team_of(owner) == self.team_of(Some(actor))
            }
            Scope::TeamAndBelow => match (self.team_of(owner), self.team_of(Some(actor))) {
                (Some(theirs), Some(mine)) => self.ancestors(theirs).contains(&mine),
                _ => false,
            },
            Scope::NamedTeams(teams) => self
                .team_of(owner)
                .is_some_and(|team| teams.contains(&team)),
        })
    }

    /// Of how many people `actor` has the records in these scopes, those counted twice that are in two of them.
    pub fn reach(&self, scopes: &[Scope], actor: Uuid) -> usize {
        let in_teams = |wanted: &dyn Fn(Uuid) -> bool| {
            let people = self.people.values();
            people.filter(|one| one.team_id.is_some_and(wanted)).count()
        };
        let mine = self.team_of(Some(actor));
        let reach = |scope: &Scope| match scope {
            Scope::All => self.people.len(),
            Scope::Own => 1,
            Scope::OwnAndSubordinates => self.led().get(&actor).copied().unwrap_or(1),
            Scope::Team => in_teams(&|team| Some(team) == mine),
            Scope::TeamAndBelow => {
                let below: HashSet<Uuid> = mine.map(|team| self.below(team)).unwrap_or_default();
                in_teams(&|team| below.contains(&team))
            }
            Scope::NamedTeams(teams) => in_teams(&|team| teams.contains(&team)),
        };
        scopes.iter().map(reach).sum()
    }

    fn led(&self) -> &HashMap<Uuid, usize> {
        self.led.get_or_init(|| {
            let mut led = HashMap::new();
            for (superior, _) in self.command_closure() {
                *led.entry(superior).or_default() += 1;
            }
            led
        })
    }

    /// The team and all below it.
    pub fn below(&self, team: Uuid) -> HashSet<Uuid> {
        let teams = self.teams.keys().copied();
        teams
            .filter(|below| self.ancestors(*below).contains(&team))
            .collect()
    }

    fn team_of(&self, person: Option<Uuid>) -> Option<Uuid> {
        self.people.get(&person?)?.team_id
    }

    /// `(ancestor, descendant)` pairs of all teams, each with itself.
    pub fn team_closure(&self) -> HashSet<(Uuid, Uuid)> {
        self.teams
            .keys()
            .flat_map(|team| {
                self.ancestors(*team)
                    .into_iter()
                    .map(|above| (above, *team))
            })
            .collect()
    }

    /// `(superior, person)` pairs of the whole line of command, each person with themselves.
    pub fn command_closure(&self) -> HashSet<(Uuid, Uuid)> {
        self.people
            .keys()
            .flat_map(|person| {
                std::iter::once((*person, *person)).chain(
                    self.superiors(*person)
                        .into_iter()
                        .map(|superior| (superior, *person)),
                )
            })
            .collect()
    }
}
