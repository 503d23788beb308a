//! Spreadsheets going out, one row at a time, with memory that does not grow with the rows.

mod csv;
mod out;
mod xlsx;

pub use self::csv::CsvWriter;
pub(crate) use out::needs_mark;
pub use out::{Kind, Out, OutColumn};
pub use xlsx::XlsxWriter;

use crate::WriteError;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// A spreadsheet being written in either format.
pub enum Writer {
    Xlsx(Box<XlsxWriter>),
    Csv(Box<CsvWriter<Box<dyn Write + Send>>>),
}

/// What came of the writing.
#[derive(Debug)]
pub struct Written {
    /// Rows below the header.
    pub rows: u32,
    /// Texts that were longer than a workbook's cell can be, and were cut, with `…` at their end.
    pub cut_cells: u32,
    /// The workbook, at its beginning and without a name, gone once closed; `None` where the caller gave the sink.
    pub file: Option<File>,
}

impl Writer {
    /// A workbook with one sheet; its parts and the result are kept in files without a name in `temp_dir`.
    pub fn xlsx(
        sheet_name: &str,
        columns: &[OutColumn],
        temp_dir: &Path,
    ) -> Result<Self, WriteError> {
        Ok(Self::Xlsx(Box::new(XlsxWriter::new(
            sheet_name, columns, temp_dir,
        )?)))
    }

    /// CSV into `sink`, which gets bytes as rows come.
    pub fn csv(columns: &[OutColumn], sink: Box<dyn Write + Send>) -> Result<Self, WriteError> {
        Ok(Self::Csv(Box::new(CsvWriter::new(columns, sink)?)))
    }

    /// Writes one row: one cell for each column.
    pub fn row(&mut self, cells: &[Out<'_>]) -> Result<(), WriteError> {
        match self {
            Self::Xlsx(writer) => writer.row(cells),
            Self::Csv(writer) => writer.row(cells),
        }
    }

    /// Completes the file; without it a workbook is lost and CSV may lack its last rows.
    pub fn finish(self) -> Result<Written, WriteError> {
        match self {
            Self::Xlsx(writer) => writer.finish(),
            Self::Csv(writer) => {
                let rows = writer.rows();
                writer.finish()?;
                Ok(Written {
                    rows,
                    cut_cells: 0,
                    file: None,
                })
            }
        }
    }
}
