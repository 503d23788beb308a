//! What the whole organisation shares: its name and currency, and how its days go.

mod day;

use std::collections::BTreeMap;

use axum::response::Response;
use platform::access::Access;
use platform::app::Settings;
use platform::problem::{FieldProblem, Problem, Result};
use platform::web::{Body, Doc, Routes, json, no_content};
use platform::write::Write;
use rules::permission::Action;
use rules::value::Field;
use sea_orm::sea_query::{Alias, OnConflict, Query};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use day::Day;
use day::DayChanges;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/settings",
            Doc::new("settings", "What the organisation shares").answers::<OrganisationSettings>(),
            read,
        )
        .patch(
            "/api/settings",
            Doc::new("settings", "Change what the organisation shares")
                .body::<SettingChanges>()
                .status(204),
            change,
        )
}

/// A field that is there, be it null: absent fields stay, null empties.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingChanges {
    company_name: Option<String>,
    /// Whether requests (push messages, webhooks) may go to addresses inside the organisation's own network.
    private_addresses: Option<bool>,
    /// Days by which a deed may be logged later.
    backdate_days: Option<i64>,
    /// `HH:MM`, in the organisation's time zone.
    work_from: Option<String>,
    work_until: Option<String>,
    /// By level; absent levels stay.
    level_rhythm_days: Option<BTreeMap<String, i64>>,
    /// The first month of the fiscal year, 1 to 12.
    fiscal_first_month: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
struct OrganisationSettings {
    company_name: String,
    /// ISO 4217 code of the one base currency.
    currency: String,
    /// Whether requests may go to addresses inside the organisation's own network.
    private_addresses: bool,
    /// The first month of the fiscal year, 1 to 12.
    fiscal_first_month: u32,
    #[serde(flatten)]
    day: Day,
}

const FISCAL_FIRST_MONTH: &str = "fiscal_first_month";

/// The first month of the fiscal year, 1 to 12; January unless the organisation says otherwise.
pub fn fiscal_month(settings: &Settings) -> u32 {
    settings.get(FISCAL_FIRST_MONTH).unwrap_or(1)
}

async fn read(access: Access) -> Result<Response> {
    let settings = access.app.settings();
    json(&OrganisationSettings {
        company_name: settings.company_name.clone(),
        currency: settings.currency.clone(),
        private_addresses: settings.private_addresses(),
        fiscal_first_month: fiscal_month(&settings),
        day: Day::of(&settings),
    })
}

/// Longest company name on a printed page's head.
const NAME_MAX: usize = 200;

/// A company's name as it may stand on every page.
pub fn company_name(text: &str) -> Result<String> {
    let mut field = Field::text("company_name").required();
    field.max_length = Some(NAME_MAX);
    let name = field
        .parse(&text.into())
        .map_err(|refusal| Problem::field_with("company_name", refusal.code, refusal.params))?;
    Ok(name.as_text().unwrap_or_default().to_owned())
}

pub async fn set(write: &mut Write, name: &str, value: &str) -> Result<()> {
    let insert = Query::insert()
        .into_table(Alias::new("setting"))
        .columns(["name", "value"].map(Alias::new))
        .values_panic([name.into(), value.into()])
        .on_conflict(
            OnConflict::column(Alias::new("name"))
                .update_column(Alias::new("value"))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    write.note(
        "settings",
        Uuid::nil(),
        "update",
        serde_json::json!({ name: value }),
    );
    Ok(())
}

async fn change(access: Access, Body(body): Body<SettingChanges>) -> Result<Response> {
    access.require("settings", Action::Configure)?;
    let name = body.company_name.as_deref().map(company_name).transpose()?;
    let before = Day::of(&access.app.settings());
    let (after, mut errors) = before.clone().with(DayChanges {
        backdate_days: body.backdate_days,
        work_from: body.work_from,
        work_until: body.work_until,
        level_rhythm_days: body.level_rhythm_days,
    });
    if body
        .fiscal_first_month
        .is_some_and(|month| !(1..=12).contains(&month))
    {
        let params = serde_json::json!({ "min": 1, "max": 12 });
        errors.push(FieldProblem::new(
            FISCAL_FIRST_MONTH,
            "out_of_range",
            params,
        ));
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let mut write = access.write().await?;
    if let Some(name) = &name {
        set(&mut write, "company_name", name).await?;
    }
    if let Some(month) = body.fiscal_first_month {
        set(&mut write, FISCAL_FIRST_MONTH, &month.to_string()).await?;
    }
    if let Some(allowed) = body.private_addresses {
        set(&mut write, "private_addresses", &allowed.to_string()).await?;
    }
    for ((name, was), (_, is)) in before.stored().into_iter().zip(after.stored()) {
        if was != is {
            set(&mut write, name, &is.to_string()).await?;
        }
    }
    write.commit().await?;
    Ok(no_content())
}
