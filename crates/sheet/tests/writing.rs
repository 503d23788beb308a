//! What is written, and how spreadsheet programs will take it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use sheet::{Cell, CsvWriter, Kind, Out, OutColumn, Writer};
use std::io::{Read, Write};
use support::{columns, day, headers, open, row, rows, texts, written_csv, written_xlsx};

#[test]
fn a_text_that_looks_like_a_formula_is_marked_in_csv_and_a_text_in_a_workbook() {
    let dangerous = [
        "=1+1", "+86 138", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''@x",
    ];
    let cells: Vec<_> = dangerous
        .iter()
        .map(|text| vec![Out::text(*text)])
        .collect();
    let title = [OutColumn::new("=cmd|' /C calc'!A0", Kind::Text)];

    let csv = written_csv(&title, &cells);
    let shown = String::from_utf8(csv.clone()).unwrap();
    assert!(shown.starts_with("\u{feff}'=cmd|"));
    let mut plain = csv::ReaderBuilder::new().from_reader(shown.as_bytes());
    let fields: Vec<_> = plain
        .records()
        .map(|record| record.unwrap()[0].to_owned())
        .collect();
    assert_eq!(fields, dangerous.map(|text| format!("'{text}")));

    let xlsx = written_xlsx(&title, &cells);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&xlsx)).unwrap();
    let mut part = String::new();
    archive
        .by_name("xl/worksheets/sheet1.xml")
        .unwrap()
        .read_to_string(&mut part)
        .unwrap();
    assert!(!part.contains("<f>") && part.contains("=1+1"));

    for bytes in [csv, xlsx] {
        let mut sheet = open(&bytes).unwrap();
        assert_eq!(headers(&sheet), ["=cmd|' /C calc'!A0"]);
        let read: Vec<_> = rows(&mut sheet)
            .into_iter()
            .map(|row| row.cells[0].clone())
            .collect();
        assert_eq!(read, dangerous.map(|text| Cell::Text(text.into())));
    }
}

#[test]
fn negative_figures_are_not_marked() {
    let bytes = written_csv(&columns(2), &[vec![Out::Number(-5.5), Out::MoneyMinor(-5)]]);
    assert!(
        String::from_utf8(bytes)
            .unwrap()
            .ends_with("\r\n-5.5,-0.05\r\n")
    );
}

#[test]
fn csv_opens_in_a_spreadsheet_program_with_its_chinese() {
    let bytes = written_csv(
        &[OutColumn::new("客户", Kind::Text)],
        &[vec![Out::text("成都")]],
    );
    assert_eq!(bytes, "\u{feff}客户\r\n成都\r\n".as_bytes());
}

#[test]
fn the_header_of_a_workbook_is_bold_stays_in_sight_and_filters() {
    let columns = [
        OutColumn::new("客户名称", Kind::Text),
        OutColumn::new("金额", Kind::Money),
    ];
    let bytes = written_xlsx(&columns, &[vec![Out::text("甲"), Out::MoneyMinor(123_456)]]);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive
            .by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains(r#"<pane ySplit="1" topLeftCell="A2""#),
        "{sheet}"
    );
    assert!(sheet.contains(r#"<autoFilter ref="A1:B2"/>"#), "{sheet}");
    assert!(part("xl/styles.xml").contains("<b/>"));
    assert!(part("xl/workbook.xml").contains(r#"<sheet name="客户""#));
}

#[test]
fn a_text_that_no_cell_can_hold_is_cut_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::xlsx("x", &columns(1), folder.path()).unwrap();
    for text in [
        "单".repeat(32_767),
        "单".repeat(32_768),
        "😀".repeat(20_000),
    ] {
        writer.row(&[Out::text(text)]).unwrap();
    }
    let written = writer.finish().unwrap();
    assert_eq!((written.rows, written.cut_cells), (3, 2));
    let mut bytes = Vec::new();
    written.file.unwrap().read_to_end(&mut bytes).unwrap();
    let lengths: Vec<_> = texts(&mut open(&bytes).unwrap())
        .iter()
        .map(|(_, cells)| cells[0].chars().count())
        .collect();
    assert_eq!(lengths, [32_767, 32_767, 16_384]);
}

#[test]
fn a_day_before_1900_is_written_as_text_and_not_as_another_day() {
    let bytes = written_xlsx(
        &columns(1),
        &[
            vec![Out::Day(day(1899, 12, 31))],
            vec![Out::Day(day(1900, 2, 28))],
        ],
    );
    let read: Vec<_> = rows(&mut open(&bytes).unwrap())
        .into_iter()
        .map(|row| row.cells[0].clone())
        .collect();
    assert_eq!(
        read,
        [Cell::Text("1899-12-31".into()), Cell::Day(day(1900, 2, 28))]
    );
}

#[test]
fn figures_that_are_not_finite_are_empty_cells() {
    let cells = [vec![
        Out::Number(f64::NAN),
        Out::Number(f64::INFINITY),
        Out::Bool(true),
    ]];
    for bytes in [
        written_csv(&columns(3), &cells),
        written_xlsx(&columns(3), &cells),
    ] {
        assert_eq!(
            texts(&mut open(&bytes).unwrap()),
            [row(2, &["", "", "TRUE"])]
        );
    }
}

#[test]
fn a_row_of_another_width_is_refused() {
    let mut writer = CsvWriter::new(&columns(2), Vec::new()).unwrap();
    assert!(writer.row(&[Out::Empty]).is_err());
    let folder = tempfile::tempdir().unwrap();
    assert!(
        Writer::xlsx("x", &columns(2), folder.path())
            .unwrap()
            .row(&[Out::Empty])
            .is_err()
    );
}

#[test]
fn any_name_becomes_a_name_that_a_sheet_may_have() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "a/b:c*[d]?\\e",
        "",
        "'''",
        "History",
        &"客".repeat(50),
        &"😀".repeat(20),
        "x'",
    ] {
        let written = Writer::xlsx(name, &columns(1), folder.path())
            .unwrap()
            .finish();
        assert!(written.is_ok(), "{name}");
    }
}

#[test]
fn a_sink_that_fails_is_reported() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(Writer::csv(&columns(1), Box::new(Full)).is_err());
}

#[test]
fn a_writer_can_be_handed_to_another_thread() {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::xlsx("x", &columns(1), folder.path()).unwrap();
    assert_eq!(
        std::thread::spawn(move || writer.finish().unwrap().rows)
            .join()
            .unwrap(),
        0
    );
}
