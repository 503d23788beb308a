//! The shape of an answer with figures.

use platform::web::Labels;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::asked::{Breakdown, ComparedWith};
use super::records::FigureRecords;

#[derive(Debug, Serialize, ToSchema)]
pub struct ToldFigures {
    pub metrics: Vec<ToldMetric>,
    pub periods: Vec<ToldPeriod>,
    #[schema(required)]
    pub by: Option<Breakdown>,
    pub rows: Vec<FigureRow>,
    /// With a breakdown by person or team: what their figures come to together.
    pub peers: Vec<ToldPeers>,
    /// Names of people, teams, products and lines of products.
    pub labels: Labels,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ToldMetric {
    pub code: String,
    pub name: String,
    pub class: String,
    pub kind: String,
    pub unit: &'static str,
    pub low_is_good: bool,
    #[schema(required)]
    pub formula: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ToldPeriod {
    pub period: String,
    pub from: String,
    pub to: String,
    /// Until which day was counted; null of a period that has not begun.
    #[schema(required)]
    pub counted_to: Option<String>,
    /// By the holiday calendar; where no holidays are announced yet, Monday to Friday.
    pub working_days: usize,
    /// Of them, until the day that was counted to.
    pub working_days_counted: usize,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FigureRow {
    pub metric: String,
    pub period: String,
    /// What the breakdown tells apart: an id, a class, a region's digits; null for what has none. Absent without a breakdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub key: Option<Json>,
    #[schema(value_type = Option<f64>)]
    pub value: Json,
    /// Of durations, whose value is the mean.
    #[serde(skip_serializing_if = "Json::is_null")]
    #[schema(value_type = Option<f64>)]
    pub median: Json,
    /// By the thresholds of the team: `good`, `fair` or `poor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<ComparedFigure>,
    /// Among those that the breakdown tells apart, 1 the best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// The share of the others that are worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentile: Option<f64>,
    /// What is behind it, unless it is derived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<FigureRecords>,
    /// What a derived figure was worked out from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<ToldInput>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedFigure {
    pub with: ComparedWith,
    pub from: String,
    pub to: String,
    #[schema(value_type = Option<f64>)]
    pub value: Json,
    /// (now − then) ÷ |then|.
    #[schema(value_type = Option<f64>)]
    pub change: Json,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ToldInput {
    pub metric: String,
    /// `all_products` or `all_customers`, where it is of more than what is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<&'static str>,
    pub name: String,
    pub period: String,
    #[schema(value_type = Option<f64>)]
    pub value: Json,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ToldPeers {
    pub metric: String,
    pub period: String,
    pub count: usize,
    #[schema(value_type = f64)]
    pub mean: Json,
    #[schema(value_type = f64)]
    pub median: Json,
    #[schema(value_type = f64)]
    pub best: Json,
}

impl ToldFigures {
    /// The values in the order of the rows.
    pub fn values(self) -> Vec<Json> {
        self.rows.into_iter().map(|row| row.value).collect()
    }
}
