//! Saved dashboards: tiles of figures under a name, for oneself, one's team, or everybody; and those that ship.

mod ready;
mod stored;
mod tiles;

use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::clock::new_id;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Path, Routes, created, expected_version, json, no_content};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json as object};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::metrics::Catalogue;
use crate::views::{Shared, Sharing};
use stored::{Dashboard, DashboardRow, TABLE};
use tiles::Tile;

/// Dashboards that one person keeps.
const DASHBOARDS_MAX: usize = 50;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/dashboards",
            Doc::new("dashboard", "My dashboards, those shared with me, and those that ship")
                .answers::<DashboardList>(),
            list,
        )
        .post(
            "/api/dashboards",
            Doc::new("dashboard", "Save a dashboard")
                .about("Shared as views are: anybody may share with their own team; sharing with everybody needs the right to configure metrics.")
                .body::<NewDashboard>()
                .status(201)
                .answers::<DashboardRow>(),
            create,
        )
        .patch(
            "/api/dashboards/{id}",
            Doc::new("dashboard", "Change a saved dashboard; absent parts stay")
                .if_match()
                .body::<DashboardChanges>()
                .answers::<DashboardRow>(),
            change,
        )
        .delete(
            "/api/dashboards/{id}",
            Doc::new("dashboard", "Remove a saved dashboard").if_match().status(204),
            remove,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct DashboardList {
    /// Those that ship first.
    rows: Vec<DashboardRow>,
    /// With which the caller begins.
    chosen: Uuid,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDashboard {
    name: String,
    #[schema(value_type = Vec<Tile>)]
    tiles: Vec<Json>,
    #[serde(default)]
    shared: Shared,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DashboardChanges {
    name: Option<String>,
    #[schema(value_type = Option<Vec<Tile>>)]
    tiles: Option<Vec<Json>>,
    shared: Option<Shared>,
}

async fn list(access: Access) -> Result<Response> {
    access.require("metrics", Action::Read)?;
    let mut select = Dashboard::select();
    select
        .cond_where(Sharing::visible(&access))
        .order_by(Alias::new("created_at"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc);
    let mut rows: Vec<DashboardRow> = ready::rows(&access).collect();
    for row in access.rows(&select).await? {
        rows.push(Dashboard::read(&row)?.row(&access));
    }
    json(&DashboardList {
        rows,
        chosen: ready::of_actor(&access),
    })
}

async fn create(access: Access, Body(body): Body<NewDashboard>) -> Result<Response> {
    access.require("metrics", Action::Read)?;
    let catalogue = Catalogue::all(&access).await?;
    let dashboard = Dashboard {
        id: new_id(),
        name: body.name.trim().to_owned(),
        tiles: tiles::read(&access, &catalogue, &body.tiles)?,
        sharing: Sharing::by(&access, body.shared),
        version: 1,
    };
    dashboard.check(&access)?;
    let mut write = access.write().await?;
    let mut mine = Dashboard::select();
    mine.and_where(col("owner_id").eq(dashboard.sharing.owner_id));
    if write.rows(&mine).await?.len() >= DASHBOARDS_MAX {
        let params = object!({ "max": DASHBOARDS_MAX });
        return Err(Problem::field_with("name", "too_many", params));
    }
    let mut columns = vec!["id", "owner_id", "version", "created_at"];
    let mut row: Vec<sea_orm::Value> = vec![
        dashboard.id.into(),
        dashboard.sharing.owner_id.into(),
        dashboard.version.into(),
        write.now.into(),
    ];
    for (name, value) in dashboard.parts()? {
        columns.push(name);
        row.push(value);
    }
    write.insert(TABLE, &columns, row).await?;
    write.commit().await?;
    created(&dashboard.row(&access))
}

/// The dashboard, if the actor sees it and may change it.
async fn changeable(access: &Access, id: Uuid, headers: &HeaderMap) -> Result<Dashboard> {
    access.require("metrics", Action::Read)?;
    let version = expected_version(headers)?;
    let mut select = Dashboard::select();
    select
        .and_where(col("id").eq(id))
        .cond_where(Sharing::visible(access));
    let row = access.row(&select).await?.ok_or_else(Problem::not_found)?;
    let dashboard = Dashboard::read(&row)?;
    if !dashboard.may_change(access) {
        return Err(Problem::forbidden());
    }
    if dashboard.version != version {
        return Err(Problem::stale(dashboard.version));
    }
    Ok(dashboard)
}

async fn change(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<DashboardChanges>,
) -> Result<Response> {
    let mut dashboard = changeable(&access, id, &headers).await?;
    if let Some(name) = body.name {
        dashboard.name = name.trim().to_owned();
    }
    if let Some(tiles) = body.tiles {
        let catalogue = Catalogue::all(&access).await?;
        dashboard.tiles = tiles::read(&access, &catalogue, &tiles)?;
    }
    if let Some(shared) = body.shared {
        dashboard.sharing = dashboard.sharing.with(&access, shared);
    }
    dashboard.check(&access)?;
    let known = dashboard.version;
    dashboard.version += 1;
    let mut update = Query::update();
    update
        .table(Alias::new(TABLE))
        .value(Alias::new("version"), dashboard.version)
        .and_where(col("id").eq(id))
        .and_where(col("version").eq(known));
    for (name, value) in dashboard.parts()? {
        update.value(Alias::new(name), value);
    }
    let mut write = access.write().await?;
    if write.execute(&update).await? == 0 {
        return Err(Problem::stale(dashboard.version));
    }
    write.commit().await?;
    json(&dashboard.row(&access))
}

async fn remove(access: Access, Path(id): Path<Uuid>, headers: HeaderMap) -> Result<Response> {
    let dashboard = changeable(&access, id, &headers).await?;
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("id").eq(dashboard.id))
        .to_owned();
    let mut write = access.write().await?;
    write.execute(&delete).await?;
    write.commit().await?;
    Ok(no_content())
}
