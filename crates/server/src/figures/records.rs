//! The filter that opens exactly the records behind a figure.

use chrono::Days;
use platform::access::Access;
use rules::activities;
use rules::funnel::{FunnelLevel, STEPS};
use rules::metrics::families::{
    CREATED, ENDED, Family, OPEN, OVERDUE, PLANNED, REACHED, RECURRING, SEEN, TARGETS, TOOK,
    WITH_CONTRACT,
};
use rules::metrics::periods::Stretch;
use rules::metrics::{Added, Of, Part, Standard};
use rules::value::instant_text;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::{Breakdown, Slices};
use super::whose::Whose;

/// Where the records behind a figure lie.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FigureRecords {
    /// The list that `filter` is for.
    pub resource: &'static str,
    #[schema(value_type = rules::filter::Filter)]
    pub filter: Json,
}

pub struct Behind<'a> {
    pub access: &'a Access,
    pub slices: &'a Slices,
    pub by: Option<Breakdown>,
    pub key: &'a str,
    pub whose: &'a Whose,
}

fn test(field: &str, op: &str, value: impl Into<Json>) -> Json {
    json!({ "field": field, "op": op, "value": value.into() })
}

fn one_of(field: &str, values: impl Serialize) -> Json {
    test(field, "in", json!(values))
}

fn between(field: &str, days: Stretch) -> Json {
    test(
        field,
        "between",
        json!([days.from.to_string(), days.to.to_string()]),
    )
}

fn all(tests: Vec<Json>) -> Json {
    json!({ "and": tests })
}

fn has(relation: &str, tests: Vec<Json>) -> Json {
    json!({ "has": relation, "with": all(tests) })
}

fn not(filter: Json) -> Json {
    json!({ "not": filter })
}

/// Levels at which a step has been reached.
fn from_step(code: &str) -> Vec<&'static str> {
    let rank = FunnelLevel::from_code(code).map_or(1, FunnelLevel::rank);
    let levels = FunnelLevel::ALL
        .into_iter()
        .filter(|level| level.rank() >= rank);
    levels.map(FunnelLevel::code).collect()
}

/// Signed contracts that have begun by a stretch's last day.
fn begun(stretch: Stretch) -> Vec<Json> {
    let by = |field: &str| test(field, "le", stretch.to.to_string());
    vec![
        not(one_of("state", ["draft"])),
        json!({ "or": [
            by("starts_on"),
            all(vec![json!({ "field": "starts_on", "op": "empty" }), by("signed_on")]),
        ] }),
    ]
}

/// Contracts that run at the end of a day.
fn running(day: Stretch) -> Vec<Json> {
    let since = |field: &str| test(field, "ge", day.to.to_string());
    let mut tests = begun(day);
    tests.push(json!({ "or": [
        all(vec![one_of("state", ["completed", "terminated"]), since("closed_on")]),
        all(vec![
            one_of("state", ["running"]),
            json!({ "or": [json!({ "field": "ends_on", "op": "empty" }), since("ends_on")] }),
        ]),
    ] }));
    tests
}

/// Recurring contracts that bring something in during a stretch.
fn bringing_in(stretch: Stretch) -> Vec<Json> {
    let since = |field: &str| test(field, "ge", stretch.from.to_string());
    let mut tests = begun(stretch);
    tests.push(json!({ "or": [
        since("ends_on"),
        all(vec![json!({ "field": "ends_on", "op": "empty" }), json!({ "or": [
            since("starts_on"),
            all(vec![json!({ "field": "starts_on", "op": "empty" }), since("signed_on")]),
        ] })]),
    ] }));
    tests.push(json!({ "or": [not(one_of("state", ["terminated"])), since("closed_on")] }));
    tests
}

