//! What a column can be mapped to: the fields that may be written, and what a feature adds for files alone.

use std::sync::Arc;

use platform::access::Access;
use platform::i18n::LANGUAGES;
use platform::problem::Result;
use platform::resource::{Guard, Resource};
use rules::headers;
use rules::value::{Field, FieldType, Label};
use serde::Serialize;
use serde_json::json;

use super::mapping::{ColumnMapping, Mapping};
use super::{activities, opportunities};

/// One thing that a column can be mapped to.
#[derive(Debug, Clone)]
pub struct Target {
    pub resource: String,
    pub field: Field,
    /// No field of the record itself: a feature's `extras` take it.
    pub is_extra: bool,
}

/// As the wizard shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TargetShown {
    field: String,
    #[serde(rename = "type")]
    kind: FieldType,
    required: bool,
    unique: bool,
    reference: Option<String>,
    label: Label,
    /// What may stand in the cells, by code.
    choices: Vec<String>,
    /// Fields by which a referred record can be found.
    matches: Vec<String>,
}

impl Target {
    pub fn is_required(&self) -> bool {
        self.field.required && self.field.default.is_null()
    }

    pub fn label(&self, access: &Access, language: &str) -> String {
        let catalog = &access.app.catalog;
        if self.is_extra && self.field.label.is_none() {
            let key = format!("imports.targets.{}", self.field.name);
            return catalog.text(language, &key, &json!({}));
        }
        catalog.field(language, &self.resource, &self.field)
    }

    pub fn shown(&self, access: &Access) -> TargetShown {
        let registry = access.app.registry();
        let target = self
            .field
            .reference
            .as_deref()
            .and_then(|name| registry.get(name));
        TargetShown {
            field: self.field.name.clone(),
            kind: self.field.kind,
            required: self.is_required(),
            unique: self.field.unique,
            reference: self.field.reference.clone(),
            label: Label {
                zh: self.label(access, "zh-CN"),
                en: self.label(access, "en"),
            },
            choices: self
                .field
                .choices
                .iter()
                .map(|choice| choice.code.clone())
                .collect(),
            matches: target
                .map(|target| names_of(target).into_iter().map(str::to_owned).collect())
                .unwrap_or_default(),
        }
    }

    fn as_suggestion(&self, access: &Access) -> headers::Target {
        headers::Target {
            field: self.field.name.clone(),
            field_type: self.field.kind,
            labels: LANGUAGES
                .iter()
                .map(|language| self.label(access, language))
                .collect(),
            synonyms: headers::synonyms(&self.resource, &self.field.name)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// The fields by which people name a record: its label, its label in English, and its unique texts.
pub fn names_of(resource: &Resource) -> Vec<&str> {
    let mut names = vec![resource.label_field.as_str()];
    for field in resource
        .fields
        .iter()
        .filter(|field| !field.system && field.kind.is_text())
    {
        let is_name = field.unique || matches!(field.name.as_str(), "code" | "name_en");
        if is_name && !field.kind.is_list() && !names.contains(&field.name.as_str()) {
            names.push(&field.name);
        }
    }
    names
}

/// What an import of this resource knows, as far as the importer may write it.
pub async fn of(access: &Access, resource: &Arc<Resource>) -> Result<Vec<Target>> {
    let mut targets: Vec<Target> = resource
        .fields
        .iter()
        .filter(|field| !field.read_only && field.kind != FieldType::Json)
        .filter(|field| can_be_named(access, field))
        .filter(|field| access.field_rule(resource, field).is_none())
        .map(|field| Target {
            resource: resource.name.clone(),
            field: field.clone(),
            is_extra: false,
        })
        .collect();
    let extras = match resource.name.as_str() {
        "opportunities" => opportunities::extra_fields(access).await?,
        activities::NAME => activities::extra_fields(),
        _ => Vec::new(),
    };
    targets.extend(extras.into_iter().map(|field| Target {
        resource: resource.name.clone(),
        field,
        is_extra: true,
    }));
    Ok(targets)
}

/// Whether a file can say which record a reference means: catalogues are read whole, other records are found by their index.
fn can_be_named(access: &Access, field: &Field) -> bool {
    let registry = access.app.registry();
    field
        .reference
        .as_deref()
        .and_then(|name| registry.get(name))
        .is_none_or(|target| target.searchable || target.guard == Guard::Everybody)
}

/// A first mapping by the headers' names and the columns' content.
pub fn suggest(
    access: &Access,
    targets: &[Target],
    headers: &[String],
    samples: &[Vec<String>],
) -> Mapping {
    let known: Vec<headers::Target> = targets
        .iter()
        .map(|target| target.as_suggestion(access))
        .collect();
    let fields = headers::suggest(headers, samples, &known);
    let mut mapping = Mapping::default();
    for (header, field) in headers.iter().zip(fields) {
        let column = field.map(|field| {
            let unit = headers::unit_of(header);
            let is_figure = targets.iter().any(|target| {
                target.field.name == field
                    && matches!(target.field.kind, FieldType::Money | FieldType::Choice)
            });
            ColumnMapping {
                field,
                unit: (is_figure && unit != 1).then_some(unit),
                ..ColumnMapping::default()
            }
        });
        mapping.columns.insert(header.clone(), column);
    }
    mapping
}
