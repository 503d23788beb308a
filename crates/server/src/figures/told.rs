//! How figures are told: with comparisons, peers, and what is behind them.

use std::collections::{BTreeSet, HashSet};

use platform::access::Access;
use platform::labels;
use platform::problem::{Problem, Result};
use platform::web::Labels;
use rules::metrics::peers::{Peers, change};
use rules::metrics::periods::Period;
use rules::metrics::{Kind, Unit};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::asked::{Asked, At, Breakdown};
use super::evaluate::Figures;
use super::records::{Behind, FigureRecords};
use super::shapes::{
    ComparedFigure, FigureRow, ToldFigures, ToldInput, ToldMetric, ToldPeers, ToldPeriod,
};
use super::sums::end;
use crate::activities::Catalogue as Kinds;
use crate::metrics::{Catalogue, Metric};

/// A figure as a number: counts and money whole.
fn number(unit: Unit, value: Option<f64>) -> Json {
    match (value.map(|value| unit.rounded(value)), unit) {
        (None, _) => Json::Null,
        (Some(value), Unit::Count | Unit::Money) => json!(value as i64),
        (Some(value), _) => json!(value),
    }
}

fn ratio(value: Option<f64>) -> Json {
    number(Unit::Ratio, value)
}

pub async fn of(access: &Access, asked: &Asked, catalogue: &Catalogue) -> Result<ToldFigures> {
    let kinds = Kinds::all(access).await?;
    let mut figures = super::ready(access, asked, catalogue, &kinds).await?;
    for code in &asked.metrics {
        let metric = figures.metric(code)?;
        if !metric.is_active {
            let params = json!({ "code": code });
            return Err(Problem::field_with("metrics", "metric_not_active", params));
        }
        figures.allow(code)?;
        for period in &asked.periods {
            figures.fetch(code, asked.at(*period)).await?;
            for with in &asked.compare {
                figures.fetch(code, asked.against(*period, *with)).await?;
            }
        }
    }
    let mut told = ToldFigures {
        metrics: asked
            .metrics
            .iter()
            .map(|code| Ok(told_metric(access, figures.metric(code)?)))
            .collect::<Result<_>>()?,
        periods: asked
            .periods
            .iter()
            .map(|period| told_period(asked.at(*period)))
            .collect(),
        by: asked.by,
        rows: Vec::new(),
        peers: Vec::new(),
        labels: Labels::default(),
    };
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for code in &asked.metrics {
        for period in &asked.periods {
            let rows = Rows {
                access,
                asked,
                figures: &figures,
                metric: figures.metric(code)?,
                period: *period,
            };
            rows.tell(&mut told, &mut keys)?;
        }
    }
    told.labels = named(access, asked.by, keys).await?;
    Ok(told)
}

fn told_metric(access: &Access, metric: &Metric) -> ToldMetric {
    ToldMetric {
        code: metric.code.clone(),
        name: metric.name(&access.actor.language).to_owned(),
        class: metric.class.clone(),
        kind: metric.kind.clone(),
        unit: metric.unit.code(),
        low_is_good: metric.low_is_good,
        formula: metric.formula.clone(),
    }
}

fn told_period(at: At) -> ToldPeriod {
    let days = at.period.stretch;
    ToldPeriod {
        period: at.period.to_string(),
        from: days.from.to_string(),
        to: days.to.to_string(),
        counted_to: at.stretch.map(|stretch| stretch.to.to_string()),
        working_days: rules::holidays::working_days(days.from, days.to),
        working_days_counted: at.stretch.map_or(0, |stretch| {
            rules::holidays::working_days(stretch.from, stretch.to)
        }),
    }
}

/// The rows of one metric in one period.
struct Rows<'f, 'a> {
    access: &'a Access,
    asked: &'a Asked,
    figures: &'f Figures<'a>,
    metric: &'a Metric,
    period: Period,
}

impl Rows<'_, '_> {
    fn tell(&self, told: &mut ToldFigures, all_keys: &mut BTreeSet<String>) -> Result<()> {
        let at = self.asked.at(self.period);
        let code = &self.metric.code;
        let keys = match self.asked.by {
            None => BTreeSet::from([String::new()]),
            Some(_) => self.figures.keys(code, at)?,
        };
        let peers = match self.asked.by {
            Some(Breakdown::Person | Breakdown::Team) => self.peers(at, &keys)?,
            _ => None,
        };
        for key in &keys {
            let mut row = self.row(at, key)?;
            if let Some(peers) = &peers
                && let Some(value) = self.figures.value(code, at, key)?.value
                && !key.is_empty()
            {
                row.rank = Some(peers.rank(value));
                row.percentile = peers
                    .percentile(value)
                    .map(|share| Unit::Ratio.rounded(share));
            }
            told.rows.push(row);
        }
        if let Some(peers) = peers {
            // A mean of counts is no count.
            let unit = match self.metric.unit {
                Unit::Count => Unit::Number,
                unit => unit,
            };
            told.peers.push(ToldPeers {
                metric: code.clone(),
                period: self.period.to_string(),
                count: peers.count,
                mean: number(unit, Some(peers.mean)),
                median: number(unit, Some(peers.median)),
                best: number(self.metric.unit, Some(peers.best)),
            });
        }
        all_keys.extend(keys);
        Ok(())
    }

