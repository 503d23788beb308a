//! The same requests to either database give the same answers, to the byte, but for ids that are drawn anew.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::json;
use uuid::Uuid;

use super::rights::operations;
use super::rights::records::Records;
use crate::support::each_database;

/// What is drawn at random, and what never ends.
const LEFT_OUT: [&str; 3] = ["/api/live", "/api/push/key", "/api/me/calendar-feed"];

/// Calls ids and made-up names by the order in which they first appear.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn called(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(after) = past_instant(rest) {
                out.push_str("when the database was made");
                rest = after;
                continue;
            }
            let length = match rest.get(..36) {
                Some(id) if id.contains('-') && Uuid::try_parse(id).is_ok() => 36,
                _ if first == '第' => rest.find('号').unwrap_or(first.len_utf8()),
                // The same as a custom field is called.
                _ if rest.starts_with("x_di") => rest.find("hao").unwrap_or(1),
                _ if rest.starts_with("code_") => {
                    let digits = rest[5..].find(|one: char| !one.is_ascii_digit());
                    5 + digits.unwrap_or(rest.len() - 5)
                }
                _ => 0,
            };
            if length == 0 {
                out.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let number = self.0.len();
            let number = *self.0.entry(rest[..length].to_owned()).or_insert(number);
            out.push_str(&format!("#{number}"));
            rest = &rest[length..];
        }
        out
    }
}

/// What follows an instant by the machine's own clock, in JSON or in a sheet: the shipped definitions were made at it.
fn past_instant(text: &str) -> Option<&str> {
    let length = match text.as_bytes().get(10)? {
        b'T' => "2026-06-15T02:00:00.000Z".len(),
        b' ' => "2026-06-15 10:00:00".len(),
        _ => return None,
    };
    let instant = text.get(..length)?;
    let is_instant = instant.as_bytes()[13] == b':' && instant.starts_with("20");
    (is_instant && !instant.starts_with("2026-06-")).then(|| &text[length..])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_read_answers_the_same_on_both_databases() {
    let told: Mutex<Vec<Vec<String>>> = Mutex::default();
    each_database(async |world| {
        let records = Records::of(world, "li", "supervisor").await;
        Records::of(world, "qian", "north_supervisor").await;
        let mut questions: Vec<String> = operations(&world.openapi)
            .into_iter()
            .filter(|(method, path, _)| method == "GET" && !LEFT_OUT.contains(&path.as_str()))
            .map(|(_, path, _)| {
                let is_list = !path.starts_with("/api/figures");
                let is_sheet = is_list && path.ends_with("/export") || path.ends_with("/import-template");
                let question = if is_sheet { "?format=csv" } else { "" };
                format!("{}{question}", records.fill(&path))
            })
            .collect();
        for (resource, filter) in [
            ("customers", json!({ "or": [{ "field": "level", "op": "empty" }, { "field": "name", "op": "contains", "value": "号" }] })),
            ("opportunities", json!({ "not": { "field": "customer_id.level", "op": "in", "value": ["A"] } })),
            ("activities", json!({ "field": "happens_at", "op": "during", "value": "this_month" })),
        ] {
            let filter: String = filter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
            questions.push(format!("/api/{resource}?filter={filter}&sort=-created_at,id&count=exact"));
            questions.push(format!("/api/{resource}?q=0&page_size=3&page=1"));
            questions.push(format!("/api/{resource}?sort=moon"));
        }
        let mut names = Names::default();
        let mut answers = Vec::new();
        for name in ["admin", "li", "support"] {
            let client = world.as_person(name);
            for path in &questions {
                let answer = client.get(path).await;
                assert!(answer.status < 500, "{path}");
                let text = answer.text();
                // A workbook holds when it was made, compressed.
                let said = if text.starts_with("PK") { "a workbook".to_owned() } else { names.called(&text) };
                let asked = names.called(&format!("{name} {path}"));
                answers.push(format!("{asked} {} {said}", answer.status));
            }
        }
        told.lock().expect("the answers").push(answers);
    })
    .await;
    let told = told.into_inner().expect("the answers");
    if let [sqlite, postgres] = &told[..] {
        for (one, other) in sqlite.iter().zip(postgres) {
            let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
            let from = same.count().saturating_sub(100);
            let near = |text: &str| String::from_iter(text.chars().skip(from).take(300));
            assert_eq!(near(one), near(other), "{}", &one[..one.len().min(60)]);
        }
        assert_eq!(sqlite.len(), postgres.len());
    }
}
