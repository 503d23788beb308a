//! Reading delimited text.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use sheet::{Cell, Column, Format};
use support::{file, headers, open, refusal, row, rows, texts};

fn format(bytes: &[u8]) -> (&'static str, char) {
    match open(bytes).unwrap().format() {
        Format::Delimited {
            encoding,
            delimiter,
        } => (encoding, delimiter),
        Format::Workbook { .. } => panic!("read as a workbook"),
    }
}

#[test]
fn the_first_row_with_anything_in_it_is_the_header() {
    let mut sheet = open(b"\n , \n name , city\nA,B\n").unwrap();
    assert_eq!(headers(&sheet), ["name", "city"]);
    assert_eq!(sheet.header_row(), 3);
    assert_eq!(texts(&mut sheet), [row(4, &["A", "B"])]);
}

#[test]
fn rows_are_numbered_as_the_spreadsheet_program_shows_them() {
    let mut sheet = open(b"name,note\nA,\"two\nlines\"\n\n\r\n,\nB,x\rC,y").unwrap();
    assert_eq!(
        texts(&mut sheet),
        [
            row(2, &["A", "two\nlines"]),
            row(6, &["B", "x"]),
            row(7, &["C", "y"])
        ]
    );
    assert_eq!(sheet.row_count(), 3);
}

#[test]
fn a_sheet_can_be_read_again_from_the_start() {
    let mut sheet = open("名称,城市\n甲,北京\n乙,上海\n".as_bytes()).unwrap();
    let first = rows(&mut sheet);
    assert_eq!(first.len(), 2);
    sheet.rows().unwrap().next();
    assert_eq!(rows(&mut sheet), first);
}

#[test]
fn samples_are_the_first_five_rows() {
    let sheet = open(b"n\n1\n2\n3\n4\n5\n6\n").unwrap();
    let samples: Vec<_> = sheet.samples().iter().map(|row| row.number).collect();
    assert_eq!((samples, sheet.row_count()), (vec![2, 3, 4, 5, 6], 6));
}

#[test]
fn the_delimiter_is_the_one_that_gives_most_rows_the_width_of_the_header() {
    assert_eq!(format(b"name,note\nA,x;y\nB,z\n").1, ',');
    assert_eq!(format(b"name;amount\nA;1,5\nB;2,5\n").1, ';');
    assert_eq!(format(b"name\tnote, long\nA\tb, c, d\n").1, '\t');
    assert_eq!(format(b"name|note\nA|b\n").1, '|');
    assert_eq!(format(b"name\nA, B\n").1, ',');
    assert_eq!(format(b"name|note\nA\nB\n").1, ',');
}

#[test]
fn excels_separator_line_is_obeyed_and_not_taken_for_the_header() {
    let mut sheet = open(b"sep=;\r\na,b;c\r\n1;2\r\n").unwrap();
    assert_eq!(headers(&sheet), ["a,b", "c"]);
    assert_eq!(texts(&mut sheet), [row(3, &["1", "2"])]);
}

#[test]
fn quotes_protect_delimiters_line_breaks_and_quotes() {
    let mut sheet = open("a,b\n\"x,\"\"y\"\"\r\nz\",5\" pipe\n\"😀\"tail,\n".as_bytes()).unwrap();
    assert_eq!(
        texts(&mut sheet),
        [
            row(2, &["x,\"y\"\r\nz", "5\" pipe"]),
            row(3, &["😀tail", ""])
        ]
    );
}

#[test]
fn a_repeated_header_gets_a_number_and_says_so() {
    let sheet = open(b"name,name,name (2),name\nA,B,C,D\n").unwrap();
    assert_eq!(
        headers(&sheet),
        ["name", "name (3)", "name (2)", "name (4)"]
    );
    let repeated: Vec<_> = sheet
        .columns()
        .iter()
        .map(|column| column.is_repeated)
        .collect();
    assert_eq!(repeated, [false, true, false, true]);
}

#[test]
fn line_breaks_in_a_header_become_spaces() {
    let sheet = open("\"客户\n名称\",\"\u{3000}城市 \"\nA,B\n".as_bytes()).unwrap();
    assert_eq!(headers(&sheet), ["客户 名称", "城市"]);
}

#[test]
fn a_column_without_header_and_values_is_passed_over() {
    let mut sheet = open(b"a,,b,,\n1,,2,,\n3, ,4\n").unwrap();
    let column = |name: &str, position| Column {
        name: name.to_owned(),
        position,
        is_repeated: false,
    };
    assert_eq!(sheet.columns(), [column("a", 1), column("b", 3)]);
    assert_eq!(
        texts(&mut sheet),
        [row(2, &["1", "2"]), row(3, &["3", "4"])]
    );
}

#[test]
fn values_below_a_missing_header_are_refused_at_their_place() {
    let error = refusal(b"a,,b\n1,,2\n3,x,4\n");
    assert_eq!(
        (error.code(), error.row(), error.column()),
        ("missing_header", Some(3), Some("B".to_owned()))
    );
}

