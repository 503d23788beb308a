//! What there is to know of a series besides its occurrences.

use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::web::{Doc, Path, Routes, json};
use sea_orm::sea_query::ExprTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{RESOURCE, day_of, rule_of, series_id};

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/activities/{id}/series",
        Doc::new("activities", "The series that an activity belongs to")
            .about("404 for an activity that doesn't repeat.")
            .answers::<SeriesOfActivity>(),
        read,
    )
}

#[derive(Debug, Serialize, ToSchema)]
struct SeriesOfActivity {
    id: Uuid,
    /// As RFC 5545 writes it, `UNTIL` as a day.
    rrule: String,
    first_on: Option<NaiveDate>,
    /// Occurrences up to this day stand in the calendar; later ones come by themselves.
    made_until: Option<NaiveDate>,
    /// Whether no occurrence will be added.
    is_over: bool,
}

async fn read(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let activity = access.get(&access.resource("activities")?, id).await?;
    let id = series_id(&activity).ok_or_else(Problem::not_found)?;
    let resource = access.resource(RESOURCE)?;
    // Whoever sees an occurrence sees how it repeats, whoever owns the series.
    let mut select = resource.select();
    select.and_where(resource.column("id").eq(id));
    let row = access.row(&select).await?.ok_or_else(Problem::not_found)?;
    let series = Record::read(&resource, &row)?;
    let rule = rule_of(&series, access.app.clock.zone())?;
    json(&SeriesOfActivity {
        id,
        rrule: rule.text(),
        first_on: day_of(&series, "first_on"),
        made_until: day_of(&series, "made_until"),
        is_over: series.get("is_over").as_bool() == Some(true),
    })
}
