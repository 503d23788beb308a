//! The bad rows of a file as they were, with the reasons behind them: to correct and import again.

use std::collections::HashMap;

use axum::response::Response;
use platform::access::Access;
use platform::problem::{Problem, Result};
use serde_json::json;
use sheet::{Kind, Limits, Out, OutColumn, Sheet};

use super::reading;
use super::store::Import;
use super::troubles::{self, Trouble};
use crate::exports::{Exported, FileFormat, FileWriter, file_answer};

/// Rows handed to the file's writer at once.
const BATCH: usize = 1_000;

pub async fn answer(access: &Access, import: &Import, format: FileFormat) -> Result<Response> {
    let language = access.actor.language.clone();
    let word = |key: &str| {
        access
            .app
            .catalog
            .text(&language, &format!("imports.{key}"), &json!({}))
    };
    let uploaded = import.file(&access.app).await?;
    let headers = super::jobs::headers_of(&uploaded, &import.file_name).await?;
    let mut bad = match access.app.files.local(&import.troubles_key()).await? {
        Some(file) => troubles::read_all(&file)?,
        None => HashMap::new(),
    };
    let mut columns = vec![OutColumn::new(word("row"), Kind::Number)];
    columns.extend(
        headers
            .iter()
            .map(|header| OutColumn::new(header.as_str(), Kind::Text)),
    );
    columns.push(OutColumn {
        width: Some(60.0),
        ..OutColumn::new(word("reasons"), Kind::Text)
    });
    let width = headers.len();
    let mut file = FileWriter::start(
        format,
        &word("bad_rows"),
        columns,
        access.app.files.passing_folder()?,
        None,
    );
    let file_name = import.file_name.clone();
    let (app, reader_language) = (access.app.clone(), language.clone());
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<Vec<Vec<Out<'static>>>>(2);
    let reader = tokio::task::spawn_blocking(move || -> Result<()> {
        let mut sheet = Sheet::open(&uploaded, &file_name, &Limits::default())
            .map_err(|error| reading::refused(&error))?;
        let mut batch = Vec::new();
        for line in sheet.rows().map_err(|error| reading::refused(&error))? {
            let (number, cells) = match line {
                Ok(row) => (
                    row.number,
                    row.cells
                        .iter()
                        .map(|cell| Out::text(cell.text().into_owned()))
                        .collect(),
                ),
                Err(error) => (error.row().unwrap_or_default(), vec![Out::Empty; width]),
            };
            let Some(troubles) = bad.remove(&number) else {
                continue;
            };
            let mut out = vec![Out::Number(f64::from(number))];
            out.extend::<Vec<_>>(cells);
            out.push(Out::text(reasons(&app, &reader_language, &troubles)));
            batch.push(out);
            if batch.len() == BATCH && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
        let _ = sender.blocking_send(batch);
        Ok(())
    });
    while let Some(batch) = receiver.recv().await {
        if !file.write(batch).await {
            break;
        }
    }
    reader.await.map_err(Problem::internal)??;
    let file = file.finish().await?;
    let stem = import
        .file_name
        .rsplit_once('.')
        .map_or(import.file_name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}-{}.{}", word("bad_rows"), format.ending());
    file_answer(
        Exported {
            file,
            name,
            rows: 0,
        },
        format,
    )
}

fn reasons(app: &platform::app::App, language: &str, troubles: &[Trouble]) -> String {
    let texts: Vec<String> = troubles
        .iter()
        .map(|trouble| {
            let message = troubles::message(app, language, &trouble.code, &trouble.params);
            match &trouble.column {
                Some(column) => format!("{column}: {message}"),
                None => message,
            }
        })
        .collect();
    texts.join("; ")
}
