//! What the figures are asked for: metrics, periods, slices, comparisons.

use std::collections::HashSet;

use chrono::NaiveDate;
use platform::access::Access;
use platform::directory::Directory;
use platform::problem::{Problem, Result};
use platform::web::asked_number;
use rules::metrics::formula::Of;
use rules::metrics::periods::{Length, Period, Stretch};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// Codes of metrics, parted by commas.
    pub metrics: String,
    /// `2026-03-09`, `2026-W11`, `2026-03`, `2026-Q1`, `2026-H1`, `2026`, `FY2026` (the fiscal year that begins in 2026), or any
    /// days `2026-03-01..2026-03-20`. The present month unless told.
    pub period: Option<String>,
    /// How many periods, the asked one the last; 1 unless told.
    pub periods: Option<u64>,
    /// `previous`, `last_year`, or both parted by a comma.
    pub compare: Option<String>,
    /// Only until today, and the same stretch of what it is compared with.
    pub to_date: Option<bool>,
    /// A row for each.
    pub by: Option<Breakdown>,
    /// A team with all below it, as it was staffed on each day.
    pub team_id: Option<Uuid>,
    /// A person with everybody who reports to them now.
    pub supervisor_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    /// A customer's class.
    pub class: Option<String>,
    /// The first two digits of a region's code for a province, four for a city.
    pub region: Option<String>,
    pub product_line_id: Option<Uuid>,
    pub product_id: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Breakdown {
    Person,
    /// The teams below the asked one, each with all below it; its own people stand under itself.
    Team,
    Class,
    /// Provinces, or the cities of the asked one.
    Region,
    ProductLine,
    Product,
}

/// What else is held against a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparedWith {
    Previous,
    LastYear,
}

/// A period and the days of it that count; none of one that has not begun.
#[derive(Debug, Clone, Copy)]
pub struct At {
    pub period: Period,
    pub stretch: Option<Stretch>,
    /// Of how much of what is sliced.
    pub of: Of,
}

impl At {
    pub fn whole(period: Period) -> At {
        At {
            period,
            stretch: Some(period.stretch),
            of: Of::Asked,
        }
    }
}

/// A question that was read.
#[derive(Debug)]
pub struct Asked {
    pub metrics: Vec<String>,
    pub periods: Vec<Period>,
    pub compare: Vec<ComparedWith>,
    pub by: Option<Breakdown>,
    pub slices: Slices,
    to_date: bool,
    pub today: NaiveDate,
}

impl Breakdown {
    /// Whether a figure of this much is not told apart.
    pub fn is_beyond(self, of: Of) -> bool {
        match of {
            Of::Asked => false,
            Of::AllProducts => matches!(self, Breakdown::Product | Breakdown::ProductLine),
            Of::AllCustomers => matches!(self, Breakdown::Class | Breakdown::Region),
        }
    }
}

impl Slices {
    /// The slices that are left of a figure of this much.
    pub fn of(&self, of: Of) -> Slices {
        let mut slices = self.clone();
        match of {
            Of::Asked => {}
            Of::AllProducts => slices.product = None,
            Of::AllCustomers => (slices.class, slices.region) = (None, None),
        }
        slices
    }
}

#[derive(Debug, Clone, Default)]
pub struct Slices {
    pub team_id: Option<Uuid>,
    pub supervisor_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub class: Option<String>,
    pub region: Option<String>,
    /// A product, or a line of products.
    pub product: Option<Uuid>,
    pub is_product_line: bool,
}

const METRICS_MAX: usize = 50;
const PERIODS_MAX: u64 = 60;
/// Metrics times periods.
const FIGURES_MAX: usize = 600;

