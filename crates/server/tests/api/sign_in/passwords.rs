//! Passwords: changed by their owners, and reset by links.

use serde_json::json;

use super::login;
use crate::support::{DAY_MS, NOW_MS, PASSWORD, World, each_database, id};

async fn reset_link(world: &World, person: &str) -> String {
    let admin = world.as_person("admin");
    let answer = admin
        .post(&format!("/api/people/{}/reset-link", id(person)), json!({}))
        .await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json["url"]
        .as_str()
        .unwrap()
        .split_once("token=")
        .unwrap()
        .1
        .to_owned()
}

#[tokio::test]
async fn a_reset_link_serves_once_and_ends_all_sessions() {
    each_database(async |world| {
        let token = reset_link(world, "li").await;
        let body = |password: &str| json!({ "token": token, "password": password });
        let visitor = world.visitor();
        assert_eq!(
            visitor
                .post("/api/password-resets/redeem", body("short"))
                .await
                .errors(),
            ["/password password_too_short"]
        );
        let (one, two) = tokio::join!(
            visitor.post("/api/password-resets/redeem", body("a new password 1")),
            visitor.post("/api/password-resets/redeem", body("a new password 2"))
        );
        let mut statuses = [one.status, two.status];
        statuses.sort();
        assert_eq!(statuses, [204, 404]);
        assert_eq!(world.as_person("li").get("/api/session").await.status, 401);
        assert_eq!(
            visitor
                .post("/api/session", login("li", PASSWORD))
                .await
                .status,
            401
        );
        let new = if one.status == 204 {
            "a new password 1"
        } else {
            "a new password 2"
        };
        assert_eq!(
            visitor.post("/api/session", login("li", new)).await.status,
            200
        );
    })
    .await;
}

#[tokio::test]
async fn a_reset_link_expires_and_a_newer_one_replaces_it() {
    each_database(async |world| {
        let redeem = async |token: &str| {
            world
                .visitor()
                .post(
                    "/api/password-resets/redeem",
                    json!({ "token": token, "password": "a new password" }),
                )
                .await
                .status
        };
        let old = reset_link(world, "li").await;
        let new = reset_link(world, "li").await;
        assert_eq!(redeem(&old).await, 404);
        world.set_clock(NOW_MS + DAY_MS + 1);
        assert_eq!(redeem(&new).await, 404);
        world.set_clock(NOW_MS + DAY_MS - 1);
        assert_eq!(redeem(&new).await, 204);
        assert_eq!(
            world
                .as_person("wang")
                .post(
                    &format!("/api/people/{}/reset-link", id("admin")),
                    json!({})
                )
                .await
                .status,
            403
        );
    })
    .await;
}

#[tokio::test]
async fn asking_for_a_reset_never_tells_who_exists() {
    each_database(async |world| {
        for login in ["li@example.com", "nobody@example.com", "", "\u{0}"] {
            let answer = world
                .visitor()
                .post("/api/password-resets", json!({ "login": login }))
                .await;
            assert_eq!((login, answer.status), (login, 204));
        }
    })
    .await;
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_old_one() {
    each_database(async |world| {
        let answer = world
            .visitor()
            .post("/api/session", login("li", PASSWORD))
            .await;
        let phone = world.visitor().with_session(&answer.session().unwrap());
        let li = world.as_person("li");
        let change = async |current: &str, new: &str| {
            li.post(
                "/api/me/password",
                json!({ "current": current, "new": new }),
            )
            .await
        };
        assert_eq!(
            change("wrong", "a new password").await.errors(),
            ["/current wrong_password"]
        );
        assert_eq!(
            change(PASSWORD, "short").await.errors(),
            ["/new password_too_short"]
        );
        assert_eq!(change(PASSWORD, "a new password").await.status, 204);
        assert_eq!(phone.get("/api/session").await.status, 401);
        assert_eq!(li.get("/api/session").await.status, 200);
        assert_eq!(
            world
                .visitor()
                .post("/api/session", login("li", "a new password"))
                .await
                .status,
            200
        );
    })
    .await;
}
