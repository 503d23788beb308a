//! The dashboards that ship with the product, and who begins with which.

use std::sync::LazyLock;

use platform::access::Access;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::stored::DashboardRow;
use super::tiles::Tile;
use crate::views::Shared;

#[derive(Debug, Deserialize)]
struct Ready {
    code: String,
    /// Codes of the roles that begin with it.
    roles: Vec<String>,
    tiles: Vec<Tile>,
}

/// The widest view first: whoever has several roles begins with that.
static READY: LazyLock<Vec<Ready>> =
    LazyLock::new(|| serde_json::from_str(include_str!("ready.json")).unwrap_or_default());

/// The same everywhere, so that an address opens the same dashboard for everybody.
fn id_of(position: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8006_0000_0000_0001 + position as u128)
}

pub fn rows(access: &Access) -> impl Iterator<Item = DashboardRow> {
    let language = &access.actor.language;
    READY
        .iter()
        .enumerate()
        .map(move |(position, ready)| DashboardRow {
            id: id_of(position),
            name: access.app.catalog.text(
                language,
                &format!("dashboard.ready.{}", ready.code),
                &json!({}),
            ),
            is_ready: true,
            tiles: ready.tiles.clone(),
            shared: Shared::All,
            owner_id: None,
            version: 0,
            can: Vec::new(),
        })
}

/// With which the actor begins: by their roles; with roles of the organisation's own, by whether somebody reports to them.
pub fn of_actor(access: &Access) -> Uuid {
    let directory = access.app.directory();
    let me = access.actor.person_id;
    let roles = directory.people.get(&me).map(|person| &person.role_ids);
    let codes: Vec<&str> = roles
        .into_iter()
        .flatten()
        .filter_map(|id| directory.roles.get(id)?.code.as_deref())
        .collect();
    let of_role = |ready: &Ready| {
        ready
            .roles
            .iter()
            .any(|role| codes.contains(&role.as_str()))
    };
    let leads = || {
        let mut people = directory.people.values();
        people.any(|person| person.supervisor_id == Some(me))
    };
    let fallback = || {
        let code = if leads() { "supervisor" } else { "salesperson" };
        READY.iter().position(|ready| ready.code == code)
    };
    id_of(
        READY
            .iter()
            .position(of_role)
            .or_else(fallback)
            .unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::metrics::standard;

    #[test]
    fn the_ready_dashboards_show_metrics_that_ship() {
        let codes: Vec<&str> = READY.iter().map(|ready| ready.code.as_str()).collect();
        assert_eq!(codes, ["director", "supervisor", "finance", "salesperson"]);
        for ready in READY.iter() {
            assert!(!ready.tiles.is_empty(), "{}", ready.code);
            for code in ready.tiles.iter().flat_map(|tile| &tile.metrics) {
                assert!(standard(code).is_some(), "{} {code}", ready.code);
            }
        }
    }
}
