use super::Written;
use super::out::{Kind, Out, OutColumn, check_width};
use crate::WriteError;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const MAX_ROW: u32 = 1_048_575;
const MAX_CELL_UNITS: usize = 32_767;

/// Writes a workbook with one sheet: bold header row that stays in sight, a filter on it, texts always as texts.
pub struct XlsxWriter {
    workbook: Workbook,
    formats: Formats,
    columns: u16,
    next_row: u32,
    cut_cells: u32,
    temp_dir: PathBuf,
}

struct Formats {
    money: Format,
    day: Format,
    time: Format,
}

impl XlsxWriter {
    /// `temp_dir` takes what can't be in memory: about the size of the unpacked sheet.
    pub fn new(
        sheet_name: &str,
        columns: &[OutColumn],
        temp_dir: &Path,
    ) -> Result<Self, WriteError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(temp_dir)?;
        let formats = Formats {
            money: Format::new().set_num_format("#,##0.00"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        };
        let text = Format::new().set_num_format("@");
        let header = Format::new().set_bold();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(allowed_sheet_name(sheet_name))?;
        sheet.set_freeze_panes(1, 0)?;
        let count = u16::try_from(columns.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
        let mut cut_cells = 0;
        for (position, column) in (0..count).zip(columns) {
            sheet.set_column_width(position, column.shown_width())?;
            match column.kind {
                // Whoever types 007 or a long code into a text column means just that.
                Kind::Text => sheet.set_column_format(position, &text)?,
                Kind::Money => sheet.set_column_format(position, &formats.money)?,
                Kind::Day => sheet.set_column_format(position, &formats.day)?,
                Kind::DateTime => sheet.set_column_format(position, &formats.time)?,
                Kind::Number | Kind::Bool => sheet,
            };
            let (title, was_cut) = fitting(&column.title);
            cut_cells += u32::from(was_cut);
            sheet.write_string_with_format(0, position, title, &header)?;
        }
        Ok(Self {
            workbook,
            formats,
            columns: count,
            next_row: 1,
            cut_cells,
            temp_dir: temp_dir.to_owned(),
        })
    }

    /// Writes one row: one cell for each column.
    pub fn row(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        check_width(cells.len(), usize::from(self.columns))?;
        if self.next_row > MAX_ROW {
            return Err(WriteError::TooManyRows);
        }
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0..self.columns).zip(cells) {
            self.cut_cells += u32::from(put(sheet, &self.formats, self.next_row, column, cell)?);
        }
        self.next_row += 1;
        Ok(())
    }

    /// Packs the workbook into a file without a name.
    pub fn finish(mut self) -> Result<Written, WriteError> {
        if self.columns > 0 {
            let sheet = self.workbook.worksheet_from_index(0)?;
            sheet.autofilter(0, 0, self.next_row - 1, self.columns - 1)?;
        }
        let mut file = tempfile::tempfile_in(&self.temp_dir)?;
        let mut sink = BufWriter::new(&mut file);
        self.workbook.save_to_writer(&mut sink)?;
        sink.flush()?;
        drop(sink);
        file.seek(SeekFrom::Start(0))?;
        Ok(Written {
            rows: self.next_row - 1,
            cut_cells: self.cut_cells,
            file: Some(file),
        })
    }
}

// Says whether a text had to be cut.
fn put(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    cell: &Out<'_>,
) -> Result<bool, XlsxError> {
    match cell {
        Out::Empty => {}
        Out::Text(text) => {
            let (text, was_cut) = fitting(text);
            sheet.write_string(row, column, text)?;
            return Ok(was_cut);
        }
        Out::Number(number) if !number.is_finite() => {}
        Out::Number(number) => {
            sheet.write_number(row, column, *number)?;
        }
        Out::MoneyMinor(minor) => {
            sheet.write_number_with_format(row, column, *minor as f64 / 100.0, &formats.money)?;
        }
        Out::Day(day) => match serial(day.and_time(NaiveTime::MIN)) {
            Some(days) => {
                sheet.write_number_with_format(row, column, days, &formats.day)?;
            }
            None => {
                sheet.write_string(row, column, day.format("%Y-%m-%d").to_string())?;
            }
        },
        Out::DateTime(at) => match serial(*at) {
            Some(days) => {
                sheet.write_number_with_format(row, column, days, &formats.time)?;
            }
            None => {
                sheet.write_string(row, column, at.format("%Y-%m-%d %H:%M:%S").to_string())?;
            }
        },
        Out::Bool(value) => {
            sheet.write_boolean(row, column, *value)?;
        }
    }
    Ok(false)
}

// Days since the end of 1899 as workbooks count them, with the 29 February 1900 that never was; `None` for times that a
// workbook has no number for.
fn serial(at: NaiveDateTime) -> Option<f64> {
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = at.date().signed_duration_since(zero).num_days();
    let days = if days <= 60 { days - 1 } else { days };
    let last_day = NaiveDate::from_ymd_opt(9999, 12, 31)?;
    if days < 1 || at.date() > last_day {
        return None;
    }
    Some(days as f64 + f64::from(at.num_seconds_from_midnight()) / 86_400.0)
}

fn fitting(text: &str) -> (Cow<'_, str>, bool) {
    // A character takes at least as many bytes as units, so short texts need no counting.
    if text.len() <= MAX_CELL_UNITS || text.encode_utf16().count() <= MAX_CELL_UNITS {
        return (Cow::Borrowed(text), false);
    }
    let mut units = 1;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= MAX_CELL_UNITS
        })
        .collect();
    cut.push('…');
    (Cow::Owned(cut), true)
}

// Workbooks forbid some characters in the names of sheets and more than 31 units.
fn allowed_sheet_name(name: &str) -> String {
    let mut units = 0;
    let name: String = name
        .chars()
        .map(|c| {
            if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .take_while(|c| {
            units += c.len_utf16();
            units <= 31
        })
        .collect();
    let name = name.trim_matches(['\'', ' ']);
    if name.is_empty() || name.eq_ignore_ascii_case("history") {
        "Sheet1".to_owned()
    } else {
        name.to_owned()
    }
}
