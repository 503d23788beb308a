//! "Not now": what a person doesn't want to be reminded of for a week.

use std::collections::HashSet;

use axum::response::Response;
use chrono::{Days, NaiveDate};
use platform::access::Access;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Routes, no_content};
use rules::suggestions::Rule;
use sea_orm::sea_query::{Alias, ExprTrait, OnConflict, Query};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

const TABLE: &str = "suggestion_pause";
const DAYS: u64 = 7;

pub fn routes() -> Routes {
    Routes::default()
        .post(
            "/api/today/suggestions/pause",
            Doc::new("today", "Not now: don't suggest this to me for 7 days")
                .body::<PausedSuggestion>()
                .status(204),
            pause,
        )
        .delete(
            "/api/today/suggestions/pause",
            Doc::new("today", "Suggest it to me again")
                .body::<PausedSuggestion>()
                .status(204),
            resume,
        )
}

/// A suggestion, as it names itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PausedSuggestion {
    rule: String,
    /// Null where it is about no record.
    record_id: Option<Uuid>,
}

impl PausedSuggestion {
    fn rule(&self) -> Result<Rule> {
        Rule::from_code(&self.rule).ok_or_else(|| Problem::field("rule", "unknown_choice"))
    }
}

/// What the actor has put aside until after this day.
pub async fn of(access: &Access, today: NaiveDate) -> Result<HashSet<(Rule, Uuid)>> {
    let select = Query::select()
        .columns(["rule", "record_id"].map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(col("person_id").eq(access.actor.person_id))
        .and_where(col("until_on").gt(today.to_string()))
        .to_owned();
    let mut found = HashSet::new();
    for row in access.rows(&select).await? {
        let rule: String = row.try_get_by_index(0)?;
        found.extend(Rule::from_code(&rule).zip(row.try_get_by_index::<Option<Uuid>>(1)?));
    }
    Ok(found)
}

async fn pause(access: Access, Body(body): Body<PausedSuggestion>) -> Result<Response> {
    let rule = body.rule()?;
    let today = access.app.clock.today();
    let until = today.checked_add_days(Days::new(DAYS)).unwrap_or(today);
    let me = access.actor.person_id;
    let mut write = access.write().await?;
    let past = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("person_id").eq(me))
        .and_where(col("until_on").lte(today.to_string()))
        .to_owned();
    write.execute(&past).await?;
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(["person_id", "rule", "record_id", "until_on"].map(Alias::new))
        .values_panic([
            me.into(),
            rule.code().into(),
            body.record_id.unwrap_or_default().into(),
            until.to_string().into(),
        ])
        .on_conflict(
            OnConflict::columns(["person_id", "rule", "record_id"].map(Alias::new))
                .update_column(Alias::new("until_on"))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    write.commit().await?;
    Ok(no_content())
}

async fn resume(access: Access, Body(body): Body<PausedSuggestion>) -> Result<Response> {
    let rule = body.rule()?;
    let mut write = access.write().await?;
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("person_id").eq(access.actor.person_id))
        .and_where(col("rule").eq(rule.code()))
        .and_where(col("record_id").eq(body.record_id.unwrap_or_default()))
        .to_owned();
    write.execute(&delete).await?;
    write.commit().await?;
    Ok(no_content())
}
