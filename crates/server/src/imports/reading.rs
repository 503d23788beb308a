//! The file's rows, read on a thread of its own and handed over in chunks.

use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use platform::problem::{Problem, Result};
use serde_json::json;
use sheet::{Limits, Row, Sheet, SheetError};
use tokio::sync::mpsc;

/// Rows decided and written together: enough to make statements worth their cost.
pub const CHUNK: usize = 500;

/// A row, or why it can't be one.
pub type Line = std::result::Result<Row, SheetError>;

/// 422: the file can't be read, with the place where that shows.
pub fn refused(error: &SheetError) -> Problem {
    if let SheetError::Io(error) = error {
        return Problem::internal(error);
    }
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code()).with(params_of(error))
}

pub fn params_of(error: &SheetError) -> serde_json::Value {
    let format = match error {
        SheetError::UnsupportedFormat { format } => Some(*format),
        _ => None,
    };
    json!({
        "row": error.row(), "column": error.column(), "limit": error.limit(), "format": format, "reason": error.to_string(),
    })
}

/// Opens a file where blocking is allowed.
pub async fn open(path: &Path, file_name: &str) -> Result<Sheet> {
    let (path, file_name) = (path.to_owned(), file_name.to_owned());
    tokio::task::spawn_blocking(move || Sheet::open(&path, &file_name, &Limits::default()))
        .await
        .map_err(Problem::internal)?
        .map_err(|error| refused(&error))
}

/// What stands above the columns, in their order.
pub fn headers(sheet: &Sheet) -> Vec<String> {
    let names = sheet.columns().iter().map(|column| column.name.clone());
    names.collect()
}

/// Rows in chunks; the thread ends when nobody listens any more.
pub fn chunks(path: PathBuf, file_name: String) -> mpsc::Receiver<Result<Vec<Line>>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let outcome = Sheet::open(&path, &file_name, &Limits::default())
            .and_then(|mut sheet| send_all(&mut sheet, &sender));
        if let Err(error) = outcome {
            // Nobody listening is the end, not an error.
            let _ = sender.blocking_send(Err(refused(&error)));
        }
    });
    receiver
}

fn send_all(
    sheet: &mut Sheet,
    sender: &mpsc::Sender<Result<Vec<Line>>>,
) -> std::result::Result<(), SheetError> {
    let mut chunk = Vec::with_capacity(CHUNK);
    for line in sheet.rows()? {
        match line {
            Err(error) if !error.concerns_one_row() => return Err(error),
            line => chunk.push(line),
        }
        if chunk.len() == CHUNK
            && sender
                .blocking_send(Ok(std::mem::take(&mut chunk)))
                .is_err()
        {
            return Ok(());
        }
    }
    if !chunk.is_empty() {
        let _ = sender.blocking_send(Ok(chunk));
    }
    Ok(())
}