impl Behind<'_> {
    /// Of a stock the stretch is the day at whose end it is told.
    pub fn records(&self, metric: &Standard, stretch: Stretch) -> Option<FigureRecords> {
        let Of::Facts(family, part, added) = metric.of else {
            return None;
        };
        let mut tests = match family.resource {
            "activities" => self.activities(family, part, added, stretch),
            "customers" => self.customers(family, part, added, stretch),
            "contracts" => self.contracts(family, part, stretch),
            "instalments" => self.instalments(family, stretch),
            "payments" => self.owned("owner_id", stretch, |days| {
                vec![between("received_on", days)]
            }),
            _ => self.opportunities(family, part, stretch),
        };
        tests.extend(self.area(family));
        Some(FigureRecords {
            resource: family.resource,
            filter: all(tests),
        })
    }

    /// Whose they were: each person on their days. `on` says that something happened in a stretch.
    fn owned(&self, field: &str, stretch: Stretch, on: impl Fn(Stretch) -> Vec<Json>) -> Vec<Json> {
        let mut tests = on(stretch);
        if self.by == Some(Breakdown::Person) {
            tests.push(match self.key {
                "" => json!({ "field": field, "op": "empty" }),
                key => one_of(field, [key]),
            });
        }
        let Some(people) = self.whose.during(stretch) else {
            return tests;
        };
        let key: Option<Uuid> = self
            .key
            .parse()
            .ok()
            .filter(|_| self.by == Some(Breakdown::Person));
        let is_meant = |person: &Uuid| key.is_none_or(|key| key == *person);
        let whole: Vec<Uuid> = people.whole.into_iter().filter(is_meant).collect();
        if key.is_some() && !whole.is_empty() {
            return tests;
        }
        let mut any: Vec<Json> = Vec::new();
        if !whole.is_empty() || people.partly.is_empty() {
            any.push(one_of(field, whole));
        }
        for (person, days) in people.partly.iter().filter(|(person, _)| is_meant(person)) {
            let mut theirs = on(*days);
            theirs.push(one_of(field, [person]));
            any.push(all(theirs));
        }
        tests.push(match any.len() {
            1 => any.swap_remove(0),
            _ => json!({ "or": any }),
        });
        tests
    }

    fn kinds(part: Part) -> Json {
        match part {
            Part::Kinds(families) => one_of(
                "kind_id.family",
                families
                    .iter()
                    .map(|family| family.code())
                    .collect::<Vec<_>>(),
            ),
            Part::Each(codes) => one_of("kind_id.code", codes),
            Part::Kind(code) | Part::Named(code) => test("kind_id.code", "eq", code),
        }
    }

    fn activities(&self, family: &Family, part: Part, added: Added, stretch: Stretch) -> Vec<Json> {
        let on = |field: &'static str| move |days: Stretch| vec![between(field, days)];
        let is_plan = *family == PLANNED;
        let mut tests = self.owned(
            "owner_id",
            stretch,
            on(if is_plan { "planned_on" } else { "done_on" }),
        );
        tests.push(Self::kinds(part));
        if !is_plan || added == Added::Value {
            tests.push(one_of("state", [activities::State::Done.code()]));
        }
        if !is_plan && added == Added::Value {
            tests.push(one_of("outcome", ["effective"]));
        }
        if *family == SEEN {
            tests.push(json!({ "field": "customer_id", "op": "not_empty" }));
        }
        tests
    }

    fn customers(&self, family: &Family, part: Part, added: Added, stretch: Stretch) -> Vec<Json> {
        let step = match part {
            Part::Named(step) if !step.is_empty() => step,
            _ => STEPS[1].code(),
        };
        let levels = from_step(step);
        let before = |day: chrono::NaiveDate| test("reached_on", "lt", day.to_string());
        if *family == WITH_CONTRACT {
            let mut tests = self.owned("owner_id", stretch, |_| Vec::new());
            tests.push(has("contracts", running(stretch)));
            return tests;
        }
        if *family == TARGETS {
            let after = stretch
                .to
                .checked_add_days(Days::new(1))
                .unwrap_or(stretch.to);
            let mut tests = self.owned("owner_id", stretch, |_| Vec::new());
            tests.push(json!({ "field": "owner_id", "op": "not_empty" }));
            tests.push(has("levels", vec![one_of("level", levels), before(after)]));
            let lost = all(vec![
                one_of("funnel_level", ["lost"]),
                has("levels", vec![one_of("level", ["lost"]), before(after)]),
            ]);
            tests.push(not(lost));
            return tests;
        }
        let reached = self.owned("person_id", stretch, |days| {
            vec![one_of("level", &levels), between("reached_on", days)]
        });
        let mut tests = vec![
            has("levels", reached),
            not(has(
                "levels",
                vec![one_of("level", &levels), before(stretch.from)],
            )),
        ];
        if added == Added::Value {
            let next = STEPS.iter().skip_while(|level| level.code() != step).nth(1);
            tests.extend(
                next.map(|next| has("levels", vec![one_of("level", from_step(next.code()))])),
            );
        }
        debug_assert!(*family == REACHED);
        tests
    }

    fn opportunities(&self, family: &Family, part: Part, stretch: Stretch) -> Vec<Json> {
        let clock = &self.access.app.clock;
        let after = |day: chrono::NaiveDate| {
            let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
            instant_text(clock.start_of(next))
        };
        let mut tests = if *family == CREATED {
            self.owned("first_owner_id", stretch, |days| {
                vec![
                    test("created_at", "ge", instant_text(clock.start_of(days.from))),
                    test("created_at", "lt", after(days.to)),
                ]
            })
        } else if *family == OPEN {
            let mut tests = self.owned("owner_id", stretch, |_| Vec::new());
            tests.push(test("created_at", "lt", after(stretch.to)));
            tests.push(json!({ "or": [
                one_of("outcome", ["open"]),
                test("closed_on", "gt", stretch.to.to_string()),
            ] }));
            tests
        } else {
            debug_assert!(*family == ENDED || *family == TOOK);
            let mut tests = self.owned("closed_owner_id", stretch, |days| {
                vec![between("closed_on", days)]
            });
            if let Part::Named(outcome) = part {
                tests.push(one_of("outcome", [outcome]));
            }
            tests
        };
        tests.extend(self.sold().map(|sold| has("lines", vec![sold])));
        tests
    }

    /// What one line of products of it must be.
    fn sold(&self) -> Option<Json> {
        let sold = match self.by {
            Some(Breakdown::Product) => Some(("product_id", self.key.to_owned())),
            Some(Breakdown::ProductLine) => Some(("product_id.line_id", self.key.to_owned())),
            _ => self.slices.product.map(|product| {
                let is_line = self.slices.is_product_line;
                (
                    if is_line {
                        "product_id.line_id"
                    } else {
                        "product_id"
                    },
                    product.to_string(),
                )
            }),
        };
        sold.map(|(field, id)| one_of(field, [id]))
    }

    fn contracts(&self, family: &Family, part: Part, stretch: Stretch) -> Vec<Json> {
        let kinds: Vec<&str> = match part {
            Part::Named(kind) => vec![kind],
            Part::Each(kinds) => kinds.to_vec(),
            Part::Kinds(_) | Part::Kind(_) => Vec::new(),
        };
        let mut tests = if *family == RECURRING {
            let mut tests = self.owned("owner_id", stretch, |_| Vec::new());
            tests.extend(bringing_in(stretch));
            tests
        } else {
            let mut tests = self.owned("signed_owner_id", stretch, |days| {
                vec![between("signed_on", days)]
            });
            tests.push(not(one_of("state", ["draft"])));
            tests
        };
        tests.push(one_of("kind", kinds));
        let sold = self.sold();
        tests.extend(sold.map(|sold| has("opportunity_id.lines", vec![sold])));
        tests
    }

    fn instalments(&self, family: &Family, stretch: Stretch) -> Vec<Json> {
        if *family != OVERDUE {
            let mut tests = self.owned("due_owner_id", stretch, |days| {
                vec![between("due_on", days)]
            });
            tests.push(one_of("state", ["open", "settled"]));
            return tests;
        }
        let end = stretch.to.to_string();
        let mut tests = self.owned("owner_id", stretch, |_| Vec::new());
        tests.push(test("due_on", "lt", end.as_str()));
        tests.push(json!({ "or": [
            one_of("state", ["open"]),
            all(vec![one_of("state", ["settled"]), test("settled_on", "gt", end)]),
        ] }));
        tests
    }

    /// Class and region of the customer.
    fn area(&self, family: &Family) -> Vec<Json> {
        let field = |name: &str| match family.resource {
            "customers" => name.to_owned(),
            _ => format!("customer_id.{name}"),
        };
        let class = match self.by {
            Some(Breakdown::Class) => Some(self.key.to_owned()),
            _ => self.slices.class.clone(),
        };
        let region = match self.by {
            Some(Breakdown::Region) => Some(self.key.to_owned()),
            _ => self.slices.region.clone(),
        };
        let of = |name: &str, value: String| match value.is_empty() {
            true => json!({ "field": field(name), "op": "empty" }),
            false => one_of(&field(name), [value]),
        };
        class
            .map(|class| of("class", class))
            .into_iter()
            .chain(region.map(|region| of("region", region)))
            .collect()
    }
}
