use super::decode::{DecodeError, Decoded};
use crate::{Limits, SheetError};

/// The records of a delimited text in the form of RFC 4180, as lenient as spreadsheet programs: any line ending, quotes
/// inside an unquoted cell are text. A reader of its own, since it must count rows as those programs do (a blank line is
/// a row), notice a quotation mark that is never closed, and refuse a huge cell before it is in memory.
pub(crate) struct Records {
    text: Decoded,
    chunk: Vec<u8>,
    next: usize,
    delimiter: u8,
    row: u32,
    max_columns: usize,
    max_chars: usize,
    after_return: bool,
}

/// What ends with a cell.
#[derive(PartialEq)]
enum End {
    Cell,
    Row,
    File,
}

impl Records {
    pub(super) fn new(text: Decoded, delimiter: u8, limits: &Limits) -> Self {
        Self {
            text,
            chunk: Vec::new(),
            next: 0,
            delimiter,
            row: 0,
            max_columns: usize::try_from(limits.columns).unwrap_or(usize::MAX),
            max_chars: limits.cell_chars,
            after_return: false,
        }
    }

    /// The next row that is not a blank line, with its number counted from 1; `None` at the end.
    pub fn next_record(&mut self) -> Result<Option<(u32, Vec<String>)>, SheetError> {
        loop {
            self.row += 1;
            let mut cells = Vec::new();
            let mut width = 0;
            loop {
                let column = u32::try_from(width + 1).unwrap_or(u32::MAX);
                let (cell, end) = self.next_cell(column)?;
                if width == 0 && cell.is_empty() && end != End::Cell {
                    if end == End::File {
                        return Ok(None);
                    }
                    break;
                }
                width += 1;
                if width <= self.max_columns {
                    cells.push(cell);
                } else if !cell.trim().is_empty() {
                    return Err(self.too_many_columns());
                }
                if end != End::Cell {
                    return Ok(Some((self.row, cells)));
                }
            }
        }
    }

    fn next_cell(&mut self, column: u32) -> Result<(String, End), SheetError> {
        let mut cell = Vec::new();
        if self.after_return {
            self.after_return = false;
            if self.peek()? == Some(b'\n') {
                self.next += 1;
            }
        }
        if self.peek()? == Some(b'"') {
            self.next += 1;
            self.quoted(&mut cell, column)?;
        }
        let end = self.unquoted(&mut cell, column)?;
        let cell = String::from_utf8(cell).map_err(|_| SheetError::BadEncoding {
            row: self.row,
            encoding: encoding_rs::UTF_8.name(),
        })?;
        if cell.len() > self.max_chars && cell.chars().count() > self.max_chars {
            return Err(self.too_long(column));
        }
        Ok((cell, end))
    }

    // Reads behind an opening quotation mark up to and with the closing one.
    fn quoted(&mut self, cell: &mut Vec<u8>, column: u32) -> Result<(), SheetError> {
        let mut is_too_long = false;
        loop {
            if self.peek()?.is_none() {
                return Err(SheetError::UnterminatedQuote {
                    row: self.row,
                    column,
                });
            }
            let rest = &self.chunk[self.next..];
            let stop = rest.iter().position(|&byte| byte == b'"' || byte == 0);
            let run = &rest[..stop.unwrap_or(rest.len())];
            self.next += run.len();
            if is_too_long || self.max_chars.saturating_mul(4) < cell.len() + run.len() {
                // Keep looking for the end: a mark that is never closed swallows the rest of the file, and then that is
                // what the user must hear.
                is_too_long = true;
            } else {
                cell.extend_from_slice(run);
            }
            match self.peek()? {
                Some(0) => {
                    return Err(SheetError::NulByte {
                        row: self.row,
                        column,
                    });
                }
                Some(b'"') => {
                    self.next += 1;
                    if self.peek()? != Some(b'"') {
                        return if is_too_long {
                            Err(self.too_long(column))
                        } else {
                            Ok(())
                        };
                    }
                    self.next += 1;
                    if !is_too_long {
                        cell.push(b'"');
                    }
                }
                _ => {}
            }
        }
    }

    fn unquoted(&mut self, cell: &mut Vec<u8>, column: u32) -> Result<End, SheetError> {
        loop {
            if self.peek()?.is_none() {
                return Ok(End::File);
            }
            let delimiter = self.delimiter;
            let rest = &self.chunk[self.next..];
            let stop = rest
                .iter()
                .position(|&byte| byte == delimiter || matches!(byte, b'\n' | b'\r' | 0));
            let run = &rest[..stop.unwrap_or(rest.len())];
            self.next += run.len();
            if self.max_chars.saturating_mul(4) < cell.len() + run.len() {
                return Err(self.too_long(column));
            }
            cell.extend_from_slice(run);
            let Some(stop) = stop.map(|_| self.chunk[self.next]) else {
                continue;
            };
            if stop == 0 {
                return Err(SheetError::NulByte {
                    row: self.row,
                    column,
                });
            }
            self.next += 1;
            if stop == delimiter {
                return Ok(End::Cell);
            }
            self.after_return = stop == b'\r';
            return Ok(End::Row);
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, SheetError> {
        if self.next == self.chunk.len() {
            self.chunk.clear();
            self.next = 0;
            match self.text.next_chunk() {
                Ok(chunk) => self.chunk.extend_from_slice(chunk),
                Err(DecodeError::Io(error)) => return Err(error.into()),
                Err(DecodeError::Malformed(encoding)) => {
                    return Err(SheetError::BadEncoding {
                        row: self.row,
                        encoding,
                    });
                }
            }
        }
        Ok(self.chunk.get(self.next).copied())
    }

    fn too_long(&self, column: u32) -> SheetError {
        SheetError::CellTooLong {
            row: Some(self.row),
            column: Some(column),
            limit: self.max_chars,
        }
    }

    fn too_many_columns(&self) -> SheetError {
        SheetError::TooManyColumns {
            row: self.row,
            limit: u32::try_from(self.max_columns).unwrap_or(u32::MAX),
        }
    }
}
