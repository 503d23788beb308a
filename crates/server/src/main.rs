//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "chengdan",
    version,
    about = "The system that a B2B sales organisation runs itself on"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the web UI
    Serve {
        #[arg(long, env = "CHENGDAN_DATA", default_value = "data")]
        data: PathBuf,
        #[arg(long, env = "CHENGDAN_DATABASE")]
        database: Option<String>,
        #[arg(long, env = "CHENGDAN_LISTEN", default_value = "127.0.0.1:8080")]
        listen: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve {
        data,
        database,
        listen,
    } = Cli::parse().command;
    let mut place = server::start::Place::in_folder(&data);
    place.database = database;
    let result = async {
        let app = server::start::start(&place, server::start::system_clock()).await?;
        let listener = tokio::net::TcpListener::bind(&listen).await?;
        if let Some(secret) = server::sign_in::links::first_start(&app).await? {
            tracing::info!("set up at http://{listen}/setup?token={secret}");
            eprintln!("set up at http://{listen}/setup?token={secret}");
        }
        server::serve::serve(app, listener).await?;
        Ok::<(), platform::problem::Problem>(())
    }
    .await;
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
