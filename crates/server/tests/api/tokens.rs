//! API tokens.

use serde_json::{Value as Json, json};

use crate::support::{Client, DAY_MS, NOW_MS, World, each_database};

async fn make(world: &World, body: Json) -> Client {
    let answer = world.as_person("li").post("/api/tokens", body).await;
    assert_eq!(answer.status, 201, "{:?}", answer.json);
    world
        .visitor()
        .with_token(answer.json["token"].as_str().unwrap())
}

#[tokio::test]
async fn a_read_token_reads_and_a_write_token_writes() {
    each_database(async |world| {
        let reader = make(world, json!({ "name": "report", "access": "read" })).await;
        let writer = make(world, json!({ "name": "sync", "access": "write" })).await;
        assert_eq!(reader.get("/api/customers").await.status, 200);
        assert_eq!(
            reader
                .post("/api/customers", json!({ "name": "甲" }))
                .await
                .code(),
            "read_only_session"
        );
        assert_eq!(
            writer
                .post("/api/customers", json!({ "name": "甲" }))
                .await
                .status,
            201
        );
        // A script is no page: its origin is of no interest, and it makes no further tokens.
        let elsewhere = writer.clone().with("origin", "https://elsewhere.example");
        assert_eq!(
            elsewhere
                .post("/api/customers", json!({ "name": "乙" }))
                .await
                .status,
            201
        );
        assert_eq!(
            writer
                .post("/api/tokens", json!({ "name": "more", "access": "write" }))
                .await
                .status,
            403
        );
        assert_eq!(writer.get("/api/tokens").await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn a_token_expires_after_its_last_day() {
    each_database(async |world| {
        let token = make(
            world,
            json!({ "name": "short", "access": "read", "expires_on": "2026-06-16" }),
        )
        .await;
        world.set_clock(NOW_MS + DAY_MS);
        assert_eq!(token.get("/api/customers").await.status, 200);
        world.set_clock(NOW_MS + 2 * DAY_MS);
        assert_eq!(token.get("/api/customers").await.status, 401);
        let past = world
            .as_person("li")
            .post(
                "/api/tokens",
                json!({ "name": "x", "access": "read", "expires_on": "2026-06-16" }),
            )
            .await;
        assert_eq!(past.errors(), ["/expires_on in_the_past"]);
    })
    .await;
}

#[tokio::test]
async fn a_removed_token_is_worth_nothing_at_once() {
    each_database(async |world| {
        let li = world.as_person("li");
        let token = make(world, json!({ "name": "script", "access": "write" })).await;
        assert_eq!(token.get("/api/customers").await.status, 200);
        let row = li.get("/api/tokens").await.rows()[0].clone();
        assert_eq!(row["name"], "script");
        assert!(row.get("token").is_none() && row.get("secret_hash").is_none());
        let path = format!("/api/tokens/{}", row["id"].as_str().unwrap());
        assert_eq!(world.as_person("wang").delete(&path, 1).await.status, 404);
        assert_eq!(li.delete(&path, 1).await.status, 204);
        assert_eq!(token.get("/api/customers").await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn a_made_up_token_or_cookie_is_nobody() {
    each_database(async |world| {
        for token in ["", "chengdan_", "x", "session-of-li"] {
            assert_eq!(
                world
                    .visitor()
                    .with_token(token)
                    .get("/api/customers")
                    .await
                    .status,
                401
            );
        }
        assert_eq!(
            world
                .visitor()
                .with_session("nonsense")
                .get("/api/customers")
                .await
                .status,
            401
        );
        assert_eq!(
            world.visitor().get("/api/customers").await.code(),
            "not_signed_in"
        );
    })
    .await;
}

#[tokio::test]
async fn a_person_has_at_most_twenty_tokens() {
    each_database(async |world| {
        for _ in 0..20 {
            make(world, json!({ "name": "script", "access": "read" })).await;
        }
        let more = world
            .as_person("li")
            .post("/api/tokens", json!({ "name": "script", "access": "read" }))
            .await;
        assert_eq!((more.status, more.code()), (409, "too_many_records"));
        let bad = world
            .as_person("wang")
            .post("/api/tokens", json!({ "name": " ", "access": "read" }))
            .await;
        assert_eq!(bad.errors(), ["/name required"]);
    })
    .await;
}
