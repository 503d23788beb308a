//! Filters evaluated in memory on the rows that the API shows, and a generator of filters.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::support::id;

pub struct Data {
    today: NaiveDate,
    rows: HashMap<String, BTreeMap<String, Json>>,
}

/// How a field compares.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Text,
    Code,
    Tree,
    List,
    Reference,
    Number,
    Day,
    Instant,
    Bool,
}

/// `(resource, field, kind, the resource that a reference leads to)`.
const FIELDS: [(&str, &str, Kind, &str); 19] = [
    ("customers", "name", Kind::Text, ""),
    ("customers", "short_name", Kind::Text, ""),
    ("customers", "description", Kind::Text, ""),
    ("customers", "level", Kind::Code, ""),
    ("customers", "region", Kind::Tree, ""),
    ("customers", "industry", Kind::Tree, ""),
    ("customers", "phone", Kind::Text, ""),
    ("customers", "owner_id", Kind::Reference, "people"),
    ("customers", "parent_id", Kind::Reference, "customers"),
    ("customers", "tags", Kind::List, ""),
    ("customers", "created_at", Kind::Instant, ""),
    ("contacts", "customer_id", Kind::Reference, "customers"),
    ("contacts", "email", Kind::Text, ""),
    ("contacts", "birthday_on", Kind::Day, ""),
    ("contacts", "is_project_leader", Kind::Bool, ""),
    ("products", "list_price", Kind::Number, ""),
    ("products", "state", Kind::Code, ""),
    ("stages", "position", Kind::Number, ""),
    ("stages", "win_chance", Kind::Number, ""),
];

fn field(resource: &str, name: &str) -> (Kind, &'static str) {
    let found = FIELDS
        .iter()
        .find(|field| field.0 == resource && field.1 == name);
    found
        .map(|field| (field.2, field.3))
        .expect("a known field")
}

fn operators_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text => &[
            "eq",
            "ne",
            "contains",
            "starts_with",
            "in",
            "not_in",
            "empty",
            "not_empty",
        ],
        Kind::Code => &["eq", "ne", "in", "not_in", "empty", "not_empty"],
        Kind::Tree => &["eq", "in", "not_in", "empty", "not_empty"],
        Kind::List => &["has_any", "has_all", "empty", "not_empty"],
        Kind::Reference => &["eq", "ne", "in", "not_in", "empty", "not_empty"],
        Kind::Number => &[
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "between",
            "in",
            "not_in",
            "empty",
            "not_empty",
        ],
        Kind::Day => &[
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "between",
            "during",
            "in",
            "empty",
            "not_empty",
        ],
        Kind::Instant => &[
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "between",
            "during",
            "empty",
            "not_empty",
        ],
        Kind::Bool => &["is", "empty", "not_empty"],
    }
}

fn values_of(kind: Kind) -> Vec<Json> {
    match kind {
        Kind::Text => {
            let texts = [
                "AB",
                "ab",
                "b",
                "上海",
                "Shanghai Power 1",
                "shanghai",
                "%",
                "_",
                "\\",
                "ÄRZTE",
                "ärzte",
                "100%",
                "021",
                "a@example.com",
                "Plain",
                " ",
            ];
            texts
                .iter()
                .filter(|text| !text.trim().is_empty())
                .map(|text| json!(text))
                .collect()
        }
        Kind::Code => vec![
            json!("A"),
            json!("B"),
            json!("a"),
            json!("Z"),
            json!("active"),
            json!("planned"),
        ],
        Kind::Tree => vec![
            json!("31"),
            json!("3101"),
            json!("11"),
            json!("C"),
            json!("C13"),
            json!("D"),
            json!("9"),
        ],
        Kind::List => vec![
            json!("VIP"),
            json!("vip"),
            json!("重点"),
            json!("点"),
            json!("nobody"),
        ],
        Kind::Reference => vec![
            json!(id("li")),
            json!(id("wang")),
            json!("01900000-0000-7000-9000-000100000003"),
            json!("01900000-0000-7000-9000-000100000006"),
        ],
        Kind::Number => vec![
            json!(0),
            json!(1),
            json!(2),
            json!(100),
            json!(12_345),
            json!(20),
            json!(-1),
            json!(9_999_999_999i64),
        ],
        Kind::Day => vec![
            json!("2026-06-01"),
            json!("2026-06-14"),
            json!("1980-06-15"),
            json!("2027-01-01"),
        ],
        Kind::Instant => vec![
            json!("2026-06-15"),
            json!("2026-06-10"),
            json!("2026-06-15T02:00:00Z"),
            json!("2026-06-12T10:00:00+08:00"),
            json!("2026-05-01"),
        ],
        Kind::Bool => vec![json!(true), json!(false)],
    }
}

