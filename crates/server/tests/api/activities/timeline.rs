//! Activities on the timelines of customers, opportunities and contacts.

use serde_json::{Value as Json, json};

use super::{HOUR_MS, acted, at, create, hours, planned};
use crate::support::{Answer, Client, NOW_MS, each_database, id_of};

async fn page(client: &Client, resource: &str, row: &Json, before: &str) -> Answer {
    let path = format!("/api/{resource}/{}/timeline", id_of(row));
    let answer = match before {
        "" => client.get(&path).await,
        before => client.query(&path, &[("before", before)]).await,
    };
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer
}

/// `activity` with its subject's time, or the act in the ledger.
fn told(answer: &Answer) -> Vec<String> {
    let tell = |row: &Json| match row["kind"].as_str() {
        Some("activity") => format!("activity {}", row["activity"]["subject"].as_str().unwrap()),
        kind => format!("{} {}", kind.unwrap(), row["action"].as_str().unwrap()),
    };
    answer.rows().iter().map(tell).collect()
}

#[tokio::test]
async fn activities_stand_where_they_happened_and_the_next_plans_above() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        world.set_clock(NOW_MS + HOUR_MS);
        let deed = |from_now: f64, subject: &str| {
            let body = json!({
                "state": "done", "started_at": hours(from_now), "subject": subject, "customer_id": id_of(&customer),
            });
            create(&li, "call", body)
        };
        deed(0.5, "后").await;
        deed(-5.0, "前").await;
        for from_now in [5.0, 29.0, 53.0, 77.0] {
            let row = planned(&li, &customer, from_now).await;
            li.edit("activities", &row, json!({ "subject": format!("计划{from_now}") })).await;
        }
        let answer = page(&li, "customers", &customer, "").await;
        assert_eq!(
            told(&answer),
            ["activity 计划53", "activity 计划29", "activity 计划5", "activity 后", "change create", "activity 前"]
        );
        assert_eq!(answer.json["next"], json!(null));
        let first = &answer.rows()[3];
        assert_eq!((&first["at"], &first["actor_id"]), (&json!(hours(0.5)), &first["activity"]["owner_id"]));
        assert_eq!(first["activity"]["attachment_count"], 0);
        let owner = first["actor_id"].as_str().unwrap();
        assert_eq!(answer.json["labels"][owner], "李明");
    })
    .await;
}

#[tokio::test]
async fn pages_hold_everything_once_in_order() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        for hour in 0..25 {
            // Ten minutes apart, so that they mix with the comments.
            world.set_clock(NOW_MS + (hour + 1) * HOUR_MS);
            let said = format!("/api/customers/{}/comments", id_of(&customer));
            assert_eq!(li.post(&said, json!({ "body": "跟进" })).await.status, 201);
            let body = json!({ "state": "done", "started_at": at(NOW_MS + hour * HOUR_MS), "customer_id": id_of(&customer) });
            create(&li, "call", body).await;
        }
        let (mut before, mut rows) = (String::new(), Vec::new());
        loop {
            let answer = page(&li, "customers", &customer, &before).await;
            rows.extend(answer.rows());
            match answer.json["next"].as_str() {
                Some(next) => before = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(rows.len(), 51);
        let times: Vec<&str> = rows.iter().map(|row| row["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|one, next| one >= next), "{times:?}");
        let bad = li
            .query(&format!("/api/customers/{}/timeline", id_of(&customer)), &[("before", "x")])
            .await;
        assert_eq!(bad.errors(), ["/before invalid_value"]);
    })
    .await;
}

#[tokio::test]
async fn opportunities_and_contacts_show_theirs() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let (zhou, wu) = (li.contact(&customer, "周").await, li.contact(&customer, "吴").await);
        let deal = crate::opportunities::opportunity_at(&li, &customer, "产线", json!({})).await;
        let body = json!({
            "planned_start_at": hours(-3.0), "opportunity_id": id_of(&deal), "contact_ids": [zhou["id"]],
        });
        let row = create(&li, "first", body).await;
        acted(&li, &row, "finish", json!({})).await;
        let shows = async |resource: &str, row: &Json| {
            let answer = page(&li, resource, row, "").await;
            told(&answer).iter().any(|line| line.starts_with("activity"))
        };
        assert!(shows("opportunities", &deal).await);
        assert!(shows("customers", &customer).await);
        assert!(shows("contacts", &zhou).await);
        assert!(!shows("contacts", &wu).await);
    })
    .await;
}
