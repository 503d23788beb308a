//! Invitations by mail: participants and contacts with an address get an entry for their calendars, each change of it, and
//! its end.
//!
//! What a write did is noted while it runs and sent when it ends, so that a change of a whole series is one mail.

mod mail;
mod recipients;
mod series;

use std::collections::{BTreeMap, BTreeSet};

use platform::access::Access;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::{Cause, Write};
use rules::activities::{DAY_MS, State};
use rules::icalendar::{Event, Method, Party, When};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

use super::feed_events::uid;
use crate::activities::series as repeating;
use recipients::Recipient;

/// Changes that invited people must know of.
const TOLD_OF: [&str; 6] = [
    "subject",
    "planned_start_at",
    "planned_end_at",
    "is_all_day",
    "due_on",
    "owner_id",
];
const PEOPLE: [&str; 2] = ["participant_ids", "contact_ids"];

/// What a write did to what people are invited to.
#[derive(Default)]
struct Noted {
    /// As it was before the write, by activity.
    before: BTreeMap<Uuid, Option<Record>>,
    after: BTreeMap<Uuid, Option<Record>>,
    /// Series that were changed as a whole; and who was invited to them before.
    series: BTreeMap<Uuid, Vec<Record>>,
}

fn invites(record: &Record) -> bool {
    record.get("invite").as_bool() == Some(true)
}

fn is_open(record: &Record) -> bool {
    State::from_code(record.text("state")).is_some_and(State::is_open)
}

/// Notes what was done to an activity.
pub fn note(write: &mut Write, before: Option<&Record>, after: Option<&Record>) {
    let concerns = before.is_some_and(invites) || after.is_some_and(invites);
    if !concerns || !matches!(write.cause, Cause::Edit | Cause::Undo) {
        return;
    }
    // What is taken back comes record by record; of a series it is one piece of news all the same.
    let whole =
        repeating::is_whole(write) || repeating::is_planned(write) || write.cause == Cause::Undo;
    let Some(id) = after.or(before).map(Record::id) else {
        return;
    };
    if write.cause == Cause::Edit && after.is_some_and(|_| !write.access.app.mailer.is_configured())
    {
        let known = write.answer.get("warnings").map(ToString::to_string);
        if !known.unwrap_or_default().contains("mail_not_configured") {
            write.warn(json!({ "code": "mail_not_configured" }));
        }
    }
    let (before, after) = (before.cloned(), after.cloned());
    write.memory.change(|noted: &mut Noted| {
        if whole {
            for record in [&before, &after].into_iter().flatten() {
                if let Some(series) = repeating::series_id(record) {
                    let invited = noted.series.entry(series).or_default();
                    // One is enough: the people of a series are the same for all but its exceptions.
                    if invited.is_empty() {
                        invited.extend(before.clone().or(after.clone()));
                    }
                }
            }
            if [&before, &after]
                .into_iter()
                .flatten()
                .any(|record| repeating::series_id(record).is_some())
            {
                return;
            }
        }
        noted.before.entry(id).or_insert(before);
        noted.after.insert(id, after);
    });
}

/// Sends what the write has made necessary, once it is committed.
pub async fn finish(write: &mut Write) -> Result<()> {
    let Some(mut noted) = write.memory.take::<Noted>() else {
        return Ok(());
    };
    if !write.access.app.mailer.is_configured() {
        return Ok(());
    }
    for (id, before) in noted.before {
        let after = noted.after.remove(&id).flatten();
        one(write, id, before, after).await?;
    }
    for (id, before) in noted.series {
        series::send(write, id, before.first()).await?;
    }
    Ok(())
}

/// One activity by itself: invites, tells of the change, or takes the invitation back.
async fn one(
    write: &mut Write,
    id: Uuid,
    before: Option<Record>,
    after: Option<Record>,
) -> Result<()> {
    let was = before.filter(|before| invites(before) && is_open(before));
    let is = after.filter(|after| invites(after) && is_open(after));
    let changed = match (&was, &is) {
        (Some(was), Some(is)) => TOLD_OF
            .iter()
            .chain(&PEOPLE)
            .any(|field| was.get(field) != is.get(field)),
        (None, None) => false,
        _ => true,
    };
    // What was done stays in everybody's calendar as it was planned.
    if !changed || (is.is_none() && after_is_done(write, id).await?) {
        return Ok(());
    }
    let old = match &was {
        Some(was) => recipients::of(write, was).await?,
        None => Vec::new(),
    };
    let new = match &is {
        Some(is) => recipients::of(write, is).await?,
        None => Vec::new(),
    };
    let sequence = count(write, id).await?;
    let staying: BTreeSet<&str> = new.iter().map(|one| one.email.as_str()).collect();
    let uninvited: Vec<Recipient> = old
        .into_iter()
        .filter(|one| !staying.contains(one.email.as_str()))
        .collect();
    if let Some(was) = &was
        && !uninvited.is_empty()
    {
        let event = event(write, was, sequence, true).await?;
        mail::send(write, was, Method::Cancel, &[event], &uninvited).await?;
    }
    if let Some(is) = &is {
        let is_new = was.is_none();
        let event = event(write, is, sequence, false).await?;
        let mut news = new;
        // Whoever only sees that others came need not hear of it.
        if let Some(was) = &was
            && TOLD_OF.iter().all(|field| was.get(field) == is.get(field))
        {
            let known = recipients::of(write, was).await?;
            news.retain(|one| !known.iter().any(|old| old.email == one.email));
        }
        mail::send_as(write, is, Method::Request, &[event], &news, is_new).await?;
    }
    Ok(())
}

