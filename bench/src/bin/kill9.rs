//! `kill9 BINARY DATA_FOLDER ROUNDS [DATABASE_URL]`: see `bench::kill`.

use std::io::Write;
use std::process::ExitCode;

use bench::running::Place;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = std::io::stdout();
    let [chengdan, data, rounds, database @ ..] = arguments.as_slice() else {
        let _ = writeln!(out, "kill9 BINARY DATA_FOLDER ROUNDS [DATABASE_URL]");
        return ExitCode::from(2);
    };
    let place = Place {
        chengdan: chengdan.into(),
        data: data.into(),
        database: database.first().cloned(),
        environment: Vec::new(),
    };
    let outcome = bench::kill::rounds(&place, rounds.parse().unwrap_or(5), |line| {
        let _ = writeln!(std::io::stdout(), "{line}");
    })
    .await;
    match outcome {
        Ok(report) => {
            let _ = writeln!(out, "nothing lost: {report:?}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(out, "LOST: {error}");
            ExitCode::FAILURE
        }
    }
}
