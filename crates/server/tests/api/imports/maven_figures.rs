//! The figures of a pipeline that came from files, held against those that a program of its own counted from the same files:
//! `tests/data/maven/figures.py` on the files of "CRM Sales Opportunities", kept as `figures.json` beside it.

use serde_json::{Value as Json, json};

use super::maven::{files, ground};
use super::wizard::{Jobs, kept, run, shared, upload};
use crate::support::{Client, each_database};

const METRICS: &str =
    "opportunities_won,opportunities_lost,won_amount,win_rate,sales_cycle,loss_cycle,average_deal";

/// A figure of an answer, and its median.
fn figure(answer: &Json, metric: &str, key: Option<&str>) -> (Json, Json) {
    let rows = answer["rows"].as_array().expect("rows");
    let found = rows
        .iter()
        .find(|row| row["metric"] == metric && row["key"].as_str() == key);
    found.map_or((Json::Null, Json::Null), |row| {
        (row["value"].clone(), row["median"].clone())
    })
}

/// Holds the figures under one key against those that were counted from the files.
fn hold(place: &str, expected: &Json, answer: &Json, key: Option<&str>) {
    // What nobody lost has no row.
    let of = |metric: &str| match figure(answer, metric, key).0 {
        Json::Null => json!(0),
        value => value,
    };
    let int = |name: &str| expected[name].as_i64().expect("a count");
    let (won, lost) = (int("won"), int("lost"));
    assert_eq!(of("opportunities_won"), won, "{place} won");
    assert_eq!(of("opportunities_lost"), lost, "{place} lost");
    assert_eq!(of("won_amount"), int("won_amount"), "{place} amount");
    let rate = won as f64 / (won + lost) as f64;
    let told = of("win_rate").as_f64().expect("a rate");
    assert!(
        (told - rate).abs() < 1e-6,
        "{place} win rate {told} for {rate}"
    );
    if won > 0 {
        let average = int("won_amount") as f64 / won as f64;
        assert_eq!(
            of("average_deal"),
            average.round() as i64,
            "{place} average deal"
        );
    }
    for (metric, name) in [("sales_cycle", "won_took"), ("loss_cycle", "lost_took")] {
        let (mean, median) = figure(answer, metric, key);
        match expected[name].as_array() {
            None => assert_eq!((mean, median), (Json::Null, Json::Null), "{place} {metric}"),
            Some(took) => {
                let [exact, middle] = [0, 1].map(|i| took[i].as_f64().expect("days"));
                let told = mean.as_f64().expect("a mean");
                // Told to a tenth of a day.
                assert!(
                    (told - exact).abs() <= 0.05 + 1e-9,
                    "{place} {metric} {told} for {exact}"
                );
                assert_eq!(median.as_f64(), Some(middle), "{place} {metric}");
            }
        }
    }
}

async fn ask(client: &Client, quarter: &str, more: &[(&str, &str)]) -> Json {
    let mut query = vec![("metrics", METRICS), ("period", quarter)];
    query.extend(more);
    let answer = client.query("/api/figures", &query).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_an_imported_pipeline_agree_with_an_independent_count() {
    if shared("maven_crm/sales_pipeline.csv").is_none() {
        eprintln!("without the files there is nothing to count");
        return;
    }
    let expected = kept("maven/figures.json");
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let files = files();
        ground(&admin, &files).await;
        let mapping = kept("maven/opportunities.json");
        let uploaded = upload(
            &admin,
            "opportunities",
            "sales_pipeline.csv",
            &files.pipeline,
        )
        .await;
        let done = run(&admin, &uploaded, &mapping).await;
        assert_eq!(done["state"], "done", "{done:#}");
        let directory = world.app.directory();
        let mut held = 0;
        for (quarter, expected) in expected.as_object().expect("quarters") {
            let expected = expected.as_object().expect("keys");
            let whole = ask(&admin, quarter, &[]).await;
            hold(quarter, &expected[""], &whole, None);
            for (by, word) in [
                ("person", "agent "),
                ("team", "office "),
                ("product", "product "),
            ] {
                let answer = ask(&admin, quarter, &[("by", by)]).await;
                let labels = answer["labels"].as_object().expect("labels");
                for (key, figures) in expected.iter().filter(|(key, _)| key.starts_with(word)) {
                    let name = &key[word.len()..];
                    let id = labels
                        .iter()
                        .find(|(_, label)| *label == name)
                        .map(|(id, _)| id.as_str());
                    hold(
                        &format!("{quarter} {key}"),
                        figures,
                        &answer,
                        Some(id.expect(name)),
                    );
                    held += 1;
                }
            }
            for (key, figures) in expected
                .iter()
                .filter(|(key, _)| key.starts_with("manager "))
            {
                let name = &key["manager ".len()..];
                let mut people = directory.people.values();
                let manager = people.find(|person| person.name == name).expect(name);
                let answer = ask(
                    &admin,
                    quarter,
                    &[("supervisor_id", &manager.id.to_string())],
                )
                .await;
                hold(&format!("{quarter} {key}"), figures, &answer, None);
                held += 1;
            }
        }
        assert!(held > 150, "only {held} were held against each other");
    })
    .await;
}
