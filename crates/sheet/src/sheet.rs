use crate::delimited::{Delimited, Records, cell_of};
use crate::header::Header;
use crate::signature::{Kind, kind_of};
use crate::workbook::{RawRow, SheetRows, Workbook};
use crate::{Cell, Column, Limits, SheetError};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

const HEAD_BYTES: u64 = 8 << 10;
const SAMPLES: usize = 5;

/// A spreadsheet whose rows can be read from the start as often as needed. Opening it reads the whole file once, so that
/// whatever is wrong with the file as such is known before its first row is used.
#[derive(Debug)]
pub struct Sheet {
    source: Source,
    file_name: String,
    header: Header,
    samples: Vec<Row>,
    row_count: u32,
}

/// What the content of the file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// An Excel workbook (.xlsx, .xlsm), and the sheet that is read.
    Workbook { sheet: String },
    /// Delimited text, the name of its encoding, and its delimiter.
    Delimited {
        encoding: &'static str,
        delimiter: char,
    },
}

/// One row below the header that holds anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The row's number as the spreadsheet program shows it; the header counts, and so do blank rows.
    pub number: u32,
    /// One cell for each of [`Sheet::columns`], in their order.
    pub cells: Vec<Cell>,
}

#[derive(Debug)]
enum Source {
    Workbook {
        workbook: Box<Workbook>,
        sheet: String,
    },
    Delimited(Delimited),
}

impl Sheet {
    /// Opens the file at `path` (and keeps it open), telling its format by its content; `file_name` is only what the user called it.
    ///
    /// The first row that is not blank is the header; of a workbook the first visible sheet with a row is read. Refuses
    /// a file beyond the limits or damaged as a whole, with the place where that shows. Rows with more cells than the
    /// header are not refused here: [`Rows`] gives an error in their place.
    pub fn open(path: &Path, file_name: &str, limits: &Limits) -> Result<Self, SheetError> {
        let mut file = File::open(path)?;
        let bytes = file.seek(SeekFrom::End(0))?;
        if bytes == 0 {
            return Err(SheetError::EmptyFile);
        }
        if bytes > limits.file_bytes {
            return Err(SheetError::FileTooLarge {
                bytes,
                limit: limits.file_bytes,
            });
        }
        file.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        file.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        let mut source = match kind_of(&head, &mut file)? {
            Kind::Archive => {
                let workbook = Box::new(Workbook::open(file, limits)?);
                Source::Workbook {
                    workbook,
                    sheet: String::new(),
                }
            }
            Kind::Text => Source::Delimited(Delimited::open(file, &head, limits)?),
        };
        source.choose_sheet()?;
        let header = source.header()?;
        let mut sheet = Self {
            source,
            file_name: file_name.to_owned(),
            header,
            samples: Vec::new(),
            row_count: 0,
        };
        sheet.survey(limits)?;
        Ok(sheet)
    }

    /// The columns with a header, from left to right.
    pub fn columns(&self) -> &[Column] {
        &self.header.columns
    }

    /// The number of the header row, as the spreadsheet program shows it.
    pub fn header_row(&self) -> u32 {
        self.header.row
    }

    /// The rows that [`Sheet::rows`] gives, those with too many cells included.
    pub fn row_count(&self) -> u32 {
        self.row_count
    }

    /// The first 5 rows.
    pub fn samples(&self) -> &[Row] {
        &self.samples
    }

    /// What the user called the file.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    pub fn format(&self) -> Format {
        match &self.source {
            Source::Workbook { sheet, .. } => Format::Workbook {
                sheet: sheet.clone(),
            },
            Source::Delimited(text) => Format::Delimited {
                encoding: text.encoding_name(),
                delimiter: text.delimiter(),
            },
        }
    }

    /// The rows from the first one on.
    pub fn rows(&mut self) -> Result<Rows<'_>, SheetError> {
        let mut raw = self.source.rows()?;
        while let Some((number, _)) = raw.next_row()? {
            if number == self.header.row {
                break;
            }
        }
        Ok(Rows {
            raw,
            header: &self.header,
            is_over: false,
        })
    }

    // One reading of all rows: counts them and finds what makes the file as a whole unusable.
    fn survey(&mut self, limits: &Limits) -> Result<(), SheetError> {
        let mut samples = Vec::new();
        let mut count = 0u32;
        for row in self.rows()? {
            let number = match row {
                Ok(row) => {
                    let number = row.number;
                    if samples.len() < SAMPLES {
                        samples.push(row);
                    }
                    number
                }
                Err(SheetError::RaggedRow { row, .. }) => row,
                Err(error) => return Err(error),
            };
            if count == limits.rows {
                return Err(SheetError::TooManyRows {
                    row: number,
                    limit: limits.rows,
                });
            }
            count += 1;
        }
        self.samples = samples;
        self.row_count = count;
        Ok(())
    }
}

