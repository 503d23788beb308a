//! What is written is what is read.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::*;
use sheet::{Cell, CsvWriter, Kind, Limits, Out, OutColumn, Sheet, Writer};
use std::io::{Read, Write};
use support::{Fixture, file, headers, open, row, rows, texts};

fn columns(count: usize) -> Vec<OutColumn> {
    (0..count)
        .map(|number| OutColumn::new(format!("第{number}列"), Kind::Text))
        .collect()
}

fn written_csv(columns: &[OutColumn], cells: &[Vec<Out<'_>>]) -> Vec<u8> {
    let mut writer = CsvWriter::new(columns, Vec::new()).unwrap();
    cells.iter().for_each(|row| writer.row(row).unwrap());
    writer.finish().unwrap()
}

fn written_xlsx(columns: &[OutColumn], cells: &[Vec<Out<'_>>]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::xlsx("客户", columns, folder.path()).unwrap();
    cells.iter().for_each(|row| writer.row(row).unwrap());
    let mut bytes = Vec::new();
    writer
        .finish()
        .unwrap()
        .file
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

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
    let read: Vec<_> = read(&bytes)
        .into_iter()
        .map(|(_, cells)| cells[0].clone())
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

#[test]
fn real_files_are_read_whole() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let companies = data.join("cn_listed_companies/stock_basic_fullname_2020.csv");
    let pipeline = data.join("maven_crm/sales_pipeline.csv");
    let (companies, pipeline) = if companies.exists() && pipeline.exists() {
        (
            std::fs::read(companies).unwrap(),
            std::fs::read(pipeline).unwrap(),
        )
    } else {
        made_like_the_real_files()
    };
    for bytes in [
        companies.clone(),
        encoding_rs::GB18030
            .encode(std::str::from_utf8(&companies).unwrap())
            .0
            .into_owned(),
    ] {
        let mut sheet = open(&bytes).unwrap();
        assert_eq!(
            (sheet.row_count(), &headers(&sheet)[..3]),
            (3_842, &["TS代码", "股票代码", "股票名称"][..])
        );
        assert_eq!(texts(&mut sheet)[0].1[5], "平安银行股份有限公司");
    }
    let mut sheet = open(&pipeline).unwrap();
    assert_eq!((sheet.row_count(), sheet.columns().len()), (8_800, 8));
    assert_eq!(texts(&mut sheet)[0].1[..2], ["1C1I7A6R", "Moses Frase"]);
}

fn made_like_the_real_files() -> (Vec<u8>, Vec<u8>) {
    let mut companies = "TS代码,股票代码,股票名称,所在地域,所属行业,股票全称\n".to_owned();
    let mut pipeline = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n".to_owned();
    (0..3_842).for_each(|_| {
        companies.push_str("000001.SZ,000001,平安银行,深圳,银行,平安银行股份有限公司\n")
    });
    (0..8_800).for_each(|_| {
        pipeline.push_str(
            "1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054\n",
        )
    });
    (companies.into_bytes(), pipeline.into_bytes())
}

#[test]
fn a_sheet_stays_readable_when_its_file_is_taken_away() {
    let fixture: Fixture = file(b"a\n1\n2\n");
    let mut sheet = Sheet::open(&fixture.path, "x.csv", &Limits::default()).unwrap();
    std::fs::remove_file(&fixture.path).unwrap();
    assert_eq!(rows(&mut sheet).len(), 2);
}
