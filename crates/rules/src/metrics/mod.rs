//! Metrics: what is counted, of which kind, and how the derived ones follow from others.

pub mod families;
pub mod formula;
pub mod peers;
pub mod periods;
mod standard;

pub use standard::{STANDARD, Standard, standard};

use crate::activities;
use families::Family;

/// What a metric is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Result,
    Process,
    Analysis,
}

pub const CLASSES: [&str; 3] = ["result", "process", "analysis"];

impl Class {
    pub fn code(self) -> &'static str {
        CLASSES[self as usize]
    }
}

/// How a period's figure is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Added up over the period.
    Flow,
    /// As it stands at the period's end.
    Stock,
    /// Different subjects in the period.
    Distinct,
    /// Mean and median of a number per subject.
    Duration,
    /// A formula over other metrics.
    Derived,
}

pub const KINDS: [&str; 5] = ["flow", "stock", "distinct", "duration", "derived"];

impl Kind {
    pub fn code(self) -> &'static str {
        KINDS[self as usize]
    }
}

/// What a figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    /// Minor units of the base currency.
    Money,
    /// 1 is all.
    Ratio,
    Days,
    Number,
}

pub const UNITS: [&str; 5] = ["count", "money", "ratio", "days", "number"];

impl Unit {
    pub fn code(self) -> &'static str {
        UNITS[self as usize]
    }
    pub fn from_code(code: &str) -> Option<Unit> {
        [
            Unit::Count,
            Unit::Money,
            Unit::Ratio,
            Unit::Days,
            Unit::Number,
        ]
        .into_iter()
        .find(|unit| unit.code() == code)
    }
    /// A figure as it is told: counts and money whole, days to a tenth, the rest to six places.
    pub fn rounded(self, value: f64) -> f64 {
        let places = match self {
            Unit::Count | Unit::Money => 1.0,
            Unit::Days => 10.0,
            Unit::Ratio | Unit::Number => 1_000_000.0,
        };
        (value * places).round() / places
    }
}

/// Which of a family's facts count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Named(&'static str),
    /// Any of these.
    Each(&'static [&'static str]),
    /// Activities of kinds of these families.
    Kinds(&'static [activities::Family]),
    /// Activities of the kind with this code.
    Kind(&'static str),
}

/// What of the facts is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    Count,
    Value,
}

/// Where a metric's figures come from.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    Facts(&'static Family, Part, Added),
    Formula(&'static str),
}
