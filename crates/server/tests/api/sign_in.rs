//! Signing in, sessions, and who is kept out.

mod passwords;
mod previews;
mod setup;

use serde_json::{Value as Json, json};

use crate::support::{Client, DAY_MS, MINUTE_MS, NOW_MS, PASSWORD, each_database, id};

fn login(name: &str, password: &str) -> Json {
    json!({ "login": format!("{name}@example.com"), "password": password })
}

async fn wrong_tries(client: &Client, name: &str, count: usize) {
    for _ in 0..count {
        let answer = client
            .post("/api/session", login(name, "not the password"))
            .await;
        assert_eq!((answer.status, answer.code()), (401, "wrong_login"));
    }
}

#[tokio::test]
async fn people_sign_in_by_mail_or_mobile_and_out_again() {
    each_database(async |world| {
        let li = world.as_person("li");
        assert_eq!(
            li.send_patch_me(json!({ "mobile": "138 0013 8000" })).await,
            200
        );
        for login in [
            "li@example.com",
            " LI@Example.com ",
            "13800138000",
            "+86 138-0013-8000",
        ] {
            let answer = world
                .visitor()
                .post(
                    "/api/session",
                    json!({ "login": login, "password": PASSWORD }),
                )
                .await;
            assert_eq!((login, answer.status), (login, 200));
            let cookie = answer.header("set-cookie").unwrap().to_owned();
            assert!(
                cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
                "{cookie}"
            );
            let client = world.visitor().with_session(&answer.session().unwrap());
            assert_eq!(
                client.get("/api/session").await.json["person"]["name"],
                "李明"
            );
            assert_eq!(
                client
                    .send(axum::http::Method::DELETE, "/api/session", &[], "")
                    .await
                    .status,
                204
            );
            assert_eq!(client.get("/api/session").await.status, 401);
        }
    })
    .await;
}

#[tokio::test]
async fn guesses_are_slowed_down_however_the_account_is_written() {
    each_database(async |world| {
        let client = world.visitor();
        wrong_tries(&client, "li", 5).await;
        // The sixth failure begins the wait, for every way to write this account.
        client.post("/api/session", login("li", "x")).await;
        for login in [
            "li@example.com",
            "LI@example.com",
            " li@example.com",
            "li@example.com\t",
        ] {
            let answer = client
                .post(
                    "/api/session",
                    json!({ "login": login, "password": PASSWORD }),
                )
                .await;
            assert_eq!(
                (login, answer.status, answer.code()),
                (login, 429, "too_fast")
            );
            assert!(
                answer
                    .header("retry-after")
                    .unwrap()
                    .parse::<i64>()
                    .unwrap()
                    <= 15
            );
        }
        assert_eq!(
            client
                .post("/api/session", login("wang", PASSWORD))
                .await
                .status,
            200
        );
        world.set_clock(NOW_MS + MINUTE_MS);
        assert_eq!(
            client
                .post("/api/session", login("li", PASSWORD))
                .await
                .status,
            200
        );
        wrong_tries(&client, "li", 5).await;
    })
    .await;
}

#[tokio::test]
async fn guesses_at_the_same_moment_are_all_counted() {
    each_database(async |world| {
        let client = world.visitor();
        let guesses = (0..20).map(|_| client.post("/api/session", login("li", "not the password")));
        let answers = futures_util::future::join_all(guesses).await;
        let tried = answers.iter().filter(|answer| answer.status == 401).count();
        assert!(tried <= 6, "{tried} guesses were let through");
        assert_eq!(
            client
                .post("/api/session", login("li", PASSWORD))
                .await
                .status,
            429
        );
    })
    .await;
}

