//! Webhooks: what receivers are sent, in which order, and what becomes of it when they don't take it.

mod receiver;
mod set_up;

use serde_json::{Value as Json, json};

use crate::imports::wizard::{Jobs, run, upload};
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id_of, version_of};
use receiver::{Message, Receiver};

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
