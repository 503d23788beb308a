//! Webhooks: a receiver of our own takes what is sent, and checks each signature by itself.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ring::hmac;
use serde_json::{Value as Json, json};

use crate::imports::wizard::{Jobs, run, upload};
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id_of, version_of};

/// A message as it came.
#[derive(Clone)]
struct Message {
    id: String,
    at_s: i64,
    signatures: Vec<String>,
    text: String,
}

impl Message {
    fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap()
    }
    fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
    /// The name of the record that it tells of.
    fn name(&self) -> String {
        let name = self.json()["data"]["after"]["name"].clone();
        name.as_str().unwrap_or_default().to_owned()
    }

    /// Computes the signature from the specification's words, without a line of what made it.
    fn is_signed_by(&self, secret: &str) -> bool {
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
struct Receiver {
    url: String,
    taken: Arc<Mutex<Vec<Message>>>,
    answer: Arc<Mutex<u16>>,
}

impl Receiver {
    async fn start(world: &World) -> Receiver {
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

    fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = status;
    }

    /// What came since it was last asked.
    fn taken(&self) -> Vec<Message> {
        std::mem::take(&mut self.taken.lock().unwrap())
    }

    fn names(&self) -> Vec<String> {
        self.taken().iter().map(Message::name).collect()
    }

    fn kinds(&self) -> Vec<String> {
        self.taken().iter().map(Message::kind).collect()
    }

    /// A webhook that leads here; its row has the secret.
    async fn webhook(&self, world: &World, events: &[&str]) -> Json {
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

fn path(webhook: &Json, rest: &str) -> String {
    format!("/api/webhooks/{}{rest}", id_of(webhook))
}

/// The log of all webhooks, oldest first.
async fn log(client: &Client) -> Vec<Json> {
    let mut rows = client
        .query("/api/webhook_deliveries", &[("sort", "created_at,id")])
        .await
        .rows();
    rows.sort_by_key(id_of);
    rows
}

async fn states(world: &World) -> Vec<String> {
    log(&world.as_person("admin"))
        .await
        .iter()
        .map(|row| row["state"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_learns_what_happened_and_can_check_who_says_so() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        let webhook = receiver.webhook(world, &["opportunities.create", "customers.update"]).await;
        let secret = webhook["secret"].as_str().unwrap();
        let li = world.as_person("li");
        let customer = li.customer("海川机电").await;
        let body = json!({ "name": "产线改造", "customer_id": customer["id"], "next_step": "打电话", "next_step_on": "2026-06-20", "amount": { "amount_minor": 3_200_000, "currency": "CNY" } });
        let opportunity = li.create("opportunities", body).await;
        li.edit("customers", &customer, json!({ "short_name": "海川" })).await;
        world.run_jobs().await;

        let taken = receiver.taken();
        assert_eq!(taken.iter().map(Message::kind).collect::<Vec<_>>(), ["opportunities.create", "customers.update"]);
        for message in &taken {
            assert_eq!(message.at_s, NOW_MS / 1_000);
            assert!(message.is_signed_by(secret));
            assert!(!message.is_signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
            assert_eq!(message.signatures.len(), 1);
        }
        let told = taken[0].json();
        assert_eq!(told["timestamp"], "2026-06-15T02:00:00.000Z");
        let data = &told["data"];
        assert_eq!((&data["resource"], &data["record_id"]), (&json!("opportunities"), &opportunity["id"]));
        assert_eq!((&data["version"], &data["source"]), (&json!(1), &json!("session")));
        assert_eq!(data["actor"], json!(crate::support::id("li")));
        assert_eq!(data["before"], Json::Null);
        assert_eq!(data["after"]["amount"], json!({ "amount_minor": 3_200_000, "currency": "CNY" }));
        assert_eq!(data["after"]["created_at"], opportunity["created_at"]);
        let changed = &taken[1].json()["data"];
        assert_eq!(changed["after"], json!({ "short_name": "海川" }), "what the product keeps for itself is not told");

        let rows = log(&world.as_person("admin")).await;
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0]["id"], taken[0].id.as_str());
        assert_eq!((&rows[0]["state"], &rows[0]["status"], &rows[0]["attempts"]), (&json!("delivered"), &json!(200), &json!(1)));
        assert_eq!(rows[0]["body"], taken[0].text.as_str());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_star_takes_all_of_a_resource_and_nothing_of_others() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        receiver.webhook(world, &["customers.*"]).await;
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        li.contact(&customer, "王主任").await;
        let comments = format!("/api/customers/{}/comments", id_of(&customer));
        li.post(&comments, json!({ "body": "周五再去", "mentions": [] }))
            .await;
        let version = version_of(
            &li.get(&format!("/api/customers/{}", id_of(&customer)))
                .await
                .json,
        );
        let gone = li
            .delete(&format!("/api/customers/{}", id_of(&customer)), version)
            .await;
        li.post(&format!("/api/ledger/{}/undo", gone.batch()), json!({}))
            .await;
        world.run_jobs().await;
        assert_eq!(
            receiver.kinds(),
            [
                "customers.create",
                "customers.comment",
                "customers.delete",
                "customers.restore"
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_receiver_cannot_take_is_tried_again_under_its_id_and_the_others_wait() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        receiver.webhook(world, &["customers.create"]).await;
        let li = world.as_person("li");
        receiver.answers(500);
        li.customer("一").await;
        li.customer("二").await;
        world.run_jobs().await;
        let first = receiver.taken();
        assert_eq!(first.len(), 1, "the second waits for the first");
        assert_eq!(states(world).await, ["waiting", "waiting"]);

        receiver.answers(204);
        world.set_clock(NOW_MS + 4_999);
        li.customer("三").await;
        world.run_jobs().await;
        assert!(receiver.taken().is_empty(), "not before its pause is over");
        world.set_clock(NOW_MS + 5_000);
        world.run_jobs().await;
        let taken = receiver.taken();
        assert_eq!(
            taken.iter().map(Message::name).collect::<Vec<_>>(),
            ["一", "二", "三"]
        );
        assert_eq!(
            (&taken[0].id, &taken[0].text),
            (&first[0].id, &first[0].text)
        );
        assert_eq!(taken[0].at_s, NOW_MS / 1_000 + 5, "signed anew");
        assert_eq!(states(world).await, ["delivered"; 3]);
        world.run_jobs().await;
        assert!(receiver.taken().is_empty(), "once it is taken, that is all");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_three_days_of_trying_a_message_is_given_up_and_the_next_has_its_turn() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        receiver.webhook(world, &["customers.create"]).await;
        receiver.answers(503);
        let li = world.as_person("li");
        li.customer("一").await;
        li.customer("二").await;
        world.run_jobs().await;
        assert_eq!(receiver.names(), ["一"]);
        let mut now = NOW_MS;
        for pause_s in [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000] {
            now += pause_s * 1_000;
            world.set_clock(now - 1);
            world.run_jobs().await;
            assert_eq!(receiver.names(), [""; 0], "{pause_s} s are not over");
            world.set_clock(now);
            world.run_jobs().await;
            assert_eq!(receiver.names(), ["一"], "after {pause_s} s");
        }
        world.set_clock(now + DAY_MS);
        world.run_jobs().await;
        assert_eq!(receiver.names(), ["一", "二"]);
        assert_eq!(states(world).await, ["failed", "waiting"]);
        let admin = world.fresh_session("admin").await;
        let failed = log(&admin).await.remove(0);
        assert_eq!(
            (&failed["attempts"], &failed["status"]),
            (&json!(10), &json!(503))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_receiver_that_is_away_holds_up_no_other() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        let admin = world.as_person("admin");
        let away =
            json!({ "name": "停机", "url": "http://127.0.0.1:9/", "events": ["customers.create"] });
        admin.create("webhooks", away).await;
        receiver.webhook(world, &["customers.create"]).await;
        world.as_person("li").customer("红圈科技").await;
        world.run_jobs().await;
        assert_eq!(receiver.names(), ["红圈科技"]);
        let log = log(&admin).await;
        assert_eq!(
            (&log[0]["state"], &log[0]["status"]),
            (&json!("waiting"), &Json::Null)
        );
        assert!(
            log[0]["error"]
                .as_str()
                .is_some_and(|error| !error.is_empty())
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_is_told_nothing_more() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        let webhook = receiver.webhook(world, &["customers.create"]).await;
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        receiver.answers(410);
        li.customer("一").await;
        li.customer("二").await;
        world.run_jobs().await;
        assert_eq!(receiver.names(), ["一"]);
        assert_eq!(states(world).await, ["failed", "failed"]);
        let now = admin.get(&path(&webhook, "")).await.json;
        assert_eq!(now["is_active"], false);
        let entries = admin
            .query(
                "/api/audit",
                &[("resource", "webhooks"), ("action", "switch_off")],
            )
            .await;
        assert_eq!(entries.rows().len(), 1);

        receiver.answers(200);
        li.customer("三").await;
        assert_eq!(
            admin.post(&path(&webhook, "/test"), json!({})).await.code(),
            "webhook_is_off"
        );
        admin
            .edit("webhooks", &now, json!({ "is_active": true }))
            .await;
        li.customer("四").await;
        world.run_jobs().await;
        assert_eq!(
            receiver.names(),
            ["四"],
            "what it missed can be sent once more by hand"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_leads_to_public_addresses_only() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let refused = async |url: &str| {
            let body = json!({ "name": "ERP", "url": url, "events": ["customers.create"] });
            admin.post("/api/webhooks", body).await.errors()
        };
        assert_eq!(
            refused("http://hooks.example.com/").await,
            ["/url url_not_https"]
        );
        assert_eq!(
            refused("https://127.0.0.1/").await,
            ["/url private_address"]
        );
        assert_eq!(refused("https://[::1]/").await, ["/url private_address"]);
        assert_eq!(
            refused("ftp://hooks.example.com/").await,
            ["/url not_a_url"]
        );

        // A name behind which a private address lies is found out when it is spoken to.
        let body =
            json!({ "name": "ERP", "url": "https://localhost:9/", "events": ["customers.create"] });
        admin.create("webhooks", body).await;
        world.as_person("li").customer("红圈科技").await;
        world.run_jobs().await;
        let row = log(&admin).await.remove(0);
        assert_eq!(
            (&row["error"], &row["status"]),
            (&json!("private_address"), &Json::Null)
        );

        let receiver = Receiver::start(world).await;
        receiver.webhook(world, &["customers.create"]).await;
        let forbidden = json!({ "private_addresses": false });
        assert_eq!(admin.patch("/api/settings", 0, forbidden).await.status, 204);
        world.as_person("li").customer("海川机电").await;
        world.run_jobs().await;
        assert!(receiver.taken().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_nothing_makes_are_refused() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let refused = async |events: Json| {
            let body =
                json!({ "name": "ERP", "url": "https://hooks.example.com/", "events": events });
            admin.post("/api/webhooks", body).await.errors()
        };
        for event in [
            "customers.explode",
            "customers",
            "spaceships.create",
            "webhooks.*",
            "webhook_deliveries.create",
            "*",
        ] {
            assert_eq!(
                refused(json!(["customers.create", event])).await,
                ["/events unknown_event"],
                "{event}"
            );
        }
        assert_eq!(refused(json!([])).await, ["/events required"]);
        let known = admin.get("/api/webhooks/events").await;
        let verbs = |name: &str| {
            let row = known.rows().into_iter().find(|row| row["resource"] == name);
            row.map(|row| row["verbs"].clone()).unwrap_or_default()
        };
        assert_eq!(
            verbs("products"),
            json!(["create", "update", "delete", "restore", "undo"])
        );
        assert!(
            verbs("opportunities")
                .as_array()
                .unwrap()
                .contains(&json!("close"))
        );
        assert!(
            verbs("activities")
                .as_array()
                .unwrap()
                .contains(&json!("check_in"))
        );
        assert_eq!(verbs("webhooks"), Json::Null);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_or_taken_back_in_a_write_is_told_to_nobody() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        receiver.webhook(world, &["contacts.*", "customers.update"]).await;
        let li = world.as_person("li");
        let (one, other) = (li.customer("一").await, li.customer("二").await);
        assert_eq!(li.post("/api/contacts", json!({ "name": "王" })).await.status, 422);
        // Of a bulk change the refused part leaves no trace: the code can stand on one customer only.
        let same = json!({ "ids": [one["id"], other["id"]], "action": "edit", "changes": { "credit_code": "91350100M000100Y43" } });
        let answer = li.post("/api/customers/bulk", same).await;
        assert_eq!((answer.json["changed"].clone(), answer.json["refused"].as_array().unwrap().len()), (json!(1), 1));
        world.run_jobs().await;
        assert_eq!(receiver.kinds(), ["customers.update"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_sent_once_more_and_a_receiver_tried() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        let webhook = receiver.webhook(world, &["customers.create"]).await;
        let other = receiver.webhook(world, &["products.*"]).await;
        let admin = world.as_person("admin");
        world.as_person("li").customer("红圈科技").await;
        world.run_jobs().await;
        let first = receiver.taken().remove(0);

        let again = format!("/deliveries/{}/replay", first.id);
        assert_eq!(
            admin.post(&path(&other, &again), json!({})).await.status,
            404
        );
        let made = admin.post(&path(&webhook, &again), json!({})).await;
        assert_eq!(made.status, 201);
        world.run_jobs().await;
        let second = receiver.taken().remove(0);
        assert_eq!(json!(second.id), made.json["id"]);
        assert_ne!(second.id, first.id);
        assert_eq!(second.text, first.text);

        // Somebody who tries it doesn't wait for the end of a pause.
        receiver.answers(500);
        world.as_person("li").customer("海川机电").await;
        world.run_jobs().await;
        assert_eq!(receiver.names(), ["海川机电"]);
        receiver.answers(200);
        assert_eq!(
            admin.post(&path(&webhook, "/test"), json!({})).await.status,
            201
        );
        world.run_jobs().await;
        assert_eq!(receiver.kinds(), ["customers.create", "webhooks.test"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_leaves_the_receiver_a_day_to_change_over() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        let webhook = receiver.webhook(world, &["customers.create"]).await;
        let old = webhook["secret"].as_str().unwrap();
        let made = world
            .as_person("admin")
            .post(&path(&webhook, "/rotate_secret"), json!({}))
            .await;
        let new = made.json["secret"].as_str().unwrap();
        assert_ne!(new, old);
        let li = world.as_person("li");
        li.customer("一").await;
        world.run_jobs().await;
        let message = receiver.taken().remove(0);
        assert!(message.is_signed_by(new) && message.is_signed_by(old));
        world.set_clock(NOW_MS + DAY_MS);
        li.customer("二").await;
        world.run_jobs().await;
        let message = receiver.taken().remove(0);
        assert!(message.is_signed_by(new) && !message.is_signed_by(old));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_shown_once_and_stands_nowhere_else() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        let webhook = receiver.webhook(world, &["customers.create"]).await;
        let admin = world.as_person("admin");
        admin
            .edit("webhooks", &webhook, json!({ "name": "财务系统" }))
            .await;
        let rotated = admin
            .post(&path(&webhook, "/rotate_secret"), json!({}))
            .await;
        world.as_person("li").customer("红圈科技").await;
        world.run_jobs().await;
        let secrets = [&webhook["secret"], &rotated.json["secret"]]
            .map(|secret| secret.as_str().unwrap().to_owned());
        assert_eq!(receiver.taken().len(), 1);
        for page in [
            "/api/webhooks".to_owned(),
            path(&webhook, ""),
            path(&webhook, "/history"),
            "/api/webhook_deliveries".into(),
            "/api/webhooks/export?format=csv".into(),
            "/api/webhook_deliveries/export?format=csv".into(),
            "/api/audit".into(),
            "/api/audit/export".into(),
            "/api/jobs".into(),
        ] {
            let answer = admin.get(&page).await;
            assert_eq!(answer.status, 200, "{page}");
            for secret in &secrets {
                assert!(!answer.text().contains(&secret[6..]), "{page}");
            }
        }
        for entry in platform::ledger::after(&world.app.db, 0, 100_000)
            .await
            .unwrap()
        {
            let entry = serde_json::to_string(&entry).unwrap();
            assert!(!entry.contains("whsec_"), "{entry}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_administers_has_webhooks() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        let webhook = receiver.webhook(world, &["customers.create"]).await;
        let li = world.as_person("li");
        li.customer("红圈科技").await;
        let delivery = log(&world.as_person("admin")).await.remove(0);
        for page in [
            "/api/webhooks",
            "/api/webhooks/events",
            "/api/webhook_deliveries",
            &path(&webhook, ""),
        ] {
            assert_eq!(li.get(page).await.status, 403, "{page}");
        }
        let body = json!({ "name": "x", "url": receiver.url, "events": ["customers.*"] });
        assert_eq!(li.post("/api/webhooks", body).await.status, 403);
        let replay = format!("/deliveries/{}/replay", id_of(&delivery));
        for verb in ["/test", "/rotate_secret", &replay] {
            let answer = li.post(&path(&webhook, verb), json!({})).await;
            assert!(
                [403, 404].contains(&answer.status),
                "{verb}: {}",
                answer.status
            );
        }
        assert_eq!(log(&world.as_person("admin")).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_webhook_comes_back_with_its_secret_and_without_its_log() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        let webhook = receiver.webhook(world, &["customers.create"]).await;
        let (li, admin) = (world.as_person("li"), world.as_person("admin"));
        li.customer("一").await;
        let gone = admin
            .delete(&path(&webhook, ""), version_of(&webhook))
            .await;
        assert_eq!(gone.status, 204);
        li.customer("二").await;
        world.run_jobs().await;
        assert!(receiver.taken().is_empty());
        assert_eq!(log(&admin).await.len(), 0);
        let undone = admin
            .post(&format!("/api/ledger/{}/undo", gone.batch()), json!({}))
            .await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        li.customer("三").await;
        world.run_jobs().await;
        let taken = receiver.taken();
        assert_eq!(taken.iter().map(Message::name).collect::<Vec<_>>(), ["三"]);
        assert!(taken[0].is_signed_by(webhook["secret"].as_str().unwrap()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_tells_of_each_of_its_rows() {
    /// More than a write keeps in memory.
    const ROWS: usize = 2_500;
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        receiver.webhook(world, &["customers.create"]).await;
        let mut file = String::from("客户名称\n");
        for number in 0..ROWS {
            file.push_str(&format!("客户{number:04}\n"));
        }
        let admin = world.as_person("admin");
        let jobs = Jobs::of(world);
        let uploaded = upload(&admin, "customers", "customers.csv", file).await;
        let done = run(&admin, &uploaded, &uploaded["mapping"]).await;
        assert_eq!(done["state"], "done", "{done:#}");
        drop(jobs);
        let page = [
            ("page_size", "200"),
            ("sort", "created_at,id"),
            ("count", "exact"),
            ("columns", "event,body"),
        ];
        let log = admin.query("/api/webhook_deliveries", &page).await;
        assert_eq!(log.json["total"]["count"], ROWS, "{}", log.json["total"]);
        for row in log.rows() {
            let body: Json = serde_json::from_str(row["body"].as_str().unwrap()).unwrap();
            assert!(
                body["data"]["after"]["name"]
                    .as_str()
                    .unwrap()
                    .starts_with("客户"),
                "{body}"
            );
            assert_eq!(body["data"]["source"], "import");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_knows_of_webhooks_is_never_old() {
    each_database(async |world| {
        if !world.is_postgres() {
            return;
        }
        let receiver = Receiver::start(world).await;
        let mut other = world.another_process().await;
        other.listen().await;
        // The other process looks, and keeps that there is none.
        other.as_person("li").customer("一").await;
        let webhook = receiver.webhook(world, &["customers.create"]).await;
        let told = async |name: &str| {
            other.as_person("li").customer(name).await;
            other.run_jobs().await;
            !receiver.taken().is_empty()
        };
        for number in 0..50 {
            if told(&format!("客户{number}")).await {
                let admin = world.as_person("admin");
                admin
                    .edit("webhooks", &webhook, json!({ "is_active": false }))
                    .await;
                for number in 50..100 {
                    if !told(&format!("客户{number}")).await {
                        return;
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
                panic!("it never learnt that the webhook is off");
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("it never learnt of the webhook");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_send_each_message_once_and_in_order() {
    each_database(async |world| {
        if !world.is_postgres() {
            return;
        }
        let receiver = Receiver::start(world).await;
        receiver.webhook(world, &["customers.create"]).await;
        let other = world.another_process().await;
        let li = world.as_person("li");
        let names: Vec<String> = (0..20).map(|number| format!("客户{number:02}")).collect();
        for name in &names {
            li.customer(name).await;
            tokio::join!(world.run_jobs(), other.run_jobs());
        }
        world.set_clock(NOW_MS + 1_000);
        world.run_jobs().await;
        assert_eq!(receiver.names(), names);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_cleared_away_after_a_month() {
    each_database(async |world| {
        let receiver = Receiver::start(world).await;
        receiver.webhook(world, &["customers.create"]).await;
        world.as_person("li").customer("红圈科技").await;
        world.run_jobs().await;
        assert_eq!(receiver.taken().len(), 1);
        world.set_clock(NOW_MS + 31 * DAY_MS);
        world.run_jobs().await;
        let admin = world.fresh_session("admin").await;
        assert_eq!(log(&admin).await.len(), 0);
    })
    .await;
}