async fn after_is_done(write: &mut Write, id: Uuid) -> Result<bool> {
    let select = Query::select()
        .column(Alias::new("state"))
        .from(Alias::new("activity"))
        .and_where(platform::db::col("id").eq(id))
        .to_owned();
    let state: Option<String> = match write.rows(&select).await?.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    Ok(state.as_deref() == Some(State::Done.code()))
}

/// Counts a mail's version up. It follows from the record's own version, so it makes none.
async fn count(write: &mut Write, id: Uuid) -> Result<i64> {
    count_in(write, "activity", id).await
}

async fn count_in(write: &mut Write, table: &str, id: Uuid) -> Result<i64> {
    use sea_orm::sea_query::{Expr, Func};
    let known = Func::coalesce([platform::db::col("invite_sequence"), Expr::val(0)]);
    let select = Query::select()
        .expr(known)
        .from(Alias::new(table))
        .and_where(platform::db::col("id").eq(id))
        .to_owned();
    let Some(known) = write
        .rows(&select)
        .await?
        .first()
        .map(|row| row.try_get_by_index::<i64>(0))
        .transpose()?
    else {
        // It is gone: no later mail will be about it, and this one must be newer than all before.
        return Ok(write.now / 1_000);
    };
    let next = known + 1;
    let update = Query::update()
        .table(Alias::new(table))
        .value(Alias::new("invite_sequence"), next)
        .and_where(platform::db::col("id").eq(id))
        .to_owned();
    write.execute(&update).await?;
    Ok(next)
}

/// When an activity is planned.
fn when(access: &Access, record: &Record) -> Option<When> {
    let clock = &access.app.clock;
    if let Some(start) = record.int("planned_start_at") {
        let end = record.int("planned_end_at").unwrap_or(start);
        if record.get("is_all_day").as_bool() != Some(true) {
            return Some(When::Span {
                starts_at: start,
                ends_at: end,
            });
        }
        let first = clock.day_of(start);
        return Some(When::Days {
            first,
            last: Ord::max(clock.day_of(end - 1), first),
        });
    }
    let day = record.get("due_on").as_day()?;
    Some(When::Days {
        first: day,
        last: day,
    })
}

/// The activity as invited people get it: when, what, by whom; nothing of what we think or plan.
async fn event(
    write: &mut Write,
    record: &Record,
    sequence: i64,
    is_cancelled: bool,
) -> Result<Event> {
    let access = write.access.clone();
    let now = write.now;
    let own = repeating::slot_start(write, record).await?;
    let (name, instead_of) = match (repeating::series_id(record), own) {
        // A single occurrence of what was invited as a series.
        (Some(series), Some(start)) => (uid(series), Some(start)),
        _ => (uid(record.id()), None),
    };
    let when = when(&access, record).unwrap_or(When::Span {
        starts_at: now,
        ends_at: now + DAY_MS,
    });
    Ok(Event {
        uid: name,
        sequence,
        created_at: record.int("created_at").unwrap_or(now),
        changed_at: now,
        when,
        summary: record.label(),
        description: String::new(),
        location: String::new(),
        url: String::new(),
        is_cancelled,
        is_busy: true,
        organizer: Some(organizer(&access, record)),
        attendees: Vec::new(),
        repeat: None,
        instead_of,
    })
}

/// Whoever does it invites; an answer goes to them.
fn organizer(access: &Access, record: &Record) -> Party {
    let directory = access.app.directory();
    let owner = record
        .reference("owner_id")
        .and_then(|id| directory.people.get(&id));
    let sender = &access.app.options.mail_from;
    let address = sender
        .rsplit_once('<')
        .map_or(sender.as_str(), |(_, rest)| rest.trim_end_matches('>'));
    Party {
        name: owner.map_or_else(String::new, |owner| owner.name.clone()),
        email: owner
            .and_then(|owner| owner.email.clone())
            .unwrap_or_else(|| address.to_owned()),
    }
}
