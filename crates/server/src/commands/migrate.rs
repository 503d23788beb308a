//! `migrate`: brings the database up to date, as `serve` does at its start.

use clap::Args;
use platform::db::Db;

use super::{Outcome, PlaceArgs, place, say};
use crate::migrations;

const EXAMPLES: &str = "\
Examples:
  chengdan migrate --data /var/lib/chengdan             apply what is missing
  chengdan migrate --pending                            only say what is missing

`serve` does the same at its start; this is for those who want it as a step of its own. Take a backup before.";

/// Bring the database up to date
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct MigrateArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Only name what is missing, and change nothing
    #[arg(long)]
    pending: bool,
}

pub async fn run(args: MigrateArgs) -> Outcome {
    let place = args.place.place()?;
    if args.pending {
        let place = args.place.existing()?;
        let told = |error| place::told(&place, &error);
        let db = Db::open(place.source()).await.map_err(told)?;
        let missing = platform::db::pending(&db, &migrations::migrations())
            .await
            .map_err(told)?;
        for name in &missing {
            say(name)?;
        }
        if missing.is_empty() {
            say("up to date")?;
        }
        return Ok(db.close().await?);
    }
    std::fs::create_dir_all(&place.data)?;
    let db = Db::open(place.source())
        .await
        .map_err(|error| place::told(&place, &error))?;
    let count = platform::db::migrate(&db, &migrations::migrations(), platform::clock::system_ms())
        .await
        .map_err(|error| place::told(&place, &error))?;
    say(if count == 0 {
        "up to date".to_owned()
    } else {
        format!("{count} applied; up to date")
    })?;
    Ok(db.close().await?)
}
