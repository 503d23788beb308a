//! The board and the stuck list.

use serde_json::{Value as Json, json};

use super::{Stages, acted, opportunity, opportunity_at};
use crate::support::{Client, DAY_MS, NOW_MS, each_database, id, id_of};

/// `(count, amount, weighted amount)` of what a list shows.
async fn list_totals(client: &Client, filter: &Json) -> (i64, i64, i64) {
    let filter = filter.to_string();
    let answer = client
        .query(
            "/api/opportunities",
            &[("filter", &filter), ("page_size", "200")],
        )
        .await;
    let minor = |row: &Json, field: &str| row[field]["amount_minor"].as_i64().unwrap_or_default();
    answer
        .rows()
        .iter()
        .fold((0, 0, 0), |(count, amount, weighted), row| {
            (
                count + 1,
                amount + minor(row, "amount"),
                weighted + minor(row, "weighted_amount"),
            )
        })
}

fn column_totals(column: &Json) -> (i64, i64, i64) {
    let minor = |field: &str| column[field]["amount_minor"].as_i64().expect("a sum");
    (
        column["count"].as_i64().expect("a count"),
        minor("amount"),
        minor("weighted_amount"),
    )
}

#[tokio::test]
async fn the_board_s_totals_are_those_of_the_lists_it_stands_for() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let codes = ["prospect", "target", "engaged", "intention", "won"];
        for (person, count) in [("li", 9), ("wang", 4), ("qian", 3)] {
            let client = world.as_person(person);
            let customer = client.customer(&format!("{person}的客户")).await;
            for i in 0..count {
                let amount = if i == 2 {
                    Json::Null
                } else {
                    json!(i * 777 + 1)
                };
                let extra = json!({ "stage_id": stages.id(codes[i % 5]), "amount": amount });
                opportunity_at(&client, &customer, &format!("{person}{i}"), extra).await;
            }
        }
        for person in ["li", "supervisor", "director", "admin", "support"] {
            let client = world.as_person(person);
            for filter in [
                json!(null),
                json!({ "field": "amount", "op": "gt", "value": 1_000 }),
            ] {
                let text = if filter.is_null() {
                    String::new()
                } else {
                    filter.to_string()
                };
                let board = client
                    .query("/api/opportunities/board", &[("filter", &text)])
                    .await;
                assert_eq!(board.status, 200, "{:?}", board.json);
                for column in board.json["columns"].as_array().expect("columns") {
                    let mut and = vec![
                        json!({ "field": "stage_id", "op": "in", "value": [column["stage_id"]] }),
                    ];
                    if !filter.is_null() {
                        and.push(filter.clone());
                    }
                    let listed = list_totals(&client, &json!({ "and": and })).await;
                    assert_eq!(column_totals(column), listed, "{person} {column}");
                    assert_eq!(
                        column["cards"].as_array().map(Vec::len),
                        Some(listed.0 as usize)
                    );
                }
            }
        }
        let all = world
            .as_person("admin")
            .get("/api/opportunities/board")
            .await
            .json;
        let count: i64 = all["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| column_totals(column).0)
            .sum();
        assert_eq!(count, 16);
        let found = li
            .query("/api/opportunities/board", &[("q", "li7")])
            .await
            .json;
        let count: i64 = found["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| column_totals(column).0)
            .sum();
        assert_eq!(count, 1);
    })
    .await;
}

#[tokio::test]
async fn a_column_shows_thirty_cards_and_then_the_next() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let customer = li.customer("客户").await;
        for i in 0..32 {
            world.set_clock(NOW_MS + i);
            opportunity_at(&li, &customer, &format!("商机{i:02}"), json!({})).await;
        }
        let names = |board: &Json| -> Vec<String> {
            let cards = board["columns"][0]["cards"].as_array().expect("cards");
            cards
                .iter()
                .map(|card| card["name"].as_str().unwrap().to_owned())
                .collect()
        };
        let board = li.get("/api/opportunities/board").await.json;
        assert_eq!(
            (board["columns"][0]["count"].as_i64(), names(&board).len()),
            (Some(32), 30)
        );
        assert_eq!(names(&board)[0], "商机31");
        assert_eq!(board["labels"][customer["id"].as_str().unwrap()], "客户");
        let path = format!(
            "/api/opportunities/board?stage_id={}&page=2",
            stages.id("prospect")
        );
        let next = li.get(&path).await.json;
        assert_eq!(next["columns"].as_array().map(Vec::len), Some(1));
        assert_eq!(names(&next), ["商机01", "商机00"]);
    })
    .await;
}

#[tokio::test]
async fn stages_are_named_in_the_reader_s_language() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let row = opportunity(&li, "产线", json!({})).await;
        let label = async |client: &Client| {
            let answer = client
                .get(&format!("/api/opportunities/{}", id_of(&row)))
                .await
                .json;
            answer["labels"][stages.id("prospect").to_string()].clone()
        };
        assert_eq!(label(&li).await, "潜在客户");
        let answer = li.patch("/api/me", 1, json!({ "language": "en" })).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        assert_eq!(label(&world.as_person("li")).await, "Prospect");
        assert_eq!(label(&world.as_person("supervisor")).await, "潜在客户");
    })
    .await;
}

#[tokio::test]
async fn what_stays_too_long_in_a_stage_is_stuck() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let slow = opportunity(&li, "慢", json!({})).await;
        let slower = opportunity(&li, "更慢", json!({ "stage_id": stages.id("target") })).await;
        let won = opportunity(&li, "成", json!({})).await;
        acted(&li, &won, "close", json!({ "outcome": "won" })).await;
        let stuck = async |client: &Client| {
            let rows = client.get("/api/opportunities/stuck").await.rows();
            rows.iter()
                .map(|row| {
                    format!(
                        "{} {} {}",
                        row["name"].as_str().unwrap(),
                        row["days_in_stage"],
                        row["standard_days"]
                    )
                })
                .collect::<Vec<_>>()
        };
        world.set_clock(NOW_MS + 7 * DAY_MS);
        assert!(stuck(&li).await.is_empty());
        world.set_clock(NOW_MS + 15 * DAY_MS);
        assert_eq!(stuck(&li).await, ["慢 15 7", "更慢 15 14"]);
        assert!(stuck(&world.as_person("qian")).await.is_empty());
        assert_eq!(
            world
                .as_person("admin")
                .get("/api/opportunities/stuck")
                .await
                .json["total"]["count"],
            2
        );
        acted(
            &li,
            &slow,
            "advance",
            json!({ "stage_id": stages.id("target") }),
        )
        .await;
        assert_eq!(stuck(&li).await, ["更慢 15 14"]);
        assert_eq!(slower["owner_id"], json!(id("li")));
    })
    .await;
}
