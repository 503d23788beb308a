//! What every resource does alike: parsing, versions, once-only creation, bulk changes, deleting.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{each_database, id, id_of, version_of};

#[tokio::test]
async fn all_bad_fields_of_a_body_are_named_at_once() {
    each_database(async |world| {
        let li = world.as_person("li");
        let answer = li
            .post("/api/customers", json!({
                "level": "Z", "region": "99", "phone": 5, "moon": 1, "id": id("li"), "name_core": "x", "tags": "no list",
                "owner_id": "nobody", "funnel_level": null,
            }))
            .await;
        assert_eq!((answer.status, answer.json["code"].as_str()), (422, Some("invalid")));
        let mut errors = answer.errors();
        errors.sort();
        assert_eq!(errors, [
            "/funnel_level required", "/id read_only", "/level unknown_choice", "/moon unknown_field", "/name required",
            "/name_core read_only", "/owner_id not_an_id", "/phone wrong_type", "/region unknown_region", "/tags wrong_type",
        ]);
        for error in answer.json["errors"].as_array().unwrap() {
            assert!(!error["message"].as_str().unwrap().is_empty(), "{error}");
        }
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.json["request_id"].as_str(), answer.header("x-request-id"));
    })
    .await;
}

#[tokio::test]
async fn problems_are_told_in_the_persons_language() {
    each_database(async |world| {
        let li = world.as_person("li");
        let told = async || {
            li.post("/api/customers", json!({})).await.json["errors"][0]["message"].clone()
        };
        let chinese = told().await;
        assert!(
            chinese.as_str().unwrap().contains('必') || !chinese.as_str().unwrap().is_ascii(),
            "{chinese}"
        );
        li.patch("/api/me", 1, json!({ "language": "en" })).await;
        assert!(told().await.as_str().unwrap().is_ascii());
        let visitor = world.visitor().with("accept-language", "en-GB,zh;q=0.5");
        assert!(
            visitor.get("/api/customers").await.json["title"]
                .as_str()
                .unwrap()
                .is_ascii()
        );
    })
    .await;
}

#[tokio::test]
async fn a_change_names_the_version_that_it_was_made_on() {
    each_database(async |world| {
        let (li, supervisor) = (world.as_person("li"), world.as_person("supervisor"));
        let row = li.customer("甲").await;
        let path = format!("/api/customers/{}", id_of(&row));
        assert_eq!(li.get(&path).await.header("etag"), Some("\"1\""));
        let body = json!({ "level": "A" }).to_string();
        for (headers, status) in [
            (vec![], 428),
            (vec![("if-match", "*")], 428),
            (vec![("if-match", "\"one\"")], 428),
            (vec![("if-match", "\"9223372036854775808\"")], 428),
            (vec![("if-match", "\"7\"")], 412),
            (vec![("if-match", "W/\"1\"")], 200),
        ] {
            let answer = li.send(Method::PATCH, &path, &headers, body.clone()).await;
            assert_eq!((answer.status, &headers), (status, &headers));
        }
        // Both read version 2; the slower one learns that it was.
        assert_eq!(
            supervisor
                .patch(&path, 2, json!({ "level": "B" }))
                .await
                .status,
            200
        );
        let late = li.patch(&path, 2, json!({ "level": "C" })).await;
        assert_eq!(
            (late.status, &late.json["params"]["version"]),
            (412, &json!(3))
        );
        assert_eq!(li.send(Method::DELETE, &path, &[], "").await.status, 428);
        assert_eq!(li.delete(&path, 2).await.status, 412);
        assert_eq!(li.delete(&path, 3).await.status, 204);
        assert_eq!(li.delete(&path, 3).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn of_many_changes_on_one_version_one_wins() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = li.customer("甲").await;
        let path = format!("/api/customers/{}", id_of(&row));
        let changes = (0..8).map(|i| li.patch(&path, 1, json!({ "address": format!("路 {i}") })));
        let mut statuses: Vec<u16> = futures_util::future::join_all(changes)
            .await
            .iter()
            .map(|a| a.status)
            .collect();
        statuses.sort();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
        assert_eq!(version_of(&li.get(&path).await.json), 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_absent_stays_and_null_empties() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = li.create("customers", json!({ "name": "甲", "level": "A", "tags": ["重点", "老客户"], "address": "南京路 1 号" })).await;
        let row = li.edit("customers", &row, json!({ "level": null })).await;
        assert_eq!((&row["level"], &row["address"], &row["tags"]), (&Json::Null, &json!("南京路 1 号"), &json!(["重点", "老客户"])));
        let row = li.edit("customers", &row, json!({ "tags": [], "address": "" })).await;
        assert_eq!((&row["tags"], &row["address"]), (&Json::Null, &Json::Null));
        let path = format!("/api/customers/{}", id_of(&row));
        for empty in [json!(null), json!(""), json!("  ")] {
            assert_eq!(li.patch(&path, version_of(&row), json!({ "name": empty })).await.errors(), ["/name required"]);
        }
        // A change that changes nothing is no new version.
        let same = li.edit("customers", &row, json!({ "name": "甲" })).await;
        assert_eq!(version_of(&same), version_of(&row));
        let same = li.patch(&path, version_of(&row), json!({})).await;
        assert_eq!((same.status, version_of(&same.json)), (200, version_of(&row)));
    })
    .await;
}

#[tokio::test]
async fn a_repeated_create_is_carried_out_once() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({ "name": "甲", "credit_code": "91310000MA1FL8TQ36" });
        let first = li.post_once("/api/customers", "key-1", body.clone()).await;
        let again = li.post_once("/api/customers", "key-1", body.clone()).await;
        assert_eq!(
            (first.status, again.status),
            (201, 201),
            "{:?} {:?}",
            first.json,
            again.json
        );
        assert_eq!(first.json["id"], again.json["id"]);
        let other = li
            .post_once("/api/customers", "key-1", json!({ "name": "乙" }))
            .await;
        assert_eq!(
            (other.status, other.code()),
            (422, "idempotency_key_reused")
        );
        // The same words of another person are another key.
        assert_eq!(
            world
                .as_person("wang")
                .post_once("/api/customers", "key-1", json!({ "name": "丙" }))
                .await
                .status,
            201
        );
        assert_eq!(
            li.post_once("/api/customers", &"k".repeat(300), json!({ "name": "丁" }))
                .await
                .code(),
            "bad_idempotency_key"
        );
        // A refused create leaves its key free.
        assert_eq!(
            li.post_once(
                "/api/customers",
                "key-2",
                json!({ "name": "戊", "credit_code": "91310000MA1FL8TQ36" })
            )
            .await
            .status,
            422
        );
        assert_eq!(
            li.post_once("/api/customers", "key-2", json!({ "name": "戊" }))
                .await
                .status,
            201
        );
    })
    .await;
}

