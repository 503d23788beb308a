//! `figures BINARY DATA SCALE RESULTS sqlite|postgres [GROUP…]`: measures on a copy of the invented company, and writes the page;
//! with groups it measures only these, and writes nothing.
//! `CHENGDAN_TEST_POSTGRES` leads to the PostgreSQL server.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use bench::Result;
use bench::company::Copy;
use bench::figures::{Figure, GROUPS, Suite};
use bench::results::{self, Measured, number};

const USAGE: &str = "figures BINARY DATA SCALE RESULTS sqlite|postgres [GROUP…]";

fn say(text: &str) {
    // Progress only; the result is the file.
    let _ = writeln!(std::io::stdout(), "{text}");
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [chengdan, data, scale, folder, database, only @ ..] = arguments.as_slice() else {
        say(USAGE);
        return ExitCode::from(2);
    };
    if let Some(group) = only.iter().find(|name| !GROUPS.contains(&name.as_str())) {
        say(&format!(
            "{USAGE}\nno group {group}; there are {}",
            GROUPS.join(", ")
        ));
        return ExitCode::from(2);
    }
    let database = match database.as_str() {
        "sqlite" => "sqlite",
        "postgres" => "postgres",
        _ => {
            say(USAGE);
            return ExitCode::from(2);
        }
    };
    let (data, folder) = (Path::new(data), Path::new(folder));
    match run(chengdan, data, scale, folder, database, only).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("figures: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(
    chengdan: &str,
    data: &Path,
    scale: &str,
    folder: &Path,
    database: &'static str,
    only: &[String],
) -> Result<()> {
    say(&format!("{database}: scale {scale}, loaded or copied"));
    let copy = match database {
        "sqlite" => Copy::on_sqlite(chengdan.into(), data, scale).await?,
        _ => {
            let url = std::env::var("CHENGDAN_TEST_POSTGRES")?;
            Copy::on_postgres(chengdan.into(), data, scale, &url).await?
        }
    };
    let server = copy.place.serve()?;
    let mut suite = Suite::new(&copy, &server, scale).await?;
    let mut server = Some(server);
    let whole = suite
        .all(&mut server, only, |figure| {
            say(&format!("{database}: {}", line_of(figure)))
        })
        .await;
    drop(server);
    let measured = Measured {
        database,
        scale: scale.to_owned(),
        bytes: copy.bytes,
        activities: copy.floor.count("SELECT COUNT(*) FROM activity").await?,
        loaded_s: copy.loaded_s,
        figures: std::mem::take(&mut suite.figures),
    };
    if only.is_empty() {
        results::keep(folder, &measured)?;
        say(&format!(
            "written to {}",
            folder.join("RESULTS.md").display()
        ));
    }
    copy.remove().await?;
    whole
}

fn line_of(figure: &Figure) -> String {
    let shown = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), number);
    match &figure.value {
        Ok(value) => format!(
            "{}: {} {} (floor {}, bar {})",
            figure.name,
            number(*value),
            figure.unit,
            shown(figure.floor),
            shown(figure.bar)
        ),
        Err(error) => format!("{}: {error}", figure.name),
    }
}
