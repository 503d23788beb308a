//! Who was in which team, from when until when: moving somebody keeps the past where it was.

use axum::response::Response;
use chrono::NaiveDate;
use platform::access::Access;
use platform::clock::new_id;
use platform::db::col;
use platform::labels;
use platform::problem::Result;
use platform::resource::Record;
use platform::web::{Doc, Labels, Path, Routes, json};
use platform::write::{Cause, Write};
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ledger::Names;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/people/{id}/memberships",
        Doc::new("organisation", "The teams of a person, newest first").answers::<Memberships>(),
        list,
    )
}

#[derive(Debug, Serialize, ToSchema)]
struct Memberships {
    rows: Vec<Membership>,
    labels: Labels,
}

#[derive(Debug, Serialize, ToSchema)]
struct Membership {
    team_id: Uuid,
    /// The first day.
    from_on: String,
    /// The first day no longer; none while it lasts.
    until_on: Option<String>,
}

async fn list(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    access.get(&access.resource("people")?, id).await?;
    let select = Query::select()
        .columns(["team_id", "from_on", "until_on"].map(Alias::new))
        .from(Alias::new("membership"))
        .and_where(col("person_id").eq(id))
        .order_by(Alias::new("from_on"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .to_owned();
    let mut rows = Vec::new();
    let mut names = Names::new();
    for row in access.rows(&select).await? {
        let team_id: Uuid = row.try_get_by_index(0)?;
        names.insert(("teams".into(), team_id));
        rows.push(Membership {
            team_id,
            from_on: row.try_get_by_index(1)?,
            until_on: row.try_get_by_index(2)?,
        });
    }
    json(&Memberships {
        rows,
        labels: labels::of(&access, names).await?.into(),
    })
}

/// The team that a person counts in; who has left is in none.
fn team_of(person: &Record) -> Option<Uuid> {
    let is_active = person.get("is_active").as_bool().unwrap_or(true);
    person.reference("team_id").filter(|_| is_active)
}

/// Notes in a write where the person moved to.
pub async fn follow(write: &mut Write, before: Option<&Record>, after: &Record) -> Result<()> {
    let team = team_of(after);
    if before.is_some_and(|before| team_of(before) == team) {
        return Ok(());
    }
    let today = write.access.app.clock.today();
    // A person who comes back from the recycle bin has memberships already.
    if before.is_some() || write.cause == Cause::Undo {
        end(
            write,
            after.id(),
            after.get("left_on").as_day().filter(|_| team.is_none()),
            today,
        )
        .await?;
    }
    let Some(team) = team else { return Ok(()) };
    let from = match before {
        None if write.cause != Cause::Undo => {
            Ord::min(after.get("hired_on").as_day().unwrap_or(today), today)
        }
        _ => today,
    };
    let row = vec![
        new_id().into(),
        after.id().into(),
        team.into(),
        from.to_string().into(),
    ];
    write
        .insert(
            "membership",
            &["id", "person_id", "team_id", "from_on"],
            row,
        )
        .await
}

/// Notes in a write that the person is in no team from today.
pub async fn leave(write: &mut Write, person: Uuid) -> Result<()> {
    let today = write.access.app.clock.today();
    end(write, person, None, today).await
}

/// Ends what lasts: on the day of leaving if it is known, else today. What began that day never was.
async fn end(
    write: &mut Write,
    person: Uuid,
    left: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<()> {
    let day = Ord::min(left.unwrap_or(today), today).to_string();
    let never = Query::delete()
        .from_table(Alias::new("membership"))
        .and_where(col("person_id").eq(person))
        .and_where(col("until_on").is_null())
        .and_where(col("from_on").gte(day.as_str()))
        .to_owned();
    write.execute(&never).await?;
    let close = Query::update()
        .table(Alias::new("membership"))
        .value(Alias::new("until_on"), day)
        .and_where(col("person_id").eq(person))
        .and_where(col("until_on").is_null())
        .to_owned();
    write.execute(&close).await?;
    Ok(())
}
