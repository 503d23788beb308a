//! Figures as CSV, one line for each.

use platform::problem::{Problem, Result};
use serde_json::{Value as Json, json};
use sheet::{CsvWriter, Kind, Out, OutColumn};

use super::asked::ComparedWith;
use super::shapes::ToldFigures;

const COLUMNS: [(&str, Kind); 14] = [
    ("metric", Kind::Text),
    ("name", Kind::Text),
    ("period", Kind::Text),
    ("key", Kind::Text),
    ("label", Kind::Text),
    ("unit", Kind::Text),
    ("value", Kind::Number),
    ("median", Kind::Number),
    ("previous", Kind::Number),
    ("previous_change", Kind::Number),
    ("last_year", Kind::Number),
    ("last_year_change", Kind::Number),
    ("rank", Kind::Number),
    ("percentile", Kind::Number),
];

/// One line for each figure. The columns have the API's names, so that programs need not know the reader's language.
pub fn csv(told: &ToldFigures) -> Result<Vec<u8>> {
    let columns: Vec<OutColumn> = COLUMNS
        .iter()
        .map(|(name, kind)| OutColumn::new((*name).to_owned(), *kind))
        .collect();
    let labels = serde_json::to_value(&told.labels).map_err(Problem::internal)?;
    let mut csv = CsvWriter::new(&columns, Vec::new()).map_err(Problem::internal)?;
    let cell = |value: &Json| match value.as_f64() {
        Some(number) => Out::Number(number),
        None => Out::text(""),
    };
    for row in &told.rows {
        let metric = told.metrics.iter().find(|metric| metric.code == row.metric);
        let key = row.key.as_ref().and_then(Json::as_str).unwrap_or_default();
        let label = labels[key].as_str().unwrap_or_default();
        let with = |with: ComparedWith| row.compared.iter().find(|compared| compared.with == with);
        let compared = [ComparedWith::Previous, ComparedWith::LastYear].map(with);
        let mut cells = vec![
            Out::text(&row.metric),
            Out::text(metric.map_or("", |metric| &metric.name)),
            Out::text(&row.period),
            Out::text(key),
            Out::text(label),
            Out::text(metric.map_or("", |metric| metric.unit)),
            cell(&row.value),
            cell(&row.median),
        ];
        for compared in compared {
            cells.push(compared.map_or(Out::text(""), |compared| cell(&compared.value)));
            cells.push(compared.map_or(Out::text(""), |compared| cell(&compared.change)));
        }
        cells.push(cell(&json!(row.rank)));
        cells.push(cell(&json!(row.percentile)));
        csv.row(&cells).map_err(Problem::internal)?;
    }
    csv.finish().map_err(Problem::internal)
}
