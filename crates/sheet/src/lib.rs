//! Spreadsheets in and out: reads XLSX and delimited text row by row within stated limits, writes XLSX and CSV row by
//! row. Knows no resource and no database; what a column means is the caller's business.
//!
//! Everything here blocks on files, so call it where blocking is allowed.
#![forbid(unsafe_code)]

mod cell;
mod delimited;
mod error;
mod header;
mod limits;
mod sheet;
mod signature;
mod workbook;
mod write;

pub use cell::Cell;
pub use error::{SheetError, WriteError, column_letters};
pub use header::Column;
pub use limits::Limits;
pub use sheet::{Format, Row, Rows, Sheet};
pub use write::{CsvWriter, Kind, Out, OutColumn, Writer, Written, XlsxWriter};