const PERIODS: [&str; 8] = [
    "today",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_year",
    "last_n_days:7",
    "next_n_days:3",
];

fn tests_of(resource: &'static str) -> BoxedStrategy<Json> {
    let own = FIELDS
        .iter()
        .filter(|field| field.0 == resource)
        .map(|field| (field.1.to_owned(), field.2));
    let through = FIELDS
        .iter()
        .filter(|field| field.0 == resource && field.3 == "customers")
        .flat_map(|reference| {
            FIELDS
                .iter()
                .filter(|field| field.0 == "customers")
                .map(|field| (format!("{}.{}", reference.1, field.1), field.2))
        });
    let fields: Vec<(String, Kind)> = own.chain(through).collect();
    select(fields)
        .prop_flat_map(|(name, kind)| {
            let values = proptest::collection::vec(select(values_of(kind)), 2..4);
            (
                Just(name),
                select(operators_of(kind)),
                values,
                select(&PERIODS[..]),
            )
        })
        .prop_map(|(field, op, values, period)| match op {
            "empty" | "not_empty" => json!({ "field": field, "op": op }),
            "in" | "not_in" | "has_any" | "has_all" => {
                json!({ "field": field, "op": op, "value": values })
            }
            "between" => json!({ "field": field, "op": op, "value": [values[0], values[1]] }),
            "during" => json!({ "field": field, "op": op, "value": period }),
            _ => json!({ "field": field, "op": op, "value": values[0] }),
        })
        .boxed()
}

/// A resource and a filter on it, three levels deep at most.
pub fn filters() -> impl Strategy<Value = (&'static str, Json)> {
    select(vec![
        "customers",
        "customers",
        "contacts",
        "contacts",
        "products",
        "stages",
    ])
    .prop_flat_map(|resource| {
        let trees = tests_of(resource).prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 1..4)
                    .prop_map(|parts| json!({ "and": parts })),
                proptest::collection::vec(inner.clone(), 0..4)
                    .prop_map(|parts| json!({ "or": parts })),
                inner.prop_map(|part| json!({ "not": part })),
            ]
        });
        (Just(resource), trees)
    })
}

pub fn operators(filter: &Json) -> BTreeSet<String> {
    match filter.as_object().and_then(|object| object.iter().next()) {
        Some((_, Json::Array(parts))) => parts.iter().flat_map(operators).collect(),
        Some((_, part @ Json::Object(_))) => operators(part),
        _ => BTreeSet::from([filter["op"].as_str().unwrap_or_default().to_owned()]),
    }
}

pub fn all_operators() -> BTreeSet<String> {
    FIELDS
        .iter()
        .flat_map(|field| operators_of(field.2))
        .map(|op| (*op).to_owned())
        .collect()
}

fn number(value: &Json) -> f64 {
    value
        .get("amount_minor")
        .unwrap_or(value)
        .as_f64()
        .expect("a number")
}

/// Milliseconds; a bare day is its beginning in Shanghai.
fn instant(value: &Json) -> i64 {
    let text = value.as_str().expect("an instant");
    let text = if text.len() == 10 {
        format!("{text}T00:00:00+08:00")
    } else {
        text.to_owned()
    };
    chrono::DateTime::parse_from_rfc3339(&text)
        .expect("an instant")
        .timestamp_millis()
}

/// Where a value's day ends; for a full instant, the millisecond after it.
fn end(value: &Json) -> i64 {
    let is_day = value.as_str().is_some_and(|text| text.len() == 10);
    instant(value) + if is_day { 86_400_000 } else { 1 }
}

