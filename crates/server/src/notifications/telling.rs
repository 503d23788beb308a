//! The one way to tell a person something: into the inbox, and from there to phones and mailboxes as the person wants it.

use std::collections::HashSet;

use platform::clock::new_id;
use platform::job;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use serde_json::json;
use uuid::Uuid;

use super::choices::Wishes;
use super::{devices, digest, mailing, pushing};

/// What somebody is to be told.
pub struct Notice<'a> {
    pub person: Uuid,
    /// One of `KINDS`.
    pub kind: &'static str,
    pub resource: &'a str,
    pub record: Uuid,
    /// The record's name.
    pub label: String,
    pub excerpt: Option<String>,
    /// The act's verb in the ledger.
    pub verb: Option<&'a str>,
    /// Records that it is about, of which `record` is one.
    pub count: i64,
}

impl<'a> Notice<'a> {
    /// A notice that is about one record.
    pub fn of(person: Uuid, kind: &'static str, record: &'a Record) -> Notice<'a> {
        Notice {
            person,
            kind,
            resource: &record.resource.name,
            record: record.id(),
            label: record.label(),
            excerpt: None,
            verb: None,
            count: 1,
        }
    }
}

/// Who has been told of which record in this write.
#[derive(Default)]
struct Told(HashSet<(Uuid, Uuid)>);

/// Whether this write has told a person of a record already, in better words.
pub fn is_told(write: &Write, person: Uuid, record: Uuid) -> bool {
    write
        .memory
        .get::<Told>()
        .is_some_and(|told| told.0.contains(&(person, record)))
}

/// Puts a notice into an inbox and queues what goes out, unless it is one's own doing, or the person has left or does not
/// want its kind. The inbox is never quiet; phones and mailboxes wait for the end of quiet hours.
pub async fn tell(write: &mut Write, notice: Notice<'_>) -> Result<()> {
    tell_until(write, notice, None).await
}

/// The same for news that is worth no mail and no push after an instant (milliseconds).
pub async fn tell_until(write: &mut Write, notice: Notice<'_>, until: Option<i64>) -> Result<()> {
    let actor = write.access.actor.person();
    let app = write.access.app.clone();
    let directory = app.directory();
    let Some(person) = directory
        .people
        .get(&notice.person)
        .filter(|person| person.is_active && actor != Some(person.id))
    else {
        return Ok(());
    };
    let told = (notice.person, notice.record);
    write.memory.change(|known: &mut Told| {
        known.0.insert(told);
    });
    let wishes = Wishes::of(write, person.id, notice.kind).await?;
    if !wishes.inbox {
        return Ok(());
    }
    let is_mailed = wishes.mail && app.mailer.is_configured() && person.email.is_some();
    // What is soon over would come too late with the others.
    let digest_at = match is_mailed && until.is_none() {
        true => digest::next(write, person).await?,
        false => None,
    };
    let id = new_id();
    let now = write.now;
    let columns = [
        "id",
        "person_id",
        "kind",
        "at",
        "resource",
        "record_id",
        "label",
        "actor_id",
        "excerpt",
        "verb",
        "record_count",
        "digest_at",
    ];
    let row = vec![
        id.into(),
        person.id.into(),
        notice.kind.into(),
        now.into(),
        notice.resource.into(),
        notice.record.into(),
        notice.label.into(),
        actor.into(),
        notice.excerpt.into(),
        notice.verb.into(),
        notice.count.into(),
        digest_at.into(),
    ];
    write.insert("notification", &columns, row).await?;
    write.tell(person.id);
    let goes_out_at = wishes.quiet_end(&app, person, now).unwrap_or(now);
    if wishes.push && devices::has_some(write, person.id).await? {
        let payload = json!({ "notification_id": id, "until": until });
        job::enqueue_at(write, pushing::KIND, payload, goes_out_at).await?;
    }
    if is_mailed && digest_at.is_none() {
        let payload = json!({ "notification_id": id, "until": until });
        job::enqueue_at(write, mailing::KIND, payload, goes_out_at).await?;
    }
    Ok(())
}
