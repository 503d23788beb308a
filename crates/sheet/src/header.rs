use crate::Cell;
use std::collections::HashSet;

/// One column that has a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The header, trimmed, line breaks as spaces; unique in the sheet.
    pub name: String,
    /// Position in the file, counted from 1, as [`column_letters`](crate::column_letters) takes it.
    pub position: u32,
    /// Whether the same header stood further left, so that this one got ` (2)`, ` (3)`… at its end.
    pub is_repeated: bool,
}

/// The header row, split in columns with a name and positions without one.
#[derive(Debug, Default)]
pub(crate) struct Header {
    pub row: u32,
    pub columns: Vec<Column>,
    /// How many cells wide the header is, blank ones between included, blank ones at its end not.
    pub width: usize,
}

impl Header {
    pub fn new(row: u32, cells: &[Cell]) -> Self {
        let width = cells
            .iter()
            .rposition(|cell| !cell.is_blank())
            .map_or(0, |last| last + 1);
        let mut taken: HashSet<String> = cells.iter().map(name_of).collect();
        let mut seen = HashSet::new();
        let mut columns = Vec::with_capacity(width);
        for (position, cell) in (1u32..).zip(cells) {
            let name = name_of(cell);
            if name.is_empty() {
                continue;
            }
            let is_repeated = !seen.insert(name.clone());
            let name = if is_repeated {
                free_name(&name, &mut taken)
            } else {
                name
            };
            columns.push(Column {
                name,
                position,
                is_repeated,
            });
        }
        Self {
            row,
            columns,
            width,
        }
    }
}

fn name_of(cell: &Cell) -> String {
    let text = cell.text();
    text.split(|c: char| c.is_control() || c == '\u{feff}')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn free_name(name: &str, taken: &mut HashSet<String>) -> String {
    let mut number = 2u32;
    loop {
        let candidate = format!("{name} ({number})");
        if taken.insert(candidate.clone()) {
            return candidate;
        }
        number += 1;
    }
}
