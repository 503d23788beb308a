//! Reading workbooks.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use sheet::{Cell, Format};
use support::{Book, day, headers, inline, open, refusal, row, rows, texts};

/// The cells below a header that is as wide as they are.
fn cells(xml: &str) -> Vec<Cell> {
    let width = xml.matches("<c ").count() + xml.matches("<c>").count();
    let header: String = (0..width)
        .map(|n| format!(r#"<c t="inlineStr"><is><t>h{n}</t></is></c>"#))
        .collect();
    let mut sheet =
        open(&Book::new(&format!("<row>{header}</row><row>{xml}</row>")).bytes()).unwrap();
    rows(&mut sheet).remove(0).cells
}

#[test]
fn every_type_of_cell_is_told_apart() {
    let read = cells(
        r#"<c><v>1.5</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c t="inlineStr"><is><t>text</t></is></c><c s="1"><v>45352</v></c><c s="2"><v>45352.604166666664</v></c><c><v></v></c>"#,
    );
    let expected = [
        Cell::Number(1.5),
        Cell::Bool(true),
        Cell::Error("#REF!".into()),
        Cell::Text("text".into()),
        Cell::Day(day(2024, 3, 1)),
        Cell::DateTime(day(2024, 3, 1).and_hms_opt(14, 30, 0).unwrap()),
        Cell::Empty,
    ];
    assert_eq!(read, expected);
}

#[test]
fn a_formula_gives_what_it_gave_when_it_was_saved() {
    let read = cells(
        r#"<c><f>1+1</f><v>2</v></c><c t="str"><f>"a"&amp;"b"</f><v>a&amp;b</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><f>A9</f></c>"#,
    );
    assert_eq!(
        read,
        [
            Cell::Number(2.0),
            Cell::Text("a&b".into()),
            Cell::Error("#DIV/0!".into()),
            Cell::Empty
        ]
    );
}

#[test]
fn days_follow_the_1900_system_with_its_leap_day_that_never_was() {
    let read = cells(
        r#"<c s="1"><v>1</v></c><c s="1"><v>59</v></c><c s="1"><v>61</v></c><c s="1"><v>36526</v></c><c s="1"><v>2958465</v></c>"#,
    );
    let expected = [
        day(1900, 1, 1),
        day(1900, 2, 28),
        day(1900, 3, 1),
        day(2000, 1, 1),
        day(9999, 12, 31),
    ];
    assert_eq!(read, expected.map(Cell::Day));
}

#[test]
fn what_is_no_date_in_a_spreadsheet_program_stays_a_figure() {
    assert_eq!(
        cells(r#"<c s="1"><v>-5</v></c><c s="1"><v>2958466</v></c>"#),
        [Cell::Number(-5.0), Cell::Number(2_958_466.0)]
    );
    let huge = cells(r#"<c s="1"><v>1e300</v></c><c s="3"><v>0.604166666</v></c>"#);
    assert_eq!(huge, [Cell::Number(1e300), Cell::Text("14:30:00".into())]);
}

#[test]
fn days_of_a_workbook_with_the_1904_system_are_right_too() {
    let rows_xml = format!(
        r#"<row>{}</row><row><c s="1"><v>43890</v></c></row>"#,
        inline("A1", "on")
    );
    let book = Book::new(&rows_xml);
    let workbook = String::from_utf8(book.parts[2].1.clone()).unwrap();
    let book = book.with(
        "xl/workbook.xml",
        &workbook.replace("<sheets>", "<workbookPr date1904=\"1\"/><sheets>"),
    );
    assert_eq!(
        rows(&mut open(&book.bytes()).unwrap())[0].cells,
        [Cell::Day(day(2024, 3, 1))]
    );
}

#[test]
fn rows_keep_their_numbers_across_gaps_and_blank_rows() {
    let xml = [
        r#"<row r="3">"#,
        &inline("B3", "name"),
        &inline("C3", "city"),
        r#"</row><row r="4"><c r="B4" s="1"/></row><row r="7">"#,
        &inline("C7", "北京"),
        r#"</row><row r="8">"#,
        &inline("B8", " "),
        r#"</row><row r="1048576">"#,
        &inline("B1048576", "last"),
        "</row>",
    ]
    .concat();
    let mut sheet = open(&Book::new(&xml).bytes()).unwrap();
    assert_eq!(
        (headers(&sheet), sheet.header_row()),
        (vec!["name", "city"], 3)
    );
    assert_eq!(
        texts(&mut sheet),
        [row(7, &["", "北京"]), row(1_048_576, &["last", ""])]
    );
    assert_eq!(texts(&mut sheet).len(), 2);
}

#[test]
fn cells_and_rows_without_stated_positions_follow_each_other() {
    let text = |text: &str| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#);
    let xml = format!(
        "<row>{}{}</row><row>{}{}</row>",
        text("a"),
        text("b"),
        text("1"),
        text("2")
    );
    assert_eq!(
        texts(&mut open(&Book::new(&xml).bytes()).unwrap()),
        [row(2, &["1", "2"])]
    );
}

#[test]
fn shared_texts_with_formatting_inside_are_read_whole() {
    let texts_part = r#"<sst><si><t>name</t></si><si><r><t xml:space="preserve">成 </t></r><r><t>单</t></r></si></sst>"#;
    let xml = r#"<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>"#;
    let book = Book::new(xml).with("xl/sharedStrings.xml", texts_part);
    assert_eq!(
        texts(&mut open(&book.bytes()).unwrap()),
        [row(2, &["成 单"])]
    );
}

#[test]
fn the_first_visible_sheet_with_anything_in_it_is_read() {
    let sheets = r#"<workbook xmlns:r="r"><sheets><sheet name="Hidden" state="hidden" r:id="rId1"/><sheet name="Blank" r:id="rId2"/><sheet name="客户" r:id="rId3"/></sheets></workbook>"#;
    let relation = |n: u32| {
        format!(
            r#"<Relationship Id="rId{n}" Type="http://x/worksheet" Target="worksheets/sheet{n}.xml"/>"#
        )
    };
    let relations = format!(
        "<Relationships>{}{}{}</Relationships>",
        relation(1),
        relation(2),
        relation(3)
    );
    let book = Book::new(&inline("A1", "hidden"))
        .with("xl/workbook.xml", sheets)
        .with("xl/_rels/workbook.xml.rels", &relations)
        .with("xl/worksheets/sheet2.xml", &support::sheet_part(""))
        .with(
            "xl/worksheets/sheet3.xml",
            &support::sheet_part(&format!("<row>{}</row>", inline("A1", "name"))),
        );
    let sheet = open(&book.bytes()).unwrap();
    assert_eq!(
        (headers(&sheet), sheet.format()),
        (
            vec!["name"],
            Format::Workbook {
                sheet: "客户".into()
            }
        )
    );
}

#[test]
fn a_workbook_without_any_cell_is_empty() {
    assert_eq!(refusal(&Book::new("").bytes()).code(), "empty_file");
}

#[test]
fn headers_may_be_figures_and_days() {
    let xml = r#"<row><c><v>2026</v></c><c s="1"><v>45352</v></c></row>"#;
    assert_eq!(
        headers(&open(&Book::new(xml).bytes()).unwrap()),
        ["2026", "2024-03-01"]
    );
}

#[test]
fn figures_are_shown_as_the_spreadsheet_program_shows_them() {
    let shown = |number: f64| Cell::Number(number).text().into_owned();
    assert_eq!(shown(13_800_138_000.0), "13800138000");
    assert_eq!(shown(0.1 + 0.2), "0.3");
    assert_eq!(shown(-0.0), "0");
    assert_eq!(shown(1234.5), "1234.5");
}

#[test]
fn an_open_sheet_can_be_handed_to_another_thread() {
    let mut sheet = open(&Book::new(&format!("<row>{}</row>", inline("A1", "x"))).bytes()).unwrap();
    assert_eq!(
        std::thread::spawn(move || rows(&mut sheet).len())
            .join()
            .unwrap(),
        0
    );
}
