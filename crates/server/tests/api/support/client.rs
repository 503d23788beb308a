//! A client of the real router, without sockets.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, header};
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use platform::web::SESSION_COOKIE;
use serde_json::Value as Json;
use tower::ServiceExt;
use uuid::Uuid;

#[derive(Clone)]
pub struct Client {
    router: Router,
    headers: Vec<(String, String)>,
}

/// What came back; `json` is null when the body is none.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub json: Json,
    pub bytes: Bytes,
}

impl Client {
    pub fn new(router: Router) -> Client {
        Client {
            router,
            headers: Vec::new(),
        }
    }

    /// The same client with one more header on every request.
    pub fn with(mut self, name: &str, value: &str) -> Client {
        self.headers.push((name.into(), value.into()));
        self
    }
    pub fn with_session(self, secret: &str) -> Client {
        let cookie = format!("{SESSION_COOKIE}={secret}");
        self.with("cookie", &cookie)
    }
    pub fn with_token(self, token: &str) -> Client {
        let bearer = format!("Bearer {token}");
        self.with("authorization", &bearer)
    }

    /// Sends bytes as they are.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let response = self.respond(method, path, headers, body.into()).await;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("the whole body");
        let json = serde_json::from_slice(&bytes).unwrap_or(Json::Null);
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            json,
            bytes,
        }
    }

    /// The answer as it begins; its body may still be on its way.
    async fn respond(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Response {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "chengdan.test");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("the router never fails")
    }

    /// How a `GET` is answered, without waiting for the end of its body.
    pub async fn status(&self, path: &str) -> u16 {
        let response = self.respond(Method::GET, path, &[], Body::empty()).await;
        response.status().as_u16()
    }

    async fn send_json(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Json,
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, body.to_string()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// `GET` with parameters, which are escaped here.
    pub async fn query(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        let escape = |text: &str| {
            text.bytes()
                .map(|byte| format!("%{byte:02X}"))
                .collect::<String>()
        };
        let pairs: Vec<String> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={}", escape(value)))
            .collect();
        self.get(&format!("{path}?{}", pairs.join("&"))).await
    }

    pub async fn post(&self, path: &str, body: Json) -> Answer {
        self.send_json(Method::POST, path, &[], &body).await
    }
    /// Creates with an `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, key: &str, body: Json) -> Answer {
        self.send_json(Method::POST, path, &[("idempotency-key", key)], &body)
            .await
    }
    pub async fn put(&self, path: &str, version: i64, body: Json) -> Answer {
        let version = format!("\"{version}\"");
        self.send_json(Method::PUT, path, &[("if-match", &version)], &body)
            .await
    }
    pub async fn patch(&self, path: &str, version: i64, body: Json) -> Answer {
        let version = format!("\"{version}\"");
        self.send_json(Method::PATCH, path, &[("if-match", &version)], &body)
            .await
    }
    pub async fn delete(&self, path: &str, version: i64) -> Answer {
        let version = format!("\"{version}\"");
        self.send(
            Method::DELETE,
            path,
            &[("if-match", &version)],
            Body::empty(),
        )
        .await
    }

    /// Creates a record that must be accepted, and answers its row.
    pub async fn create(&self, resource: &str, body: Json) -> Json {
        let answer = self.post(&format!("/api/{resource}"), body).await;
        assert_eq!(answer.status, 201, "{resource}: {:?}", answer.json);
        answer.json
    }

    /// A customer that belongs to whoever creates it.
    pub async fn customer(&self, name: &str) -> Json {
        self.create("customers", serde_json::json!({ "name": name }))
            .await
    }

    pub async fn contact(&self, customer: &Json, name: &str) -> Json {
        self.create(
            "contacts",
            serde_json::json!({ "name": name, "customer_id": customer["id"] }),
        )
        .await
    }

    /// Edits a record as it was last seen, and answers its new row.
    pub async fn edit(&self, resource: &str, row: &Json, changes: Json) -> Json {
        let answer = self
            .patch(
                &format!("/api/{resource}/{}", id_of(row)),
                version_of(row),
                changes,
            )
            .await;
        assert_eq!(answer.status, 200, "{resource}: {:?}", answer.json);
        answer.json
    }

    /// The names in a list, in its order.
    pub async fn names(&self, resource: &str, parameters: &[(&str, &str)]) -> Vec<String> {
        let answer = self.query(&format!("/api/{resource}"), parameters).await;
        assert_eq!(
            answer.status, 200,
            "{resource} {parameters:?}: {:?}",
            answer.json
        );
        answer.names()
    }

    /// Opens the stream of changes.
    pub async fn live(&self, last_event_id: Option<&str>) -> Events {
        let last_event_id = last_event_id.map(|id| ("last-event-id", id));
        let headers: Vec<_> = last_event_id.into_iter().collect();
        let response = self
            .respond(Method::GET, "/api/live", &headers, Body::empty())
            .await;
        assert_eq!(response.status(), 200);
        let stream = response
            .into_body()
            .into_data_stream()
            .filter_map(|part| async { part.ok() });
        Events {
            stream: stream.fuse().boxed(),
            rest: String::new(),
        }
    }
}

/// Server-sent events as they come.
pub struct Events {
    stream: BoxStream<'static, Bytes>,
    rest: String,
}

/// One event: its kind, its id, its data.
#[derive(Debug, Clone)]
pub struct Event {
    pub kind: String,
    pub id: Option<String>,
    pub data: Json,
}

impl Events {
    /// The next event; none when nothing comes for a second or the stream has ended.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let event = read_event(event);
                self.rest = rest.to_owned();
                if let Some(event) = event {
                    return Some(event);
                }
                continue;
            }
            let part = tokio::time::timeout(Duration::from_secs(1), self.stream.next())
                .await
                .ok()??;
            self.rest.push_str(&String::from_utf8_lossy(&part));
        }
    }
}

/// A comment that only keeps the connection alive is none.
fn read_event(text: &str) -> Option<Event> {
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name))
            .map(|value| value.trim().to_owned())
    };
    Some(Event {
        kind: field("event:")?,
        id: field("id:"),
        data: serde_json::from_str(&field("data:").unwrap_or_default()).unwrap_or(Json::Null),
    })
}

impl Answer {
    /// The code of a problem, or of its first field error when it is about fields.
    pub fn code(&self) -> &str {
        match self.json["errors"][0]["code"].as_str() {
            Some(code) => code,
            None => self.json["code"].as_str().unwrap_or_default(),
        }
    }
    /// `pointer code` of every field error.
    pub fn errors(&self) -> Vec<String> {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        errors
            .iter()
            .map(|error| format!("{} {}", text(&error["pointer"]), text(&error["code"])))
            .collect()
    }
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
    /// The undo id of a write.
    pub fn batch(&self) -> String {
        self.header("chengdan-batch")
            .expect("a write names its batch")
            .to_owned()
    }
    pub fn rows(&self) -> Vec<Json> {
        self.json["rows"].as_array().cloned().unwrap_or_default()
    }
    pub fn names(&self) -> Vec<String> {
        self.rows()
            .iter()
            .map(|row| row["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
    /// The secret in the cookie that was set.
    pub fn session(&self) -> Option<String> {
        let cookie = self.header("set-cookie")?;
        let (_, rest) = cookie.split_once('=')?;
        rest.split(';').next().map(str::to_owned)
    }
}

pub fn id_of(row: &Json) -> Uuid {
    row["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("a row has an id")
}

pub fn version_of(row: &Json) -> i64 {
    row["version"].as_i64().expect("a row has a version")
}
