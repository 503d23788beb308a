//! Of what a person is told, where, and when not.

use std::collections::BTreeMap;

use axum::response::Response;
use chrono::{DateTime, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use platform::access::Access;
use platform::app::App;
use platform::db::col;
use platform::directory::Person;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Routes, json};
use platform::write::Write;
use rules::quiet_hours::QuietHours;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, OnConflict, Query};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::ToSchema;
use uuid::Uuid;

use super::KINDS;
use super::digest::{self, DigestShown};
use crate::settings;

/// Kinds that a phone isn't told of until asked: they come often and can wait.
const NOT_PUSHED: [&str; 1] = ["change"];
/// Kinds that are mailed until switched off.
const MAILED: [&str; 1] = ["reminder"];

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/notifications/choices",
            Doc::new(
                "notifications",
                "Of what I am told, on which ways, and when not",
            )
            .answers::<Choices>(),
            choices,
        )
        .put(
            "/api/notifications/choices",
            Doc::new(
                "notifications",
                "Choose of what I am told; what is absent stays",
            )
            .body::<Chosen>()
            .answers::<Choices>(),
            choose,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct Choices {
    /// Kind → whether I am told of it at all.
    choices: BTreeMap<&'static str, bool>,
    /// Kind → whether my devices get it, too.
    push: BTreeMap<&'static str, bool>,
    /// Kind → whether it is mailed, too.
    mail: BTreeMap<&'static str, bool>,
    /// When devices and mailbox are left in peace; what comes then waits.
    quiet: Option<Quiet>,
    /// When mails come gathered in one a day; null when each comes at once. Reminders, which help only before, always do.
    digest: Option<DigestShown>,
    /// Whether this server sends mail.
    mail_available: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Chosen {
    #[serde(default)]
    choices: BTreeMap<String, bool>,
    #[serde(default)]
    push: BTreeMap<String, bool>,
    #[serde(default)]
    mail: BTreeMap<String, bool>,
    /// Null ends quiet hours.
    #[serde(default, deserialize_with = "settings::given")]
    #[schema(value_type = Option<Quiet>)]
    quiet: Option<Option<Quiet>>,
    /// Null ends the digest; what has gathered is mailed at once.
    #[serde(default, deserialize_with = "settings::given")]
    #[schema(value_type = Option<DigestShown>)]
    digest: Option<Option<DigestShown>>,
}

/// Times of day in the person's time zone, `HH:MM`; over midnight when it begins later than it ends.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Quiet {
    from: String,
    until: String,
}

/// What one person wants of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Wishes {
    pub inbox: bool,
    pub push: bool,
    pub mail: bool,
    quiet: Option<QuietHours>,
}

const COLUMNS: [&str; 4] = ["kind", "is_on", "push", "mail"];

impl Wishes {
    fn usual(kind: &str) -> Wishes {
        Wishes {
            inbox: true,
            push: !NOT_PUSHED.contains(&kind),
            mail: MAILED.contains(&kind),
            quiet: None,
        }
    }

    fn read(kind: &str, row: &QueryResult) -> Result<Wishes> {
        let usual = Wishes::usual(kind);
        Ok(Wishes {
            inbox: row.try_get_by_index(1)?,
            push: row
                .try_get_by_index::<Option<bool>>(2)?
                .unwrap_or(usual.push),
            mail: row
                .try_get_by_index::<Option<bool>>(3)?
                .unwrap_or(usual.mail),
            quiet: None,
        })
    }

    pub async fn of(write: &mut Write, person: Uuid, kind: &str) -> Result<Wishes> {
        let chosen = Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("notification_choice"))
            .and_where(col("person_id").eq(person))
            .and_where(col("kind").eq(kind))
            .to_owned();
        let mut wishes = match write.rows(&chosen).await?.first() {
            Some(row) => Wishes::read(kind, row)?,
            None => Wishes::usual(kind),
        };
        if wishes.push || wishes.mail {
            wishes.quiet = quiet(write, person).await?;
        }
        Ok(wishes)
    }

    /// When the quiet hours that hold now end, in milliseconds; none when they don't hold.
    pub fn quiet_end(&self, app: &App, person: &Person, now: i64) -> Option<i64> {
        let quiet = self.quiet?;
        let zone = zone_of(app, person);
        let local = DateTime::from_timestamp_millis(now)?.with_timezone(&zone);
        instant_of(zone, quiet.end(local.naive_local())?)
    }

    /// Whether news of this kind goes into the person's mailbox.
    pub fn is_mailed(&self) -> bool {
        self.inbox && self.mail
    }
}

/// The person's own time zone, or the organisation's.
pub fn zone_of(app: &App, person: &Person) -> Tz {
    let own = person
        .time_zone
        .as_deref()
        .and_then(|name| name.parse().ok());
    own.unwrap_or_else(|| app.clock.zone())
}

/// A local time as an instant in milliseconds. One that a clock change skips has come as soon as the clock jumps over it.
pub fn instant_of(zone: Tz, local: NaiveDateTime) -> Option<i64> {
    let at = zone.from_local_datetime(&local).earliest().or_else(|| {
        zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1)))
            .earliest()
    })?;
    Some(at.timestamp_millis())
}

