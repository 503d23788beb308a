//! Sharing a record with a person, and who sees a record and why.

mod viewers;

use axum::response::Response;
use futures_util::future::BoxFuture;
use platform::access::{Access, Right};
use platform::app::Feature;
use platform::db::col;
use platform::labels;
use platform::ledger::Entry;
use platform::problem::{Problem, Result};
use platform::resource::{Guard, Record};
use platform::web::{Body, Doc, Labels, Path, Routes, batch_header, json, no_content};
use platform::write::Write;
use rules::permission::{Action, Permissions};
use rules::value::instant_text;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, OnConflict, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json as object};
use utoipa::ToSchema;
use uuid::Uuid;

/// Acts in the ledger.
pub const SHARE: &str = "share";
pub const UNSHARE: &str = "unshare";

/// People that one record is shared with; more are a team's business.
const SHARES_MAX: u64 = 200;

pub fn feature() -> Feature {
    Feature::default()
        .undo_act(SHARE, undo)
        .undo_act(UNSHARE, undo)
}

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/{resource}/{id}/shares",
            Doc::new("sharing", "With whom a record is shared").answers::<ShareList>(),
            list,
        )
        .post(
            "/api/{resource}/{id}/shares",
            Doc::new("sharing", "Share a record with a person, or change how")
                .about("Whoever may edit the record may share it. What belongs to it (contacts) is shared with it.")
                .body::<NewShare>()
                .answers::<ShareRow>(),
            share,
        )
        .delete(
            "/api/{resource}/{id}/shares/{person_id}",
            Doc::new("sharing", "Share a record with a person no longer").status(204),
            unshare,
        )
        .merge(viewers::routes())
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewShare {
    person_id: Uuid,
    right: Right,
    /// The last day; without it until it is taken back.
    until_on: Option<chrono::NaiveDate>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ShareRow {
    person_id: Uuid,
    right: Right,
    until_on: Option<String>,
    created_at: String,
    created_by: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ShareList {
    rows: Vec<ShareRow>,
    labels: Labels,
}

const COLUMNS: [&str; 5] = [
    "person_id",
    "access",
    "until_on",
    "created_at",
    "created_by",
];

fn select_of(record: Uuid) -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new("share"))
        .and_where(col("record_id").eq(record))
        .to_owned()
}

fn right_of(text: &str) -> Right {
    if text == "edit" {
        Right::Edit
    } else {
        Right::Read
    }
}

fn right_text(right: Right) -> &'static str {
    match right {
        Right::Edit => "edit",
        Right::Read => "read",
    }
}

fn read(row: &QueryResult) -> Result<ShareRow> {
    let right: String = row.try_get_by_index(1)?;
    Ok(ShareRow {
        person_id: row.try_get_by_index(0)?,
        right: right_of(&right),
        until_on: row.try_get_by_index(2)?,
        created_at: instant_text(row.try_get_by_index(3)?),
        created_by: row.try_get_by_index(4)?,
    })
}

async fn list(access: Access, Path((name, id)): Path<(String, Uuid)>) -> Result<Response> {
    let record = access.get(&access.resource(&name)?, id).await?;
    let mut select = select_of(record.id());
    select
        .order_by(Alias::new("created_at"), Order::Asc)
        .limit(SHARES_MAX);
    let rows: Vec<ShareRow> = access
        .rows(&select)
        .await?
        .iter()
        .map(read)
        .collect::<Result<_>>()?;
    let people = rows
        .iter()
        .flat_map(|row| row.created_by.into_iter().chain([row.person_id]))
        .map(|person| ("people".to_owned(), person))
        .collect();
    let labels = labels::of(&access, people).await?.into();
    json(&ShareList { rows, labels })
}

/// The record, if it can be shared and the actor may do so.
async fn shareable(access: &Access, name: &str, id: Uuid) -> Result<Record> {
    let record = access
        .get_for(&access.resource(name)?, id, Action::Edit)
        .await?;
    match record.resource.guard {
        Guard::Owner(_) => Ok(record),
        // What belongs to another record is shared with that one; what everybody sees needs no share.
        Guard::Via(_) | Guard::Everybody => Err(Problem::rule("not_shareable")),
    }
}

