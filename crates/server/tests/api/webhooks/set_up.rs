//! What administrators do with a webhook: setting it up, trying it, renewing its secret, removing it.

use serde_json::{Value as Json, json};

use super::receiver::{Message, Receiver};
use super::{log, path};
use crate::support::{DAY_MS, NOW_MS, each_database, id_of, version_of};

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
