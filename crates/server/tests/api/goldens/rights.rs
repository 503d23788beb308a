//! The role × operation table: every operation of the OpenAPI document, by every role, on a record in its scope and on one
//! outside. A route that is new changes the table, so it fails until somebody has looked at it.
//!
//! `+` allowed: carried out, or kept back only because the request names a version that no record has. `401 403 404` not
//! signed in, forbidden, as if it didn't exist. Any other status: allowed, and refused for the state that the record is in
//! (`409`) or for what a stranger can't know, such as a secret link (`404 422`). Bodies are valid, so that nothing is
//! refused before its rights are looked at.

pub mod records;

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::activities::kind;
use crate::imports::wizard;
use crate::support::{Client, PASSWORD, World, id, on_sqlite};
use records::{Records, code, name};

/// All operations of the document: `(method, path, operation)`.
pub fn operations(document: &Json) -> Vec<(String, String, Json)> {
    let paths = document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("a path's operations");
        item.iter().map(move |(method, operation)| {
            (method.to_uppercase(), path.clone(), operation.clone())
        })
    });
    all.collect()
}

/// A person of each shipped role.
const PEOPLE: [&str; 6] = ["admin", "director", "supervisor", "li", "support", "nobody"];

/// Operations that leave nothing for the next who asks: once carried out, there are new records.
const USES_UP: [&str; 10] = [
    "DELETE /api/attachments/{id}",
    "DELETE /api/import-mappings/{id}",
    "DELETE /api/sessions/{id}",
    "DELETE /api/tokens/{id}",
    "DELETE /api/{resource}/{id}/shares/{person_id}",
    "POST /api/imports/{id}/cancel",
    "POST /api/imports/{id}/check",
    "POST /api/imports/{id}/run",
    "POST /api/imports/{id}/undo",
    "POST /api/ledger/{batch}/undo",
];

