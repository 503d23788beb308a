//! Whether a person's mails come at once or gathered, and when.

use chrono::DateTime;
use platform::access::Access;
use platform::db::col;
use platform::directory::Person;
use platform::problem::{Problem, Result};
use platform::write::Write;
use rules::digest::Digest;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, OnConflict, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::choices::{instant_of, quiet, zone_of};

const TABLE: &str = "mail_digest";

/// One mail a day instead of many.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DigestShown {
    /// Time of day in the person's time zone, `HH:MM`.
    at: String,
    /// `working` (days that China works) or `every`.
    days: String,
}

fn select(person: Uuid) -> SelectStatement {
    Query::select()
        .columns(["at_time", "days"].map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(col("person_id").eq(person))
        .to_owned()
}

fn read(row: &QueryResult) -> Result<Option<Digest>> {
    let (at, days): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(Digest::parse(&at, &days))
}

/// The caller's own.
pub async fn shown(access: &Access) -> Result<Option<DigestShown>> {
    let row = access.row(&select(access.actor.person_id)).await?;
    let digest = row.as_ref().map(read).transpose()?.flatten();
    Ok(digest.map(|digest| DigestShown {
        at: digest.at.format("%H:%M").to_string(),
        days: digest.days.code().to_owned(),
    }))
}

/// When the mail for news of now goes out with others (milliseconds); none for whoever is mailed at once.
pub async fn next(write: &mut Write, person: &Person) -> Result<Option<i64>> {
    let rows = write.rows(&select(person.id)).await?;
    let digest = rows.first().map(read).transpose()?.flatten();
    match digest {
        Some(digest) => next_of(write, person, digest).await,
        None => Ok(None),
    }
}

async fn next_of(write: &mut Write, person: &Person, digest: Digest) -> Result<Option<i64>> {
    let quiet = quiet(write, person.id).await?;
    let zone = zone_of(&write.access.app, person);
    let local = DateTime::from_timestamp_millis(write.now).map(|now| now.with_timezone(&zone));
    let at = local.and_then(|local| digest.next(local.naive_local()));
    // Peace goes before the hour.
    let at = at.map(|at| quiet.and_then(|quiet| quiet.end(at)).unwrap_or(at));
    Ok(at.and_then(|at| instant_of(zone, at)))
}

/// Sets when the caller's digest goes out, or ends it. What has gathered goes out at the new time, or at once.
pub async fn choose(write: &mut Write, wanted: Option<&DigestShown>) -> Result<()> {
    let me = write.access.actor.person_id;
    let digest = match wanted {
        Some(shown) => Some(
            Digest::parse(&shown.at, &shown.days)
                .ok_or_else(|| Problem::field("digest", "not_a_digest"))?,
        ),
        None => None,
    };
    match wanted {
        Some(shown) => {
            let insert = Query::insert()
                .into_table(Alias::new(TABLE))
                .columns(["person_id", "at_time", "days"].map(Alias::new))
                .values_panic([
                    me.into(),
                    shown.at.as_str().into(),
                    shown.days.as_str().into(),
                ])
                .on_conflict(
                    OnConflict::column(Alias::new("person_id"))
                        .update_columns(["at_time", "days"].map(Alias::new))
                        .to_owned(),
                )
                .to_owned();
            write.execute(&insert).await?
        }
        None => {
            let delete = Query::delete()
                .from_table(Alias::new(TABLE))
                .and_where(col("person_id").eq(me))
                .to_owned();
            write.execute(&delete).await?
        }
    };
    let directory = write.access.app.directory();
    let next = match directory.people.get(&me).zip(digest) {
        Some((person, digest)) => next_of(write, person, digest).await?,
        None => None,
    };
    let gathered = Query::update()
        .table(Alias::new("notification"))
        .value(Alias::new("digest_at"), next.unwrap_or(write.now))
        .and_where(col("person_id").eq(me))
        .and_where(col("digest_at").is_not_null())
        .to_owned();
    write.execute(&gathered).await?;
    Ok(())
}
