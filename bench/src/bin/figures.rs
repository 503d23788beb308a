//! `figures BINARY FOLDER SCALE RESULTS.md`: loads the invented company on both databases, measures, and writes the table.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bench::Result;
use bench::client::Client;
use bench::figures::{Figure, Suite};
use bench::floor::Floor;
use bench::running::Place;

fn say(text: &str) {
    // Progress only; the result is the file.
    let _ = writeln!(std::io::stdout(), "{text}");
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [chengdan, folder, scale, results] = arguments.as_slice() else {
        say("figures BINARY FOLDER SCALE RESULTS.md");
        return ExitCode::from(2);
    };
    match run(
        chengdan.into(),
        Path::new(folder),
        scale,
        Path::new(results),
    )
    .await
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("figures: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(chengdan: PathBuf, folder: &Path, scale: &str, results: &Path) -> Result<()> {
    let mut text = head(scale);
    let sqlite = Place {
        chengdan: chengdan.clone(),
        data: folder.join("sqlite"),
        database: None,
    };
    text.push_str(&database("SQLite", &sqlite, scale).await?);
    std::fs::write(results, &text)?;
    match std::env::var("CHENGDAN_TEST_POSTGRES") {
        Ok(url) => {
            let postgres = Place {
                chengdan,
                data: folder.join("postgres"),
                database: Some(url),
            };
            text.push_str(&database("PostgreSQL", &postgres, scale).await?);
        }
        Err(_) => text.push_str("\nPostgreSQL was not measured: no CHENGDAN_TEST_POSTGRES.\n"),
    }
    std::fs::write(results, &text)?;
    say(&format!("written to {}", results.display()));
    Ok(())
}

/// Loads the company where it isn't yet, and measures on it.
async fn database(name: &str, place: &Place, scale: &str) -> Result<String> {
    std::fs::create_dir_all(&place.data)?;
    let who = place.data.join("sign-in.txt");
    let mut loaded_s = None;
    if place.database.is_some() || !who.exists() {
        say(&format!("{name}: loading scale {scale}"));
        let begun = Instant::now();
        let said = place.run(&["demo", "--scale", scale, "--load-only"], "")?;
        loaded_s = Some(begun.elapsed().as_secs_f64());
        std::fs::write(&who, said)?;
    }
    let said = std::fs::read_to_string(&who)?;
    let line = said
        .lines()
        .find(|line| line.contains(" administrator "))
        .ok_or("nobody administers")?;
    let mut words = line.split(' ');
    let (Some(email), Some(password)) = (words.next(), words.next()) else {
        return Err("no sign-in".into());
    };
    let floor = match &place.database {
        Some(url) => {
            let floor = Floor::postgres(url).await?;
            floor.execute("ANALYZE").await?;
            floor
        }
        None => Floor::sqlite(&place.data.join("chengdan.db")).await?,
    };
    let mut server = Some(place.serve()?);
    let address = server
        .as_ref()
        .map(|server| server.address)
        .ok_or("no server")?;
    let client = Client::sign_in(address, email, password).await?;
    let mut suite = Suite::new(place, client, floor).await?;
    suite
        .all(&mut server, |figure| {
            say(&format!("{name}: {}", line_of(figure)))
        })
        .await?;
    Ok(table(name, place, loaded_s, &suite.figures))
}

fn head(scale: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<u64>().ok())
        .map_or(0, |kb| kb / 1_000_000);
    format!(
        "# Measured\n\nWritten by `make bench` (`BENCH_SCALE={scale} bench/run`) on {}, {cores} shared cores, {memory} GB of memory. Customers: {scale},000; \
         opportunities: twice as many. Medians over HTTP on the loopback address with kept-alive connections, signed in as an administrator. The floor \
         is the same SQL, raw through sqlx, in the same run; for writes a bare transaction of one row, which is mostly the disk's own sync. \
         *met* and *missed* speak of the bar.\n",
        today()
    )
}

fn today() -> String {
    let output = std::process::Command::new("date").arg("+%F").output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

fn number(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

fn line_of(figure: &Figure) -> String {
    match &figure.value {
        Ok(value) => format!(
            "{}: {} {} (floor {:?}, bar {:?})",
            figure.name,
            number(*value),
            figure.unit,
            figure.floor,
            figure.bar
        ),
        Err(error) => format!("{}: {error}", figure.name),
    }
}

fn table(name: &str, place: &Place, loaded_s: Option<f64>, figures: &[Figure]) -> String {
    let mut text = format!("\n## {name}\n\n");
    if let Some(seconds) = loaded_s {
        let _ = writeln!(text, "Loading the company took {seconds:.0} s.");
    }
    if let Ok(file) = std::fs::metadata(place.data.join("chengdan.db")) {
        let _ = writeln!(
            text,
            "The database's file has {:.1} GB.",
            file.len() as f64 / 1e9
        );
    }
    text.push_str("\n| figure | measured | bar | | floor | ratio |\n| --- | ---: | ---: | --- | ---: | ---: |\n");
    for figure in figures {
        let verdict = match figure.is_met() {
            Some(true) => "met",
            Some(false) => "**missed**",
            None => "",
        };
        let bar = figure
            .bar
            .map(|bar| {
                format!(
                    "{} {}",
                    if figure.more_is_better { "≥" } else { "≤" },
                    number(bar)
                )
            })
            .unwrap_or_default();
        let floor = figure.floor.map(number).unwrap_or_default();
        match &figure.value {
            Ok(value) => {
                let ratio = figure
                    .floor
                    .map(|floor| number(value / floor))
                    .unwrap_or_default();
                let _ = writeln!(
                    text,
                    "| {} | {} {} | {bar} | {verdict} | {floor} | {ratio} |",
                    figure.name,
                    number(*value),
                    figure.unit
                );
            }
            Err(error) => {
                let error: String = error
                    .chars()
                    .filter(|c| *c != '|' && *c != '\n')
                    .take(80)
                    .collect();
                let _ = writeln!(
                    text,
                    "| {} | failed: {error} | {bar} | **missed** | {floor} | |",
                    figure.name
                );
            }
        }
    }
    text
}
