//! The browsers and phones that a person has asked to be told on, and the keys that push services know this server by.

use axum::http::HeaderMap;
use axum::response::Response;
use platform::access::{Access, Source};
use platform::app::App;
use platform::clock::new_id;
use platform::db::col;
use platform::outbound::{Target, Unsent};
use platform::problem::{Problem, Result};
use platform::push::{Identity, Recipient};
use platform::web::{Body, Doc, Routes, device_of, json, no_content};
use platform::write::Write;
use rules::value::instant_text;
use sea_orm::sea_query::{Alias, Condition, ExprTrait, OnConflict, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use utoipa::ToSchema;
use uuid::Uuid;

const TABLE: &str = "push_device";
/// The secret that holds the key pair.
const IDENTITY: &str = "push_identity";
/// Devices of one person; the one that was added longest ago makes room.
const DEVICES_MAX: u64 = 20;
/// Characters of an address; the longest of the known services have about 300.
const ENDPOINT_MAX: usize = 2_000;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/push/key",
            Doc::new("notifications", "The public key that a browser subscribes with")
                .about("Base64url of an uncompressed P-256 point, for `applicationServerKey`.")
                .answers::<PushPublicKey>(),
            key,
        )
        .get(
            "/api/push/subscriptions",
            Doc::new("notifications", "My devices that get notifications").answers::<PushDeviceList>(),
            list,
        )
        .post(
            "/api/push/subscriptions",
            Doc::new("notifications", "Send notifications to this device, too")
                .about("What the browser's `PushSubscription.toJSON()` says. It ends with the session that it was made in.")
                .body::<PushSubscription>()
                .status(204),
            subscribe,
        )
        .delete(
            "/api/push/subscriptions",
            Doc::new("notifications", "Send no more notifications to a device of mine")
                .body::<PushEndpoint>()
                .status(204),
            unsubscribe,
        )
}

