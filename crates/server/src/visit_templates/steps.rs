//! Reading and replacing the steps of a template, and finding the one that a visit is done by.

use axum::http::{HeaderMap, header};
use axum::response::Response;
use platform::access::Access;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::web::{Body, Doc, Path, Query, Routes, batch_header, expected_version, json};
use platform::write::Write;
use rules::permission::Action;
use rules::value::Changes;
use rules::visit_steps::{STEP_KINDS, Step, fit, parse_steps};
use sea_orm::sea_query::{ExprTrait, Order};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::versions::{self, Version};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Save {
    /// All steps in their order. A code stays the same through all versions, so that its answers can be compared.
    #[schema(value_type = Vec<VisitStep>)]
    steps: Vec<Json>,
}

/// One step of a visit and the answer that it asks for.
#[derive(Debug, Serialize, ToSchema)]
struct VisitStep {
    code: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<String>,
    /// `yes_no`, `choice`, `number`, `text`, `photo`, `products` or `competitor_price`.
    #[serde(rename = "type")]
    kind: String,
    is_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance_en: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<VisitChoice>>,
}

#[derive(Debug, Serialize, ToSchema)]
struct VisitChoice {
    code: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct StepsVersion {
    /// Give it as `template_version_id` of the activity.
    id: Uuid,
    template_id: Uuid,
    number: i64,
    #[schema(value_type = Vec<VisitStep>)]
    steps: Vec<Step>,
    /// RFC 3339.
    created_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct Versions {
    /// Newest first.
    rows: Vec<StepsVersion>,
}

/// A template in force, with its newest steps.
#[derive(Debug, Serialize, ToSchema)]
struct Standard {
    id: Uuid,
    name: String,
    name_en: Option<String>,
    kind_id: Option<Uuid>,
    customer_class: Option<String>,
    industry: Option<String>,
    version: StepsVersion,
}

#[derive(Debug, Serialize, ToSchema)]
struct Standards {
    /// A device keeps them to fill in visits without a network: of those that fit a visit, the one that asks for most.
    rows: Vec<Standard>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Matching {
    /// None where no template fits.
    template: Option<Standard>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Visit {
    kind_id: Option<Uuid>,
    customer_id: Option<Uuid>,
}

pub fn routes() -> Routes {
    let about = format!(
        "Makes a new version; visits keep the one that they were done by. Types: {}.",
        STEP_KINDS.map(|(code, _)| code).join(", ")
    );
    Routes::default()
        .get(
            "/api/visit_templates/{id}/versions",
            Doc::new("visit_templates", "All versions of the steps").answers::<Versions>(),
            async |access: Access, Path(id): Path<Uuid>| {
                let template = access.get(&access.resource("visit_templates")?, id).await?;
                let rows = versions::of_template(&access, template.id()).await?;
                json(&Versions {
                    rows: rows.into_iter().map(StepsVersion::from).collect(),
                })
            },
        )
        .put(
            "/api/visit_templates/{id}/steps",
            Doc::new("visit_templates", "Save the steps")
                .about(&about)
                .body::<Save>()
                .answers::<StepsVersion>(),
            put,
        )
        .get(
            "/api/visit_templates/current",
            Doc::new(
                "visit_templates",
                "The templates in force, with their steps",
            )
            .answers::<Standards>(),
            async |access: Access| {
                json(&Standards {
                    rows: standards(&access).await?,
                })
            },
        )
        .get(
            "/api/visit_templates/match",
            Doc::new(
                "visit_templates",
                "The template that a visit of a kind to a customer is done by",
            )
            .query::<Visit>()
            .answers::<Matching>(),
            matching,
        )
}

impl From<Version> for StepsVersion {
    fn from(version: Version) -> StepsVersion {
        StepsVersion {
            id: version.id,
            template_id: version.template_id,
            number: version.number,
            steps: version.steps,
            created_at: rules::value::instant_text(version.created_at),
        }
    }
}

async fn put(
    access: Access,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(body): Body<Save>,
) -> Result<Response> {
    access.require("visit_templates", Action::Edit)?;
    let version = match headers.contains_key(header::IF_MATCH) {
        true => Some(expected_version(&headers)?),
        false => None,
    };
    let steps = parse_steps(&body.steps).map_err(|wrong| {
        let wrong = wrong.iter();
        Problem::invalid(
            wrong
                .map(|(at, refusal)| FieldProblem::refused(at, refusal))
                .collect(),
        )
    })?;
    let mut write = access.write().await?;
    let saved = save(&mut write, id, version, steps).await?;
    let batch = write.commit().await?;
    Ok(batch_header(json(&StepsVersion::from(saved))?, batch))
}

async fn save(
    write: &mut Write,
    id: Uuid,
    expected_version: Option<i64>,
    steps: Vec<Step>,
) -> Result<Version> {
    let templates = write.access.resource("visit_templates")?;
    let template = write
        .lock_for(&templates, id, Action::Edit, expected_version)
        .await?;
    let number = template.int("steps_version").unwrap_or_default() + 1;
    let version = versions::add(write, id, number, steps).await?;
    let changes = Changes::from([("steps_version".into(), number.into())]);
    let template = write.apply("update", template, changes).await?;
    let said = json!({ "version": number, "steps": version.steps });
    write.note_on(&template, "steps", None, Some(said)).await?;
    Ok(version)
}

async fn standards(access: &Access) -> Result<Vec<Standard>> {
    let templates = access.resource("visit_templates")?;
    let mut select = access.select(&templates, Action::Read)?;
    select
        .and_where(templates.column("is_active").eq(true))
        .and_where(templates.column("steps_version").gt(0))
        .order_by_expr(templates.column("created_at"), Order::Desc);
    let records = access.records(&templates, &select).await?;
    let mut versions = versions::newest(access).await?;
    Ok(records
        .iter()
        .filter_map(|record| Some(standard(record, versions.remove(&record.id())?)))
        .collect())
}

fn standard(record: &Record, version: Version) -> Standard {
    let text = |field: &str| record.get(field).as_text().map(str::to_owned);
    Standard {
        id: record.id(),
        name: record.text("name").to_owned(),
        name_en: text("name_en"),
        kind_id: record.reference("kind_id"),
        customer_class: text("customer_class"),
        industry: text("industry"),
        version: version.into(),
    }
}

async fn matching(access: Access, Query(visit): Query<Visit>) -> Result<Response> {
    let customer = match visit.customer_id {
        Some(id) => Some(access.get(&access.resource("customers")?, id).await?),
        None => None,
    };
    let of = |field: &str| {
        customer
            .as_ref()
            .and_then(|customer| customer.get(field).as_text())
    };
    let kind = visit.kind_id.map(|id| id.to_string());
    let found = [kind.as_deref(), of("class"), of("industry")];
    let mut best: Option<(u32, Standard)> = None;
    for standard in standards(&access).await? {
        let wanted_kind = standard.kind_id.map(|id| id.to_string());
        let wanted = [
            wanted_kind.as_deref(),
            standard.customer_class.as_deref(),
            standard.industry.as_deref(),
        ];
        // Newest first, so that of two that fit alike the newer stays.
        if let Some(score) = fit(wanted, found)
            && best.as_ref().is_none_or(|(best, _)| score > *best)
        {
            best = Some((score, standard));
        }
    }
    json(&Matching {
        template: best.map(|(_, standard)| standard),
    })
}