/// A person's quiet hours.
pub async fn quiet(write: &mut Write, person: Uuid) -> Result<Option<QuietHours>> {
    let rows = write.rows(&quiet_of(person)).await?;
    Ok(rows.first().map(read_quiet).transpose()?.flatten())
}

fn quiet_of(person: Uuid) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .columns(["quiet_from", "quiet_until"].map(Alias::new))
        .from(Alias::new("quiet_hours"))
        .and_where(col("person_id").eq(person))
        .to_owned()
}

fn read_quiet(row: &QueryResult) -> Result<Option<QuietHours>> {
    let (from, until): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(QuietHours::parse(&from, &until))
}

async fn choices(access: Access) -> Result<Response> {
    json(&chosen(&access).await?)
}

async fn chosen(access: &Access) -> Result<Choices> {
    let select = Query::select()
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new("notification_choice"))
        .and_where(col("person_id").eq(access.actor.person_id))
        .to_owned();
    let mut wishes: BTreeMap<&'static str, Wishes> = KINDS
        .iter()
        .map(|kind| (*kind, Wishes::usual(kind)))
        .collect();
    for row in access.rows(&select).await? {
        let kind: String = row.try_get_by_index(0)?;
        if let Some(wish) = wishes.get_mut(kind.as_str()) {
            *wish = Wishes::read(&kind, &row)?;
        }
    }
    let quiet = access.row(&quiet_of(access.actor.person_id)).await?;
    let quiet = quiet.as_ref().map(read_quiet).transpose()?.flatten();
    let by = |part: fn(&Wishes) -> bool| {
        wishes
            .iter()
            .map(|(kind, wish)| (*kind, part(wish)))
            .collect()
    };
    Ok(Choices {
        choices: by(|wish| wish.inbox),
        push: by(|wish| wish.push),
        mail: by(|wish| wish.mail),
        quiet: quiet.map(|quiet| Quiet {
            from: quiet.from.format("%H:%M").to_string(),
            until: quiet.until.format("%H:%M").to_string(),
        }),
        digest: digest::shown(access).await?,
        mail_available: access.app.mailer.is_configured(),
    })
}

async fn choose(access: Access, Body(body): Body<Chosen>) -> Result<Response> {
    let parts = [
        ("choices", "is_on", &body.choices),
        ("push", "push", &body.push),
        ("mail", "mail", &body.mail),
    ];
    for (pointer, _, part) in parts {
        if let Some(unknown) = part.keys().find(|kind| !KINDS.contains(&kind.as_str())) {
            return Err(Problem::field_with(
                pointer,
                "unknown_choice",
                object!({ "kind": unknown }),
            ));
        }
    }
    let me = access.actor.person_id;
    let mut write = access.write().await?;
    for (_, column, part) in parts {
        for (kind, is_on) in part {
            choose_one(&mut write, me, kind, column, *is_on).await?;
        }
    }
    if let Some(quiet) = &body.quiet {
        be_quiet(&mut write, me, quiet.as_ref()).await?;
    }
    if let Some(digest) = &body.digest {
        digest::choose(&mut write, digest.as_ref()).await?;
    }
    write.commit().await?;
    json(&chosen(&access).await?)
}

async fn choose_one(
    write: &mut Write,
    person: Uuid,
    kind: &str,
    column: &str,
    is_on: bool,
) -> Result<()> {
    let mut columns = vec!["person_id", "kind", "is_on"];
    let mut values = vec![person.into(), kind.into(), true.into()];
    if column == "is_on" {
        values[2] = is_on.into();
    } else {
        columns.push(column);
        values.push(is_on.into());
    }
    let insert = Query::insert()
        .into_table(Alias::new("notification_choice"))
        .columns(columns.into_iter().map(Alias::new))
        .values_panic(values)
        .on_conflict(
            OnConflict::columns(["person_id", "kind"].map(Alias::new))
                .update_column(Alias::new(column))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    Ok(())
}

async fn be_quiet(write: &mut Write, person: Uuid, quiet: Option<&Quiet>) -> Result<()> {
    let table = Alias::new("quiet_hours");
    let Some(quiet) = quiet else {
        let delete = Query::delete()
            .from_table(table)
            .and_where(col("person_id").eq(person))
            .to_owned();
        write.execute(&delete).await?;
        return Ok(());
    };
    if QuietHours::parse(&quiet.from, &quiet.until).is_none() {
        return Err(Problem::field("quiet", "not_quiet_hours"));
    }
    let insert = Query::insert()
        .into_table(table)
        .columns(["person_id", "quiet_from", "quiet_until"].map(Alias::new))
        .values_panic([
            person.into(),
            quiet.from.as_str().into(),
            quiet.until.as_str().into(),
        ])
        .on_conflict(
            OnConflict::column(Alias::new("person_id"))
                .update_columns(["quiet_from", "quiet_until"].map(Alias::new))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    Ok(())
}
