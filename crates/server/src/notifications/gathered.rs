//! Sends the digests that are due: each notice once, in one mail to its person.

use std::sync::Arc;
use std::time::Duration;

use platform::access::Access;
use platform::app::App;
use platform::db::col;
use platform::job::{JobKind, Running};
use platform::mail::Mail;
use platform::problem::Result;
use platform::write::Write;
use sea_orm::sea_query::{Alias, Condition, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::choices::Wishes;
use super::mailing::one_line;
use super::text::Said;
use super::{KINDS, mails};

/// How late a digest may be.
const EVERY: Duration = Duration::from_secs(60);
/// Notices of one kind that a mail shows; the inbox has all.
const SHOWN: usize = 20;

pub fn job() -> JobKind {
    JobKind::new("mail_digests", 5, run).every(EVERY)
}

async fn run(running: Running) -> Result<Json> {
    let app = &running.app;
    let now = app.clock.now_ms();
    let due = Query::select()
        .distinct()
        .column(Alias::new("person_id"))
        .from(Alias::new("notification"))
        .and_where(col("digest_at").lte(now))
        .to_owned();
    let mut sent = 0;
    let mut trouble = None;
    for row in app.db.all(&due).await? {
        // One person's trouble must not keep the others' mails.
        match send(app, row.try_get_by_index(0)?, now).await {
            Ok(is_sent) => sent += u64::from(is_sent),
            Err(problem) => trouble = Some(problem),
        }
    }
    match trouble {
        Some(problem) => Err(problem),
        None => Ok(json!({ "sent": sent })),
    }
}

/// Takes what has gathered for a person out of the waiting and puts its mail into the queue, in one transaction: it goes
/// out once, whatever ends when. False when nothing was left to be told.
async fn send(app: &Arc<App>, person: Uuid, now: i64) -> Result<bool> {
    let mut write = Access::system(app, "digests of notifications")
        .write()
        .await?;
    let waiting = Condition::all()
        .add(col("person_id").eq(person))
        .add(col("digest_at").lte(now));
    // Of two processes the second waits here, and finds nothing any more.
    let select = Said::select()
        .cond_where(waiting.clone())
        .order_by(Alias::new("at"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc)
        .lock_exclusive()
        .to_owned();
    let mut gathered = Vec::new();
    for row in write.rows(&select).await? {
        let said = Said::read(&row)?;
        if !said.is_read {
            gathered.push(said);
        }
    }
    let taken = Query::update()
        .table(Alias::new("notification"))
        .value(Alias::new("digest_at"), None::<i64>)
        .cond_where(waiting)
        .to_owned();
    write.execute(&taken).await?;
    let mail = match gathered.is_empty() {
        true => None,
        false => mail(&mut write, person, gathered).await?,
    };
    let is_sent = mail.is_some();
    if let Some(mail) = mail {
        mails::post(&mut write, mail).await?;
    }
    write.commit().await?;
    Ok(is_sent)
}

/// None when the person has left, has no address, or wants none of it mailed any more.
async fn mail(write: &mut Write, person: Uuid, gathered: Vec<Said>) -> Result<Option<Mail>> {
    let app = write.access.app.clone();
    let directory = app.directory();
    let known = directory.people.get(&person);
    let Some(email) = known.and_then(|person| person.email.clone()) else {
        return Ok(None);
    };
    let Some(reader) = Access::seen_by(&app, person).await? else {
        return Ok(None);
    };
    let word = |key: &str, params: &Json| {
        app.catalog.text(
            &reader.actor.language,
            &format!("notifications.{key}"),
            params,
        )
    };
    let base = &app.options.base_url;
    let (mut count, mut parts) = (0, Vec::new());
    for kind in KINDS {
        let of_kind: Vec<&Said> = gathered.iter().filter(|said| said.kind == kind).collect();
        if of_kind.is_empty() || !Wishes::of(write, person, kind).await?.is_mailed() {
            continue;
        }
        count += of_kind.len();
        let mut part = format!(
            "{} ({})\n",
            word(&format!("kinds.{kind}"), &json!({})),
            of_kind.len()
        );
        for said in of_kind.iter().take(SHOWN) {
            let text = one_line(&said.text(&reader));
            part.push_str(&format!("\n- {text}\n  {base}{}\n", said.path()));
        }
        if of_kind.len() > SHOWN {
            let more = word("digest.more", &json!({ "count": of_kind.len() - SHOWN }));
            part.push_str(&format!("\n- {more}\n"));
        }
        parts.push(part);
    }
    if count == 0 {
        return Ok(None);
    }
    let params = json!({ "count": count, "parts": parts.join("\n"), "url": format!("{base}/settings/notifications") });
    Ok(Some(Mail {
        to: email,
        subject: word("digest.subject", &params),
        text: word("digest.text", &params),
        ..Mail::default()
    }))
}
