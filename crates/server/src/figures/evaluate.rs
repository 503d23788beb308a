//! Figures of metrics: base ones as they are summed, derived ones by their formulas.

use std::collections::{BTreeSet, HashMap};

use platform::problem::{Problem, Result};
use rules::metrics::formula::{self, Input};
use rules::metrics::periods::{Period, Stretch};
use rules::metrics::{Kind, Of, Standard};
use rules::permission::Action;

use super::asked::At;
use super::sums::{Sliced, Value, Values};
use super::whose::Whose;
use crate::metrics::{Catalogue, Metric};

/// Rows that are told of: under which key, and whose facts they count. Where sums tell rows apart themselves, there is one group.
pub struct Group {
    pub key: Option<String>,
    /// By the resource that the facts are of.
    pub whose: HashMap<&'static str, Whose>,
}

pub struct Figures<'a> {
    pub sliced: Sliced<'a>,
    pub catalogue: &'a Catalogue,
    pub groups: Vec<Group>,
    read: HashMap<(&'static str, Stretch, formula::Of), Option<Values>>,
}

/// Formulas that read formulas: deeper than anybody explains.
const DEPTH_MAX: usize = 20;

impl<'a> Figures<'a> {
    pub fn new(sliced: Sliced<'a>, catalogue: &'a Catalogue, groups: Vec<Group>) -> Figures<'a> {
        Figures {
            sliced,
            catalogue,
            groups,
            read: HashMap::new(),
        }
    }

    pub fn metric(&self, code: &str) -> Result<&'a Metric> {
        let unknown = || {
            Problem::field_with(
                "metrics",
                "unknown_metric",
                serde_json::json!({ "code": code }),
            )
        };
        self.catalogue.get(code).ok_or_else(unknown)
    }

    /// What an input is asked for at another metric's time.
    pub fn input_at(input: &Input, at: At) -> At {
        let back = i32::try_from(input.lag).unwrap_or(i32::MAX);
        let then = match input.lag {
            0 => at,
            _ => At::whole(Period::offset(at.period, -back)),
        };
        At {
            of: input.of.within(at.of),
            ..then
        }
    }

    /// The base metrics that a metric's figure follows from, with their times.
    pub fn bases(&self, code: &str, at: At) -> Result<Vec<(&'static Standard, At)>> {
        let mut found = Vec::new();
        self.walk(code, at, 0, &mut found)?;
        Ok(found)
    }

    fn walk(
        &self,
        code: &str,
        at: At,
        depth: usize,
        found: &mut Vec<(&'static Standard, At)>,
    ) -> Result<()> {
        let metric = self.metric(code)?;
        match self.catalogue.formula(metric)? {
            Some(formula) if depth < DEPTH_MAX => {
                for input in formula.inputs() {
                    self.walk(&input.metric, Self::input_at(input, at), depth + 1, found)?;
                }
            }
            Some(_) => {}
            None => found.extend(metric.standard().map(|standard| (standard, at))),
        }
        Ok(())
    }

    /// 403 when the caller may not read what the metric counts, 422 when its amounts are hidden from them.
    pub fn allow(&self, code: &str) -> Result<()> {
        let access = self.sliced.access;
        let now = At::whole(Period::with_day(
            rules::metrics::periods::Length::Day,
            access.app.clock.today(),
            1,
        ));
        for (standard, _) in self.bases(code, now)? {
            let Of::Facts(family, ..) = standard.of else {
                continue;
            };
            for name in family.told_by() {
                access.require(name, Action::Read)?;
                let resource = access.resource(name)?;
                if standard.unit == rules::metrics::Unit::Money
                    && let Some(amount) = resource.field("amount")
                {
                    access.require_open(&resource, amount, "metrics")?;
                }
            }
        }
        Ok(())
    }

    /// Reads what a metric's figure at a time follows from, unless it was read.
    pub async fn fetch(&mut self, code: &str, at: At) -> Result<()> {
        for (standard, at) in self.bases(code, at)? {
            let (Some(stretch), Of::Facts(family, ..)) = (at.stretch, standard.of) else {
                continue;
            };
            let place = (standard.code, stretch, at.of);
            if self.read.contains_key(&place) {
                continue;
            }
            let slices = self.sliced.slices.of(at.of);
            let sliced = Sliced {
                slices: &slices,
                by: self.sliced.by.filter(|by| !by.is_beyond(at.of)),
                ..self.sliced
            };
            let mut all: Option<Values> = None;
            for group in &self.groups {
                let Some(whose) = group.whose.get(family.resource) else {
                    continue;
                };
                let Some(values) = sliced.read(standard, stretch, whose).await? else {
                    continue;
                };
                let known = all.get_or_insert_default();
                match &group.key {
                    // Of a group that has nothing the figure is nothing, not unknown.
                    Some(key) => {
                        let nothing = Value {
                            value: zero(standard),
                            median: None,
                        };
                        let value = values.get("").copied().unwrap_or(nothing);
                        known.insert(key.clone(), value);
                    }
                    None => known.extend(values),
                }
            }
            self.read.insert(place, all);
        }
        Ok(())
    }

    /// The keys that a metric has figures under.
    pub fn keys(&self, code: &str, at: At) -> Result<BTreeSet<String>> {
        let mut keys = BTreeSet::new();
        for (standard, at) in self.bases(code, at)? {
            let is_beyond = self.sliced.by.is_some_and(|by| by.is_beyond(at.of));
            let Some(stretch) = at.stretch.filter(|_| !is_beyond) else {
                continue;
            };
            let read = self.read.get(&(standard.code, stretch, at.of));
            keys.extend(
                read.into_iter()
                    .flatten()
                    .flat_map(|values| values.keys().cloned()),
            );
        }
        Ok(keys)
    }

    /// A figure that was fetched.
    pub fn value(&self, code: &str, at: At, key: &str) -> Result<Value> {
        self.value_at(code, at, key, 0)
    }

    fn value_at(&self, code: &str, at: At, key: &str, depth: usize) -> Result<Value> {
        let metric = self.metric(code)?;
        let Some(formula) = self.catalogue.formula(metric)? else {
            let (Some(standard), Some(stretch)) = (metric.standard(), at.stretch) else {
                return Ok(Value::default());
            };
            let read = self.read.get(&(standard.code, stretch, at.of));
            let is_beyond = self.sliced.by.is_some_and(|by| by.is_beyond(at.of));
            let key = if is_beyond { "" } else { key };
            let Some(values) = read.and_then(Option::as_ref) else {
                return Ok(Value::default());
            };
            let nothing = Value {
                value: zero(standard),
                median: None,
            };
            return Ok(values.get(key).copied().unwrap_or(nothing));
        };
        if depth > DEPTH_MAX {
            return Ok(Value::default());
        }
        let mut inputs: HashMap<&Input, Option<f64>> = HashMap::new();
        for input in formula.inputs() {
            let at = Self::input_at(input, at);
            let value = self.value_at(&input.metric, at, key, depth + 1)?.value;
            inputs.insert(input, value);
        }
        Ok(Value {
            value: formula.value(|input| inputs.get(input).copied().flatten()),
            median: None,
        })
    }
}

/// What nothing comes to: nothing, but of a duration no value.
fn zero(standard: &Standard) -> Option<f64> {
    (standard.kind != Kind::Duration).then_some(0.0)
}
