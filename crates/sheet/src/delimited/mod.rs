//! Delimited text: comma, semicolon, tab or bar; UTF-8, UTF-16 or what the bytes look like (GB18030 above all).

mod decode;
mod encoding;
mod records;

use crate::{Cell, Limits, SheetError};
use decode::Decoded;
pub(crate) use encoding::unmarked_utf16;
use encoding_rs::Encoding;
pub(crate) use records::Records;
use std::fs::File;
use std::io::{Seek, SeekFrom};

const DELIMITERS: [u8; 4] = *b",;\t|";
const SNIFFED_BYTES: u64 = 256 << 10;
const SNIFFED_RECORDS: usize = 20;

/// A text file together with how to read it; each reading starts at its beginning.
#[derive(Debug)]
pub(crate) struct Delimited {
    file: File,
    encoding: &'static Encoding,
    delimiter: u8,
    /// Whether the first row is only Excel's `sep=;`.
    says_separator: bool,
    limits: Limits,
}

impl Delimited {
    /// `head` is the beginning of the file, as far as it was read to tell formats apart.
    pub fn open(file: File, head: &[u8], limits: &Limits) -> Result<Self, SheetError> {
        let encoding = encoding::detect(&file, head)?;
        let mut delimited = Self {
            file,
            encoding,
            delimiter: b',',
            says_separator: false,
            limits: limits.clone(),
        };
        if let Some(delimiter) = delimited.stated_delimiter()? {
            delimited.delimiter = delimiter;
            delimited.says_separator = true;
        } else {
            delimited.delimiter = delimited.likely_delimiter()?;
        }
        Ok(delimited)
    }

    pub fn encoding_name(&self) -> &'static str {
        self.encoding.name()
    }

    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    // Exclusive, since two readings at a time would move each other along in the file.
    pub fn records(&mut self) -> Result<Records, SheetError> {
        let mut records = self.records_of(self.delimiter, u64::MAX)?;
        if self.says_separator {
            records.next_record()?;
        }
        Ok(records)
    }

    fn records_of(&self, delimiter: u8, bytes: u64) -> Result<Records, SheetError> {
        let text = Decoded::new(from_start(&self.file)?, self.encoding, bytes);
        Ok(Records::new(text, delimiter, &self.limits))
    }

    // Excel writes and honours a first line `sep=;`.
    fn stated_delimiter(&self) -> Result<Option<u8>, SheetError> {
        // A NUL can't be a delimiter that any line contains, so the line comes back whole.
        let first = self.records_of(0, 1 << 10)?.next_record();
        let Ok(Some((1, cells))) = first else {
            return Ok(None);
        };
        let stated = match cells.as_slice() {
            [line] => line
                .strip_prefix("sep=")
                .or_else(|| line.strip_prefix("SEP=")),
            _ => None,
        };
        Ok(match stated.map(str::as_bytes) {
            Some([delimiter]) if delimiter.is_ascii_punctuation() || *delimiter == b'\t' => {
                Some(*delimiter)
            }
            _ => None,
        })
    }

    // The header decides: the delimiter that gives most rows the width of the header, and the widest of those. A title
    // with a bar in it does not make a delimiter of the bar as long as most rows have none.
    fn likely_delimiter(&self) -> Result<u8, SheetError> {
        let mut best = (0, 0, b',');
        for delimiter in DELIMITERS {
            let mut records = self.records_of(delimiter, SNIFFED_BYTES)?;
            let mut widths = Vec::with_capacity(SNIFFED_RECORDS);
            // A record that can't be read is reported by the reading proper, with its place.
            while let Ok(Some((_, cells))) = records.next_record() {
                widths.push(cells.len());
                if widths.len() == SNIFFED_RECORDS {
                    break;
                }
            }
            let Some(&width) = widths.first() else {
                continue;
            };
            let agreeing =
                widths.iter().filter(|&&other| other == width).count() * 100 / widths.len();
            let split = widths.iter().filter(|&&other| other > 1).count();
            if split * 2 >= widths.len() && width > 1 && (agreeing, width) > (best.0, best.1) {
                best = (agreeing, width, delimiter);
            }
        }
        Ok(best.2)
    }
}

// A second handle on the file, which shares its position with all others.
fn from_start(file: &File) -> Result<File, SheetError> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// The cell that stands for a text in a file. The mark that keeps spreadsheet programs from running a text as a formula
/// (see [`crate::CsvWriter`]) is taken off again, so that an export can be imported.
pub(crate) fn cell_of(text: String) -> Cell {
    if text.is_empty() {
        return Cell::Empty;
    }
    match text.strip_prefix('\'') {
        Some(marked) if crate::write::needs_mark(marked) => Cell::Text(marked.to_owned()),
        _ => Cell::Text(text),
    }
}
