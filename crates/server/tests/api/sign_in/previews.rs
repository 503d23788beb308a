//! Looking as somebody else.

use serde_json::{Value as Json, json};

use crate::organisation::{person, role};
use crate::support::{each_database, id, version_of};

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
        let person = person(world, "wang").await;
        let person = admin
            .edit(
                "people",
                &person,
                json!({ "role_ids": [role(world, "administrator")] }),
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
                json!({ "role_ids": [role(world, "salesperson")] }),
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
