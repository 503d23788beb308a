//! Sharing single records, and who sees them.

use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, DAY_MS, NOW_MS, each_database, id, id_of};

async fn share(client: &Client, customer: &Json, person: &str, right: &str) -> Answer {
    let body = json!({ "person_id": id(person), "right": right });
    client
        .post(&format!("/api/customers/{}/shares", id_of(customer)), body)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_customer_opens_at_once_with_its_contacts_and_closes_again() {
    each_database(async |world| {
        let (li, qian) = (world.as_person("li"), world.as_person("qian"));
        let customer = li.customer("红圈科技").await;
        let contact = li.contact(&customer, "周敏").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        assert_eq!(qian.get(&path).await.status, 404);
        assert_eq!(share(&qian, &customer, "qian", "read").await.status, 404);
        assert_eq!(share(&li, &customer, "qian", "read").await.status, 200);
        assert_eq!(qian.get(&path).await.status, 200);
        assert_eq!(qian.names("customers", &[]).await, ["红圈科技"]);
        assert_eq!(
            qian.get(&format!("/api/contacts/{}", id_of(&contact)))
                .await
                .status,
            200
        );
        assert_eq!(
            qian.patch(&path, 1, json!({ "level": "A" })).await.status,
            403
        );
        assert_eq!(
            share(&qian, &customer, "wang", "read").await.status,
            403,
            "who may only read may not share"
        );

        assert_eq!(share(&li, &customer, "qian", "edit").await.status, 200);
        assert_eq!(
            qian.patch(&path, 1, json!({ "level": "A" })).await.status,
            200
        );
        let list = li.get(&format!("{path}/shares")).await;
        assert_eq!(
            (list.rows().len(), &list.json["rows"][0]["right"]),
            (1, &json!("edit"))
        );

        let mine = qian.get("/api/notifications").await;
        assert_eq!(mine.rows()[0]["kind"], "shared");
        let gone = li.delete(&format!("{path}/shares/{}", id("qian")), 0).await;
        assert_eq!(gone.status, 204);
        assert_eq!(qian.get(&path).await.status, 404);
        let undo = format!("/api/ledger/{}/undo", gone.batch());
        assert_eq!(li.post(&undo, json!({})).await.status, 200);
        assert_eq!(qian.get(&path).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_ends_on_its_last_day() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        let until =
            |day: &str| json!({ "person_id": id("qian"), "right": "read", "until_on": day });
        assert_eq!(
            li.post(&format!("{path}/shares"), until("2026-06-14"))
                .await
                .code(),
            "in_the_past"
        );
        assert_eq!(
            li.post(&format!("{path}/shares"), until("2026-06-16"))
                .await
                .status,
            200
        );
        world.set_clock(NOW_MS + DAY_MS);
        assert_eq!(world.as_person("qian").get(&path).await.status, 200);
        world.set_clock(NOW_MS + 2 * DAY_MS);
        assert_eq!(world.as_person("qian").get(&path).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_that_would_give_nothing_is_refused() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        assert_eq!(share(&li, &customer, "li", "read").await.code(), "is_owner");
        let unknown =
            json!({ "person_id": "0190aaaa-0000-7000-8000-000000000001", "right": "read" });
        assert_eq!(
            li.post(
                &format!("/api/customers/{}/shares", id_of(&customer)),
                unknown
            )
            .await
            .code(),
            "unknown_reference"
        );
        let contact = li.contact(&customer, "周敏").await;
        let body = json!({ "person_id": id("qian"), "right": "read" });
        assert_eq!(
            li.post(&format!("/api/contacts/{}/shares", id_of(&contact)), body)
                .await
                .code(),
            "not_shareable"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_sees_a_record_is_named_with_the_reason() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        share(&li, &customer, "qian", "read").await;
        let answer = li
            .get(&format!("/api/customers/{}/viewers", id_of(&customer)))
            .await;
        let rows = answer.rows();
        let why = |person: &str| {
            let row = rows
                .iter()
                .find(|row| row["person_id"] == id(person).to_string());
            row.map(|row| (row["right"].clone(), row["why"].clone()))
        };
        assert_eq!(
            why("li"),
            Some((json!("edit"), json!([{ "kind": "owner" }])))
        );
        let by_role =
            json!([{ "kind": "role", "role": "销售主管", "scope": "own_and_subordinates" }]);
        assert_eq!(why("supervisor"), Some((json!("edit"), by_role)));
        assert_eq!(
            why("qian"),
            Some((json!("read"), json!([{ "kind": "shared" }])))
        );
        assert!(why("director").is_some() && why("admin").is_some());
        assert_eq!((why("wang"), why("north_supervisor")), (None, None));
        assert_eq!(answer.json["total"]["count"], rows.len());

        // The answer must agree with what each of them gets.
        for person in [
            "admin",
            "director",
            "supervisor",
            "north_supervisor",
            "li",
            "wang",
            "zhao",
            "qian",
            "support",
        ] {
            let seen = world
                .as_person(person)
                .get(&format!("/api/customers/{}", id_of(&customer)))
                .await
                .status
                == 200;
            assert_eq!(seen, why(person).is_some(), "{person}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_a_share_sees_changes_live_from_then_on() {
    each_database(async |world| {
        world.listen().await;
        let (li, qian) = (world.as_person("li"), world.as_person("qian"));
        let customer = li.customer("红圈科技").await;
        let mut events = qian.live(None).await;
        share(&li, &customer, "qian", "read").await;
        li.edit("customers", &customer, json!({ "level": "A" }))
            .await;
        let mut seen = Vec::new();
        while let Some(event) = events.next().await {
            seen.push((
                event.kind,
                event.data["action"].as_str().unwrap_or_default().to_owned(),
            ));
        }
        assert!(
            seen.contains(&("change".to_owned(), "update".to_owned())),
            "{seen:?}"
        );
    })
    .await;
}
