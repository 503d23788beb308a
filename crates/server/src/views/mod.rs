//! Saved views: a filter, an order and columns under a name, for oneself, one's team, or everybody.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::Access;
use platform::clock::new_id;
use platform::db::col;
use platform::listing;
use platform::problem::{Problem, Result};
use platform::resource::Resource;
use platform::web::{
    Body, Doc, Path, Query as Asked, Routes, created, expected_version, json, no_content,
};
use rules::filter::Filter;
use rules::permission::{Action, FieldRule};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Condition, ExprTrait, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json as object};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const NAME_MAX: usize = 100;
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

/// With whom a view is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Shared {
    #[default]
    Me,
    Team,
    All,
}

impl Shared {
    fn name(self) -> &'static str {
        match self {
            Shared::Me => "me",
            Shared::Team => "team",
            Shared::All => "all",
        }
    }
    fn of(name: &str) -> Shared {
        match name {
            "team" => Shared::Team,
            "all" => Shared::All,
            _ => Shared::Me,
        }
    }
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

#[derive(Debug, Serialize, ToSchema)]
struct ViewRow {
    id: Uuid,
    resource: String,
    name: String,
    #[schema(value_type = Option<Filter>)]
    filter: Json,
    sort: Option<String>,
    columns: Option<Vec<String>>,
    shared: Shared,
    owner_id: Uuid,
    version: i64,
    can: Vec<&'static str>,
}

/// A view as it is stored.
struct View {
    id: Uuid,
    resource: String,
    name: String,
    filter: Option<Filter>,
    sort: Option<String>,
    columns: Option<Vec<String>>,
    shared: Shared,
    owner_id: Uuid,
    team_id: Option<Uuid>,
    version: i64,
}

const COLUMNS: [&str; 10] = [
    "id", "resource", "name", "filter", "sort", "columns", "shared", "owner_id", "team_id",
    "version",
];

impl View {
    fn select() -> SelectStatement {
        Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("saved_view"))
            .to_owned()
    }

    fn read(row: &QueryResult) -> Result<View> {
        let filter: Option<String> = row.try_get_by_index(3)?;
        let columns: Option<String> = row.try_get_by_index(5)?;
        let shared: String = row.try_get_by_index(6)?;
        Ok(View {
            id: row.try_get_by_index(0)?,
            resource: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            filter: filter.and_then(|text| serde_json::from_str(&text).ok()),
            sort: row.try_get_by_index(4)?,
            columns: columns.and_then(|text| serde_json::from_str(&text).ok()),
            shared: Shared::of(&shared),
            owner_id: row.try_get_by_index(7)?,
            team_id: row.try_get_by_index(8)?,
            version: row.try_get_by_index(9)?,
        })
    }

    fn may_change(&self, access: &Access) -> bool {
        let own = self.owner_id == access.actor.person_id;
        !access.actor.read_only
            && (own
                || (self.shared == Shared::All && access.allows(&self.resource, Action::Configure)))
    }

    fn row(self, access: &Access) -> Result<ViewRow> {
        Ok(ViewRow {
            can: if self.may_change(access) {
                vec!["edit", "delete"]
            } else {
                Vec::new()
            },
            id: self.id,
            resource: self.resource,
            name: self.name,
            filter: serde_json::to_value(&self.filter).map_err(Problem::internal)?,
            sort: self.sort,
            columns: self.columns,
            shared: self.shared,
            owner_id: self.owner_id,
            version: self.version,
        })
    }

    /// Checks the view against its resource, as its author sees it; all that is wrong would make the list a 422.
    fn check(&self, access: &Access, resource: &Arc<Resource>) -> Result<()> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err(Problem::field("name", "required"));
        }
        if name.chars().count() > NAME_MAX {
            return Err(Problem::field_with(
                "name",
                "too_long",
                object!({ "max": NAME_MAX }),
            ));
        }
        if let Some(filter) = &self.filter {
            if !filter.is_reasonable() {
                return Err(Problem::field("filter", "filter_too_large"));
            }
            listing::compile(access, resource, filter)?;
        }
        listing::order(access, resource, self.sort.as_deref(), &mut Query::select())?;
        let unknown = self.columns.iter().flatten().find(|name| {
            resource
                .field(name)
                .is_none_or(|field| access.field_rule(resource, field) == Some(FieldRule::Hide))
        });
        if let Some(name) = unknown {
            return Err(Problem::field_with(
                "columns",
                "unknown_field",
                object!({ "field": name }),
            ));
        }
        match self.shared {
            Shared::Me => Ok(()),
            Shared::Team if self.team_id.is_some() => Ok(()),
            Shared::Team => Err(Problem::field("shared", "cannot_share_with_team")),
            Shared::All => access.require_configure(&resource.name),
        }
    }

    fn parts(&self) -> Result<[(&'static str, sea_orm::Value); 6]> {
        let text = |json: Option<String>| -> sea_orm::Value { json.into() };
        let filter = self
            .filter
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(Problem::internal)?;
        let columns = self
            .columns
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(Problem::internal)?;
        Ok([
            ("name", self.name.trim().into()),
            ("filter", text(filter)),
            ("sort", text(self.sort.clone())),
            ("columns", text(columns)),
            ("shared", self.shared.name().into()),
            ("team_id", self.team_id.into()),
        ])
    }
}

/// Mine, those of my team and the teams above it, and everybody's.
fn visible(access: &Access) -> Condition {
    let teams = access
        .actor
        .team_id
        .map(|team| access.app.directory().ancestors(team))
        .unwrap_or_default();
    Condition::any()
        .add(col("owner_id").eq(access.actor.person_id))
        .add(col("shared").eq("all"))
        .add(
            Condition::all()
                .add(col("shared").eq("team"))
                .add(col("team_id").is_in(teams)),
        )
}

async fn list(access: Access, Asked(of): Asked<Of>) -> Result<Response> {
    let resource = access
        .resource(&of.resource)
        .map_err(|_| Problem::field("resource", "unknown_resource"))?;
    access.require(&resource.name, Action::Read)?;
    let mut select = View::select();
    select
        .and_where(col("resource").eq(resource.name.as_str()))
        .cond_where(visible(&access))
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
        shared: body.shared,
        owner_id: access.actor.person_id,
        team_id: access.actor.team_id.filter(|_| body.shared == Shared::Team),
        version: 1,
    };
    view.check(&access, &resource)?;
    let mut write = access.write().await?;
    let mut mine = View::select();
    mine.and_where(col("resource").eq(resource.name.as_str()))
        .and_where(col("owner_id").eq(view.owner_id));
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
        view.owner_id.into(),
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
        .cond_where(visible(access));
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
        view.team_id = access.actor.team_id.filter(|_| shared == Shared::Team);
        view.shared = shared;
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
