//! One timeline of what was said, attached and changed.

use serde_json::{Value as Json, json};

use crate::support::{Client, each_database, id, id_of};

async fn timeline(client: &Client, customer: &Json) -> Vec<Json> {
    let answer = client
        .get(&format!("/api/customers/{}/timeline", id_of(customer)))
        .await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.rows()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_timeline_has_its_changes_comments_and_contacts_newest_first() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let contact = li.contact(&customer, "周敏").await;
        li.edit("customers", &customer, json!({ "level": "A" }))
            .await;
        let path = format!("/api/customers/{}", id_of(&customer));
        let said = li
            .post(
                &format!("{path}/comments"),
                json!({ "body": "@苏婷 好", "mentions": [id("supervisor")] }),
            )
            .await;
        li.edit("contacts", &contact, json!({ "title": "经理" }))
            .await;
        let rows = timeline(&li, &customer).await;
        let acts: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| {
                (
                    row["kind"].as_str().unwrap_or(""),
                    row["action"].as_str().unwrap_or(""),
                )
            })
            .collect();
        assert_eq!(
            acts,
            [
                ("comment", "comment"),
                ("change", "update"),
                ("change", "create"),
                ("change", "create")
            ]
        );
        assert_eq!(rows[0]["comment"]["body"], "@苏婷 好");
        assert_eq!(
            (&rows[2]["resource"], &rows[2]["label"]),
            (&json!("contacts"), &json!("周敏"))
        );
        let answer = li.get(&format!("{path}/timeline")).await;
        assert_eq!(answer.json["labels"][id("supervisor").to_string()], "苏婷");

        li.delete(&format!("/api/comments/{}", id_of(&said.json)), 1)
            .await;
        assert_eq!(timeline(&li, &customer).await.len(), 3);
        li.delete(&format!("/api/contacts/{}", id_of(&contact)), 2)
            .await;
        assert_eq!(timeline(&li, &customer).await[0]["action"], "delete");
        assert_eq!(
            world
                .as_person("qian")
                .get(&format!("{path}/timeline"))
                .await
                .status,
            404
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_timeline_comes_in_pages_without_gap_or_overlap() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        for i in 0..70 {
            li.post(
                &format!("{path}/comments"),
                json!({ "body": format!("第 {i} 条") }),
            )
            .await;
        }
        let mut seqs = Vec::new();
        let mut next = String::new();
        loop {
            let page = li.get(&format!("{path}/timeline{next}")).await;
            seqs.extend(page.rows().iter().filter_map(|row| row["seq"].as_i64()));
            match page.json["next"].as_str() {
                Some(place) => next = format!("?before={place}"),
                None => break,
            }
        }
        assert_eq!(seqs.len(), 71);
        assert!(seqs.is_sorted_by(|one, other| one > other));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_keeps_quiet_about_opportunities_out_of_scope() {
    each_database(async |world| {
        let supervisor = world.as_person("supervisor");
        let customer = world.as_person("li").customer("红圈科技").await;
        let processes = supervisor.get("/api/processes").await.rows();
        let body = json!({
            "name": "ERP 一期", "customer_id": customer["id"], "process_id": processes[0]["id"], "owner_id": id("wang"),
            "next_step": "演示", "next_step_on": "2026-06-20",
        });
        let made = supervisor.post("/api/opportunities", body).await;
        assert_eq!(made.status, 201, "{:?}", made.json);
        assert!(timeline(&supervisor, &customer).await.iter().any(|row| row["label"] == "ERP 一期"));
        assert!(!timeline(&world.as_person("li"), &customer).await.iter().any(|row| row["label"] == "ERP 一期"));
    })
    .await;
}
