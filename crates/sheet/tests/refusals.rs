//! Files that are refused: too large, not what they seem, or made to harm.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use sheet::{Limits, SheetError};
use std::io::Write;
use support::{Book, file, inline, open, refusal, sheet_part};

fn refusal_within(bytes: &[u8], limits: &Limits) -> SheetError {
    match file(bytes).open_within(limits) {
        Ok(_) => panic!("the file was accepted"),
        Err(error) => error,
    }
}

#[test]
fn a_file_beyond_its_size_is_refused_unread() {
    let limits = Limits {
        file_bytes: 10,
        ..Limits::default()
    };
    let error = refusal_within(b"name,city\n1,2\n", &limits);
    assert_eq!((error.code(), error.limit()), ("file_too_large", Some(10)));
}

#[test]
fn a_million_rows_are_accepted_and_one_more_is_refused() {
    let mut bytes = b"n\n".to_vec();
    bytes.extend_from_slice(&b"7\n".repeat(1_000_000));
    assert_eq!(open(&bytes).unwrap().row_count(), 1_000_000);
    bytes.extend_from_slice(b"7\n");
    let error = refusal(&bytes);
    assert_eq!(
        (error.code(), error.row(), error.limit()),
        ("too_many_rows", Some(1_000_002), Some(1_000_000))
    );
}

#[test]
fn a_thousand_columns_are_accepted_and_one_more_is_refused() {
    let header = |count: usize| {
        (0..count)
            .map(|n| format!("c{n}"))
            .collect::<Vec<_>>()
            .join(",")
    };
    assert_eq!(
        open(header(1_000).as_bytes()).unwrap().columns().len(),
        1_000
    );
    let error = refusal(header(1_001).as_bytes());
    assert_eq!((error.code(), error.row()), ("too_many_columns", Some(1)));
    assert_eq!(
        open(format!("{}{}", header(3), ",".repeat(16_000)).as_bytes())
            .unwrap()
            .columns()
            .len(),
        3
    );

    let error = refusal(&Book::new(&format!("<row>{}</row>", inline("ALM1", "x"))).bytes());
    assert_eq!((error.code(), error.row()), ("too_many_columns", Some(1)));
}

#[test]
fn a_cell_of_10_mb_is_refused_at_its_place() {
    let long = "x".repeat(10 << 20);
    let place = |error: SheetError| (error.code(), error.row(), error.column());
    let expected = ("cell_too_long", Some(2), Some("B".to_owned()));

    assert_eq!(
        place(refusal(format!("a,b\n1,{long}\n").as_bytes())),
        expected
    );
    assert_eq!(
        place(refusal(format!("a,b\n1,\"{long}\"\n").as_bytes())),
        expected
    );
    let head = format!("<row>{}{}</row>", inline("A1", "a"), inline("B1", "b"));
    let inlined = format!(
        "{head}<row>{}{}</row>",
        inline("A2", "1"),
        inline("B2", &long)
    );
    assert_eq!(place(refusal(&Book::new(&inlined).bytes())), expected);
    let shared = format!(
        r#"{head}<row>{}<c r="B2" t="s"><v>1</v></c></row>"#,
        inline("A2", "1")
    );
    assert_eq!(
        place(refusal(
            &Book::new(&shared).with_texts(&["short", &long]).bytes()
        )),
        expected
    );
}

#[test]
fn a_cell_may_hold_what_a_spreadsheet_program_can_hold() {
    for (length, is_accepted) in [(32_767, true), (32_768, false)] {
        let long = "单".repeat(length);
        assert_eq!(open(format!("a\n{long}\n").as_bytes()).is_ok(), is_accepted);
        let rows = format!(
            "<row>{}</row><row>{}</row>",
            inline("A1", "a"),
            inline("A2", &long)
        );
        let refused = open(&Book::new(&rows).bytes()).err();
        assert_eq!(
            refused.as_ref().map(SheetError::code),
            (!is_accepted).then_some("cell_too_long"),
            "{refused:?}"
        );
    }
}

#[test]
fn a_zip_bomb_is_refused_by_what_it_states() {
    let rows = format!("<row>{}</row>{}", inline("A1", "a"), " ".repeat(60 << 20));
    assert_eq!(refusal(&Book::new(&rows).bytes()).code(), "zip_bomb");
    let media = String::from_utf8(vec![b' '; 60 << 20]).unwrap();
    let beside = Book::new(&inline("A1", "a")).with("xl/media/image1.png", &media);
    assert_eq!(refusal(&beside.bytes()).code(), "zip_bomb");
}

#[test]
fn a_part_that_unpacks_to_more_than_it_states_is_stopped_there() {
    let rows: String = (1..=200_000)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>7</v></c></row>"#))
        .collect();
    let mut bytes = Book::new(&rows).bytes();
    let actual = u32::try_from(sheet_part(&rows).len())
        .unwrap()
        .to_le_bytes();
    let places: Vec<_> = (0..bytes.len() - 4)
        .filter(|&at| bytes[at..at + 4] == actual)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&1_000u32.to_le_bytes());
    }
    assert_eq!(refusal(&bytes).code(), "damaged");
}

