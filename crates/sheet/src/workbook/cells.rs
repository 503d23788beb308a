use super::RawRow;
use crate::{Cell, Limits, SheetError};
use calamine::{DataRef, ExcelDateTime, XlsxCellReader};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use std::fs::File;
use std::io::BufReader;

/// The rows of one sheet that hold any cell, from top to bottom.
pub(crate) struct SheetRows<'a> {
    cells: XlsxCellReader<'a, BufReader<File>>,
    /// The first cell of the next row: row and column counted from 0.
    ahead: Option<(u32, u32, Cell)>,
    /// Whether the last cell was read; the reader below fails when asked again.
    is_over: bool,
    max_columns: u32,
    max_chars: usize,
}

impl<'a> SheetRows<'a> {
    pub fn new(cells: XlsxCellReader<'a, BufReader<File>>, limits: &Limits) -> Self {
        Self {
            cells,
            ahead: None,
            is_over: false,
            max_columns: limits.columns,
            max_chars: limits.cell_chars,
        }
    }

    pub fn next_row(&mut self) -> Result<Option<RawRow>, SheetError> {
        let first = match self.ahead.take() {
            Some(cell) => cell,
            None => match self.next_cell()? {
                Some(cell) => cell,
                None => return Ok(None),
            },
        };
        let row = first.0;
        let mut cells = Vec::new();
        put(&mut cells, first.1, first.2);
        while let Some((next_row, column, cell)) = self.next_cell()? {
            if next_row < row {
                return Err(SheetError::damaged(format_args!(
                    "row {} comes after row {}",
                    next_row + 1,
                    row + 1
                )));
            }
            if next_row > row {
                self.ahead = Some((next_row, column, cell));
                break;
            }
            put(&mut cells, column, cell);
        }
        Ok(Some((row.saturating_add(1), cells)))
    }

    // Cells that only carry a format are passed over.
    fn next_cell(&mut self) -> Result<Option<(u32, u32, Cell)>, SheetError> {
        while !self.is_over {
            let Some(cell) = self.cells.next_cell().map_err(SheetError::damaged)? else {
                break;
            };
            let (row, column) = cell.get_position();
            let value = self.value(row, column, cell.get_value())?;
            if value == Cell::Empty {
                continue;
            }
            if column >= self.max_columns {
                if value.is_blank() {
                    continue;
                }
                return Err(SheetError::TooManyColumns {
                    row: row.saturating_add(1),
                    limit: self.max_columns,
                });
            }
            return Ok(Some((row, column, value)));
        }
        self.is_over = true;
        Ok(None)
    }

    fn value(&self, row: u32, column: u32, value: &DataRef<'_>) -> Result<Cell, SheetError> {
        Ok(match value {
            DataRef::Empty => Cell::Empty,
            DataRef::Int(number) => Cell::Number(*number as f64),
            DataRef::Float(number) => Cell::Number(*number),
            DataRef::Bool(value) => Cell::Bool(*value),
            DataRef::Error(error) => Cell::Error(error.to_string()),
            DataRef::DateTime(at) => time_cell(at),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso_cell(text),
            DataRef::String(text) => self.text_cell(row, column, text)?,
            DataRef::SharedString(text) => self.text_cell(row, column, text)?,
        })
    }

    fn text_cell(&self, row: u32, column: u32, text: &str) -> Result<Cell, SheetError> {
        if text.is_empty() {
            return Ok(Cell::Empty);
        }
        if text.len() > self.max_chars && text.chars().count() > self.max_chars {
            let (row, column) = (row.saturating_add(1), column.saturating_add(1));
            return Err(SheetError::CellTooLong {
                row: Some(row),
                column: Some(column),
                limit: self.max_chars,
            });
        }
        Ok(Cell::Text(text.to_owned()))
    }
}

fn put(cells: &mut Vec<Cell>, column: u32, cell: Cell) {
    let column = column as usize;
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    cells[column] = cell;
}

// A sheet stores days since its epoch and formats them; times of day and durations have no day of their own.
fn time_cell(at: &ExcelDateTime) -> Cell {
    let days = at.as_f64();
    if at.is_duration() || (0.0..1.0).contains(&days) {
        return match at.as_duration() {
            Some(duration) => Cell::Text(duration_text(duration)),
            None => Cell::Number(days),
        };
    }
    match at.as_datetime() {
        // What is no date in a spreadsheet program either (it shows #####) stays the figure that it is.
        Some(time) if days >= 0.0 && time.date() <= LAST_DAY => day_or_time(time),
        _ => Cell::Number(days),
    }
}

const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

fn day_or_time(time: NaiveDateTime) -> Cell {
    if time.time() == NaiveTime::MIN {
        Cell::Day(time.date())
    } else {
        Cell::DateTime(time)
    }
}

fn duration_text(duration: TimeDelta) -> String {
    let seconds = (duration.num_milliseconds() + 500).div_euclid(1000);
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.abs();
    format!(
        "{sign}{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn iso_cell(text: &str) -> Cell {
    let plain = text.trim_end_matches('Z');
    if let Ok(time) = plain.parse::<NaiveDateTime>() {
        day_or_time(time)
    } else if let Ok(day) = plain.parse::<NaiveDate>() {
        Cell::Day(day)
    } else {
        Cell::Text(text.to_owned())
    }
}
