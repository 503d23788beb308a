//! What was measured: kept for each scale and database, and told on one page.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value as Json, json};

use crate::Result;
use crate::figures::Figure;

/// Measured on one database at one scale.
pub struct Measured {
    pub database: &'static str,
    pub scale: String,
    pub bytes: u64,
    pub activities: i64,
    pub loaded_s: Option<f64>,
    pub figures: Vec<Figure>,
}

const INTRODUCTION: &str = "\
# Measured

What Chengdan claims of its speed, measured on the real binary over HTTP (loopback, kept-alive connections, signed in as an
administrator) with an invented company of the size that stands above each table.

- **value**: the median of 41 requests (of three runs, where it is a throughput; of one, where it takes seconds).
- **floor**: the same SQL, raw through sqlx in the same run, in turns with the requests. For a write: a bare transaction of one
  row, which is mostly the disk's own sync. For the throughput: a bare axum handler with the same SQL and the same JSON.
- **ratio**: value ÷ floor; 2 is the most that a reading page may have.
- **growth**: value ÷ the value at the smallest size that was measured on the same database.
- **bar**: what was promised. Twenty times the data may take twice the time. A write's bar counts beyond the floor.

Measure it yourself: `make bench` (about fifteen minutes the first time, while the company is loaded); `BENCH_SCALE=1000 bench/run`
for the large one, `BENCH_DATABASES=sqlite` for one database alone.
";

/// Keeps what was measured, and writes the page of all that is kept.
pub fn keep(folder: &Path, measured: &Measured) -> Result<()> {
    let kept = folder.join("results");
    std::fs::create_dir_all(&kept)?;
    let name = format!("{:0>4}-{}.json", measured.scale, measured.database);
    std::fs::write(
        kept.join(name),
        serde_json::to_string_pretty(&as_json(measured))? + "\n",
    )?;
    let mut names: Vec<_> = std::fs::read_dir(&kept)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    names.sort();
    let mut all: Vec<Json> = Vec::new();
    for name in names {
        all.push(serde_json::from_str(&std::fs::read_to_string(name)?)?);
    }
    let mut page = INTRODUCTION.to_owned();
    for json in &all {
        // Names begin with the size, so the smallest comes first.
        let smallest = all
            .iter()
            .find(|other| other["database"] == json["database"])
            .filter(|other| other["scale"] != json["scale"]);
        page.push_str(&table(json, smallest));
    }
    Ok(std::fs::write(folder.join("RESULTS.md"), page)?)
}

fn as_json(measured: &Measured) -> Json {
    let figures: Vec<Json> = measured
        .figures
        .iter()
        .map(|figure| {
            json!({
                "name": figure.name, "unit": figure.unit, "value": figure.value.as_ref().ok(),
                "failed": figure.value.as_ref().err(), "floor": figure.floor, "bar": figure.bar,
                "more_is_better": figure.more_is_better, "is_met": figure.is_met(),
            })
        })
        .collect();
    json!({
        "database": measured.database, "scale": measured.scale, "bytes": measured.bytes, "activities": measured.activities, "loaded_s": measured.loaded_s,
        "on": today(), "machine": machine(), "figures": figures,
    })
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok())
        .map_or(0, |kb| kb / 1_000_000);
    format!("{cores} shared cores, {memory} GB of memory")
}

/// The system's day, `YYYY-MM-DD`.
pub fn today() -> String {
    let output = std::process::Command::new("date").arg("+%F").output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

pub fn number(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

/// What was measured, when, and on what; a measurement in a browser says it in its own words.
fn heading(json: &Json) -> String {
    let when = format!("On {}, {}", text(&json["on"]), text(&json["machine"]));
    if let Some(title) = json["title"].as_str() {
        return format!("\n## {title}\n\n{} {when}", text(&json["about"]));
    }
    let database = match text(&json["database"]) {
        "sqlite" => "SQLite",
        _ => "PostgreSQL",
    };
    let scale: u64 = text(&json["scale"]).parse().unwrap_or_default();
    let thousands = |n: u64| match n / 1_000 {
        0 => format!("{n},000"),
        million => format!("{million},{:03},000", n % 1_000),
    };
    let mut page = format!(
        "\n## {database}, {} customers, {} opportunities, {} activities\n\n{when}; a database of {:.1} GB",
        thousands(scale),
        thousands(2 * scale),
        thousands(json["activities"].as_u64().unwrap_or_default() / 1_000),
        json["bytes"].as_f64().unwrap_or_default() / 1e9
    );
    if let Some(seconds) = json["loaded_s"].as_f64() {
        let _ = write!(page, ", loaded in {seconds:.0} s");
    }
    page
}

fn table(json: &Json, smallest: Option<&Json>) -> String {
    let mut page = heading(json);
    page.push_str(
        ".\n\n| figure | value | floor | ratio | growth | bar | verdict |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |\n",
    );
    let figures = |json: &Json| json["figures"].as_array().cloned().unwrap_or_default();
    let before = smallest.map(figures).unwrap_or_default();
    for figure in &figures(json) {
        let before = before.iter().find(|other| other["name"] == figure["name"]);
        page.push_str(&row(figure, before));
    }
    page
}

fn row(figure: &Json, before: Option<&Json>) -> String {
    let shown = |json: &Json| json.as_f64().map(number).unwrap_or_default();
    let unit = text(&figure["unit"]);
    let value = match figure["value"].as_f64() {
        Some(value) => format!("{} {unit}", number(value)),
        None => {
            let failed = text(&figure["failed"]).chars();
            let plain: String = failed.filter(|c| !"|\n".contains(*c)).take(80).collect();
            format!("failed: {plain}")
        }
    };
    let over = |other: Option<f64>| {
        figure["value"]
            .as_f64()
            .zip(other)
            .map(|(value, other)| number(value / other))
            .unwrap_or_default()
    };
    let ratio = over(figure["floor"].as_f64());
    let growth = over(before.and_then(|before| before["value"].as_f64()));
    let sign = match figure["more_is_better"].as_bool() {
        Some(true) => "≥",
        _ => "≤",
    };
    let bar = match figure["bar"].is_null() {
        true => String::new(),
        false => format!("{sign} {}", shown(&figure["bar"])),
    };
    let verdict = match (figure["value"].is_null(), figure["is_met"].as_bool()) {
        (true, _) | (_, Some(false)) => "**missed**",
        (_, Some(true)) => "met",
        _ => "",
    };
    format!(
        "| {} | {value} | {} | {ratio} | {growth} | {bar} | {verdict} |\n",
        text(&figure["name"]),
        shown(&figure["floor"])
    )
}