impl Data {
    pub fn new(today: NaiveDate) -> Data {
        Data {
            today,
            rows: HashMap::new(),
        }
    }
    pub fn add(&mut self, resource: &str, rows: Vec<Json>) {
        let rows = rows
            .into_iter()
            .map(|row| (row["id"].as_str().expect("an id").to_owned(), row))
            .collect();
        self.rows.insert(resource.to_owned(), rows);
    }
    pub fn count(&self, resource: &str) -> usize {
        self.rows[resource].len()
    }
    pub fn find(&self, resource: &str, filter: &Json) -> BTreeSet<String> {
        let rows = self.rows[resource].iter();
        rows.filter(|(_, row)| self.holds(resource, row, filter))
            .map(|(id, _)| id.clone())
            .collect()
    }

    fn holds(&self, resource: &str, row: &Json, filter: &Json) -> bool {
        if let Some(parts) = filter["and"].as_array() {
            return parts.iter().all(|part| self.holds(resource, row, part));
        }
        if let Some(parts) = filter["or"].as_array() {
            return parts.iter().any(|part| self.holds(resource, row, part));
        }
        if filter["not"].is_object() {
            return !self.holds(resource, row, &filter["not"]);
        }
        let name = filter["field"].as_str().expect("a field");
        if let Some((reference, rest)) = name.split_once('.') {
            let (_, target) = field(resource, reference);
            let mut inner = filter.clone();
            inner["field"] = json!(rest);
            let referred = row[reference]
                .as_str()
                .and_then(|id| self.rows[target].get(id));
            return referred.is_some_and(|referred| self.holds(target, referred, &inner));
        }
        self.test(
            field(resource, name).0,
            &row[name],
            filter["op"].as_str().expect("an operator"),
            &filter["value"],
        )
    }

    fn test(&self, kind: Kind, value: &Json, op: &str, wanted: &Json) -> bool {
        if op == "empty" || op == "not_empty" {
            return value.is_null() == (op == "empty");
        }
        let list = || wanted.as_array().expect("a list").iter();
        if value.is_null() {
            return matches!(op, "ne" | "not_in") || (op == "is" && *wanted == json!(false));
        }
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        match (kind, op) {
            (_, "is") => value == wanted,
            (_, "contains") => text(value)
                .to_ascii_lowercase()
                .contains(&text(wanted).to_ascii_lowercase()),
            (_, "starts_with") => text(value)
                .to_ascii_lowercase()
                .starts_with(&text(wanted).to_ascii_lowercase()),
            (_, "has_any") => list().any(|item| value.as_array().expect("a list").contains(item)),
            (_, "has_all") => list().all(|item| value.as_array().expect("a list").contains(item)),
            (Kind::Tree, "in") => list().any(|item| text(value).starts_with(&text(item))),
            (Kind::Number, "in") => list().any(|item| number(item) == number(value)),
            (_, "in") => list().any(|item| item == value),
            (_, "not_in") => !self.test(kind, value, "in", wanted),
            (_, "ne") => !self.test(kind, value, "eq", wanted),
            (_, "ge") => !self.test(kind, value, "lt", wanted),
            (_, "gt") => !self.test(kind, value, "le", wanted),
            (_, "between") => {
                self.test(kind, value, "ge", &wanted[0]) && self.test(kind, value, "le", &wanted[1])
            }
            (Kind::Number, "eq") => number(value) == number(wanted),
            (Kind::Number, "lt") => number(value) < number(wanted),
            (Kind::Number, "le") => number(value) <= number(wanted),
            (Kind::Day, "lt") => text(value) < text(wanted),
            (Kind::Day, "le") => text(value) <= text(wanted),
            (Kind::Instant, "eq") => (instant(wanted)..end(wanted)).contains(&instant(value)),
            (Kind::Instant, "lt") => instant(value) < instant(wanted),
            (Kind::Instant, "le") => instant(value) < end(wanted),
            (_, "during") => {
                let period = wanted
                    .as_str()
                    .expect("a period")
                    .parse()
                    .expect("a period");
                let (first, last) = rules::period::range(period, self.today);
                let (first, last) = (json!(first.to_string()), json!(last.to_string()));
                self.test(kind, value, "ge", &first) && self.test(kind, value, "le", &last)
            }
            (_, "eq") => value == wanted,
            _ => panic!("{kind:?} {op}"),
        }
    }
}
