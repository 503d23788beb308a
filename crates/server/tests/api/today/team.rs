//! A team's day, within the scope of whoever looks.

use serde_json::{Value as Json, json};

use crate::activities::{act, create, hours};
use crate::support::{Client, each_database, id, id_of};

async fn team(client: &Client, query: &str) -> Json {
    let answer = client.get(&format!("/api/today/team{query}")).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

fn names(team: &Json) -> Vec<&str> {
    let people = team["people"].as_array().expect("people");
    people
        .iter()
        .map(|person| person["name"].as_str().expect("a name"))
        .collect()
}

fn member<'a>(team: &'a Json, name: &str) -> &'a Json {
    let people = team["people"].as_array().expect("people");
    let found = people
        .iter()
        .find(|person| person["person_id"] == json!(id(name)));
    found.unwrap_or_else(|| panic!("{name} is not in the team"))
}

#[tokio::test]
async fn a_supervisor_sees_the_plans_and_deeds_of_the_day_and_what_was_left() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let planned = async |code: &str, from_now: f64| {
            let body =
                json!({ "customer_id": id_of(&customer), "planned_start_at": hours(from_now) });
            create(&li, code, body).await
        };
        // Friday is the working day before Monday, 72 hours ago.
        let friday = planned("first", -72.0).await;
        planned("call", -71.0).await;
        act(
            &li,
            &friday,
            "finish",
            json!({ "started_at": hours(-71.5) }),
        )
        .await;
        planned("first", 1.0).await;
        planned("presentation", 2.0).await;
        let visit = planned("service", -1.0).await;
        act(&li, &visit, "finish", json!({ "result": "设备正常" })).await;
        let body =
            json!({ "customer_id": id_of(&customer), "state": "done", "result": "约了周三" });
        let call = create(&li, "call", body).await;

        let supervisor = world.as_person("supervisor");
        let path = format!("/api/activities/{}/comments", id_of(&call));
        assert_eq!(
            supervisor.post(&path, json!({ "body": "好" })).await.status,
            201
        );
        let day = team(&supervisor, "").await;
        assert_eq!(
            (&day["day"], &day["yesterday"]),
            (&json!("2026-06-15"), &json!("2026-06-12"))
        );
        let mut members = names(&day);
        members.sort_unstable();
        assert_eq!(members, ["李明", "王芳"]);
        let row = member(&day, "li");
        assert_eq!(
            row["planned"],
            json!({ "first": 1, "presentation": 1, "closing": 0, "return_visit": 1, "other": 0 })
        );
        assert_eq!(
            row["done"],
            json!({ "first": 0, "presentation": 0, "closing": 0, "return_visit": 1, "other": 1 })
        );
        assert_eq!(
            row["yesterday"],
            json!({ "planned": 2, "done": 1, "open": 1 })
        );
        assert_eq!(row["has_plan"], true);
        assert_eq!(member(&day, "wang")["has_plan"], false);
        let deeds = day["deeds"].as_array().unwrap();
        assert_eq!(deeds[0]["id"], call["id"]);
        assert_eq!(
            (&deeds[0]["comment_count"], &deeds[1]["comment_count"]),
            (&json!(1), &json!(0))
        );
        assert_eq!(deeds.len(), 2);
        assert_eq!(day["labels"][id("east_1").to_string()], "上海队");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_shown_whose_activities_are_out_of_reach() {
    each_database(async |world| {
        let qian = world.as_person("qian");
        let customer = qian.customer("北方客户").await;
        let body = json!({ "customer_id": id_of(&customer), "state": "done" });
        create(&qian, "first", body).await;

        for (person, of, expected) in [
            ("li", "", vec!["li"]),
            ("support", "", vec!["support"]),
            ("supervisor", "", vec!["li", "wang"]),
            ("supervisor", "company", vec!["li", "supervisor", "wang"]),
            ("supervisor", "north_1", vec![]),
            ("director", "east_2", vec!["support", "zhao"]),
            ("north_supervisor", "", vec!["qian"]),
            ("admin", "north", vec!["north_supervisor", "qian"]),
        ] {
            let client = world.as_person(person);
            let query = if of.is_empty() {
                String::new()
            } else {
                format!("?team_id={}", id(of))
            };
            let day = team(&client, &query).await;
            let mut expected: Vec<String> =
                expected.iter().map(|name| id(name).to_string()).collect();
            let mut seen: Vec<String> = day["people"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["person_id"].as_str().unwrap().to_owned())
                .collect();
            expected.sort();
            seen.sort();
            assert_eq!(seen, expected, "{person} {of}");
            let sees_qian = expected.contains(&id("qian").to_string());
            assert_eq!(
                day["deeds"].as_array().unwrap().len(),
                usize::from(sees_qian),
                "{person} {of}"
            );
            assert_eq!(
                day.to_string().contains("北方客户"),
                sees_qian,
                "{person} {of}"
            );
        }
        let unknown = uuid::Uuid::from_u128(1);
        let answer = world
            .as_person("admin")
            .get(&format!("/api/today/team?team_id={unknown}"))
            .await;
        assert_eq!(answer.errors(), ["/team_id unknown_reference"]);
    })
    .await;
}