impl Asked {
    pub fn of(access: &Access, question: Question) -> Result<Asked> {
        let settings = access.app.settings();
        let fiscal_month = crate::settings::fiscal_month(&settings);
        let today = access.app.clock.today();
        let period = match question.period.as_deref() {
            None => Period::with_day(Length::Month, today, fiscal_month),
            Some(text) => Period::parse(text, fiscal_month)
                .map_err(|_| Problem::field("period", "unknown_period"))?,
        };
        let count = asked_number("periods", question.periods, 1, PERIODS_MAX)?;
        let count = i32::try_from(count).unwrap_or(1);
        let mut metrics: Vec<String> = Vec::new();
        for code in question.metrics.split(',').map(str::trim) {
            if !code.is_empty() && !metrics.iter().any(|known| known == code) {
                metrics.push(code.to_owned());
            }
        }
        if metrics.is_empty() {
            return Err(Problem::field("metrics", "required"));
        }
        let figures = metrics.len() * usize::try_from(count).unwrap_or(1);
        if metrics.len() > METRICS_MAX || figures > FIGURES_MAX {
            let params = json!({ "max": METRICS_MAX });
            return Err(Problem::field_with("metrics", "too_many_figures", params));
        }
        let mut compare = Vec::new();
        for word in question.compare.as_deref().unwrap_or_default().split(',') {
            match word.trim() {
                "" => {}
                "previous" => compare.push(ComparedWith::Previous),
                "last_year" => compare.push(ComparedWith::LastYear),
                _ => return Err(Problem::field("compare", "unknown_choice")),
            }
        }
        let digits = |region: &str| region.bytes().all(|byte| byte.is_ascii_digit());
        if question
            .region
            .as_deref()
            .is_some_and(|region| !digits(region) || !matches!(region.len(), 2 | 4))
        {
            return Err(Problem::field("region", "unknown_region"));
        }
        Ok(Asked {
            metrics,
            periods: (1 - count..=0).map(|back| period.offset(back)).collect(),
            compare,
            by: question.by,
            slices: Slices {
                team_id: question.team_id,
                supervisor_id: question.supervisor_id,
                person_id: question.person_id,
                class: question.class,
                region: question.region,
                product: question.product_id.or(question.product_line_id),
                is_product_line: question.product_id.is_none(),
            },
            to_date: question.to_date.unwrap_or_default(),
            today,
        })
    }

    /// All of one metric, for these periods.
    pub fn plain(access: &Access, metric: &str, periods: &[Period]) -> Asked {
        Asked {
            metrics: vec![metric.to_owned()],
            periods: periods.to_vec(),
            compare: Vec::new(),
            by: None,
            slices: Slices::default(),
            to_date: false,
            today: access.app.clock.today(),
        }
    }

    pub fn at(&self, period: Period) -> At {
        At {
            period,
            stretch: match self.to_date {
                true => period.until(self.today),
                false => Some(period.stretch),
            },
            of: Of::Asked,
        }
    }

    /// What a period is held against.
    pub fn against(&self, period: Period, with: ComparedWith) -> At {
        let earlier = match with {
            ComparedWith::Previous => period.previous(),
            ComparedWith::LastYear => period.last_year(),
        };
        At {
            period: earlier,
            stretch: match self.to_date {
                true => period.same_stretch(earlier, self.today),
                false => Some(earlier.stretch),
            },
            of: Of::Asked,
        }
    }

    /// The teams that rows are told of, each with the teams that it stands for.
    pub fn teams(&self, directory: &Directory) -> Vec<(Uuid, HashSet<Uuid>)> {
        let children = |parent: Option<Uuid>| -> Vec<Uuid> {
            let teams = directory.teams.values();
            let mut children: Vec<Uuid> = teams
                .filter(|team| team.parent_id == parent)
                .map(|team| team.id)
                .collect();
            children.sort_unstable();
            children
        };
        let tops = children(self.slices.team_id);
        let (parent, shown) = match (self.slices.team_id, &tops[..]) {
            (None, [only]) => (Some(*only), children(Some(*only))),
            (team, _) => (team, tops),
        };
        let own = parent.map(|team| (team, HashSet::from([team])));
        let below = shown.into_iter();
        below
            .map(|team| (team, directory.below(team).into_iter().collect()))
            .chain(own)
            .collect()
    }
}
