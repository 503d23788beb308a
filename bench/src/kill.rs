//! `kill -9` in the middle of writes and imports, again and again: what was acknowledged must be there, an import is whole
//! or not there at all, and `check` must find nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::Result;
use crate::client::{Client, quoted};
use crate::running::Place;

/// People who write at the same time.
const WRITERS: usize = 4;
/// Rows of an import: long enough to be killed in its middle, short enough to be done now and then.
const IMPORT_ROWS: usize = 4_000;
/// The longest and the shortest life of a server, in milliseconds.
const LIFE_MS: (u64, u64) = (120, 1_400);
/// How often `check` looks at everything; it is the slowest part.
const CHECK_EVERY: usize = 5;
const EMAIL: &str = "kill@example.com";
const PASSWORD: &str = "killed-again-and-again";

/// What happened in all rounds.
#[derive(Debug, Default, Clone)]
pub struct Report {
    pub rounds: usize,
    pub acknowledged: usize,
    pub imports_begun: usize,
    pub imports_done: usize,
}

/// What the server said it had written: version and present name by id, and the imports by their mark.
#[derive(Default)]
struct Acknowledged {
    records: HashMap<String, (i64, String)>,
    imports: Vec<Import>,
    writes: usize,
}

struct Import {
    id: String,
    mark: String,
}

type Shared = Arc<Mutex<Acknowledged>>;

