//! One notice to one person: into the inbox, and by mail, as the person chose.

use platform::access::{Access, Source};
use platform::clock::new_id;
use platform::db::col;
use platform::mail::Mail;
use platform::problem::Result;
use platform::web::person_actor;
use platform::write::Write;
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::json;
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

use super::{is_mailed_by_default, mails, text};

/// What somebody is told.
pub struct Notice<'a> {
    pub person: Uuid,
    /// One of `KINDS`.
    pub kind: &'static str,
    pub resource: &'a str,
    pub record: Uuid,
    pub label: String,
    pub excerpt: Option<String>,
    pub verb: Option<&'a str>,
    pub count: i64,
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

/// How a notice reaches a person.
struct Ways {
    inbox: bool,
    mail: bool,
}

/// Tells a person, unless it is their own doing, or they have left or do not want this kind.
pub async fn notify(write: &mut Write, notice: Notice<'_>) -> Result<()> {
    notify_until(write, notice, None).await
}

/// The same for news that is worth no mail after an instant (milliseconds).
pub async fn notify_until(
    write: &mut Write,
    notice: Notice<'_>,
    mail_until: Option<i64>,
) -> Result<()> {
    let actor = write.access.actor.person();
    let directory = write.access.app.directory();
    let Some(person) = directory.people.get(&notice.person) else {
        return Ok(());
    };
    if !person.is_active || actor == Some(notice.person) {
        return Ok(());
    }
    let told = (notice.person, notice.record);
    write.memory.change(|known: &mut Told| {
        known.0.insert(told);
    });
    let ways = ways(write, &notice).await?;
    if ways.inbox {
        put(write, &notice).await?;
    }
    if ways.mail
        && let Some(address) = &person.email
        && write.access.app.mailer.is_configured()
    {
        let mail = mail(write, &notice, address).await?;
        mails::post(write, mail, mail_until).await?;
    }
    Ok(())
}

async fn ways(write: &mut Write, notice: &Notice<'_>) -> Result<Ways> {
    let choice = Query::select()
        .columns(["is_on", "by_mail"].map(Alias::new))
        .from(Alias::new("notification_choice"))
        .and_where(col("person_id").eq(notice.person))
        .and_where(col("kind").eq(notice.kind))
        .to_owned();
    let usual = is_mailed_by_default(notice.kind);
    Ok(match write.rows(&choice).await?.first() {
        Some(row) => Ways {
            inbox: row.try_get_by_index(0)?,
            mail: row.try_get_by_index::<Option<bool>>(1)?.unwrap_or(usual),
        },
        None => Ways {
            inbox: true,
            mail: usual,
        },
    })
}

async fn put(write: &mut Write, notice: &Notice<'_>) -> Result<()> {
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
    ];
    let row = vec![
        new_id().into(),
        notice.person.into(),
        notice.kind.into(),
        write.now.into(),
        notice.resource.into(),
        notice.record.into(),
        notice.label.clone().into(),
        write.access.actor.person().into(),
        notice.excerpt.clone().into(),
        notice.verb.into(),
        notice.count.into(),
    ];
    write.insert("notification", &columns, row).await?;
    write.tell(notice.person);
    Ok(())
}

/// The notice as its reader would read it in the inbox, with the way to the record.
async fn mail(write: &mut Write, notice: &Notice<'_>, address: &str) -> Result<Mail> {
    let app = write.access.app.clone();
    // Field rules hold for the reader as in a session of theirs.
    let actor = person_actor(&app, notice.person, Source::Session(Uuid::nil())).await?;
    let reader = Access::new(app.clone(), Arc::new(actor));
    let language = reader.actor.language.as_str();
    let said = text::of(
        &reader,
        &text::Said {
            kind: notice.kind,
            resource: Some(notice.resource),
            label: notice.label.clone(),
            actor: write.access.actor.person(),
            excerpt: notice.excerpt.clone().unwrap_or_default(),
            verb: notice.verb,
            count: notice.count,
        },
    );
    let subject: String = said
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(150)
        .collect();
    let url = format!(
        "{}/{}/{}",
        app.options.base_url, notice.resource, notice.record
    );
    let body = app.catalog.text(
        language,
        "notifications.mail",
        &json!({ "text": said, "url": url }),
    );
    Ok(Mail {
        to: address.to_owned(),
        subject,
        text: body,
        ..Mail::default()
    })
}
