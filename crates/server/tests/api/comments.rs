//! Comments, mentions, following, and the inbox that they fill.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, each_database, id, id_of, version_of};

async fn say(client: &Client, customer: &Json, body: &str, mentions: &[&str]) -> Answer {
    let mentions: Vec<_> = mentions.iter().map(|name| id(name)).collect();
    client
        .post(
            &format!("/api/customers/{}/comments", id_of(customer)),
            json!({ "body": body, "mentions": mentions }),
        )
        .await
}

async fn inbox(client: &Client) -> Vec<(String, String)> {
    let answer = client.get("/api/notifications").await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    answer
        .rows()
        .iter()
        .map(|row| (text(&row["kind"]), text(&row["text"])))
        .collect()
}

async fn follow(client: &Client, customer: &Json, wish: bool) -> u16 {
    let method = if wish { Method::PUT } else { Method::DELETE };
    client
        .send(
            method,
            &format!("/api/customers/{}/following", id_of(customer)),
            &[],
            "",
        )
        .await
        .status
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_a_record_may_comment_and_change_their_own_words() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let said = say(&li, &customer, "  明天拜访 ", &[]).await;
        assert_eq!((said.status, &said.json["body"]), (201, &json!("明天拜访")));
        let supervisor = world.as_person("supervisor");
        assert_eq!(say(&supervisor, &customer, "好", &[]).await.status, 201);
        assert_eq!(
            say(&world.as_person("qian"), &customer, "我也看看", &[])
                .await
                .status,
            404
        );

        let path = format!("/api/comments/{}", id_of(&said.json));
        assert_eq!(
            supervisor
                .patch(&path, 1, json!({ "body": "改" }))
                .await
                .status,
            403
        );
        assert_eq!(supervisor.delete(&path, 1).await.status, 403);
        let edited = li.patch(&path, 1, json!({ "body": "后天拜访" })).await;
        assert_eq!((edited.status, version_of(&edited.json)), (200, 2));
        assert_eq!(
            li.patch(&path, 1, json!({ "body": "大后天" })).await.status,
            412
        );
        assert_eq!(world.as_person("admin").delete(&path, 2).await.status, 204);
        assert_eq!(
            li.patch(&path, 2, json!({ "body": "还在吗" })).await.status,
            404
        );
        assert_eq!(
            li.get(&format!("/api/customers/{}/comments", id_of(&customer)))
                .await
                .rows()
                .len(),
            1
        );
        for body in ["", "   ", &"长".repeat(10_001)] {
            assert_eq!(say(&li, &customer, body, &[]).await.status, 422);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_taken_back_can_be_restored_by_who_took_it() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let said = say(&li, &customer, "明天拜访", &[]).await;
        let batch = li
            .delete(&format!("/api/comments/{}", id_of(&said.json)), 1)
            .await
            .batch();
        let undo = format!("/api/ledger/{batch}/undo");
        assert_eq!(
            world
                .as_person("supervisor")
                .post(&undo, json!({}))
                .await
                .status,
            403
        );
        assert_eq!(li.post(&undo, json!({})).await.status, 200);
        assert_eq!(
            li.get(&format!("/api/customers/{}/comments", id_of(&customer)))
                .await
                .rows()[0]["body"],
            "明天拜访"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_people_who_see_the_record_can_be_mentioned() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let refused = say(&li, &customer, "@钱进 @苏婷 看看", &["qian", "supervisor"]).await;
        assert_eq!(
            (refused.status, refused.errors()),
            (422, vec!["/mentions cannot_see_record".to_owned()])
        );
        assert!(
            refused.json.to_string().contains("钱进") && !refused.json.to_string().contains("苏婷")
        );
        assert_eq!(inbox(&world.as_person("supervisor")).await, []);

        assert_eq!(
            say(&li, &customer, "@苏婷 看看", &["supervisor"])
                .await
                .status,
            201
        );
        let supervisor = world.as_person("supervisor");
        assert_eq!(
            inbox(&supervisor).await,
            [(
                "mention".to_owned(),
                "李明在「红圈科技」提到了您：@苏婷 看看".to_owned()
            )]
        );
        assert_eq!(
            supervisor.get("/api/session").await.json["unread_notifications"],
            1
        );
        assert_eq!(
            supervisor
                .post("/api/notifications/read", json!({}))
                .await
                .status,
            204
        );
        assert_eq!(supervisor.get("/api/notifications").await.json["unread"], 0);
        assert_eq!(inbox(&world.as_person("qian")).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_learn_of_comments_and_changes_until_they_stop() {
    each_database(async |world| {
        let li = world.as_person("li");
        let director = world.as_person("director");
        let supervisor = world.as_person("supervisor");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        assert_eq!(
            customer["following"], true,
            "who creates a record follows it"
        );
        assert_eq!(director.get(&path).await.json["following"], false);
        assert_eq!(follow(&director, &customer, true).await, 204);
        assert_eq!(director.get(&path).await.json["following"], true);
        assert_eq!(follow(&world.as_person("qian"), &customer, true).await, 404);

        say(&supervisor, &customer, "进展如何？", &[]).await;
        let news = (
            "comment".to_owned(),
            "苏婷在「红圈科技」留言：进展如何？".to_owned(),
        );
        assert_eq!(inbox(&li).await, std::slice::from_ref(&news));
        assert_eq!(inbox(&director).await, std::slice::from_ref(&news));
        assert_eq!(
            inbox(&supervisor).await,
            [],
            "nobody is told of their own doing"
        );

        let row = supervisor
            .edit("customers", &customer, json!({ "level": "A" }))
            .await;
        supervisor
            .edit("customers", &row, json!({ "level": "B" }))
            .await;
        assert_eq!(
            inbox(&director).await.len(),
            2,
            "while unread, changes of one record stay one notification"
        );

        assert_eq!(follow(&li, &customer, false).await, 204);
        say(&supervisor, &customer, "还在吗？", &[]).await;
        assert_eq!(inbox(&li).await.len(), 2);
        assert_eq!(inbox(&director).await.len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_owner_is_told_once_for_all_records_of_one_change() {
    each_database(async |world| {
        let supervisor = world.as_person("supervisor");
        let mut ids = Vec::new();
        for i in 0..3 {
            ids.push(id_of(&supervisor.customer(&format!("客户{i}")).await));
        }
        let body = json!({ "ids": ids, "action": "edit", "changes": { "owner_id": id("wang") } });
        assert_eq!(
            supervisor.post("/api/customers/bulk", body).await.json["changed"],
            3
        );
        let wang = world.as_person("wang");
        let mails = inbox(&wang).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(
            mails[0].0 == "assigned" && mails[0].1.contains('3'),
            "{mails:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_that_is_switched_off_does_not_come() {
    each_database(async |world| {
        let li = world.as_person("li");
        let supervisor = world.as_person("supervisor");
        let customer = li.customer("红圈科技").await;
        let choices = li.get("/api/notifications/choices").await.json["choices"].clone();
        let all = choices.as_object().expect("choices");
        assert!(
            all["comment"] == true && all.values().all(|is_on| is_on == true),
            "{all:?}"
        );
        let chosen = li
            .put(
                "/api/notifications/choices",
                0,
                json!({ "choices": { "comment": false } }),
            )
            .await;
        assert_eq!(
            (chosen.status, &chosen.json["choices"]["comment"]),
            (200, &json!(false))
        );
        assert_eq!(
            li.put(
                "/api/notifications/choices",
                0,
                json!({ "choices": { "rain": true } })
            )
            .await
            .status,
            422
        );
        say(&supervisor, &customer, "在吗", &[]).await;
        assert_eq!(inbox(&li).await, []);
        say(&supervisor, &customer, "@李明 在吗", &["li"]).await;
        assert_eq!(inbox(&li).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_inbox_says_so_at_once_and_only_to_its_owner() {
    each_database(async |world| {
        world.listen().await;
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let mut of_li = li.live(None).await;
        let mut of_director = world.as_person("director").live(None).await;
        say(&world.as_person("supervisor"), &customer, "@李明", &["li"]).await;
        let mut kinds = Vec::new();
        while let Some(event) = of_li.next().await {
            kinds.push(event.kind);
        }
        assert!(kinds.contains(&"notification".to_owned()), "{kinds:?}");
        let mut kinds = Vec::new();
        while let Some(event) = of_director.next().await {
            kinds.push(event.kind);
        }
        assert!(
            kinds.contains(&"change".to_owned()),
            "the comment itself is a change of the record: {kinds:?}"
        );
        assert!(!kinds.contains(&"notification".to_owned()), "{kinds:?}");
    })
    .await;
}