    fn peers(&self, at: At, keys: &BTreeSet<String>) -> Result<Option<Peers>> {
        let mut values = Vec::new();
        for key in keys.iter().filter(|key| !key.is_empty()) {
            values.extend(self.figures.value(&self.metric.code, at, key)?.value);
        }
        Ok(Peers::of(values, self.metric.low_is_good))
    }

    fn row(&self, at: At, key: &str) -> Result<FigureRow> {
        let (metric, code) = (self.metric, &self.metric.code);
        let figure = self.figures.value(code, at, key)?;
        let mut compared = Vec::new();
        for with in &self.asked.compare {
            let then = self.asked.against(self.period, *with);
            let value = self.figures.value(code, then, key)?.value;
            let stretch = then.stretch.unwrap_or(then.period.stretch);
            compared.push(ComparedFigure {
                with: *with,
                from: stretch.from.to_string(),
                to: stretch.to.to_string(),
                value: number(metric.unit, value),
                change: ratio(
                    figure
                        .value
                        .zip(value)
                        .and_then(|(now, then)| change(now, then)),
                ),
            });
        }
        let mut inputs = Vec::new();
        if let Some(formula) = self.figures.catalogue.formula(metric)? {
            for input in formula.inputs() {
                let then = Figures::input_at(input, at);
                let read = self.figures.metric(&input.metric)?;
                let value = self.figures.value(&input.metric, then, key)?.value;
                inputs.push(ToldInput {
                    metric: input.metric.clone(),
                    of: input.of.code(),
                    name: read.name(&self.access.actor.language).to_owned(),
                    period: then.period.to_string(),
                    value: number(read.unit, value),
                });
            }
        }
        Ok(FigureRow {
            metric: code.clone(),
            period: self.period.to_string(),
            key: self.asked.by.map(|_| match key {
                "" => Json::Null,
                key => key.into(),
            }),
            value: number(metric.unit, figure.value),
            median: number(metric.unit, figure.median),
            state: figure.value.and_then(|value| self.state(key, value)),
            compared,
            rank: None,
            percentile: None,
            records: figure.value.and_then(|_| self.records(at, key)),
            inputs,
        })
    }

    fn records(&self, at: At, key: &str) -> Option<FigureRecords> {
        let standard = self
            .metric
            .standard()
            .filter(|_| self.metric.formula.is_none())?;
        let rules::metrics::Of::Facts(family, ..) = standard.of else {
            return None;
        };
        let mut groups = self.figures.groups.iter();
        let group = groups.find(|group| group.key.as_deref().is_none_or(|own| own == key))?;
        let behind = Behind {
            access: self.access,
            slices: &self.asked.slices,
            by: self.asked.by,
            key,
            whose: group.whose.get(family.resource)?,
        };
        let stretch = at.stretch?;
        let counted = match standard.kind {
            Kind::Stock => end(stretch, self.asked.today)?,
            _ => stretch,
        };
        behind.records(standard, counted)
    }

    /// By the threshold of the team that the row is of, or of the nearest above it.
    fn state(&self, key: &str, value: f64) -> Option<&'static str> {
        let directory = self.access.app.directory();
        let person_of = |id: Uuid| directory.people.get(&id).and_then(|person| person.team_id);
        let team = match self.asked.by {
            Some(Breakdown::Team) => key.parse().ok(),
            Some(Breakdown::Person) => key.parse().ok().and_then(person_of),
            _ => {
                let slices = &self.asked.slices;
                slices.team_id.or(slices.person_id.and_then(person_of))
            }
        };
        let teams = team
            .map(|team| directory.ancestors(team))
            .unwrap_or_default();
        let threshold = self.figures.catalogue.threshold(self.metric.id, &teams)?;
        Some(threshold.state(value))
    }
}

async fn named(access: &Access, by: Option<Breakdown>, keys: BTreeSet<String>) -> Result<Labels> {
    let resource = match by {
        Some(Breakdown::Person) => "people",
        Some(Breakdown::Team) => "teams",
        Some(Breakdown::Product) => "products",
        Some(Breakdown::ProductLine) => "product_lines",
        _ => return Ok(Labels::default()),
    };
    let wanted: HashSet<(String, Uuid)> = keys
        .iter()
        .filter_map(|key| Some((resource.to_owned(), key.parse().ok()?)))
        .collect();
    Ok(labels::of(access, wanted).await?.into())
}