impl Source {
    fn rows(&mut self) -> Result<RawRows<'_>, SheetError> {
        Ok(match self {
            Self::Workbook { workbook, sheet } => {
                RawRows::Workbook(Box::new(workbook.rows(sheet)?))
            }
            Self::Delimited(text) => RawRows::Delimited(text.records()?),
        })
    }

    fn choose_sheet(&mut self) -> Result<(), SheetError> {
        let Self::Workbook { workbook, sheet } = self else {
            return Ok(());
        };
        for name in workbook.sheet_names() {
            if RawRows::Workbook(Box::new(workbook.rows(&name)?))
                .next_row()?
                .is_some()
            {
                *sheet = name;
                return Ok(());
            }
        }
        Err(SheetError::EmptyFile)
    }

    fn header(&mut self) -> Result<Header, SheetError> {
        match self.rows()?.next_row()? {
            Some((row, cells)) => Ok(Header::new(row, &cells)),
            None => Err(SheetError::EmptyFile),
        }
    }
}

enum RawRows<'a> {
    Workbook(Box<SheetRows<'a>>),
    Delimited(Records),
}

impl RawRows<'_> {
    // The next row with anything to see in it.
    fn next_row(&mut self) -> Result<Option<RawRow>, SheetError> {
        loop {
            let row = match self {
                Self::Workbook(rows) => rows.next_row()?,
                Self::Delimited(records) => records
                    .next_record()?
                    .map(|(number, texts)| (number, texts.into_iter().map(cell_of).collect())),
            };
            match row {
                Some((_, cells)) if cells.iter().all(Cell::is_blank) => {}
                other => return Ok(other),
            }
        }
    }
}

/// The rows of a sheet in order. A row with more cells than the header gives an error that
/// [concerns one row](SheetError::concerns_one_row), and reading goes on behind it; after any other error nothing comes.
pub struct Rows<'a> {
    raw: RawRows<'a>,
    header: &'a Header,
    is_over: bool,
}

impl Rows<'_> {
    fn row(&self, number: u32, mut cells: Vec<Cell>) -> Result<Row, SheetError> {
        let width = cells
            .iter()
            .rposition(|cell| !cell.is_blank())
            .map_or(0, |last| last + 1);
        if width > self.header.width {
            let count = |width| u32::try_from(width).unwrap_or(u32::MAX);
            return Err(SheetError::RaggedRow {
                row: number,
                cells: count(width),
                columns: count(self.header.width),
            });
        }
        cells.resize(self.header.width, Cell::Empty);
        let columns = &self.header.columns;
        if columns.len() == self.header.width {
            return Ok(Row { number, cells });
        }
        let mut named = Vec::with_capacity(columns.len());
        let mut expected = columns.iter().peekable();
        for (position, cell) in (1u32..).zip(cells) {
            if expected
                .next_if(|column| column.position == position)
                .is_some()
            {
                named.push(cell);
            } else if !cell.is_blank() {
                return Err(SheetError::MissingHeader {
                    row: number,
                    column: position,
                });
            }
        }
        Ok(Row {
            number,
            cells: named,
        })
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let row = match self.raw.next_row() {
            Ok(None) => {
                self.is_over = true;
                return None;
            }
            Ok(Some((number, cells))) => self.row(number, cells),
            Err(error) => Err(error),
        };
        self.is_over = row.as_ref().is_err_and(|error| !error.concerns_one_row());
        Some(row)
    }
}
