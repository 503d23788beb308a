//! The role × operation table: every operation of the OpenAPI document, by every role, on a record in its scope and on one outside.
//!
//! `+` allowed (whatever else the answer says of the empty request), `403` forbidden, `404` as if it didn't exist. A route that
//! is new changes the table, so it fails until somebody has looked at it.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{Client, World, id, id_of, on_sqlite};

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

/// Records of one owner, for every resource that has owners, and what hangs on them.
struct Records {
    by_resource: Vec<(&'static str, Uuid)>,
}

impl Records {
    async fn of(world: &World, owner: &str, name: &str) -> Records {
        let client = world.as_person(owner);
        let customer = client.customer(name).await;
        let contact = client.contact(&customer, name).await;
        let stages = client
            .query("/api/stages", &[("sort", "position")])
            .await
            .rows();
        let stage = stages
            .iter()
            .find(|stage| stage["kind"] == "open")
            .expect("an open stage")
            .clone();
        let body = json!({ "name": name, "customer_id": customer["id"], "process_id": stage["process_id"], "stage_id": stage["id"], "next_step": "打电话", "next_step_on": "2026-06-20" });
        let opportunity = client.create("opportunities", body).await;
        let comment = client
            .post(
                &format!("/api/customers/{}/comments", id_of(&customer)),
                json!({ "body": "你好" }),
            )
            .await;
        let mut by_resource = vec![
            ("customers", id_of(&customer)),
            ("contacts", id_of(&contact)),
            ("opportunities", id_of(&opportunity)),
            ("comments", id_of(&comment.json)),
            ("people", id("wang")),
            ("teams", id("east_2")),
            ("stages", id_of(&stage)),
        ];
        let admin = world.as_person("admin");
        for (resource, row) in [
            ("products", json!({ "name": name })),
            ("product_lines", json!({ "name": name })),
            ("roles", json!({ "name": name, "grants": {} })),
        ] {
            by_resource.push((resource, id_of(&admin.create(resource, row).await)));
        }
        let processes = admin.get("/api/processes").await.rows();
        by_resource.push(("processes", id_of(&processes[0])));
        Records { by_resource }
    }

    /// The path with the record's id in it; what has no record of its own here gets an id that nothing has.
    fn fill(&self, path: &str) -> String {
        let path = &path.replace("{resource}", "customers");
        let known = self
            .by_resource
            .iter()
            .find(|(resource, _)| path.starts_with(&format!("/api/{resource}/")));
        let id = known.map_or(Uuid::from_u128(7), |(_, id)| *id).to_string();
        let mut parts: Vec<String> = Vec::new();
        for (i, part) in path.split('/').enumerate() {
            let is_parameter = part.starts_with('{');
            parts.push(match is_parameter {
                true if i == 3 => id.clone(),
                true => Uuid::from_u128(8).to_string(),
                false => part.to_owned(),
            });
        }
        let path = parts.join("/");
        match path.as_str() {
            "/api/imports" | "/api/import-mappings" => format!("{path}?resource=customers"),
            _ => path,
        }
    }
}

/// A body of the right shape that is refused for its content, so that the table's requests change nothing.
fn body(method: &str, path: &str) -> Json {
    let none = Uuid::nil();
    let last = path.rsplit('/').next().unwrap_or_default();
    match (method, last) {
        ("POST", "bulk") => json!({ "ids": [none], "action": "edit", "changes": {} }),
        ("POST", "advance") => json!({ "stage_id": none }),
        ("POST", "close") => json!({ "outcome": "lost" }),
        ("POST", "reopen") => json!({ "stage_id": none, "reason": "" }),
        ("POST", "preview") => json!({ "person_id": none }),
        ("POST", "shares") => json!({ "person_id": none, "right": "read" }),
        ("POST", "comments") => json!({ "body": "", "mentions": [] }),
        ("PATCH", _) if path.starts_with("/api/comments/") => json!({ "body": "" }),
        ("POST", "tokens") => json!({ "name": "", "access": "read" }),
        ("POST", "password") => json!({ "current": "", "new": "" }),
        ("POST", "password-resets") => json!({ "login": "" }),
        ("POST", "redeem") => json!({ "token": "", "password": "" }),
        ("PUT", "lines") => json!([]),
        ("PUT", "stages") => json!({ "stages": [] }),
        _ => json!({}),
    }
}

/// The request carries a version that no record has, and nothing that could be accepted: what isn't refused for lack of rights
/// is refused for its content, or is a read.
async fn outcome(client: &Client, method: &str, path: &str) -> String {
    let method: Method = method.parse().expect("a method");
    if path == "/api/live" {
        // A stream that never ends; that it begins is enough.
        return match client.status(path).await {
            200 => "+".into(),
            status => status.to_string(),
        };
    }
    // Uploads without a file.
    let route = path.split('?').next().unwrap_or_default();
    let uploads =
        method == Method::POST && (route == "/api/imports" || route.ends_with("/attachments"));
    let content_type = if uploads {
        "multipart/form-data; boundary=x"
    } else {
        "application/json"
    };
    let headers = [("content-type", content_type), ("if-match", "\"999999\"")];
    let body = match method {
        Method::GET => Body::empty(),
        _ if uploads => Body::from("--x--\r\n"),
        _ => Body::from(body(method.as_str(), path).to_string()),
    };
    let answer = client.send(method, path, &headers, body).await;
    match answer.status {
        401 => "401".into(),
        403 => "403".into(),
        404 => "404".into(),
        500.. => panic!("{path}: {:?}", answer.json),
        _ => "+".into(),
    }
}

#[tokio::test]
async fn what_each_role_may_do() {
    on_sqlite(&async |world: &mut World| {
        // In the scope of li, and so of those above; and outside of everybody's but the administrator's.
        let near = Records::of(world, "li", "在内").await;
        let far = Records::of(world, "qian", "在外").await;
        let mut lines = vec![format!(
            "{:<58}{}",
            "",
            PEOPLE.map(|name| format!("{name:<12}")).concat().trim_end()
        )];
        for (method, path, _) in operations(&world.openapi) {
            let mut line = format!("{:<58}", format!("{method} {path}"));
            for name in PEOPLE {
                // Its own session ends with a sign-out, so each gets one of its own.
                let client = if name == "nobody" {
                    world.visitor()
                } else {
                    world.as_person(name)
                };
                if method == "DELETE" && path == "/api/session" {
                    line.push_str(&format!("{:<12}", "-"));
                    continue;
                }
                let near = outcome(&client, &method, &near.fill(&path)).await;
                let far = outcome(&client, &method, &far.fill(&path)).await;
                let cell = if near == far {
                    near
                } else {
                    format!("{near} {far}")
                };
                line.push_str(&format!("{cell:<12}"));
            }
            lines.push(line.trim_end().to_owned());
        }
        insta::assert_snapshot!("rights", lines.join("\n"));
    })
    .await;
}
