use std::io;

/// Why a file can't be read, with the place where that shows. Rows are numbered as the spreadsheet program numbers them;
/// columns count from 1 (see [`column_letters`]).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    #[error("the file is empty")]
    EmptyFile,
    #[error("the file has {bytes} bytes; at most {limit} are accepted")]
    FileTooLarge { bytes: u64, limit: u64 },
    #[error("row {row}: the file has more than {limit} data rows")]
    TooManyRows { row: u32, limit: u32 },
    #[error("row {row}: there are more than {limit} columns")]
    TooManyColumns { row: u32, limit: u32 },
    #[error("{}: a cell holds more than {limit} characters", place(*row, *column))]
    CellTooLong {
        row: Option<u32>,
        column: Option<u32>,
        limit: usize,
    },
    #[error("the file unpacks to more than {limit} bytes")]
    ZipBomb { limit: u64 },
    #[error("the workbook holds more different texts than can be read; save it as CSV")]
    TooMuchText { limit: u64 },
    #[error("the file is neither a workbook nor text")]
    NotASpreadsheet,
    #[error("the workbook is protected by a password")]
    Encrypted,
    #[error("the file is a workbook of Excel 97-2003 (.xls); save it as .xlsx or CSV")]
    OldXls,
    #[error("the file is {format}; save it as .xlsx or CSV")]
    UnsupportedFormat { format: &'static str },
    #[error("the workbook is damaged: {detail}")]
    Damaged { detail: String },
    #[error("row {row}, column {}: the text contains a NUL byte", column_letters(*column))]
    NulByte { row: u32, column: u32 },
    #[error("row {row}: the text is not valid {encoding}")]
    BadEncoding { row: u32, encoding: &'static str },
    #[error("row {row} has {cells} cells, the header only {columns}")]
    RaggedRow { row: u32, cells: u32, columns: u32 },
    #[error("row {row}, column {}: a quotation mark is opened and never closed", column_letters(*column))]
    UnterminatedQuote { row: u32, column: u32 },
    #[error("column {} has values (first in row {row}) but no header", column_letters(*column))]
    MissingHeader { row: u32, column: u32 },
    #[error("the file can't be read: {0}")]
    Io(#[from] io::Error),
}

impl SheetError {
    /// The name of the error that stays the same in every release and every language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::CellTooLong { .. } => "cell_too_long",
            Self::ZipBomb { .. } => "zip_bomb",
            Self::TooMuchText { .. } => "too_much_text",
            Self::NotASpreadsheet => "not_a_spreadsheet",
            Self::Encrypted => "encrypted",
            Self::OldXls => "old_xls",
            Self::UnsupportedFormat { .. } => "unsupported_format",
            Self::Damaged { .. } => "damaged",
            Self::NulByte { .. } => "nul_byte",
            Self::BadEncoding { .. } => "bad_encoding",
            Self::RaggedRow { .. } => "ragged_row",
            Self::UnterminatedQuote { .. } => "unterminated_quote",
            Self::MissingHeader { .. } => "missing_header",
            Self::Io(_) => "unreadable",
        }
    }

    /// The row where the error shows, as the spreadsheet program numbers it.
    pub fn row(&self) -> Option<u32> {
        match self {
            Self::TooManyRows { row, .. }
            | Self::TooManyColumns { row, .. }
            | Self::NulByte { row, .. }
            | Self::BadEncoding { row, .. }
            | Self::RaggedRow { row, .. }
            | Self::UnterminatedQuote { row, .. }
            | Self::MissingHeader { row, .. } => Some(*row),
            Self::CellTooLong { row, .. } => *row,
            _ => None,
        }
    }

    /// The letters of the column where the error shows, as the spreadsheet program shows them.
    pub fn column(&self) -> Option<String> {
        match self {
            Self::NulByte { column, .. }
            | Self::UnterminatedQuote { column, .. }
            | Self::MissingHeader { column, .. } => Some(column_letters(*column)),
            Self::CellTooLong { column, .. } => column.map(column_letters),
            _ => None,
        }
    }

    /// The figure that was exceeded, in the unit of its [`Limits`](crate::Limits) field.
    pub fn limit(&self) -> Option<u64> {
        match self {
            Self::FileTooLarge { limit, .. }
            | Self::ZipBomb { limit }
            | Self::TooMuchText { limit } => Some(*limit),
            Self::TooManyRows { limit, .. } | Self::TooManyColumns { limit, .. } => {
                Some(u64::from(*limit))
            }
            Self::CellTooLong { limit, .. } => u64::try_from(*limit).ok(),
            Self::RaggedRow { columns, .. } => Some(u64::from(*columns)),
            _ => None,
        }
    }

    /// Whether only the named row is bad, so that reading goes on with the next one.
    pub fn concerns_one_row(&self) -> bool {
        matches!(self, Self::RaggedRow { .. })
    }

    pub(crate) fn damaged(cause: impl std::fmt::Display) -> Self {
        Self::Damaged {
            detail: cause.to_string(),
        }
    }
}

/// Why a spreadsheet can't be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    #[error("a workbook holds at most 1,048,575 rows below its header; export CSV instead")]
    TooManyRows,
    #[error("{cells} cells were given for {columns} columns")]
    WrongWidth { cells: usize, columns: usize },
    #[error("the workbook can't be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("the file can't be written: {0}")]
    Io(#[from] io::Error),
}

/// The letters that a spreadsheet program shows for a column counted from 1: 1 is `A`, 28 is `AB`; 0 is empty.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

fn place(row: Option<u32>, column: Option<u32>) -> String {
    match (row, column) {
        (Some(row), Some(column)) => format!("row {row}, column {}", column_letters(column)),
        (Some(row), None) => format!("row {row}"),
        _ => "somewhere".to_owned(),
    }
}
