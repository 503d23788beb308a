//! Saved dashboards: those that ship, those that people keep, and what no tile can be.

use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, each_database, id, id_of, version_of};

fn tiles() -> Json {
    json!([
        { "kind": "number", "metrics": ["visits"], "compare": ["previous", "last_year"], "size": "small" },
        { "kind": "bar", "metrics": ["won_amount", "win_rate"], "length": "month", "periods": 12 },
        { "kind": "panel", "panel": "pipeline" },
    ])
}

async fn save(client: &Client, name: &str, shared: &str) -> Answer {
    let body = json!({ "name": name, "shared": shared, "tiles": tiles() });
    client.post("/api/dashboards", body).await
}

/// Names of what people saved.
async fn saved(client: &Client) -> Vec<String> {
    let rows = client.get("/api/dashboards").await.rows();
    let saved = rows.iter().filter(|row| row["is_ready"] == json!(false));
    saved
        .map(|row| row["name"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn everybody_begins_with_the_dashboard_of_their_role() {
    each_database(async |world| {
        let begins = async |person: &str| {
            let list = world.as_person(person).get("/api/dashboards").await;
            let chosen = list
                .rows()
                .into_iter()
                .find(|row| row["id"] == list.json["chosen"]);
            chosen.expect("one of the list")["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(begins("li").await, "我的业绩");
        assert_eq!(begins("support").await, "我的业绩");
        assert_eq!(begins("supervisor").await, "团队管理");
        assert_eq!(begins("director").await, "经营总览");
        assert_eq!(begins("admin").await, "经营总览");
        // What ships nobody changes, but anybody keeps it as their own.
        let admin = world.as_person("admin");
        let ready = admin.get("/api/dashboards").await.rows().swap_remove(0);
        let path = format!("/api/dashboards/{}", id_of(&ready));
        assert_eq!(
            admin
                .patch(&path, 0, json!({ "name": "我们的" }))
                .await
                .status,
            404
        );
        let body = json!({ "name": "我们的", "tiles": ready["tiles"] });
        let own = admin.post("/api/dashboards", body).await;
        assert_eq!((own.status, &own.json["tiles"]), (201, &ready["tiles"]));
    })
    .await;
}

#[tokio::test]
async fn every_tile_that_ships_is_answered_to_whoever_begins_with_it() {
    each_database(async |world| {
        for person in ["li", "supervisor", "director", "admin"] {
            let client = world.as_person(person);
            let list = client.get("/api/dashboards").await;
            let chosen = list
                .rows()
                .into_iter()
                .find(|row| row["id"] == list.json["chosen"]);
            let tiles = chosen.expect("one of the list")["tiles"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            for tile in tiles.iter().filter(|tile| tile["metrics"].is_array()) {
                let metrics: Vec<&str> = tile["metrics"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Json::as_str)
                    .collect();
                let mut query = vec![("metrics", metrics.join(","))];
                query.extend(tile["by"].as_str().map(|by| ("by", by.to_owned())));
                let query: Vec<(&str, &str)> = query
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                let answer = client.query("/api/figures", &query).await;
                assert_eq!(answer.status, 200, "{person} {tile} {:?}", answer.json);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_dashboard_is_seen_by_those_it_is_shared_with() {
    each_database(async |world| {
        let (li, wang, qian) = (
            world.as_person("li"),
            world.as_person("wang"),
            world.as_person("qian"),
        );
        let admin = world.as_person("admin");
        assert_eq!(save(&li, "我的拜访", "me").await.status, 201);
        let shared = save(&li, "上海队", "team").await;
        assert_eq!(save(&li, "全体", "all").await.status, 403);
        assert_eq!(save(&admin, "全体", "all").await.status, 201);
        assert_eq!(saved(&li).await, ["我的拜访", "上海队", "全体"]);
        assert_eq!(saved(&wang).await, ["上海队", "全体"]);
        assert_eq!(saved(&qian).await, ["全体"]);
        // What the team above shares reaches down.
        assert_eq!(
            save(&world.as_person("director"), "华东", "team")
                .await
                .status,
            201
        );
        assert_eq!(saved(&wang).await, ["上海队", "全体", "华东"]);
        let path = format!("/api/dashboards/{}", id_of(&shared.json));
        let named = json!({ "name": "改名" });
        assert_eq!(wang.patch(&path, 1, named.clone()).await.status, 403);
        assert_eq!(qian.patch(&path, 1, named.clone()).await.status, 404);
        let changed = li.patch(&path, 1, named.clone()).await;
        assert_eq!((changed.status, version_of(&changed.json)), (200, 2));
        assert_eq!(changed.json["tiles"], shared.json["tiles"]);
        assert_eq!(li.patch(&path, 1, named).await.status, 412);
        assert_eq!(
            li.patch(&path, 2, json!({ "shared": "me" })).await.status,
            200
        );
        assert_eq!(saved(&wang).await, ["全体", "华东"]);
        assert_eq!(li.delete(&path, 3).await.status, 204);
        assert_eq!(saved(&li).await, ["我的拜访", "全体", "华东"]);
    })
    .await;
}

#[tokio::test]
async fn a_tile_that_cannot_be_is_refused_at_its_field() {
    each_database(async |world| {
        let li = world.as_person("li");
        let errors = async |tile: Json| {
            let mut tiles = tiles();
            tiles.as_array_mut().expect("tiles")[2] = tile;
            let answer = li.post("/api/dashboards", json!({ "name": "我的", "tiles": tiles })).await;
            assert_eq!(answer.status, 422, "{:?}", answer.json);
            answer.errors()
        };
        let number = |part: &str, value: Json| {
            let mut tile = json!({ "kind": "number", "metrics": ["visits"] });
            tile[part] = value;
            tile
        };
        for (tile, expected) in [
            (json!("visits"), "/tiles/2 wrong_type"),
            (json!({ "metrics": ["visits"] }), "/tiles/2/kind required"),
            (number("kind", json!("pie")), "/tiles/2/kind unknown_choice"),
            (number("colour", json!("red")), "/tiles/2/colour unknown_field"),
            (number("metrics", json!([])), "/tiles/2/metrics required"),
            (number("metrics", json!(["happiness"])), "/tiles/2/metrics unknown_metric"),
            (number("metrics", json!(["visits", "calls"])), "/tiles/2/metrics too_many"),
            (number("metrics", json!(7)), "/tiles/2/metrics wrong_type"),
            (number("title", json!("字".repeat(61))), "/tiles/2/title too_long"),
            (number("periods", json!(1_000)), "/tiles/2/periods out_of_range"),
            (number("compare", json!(["yesterday"])), "/tiles/2/compare unknown_choice"),
            (number("by", json!("person")), "/tiles/2/by not_of_this_tile"),
            (number("slice", json!({ "team_id": uuid::Uuid::from_u128(1) })), "/tiles/2/slice unknown_reference"),
            (number("panel", json!("losses")), "/tiles/2/panel not_of_this_tile"),
            (json!({ "kind": "panel" }), "/tiles/2/panel required"),
            (json!({ "kind": "funnel", "metrics": ["visits"] }), "/tiles/2/metrics not_of_this_tile"),
            (json!({ "kind": "line", "metrics": ["visits", "win_rate", "won_amount"] }), "/tiles/2/metrics too_many_units"),
            (json!({ "kind": "bar", "metrics": ["visits", "visits"] }), "/tiles/2/metrics already_exists"),
        ] {
            assert_eq!(errors(tile).await, [expected]);
        }
        let both = json!({ "kind": "bar", "metrics": ["happiness"], "size": "huge" });
        assert_eq!(errors(both).await, ["/tiles/2/size unknown_choice"]);
        let none = li.post("/api/dashboards", json!({ "name": "我的", "tiles": [] })).await;
        assert_eq!(none.errors(), ["/tiles required"]);
        let unnamed = li.post("/api/dashboards", json!({ "name": " ", "tiles": tiles() })).await;
        assert_eq!(unnamed.errors(), ["/name required"]);
        // The editor's look at a metric that is none.
        let preview = li.query("/api/figures", &[("metrics", "visits,happiness")]).await;
        assert_eq!(preview.errors(), ["/metrics unknown_metric"]);
        let sliced = json!({ "kind": "number", "metrics": ["visits"], "slice": { "team_id": id("east_1"), "person_id": id("wang") } });
        let body = json!({ "name": "王芳", "tiles": [sliced] });
        assert_eq!(li.post("/api/dashboards", body).await.status, 201);
    })
    .await;
}
