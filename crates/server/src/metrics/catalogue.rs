//! All metrics at hand: what each is made of, and which formulas they have.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use platform::access::Access;
use platform::problem::{Problem, Result};
use rules::metrics::formula::Formula;
use rules::metrics::{Standard, Unit, standard};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Query, SelectStatement};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Metric {
    pub id: Uuid,
    pub code: String,
    name: String,
    name_en: Option<String>,
    pub class: String,
    pub kind: String,
    pub unit: Unit,
    /// None of what is read from facts.
    pub formula: Option<String>,
    pub low_is_good: bool,
    pub is_active: bool,
}

impl Metric {
    pub fn name(&self, language: &str) -> &str {
        match &self.name_en {
            Some(english) if language == platform::i18n::LANGUAGES[1] => english,
            _ => &self.name,
        }
    }
    pub fn standard(&self) -> Option<&'static Standard> {
        standard(&self.code)
    }
}

/// From which figure on a metric is good, and from which at least fair; with a team for it and what is below it.
#[derive(Debug, Clone)]
pub struct Threshold {
    pub team_id: Option<Uuid>,
    good_from: f64,
    fair_from: f64,
}

impl Threshold {
    /// `good`, `fair` or `poor`. Where good is the smaller one, less is better.
    pub fn state(&self, value: f64) -> &'static str {
        let reaches = |from: f64| match self.good_from < self.fair_from {
            true => value <= from,
            false => value >= from,
        };
        match (reaches(self.good_from), reaches(self.fair_from)) {
            (true, _) => "good",
            (_, true) => "fair",
            _ => "poor",
        }
    }
}

#[derive(Debug, Default)]
pub struct Catalogue {
    metrics: BTreeMap<String, Metric>,
    thresholds: HashMap<Uuid, Vec<Threshold>>,
}

/// Formulas that were read before. Reading one takes longer than working it out.
static READ: LazyLock<RwLock<HashMap<String, Arc<Formula>>>> = LazyLock::new(RwLock::default);
/// An organisation has some dozens.
const READ_MAX: usize = 1_000;

/// A formula that stands in the catalogue, which holds only what can be read.
fn read(text: &str) -> Result<Arc<Formula>> {
    let known = READ.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(formula) = known.get(text) {
        return Ok(formula.clone());
    }
    drop(known);
    let formula = Arc::new(Formula::parse(text).map_err(Problem::internal)?);
    let mut known = READ.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= READ_MAX {
        known.clear();
    }
    known.insert(text.to_owned(), formula.clone());
    Ok(formula)
}

const COLUMNS: [&str; 10] = [
    "id",
    "code",
    "name",
    "name_en",
    "class",
    "kind",
    "unit",
    "formula",
    "low_is_good",
    "is_active",
];

impl Catalogue {
    pub async fn all(access: &Access) -> Result<Catalogue> {
        let mut catalogue = Catalogue::of_rows(&access.rows(&Catalogue::select()).await?)?;
        let select = Query::select()
            .columns(["metric_id", "team_id", "good_from", "fair_from"].map(Alias::new))
            .from(Alias::new("metric_threshold"))
            .to_owned();
        for row in access.rows(&select).await? {
            let of = catalogue.thresholds.entry(row.try_get_by_index(0)?);
            of.or_default().push(Threshold {
                team_id: row.try_get_by_index(1)?,
                good_from: row.try_get_by_index(2)?,
                fair_from: row.try_get_by_index(3)?,
            });
        }
        Ok(catalogue)
    }

    pub fn select() -> SelectStatement {
        Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("metric"))
            .to_owned()
    }

    pub fn of_rows(rows: &[QueryResult]) -> Result<Catalogue> {
        let mut catalogue = Catalogue::default();
        for row in rows {
            let unit: String = row.try_get_by_index(6)?;
            catalogue.add(Metric {
                id: row.try_get_by_index(0)?,
                code: row.try_get_by_index(1)?,
                name: row.try_get_by_index(2)?,
                name_en: row.try_get_by_index(3)?,
                class: row.try_get_by_index(4)?,
                kind: row.try_get_by_index(5)?,
                unit: Unit::from_code(&unit).unwrap_or(Unit::Number),
                formula: row.try_get_by_index(7)?,
                low_is_good: row.try_get_by_index(8)?,
                is_active: row.try_get_by_index(9)?,
            });
        }
        Ok(catalogue)
    }

    /// Adds a metric, or puts it in the place of one with its code.
    pub fn add(&mut self, metric: Metric) {
        self.metrics.insert(metric.code.clone(), metric);
    }

    /// A metric that is only tried.
    pub fn try_formula(&mut self, code: &str, unit: Unit, formula: &str) {
        self.add(Metric {
            id: Uuid::nil(),
            code: code.to_owned(),
            name: code.to_owned(),
            name_en: None,
            class: String::new(),
            kind: String::new(),
            unit,
            formula: Some(formula.to_owned()),
            low_is_good: false,
            is_active: true,
        });
    }

    pub fn get(&self, code: &str) -> Option<&Metric> {
        self.metrics.get(code)
    }

    pub fn formula(&self, metric: &Metric) -> Result<Option<Arc<Formula>>> {
        metric.formula.as_deref().map(read).transpose()
    }

    /// Every metric with its formula.
    pub fn formulas(&self) -> Result<BTreeMap<String, Option<Formula>>> {
        self.metrics
            .values()
            .map(|metric| {
                let formula = self.formula(metric)?.map(Arc::unwrap_or_clone);
                Ok((metric.code.clone(), formula))
            })
            .collect()
    }

    /// The metrics whose formulas read this one.
    pub fn readers_of(&self, code: &str) -> Result<BTreeSet<String>> {
        let mut readers = BTreeSet::new();
        for metric in self.metrics.values() {
            if let Some(formula) = self.formula(metric)?
                && formula.inputs().iter().any(|input| input.metric == code)
            {
                readers.insert(metric.code.clone());
            }
        }
        Ok(readers)
    }

    /// The threshold of the nearest team of these, or that of all.
    pub fn threshold(&self, metric: Uuid, teams: &[Uuid]) -> Option<&Threshold> {
        let known = self.thresholds.get(&metric)?;
        let of = |team: Option<Uuid>| known.iter().find(|threshold| threshold.team_id == team);
        teams
            .iter()
            .find_map(|team| of(Some(*team)))
            .or_else(|| of(None))
    }
}
