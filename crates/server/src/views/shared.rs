//! With whom something that a person arranged for themselves is shared: nobody, their team, or everybody.

use platform::access::Access;
use platform::db::col;
use platform::problem::{Problem, Result};
use rules::permission::Action;
use sea_orm::sea_query::{Condition, ExprTrait};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    #[default]
    Me,
    Team,
    All,
}

impl Shared {
    pub fn name(self) -> &'static str {
        match self {
            Shared::Me => "me",
            Shared::Team => "team",
            Shared::All => "all",
        }
    }

    pub fn of(name: &str) -> Shared {
        match name {
            "team" => Shared::Team,
            "all" => Shared::All,
            _ => Shared::Me,
        }
    }
}

/// Whose it is, and who else sees it; kept in the columns `owner_id`, `shared` and `team_id`.
#[derive(Debug, Clone, Copy)]
pub struct Sharing {
    pub owner_id: Uuid,
    pub shared: Shared,
    pub team_id: Option<Uuid>,
}

impl Sharing {
    /// The actor's own.
    pub fn by(access: &Access, shared: Shared) -> Sharing {
        Sharing {
            owner_id: access.actor.person_id,
            shared: Shared::Me,
            team_id: None,
        }
        .with(access, shared)
    }

    /// Shared from now on with whom the actor says; the team is the actor's.
    pub fn with(self, access: &Access, shared: Shared) -> Sharing {
        Sharing {
            shared,
            team_id: access.actor.team_id.filter(|_| shared == Shared::Team),
            ..self
        }
    }

    /// Mine, those of my team and the teams above it, and everybody's.
    pub fn visible(access: &Access) -> Condition {
        let teams = access
            .actor
            .team_id
            .map(|team| access.app.directory().ancestors(team))
            .unwrap_or_default();
        Condition::any()
            .add(col("owner_id").eq(access.actor.person_id))
            .add(col("shared").eq(Shared::All.name()))
            .add(
                Condition::all()
                    .add(col("shared").eq(Shared::Team.name()))
                    .add(col("team_id").is_in(teams)),
            )
    }

    /// What is everybody's, whoever configures `resource` may change as well.
    pub fn may_change(&self, access: &Access, resource: &str) -> bool {
        let own = self.owner_id == access.actor.person_id;
        let configures = || access.allows(resource, Action::Configure);
        !access.actor.read_only && (own || (self.shared == Shared::All && configures()))
    }

    /// Sharing with a team needs one, sharing with everybody the right to configure `resource`.
    pub fn check(&self, access: &Access, resource: &str) -> Result<()> {
        match self.shared {
            Shared::Me => Ok(()),
            Shared::Team if self.team_id.is_some() => Ok(()),
            Shared::Team => Err(Problem::field("shared", "cannot_share_with_team")),
            Shared::All => access.require_configure(resource),
        }
    }

    pub fn parts(&self) -> [(&'static str, sea_orm::Value); 2] {
        [
            ("shared", self.shared.name().into()),
            ("team_id", self.team_id.into()),
        ]
    }
}
