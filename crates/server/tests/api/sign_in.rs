//! Setting up, signing in, sessions, resets, and looking as somebody else.

use platform::clock::Clock;
use serde_json::{Value as Json, json};
use server::start::{Place, TIME_ZONE, start};

use crate::support::{
    Client, DAY_MS, MINUTE_MS, NOW_MS, PASSWORD, World, each_database, id, version_of,
};

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
async fn the_set_up_link_makes_one_administrator_and_then_is_spent() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::in_folder(folder.path());
    let app = start(&place, Clock::fixed(NOW_MS, TIME_ZONE))
        .await
        .unwrap();
    let secret = server::sign_in::links::first_start(&app)
        .await
        .unwrap()
        .expect("a link");
    let client = Client::new(server::serve::router(&app).0);
    assert_eq!(client.get("/api/setup?token=wrong").await.status, 404);
    assert_eq!(
        client
            .get(&format!("/api/setup?token={secret}"))
            .await
            .status,
        204
    );
    let body = |email: &str| json!({ "token": secret, "company_name": "成单科技", "name": "管理员", "email": email, "password": PASSWORD, "language": "zh-CN" });
    // Two tabs at once: the link serves one of them.
    let (one, two) = (body("one@example.com"), body("two@example.com"));
    let (one, two) = tokio::join!(
        client.post("/api/setup", one),
        client.post("/api/setup", two)
    );
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [200, 404]);
    assert_eq!(
        client
            .get(&format!("/api/setup?token={secret}"))
            .await
            .status,
        404
    );
    assert_eq!(
        server::sign_in::links::first_start(&app).await.unwrap(),
        None
    );
    let first = if one.status == 200 { one } else { two };
    assert_eq!(first.json["is_admin"], true);
    assert_eq!(app.directory().people.len(), 1);
    assert_eq!(app.directory().roles.len(), 5);
    let me = client
        .with_session(&first.session().unwrap())
        .get("/api/session")
        .await;
    assert_eq!(me.json["company_name"], "成单科技");
}

#[tokio::test]
async fn a_set_up_without_a_name_or_a_mail_names_both_fields_problems() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(
        &Place::in_folder(folder.path()),
        Clock::fixed(NOW_MS, TIME_ZONE),
    )
    .await
    .unwrap();
    let secret = server::sign_in::links::first_start(&app)
        .await
        .unwrap()
        .unwrap();
    let client = Client::new(server::serve::router(&app).0);
    let send = async |changes: Json| {
        let mut body = json!({ "token": secret, "company_name": "成单", "name": "某人", "email": "a@example.com", "password": PASSWORD });
        body.as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        client.post("/api/setup", body).await
    };
    assert_eq!(
        send(json!({ "name": " " })).await.errors(),
        ["/name required"]
    );
    assert_eq!(
        send(json!({ "email": "" })).await.errors(),
        ["/email required"]
    );
    assert_eq!(
        send(json!({ "email": "no mail" })).await.errors(),
        ["/email not_an_email"]
    );
    assert_eq!(
        send(json!({ "password": "short" })).await.errors(),
        ["/password password_too_short"]
    );
    assert_eq!(
        send(json!({ "company_name": "a\u{0}b" })).await.errors(),
        ["/company_name control_characters"]
    );
    assert!(app.directory().people.is_empty());
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
async fn a_look_as_another_person_reads_what_they_read_and_writes_nothing() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let customer = li.customer("甲").await;
        world.as_person("qian").customer("乙").await;
        let me = admin
            .post("/api/session/preview", json!({ "person_id": id("li") }))
            .await;
        assert_eq!(
            (me.status, &me.json["preview"]["by_name"]),
            (200, &json!("管理员"))
        );
        assert_eq!(admin.names("customers", &[]).await, ["甲"]);
        assert_eq!(
            admin.get("/api/customers").await.rows()[0]["can"],
            json!([])
        );
        let path = format!("/api/customers/{}", customer["id"].as_str().unwrap());
        assert_eq!(
            admin
                .patch(&path, version_of(&customer), json!({ "level": "A" }))
                .await
                .code(),
            "read_only_session"
        );
        assert_eq!(admin.delete(&path, version_of(&customer)).await.status, 403);
        assert_eq!(
            admin
                .post("/api/customers", json!({ "name": "丙" }))
                .await
                .status,
            403
        );
        assert_eq!(
            admin
                .patch("/api/me", 1, json!({ "title": "x" }))
                .await
                .status,
            403
        );
        assert_eq!(
            admin
                .post("/api/tokens", json!({ "name": "x", "access": "read" }))
                .await
                .status,
            403
        );
        assert_eq!(
            admin
                .post("/api/session/preview", json!({ "person_id": id("wang") }))
                .await
                .status,
            403
        );
        assert_eq!(
            admin
                .send(axum::http::Method::DELETE, "/api/session/preview", &[], "")
                .await
                .status,
            204
        );
        assert_eq!(admin.get("/api/session").await.json["preview"], Json::Null);
        assert_eq!(admin.names("customers", &[]).await.len(), 2);
        let verbs: Vec<String> = platform::ledger::after(&world.app.db, 0, 1_000)
            .await
            .unwrap()
            .into_iter()
            .filter(|entry| entry.action.starts_with("preview"))
            .map(|entry| format!("{} {}", entry.action, entry.actor_id == Some(id("admin"))))
            .collect();
        assert_eq!(verbs, ["preview true", "preview_end true"]);
    })
    .await;
}

#[tokio::test]
async fn a_look_at_nobody_leaves_the_administrator_signed_in() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let answer = admin
            .post(
                "/api/session/preview",
                json!({ "person_id": platform::clock::new_id() }),
            )
            .await;
        assert_eq!(answer.errors(), ["/person_id unknown_reference"]);
        assert_eq!(admin.get("/api/session").await.json["preview"], Json::Null);
        assert_eq!(
            world
                .as_person("li")
                .post("/api/session/preview", json!({ "person_id": id("admin") }))
                .await
                .status,
            403
        );
    })
    .await;
}

#[tokio::test]
async fn a_look_ends_when_its_administrator_is_no_longer_one() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let wang = world.as_person("wang");
        let role = |code: &str| {
            let directory = world.app.directory();
            directory
                .roles
                .values()
                .find(|role| role.code.as_deref() == Some(code))
                .unwrap()
                .id
        };
        let path = format!("/api/people/{}", id("wang"));
        let person = admin.get(&path).await.json;
        let person = admin
            .edit(
                "people",
                &person,
                json!({ "role_ids": [role("administrator")] }),
            )
            .await;
        assert_eq!(
            wang.post(
                "/api/session/preview",
                json!({ "person_id": id("director") })
            )
            .await
            .status,
            200
        );
        admin
            .edit(
                "people",
                &person,
                json!({ "role_ids": [role("salesperson")] }),
            )
            .await;
        let me = wang.get("/api/session").await;
        assert_eq!(
            (me.status, &me.json["person"]["name"]),
            (200, &json!("王芳"))
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
