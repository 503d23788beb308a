//! Measures writing and reading: `cargo run --release -p chengdan-sheet --example measure [rows, or a file to read]`.
#![expect(clippy::print_stdout, reason = "a measurement is there to be printed")]

use chrono::NaiveDate;
use sheet::{Kind, Limits, Out, OutColumn, Sheet, Writer};
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

const COLUMNS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let argument = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "100000".to_owned());
    let Ok(rows) = argument.parse::<u32>() else {
        return read(Path::new(&argument));
    };
    let folder = tempfile::tempdir()?;
    let kinds = [Kind::Text, Kind::Text, Kind::Text, Kind::Money, Kind::Day];
    let columns: Vec<_> = (0..COLUMNS)
        .map(|n| OutColumn::new(format!("列{n}"), kinds[n % kinds.len()]))
        .collect();

    let xlsx = folder.path().join("x.xlsx");
    let before = Instant::now();
    let mut writer = Writer::xlsx("客户", &columns, folder.path())?;
    fill(&mut writer, rows)?;
    if let Some(mut file) = writer.finish()?.file {
        std::io::copy(&mut file, &mut File::create(&xlsx)?)?;
    }
    report("XLSX written", rows, before);

    let csv = folder.path().join("x.csv");
    let before = Instant::now();
    let mut writer = Writer::csv(&columns, Box::new(File::create(&csv)?))?;
    fill(&mut writer, rows)?;
    writer.finish()?;
    report("CSV written", rows, before);

    for path in [csv, xlsx] {
        read(&path)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<(), Box<dyn Error>> {
    let before = Instant::now();
    let mut sheet = Sheet::open(path, "x", &Limits::default())?;
    report("opened", sheet.row_count(), before);
    let before = Instant::now();
    let read = sheet.rows()?.filter(Result::is_ok).count();
    report("read", u32::try_from(read)?, before);
    Ok(())
}

fn fill(writer: &mut Writer, rows: u32) -> Result<(), Box<dyn Error>> {
    let first_day = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
    for number in 0..rows {
        let cells: Vec<_> = (0..COLUMNS)
            .map(|column| match column % 5 {
                0 => Out::text(format!("成都成单科技有限公司{number}")),
                1 => Out::text("9151010070921234XY"),
                2 => Out::text("四川省成都市武侯区"),
                3 => Out::MoneyMinor(i64::from(number) * 12_345),
                _ => Out::Day(first_day + chrono::Days::new(u64::from(number % 2_000))),
            })
            .collect();
        writer.row(&cells)?;
    }
    Ok(())
}

fn report(what: &str, rows: u32, since: Instant) {
    println!(
        "{what}: {rows} rows in {:.2} s; {}",
        since.elapsed().as_secs_f64(),
        peak_memory()
    );
}

// Linux tells how much memory the process has held at most.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or("memory unknown")
        .replace('\t', " ")
}