#[test]
fn a_row_with_too_many_cells_is_an_error_in_its_place_and_reading_goes_on() {
    let mut sheet = open(b"a,b\n1,2\n1,2,3\n4\n5,6,,\n").unwrap();
    assert_eq!(sheet.row_count(), 4);
    let read: Vec<_> = sheet.rows().unwrap().collect();
    let error = read[1].as_ref().unwrap_err();
    assert_eq!(
        (error.code(), error.row(), error.concerns_one_row()),
        ("ragged_row", Some(3), true)
    );
    assert_eq!(
        read[2].as_ref().unwrap().cells,
        [Cell::Text("4".into()), Cell::Empty]
    );
    assert_eq!(read[3].as_ref().unwrap().number, 5);
    assert_eq!(read.len(), 4);
}

#[test]
fn utf8_is_read_with_and_without_its_mark() {
    for text in ["\u{feff}名称,备注\n甲,é\n", "名称,备注\n甲,é\n"] {
        let mut sheet = open(text.as_bytes()).unwrap();
        assert_eq!(headers(&sheet), ["名称", "备注"]);
        assert_eq!(texts(&mut sheet), [row(2, &["甲", "é"])]);
    }
}

#[test]
fn utf16_is_read_in_both_byte_orders_with_and_without_its_mark() {
    for mark in ["\u{feff}", ""] {
        let text = format!("{mark}name\tcity\r\nAcme\t北京\r\n");
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            assert_eq!(
                texts(&mut open(&bytes).unwrap()),
                [row(2, &["Acme", "北京"])]
            );
        }
    }
}

#[test]
fn gb18030_is_detected_even_in_a_short_file() {
    for text in [
        "客户名称,城市\n成都单晶科技有限公司,成都\n",
        "姓名,电话\n张三,13800138000\n",
        "名称\n㐀䶵有限公司\n",
    ] {
        let (bytes, _, _) = encoding_rs_gb18030(text);
        let mut sheet = open(&bytes).unwrap();
        let shown = sheet.columns()[0].name.clone() + &texts(&mut sheet)[0].1[0];
        assert!(text.replace('\n', "").contains(&shown[..6]), "{shown}");
        assert_eq!(format(&bytes).0, "gb18030");
    }
}

fn encoding_rs_gb18030(text: &str) -> (Vec<u8>, &'static str, bool) {
    let (bytes, encoding, had_errors) = encoding_rs::GB18030.encode(text);
    (bytes.into_owned(), encoding.name(), had_errors)
}

#[test]
fn gb18030_far_behind_plain_ascii_is_detected() {
    let mut bytes = b"id,name\n".to_vec();
    for number in 0..40_000 {
        bytes.extend_from_slice(format!("{number},plain\n").as_bytes());
    }
    bytes.extend_from_slice(&encoding_rs_gb18030("x,深圳市南山区\n").0);
    let mut sheet = open(&bytes).unwrap();
    assert_eq!(
        texts(&mut sheet).last(),
        Some(&row(40_002, &["x", "深圳市南山区"]))
    );
}

#[test]
fn broken_utf8_is_named_by_its_row_and_not_read_as_another_encoding() {
    let mut bytes = "名称,城市\n成都成单科技有限公司,成都\n北京天地,北京\n"
        .as_bytes()
        .to_vec();
    bytes.extend_from_slice(b"\xFF\xFE\xFD,x\n");
    let error = refusal(&bytes);
    assert_eq!((error.code(), error.row()), ("bad_encoding", Some(4)));
}

#[test]
fn a_nul_byte_in_a_text_is_refused_at_its_place() {
    let error =
        refusal(b"name,city\nAcme Corporation,London\nBetatech,Nai\0robi\nBioholding,Manila\n");
    assert_eq!(
        (error.code(), error.row(), error.column()),
        ("nul_byte", Some(3), Some("B".to_owned()))
    );
}

#[test]
fn a_quote_that_is_never_closed_is_named_where_it_opens() {
    let mut bytes = b"name,note\nA,fine\nB,\"open\n".to_vec();
    bytes.extend_from_slice(&b"C,more\n".repeat(50_000));
    let error = refusal(&bytes);
    assert_eq!(
        (error.code(), error.row(), error.column()),
        ("unterminated_quote", Some(3), Some("B".to_owned()))
    );
}

#[test]
fn a_file_without_anything_in_it_is_empty() {
    for bytes in [
        &b""[..],
        b"\n\n",
        b" , ,\n",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB\xBF\r\n",
    ] {
        assert_eq!(refusal(bytes).code(), "empty_file", "{bytes:?}");
    }
}

#[test]
fn a_header_alone_is_a_sheet_without_rows() {
    let mut sheet = open(b"a,b").unwrap();
    assert_eq!((sheet.row_count(), rows(&mut sheet).len()), (0, 0));
}

#[test]
fn delimited_text_is_recognised_whatever_the_file_is_called() {
    let fixture = file(b"a,b\n1,2\n");
    let sheet = sheet::Sheet::open(&fixture.path, "wrong.xlsx", &sheet::Limits::default()).unwrap();
    assert_eq!(
        (headers(&sheet), sheet.file_name()),
        (vec!["a", "b"], "wrong.xlsx")
    );
}
