//! What the tests share: files made on the spot, and workbooks put together from bare XML.
#![expect(dead_code, reason = "each test program uses a part of it")]

use chrono::NaiveDate;
use sheet::{Cell, CsvWriter, Kind, Limits, Out, OutColumn, Row, Sheet, SheetError, Writer};
use std::io::{Read, Write};
use std::path::PathBuf;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A file that lives as long as the test.
pub struct Fixture {
    folder: TempDir,
    pub path: PathBuf,
}

pub fn file(bytes: &[u8]) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("upload");
    std::fs::write(&path, bytes).unwrap();
    Fixture { folder, path }
}

impl Fixture {
    pub fn open(&self) -> Result<Sheet, SheetError> {
        self.open_within(&Limits::default())
    }

    pub fn open_within(&self, limits: &Limits) -> Result<Sheet, SheetError> {
        Sheet::open(&self.path, "upload", limits)
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

pub fn open(bytes: &[u8]) -> Result<Sheet, SheetError> {
    file(bytes).open()
}

/// The error with which a file is refused.
pub fn refusal(bytes: &[u8]) -> SheetError {
    match open(bytes) {
        Ok(_) => panic!("the file was accepted"),
        Err(error) => error,
    }
}

pub fn headers(sheet: &Sheet) -> Vec<&str> {
    sheet
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect()
}

pub fn rows(sheet: &mut Sheet) -> Vec<Row> {
    sheet.rows().unwrap().map(Result::unwrap).collect()
}

/// Row numbers with the texts of their cells.
pub fn texts(sheet: &mut Sheet) -> Vec<(u32, Vec<String>)> {
    let text = |cell: &Cell| cell.text().into_owned();
    rows(sheet)
        .iter()
        .map(|row| (row.number, row.cells.iter().map(text).collect()))
        .collect()
}

pub fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (
        number,
        cells.iter().map(|cell| (*cell).to_owned()).collect(),
    )
}

const TYPES: &str =
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/></cellXfs></styleSheet>"#;

/// The parts of a workbook with one sheet, of which a test replaces what it is about.
pub struct Book {
    pub parts: Vec<(String, Vec<u8>)>,
}

impl Book {
    /// `rows` is what stands inside `sheetData`; style 1 is a day, 2 a date with time, 3 a time of day.
    pub fn new(rows: &str) -> Self {
        let workbook = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
        Self { parts: Vec::new() }
            .with("[Content_Types].xml", TYPES)
            .with("_rels/.rels", PACKAGE)
            .with("xl/workbook.xml", workbook)
            .with("xl/_rels/workbook.xml.rels", RELATIONS)
            .with("xl/styles.xml", STYLES)
            .with("xl/worksheets/sheet1.xml", &sheet_part(rows))
    }

    pub fn with(mut self, name: &str, content: &str) -> Self {
        self.parts.retain(|(other, _)| other != name);
        self.parts
            .push((name.to_owned(), content.as_bytes().to_vec()));
        self
    }

    /// Adds the table of shared texts.
    pub fn with_texts(self, texts: &[&str]) -> Self {
        let items: String = texts
            .iter()
            .map(|text| format!("<si><t>{text}</t></si>"))
            .collect();
        self.with(
            "xl/sharedStrings.xml",
            &format!(r#"<sst uniqueCount="{}">{items}</sst>"#, texts.len()),
        )
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in &self.parts {
            archive
                .start_file(
                    name,
                    SimpleFileOptions::default().compression_level(Some(6)),
                )
                .unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }
}

pub fn sheet_part(rows: &str) -> String {
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

/// A cell with a text of its own.
pub fn inline(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

/// Columns for texts.
pub fn columns(count: usize) -> Vec<OutColumn> {
    (0..count)
        .map(|number| OutColumn::new(format!("第{number}列"), Kind::Text))
        .collect()
}

/// The bytes of a CSV file with these rows.
pub fn written_csv(columns: &[OutColumn], cells: &[Vec<Out<'_>>]) -> Vec<u8> {
    let mut writer = CsvWriter::new(columns, Vec::new()).unwrap();
    cells.iter().for_each(|row| writer.row(row).unwrap());
    writer.finish().unwrap()
}

/// The bytes of a workbook with these rows.
pub fn written_xlsx(columns: &[OutColumn], cells: &[Vec<Out<'_>>]) -> Vec<u8> {
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

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}
