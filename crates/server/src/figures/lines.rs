//! Figures as a file, one line for each: CSV for programs, a workbook for people.

use platform::access::Access;
use platform::problem::{Problem, Result};
use serde_json::{Value as Json, json};
use sheet::{Kind, Out, OutColumn};

use super::asked::ComparedWith;
use super::shapes::ToldFigures;
use crate::exports::FileFormat;

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

/// The columns. In CSV they have the API's names, so that programs need not know the reader's language.
pub fn columns(access: &Access, format: FileFormat) -> Vec<OutColumn> {
    let language = &access.actor.language;
    let title = |name: &str| match format {
        FileFormat::Csv => name.to_owned(),
        FileFormat::Xlsx => {
            let key = format!("dashboard.columns.{name}");
            access.app.catalog.text(language, &key, &json!({}))
        }
    };
    let columns = COLUMNS.iter();
    columns
        .map(|(name, kind)| OutColumn::new(title(name), *kind))
        .collect()
}

/// One line for each figure. Money is in minor units in CSV, as in the API, and an amount in a workbook.
pub fn lines(told: &ToldFigures, format: FileFormat) -> Result<Vec<Vec<Out<'static>>>> {
    let labels = serde_json::to_value(&told.labels).map_err(Problem::internal)?;
    let cell = |value: &Json, unit: &str| match (value.as_i64(), value.as_f64()) {
        (Some(minor), _) if unit == "money" && format == FileFormat::Xlsx => Out::MoneyMinor(minor),
        (_, Some(number)) => Out::Number(number),
        _ => Out::text(""),
    };
    let mut lines = Vec::with_capacity(told.rows.len());
    for row in &told.rows {
        let metric = told.metrics.iter().find(|metric| metric.code == row.metric);
        let unit = metric.map_or("", |metric| metric.unit);
        let key = row.key.as_ref().and_then(Json::as_str).unwrap_or_default();
        let label = labels[key].as_str().unwrap_or_default();
        let with = |with: ComparedWith| row.compared.iter().find(|compared| compared.with == with);
        let compared = [ComparedWith::Previous, ComparedWith::LastYear].map(with);
        let name = metric.map_or("", |metric| &metric.name);
        let mut cells = vec![
            Out::text(row.metric.clone()),
            Out::text(name.to_owned()),
            Out::text(row.period.clone()),
            Out::text(key.to_owned()),
            Out::text(label.to_owned()),
            Out::text(unit.to_owned()),
            cell(&row.value, unit),
            cell(&row.median, unit),
        ];
        for compared in compared {
            cells.push(compared.map_or(Out::text(""), |compared| cell(&compared.value, unit)));
            cells.push(compared.map_or(Out::text(""), |compared| cell(&compared.change, "")));
        }
        cells.push(cell(&json!(row.rank), ""));
        cells.push(cell(&json!(row.percentile), ""));
        lines.push(cells);
    }
    Ok(lines)
}
