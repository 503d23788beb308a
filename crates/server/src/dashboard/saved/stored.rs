//! Saved dashboards as they are stored.

use platform::access::Access;
use platform::problem::{Problem, Result};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Query, SelectStatement};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::tiles::Tile;
use crate::views::{Shared, Sharing};

pub const TABLE: &str = "saved_dashboard";
const NAME_MAX: usize = 60;

#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardRow {
    pub id: Uuid,
    pub name: String,
    /// It ships with the product: nobody changes it, anybody may save it as their own.
    pub is_ready: bool,
    pub tiles: Vec<Tile>,
    pub shared: Shared,
    #[schema(required)]
    pub owner_id: Option<Uuid>,
    pub version: i64,
    pub can: Vec<&'static str>,
}

/// A dashboard that somebody saved.
pub struct Dashboard {
    pub id: Uuid,
    pub name: String,
    pub tiles: Vec<Tile>,
    pub sharing: Sharing,
    pub version: i64,
}

const COLUMNS: [&str; 7] = [
    "id", "name", "tiles", "shared", "owner_id", "team_id", "version",
];

impl Dashboard {
    pub fn select() -> SelectStatement {
        Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new(TABLE))
            .to_owned()
    }

    pub fn read(row: &QueryResult) -> Result<Dashboard> {
        let tiles: String = row.try_get_by_index(2)?;
        let shared: String = row.try_get_by_index(3)?;
        Ok(Dashboard {
            id: row.try_get_by_index(0)?,
            name: row.try_get_by_index(1)?,
            tiles: serde_json::from_str(&tiles).map_err(Problem::internal)?,
            sharing: Sharing {
                owner_id: row.try_get_by_index(4)?,
                shared: Shared::of(&shared),
                team_id: row.try_get_by_index(5)?,
            },
            version: row.try_get_by_index(6)?,
        })
    }

    /// What everybody sees, whoever configures metrics may change as well.
    pub fn may_change(&self, access: &Access) -> bool {
        self.sharing.may_change(access, "metrics")
    }

    pub fn row(self, access: &Access) -> DashboardRow {
        DashboardRow {
            can: match self.may_change(access) {
                true => vec!["edit", "delete"],
                false => Vec::new(),
            },
            id: self.id,
            name: self.name,
            is_ready: false,
            tiles: self.tiles,
            shared: self.sharing.shared,
            owner_id: Some(self.sharing.owner_id),
            version: self.version,
        }
    }

    pub fn check(&self, access: &Access) -> Result<()> {
        if self.name.is_empty() {
            return Err(Problem::field("name", "required"));
        }
        if self.name.chars().count() > NAME_MAX {
            let params = json!({ "max": NAME_MAX });
            return Err(Problem::field_with("name", "too_long", params));
        }
        self.sharing.check(access, "metrics")
    }

    pub fn parts(&self) -> Result<[(&'static str, sea_orm::Value); 4]> {
        let tiles = serde_json::to_string(&self.tiles).map_err(Problem::internal)?;
        let [shared, team] = self.sharing.parts();
        Ok([
            ("name", self.name.as_str().into()),
            ("tiles", tiles.into()),
            shared,
            team,
        ])
    }
}
