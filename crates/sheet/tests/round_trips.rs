//! What is written is what is read.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::*;
use sheet::{Cell, Out};
use support::{columns, day, open, rows, texts, written_csv, written_xlsx};

fn any_time() -> impl Strategy<Value = NaiveDateTime> {
    // From the first day that a workbook can hold to the end of the year 9999, in seconds.
    let first = day(1900, 1, 1).and_time(NaiveTime::MIN);
    let seconds = day(9999, 12, 31)
        .and_hms_opt(23, 59, 59)
        .unwrap()
        .signed_duration_since(first)
        .num_seconds();
    (0..=seconds).prop_map(move |second| first + TimeDelta::seconds(second))
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        r#"[",;\t\n'=+@a-]{0,8}"#,
        "[一-龥㐀-䶵，；（）\u{3000}]{0,10}",
        "(😀|👩‍👩‍👧|é|\u{feff}|_x000D_|&amp;|<v>){0,4}",
        "\\PC{0,10}",
    ]
}

fn any_cell() -> impl Strategy<Value = Out<'static>> {
    prop_oneof![
        1 => Just(Out::Empty),
        4 => any_text().prop_map(Out::text),
        1 => prop::num::f64::NORMAL.prop_map(Out::Number),
        1 => (-1_000_000i32..1_000_000).prop_map(|number| Out::Number(f64::from(number))),
        1 => (-10_000_000_000_000i64..10_000_000_000_000).prop_map(Out::MoneyMinor),
        1 => any_time().prop_map(|time| Out::Day(time.date())),
        1 => any_time().prop_map(Out::DateTime),
        1 => any::<bool>().prop_map(Out::Bool),
    ]
}

fn any_rows() -> impl Strategy<Value = Vec<Vec<Out<'static>>>> {
    (1usize..6).prop_flat_map(|width| {
        prop::collection::vec(prop::collection::vec(any_cell(), width), 1..12)
    })
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text.to_owned())
    }
}

fn as_read_from_xlsx(cell: &Out<'_>) -> Cell {
    match cell {
        Out::Empty => Cell::Empty,
        Out::Text(text) => text_cell(text),
        Out::Number(number) => Cell::Number(*number),
        Out::MoneyMinor(minor) => Cell::Number(*minor as f64 / 100.0),
        Out::Day(day) => Cell::Day(*day),
        Out::DateTime(time) if time.time() == NaiveTime::MIN => Cell::Day(time.date()),
        Out::DateTime(time) => Cell::DateTime(*time),
        Out::Bool(value) => Cell::Bool(*value),
    }
}

fn as_read_from_csv(cell: &Out<'_>) -> Cell {
    match cell {
        Out::MoneyMinor(minor) => {
            let (whole, rest) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
            Cell::Text(format!(
                "{}{whole}.{rest:02}",
                if *minor < 0 { "-" } else { "" }
            ))
        }
        Out::Number(number) => Cell::Text(number.to_string()),
        Out::DateTime(time) => Cell::Text(time.format("%Y-%m-%d %H:%M:%S").to_string()),
        other => text_cell(&as_read_from_xlsx(other).text()),
    }
}

/// Rows that hold anything, with the numbers that they have below a header.
fn expected(cells: &[Vec<Out<'_>>], as_read: impl Fn(&Out<'_>) -> Cell) -> Vec<(u32, Vec<Cell>)> {
    let rows = cells
        .iter()
        .map(|row| row.iter().map(&as_read).collect::<Vec<_>>());
    (2..)
        .zip(rows)
        .filter(|(_, row)| !row.iter().all(Cell::is_blank))
        .collect()
}

fn read(bytes: &[u8]) -> Vec<(u32, Vec<Cell>)> {
    rows(&mut open(bytes).unwrap())
        .into_iter()
        .map(|row| (row.number, row.cells))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_written_workbook_gives_the_same_cells(cells in any_rows()) {
        let bytes = written_xlsx(&columns(cells[0].len()), &cells);
        prop_assert_eq!(read(&bytes), expected(&cells, as_read_from_xlsx));
    }

    #[test]
    fn written_csv_gives_the_same_texts(cells in any_rows()) {
        let bytes = written_csv(&columns(cells[0].len()), &cells);
        prop_assert_eq!(read(&bytes), expected(&cells, as_read_from_csv));
    }

    #[test]
    fn text_in_gb18030_is_read_as_it_was(names in prop::collection::vec("[一-龥]{2,4}(集团|科技|贸易)有限公司", 1..20)) {
        let text = format!("公司名称,城市\n{}\n", names.iter().map(|name| format!("{name},北京\n")).collect::<String>());
        let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
        let read: Vec<_> = texts(&mut open(&bytes).unwrap()).into_iter().map(|(_, mut cells)| cells.swap_remove(0)).collect();
        prop_assert_eq!(read, names);
    }

    #[test]
    fn delimited_text_is_split_as_the_csv_library_splits_it(text in r#"(["a,\n]|\r\n){0,40}"#) {
        let text = format!("h1,h2,h3,h4\n{text}\"");
        // A mark at the end closes what the noise left open, or opens what is then refused.
        let Ok(mut sheet) = open(text.as_bytes()) else { return Ok(()) };
        let mut library = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let mut theirs: Vec<Vec<String>> = library.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        theirs.retain(|cells| cells.iter().any(|cell| !cell.trim().is_empty()));
        let ours: Vec<_> = sheet.rows().unwrap().collect();
        prop_assert_eq!(ours.len(), theirs.len());
        for (ours, mut theirs) in ours.into_iter().zip(theirs) {
            while theirs.len() > 4 && theirs.last().is_some_and(|cell| cell.trim().is_empty()) {
                theirs.pop();
            }
            match ours {
                Ok(row) => {
                    theirs.resize(4, String::new());
                    let ours: Vec<_> = row.cells.iter().map(|cell| cell.text().into_owned()).collect();
                    prop_assert_eq!(ours, theirs);
                }
                Err(error) => prop_assert!(error.concerns_one_row() && theirs.len() > 4),
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), is_texty in any::<bool>()) {
        let bytes: Vec<u8> = if is_texty { bytes.iter().map(|byte| b",;\t\n\r\"'a1=\xB3\xC9"[usize::from(*byte) % 12]).collect() } else { bytes };
        if let Ok(mut sheet) = open(&bytes) {
            prop_assert!(sheet.rows().unwrap().count() <= bytes.len());
        }
    }
}