fn noting<T>(shared: &Shared, act: impl FnOnce(&mut Acknowledged) -> T) -> T {
    act(&mut shared.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Kills a server on an empty place so many times; an error says what was lost.
pub async fn rounds(place: &Place, count: usize, mut tell: impl FnMut(&str)) -> Result<Report> {
    place.run(
        &[
            "user",
            "create",
            "--email",
            EMAIL,
            "--name",
            "Kill",
            "--role",
            "administrator",
            "--password-stdin",
        ],
        PASSWORD,
    )?;
    let shared = Shared::default();
    let mut report = Report::default();
    // Chance from a fixed start: a failure can be had again, as far as the machine allows.
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
    for round in 1..=count {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let life = Duration::from_millis(LIFE_MS.0 + (chance >> 33) % (LIFE_MS.1 - LIFE_MS.0));
        let mut server = place.serve()?;
        let client = Client::sign_in(server.address, EMAIL, PASSWORD).await?;
        report.imports_done = verify(&client, &shared)
            .await
            .map_err(|error| format!("round {round}: {error}"))?;
        let mut tasks = Vec::new();
        for writer in 0..WRITERS {
            tasks.push(tokio::spawn(write(
                client.again().await?,
                shared.clone(),
                format!("r{round}w{writer}"),
            )));
        }
        tasks.push(tokio::spawn(import(
            client.again().await?,
            shared.clone(),
            format!("import{round}x"),
        )));
        // A life is counted from its import's begin: on a slow machine all would end before otherwise.
        for _ in 0..1_000 {
            if noting(&shared, |known| known.imports.len()) >= round {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(life).await;
        server.kill()?;
        for task in tasks {
            // It ends with the connection's end, as it should.
            let _ = task.await?;
        }
        if round % CHECK_EVERY == 0 || round == count {
            place
                .run(&["check"], "")
                .map_err(|error| format!("round {round}: {error}"))?;
            let (writes, imports) = noting(&shared, |known| (known.writes, known.imports.len()));
            tell(&format!(
                "{round} of {count} kills, {writes} acknowledged writes, {imports} imports begun, {} whole",
                report.imports_done
            ));
        }
    }
    let server = place.serve()?;
    let client = Client::sign_in(server.address, EMAIL, PASSWORD).await?;
    report.imports_done = verify(&client, &shared).await?;
    server.stop()?;
    report.rounds = count;
    (report.acknowledged, report.imports_begun) =
        noting(&shared, |known| (known.writes, known.imports.len()));
    Ok(report)
}

/// Creates customers, and renames what it has created, until the connection ends.
async fn write(mut client: Client, shared: Shared, mark: String) -> Result<()> {
    for number in 0.. {
        let name = format!("{mark}n{number}公司");
        let made = client
            .post("/api/customers", &json!({ "name": name }))
            .await?
            .json()?;
        let id = text(&made, "id")?;
        noting(&shared, |known| {
            known.records.insert(id.clone(), (1, name));
            known.writes += 1;
        });
        let name = format!("{mark}n{number}集团");
        let path = format!("/api/customers/{id}");
        let body = json!({ "name": name }).to_string();
        let changed = client
            .send("PATCH", &path, &[("if-match", "\"1\"")], body.as_bytes())
            .await?
            .good()?
            .json()?;
        let version = changed["version"].as_i64().ok_or("no version")?;
        noting(&shared, |known| {
            known.records.insert(id, (version, name));
            known.writes += 1;
        });
    }
    Ok(())
}

fn text(json: &Json, name: &str) -> Result<String> {
    Ok(json[name]
        .as_str()
        .ok_or_else(|| format!("no {name} in {json}"))?
        .to_owned())
}

/// Uploads a file and has it imported.
async fn import(mut client: Client, shared: Shared, mark: String) -> Result<()> {
    let rows: String = (0..IMPORT_ROWS)
        .map(|row| format!("{mark}{row}\n"))
        .collect();
    let uploaded = upload(&mut client, "customers", &format!("name\n{rows}")).await?;
    let id = text(&uploaded, "id")?;
    noting(&shared, |known| {
        known.imports.push(Import {
            id: id.clone(),
            mark,
        })
    });
    client
        .post(
            &format!("/api/imports/{id}/run"),
            &json!({ "mapping": uploaded["mapping"] }),
        )
        .await?;
    loop {
        // Keeps the connection open, so that the task ends with the server.
        client.get(&format!("/api/imports/{id}")).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Uploads a CSV for an import.
pub async fn upload(client: &mut Client, resource: &str, csv: &str) -> Result<Json> {
    const BOUNDARY: &str = "chengdan-bench-boundary";
    let body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"rows.csv\"\r\ncontent-type: text/csv\r\n\r\n{csv}\r\n--{BOUNDARY}--\r\n"
    );
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let path = format!("/api/imports?resource={resource}");
    client
        .send("POST", &path, &[("content-type", &kind)], body.as_bytes())
        .await?
        .good()?
        .json()
}

/// Everything acknowledged is there, as it was acknowledged or newer; answers how many imports are whole.
async fn verify(client: &Client, shared: &Shared) -> Result<usize> {
    let mut client = client.again().await?;
    let records: Vec<(String, (i64, String))> = noting(shared, |known| {
        known
            .records
            .iter()
            .map(|(id, said)| (id.clone(), said.clone()))
            .collect()
    });
    for (id, (version, name)) in records {
        let answer = client
            .send("GET", &format!("/api/customers/{id}"), &[], &[])
            .await?;
        if answer.status != 200 {
            return Err(format!(
                "customer {id} was acknowledged, and now answers {}",
                answer.status
            )
            .into());
        }
        let json = answer.json()?;
        let found = json["version"].as_i64().unwrap_or_default();
        if found < version || (found == version && json["name"] != json!(name)) {
            return Err(format!(
                "customer {id} was acknowledged as version {version} {name}, and now is {json}"
            )
            .into());
        }
    }
    let imports: Vec<(String, String)> = noting(shared, |known| {
        known
            .imports
            .iter()
            .map(|import| (import.id.clone(), import.mark.clone()))
            .collect()
    });
    let mut whole = 0;
    for (id, mark) in imports {
        let state = client.get_json(&format!("/api/imports/{id}")).await?;
        let filter = json!({ "field": "name", "op": "starts_with", "value": mark }).to_string();
        let path = format!(
            "/api/customers?filter={}&page_size=1&count=exact",
            quoted(&filter)
        );
        let count = client.get_json(&path).await?["total"]["count"]
            .as_u64()
            .ok_or("no total")?;
        let is_done = state["state"] == "done";
        if count != 0 && count != IMPORT_ROWS as u64 {
            return Err(format!("import {id} left {count} of {IMPORT_ROWS} rows").into());
        }
        // Between the two questions a taken-up import may have been finished; the other way round nothing may be.
        if is_done && count == 0 {
            return Err(format!("import {id} is done, and none of its rows is there").into());
        }
        whole += usize::from(count > 0);
    }
    Ok(whole)
}
