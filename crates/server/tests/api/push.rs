//! Notifications on browsers and phones: a push service of our own takes what is sent and reads it as the browser would.

mod service;

use axum::http::Method;
use platform::push::decode;
use serde_json::{Value as Json, json};

use crate::activities::{create, hours};
use crate::support::{Client, MINUTE_MS, NOW_MS, World, each_database, id, id_of};
use service::{Browser, Service};

async fn subscribe(client: &Client, endpoint: &str) -> Browser {
    let browser = Browser::new();
    let answer = client
        .post("/api/push/subscriptions", browser.subscription(endpoint))
        .await;
    assert_eq!(answer.status, 204, "{:?}", answer.json);
    browser
}

/// li shares a customer with wang, who is told.
async fn tell_wang(world: &World, name: &str) -> Json {
    let li = world.as_person("li");
    let customer = li.customer(name).await;
    let path = format!("/api/customers/{}/shares", id_of(&customer));
    let share = json!({ "person_id": id("wang"), "right": "read" });
    assert_eq!(li.post(&path, share).await.status, 200);
    customer
}

/// A push service, and wang with a phone that it serves.
async fn phone_of_wang(world: &World) -> (Service, Client, Browser) {
    let service = Service::start(world).await;
    let wang = world.as_person("wang");
    let phone = subscribe(&wang, &format!("{}/phone", service.url)).await;
    (service, wang, phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_subscribed_gets_what_its_person_is_told() {
    each_database(async |world| {
        let (service, wang, phone) = phone_of_wang(world).await;
        let customer = tell_wang(world, "红圈科技").await;
        world.run_jobs().await;
        let taken = service.taken();
        assert_eq!(taken.len(), 1);
        let (device, headers, body) = &taken[0];
        assert_eq!(device, "phone");
        assert_eq!(headers["content-encoding"], "aes128gcm");
        assert_eq!(headers["ttl"], "86400");

        let authorization = headers["authorization"].to_str().unwrap();
        let (token, key) = authorization
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .unwrap();
        assert_eq!(wang.get("/api/push/key").await.json["public_key"], key);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let algorithm = &ring::signature::ECDSA_P256_SHA256_FIXED;
        ring::signature::UnparsedPublicKey::new(algorithm, decode(key).unwrap())
            .verify(signed.as_bytes(), &decode(signature).unwrap())
            .unwrap();
        let claims: Json =
            serde_json::from_slice(&decode(signed.split_once('.').unwrap().1).unwrap()).unwrap();
        assert_eq!(claims["aud"], service.url);
        let expires = claims["exp"].as_i64().unwrap() - NOW_MS / 1_000;
        assert!((1..=86_400).contains(&expires), "{claims}");
        assert_eq!(claims["sub"], "mailto:noreply@localhost");

        let message = phone.read(body);
        let told = wang.get("/api/notifications").await.rows().remove(0);
        assert_eq!(message["text"], told["text"]);
        assert_eq!(message["id"], told["id"]);
        assert_eq!(message["url"], format!("/customers/{}", id_of(&customer)));
        assert_eq!(message["title"], "成单科技");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_its_browser_gave_up_is_removed() {
    each_database(async |world| {
        let (service, wang, _phone) = phone_of_wang(world).await;
        let devices = async || wang.get("/api/push/subscriptions").await.rows().len();
        assert_eq!(devices().await, 1);
        service.answers(410);
        tell_wang(world, "一").await;
        world.run_jobs().await;
        assert_eq!((service.taken().len(), devices().await), (1, 0));
        tell_wang(world, "二").await;
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_service_cannot_take_now_is_tried_again() {
    each_database(async |world| {
        let (service, _wang, _phone) = phone_of_wang(world).await;
        service.answers(503);
        tell_wang(world, "一").await;
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 1);
        service.answers(201);
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 1, "not before its pause is over");
        world.set_clock(NOW_MS + 2 * MINUTE_MS);
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 2);
        world.set_clock(NOW_MS + 100 * MINUTE_MS);
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 2, "once it is taken, that is all");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_that_could_not_be_sent_in_time_is_not_sent_late() {
    each_database(async |world| {
        let (service, wang, _phone) = phone_of_wang(world).await;
        let meeting =
            json!({ "subject": "说明会", "planned_start_at": hours(0.5), "reminder_minutes": 30 });
        create(&wang, "meeting", meeting).await;
        service.answers(503);
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 1);
        service.answers(201);
        world.set_clock(NOW_MS + 180 * MINUTE_MS);
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_hold_back_the_phone_and_not_the_inbox() {
    each_database(async |world| {
        let (service, wang, _phone) = phone_of_wang(world).await;
        // It is 10:00 in Shanghai.
        let quiet = json!({ "quiet": { "from": "09:30", "until": "10:30" } });
        let chosen = wang
            .put("/api/notifications/choices", 0, quiet.clone())
            .await;
        assert_eq!(
            (chosen.status, &chosen.json["quiet"]),
            (200, &quiet["quiet"])
        );
        tell_wang(world, "一").await;
        world.run_jobs().await;
        assert_eq!(wang.get("/api/notifications").await.json["unread"], 1);
        assert_eq!(service.taken().len(), 0);
        world.set_clock(NOW_MS + 30 * MINUTE_MS);
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 1);

        // What was read meanwhile needs no push any more.
        world.set_clock(NOW_MS);
        tell_wang(world, "二").await;
        assert_eq!(
            wang.post("/api/notifications/read", json!({})).await.status,
            204
        );
        world.set_clock(NOW_MS + 31 * MINUTE_MS);
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 1);

        let wrong = json!({ "quiet": { "from": "25:00", "until": "10:30" } });
        let refused = wang.put("/api/notifications/choices", 0, wrong).await;
        assert_eq!(refused.errors(), ["/quiet not_quiet_hours"]);
        let ended = wang
            .put("/api/notifications/choices", 0, json!({ "quiet": null }))
            .await;
        assert_eq!(ended.json["quiet"], Json::Null);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_chooses_what_goes_to_the_phone() {
    each_database(async |world| {
        let (service, wang, _phone) = phone_of_wang(world).await;
        let off = json!({ "push": { "shared": false } });
        let chosen = wang.put("/api/notifications/choices", 0, off).await.json;
        assert_eq!(
            (&chosen["push"]["shared"], &chosen["choices"]["shared"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(chosen["push"]["mention"], true);
        tell_wang(world, "一").await;
        world.run_jobs().await;
        assert_eq!(wang.get("/api/notifications").await.json["unread"], 1);
        assert_eq!(service.taken().len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_ends_with_its_session_and_belongs_to_one_person() {
    each_database(async |world| {
        let service = Service::start(world).await;
        let endpoint = format!("{}/phone", service.url);
        let wang = world.fresh_session("wang").await;
        let _phone = subscribe(&wang, &endpoint).await;
        let rows = wang.get("/api/push/subscriptions").await.rows();
        assert_eq!(rows[0]["is_this_session"], true);
        let elsewhere = world.as_person("wang");
        assert_eq!(
            elsewhere.get("/api/push/subscriptions").await.rows()[0]["is_this_session"],
            false
        );
        assert_eq!(
            wang.send(Method::DELETE, "/api/session", &[], "")
                .await
                .status,
            204
        );
        assert!(
            elsewhere
                .get("/api/push/subscriptions")
                .await
                .rows()
                .is_empty()
        );
        tell_wang(world, "一").await;
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 0);

        // zhao signs in on the phone that was wang's.
        let _phone = subscribe(&elsewhere, &endpoint).await;
        let zhao = world.as_person("zhao");
        let _phone = subscribe(&zhao, &endpoint).await;
        assert!(
            elsewhere
                .get("/api/push/subscriptions")
                .await
                .rows()
                .is_empty()
        );
        let body = json!({ "endpoint": endpoint }).to_string();
        let json_type = [("content-type", "application/json")];
        for client in [&elsewhere, &zhao] {
            let answer = client
                .send(
                    Method::DELETE,
                    "/api/push/subscriptions",
                    &json_type,
                    body.clone(),
                )
                .await;
            assert_eq!(answer.status, 204);
        }
        assert!(zhao.get("/api/push/subscriptions").await.rows().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_into_the_own_network_unless_allowed() {
    each_database(async |world| {
        let wang = world.as_person("wang");
        let browser = Browser::new();
        for (endpoint, code) in [
            ("http://127.0.0.1:9/phone", "url_not_https"),
            ("https://127.0.0.1/phone", "private_address"),
            ("https://[::1]/phone", "private_address"),
            ("https://169.254.169.254/latest", "private_address"),
            ("phone", "url_not_https"),
        ] {
            let answer = wang
                .post("/api/push/subscriptions", browser.subscription(endpoint))
                .await;
            assert_eq!(answer.errors(), [format!("/endpoint {code}")], "{endpoint}");
        }
        let mut odd = browser.subscription("https://push.example.com/phone");
        odd["keys"]["p256dh"] = json!("AAAA");
        let answer = wang.post("/api/push/subscriptions", odd).await;
        assert_eq!(answer.errors(), ["/keys not_a_push_key"]);

        // A name may lead anywhere; where it leads is looked at when something is sent.
        let service = Service::start(world).await;
        let inside = service.url.replace("127.0.0.1", "localhost");
        let _phone = subscribe(&wang, &format!("{inside}/phone")).await;
        let forbidden = json!({ "private_addresses": false });
        world
            .as_person("admin")
            .patch("/api/settings", 0, forbidden)
            .await;
        tell_wang(world, "一").await;
        world.run_jobs().await;
        assert_eq!(service.taken().len(), 0);
    })
    .await;
}
