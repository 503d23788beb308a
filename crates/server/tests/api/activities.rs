//! Activities: plans, deeds, what may be said of both, and what follows from them.

mod deeds;
mod follow_ups;
mod funnel;
mod kinds;
mod loaded;
mod people;
mod plans;
mod series;
mod settings;
mod telling;
mod timeline;
mod verbs;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{Answer, Client, MINUTE_MS, NOW_MS, id_of};

pub const HOUR_MS: i64 = 60 * MINUTE_MS;

/// An instant so many hours from the test's now, as the API writes it.
pub fn hours(from_now: f64) -> String {
    at(NOW_MS + (from_now * HOUR_MS as f64) as i64)
}

pub fn at(ms: i64) -> String {
    rules::value::instant_text(ms)
}

/// The id of a shipped kind.
pub fn kind(code: &str) -> Uuid {
    server::activities::SHIPPED_KINDS
        .iter()
        .find(|kind| kind.code == code)
        .unwrap_or_else(|| panic!("no kind {code}"))
        .id()
}

/// `body` as an activity of this kind.
pub fn of_kind(code: &str, body: Json) -> Json {
    let mut all = json!({ "kind_id": kind(code) });
    if let (Json::Object(all), Json::Object(body)) = (&mut all, body) {
        all.extend(body);
    }
    all
}

pub async fn try_create(client: &Client, code: &str, body: Json) -> Answer {
    client.post("/api/activities", of_kind(code, body)).await
}

/// An activity that must be accepted.
pub async fn create(client: &Client, code: &str, body: Json) -> Json {
    client.create("activities", of_kind(code, body)).await
}

/// A visit planned for so many hours from now.
pub async fn planned(client: &Client, customer: &Json, from_now: f64) -> Json {
    let body = json!({ "customer_id": id_of(customer), "planned_start_at": hours(from_now) });
    create(client, "first", body).await
}

pub fn path(row: &Json) -> String {
    format!("/api/activities/{}", id_of(row))
}

/// Posts a verb on the version that is in the row.
pub async fn act(client: &Client, row: &Json, verb: &str, body: Json) -> Answer {
    let version = format!("\"{}\"", crate::support::version_of(row));
    client
        .clone()
        .with("if-match", &version)
        .post(&format!("{}/{verb}", path(row)), body)
        .await
}

/// A verb that must succeed; answers the row as it then is.
pub async fn acted(client: &Client, row: &Json, verb: &str, body: Json) -> Json {
    let answer = act(client, row, verb, body).await;
    assert_eq!(answer.status, 200, "{verb}: {:?}", answer.json);
    answer.json
}

pub async fn read(client: &Client, row: &Json) -> Json {
    client.get(&path(row)).await.json
}