#[tokio::test]
async fn a_create_repeated_at_the_same_moment_is_carried_out_once() {
    each_database(async |world| {
        let li = world.as_person("li");
        for body in [
            json!({ "name": "甲" }),
            json!({ "name": "乙", "credit_code": "91310000MA1FL8TQ36" }),
        ] {
            let key = format!("key of {}", body["name"]);
            let key = key.escape_unicode().to_string();
            let creates = (0..6).map(|_| li.post_once("/api/customers", &key, body.clone()));
            let answers = futures_util::future::join_all(creates).await;
            for answer in &answers {
                assert_eq!(
                    (answer.status, &answer.json["id"]),
                    (201, &answers[0].json["id"]),
                    "{:?}",
                    answer.json
                );
            }
        }
        assert_eq!(li.names("customers", &[]).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_unique_value_is_taken_once_also_at_the_same_moment() {
    each_database(async |world| {
        let li = world.as_person("li");
        let code = "91310000MA1FL8TQ36";
        let creates = (0..5).map(|i| {
            li.post(
                "/api/customers",
                json!({ "name": format!("客户 {i}"), "credit_code": code }),
            )
        });
        let answers = futures_util::future::join_all(creates).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort();
        assert_eq!(statuses[0], 201);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            assert!(matches!(answer.status, 409 | 422), "{:?}", answer.json);
            assert_eq!(answer.code(), "already_exists");
        }
        assert_eq!(li.names("customers", &[]).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_bulk_edit_changes_what_it_may_and_says_what_it_may_not() {
    each_database(async |world| {
        let (li, supervisor) = (world.as_person("li"), world.as_person("supervisor"));
        let mine = li.customer("甲").await;
        let of_wang = world.as_person("wang").customer("乙").await;
        let of_qian = world.as_person("qian").customer("丙").await;
        let grants = rules::permission::Grants::default()
            .allow("customers", &[rules::permission::Action::Read], rules::permission::Scope::Team);
        crate::organisation::give(world, "li", grants, false).await;
        let answer = li
            .post("/api/customers/bulk", json!({ "ids": [mine["id"], of_wang["id"], of_qian["id"]], "action": "edit", "changes": { "level": "A" } }))
            .await;
        assert_eq!((answer.status, &answer.json["changed"]), (200, &json!(1)), "{:?}", answer.json);
        // What is out of scope isn't even named.
        let refused = answer.json["refused"].as_array().unwrap();
        assert_eq!(refused.len(), 1);
        assert_eq!((&refused[0]["label"], &refused[0]["code"]), (&json!("乙"), &json!("forbidden")));
        assert!(!refused[0]["message"].as_str().unwrap().is_empty());
        let all = supervisor
            .post("/api/customers/bulk", json!({ "filter": { "field": "level", "op": "empty" }, "action": "edit", "changes": { "level": "B" } }))
            .await;
        assert_eq!(all.json["changed"], 1);
        let none = li.post("/api/customers/bulk", json!({ "ids": [], "action": "edit", "changes": { "level": "B" } })).await;
        assert_eq!((&none.json["changed"], &none.json["batch"]), (&json!(0), &Json::Null));
        for (body, code) in [
            (json!({ "action": "edit", "changes": { "level": "A" } }), "required"),
            (json!({ "ids": [mine["id"]], "filter": { "field": "level", "op": "empty" }, "action": "edit", "changes": { "level": "A" } }), "ids_or_filter"),
            (json!({ "ids": [mine["id"]], "action": "edit", "changes": {} }), "required"),
            (json!({ "ids": [mine["id"]], "action": "edit", "changes": { "level": "Z" } }), "unknown_choice"),
            (json!({ "ids": [mine["id"]], "action": "burn" }), "bad_body"),
        ] {
            let answer = li.post("/api/customers/bulk", body.clone()).await;
            assert_eq!((answer.status, answer.code()), (422, code), "{body}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_refused_record_of_a_bulk_delete_is_left_whole() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        // A team goes with nothing; a line of products stays while products are in it.
        let used = admin
            .create("product_lines", json!({ "name": "在用", "code": "A" }))
            .await;
        let unused = admin
            .create("product_lines", json!({ "name": "空的", "code": "B" }))
            .await;
        admin
            .create("products", json!({ "name": "甲", "line_id": used["id"] }))
            .await;
        let answer = admin
            .post(
                "/api/product_lines/bulk",
                json!({ "ids": [used["id"], unused["id"]], "action": "delete" }),
            )
            .await;
        assert_eq!(
            (answer.status, &answer.json["changed"]),
            (200, &json!(1)),
            "{:?}",
            answer.json
        );
        let refused = &answer.json["refused"][0];
        assert_eq!(
            (&refused["label"], &refused["code"]),
            (&json!("在用"), &json!("still_referenced"))
        );
        assert_eq!(admin.names("product_lines", &[]).await, ["在用"]);
        let path = format!("/api/product_lines/{}", id_of(&used));
        let single = admin.delete(&path, version_of(&used)).await;
        assert_eq!(
            (
                single.status,
                single.code(),
                &single.json["params"]["count"]
            ),
            (409, "still_referenced", &json!(1))
        );
    })
    .await;
}

#[tokio::test]
async fn unknown_and_malformed_ids_are_not_found() {
    each_database(async |world| {
        let li = world.as_person("li");
        for path in [
            "/api/customers/7",
            "/api/customers/00000000-0000-0000-0000-000000000000",
            "/api/moons",
            "/api/customers/x/y",
        ] {
            let answer = li.get(path).await;
            assert_eq!(
                (path, answer.status, answer.code()),
                (path, 404, "not_found")
            );
        }
        let answer = li.send(Method::PUT, "/api/customers", &[], "{}").await;
        assert_eq!((answer.status, answer.code()), (405, "method_not_allowed"));
    })
    .await;
}

#[tokio::test]
async fn an_owner_changes_only_by_those_who_may_transfer() {
    each_database(async |world| {
        let (li, supervisor) = (world.as_person("li"), world.as_person("supervisor"));
        let row = li.customer("甲").await;
        let path = format!("/api/customers/{}", id_of(&row));
        assert_eq!(
            li.patch(&path, 1, json!({ "owner_id": id("wang") }))
                .await
                .errors(),
            ["/owner_id transfer_not_allowed"]
        );
        let row = supervisor
            .edit("customers", &row, json!({ "owner_id": id("wang") }))
            .await;
        assert_eq!(row["labels"][id("wang").to_string()], "王芳");
        assert_eq!(li.get(&path).await.status, 404);
        assert_eq!(
            supervisor
                .patch(
                    &path,
                    version_of(&row),
                    json!({ "owner_id": platform::clock::new_id() })
                )
                .await
                .errors(),
            ["/owner_id unknown_reference"]
        );
        // Nobody creates for somebody outside of their scope.
        assert_eq!(
            li.post(
                "/api/customers",
                json!({ "name": "乙", "owner_id": id("qian") })
            )
            .await
            .status,
            403
        );
    })
    .await;
}

#[tokio::test]
async fn a_contact_belongs_to_whoever_owns_its_customer() {
    each_database(async |world| {
        let (li, wang) = (world.as_person("li"), world.as_person("wang"));
        let (of_li, of_wang) = (li.customer("甲").await, wang.customer("乙").await);
        let contact = li.contact(&of_li, "张三").await;
        let path = format!("/api/contacts/{}", id_of(&contact));
        assert_eq!(wang.get(&path).await.status, 404);
        assert_eq!(wang.names("contacts", &[]).await, [""; 0]);
        assert_eq!(world.as_person("supervisor").get(&path).await.status, 200);
        // Neither made for nor moved to a customer that one can't see.
        let other = json!({ "name": "李四", "customer_id": of_wang["id"] });
        assert_eq!(
            li.post("/api/contacts", other).await.errors(),
            ["/customer_id unknown_reference"]
        );
        assert_eq!(
            li.patch(&path, 1, json!({ "customer_id": of_wang["id"] }))
                .await
                .errors(),
            ["/customer_id unknown_reference"]
        );
        let customer = world
            .as_person("supervisor")
            .edit("customers", &of_li, json!({ "owner_id": id("wang") }))
            .await;
        assert_eq!(customer["owner_id"], json!(id("wang")));
        assert_eq!(
            (li.get(&path).await.status, wang.get(&path).await.status),
            (404, 200)
        );
    })
    .await;
}
