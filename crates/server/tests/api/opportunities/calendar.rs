//! The calendar by close date, and what it tells to whoever may not see amounts.

use rules::permission::{Action, FieldRule, Grants, Scope};
use serde_json::{Value as Json, json};

use super::{opportunity_at, process_id};
use crate::organisation::give;
use crate::support::{Answer, Client, each_database, id_of, version_of};

async fn june(client: &Client, more: &[(&str, &str)]) -> Answer {
    let mut asked = vec![("from", "2026-06-01"), ("to", "2026-06-30")];
    asked.extend_from_slice(more);
    client.query("/api/opportunities/calendar", &asked).await
}

/// `(day, count, sum, names of its cards)` of each day.
fn days(answer: &Answer) -> Vec<(String, i64, i64, String)> {
    let days = answer.json["days"].as_array().expect("days");
    days.iter()
        .map(|day| {
            let cards = day["cards"].as_array().expect("cards").iter();
            let names: Vec<&str> = cards.filter_map(|card| card["name"].as_str()).collect();
            let minor = day["amount"]["amount_minor"].as_i64().expect("a sum");
            let on = day["day"].as_str().expect("a day").to_owned();
            (
                on,
                day["count"].as_i64().expect("a count"),
                minor,
                names.join(" "),
            )
        })
        .collect()
}

#[tokio::test]
async fn each_day_has_the_count_and_sum_of_all_and_shows_its_three_largest() {
    each_database(async |world| {
        for (person, on) in [
            ("li", "2026-06-16"),
            ("qian", "2026-06-16"),
            ("li", "2026-06-30"),
        ] {
            let client = world.as_person(person);
            let customer = client.customer(&format!("{person}的客户{on}")).await;
            for i in 1..=5 {
                let amount = if i == 5 { Json::Null } else { json!(i * 100) };
                let extra = json!({ "expected_close_on": on, "amount": amount });
                opportunity_at(&client, &customer, &format!("{person}{i}"), extra).await;
            }
            for outside in ["2026-05-31", "2026-07-01"] {
                let extra = json!({ "expected_close_on": outside, "amount": 7 });
                opportunity_at(&client, &customer, "月外", extra).await;
            }
        }
        let of_li = |on: &str| (on.to_owned(), 5, 1_000, "li4 li3 li2".to_owned());
        let li = world.as_person("li");
        assert_eq!(
            days(&june(&li, &[]).await),
            [of_li("2026-06-16"), of_li("2026-06-30")]
        );
        let admin = days(&june(&world.as_person("admin"), &[]).await);
        assert_eq!(
            admin,
            [
                (
                    "2026-06-16".to_owned(),
                    10,
                    2_000,
                    "li4 qian4 li3".to_owned()
                ),
                of_li("2026-06-30")
            ]
        );
        let filter = json!({ "field": "amount", "op": "le", "value": 200 }).to_string();
        let small = days(&june(&li, &[("filter", &filter)]).await);
        assert_eq!(
            small[0],
            ("2026-06-16".to_owned(), 2, 300, "li2 li1".to_owned())
        );
        assert_eq!(days(&june(&li, &[("q", "li3")]).await)[1].1, 1);
        let labels = &june(&li, &[]).await.json["labels"];
        assert!(
            labels
                .as_object()
                .is_some_and(|labels| labels.values().any(|name| name == "李明"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_span_without_end_is_refused() {
    each_database(async |world| {
        let li = world.as_person("li");
        for (from, to) in [("2026-06-01", "2026-08-02"), ("2026-06-02", "2026-06-01")] {
            let answer = li
                .query("/api/opportunities/calendar", &[("from", from), ("to", to)])
                .await;
            assert_eq!(answer.errors(), ["/to too_many_days"], "{from} {to}");
        }
        assert_eq!(
            li.query(
                "/api/opportunities/calendar",
                &[("from", "2026-06-01"), ("to", "2026-08-01")]
            )
            .await
            .status,
            200
        );
        assert_eq!(li.get("/api/opportunities/calendar").await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_see_amounts_can_not_tell_them_from_sums_prices_or_weights() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let product = admin.create("products", json!({ "name": "控制器" })).await;
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let extra = json!({ "amount": 12_345, "expected_close_on": "2026-06-16" });
        let row = opportunity_at(&li, &customer, "产线", extra).await;
        let lines = json!([{ "product_id": id_of(&product), "quantity": 1, "price": 12_345 }]);
        let path = format!("/api/opportunities/{}/lines", id_of(&row));
        let put = li.put(&path, version_of(&row), lines.clone()).await;
        assert_eq!(put.status, 200, "{:?}", put.json);
        let process = process_id(&li, "ordinary").await;
        let board = format!("/api/opportunities/board?process_id={process}");
        let wide = [Action::Read, Action::Edit, Action::Export];
        for rule in [FieldRule::Mask, FieldRule::Hide] {
            let grants = Grants::default()
                .allow("customers", &[Action::Read], Scope::All)
                .allow("processes", &[Action::Read], Scope::All)
                .allow("products", &[Action::Read], Scope::All)
                .allow("opportunities", &wide, Scope::All)
                .field("opportunities", "amount", rule);
            give(world, "zhao", grants, true).await;
            let zhao = world.as_person("zhao");
            let paths = [
                format!("/api/opportunities/{}", id_of(&row)),
                "/api/opportunities".to_owned(),
                "/api/opportunity_lines".to_owned(),
                "/api/opportunities/export?format=csv".to_owned(),
                "/api/opportunity_lines/export?format=csv".to_owned(),
                "/api/opportunities/stuck".to_owned(),
                format!("/api/opportunities/{}/history", id_of(&row)),
                format!("/api/opportunities/{}/timeline", id_of(&row)),
                board.clone(),
                "/api/opportunities/calendar?from=2026-06-01&to=2026-06-30".to_owned(),
            ];
            for path in &paths {
                let answer = zhao.get(path).await;
                assert_eq!(answer.status, 200, "{path} {:?}", answer.json);
                let text = answer.text();
                // As minor units, as an export writes it, and the first stage's twentieth of it.
                for told in ["12345", "123.45", "617", "6.17"] {
                    assert!(!text.contains(told), "{rule:?} {path} tells {told}: {text}");
                }
            }
            assert_eq!(
                zhao.get(&path).await.errors(),
                ["/amount field_not_allowed"]
            );
            let answer = zhao.put(&path, version_of(&put.json), lines.clone()).await;
            assert_eq!(answer.errors(), ["/amount field_not_allowed"]);
        }
    })
    .await;
}