#[derive(Debug, Serialize, ToSchema)]
struct PushPublicKey {
    public_key: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PushDeviceList {
    rows: Vec<PushDeviceRow>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PushDeviceRow {
    id: Uuid,
    device: String,
    created_at: String,
    is_this_session: bool,
}

/// Unknown members are welcome: browsers send what they have.
#[derive(Debug, Deserialize, ToSchema)]
struct PushSubscription {
    endpoint: String,
    keys: PushKeys,
}

#[derive(Debug, Deserialize, ToSchema)]
struct PushKeys {
    /// The browser's public key, base64url.
    p256dh: String,
    /// The browser's secret, base64url.
    auth: String,
}

#[derive(Debug, Deserialize, ToSchema)]
struct PushEndpoint {
    endpoint: String,
}

/// Where and how to send to one device.
pub struct Device {
    pub id: Uuid,
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

/// This server's key pair; made once, and the same in all its processes.
pub async fn identity(app: &App) -> Result<Identity> {
    let secret = platform::secrets::keep(&app.db, IDENTITY, Identity::generate).await?;
    Identity::read(&secret)
}

/// A person's devices; those whose session has ended are none any more.
fn devices_of(person: Uuid) -> SelectStatement {
    let sessions = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("session"))
        .and_where(col("person_id").eq(person))
        .to_owned();
    Query::select()
        .from(Alias::new(TABLE))
        .and_where(col("person_id").eq(person))
        .cond_where(
            Condition::any()
                .add(col("session_id").is_null())
                .add(col("session_id").in_subquery(sessions)),
        )
        .order_by(Alias::new("created_at"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .limit(DEVICES_MAX)
        .to_owned()
}

pub async fn has_some(write: &mut Write, person: Uuid) -> Result<bool> {
    let select = devices_of(person)
        .column(Alias::new("id"))
        .limit(1)
        .to_owned();
    Ok(!write.rows(&select).await?.is_empty())
}

pub async fn of(access: &Access, person: Uuid) -> Result<Vec<Device>> {
    let select = devices_of(person)
        .columns(["id", "endpoint", "p256dh", "auth"].map(Alias::new))
        .to_owned();
    access
        .rows(&select)
        .await?
        .iter()
        .map(|row| {
            Ok(Device {
                id: row.try_get_by_index(0)?,
                endpoint: row.try_get_by_index(1)?,
                p256dh: row.try_get_by_index(2)?,
                auth: row.try_get_by_index(3)?,
            })
        })
        .collect()
}

pub async fn forget(write: &mut Write, ids: &[Uuid]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("id").is_in(ids.iter().copied()))
        .to_owned();
    write.execute(&delete).await?;
    Ok(())
}

async fn key(access: Access) -> Result<Response> {
    json(&PushPublicKey {
        public_key: identity(&access.app).await?.public_key(),
    })
}

async fn list(access: Access) -> Result<Response> {
    let select = devices_of(access.actor.person_id)
        .columns(["id", "device", "created_at", "session_id"].map(Alias::new))
        .to_owned();
    let mut rows = Vec::new();
    for row in access.rows(&select).await? {
        let session: Option<Uuid> = row.try_get_by_index(3)?;
        rows.push(PushDeviceRow {
            id: row.try_get_by_index(0)?,
            device: row.try_get_by_index(1)?,
            created_at: instant_text(row.try_get_by_index(2)?),
            is_this_session: session.is_some_and(|id| access.actor.source == Source::Session(id)),
        });
    }
    json(&PushDeviceList { rows })
}

async fn subscribe(
    access: Access,
    headers: HeaderMap,
    Body(body): Body<PushSubscription>,
) -> Result<Response> {
    if body.endpoint.len() > ENDPOINT_MAX {
        let params = object!({ "max": ENDPOINT_MAX });
        return Err(Problem::field_with("endpoint", "too_long", params));
    }
    let private = access.app.settings().private_addresses();
    if let Err(Unsent::Address(code)) = Target::parse(&body.endpoint, private) {
        return Err(Problem::field("endpoint", code));
    }
    let recipient = Recipient::parse(&body.keys.p256dh, &body.keys.auth);
    if !recipient.is_some_and(|recipient| recipient.is_sound()) {
        return Err(Problem::field("keys", "not_a_push_key"));
    }
    let session = match access.actor.source {
        Source::Session(id) => Some(id),
        _ => None,
    };
    let mut write = access.write().await?;
    let columns = [
        "id",
        "person_id",
        "session_id",
        "endpoint",
        "p256dh",
        "auth",
        "device",
        "created_at",
    ];
    // Whoever signs in on a device takes it over from who was there before.
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(columns.map(Alias::new))
        .values_panic([
            new_id().into(),
            access.actor.person_id.into(),
            session.into(),
            body.endpoint.as_str().into(),
            body.keys.p256dh.as_str().into(),
            body.keys.auth.as_str().into(),
            device_of(&headers).into(),
            write.now.into(),
        ])
        .on_conflict(
            OnConflict::column(Alias::new("endpoint"))
                .update_columns(columns[1..].iter().map(|name| Alias::new(*name)))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    let kept = devices_of(access.actor.person_id)
        .column(Alias::new("id"))
        .to_owned();
    let mut ids: Vec<Uuid> = Vec::new();
    for row in write.rows(&kept).await? {
        ids.push(row.try_get_by_index(0)?);
    }
    let others = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("person_id").eq(access.actor.person_id))
        .and_where(col("id").is_not_in(ids))
        .to_owned();
    write.execute(&others).await?;
    write.commit().await?;
    Ok(no_content())
}

async fn unsubscribe(access: Access, Body(body): Body<PushEndpoint>) -> Result<Response> {
    let mut write = access.write().await?;
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(col("person_id").eq(access.actor.person_id))
        .and_where(col("endpoint").eq(body.endpoint))
        .to_owned();
    write.execute(&delete).await?;
    write.commit().await?;
    Ok(no_content())
}
