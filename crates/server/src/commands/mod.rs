//! The command line: each command in a file of its own.

mod backup;
pub mod check;
pub mod demo;
mod export;
mod failure;
mod files;
mod import;
mod logging;
mod migrate;
mod openapi;
mod place;
mod serve;
mod user;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use failure::{Failure, Outcome};
pub use place::PlaceArgs;

const EXAMPLES: &str = "\
First steps:
  chengdan demo --data ./demo-data            an invented company to look around in
  chengdan serve --data ./data                your own; prints the link that makes the first administrator
  chengdan import customers customers.xlsx --dry-run

Every option can also stand in a CHENGDAN_* variable or in a file named by --config.
A command's own page: chengdan COMMAND --help";

#[derive(Parser)]
#[command(
    name = "chengdan",
    version,
    about = "The system that a B2B sales organisation runs itself on",
    after_help = EXAMPLES,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::ServeArgs),
    Demo(demo::DemoArgs),
    Import(import::ImportArgs),
    Export(export::ExportArgs),
    User(user::UserArgs),
    Check(check::CheckArgs),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Files(files::FilesArgs),
    Migrate(migrate::MigrateArgs),
    Openapi(openapi::OpenapiArgs),
}

impl Command {
    /// The server tells what it does; the other commands only what goes wrong.
    fn speaks(&self) -> bool {
        matches!(self, Command::Serve(_))
    }

    async fn run(self) -> Outcome {
        match self {
            Command::Serve(args) => serve::run(args).await,
            Command::Demo(args) => demo::run(args).await,
            Command::Import(args) => import::run(args).await,
            Command::Export(args) => export::run(args).await,
            Command::User(args) => user::run(args).await,
            Command::Check(args) => check::run(args).await,
            Command::Backup(args) => backup::run(args).await,
            Command::Restore(args) => backup::restore(args).await,
            Command::Files(args) => files::run(args).await,
            Command::Migrate(args) => migrate::run(args).await,
            Command::Openapi(args) => openapi::run(args).await,
        }
    }
}

/// Reads the command line, does what it says, and answers the exit code: 0 done, 1 not done, 2 not understood.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli.command,
        Err(error) => {
            // Help and version come this way as well, with code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    logging::start(command.speaks());
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(command.run()));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to tell when even this can't be written.
            let _ = writeln!(std::io::stderr(), "chengdan: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Writes a line to stdout.
fn say(text: impl std::fmt::Display) -> Outcome {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        // Whoever reads has seen enough (`| head`).
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Writes a line of progress to stderr.
fn note(text: impl std::fmt::Display) -> Outcome {
    Ok(writeln!(std::io::stderr(), "{text}")?)
}
