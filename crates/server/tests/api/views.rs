//! Saved views.

use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, each_database, id_of};

async fn save(client: &Client, name: &str, shared: &str) -> Answer {
    let body = json!({
        "resource": "customers", "name": name, "shared": shared, "sort": "-updated_at", "columns": ["name", "level"],
        "filter": { "field": "level", "op": "in", "value": ["A"] },
    });
    client.post("/api/views", body).await
}

async fn names(client: &Client) -> Vec<String> {
    client.get("/api/views?resource=customers").await.names()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_seen_by_those_it_is_shared_with() {
    each_database(async |world| {
        let (li, wang, qian, admin) = (
            world.as_person("li"),
            world.as_person("wang"),
            world.as_person("qian"),
            world.as_person("admin"),
        );
        assert_eq!(save(&li, "重点", "me").await.status, 201);
        assert_eq!(save(&li, "上海重点", "team").await.status, 201);
        assert_eq!(save(&li, "全体重点", "all").await.status, 403);
        assert_eq!(save(&admin, "全体重点", "all").await.status, 201);
        assert_eq!(names(&li).await, ["重点", "上海重点", "全体重点"]);
        assert_eq!(names(&wang).await, ["上海重点", "全体重点"]);
        assert_eq!(names(&qian).await, ["全体重点"]);
        // The director's team stands above; what they share reaches down.
        assert_eq!(
            save(&world.as_person("director"), "华东重点", "team")
                .await
                .status,
            201
        );
        assert_eq!(names(&wang).await, ["上海重点", "全体重点", "华东重点"]);
        let rows = wang.get("/api/views?resource=customers").await.rows();
        assert_eq!(
            (&rows[0]["can"], &rows[0]["columns"]),
            (&json!([]), &json!(["name", "level"]))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_owns_nothing_but_looks_after_others_opens_with_what_is_theirs() {
    each_database(async |world| {
        let opens = async |name: &str| {
            let meta = world.as_person(name).get("/api/meta").await.json;
            let resources = meta["resources"].as_array().expect("resources").clone();
            ["customers", "contacts", "opportunities", "products"].map(|wanted| {
                let found = resources.iter().find(|resource| resource["name"] == wanted);
                let view = &found.expect("a resource")["default_view"];
                view.as_str().unwrap_or("-").to_owned()
            })
        };
        let mine = ["mine", "mine", "mine_open", "on_sale"];
        let wide = ["everything", "everything", "open", "on_sale"];
        for (name, expected) in [
            ("admin", wide),
            ("director", wide),
            ("supervisor", wide),
            ("li", mine),
        ] {
            assert_eq!(opens(name).await, expected, "{name}");
        }
        world.as_person("director").customer("红圈科技").await;
        assert_eq!(opens("director").await, ["mine", "mine", "open", "on_sale"]);
        crate::opportunities::opportunity(&world.as_person("admin"), "产线", json!({})).await;
        assert_eq!(opens("admin").await, mine);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_owner_changes_a_view_and_only_as_last_seen() {
    each_database(async |world| {
        let (li, wang) = (world.as_person("li"), world.as_person("wang"));
        let view = save(&li, "上海重点", "team").await.json;
        let path = format!("/api/views/{}", id_of(&view));
        assert_eq!(
            wang.patch(&path, 1, json!({ "name": "我的" })).await.status,
            403
        );
        assert_eq!(
            world
                .as_person("qian")
                .patch(&path, 1, json!({ "name": "我的" }))
                .await
                .status,
            404
        );
        let changed = li
            .patch(&path, 1, json!({ "name": "改名", "filter": null }))
            .await;
        assert_eq!(
            (
                changed.status,
                &changed.json["filter"],
                &changed.json["sort"]
            ),
            (200, &Json::Null, &json!("-updated_at"))
        );
        assert_eq!(
            li.patch(&path, 1, json!({ "name": "再改" })).await.status,
            412
        );
        assert_eq!(li.delete(&path, 2).await.status, 204);
        assert_eq!(names(&wang).await, [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_no_list_could_show_is_refused() {
    each_database(async |world| {
        let li = world.as_person("li");
        let refused = async |part: &str, value: Json| {
            let mut body = json!({ "resource": "customers", "name": "重点" });
            body[part] = value;
            let answer = li.post("/api/views", body).await;
            assert_eq!(answer.status, 422, "{part}: {:?}", answer.json);
        };
        refused("name", json!("  ")).await;
        refused("resource", json!("weather")).await;
        refused("sort", json!("-colour")).await;
        refused("columns", json!(["name", "colour"])).await;
        refused("columns", json!(["name_core"])).await;
        refused(
            "filter",
            json!({ "field": "colour", "op": "eq", "value": "red" }),
        )
        .await;
        refused(
            "filter",
            json!({ "field": "level", "op": "during", "value": "today" }),
        )
        .await;
        refused("shared", json!("world")).await;
    })
    .await;
}
