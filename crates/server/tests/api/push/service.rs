//! A push service and the browsers that it serves, which read messages as real ones do.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use platform::push::encode;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::SystemRandom;
use serde_json::{Value as Json, json};

use crate::support::World;

/// A push service on a port of this machine.
#[derive(Clone, Default)]
pub(super) struct Service {
    taken: Arc<Mutex<Vec<(String, HeaderMap, Bytes)>>>,
    answer: Arc<Mutex<u16>>,
    pub url: String,
}

impl Service {
    pub async fn start(world: &World) -> Service {
        let allowed = json!({ "private_addresses": true });
        let admin = world.as_person("admin");
        assert_eq!(admin.patch("/api/settings", 0, allowed).await.status, 204);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = Service {
            url,
            ..Service::default()
        };
        service.answers(201);
        let router = Router::new()
            .route("/{device}", post(take))
            .with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        service
    }

    pub fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = status;
    }

    pub fn taken(&self) -> Vec<(String, HeaderMap, Bytes)> {
        self.taken.lock().unwrap().clone()
    }
}

async fn take(
    State(service): State<Service>,
    Path(device): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    service.taken.lock().unwrap().push((device, headers, body));
    StatusCode::from_u16(*service.answer.lock().unwrap()).unwrap()
}

/// A browser with its keys.
pub(super) struct Browser {
    private: EphemeralPrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

impl Browser {
    pub fn new() -> Browser {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Browser {
            private,
            public,
            auth: [9; 16],
        }
    }

    pub fn subscription(&self, endpoint: &str) -> Json {
        json!({ "endpoint": endpoint, "expirationTime": null, "keys": { "p256dh": encode(&self.public), "auth": encode(&self.auth) } })
    }

    /// Reads a message as RFC 8291 says.
    pub fn read(self, message: &[u8]) -> Json {
        let (salt, rest) = message.split_at(16);
        assert_eq!(u32::from_be_bytes(rest[..4].try_into().unwrap()), 4_096);
        assert_eq!(rest[4], 65);
        let (theirs, sealed) = rest[5..].split_at(65);
        let peer = UnparsedPublicKey::new(&ECDH_P256, theirs);
        let (key, nonce): ([u8; 16], [u8; 12]) = agree_ephemeral(self.private, &peer, |shared| {
            let prk = Salt::new(HKDF_SHA256, &self.auth).extract(shared);
            let input: [u8; 32] = expand(&prk, &[b"WebPush: info\0", &self.public, theirs]);
            let prk = Salt::new(HKDF_SHA256, salt).extract(&input);
            (
                expand(&prk, &[b"Content-Encoding: aes128gcm\0"]),
                expand(&prk, &[b"Content-Encoding: nonce\0"]),
            )
        })
        .unwrap();
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let mut open = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let text = key.open_in_place(nonce, Aad::empty(), &mut open).unwrap();
        let (end, text) = text.split_last().unwrap();
        assert_eq!(*end, 2);
        serde_json::from_slice(text).unwrap()
    }
}

struct Length(usize);
impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    prk.expand(info, Length(N)).unwrap().fill(&mut out).unwrap();
    out
}