async fn share(
    access: Access,
    Path((name, id)): Path<(String, Uuid)>,
    Body(body): Body<NewShare>,
) -> Result<Response> {
    let record = shareable(&access, &name, id).await?;
    let directory = access.app.directory();
    let person = directory
        .people
        .get(&body.person_id)
        .filter(|person| person.is_active);
    let person = person.ok_or_else(|| Problem::field("person_id", "unknown_reference"))?;
    if let Guard::Owner(owner) = record.resource.guard
        && record.reference(owner) == Some(body.person_id)
    {
        return Err(Problem::field("person_id", "is_owner"));
    }
    let permissions = Permissions::unite(
        person
            .role_ids
            .iter()
            .filter_map(|id| Some(&directory.roles.get(id)?.grants)),
    );
    let needed = if body.right == Right::Edit {
        Action::Edit
    } else {
        Action::Read
    };
    if !permissions.allows(&name, needed) {
        return Err(Problem::field("person_id", "role_lacks_right"));
    }
    if body
        .until_on
        .is_some_and(|day| day < access.app.clock.today())
    {
        return Err(Problem::field("until_on", "in_the_past"));
    }
    let mut write = access.write().await?;
    let before = stored(&mut write, id, body.person_id).await?;
    let after =
        object!({ "person_id": body.person_id, "right": body.right, "until_on": body.until_on });
    put(&mut write, &record, &after).await?;
    write.note_on(&record, SHARE, before, Some(after)).await?;
    let now = write.now;
    let batch = write.commit().await?;
    let row = ShareRow {
        person_id: body.person_id,
        right: body.right,
        until_on: body.until_on.map(|day| day.to_string()),
        created_at: instant_text(now),
        created_by: access.actor.person(),
    };
    Ok(batch_header(json(&row)?, batch))
}

async fn unshare(
    access: Access,
    Path((name, id, person)): Path<(String, Uuid, Uuid)>,
) -> Result<Response> {
    let resource = access.resource(&name)?;
    // Whoever it was shared with may give it up.
    let record = if person == access.actor.person_id {
        access.get(&resource, id).await?
    } else {
        shareable(&access, &name, id).await?
    };
    let mut write = access.write().await?;
    let Some(before) = stored(&mut write, id, person).await? else {
        return Err(Problem::not_found());
    };
    take(&mut write, id, person).await?;
    write.note_on(&record, UNSHARE, Some(before), None).await?;
    let batch = write.commit().await?;
    Ok(batch_header(no_content(), batch))
}

/// A share as the ledger keeps it.
async fn stored(write: &mut Write, record: Uuid, person: Uuid) -> Result<Option<Json>> {
    let mut select = select_of(record);
    select.and_where(col("person_id").eq(person));
    let rows = write.rows(&select).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let share = read(row)?;
    Ok(Some(
        object!({ "person_id": share.person_id, "right": share.right, "until_on": share.until_on }),
    ))
}

async fn put(write: &mut Write, record: &Record, share: &Json) -> Result<()> {
    let person = share["person_id"]
        .as_str()
        .and_then(|id| Uuid::parse_str(id).ok());
    let right = right_of(share["right"].as_str().unwrap_or_default());
    let insert = Query::insert()
        .into_table(Alias::new("share"))
        .columns(
            [
                "resource",
                "record_id",
                "person_id",
                "access",
                "until_on",
                "created_at",
                "created_by",
            ]
            .map(Alias::new),
        )
        .values_panic([
            record.resource.name.as_str().into(),
            record.id().into(),
            person.into(),
            right_text(right).into(),
            share["until_on"].as_str().into(),
            write.now.into(),
            write.access.actor.person().into(),
        ])
        .on_conflict(
            OnConflict::columns(["record_id", "person_id"].map(Alias::new))
                .update_columns(["access", "until_on", "created_at", "created_by"].map(Alias::new))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    Ok(())
}

async fn take(write: &mut Write, record: Uuid, person: Uuid) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new("share"))
        .and_where(col("record_id").eq(record))
        .and_where(col("person_id").eq(person))
        .to_owned();
    write.execute(&delete).await?;
    Ok(())
}

/// Puts a share back to what it was, while it still is what the act made it.
fn undo<'a>(write: &'a mut Write, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let resource = write.access.resource(&entry.resource)?;
        let record = write
            .lock_for(&resource, entry.record_id, Action::Edit, None)
            .await?;
        let about = entry.after.as_ref().or(entry.before.as_ref());
        let person = about
            .and_then(|about| about["person_id"].as_str())
            .and_then(|id| Uuid::parse_str(id).ok());
        let person = person.ok_or_else(|| Problem::rule("cannot_undo"))?;
        if stored(write, record.id(), person).await? != entry.after {
            return Err(Problem::rule("changed_since")
                .with(object!({ "resource": entry.resource, "id": entry.record_id })));
        }
        let verb = match &entry.before {
            Some(share) => {
                put(write, &record, share).await?;
                SHARE
            }
            None => {
                take(write, record.id(), person).await?;
                UNSHARE
            }
        };
        write
            .note_on(&record, verb, entry.after.clone(), entry.before.clone())
            .await
    })
}
