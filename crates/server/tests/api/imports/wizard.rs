//! The wizard's steps as tests take them.

use std::path::PathBuf;
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, World};

/// Runs the background jobs of a world until it is dropped.
pub struct Jobs(tokio::task::JoinHandle<()>);

impl Jobs {
    pub fn of(world: &World) -> Jobs {
        Jobs(tokio::spawn(platform::job::work(world.app.clone())))
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.0.abort();
    }
}

const BOUNDARY: &str = "----a-line-that-no-file-has";

/// Uploads a file, whatever comes of it.
pub async fn send(client: &Client, resource: &str, file_name: &str, content: &[u8]) -> Answer {
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    client
        .send(
            Method::POST,
            &format!("/api/imports?resource={resource}"),
            &[("content-type", &content_type)],
            body,
        )
        .await
}

/// Uploads a file that must be accepted.
pub async fn upload(
    client: &Client,
    resource: &str,
    file_name: &str,
    content: impl AsRef<[u8]>,
) -> Json {
    let answer = send(client, resource, file_name, content.as_ref()).await;
    assert_eq!(answer.status, 201, "{:?}", answer.json);
    answer.json
}

fn path(import: &Json, act: &str) -> String {
    format!(
        "/api/imports/{}{act}",
        import["id"].as_str().expect("an import has an id")
    )
}

/// Asks until the import is no longer busy.
pub async fn wait(client: &Client, import: &Json) -> Json {
    for _ in 0..6_000 {
        let state = client.get(&path(import, "")).await.json;
        if !matches!(state["state"].as_str(), Some("checking" | "running")) {
            return state;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import never ends");
}

async fn act(client: &Client, import: &Json, act: &str, mapping: &Json) -> Json {
    let answer = client
        .post(&path(import, act), json!({ "mapping": mapping }))
        .await;
    assert_eq!(answer.status, 202, "{:?}", answer.json);
    wait(client, import).await
}

/// The dry run, and what it found.
pub async fn check(client: &Client, import: &Json, mapping: &Json) -> Json {
    let state = act(client, import, "/check", mapping).await;
    assert!(state["state"] == "checked", "{state:#}");
    state
}

/// The run, however it ended.
pub async fn run(client: &Client, import: &Json, mapping: &Json) -> Json {
    act(client, import, "/run", mapping).await
}

/// A run that must go through.
pub async fn import(
    client: &Client,
    resource: &str,
    file_name: &str,
    content: impl AsRef<[u8]>,
    mapping: &Json,
) -> Json {
    let uploaded = upload(client, resource, file_name, content).await;
    let state = run(client, &uploaded, mapping).await;
    assert!(state["state"] == "done", "{state:#}");
    state
}

/// Dry run of a text that somebody typed: the errors as `row column code`.
pub async fn errors_of(
    client: &Client,
    resource: &str,
    content: &str,
    mapping: &Json,
) -> Vec<String> {
    let uploaded = upload(client, resource, "typed.csv", content).await;
    let state = check(client, &uploaded, mapping).await;
    errors(&state)
}

pub fn errors(state: &Json) -> Vec<String> {
    texts(&state["errors"])
}

pub fn texts(troubles: &Json) -> Vec<String> {
    let troubles = troubles.as_array().expect("a list of troubles");
    let text = |json: &Json| json.as_str().unwrap_or("-").to_owned();
    for trouble in troubles {
        let message = text(&trouble["message"]);
        assert!(
            !message.starts_with("problems.") && !message.contains("{{"),
            "no words for {trouble}"
        );
    }
    troubles
        .iter()
        .map(|t| format!("{} {} {}", t["row"], text(&t["column"]), text(&t["code"])))
        .collect()
}

/// Columns to fields, nothing else.
pub fn plain(columns: &[(&str, &str)]) -> Json {
    let columns: serde_json::Map<String, Json> = columns
        .iter()
        .map(|(header, field)| ((*header).to_owned(), json!({ "field": field })))
        .collect();
    json!({ "columns": columns })
}

/// A mapping that is kept with the tests.
pub fn kept(name: &str) -> Json {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    serde_json::from_str(&std::fs::read_to_string(path).expect("a kept mapping"))
        .expect("a mapping is JSON")
}

/// A file of the shared data sets: beside the repository, or where `CHENGDAN_SHARED_DATA` says. None where there are none.
pub fn shared(name: &str) -> Option<Vec<u8>> {
    let named = std::env::var_os("CHENGDAN_SHARED_DATA").map(PathBuf::from);
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let above = own.ancestors().map(|folder| folder.join("shared/data"));
    named
        .into_iter()
        .chain(above)
        .find_map(|folder| std::fs::read(folder.join(name)).ok())
}
