//! Resources as `/api/meta` describes them to one person.

use rules::permission::{Action, FieldRule};
use rules::value::Field;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::access::Access;
use crate::problem::Result;
use crate::resource::{Resource, SYSTEM, StandardView};

/// A resource as `/api/meta` tells of it: its fields as the caller sees them, and what the caller may do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Resource)]
pub struct ResourceShown {
    pub name: String,
    /// The field that names a record to people.
    pub label_field: String,
    pub searchable: bool,
    /// Whether administrators may add fields.
    pub extensible: bool,
    /// The resource whose rights count for this one, when it is only a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<&'static str>,
    /// Rows can't be made, changed or removed through the general routes.
    pub read_only: bool,
    /// As in a list's address: `-updated_at,name`.
    pub default_sort: &'static str,
    /// What the caller may do to at least some records.
    pub actions: Vec<&'static str>,
    pub fields: Vec<FieldShown>,
    pub views: Vec<StandardView>,
    /// The one of `views` that a list opens with: for whoever owns nothing but sees the others' records, not their own ones.
    pub default_view: Option<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResourceField)]
pub struct FieldShown {
    #[serde(flatten)]
    field: Field,
    /// Every record has it; nobody edits it.
    system: bool,
    /// Its values come masked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    masked: bool,
    /// What a new record has when nothing is said.
    #[serde(skip_serializing_if = "Json::is_null")]
    default: Json,
}

/// Who owns records wants to see those first; who only looks after others' would find nothing there.
async fn default_view(access: &Access, resource: &Resource) -> Result<Option<&'static str>> {
    let mut views = resource.views.iter();
    let Some(first) = resource.views.first() else {
        return Ok(None);
    };
    let looks_on =
        first.is_personal() && access.reads_others(resource) && !access.owns_any(resource).await?;
    let wider = views.find(|view| looks_on && !view.is_personal());
    Ok(Some(wider.unwrap_or(first).name))
}

pub async fn describe(access: &Access, resource: &Resource) -> Result<ResourceShown> {
    let currency = &access.app.settings().currency;
    let fields = resource
        .fields
        .iter()
        .enumerate()
        .filter_map(|(i, field)| {
            let rule = access.field_rule(resource, field);
            if rule == Some(FieldRule::Hide) {
                return None;
            }
            let is_masked = rule.is_some();
            let mut shown = field.clone();
            shown.sortable &= !is_masked;
            shown.filterable &= !is_masked;
            shown.read_only |= is_masked;
            Some(FieldShown {
                system: i < SYSTEM,
                masked: is_masked,
                default: field.to_json(&field.default, currency),
                field: shown,
            })
        })
        .collect();
    let possible: &[Action] = match access.actor.read_only {
        true => &[Action::Read, Action::Export],
        false => &Action::ALL,
    };
    Ok(ResourceShown {
        name: resource.name.clone(),
        label_field: resource.label_field.clone(),
        searchable: resource.searchable,
        extensible: resource.extensible,
        part_of: resource.part_of,
        read_only: resource.read_only,
        default_sort: resource.default_sort,
        actions: possible
            .iter()
            .filter(|action| access.allows(&resource.name, **action))
            .map(|action| action.name())
            .collect(),
        fields,
        views: resource.views.clone(),
        default_view: default_view(access, resource).await?,
    })
}
