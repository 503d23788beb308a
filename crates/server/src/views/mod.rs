//! Saved views: a filter, an order and columns under a name, for oneself, one's team, or everybody.

mod shared;
mod stored;

use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::clock::new_id;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::web::{
    Body, Doc, Path, Query as Asked, Routes, created, expected_version, json, no_content,
};
use rules::filter::Filter;
use rules::permission::Action;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub use shared::{Shared, Sharing};
use stored::{View, ViewRow};

/// Views that one person keeps of one resource.
const VIEWS_MAX: usize = 100;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/views",
            Doc::new("views", "My views of a resource, and those shared with me").query::<Of>().answers::<ViewList>(),
            list,
        )
        .post(
            "/api/views",
            Doc::new("views", "Save a view")
                .about("Anybody may share with their own team, whose members and those of the teams below see it; sharing with everybody needs the right to configure the resource.")
                .body::<NewView>()
                .status(201)
                .answers::<ViewRow>(),
            create,
        )
        .patch(
            "/api/views/{id}",
            Doc::new("views", "Change a view; absent parts stay").if_match().body::<ViewChanges>().answers::<ViewRow>(),
            change,
        )
        .delete("/api/views/{id}", Doc::new("views", "Remove a view").if_match().status(204), remove)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    resource: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewView {
    resource: String,
    name: String,
    filter: Option<Filter>,
    /// As in a list's address: `-updated_at,name`.
    sort: Option<String>,
    columns: Option<Vec<String>>,
    #[serde(default)]
    shared: Shared,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ViewChanges {
    name: Option<String>,
    /// Null shows everything.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Filter>)]
    filter: Option<Option<Filter>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    sort: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    columns: Option<Option<Vec<String>>>,
    shared: Option<Shared>,
}

/// Absent is none, null is some nothing.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

#[derive(Debug, Serialize, ToSchema)]
struct ViewList {
    rows: Vec<ViewRow>,
}

async fn list(access: Access, Asked(of): Asked<Of>) -> Result<Response> {
    let resource = access
        .resource(&of.resource)
        .map_err(|_| Problem::field("resource", "unknown_resource"))?;
    access.require(&resource.name, Action::Read)?;
    let mut select = View::select();
    select
        .and_where(col("resource").eq(resource.name.as_str()))
        .cond_where(Sharing::visible(&access))
        .order_by(Alias::new("created_at"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc);
    let rows = access.rows(&select).await?;
    let rows = rows
        .iter()
        .map(|row| View::read(row)?.row(&access))
        .collect::<Result<_>>()?;
    json(&ViewList { rows })
}

async fn create(access: Access, Body(body): Body<NewView>) -> Result<Response> {
    let resource = access
        .resource(&body.resource)
        .map_err(|_| Problem::field("resource", "unknown_resource"))?;
    access.require(&resource.name, Action::Read)?;
    let view = View {
        id: new_id(),
        resource: resource.name.clone(),
        name: body.name.trim().to_owned(),
        filter: body.filter,
        sort: body.sort,
        columns: body.columns,
        sharing: Sharing::by(&access, body.shared),
        version: 1,
    };
    view.check(&access, &resource)?;
    let mut write = access.write().await?;
    let mut mine = View::select();
    mine.and_where(col("resource").eq(resource.name.as_str()))
        .and_where(col("owner_id").eq(view.sharing.owner_id));
    if write.rows(&mine).await?.len() >= VIEWS_MAX {
        return Err(Problem::field_with(
            "name",
            "too_many",
            object!({ "max": VIEWS_MAX }),
        ));
    }
    let mut columns = vec!["id", "resource", "owner_id", "version", "created_at"];
    let mut row: Vec<sea_orm::Value> = vec![
        view.id.into(),
        view.resource.as_str().into(),
        view.sharing.owner_id.into(),
        view.version.into(),
        write.now.into(),
    ];
    for (name, value) in view.parts()? {
        columns.push(name);
        row.push(value);
    }
    write.insert("saved_view", &columns, row).await?;
    write.commit().await?;
    created(&view.row(&access)?)
}

/// The view, if the actor sees it and may change it.
async fn changeable(access: &Access, id: Uuid, headers: &HeaderMap) -> Result<View> {
    let version = expected_version(headers)?;
    let mut select = View::select();
    select
        .and_where(col("id").eq(id))
        .cond_where(Sharing::visible(access));
    let row = access.row(&select).await?.ok_or_else(Problem::not_found)?;
    let view = View::read(&row)?;
    if !view.may_change(access) {
        return Err(Problem::forbidden());
    }
    if view.version != version {
        return Err(Problem::stale(view.version));
    }
    Ok(view)
}

async fn change(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<ViewChanges>,
) -> Result<Response> {
    let mut view = changeable(&access, id, &headers).await?;
    let resource = access.resource(&view.resource)?;
    if let Some(name) = body.name {
        view.name = name.trim().to_owned();
    }
    if let Some(filter) = body.filter {
        view.filter = filter;
    }
    if let Some(sort) = body.sort {
        view.sort = sort;
    }
    if let Some(columns) = body.columns {
        view.columns = columns;
    }
    if let Some(shared) = body.shared {
        view.sharing = view.sharing.with(&access, shared);
    }
    view.check(&access, &resource)?;
    let known = view.version;
    view.version += 1;
    let mut update = Query::update();
    update
        .table(Alias::new("saved_view"))
        .value(Alias::new("version"), view.version)
        .and_where(col("id").eq(id))
        .and_where(col("version").eq(known));
    for (name, value) in view.parts()? {
        update.value(Alias::new(name), value);
    }
    let mut write = access.write().await?;
    if write.execute(&update).await? == 0 {
        return Err(Problem::stale(view.version));
    }
    write.commit().await?;
    json(&view.row(&access)?)
}

async fn remove(access: Access, Path(id): Path<Uuid>, headers: HeaderMap) -> Result<Response> {
    let view = changeable(&access, id, &headers).await?;
    let mut write = access.write().await?;
    write
        .execute(
            &Query::delete()
                .from_table(Alias::new("saved_view"))
                .and_where(col("id").eq(view.id))
                .to_owned(),
        )
        .await?;
    write.commit().await?;
    Ok(no_content())
}
