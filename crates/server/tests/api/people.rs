//! People who move, leave and come back; and the teams as a tree.

use serde_json::{Value as Json, json};

use crate::support::{Client, DAY_MS, NOW_MS, each_database, id, version_of};

async fn memberships(client: &Client, person: &str) -> Vec<(String, String, Json)> {
    let answer = client
        .get(&format!("/api/people/{}/memberships", id(person)))
        .await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    let label = |row: &Json| {
        answer.json["labels"][row["team_id"].as_str().unwrap_or("")]
            .as_str()
            .unwrap_or("")
            .to_owned()
    };
    let rows = answer.rows();
    rows.iter()
        .map(|row| {
            (
                label(row),
                row["from_on"].as_str().unwrap_or("").to_owned(),
                row["until_on"].clone(),
            )
        })
        .collect()
}

async fn change(client: &Client, person: &str, changes: Json) -> Json {
    let row = client
        .get(&format!("/api/people/{}", id(person)))
        .await
        .json;
    let answer = client
        .patch(
            &format!("/api/people/{}", id(person)),
            version_of(&row),
            changes,
        )
        .await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

#[tokio::test(flavor = "multi_thread")]
async fn moving_somebody_keeps_the_past_where_it_was() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        assert_eq!(
            memberships(&admin, "li").await,
            [("上海队".into(), "2025-01-06".into(), Json::Null)]
        );
        change(&admin, "li", json!({ "team_id": id("east_2") })).await;
        // Changed their mind on the same day: they never were in Hangzhou.
        change(&admin, "li", json!({ "team_id": id("north_1") })).await;
        let expected = [
            ("北京队".to_owned(), "2026-06-15".to_owned(), Json::Null),
            (
                "上海队".to_owned(),
                "2025-01-06".to_owned(),
                json!("2026-06-15"),
            ),
        ];
        assert_eq!(memberships(&admin, "li").await, expected);
        assert_eq!(memberships(&world.as_person("qian"), "li").await, expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_switched_off_is_out_at_once_and_no_longer_counts_in_their_team() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let li = world.as_person("li");
        let token = li
            .post("/api/tokens", json!({ "name": "脚本", "access": "write" }))
            .await;
        assert!(token.status < 300, "{:?}", token.json);
        let token = world
            .visitor()
            .with_token(token.json["token"].as_str().expect("a token"));
        assert_eq!(token.get("/api/customers").await.status, 200);
        let row = change(&admin, "li", json!({ "is_active": false })).await;
        assert_eq!(row["left_on"], "2026-06-15");
        assert_eq!(li.get("/api/customers").await.status, 401);
        assert_eq!(token.get("/api/customers").await.status, 401);
        assert_eq!(memberships(&admin, "li").await[0].2, "2026-06-15");
        let again = json!({ "login": "li@example.com", "password": crate::support::PASSWORD });
        assert_eq!(
            world.visitor().post("/api/session", again).await.status,
            401
        );

        world.set_clock(NOW_MS + 10 * DAY_MS);
        let row = change(&admin, "li", json!({ "is_active": true })).await;
        assert_eq!(row["left_on"], Json::Null);
        assert_eq!(
            li.get("/api/customers").await.status,
            401,
            "the old session stays closed"
        );
        assert_eq!(
            memberships(&admin, "li").await[0],
            ("上海队".into(), "2026-06-25".into(), Json::Null)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_teams_stand_as_a_tree_with_their_people() {
    each_database(async |world| {
        let tree = world.as_person("li").get("/api/teams/tree").await;
        assert_eq!(tree.status, 200);
        let company = &tree.json["rows"][0];
        assert_eq!(
            (
                &company["name"],
                &company["people"],
                &company["people_below"]
            ),
            (&json!("成单科技"), &json!(1), &json!(9))
        );
        let names: Vec<&str> = company["children"]
            .as_array()
            .expect("children")
            .iter()
            .filter_map(|team| team["name"].as_str())
            .collect();
        assert_eq!(names, ["华北区", "华东区"]);
        assert_eq!(tree.json["labels"][id("director").to_string()], "方华");
    })
    .await;
}
