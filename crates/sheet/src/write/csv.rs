use super::out::{Out, OutColumn, check_width, needs_mark};
use crate::WriteError;
use std::io::Write;

/// Writes CSV as spreadsheet programs like it: UTF-8 with a byte order mark (without it Excel garbles Chinese), commas,
/// CRLF. A text that would be run as a formula gets a `'` in front.
pub struct CsvWriter<W: Write> {
    inner: csv::Writer<W>,
    columns: usize,
    rows: u32,
    cell: String,
}

impl<W: Write> CsvWriter<W> {
    pub fn new(columns: &[OutColumn], mut sink: W) -> Result<Self, WriteError> {
        sink.write_all("\u{feff}".as_bytes())?;
        let inner = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(sink);
        let mut writer = Self {
            inner,
            columns: columns.len(),
            rows: 0,
            cell: String::new(),
        };
        for column in columns {
            writer.cell(&Out::text(column.title.as_str()))?;
        }
        writer.end_row()?;
        Ok(writer)
    }

    /// Writes one row: one cell for each column.
    pub fn row(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        check_width(cells.len(), self.columns)?;
        for cell in cells {
            self.cell(cell)?;
        }
        self.end_row()?;
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    /// Rows written so far, without the header.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Passes everything on to the sink and gives the sink back.
    pub fn finish(self) -> Result<W, WriteError> {
        self.inner
            .into_inner()
            .map_err(|error| WriteError::Io(error.into_error()))
    }

    fn end_row(&mut self) -> Result<(), WriteError> {
        self.inner.write_record(None::<&[u8]>).map_err(io_error)
    }

    fn cell(&mut self, cell: &Out<'_>) -> Result<(), WriteError> {
        self.cell.clear();
        put_text(cell, &mut self.cell);
        self.inner.write_field(&self.cell).map_err(io_error)
    }
}

fn put_text(cell: &Out<'_>, text: &mut String) {
    use std::fmt::Write as _;
    let formatted = match cell {
        Out::Empty => Ok(()),
        Out::Text(value) => {
            if needs_mark(value) {
                text.push('\'');
            }
            text.push_str(value);
            Ok(())
        }
        Out::Number(number) if number.is_finite() => write!(text, "{number}"),
        Out::Number(_) => Ok(()),
        Out::MoneyMinor(minor) => {
            let sign = if *minor < 0 { "-" } else { "" };
            write!(
                text,
                "{sign}{}.{:02}",
                minor.unsigned_abs() / 100,
                minor.unsigned_abs() % 100
            )
        }
        Out::Day(day) => write!(text, "{}", day.format("%Y-%m-%d")),
        Out::DateTime(at) => write!(text, "{}", at.format("%Y-%m-%d %H:%M:%S")),
        Out::Bool(value) => write!(text, "{}", if *value { "TRUE" } else { "FALSE" }),
    };
    debug_assert!(formatted.is_ok(), "writing into a string succeeds");
}

fn io_error(error: csv::Error) -> WriteError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => WriteError::Io(error),
        other => WriteError::Io(std::io::Error::other(format!("{other:?}"))),
    }
}
