//! Opportunities: their way through the stages, the board, lines, and processes.

mod board;
mod calendar;
mod lines;
mod moves;
mod processes;

use platform::resource::Record;
use rules::permission::Action;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{Client, World, id_of, version_of};

/// Ids of a process's stages by code.
pub struct Stages(Vec<(String, Uuid)>);

impl Stages {
    /// Of the newest active process with this code.
    pub async fn of(client: &Client, process: &str) -> Stages {
        let id = process_id(client, process).await;
        let answer = client.get(&format!("/api/processes/{id}/stages")).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        let rows = answer.json["rows"].as_array().expect("rows").clone();
        Stages(
            rows.iter()
                .map(|row| (row["code"].as_str().expect("a code").to_owned(), id_of(row)))
                .collect(),
        )
    }

    pub fn id(&self, code: &str) -> Uuid {
        let found = self.0.iter().find(|(known, _)| known == code);
        found.unwrap_or_else(|| panic!("no stage {code}")).1
    }

    pub fn code(&self, id: &Json) -> String {
        let found = self.0.iter().find(|(_, known)| json!(known) == *id);
        found.map(|(code, _)| code.clone()).unwrap_or_default()
    }
}

pub async fn process_id(client: &Client, code: &str) -> Uuid {
    let rows = client.get("/api/processes").await.rows();
    let found = rows
        .iter()
        .find(|row| row["code"] == code && row["is_active"] == true);
    id_of(found.unwrap_or_else(|| panic!("no process {code}")))
}

/// An opportunity at a customer of its own, with a next step.
pub async fn opportunity(client: &Client, name: &str, extra: Json) -> Json {
    let customer = client.customer(&format!("{name}客户")).await;
    opportunity_at(client, &customer, name, extra).await
}

pub async fn opportunity_at(client: &Client, customer: &Json, name: &str, extra: Json) -> Json {
    let mut body = json!({
        "name": name, "customer_id": id_of(customer), "next_step": "打电话", "next_step_on": "2026-06-20",
    });
    if let (Json::Object(body), Json::Object(extra)) = (&mut body, extra) {
        body.extend(extra);
    }
    client.create("opportunities", body).await
}

/// Posts a verb on the version that is in the row.
pub async fn act(client: &Client, row: &Json, verb: &str, body: Json) -> crate::support::Answer {
    let version = format!("\"{}\"", version_of(row));
    client
        .clone()
        .with("if-match", &version)
        .post(&format!("/api/opportunities/{}/{verb}", id_of(row)), body)
        .await
}

/// A verb that must succeed; answers the row as it then is.
pub async fn acted(client: &Client, row: &Json, verb: &str, body: Json) -> Json {
    let answer = act(client, row, verb, body).await;
    assert_eq!(answer.status, 200, "{verb}: {:?}", answer.json);
    answer.json
}

/// Every stored record of a resource, whatever the scope.
pub async fn stored(world: &World, resource: &str) -> Vec<Record> {
    let access = platform::access::Access::system(&world.app, "tests");
    let resource = access.resource(resource).expect("a resource");
    let select = access.select(&resource, Action::Read).expect("a select");
    access.records(&resource, &select).await.expect("records")
}

/// Stage codes of an opportunity's way, checked to be without gaps and to end open where it stands.
pub async fn way(client: &Client, stages: &Stages, row: &Json) -> String {
    let answer = client
        .get(&format!("/api/opportunities/{}/stages", id_of(row)))
        .await;
    let rows = answer.rows();
    for (one, next) in rows.iter().zip(&rows[1..]) {
        assert_eq!(one["left_at"], next["entered_at"], "{rows:?}");
    }
    let last = rows.last().expect("an entry");
    assert_eq!(last["left_at"], Json::Null);
    let now = client
        .get(&format!("/api/opportunities/{}", id_of(row)))
        .await
        .json;
    assert_eq!(last["stage_id"], now["stage_id"]);
    assert_eq!(last["entered_at"], now["stage_entered_at"]);
    let codes: Vec<String> = rows
        .iter()
        .map(|row| stages.code(&row["stage_id"]))
        .collect();
    codes.join(" ")
}