/// A body that would be accepted from whoever may send it.
fn body(operation: &str, records: &Records) -> Json {
    let bulk = |resource: &str| {
        let id = records.id_at(&format!("/api/{resource}/"));
        let field = match resource {
            "activities" => "subject",
            "contracts" => "title",
            "instalments" => "condition",
            "payments" => "payer",
            "invoices" => "note",
            _ => "name",
        };
        json!({ "ids": [id], "action": "edit", "changes": { field: name() } })
    };
    let customer = &records.customer["id"];
    let contract = records.id_at("/api/contracts/");
    let mapping = || wizard::plain(&[("名称", "name")]);
    let stage = |code: &str| {
        let found = records.stages.iter().find(|stage| stage["code"] == code);
        found.map_or(Json::Null, |stage| stage["id"].clone())
    };
    let pushed = "https://push.example.com/abc";
    let (method, path) = operation.split_once(' ').expect("a method and a path");
    match (method, path.trim_start_matches("/api/")) {
        ("POST", "activities") => json!({ "kind_id": kind("first"), "customer_id": customer,
            "planned_start_at": "2026-06-16T08:00:00Z" }),
        ("POST", "activity_kinds") => {
            json!({ "code": code(), "name": name(), "family": "visit" })
        }
        ("POST", "contacts") => json!({ "name": name(), "customer_id": customer }),
        ("POST", "opportunities") => json!({ "name": name(), "customer_id": customer,
            "next_step": "打电话", "next_step_on": "2026-06-20" }),
        ("POST", "contracts") => json!({ "title": name(), "customer_id": customer, "amount": 100 }),
        ("POST", "instalments") => {
            json!({ "contract_id": contract, "condition": name(), "amount": 1,
            "due_on": "2026-07-01" })
        }
        ("POST", "payments") => {
            json!({ "customer_id": customer, "amount": 50, "received_on": "2026-06-02" })
        }
        ("POST", "invoices") => json!({ "number": code(), "contract_id": contract, "amount": 1 }),
        ("PUT", "contracts/{id}/plan") => {
            json!({ "rows": [{ "id": records.id_at("/api/instalments/"),
            "condition": name(), "due_on": "2026-06-01", "amount": 100 }] })
        }
        ("POST", "payments/{id}/matches") => json!({ "matches": [
            { "instalment_id": records.id_at("/api/instalments/"), "amount_minor": 1 }] }),
        ("POST", "roles") => json!({ "name": name(), "grants": {} }),
        ("POST", "processes") => json!({ "name": name(), "code": code() }),
        (
            "POST",
            "customers" | "people" | "teams" | "products" | "product_lines" | "visit_templates",
        ) => json!({ "name": name() }),
        ("POST", "metrics") => {
            json!({ "code": code(), "name": name(), "formula": "metrics.visits * 2" })
        }
        ("POST", "metrics/check") => json!({ "formula": "metrics.visits * 2" }),
        ("POST", "metric_thresholds") => json!({ "metric_id": records.id_at("/api/metrics/"),
            "team_id": id("east_2"), "good_from": 2, "fair_from": 1 }),
        ("POST", "metric_thresholds/bulk") => {
            json!({ "ids": [records.id_at("/api/metric_thresholds/")], "action": "edit",
            "changes": { "good_from": 3 } })
        }
        ("POST", path) if path.ends_with("/bulk") => bulk(path.trim_end_matches("/bulk")),
        ("POST", "custom-fields") => {
            json!({ "resource": "contacts", "type": "text", "label": { "zh-CN": name(), "en": "" } })
        }
        ("PATCH", "custom-fields/{id}") => json!({ "label": { "zh-CN": name(), "en": "" } }),
        ("POST", "import-mappings") => {
            json!({ "resource": "customers", "name": name(), "mapping": mapping() })
        }
        ("POST", "imports/{id}/check" | "imports/{id}/run") => json!({ "mapping": mapping() }),
        ("POST", "activities/{id}/cancel") => json!({ "reason": "客户出差" }),
        ("POST", "activities/{id}/check-in") => json!({ "position": "refused" }),
        ("POST", "activities/{id}/finish") => json!({ "outcome": "effective" }),
        ("POST", "activities/{id}/move") => json!({ "planned_start_at": "2026-06-16T08:00:00Z" }),
        ("POST", "opportunities/{id}/advance") => json!({ "stage_id": stage("target") }),
        ("POST", "opportunities/{id}/close") => {
            json!({ "outcome": "lost", "loss_reason": "price" })
        }
        ("POST", "opportunities/{id}/reopen") => {
            json!({ "stage_id": stage("target"), "reason": "重新招标" })
        }
        ("PUT", "opportunities/{id}/lines") => json!([]),
        ("PUT", "processes/{id}/stages") => {
            let fields = ["id", "code", "name", "kind", "win_chance", "standard_days"];
            let said = records.stages.iter().map(|stage| {
                let kept = fields.map(|field| (field.to_owned(), stage[field].clone()));
                Json::Object(kept.into_iter().collect())
            });
            json!({ "stages": said.collect::<Vec<Json>>() })
        }
        ("PUT", "visit_templates/{id}/steps") => {
            json!({ "steps": [{ "code": "open", "name": "开门了吗", "type": "yes_no" }] })
        }
        ("PATCH", "comments/{id}") | ("POST", "{resource}/{id}/comments") => {
            json!({ "body": "你好" })
        }
        ("POST", "{resource}/{id}/shares") => json!({ "person_id": id("zhao"), "right": "read" }),
        ("POST", "views") => json!({ "resource": "customers", "name": name(), "shared": "me" }),
        ("POST", "tokens") => json!({ "name": name(), "access": "read" }),
        ("POST", "session/preview") => json!({ "person_id": id("wang") }),
        ("POST", "session") => json!({ "login": "wang@example.com", "password": PASSWORD }),
        ("POST", "me/password") => json!({ "current": "of a stranger", "new": PASSWORD }),
        ("POST", "password-resets") => json!({ "login": format!("{}@example.com", code()) }),
        ("POST", "password-resets/redeem") => json!({ "token": "none", "password": PASSWORD }),
        ("POST", "setup") => json!({ "token": "none", "company_name": "甲", "name": "甲",
            "email": "new@example.com", "password": PASSWORD }),
        ("POST", "push/subscriptions") => json!({ "endpoint": pushed, "keys": {
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg" } }),
        ("DELETE", "push/subscriptions") => json!({ "endpoint": pushed }),
        ("PATCH", "settings") => json!({ "company_name": "成单科技" }),
        ("PATCH", "settings/suggestions") => json!({ "rules": [] }),
        ("POST", "webhooks") => json!({ "name": name(), "url": "https://hooks.example.com/in",
            "events": ["products.delete"] }),
        (_, "today/suggestions/pause") => json!({ "rule": "next_step_overdue" }),
        _ => json!({}),
    }
}

const FILE: &str = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n名称\n甲\n\r\n--x--\r\n";

async fn outcome(client: &Client, operation: &str, records: &Records) -> String {
    let (method, path) = operation.split_once(' ').expect("a method and a path");
    let method: Method = method.parse().expect("a method");
    let filled = records.fill(path);
    if path == "/api/live" {
        // A stream that never ends; that it begins is enough.
        return shown(client.status(&filled).await);
    }
    let uploads =
        method == Method::POST && (path == "/api/imports" || path.ends_with("/attachments"));
    let content_type = if uploads {
        "multipart/form-data; boundary=x"
    } else {
        "application/json"
    };
    // A version that no record has keeps what is allowed from being carried out.
    let headers = [("content-type", content_type), ("if-match", "\"999999\"")];
    let said = match method {
        Method::GET => Body::empty(),
        _ if uploads => Body::from(FILE),
        _ => Body::from(body(operation, records).to_string()),
    };
    let answer = client.send(method, &filled, &headers, said).await;
    assert!(answer.status < 500, "{operation}: {:?}", answer.json);
    if answer.status == 422 {
        eprintln!("{operation}: {:?} {:?}", answer.code(), answer.errors());
    }
    if path.ends_with("/bulk") && answer.status == 200 {
        // Each record is decided by itself; one that can't be read is passed over.
        let refused = answer.json["refused"][0]["code"].as_str();
        return match (refused, answer.json["changed"].as_i64()) {
            (None, Some(1)) => "+".into(),
            (None, _) => "404".into(),
            (Some("forbidden"), _) => "403".into(),
            (Some(other), _) => panic!("{operation}: {other}"),
        };
    }
    shown(answer.status)
}

fn shown(status: u16) -> String {
    match status {
        200..300 | 412 => "+".into(),
        status => status.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_each_role_may_do() {
    on_sqlite(&async |world: &mut World| {
        // In the scope of li, and so of those above; and outside of everybody's but the administrator's.
        let owners = [("li", "supervisor"), ("qian", "north_supervisor")];
        let mut lots = Vec::new();
        for (owner, importer) in owners {
            lots.push(Records::of(world, owner, importer).await);
        }
        let mut lines = vec![format!(
            "{:<58}{}",
            "",
            PEOPLE.map(|name| format!("{name:<12}")).concat().trim_end()
        )];
        for (method, path, _) in operations(&world.openapi) {
            let operation = format!("{method} {path}");
            let uses_up = USES_UP.contains(&operation.as_str());
            let mut line = format!("{operation:<58}");
            for name in PEOPLE {
                let mut cells = Vec::new();
                for (records, (owner, importer)) in lots.iter_mut().zip(owners) {
                    let client = match name {
                        "nobody" => world.visitor(),
                        // What ends or changes a session must not be the last of it.
                        name if path.starts_with("/api/session") => world.fresh_session(name).await,
                        name => world.as_person(name),
                    };
                    let cell = outcome(&client, &operation, records).await;
                    if uses_up && cell == "+" {
                        *records = Records::of(world, owner, importer).await;
                    }
                    cells.push(cell);
                }
                cells.dedup();
                line.push_str(&format!("{:<12}", cells.join(" ")));
            }
            lines.push(line.trim_end().to_owned());
        }
        insta::assert_snapshot!("rights", lines.join("\n"));
    })
    .await;
}
