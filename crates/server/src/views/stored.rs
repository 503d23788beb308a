//! Saved views as they are stored.

use std::sync::Arc;

use platform::access::Access;
use platform::listing;
use platform::problem::{Problem, Result};
use platform::resource::Resource;
use rules::filter::Filter;
use rules::permission::FieldRule;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Query, SelectStatement};
use serde::Serialize;
use serde_json::{Value as Json, json as object};
use utoipa::ToSchema;
use uuid::Uuid;

use super::shared::{Shared, Sharing};

const NAME_MAX: usize = 100;

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ViewRow {
    pub id: Uuid,
    pub resource: String,
    pub name: String,
    #[schema(value_type = Option<Filter>)]
    pub filter: Json,
    pub sort: Option<String>,
    pub columns: Option<Vec<String>>,
    pub shared: Shared,
    pub owner_id: Uuid,
    pub version: i64,
    pub can: Vec<&'static str>,
}

/// A view as it is stored.
pub(super) struct View {
    pub id: Uuid,
    pub resource: String,
    pub name: String,
    pub filter: Option<Filter>,
    pub sort: Option<String>,
    pub columns: Option<Vec<String>>,
    pub sharing: Sharing,
    pub version: i64,
}

const COLUMNS: [&str; 10] = [
    "id", "resource", "name", "filter", "sort", "columns", "shared", "owner_id", "team_id",
    "version",
];

impl View {
    pub fn select() -> SelectStatement {
        Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("saved_view"))
            .to_owned()
    }

    pub fn read(row: &QueryResult) -> Result<View> {
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
            sharing: Sharing {
                owner_id: row.try_get_by_index(7)?,
                shared: Shared::of(&shared),
                team_id: row.try_get_by_index(8)?,
            },
            version: row.try_get_by_index(9)?,
        })
    }

    pub fn may_change(&self, access: &Access) -> bool {
        self.sharing.may_change(access, &self.resource)
    }

    pub fn row(self, access: &Access) -> Result<ViewRow> {
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
            shared: self.sharing.shared,
            owner_id: self.sharing.owner_id,
            version: self.version,
        })
    }

    /// Checks the view against its resource, as its author sees it; all that is wrong would make the list a 422.
    pub fn check(&self, access: &Access, resource: &Arc<Resource>) -> Result<()> {
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
        self.sharing.check(access, &resource.name)
    }

    pub fn parts(&self) -> Result<[(&'static str, sea_orm::Value); 6]> {
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
        let [shared, team] = self.sharing.parts();
        Ok([
            ("name", self.name.trim().into()),
            ("filter", text(filter)),
            ("sort", text(self.sort.clone())),
            ("columns", text(columns)),
            shared,
            team,
        ])
    }
}
