//! A receiver of our own, which takes what is sent and checks each signature by itself.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ring::hmac;
use serde_json::{Value as Json, json};

use crate::support::World;

/// A message as it came.
#[derive(Clone)]
pub struct Message {
    pub id: String,
    pub at_s: i64,
    pub signatures: Vec<String>,
    pub text: String,
}

impl Message {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap()
    }
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
    /// The name of the record that it tells of.
    pub fn name(&self) -> String {
        let name = self.json()["data"]["after"]["name"].clone();
        name.as_str().unwrap_or_default().to_owned()
    }

    /// Computes the signature from the specification's words, without a line of what made it.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = base64(secret.strip_prefix("whsec_").unwrap());
        assert_eq!(key.len(), 24);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let signed = [&self.id, ".", &self.at_s.to_string(), ".", &self.text].concat();
        self.signatures.iter().any(|signature| {
            let tag = base64(signature.strip_prefix("v1,").unwrap());
            hmac::verify(&key, signed.as_bytes(), &tag).is_ok()
        })
    }
}

/// Reads base64 with padding.
fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter).unwrap();
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}

/// A receiver on a port of this machine.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    taken: Arc<Mutex<Vec<Message>>>,
    answer: Arc<Mutex<u16>>,
}

impl Receiver {
    pub async fn start(world: &World) -> Receiver {
        let allowed = json!({ "private_addresses": true });
        let admin = world.as_person("admin");
        assert_eq!(admin.patch("/api/settings", 0, allowed).await.status, 204);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Receiver {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            taken: Arc::default(),
            answer: Arc::new(Mutex::new(200)),
        };
        let router = Router::new()
            .route("/hook", post(take))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = status;
    }

    /// What came since it was last asked.
    pub fn taken(&self) -> Vec<Message> {
        std::mem::take(&mut self.taken.lock().unwrap())
    }

    pub fn names(&self) -> Vec<String> {
        self.taken().iter().map(Message::name).collect()
    }

    pub fn kinds(&self) -> Vec<String> {
        self.taken().iter().map(Message::kind).collect()
    }

    /// A webhook that leads here; its row has the secret.
    pub async fn webhook(&self, world: &World, events: &[&str]) -> Json {
        let body = json!({ "name": "ERP", "url": self.url, "events": events });
        world.as_person("admin").create("webhooks", body).await
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/json");
    receiver.taken.lock().unwrap().push(Message {
        id: header("webhook-id"),
        at_s: header("webhook-timestamp").parse().unwrap(),
        signatures: header("webhook-signature")
            .split(' ')
            .map(str::to_owned)
            .collect(),
        text: String::from_utf8(body.to_vec()).unwrap(),
    });
    StatusCode::from_u16(*receiver.answer.lock().unwrap()).unwrap()
}