#[test]
fn the_table_of_shared_texts_has_a_limit_of_its_own() {
    let book = Book::new(r#"<row><c r="A1" t="s"><v>0</v></c></row>"#);
    let limits = Limits {
        shared_texts: 2,
        ..Limits::default()
    };
    assert_eq!(
        refusal_within(&book.with_texts(&["a", "b", "c"]).bytes(), &limits).code(),
        "too_much_text"
    );
    let claims = Book::new("").with(
        "xl/sharedStrings.xml",
        r#"<sst uniqueCount="99999999999999"><si><t>a</t></si></sst>"#,
    );
    assert_eq!(refusal(&claims.bytes()).code(), "too_much_text");
}

#[test]
fn garbage_is_not_a_spreadsheet_whatever_its_name() {
    let mut state = 1u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(5_000)
    .collect();
    for garbage in [
        &noise[..],
        &noise[..200],
        b"%PDF-1.7 text",
        b"\x89PNG\r\n\x1a\n",
        &[0; 500],
    ] {
        assert_eq!(refusal(garbage).code(), "not_a_spreadsheet");
    }
}

#[test]
fn an_archive_that_is_cut_off_or_filled_with_noise_is_damaged() {
    let whole = Book::new(&format!("<row>{}</row>", inline("A1", "a"))).bytes();
    assert_eq!(open(&whole).unwrap().row_count(), 0);
    for length in [10, whole.len() / 2, whole.len() - 10] {
        assert_eq!(refusal(&whole[..length]).code(), "damaged");
    }
    let mut noisy = whole.clone();
    noisy[60..200].fill(0xA5);
    assert_eq!(refusal(&noisy).code(), "damaged");
    assert_eq!(
        refusal(b"PK\x03\x04 and then nothing of use").code(),
        "damaged"
    );
}

#[test]
fn no_single_wrong_byte_in_a_workbook_makes_the_reader_panic() {
    let whole = Book::new(&format!(
        "<row>{}</row><row><c r=\"A2\"><v>1</v></c></row>",
        inline("A1", "a")
    ))
    .bytes();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        if let Ok(mut sheet) = open(&bytes) {
            assert!(sheet.rows().unwrap().count() <= 2);
        }
    }
}

#[test]
fn an_archive_without_a_workbook_is_not_a_spreadsheet() {
    let other = Book { parts: Vec::new() }.with("readme.txt", "hello");
    assert_eq!(refusal(&other.bytes()).code(), "not_a_spreadsheet");
    let letter = Book::new("").with("word/document.xml", "<w/>");
    assert_eq!(refusal(&letter.bytes()).code(), "not_a_spreadsheet");
}

#[test]
fn other_spreadsheet_formats_are_named() {
    let ods = Book { parts: Vec::new() }
        .with("mimetype", "x")
        .with("content.xml", "<x/>");
    let xlsb = Book::new("").with("xl/workbook.bin", "x");
    for bytes in [
        ods.bytes(),
        xlsb.bytes(),
        b"<html><table>".to_vec(),
        b"<?xml version=\"1.0\"?><Workbook/>".to_vec(),
    ] {
        assert_eq!(refusal(&bytes).code(), "unsupported_format");
    }
}

#[test]
fn old_and_encrypted_workbooks_are_told_apart() {
    let mut container = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    container.resize(100_000, 0);
    assert_eq!(refusal(&container).code(), "old_xls");
    // Across the border of two pieces that are read one after the other.
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    container[65_520..65_552].copy_from_slice(&name);
    assert_eq!(refusal(&container).code(), "encrypted");
}

#[test]
fn a_workbook_cannot_name_an_unchecked_part_as_its_sheet() {
    let book = Book::new("");
    let relations = String::from_utf8(book.parts[3].1.clone()).unwrap();
    let book = book.with(
        "xl/_rels/workbook.xml.rels",
        &relations.replace("worksheets/sheet1.xml", "media/sheet1.png"),
    );
    assert_eq!(refusal(&book.bytes()).code(), "damaged");
}

#[test]
fn impossible_cell_positions_are_refused() {
    for place in ["AAAAAAAAAAAA1", "A99999999999", "A", "1A", "Ä1"] {
        let rows = format!("<row>{}</row>", inline(place, "x"));
        assert_eq!(
            refusal(&Book::new(&rows).bytes()).code(),
            "damaged",
            "{place}"
        );
    }
    let backwards = format!(
        "<row>{}</row><row>{}</row>",
        inline("A5", "x"),
        inline("A2", "y")
    );
    assert_eq!(refusal(&Book::new(&backwards).bytes()).code(), "damaged");
}

#[test]
fn document_types_and_endless_tags_are_refused() {
    let part = sheet_part(&inline("A1", "x"));
    let typed = Book::new("").with(
        "xl/worksheets/sheet1.xml",
        &format!("<!DOCTYPE x [<!ENTITY a 'b'>]>{part}"),
    );
    assert_eq!(refusal(&typed.bytes()).code(), "damaged");
    let mut noise = Vec::new();
    for number in 0..400_000u32 {
        write!(noise, "{:x}", number.wrapping_mul(2_654_435_761)).unwrap();
    }
    let endless = format!("<row note=\"{}\"/>", String::from_utf8(noise).unwrap());
    assert_eq!(refusal(&Book::new(&endless).bytes()).code(), "damaged");
}
