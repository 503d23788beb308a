//! XLSX workbooks, read cell by cell; only the table of shared texts is held in memory.

mod cells;
mod guard;
mod parts;
mod scan;

use crate::{Cell, Limits, SheetError};
use calamine::{Reader, SheetType, SheetVisible, Xlsx};
pub(crate) use cells::SheetRows;
use std::fs::File;
use std::io::BufReader;

/// An open workbook that has passed the guard.
pub(crate) struct Workbook {
    inner: Xlsx<BufReader<File>>,
    limits: Limits,
}

impl Workbook {
    pub fn open(file: File, limits: &Limits) -> Result<Self, SheetError> {
        guard::check(file.try_clone()?, limits)?;
        let inner = Xlsx::new(BufReader::new(file)).map_err(SheetError::damaged)?;
        Ok(Self {
            inner,
            limits: limits.clone(),
        })
    }

    /// The names of the sheets with cells that the user can see, from left to right.
    pub fn sheet_names(&self) -> Vec<String> {
        self.inner
            .sheets_metadata()
            .iter()
            .filter(|sheet| {
                sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
            })
            .map(|sheet| sheet.name.clone())
            .collect()
    }

    pub fn rows(&mut self, sheet: &str) -> Result<SheetRows<'_>, SheetError> {
        let cells = self
            .inner
            .worksheet_cells_reader(sheet)
            .map_err(SheetError::damaged)?;
        Ok(SheetRows::new(cells, &self.limits))
    }
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workbook")
            .field("sheets", &self.sheet_names())
            .finish_non_exhaustive()
    }
}

/// A row as it stands in the file: its number and its cells from the first column on.
pub(crate) type RawRow = (u32, Vec<Cell>);