#[tokio::test]
async fn an_unknown_account_answers_like_a_wrong_password() {
    each_database(async |world| {
        let unknown = world
            .visitor()
            .post(
                "/api/session",
                json!({ "login": "no\u{0}body", "password": "x" }),
            )
            .await;
        let wrong = world.visitor().post("/api/session", login("li", "x")).await;
        assert_eq!(
            (unknown.status, unknown.code()),
            (wrong.status, wrong.code())
        );
        let long = "x".repeat(1_000_000);
        assert_eq!(
            world
                .visitor()
                .post("/api/session", json!({ "login": long, "password": "x" }))
                .await
                .status,
            401
        );
    })
    .await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    each_database(async |world| {
        let answer = world
            .visitor()
            .with("user-agent", "Phone")
            .post("/api/session", login("li", PASSWORD))
            .await;
        let phone = world.visitor().with_session(&answer.session().unwrap());
        let li = world.as_person("li");
        let rows = li.get("/api/sessions").await.rows();
        assert_eq!(rows.len(), 2);
        let other = rows.iter().find(|row| row["current"] == false).unwrap();
        assert_eq!(other["device"], "Phone");
        let path = format!("/api/sessions/{}", other["id"].as_str().unwrap());
        assert_eq!(world.as_person("wang").delete(&path, 1).await.status, 404);
        assert_eq!(phone.get("/api/session").await.status, 200);
        assert_eq!(li.delete(&path, 1).await.status, 204);
        assert_eq!(phone.get("/api/session").await.status, 401);
        assert_eq!(li.delete(&path, 1).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_session_unused_for_thirty_days_ends() {
    each_database(async |world| {
        world.set_clock(NOW_MS + 30 * DAY_MS - MINUTE_MS);
        assert_eq!(world.as_person("li").get("/api/session").await.status, 200);
        world.set_clock(NOW_MS + 31 * DAY_MS);
        assert_eq!(
            world.as_person("wang").get("/api/session").await.status,
            401
        );
    })
    .await;
}

#[tokio::test]
async fn my_settings_change_only_where_they_are_named() {
    each_database(async |world| {
        let li = world.as_person("li");
        assert_eq!(
            li.send_patch_me(json!({ "title": "客户经理", "mobile": "13800138000" }))
                .await,
            200
        );
        assert_eq!(
            li.send_patch_me(json!({ "mobile": null, "language": "en" }))
                .await,
            200
        );
        let person = li.get("/api/session").await.json["person"].clone();
        assert_eq!(
            (&person["title"], &person["mobile"], &person["language"]),
            (&json!("客户经理"), &Json::Null, &json!("en"))
        );
        assert_eq!(li.send_patch_me(json!({ "name": null })).await, 422);
        assert_eq!(
            li.send_patch_me(json!({ "time_zone": "Mars/North" })).await,
            422
        );
        assert_eq!(
            li.send_patch_me(json!({ "email": "admin@example.com" }))
                .await,
            422
        );
    })
    .await;
}

impl Client {
    async fn send_patch_me(&self, changes: Json) -> u16 {
        self.patch("/api/me", 1, changes).await.status
    }
}

#[tokio::test]
async fn a_deactivated_person_is_out_at_once() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let token = li
            .post(
                "/api/tokens",
                json!({ "name": "script", "access": "write" }),
            )
            .await
            .json["token"]
            .clone();
        let script = world.visitor().with_token(token.as_str().unwrap());
        assert_eq!(script.get("/api/customers").await.status, 200);
        let path = format!("/api/people/{}", id("li"));
        let person = admin.get(&path).await.json;
        let gone = admin
            .edit("people", &person, json!({ "is_active": false }))
            .await;
        assert_eq!(li.get("/api/session").await.status, 401);
        assert_eq!(script.get("/api/customers").await.status, 401);
        assert_eq!(
            world
                .visitor()
                .post("/api/session", login("li", PASSWORD))
                .await
                .code(),
            "wrong_login"
        );
        // Coming back doesn't bring old sessions back.
        admin
            .edit("people", &gone, json!({ "is_active": true }))
            .await;
        assert_eq!(li.get("/api/session").await.status, 401);
        assert_eq!(script.get("/api/customers").await.status, 401);
        assert_eq!(
            world
                .visitor()
                .post("/api/session", login("li", PASSWORD))
                .await
                .status,
            200
        );
    })
    .await;
}

#[tokio::test]
async fn a_page_of_another_site_writes_nothing() {
    each_database(async |world| {
        let li = world.as_person("li");
        let foreign = [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "https://chengdan.test.evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ];
        for (name, value) in foreign {
            let page = li.clone().with(name, value);
            assert_eq!(
                (
                    value,
                    page.post("/api/customers", json!({ "name": "x" }))
                        .await
                        .status
                ),
                (value, 403)
            );
            assert_eq!(page.get("/api/customers").await.status, 200);
            // Nor does it sign a visitor in under a name of its own.
            let page = world.visitor().with(name, value);
            assert_eq!(
                (
                    value,
                    page.post("/api/session", login("li", PASSWORD))
                        .await
                        .status
                ),
                (value, 403)
            );
        }
        let own = li.with("origin", "https://chengdan.test");
        assert_eq!(
            own.post("/api/customers", json!({ "name": "x" }))
                .await
                .status,
            201
        );
    })
    .await;
}
