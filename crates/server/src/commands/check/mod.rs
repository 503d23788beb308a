//! `check`: whether everything that must hold holds. Reads only, unless told to repair what follows from the rest.

mod facts;
pub mod files;
mod memory;
mod queries;
mod search;

use std::sync::Arc;

use clap::Args;
use platform::app::App;
use platform::db::Db;
use platform::ledger;

use super::{Failure, Outcome, PlaceArgs, note, place, say};
use crate::{migrations, start};

const EXAMPLES: &str = "\
Examples:
  chengdan check --data /var/lib/chengdan         also while the server runs
  chengdan check --database postgres://…
  chengdan check --data DIR --repair              make the sums of figures anew before; writers wait meanwhile

It looks at the database's own integrity, the ledger's hash chain, the ledger against the records, references, the line of
command, opportunities' sums and stage histories, imports, the search index, the sums that figures are read from, and whether the attachments and
uploads are where they are kept, in the folder or in the bucket, in their sizes. Each finding is one line on stdout, and the
exit code is 1 when there is one. Findings mean that somebody changed the database beside Chengdan, that the disk lies, or
a defect: keep the data as it is, and tell us.";

/// Verify the data: integrity, hash chain, references, sums, search, files
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Make the sums of figures anew from the records; everything else is only looked at
    #[arg(long)]
    repair: bool,
}

/// What was looked at, and what was found.
#[derive(Debug, Default)]
pub struct Findings {
    pub looked_at: Vec<String>,
    pub found: Vec<String>,
}

impl Findings {
    fn add(&mut self, name: &str, found: Vec<String>) {
        if !self.looked_at.iter().any(|known| known == name) {
            self.looked_at.push(name.to_owned());
        }
        self.found
            .extend(found.into_iter().map(|text| format!("{name}: {text}")));
    }
}

pub async fn run(args: CheckArgs) -> Outcome {
    let place = args.place.existing()?;
    let told = |error| place::told(&place, &error);
    let db = Db::open(place.source()).await.map_err(told)?;
    let missing = platform::db::pending(&db, &migrations::migrations())
        .await
        .map_err(told)?;
    if !missing.is_empty() {
        return Err(Failure::new(
            "the database is of an older version; run chengdan migrate before",
        ));
    }
    let app = start::on(db, &place, start::system_clock()).await?;
    if args.repair {
        for text in facts::repair(&app).await? {
            note(text)?;
        }
    }
    let findings = all(&app).await?;
    app.db.clone().close().await?;
    for text in &findings.found {
        say(text)?;
    }
    if findings.found.is_empty() {
        return say(format!("all is well: {}", findings.looked_at.join(", ")));
    }
    Err(Failure::new(format!("{} findings", findings.found.len())))
}

/// Everything that is checked, on one moment's state.
pub async fn all(app: &Arc<App>) -> Outcome<Findings> {
    let mut findings = Findings::default();
    findings.add("file", app.db.integrity().await?);
    findings.add("hash chain", chain(&app.db).await?);
    memory::look(app, &mut findings).await?;
    queries::look(app, &mut findings).await?;
    search::look(app, &mut findings).await?;
    facts::look(app, &mut findings).await?;
    files::look(app, &mut findings).await?;
    Ok(findings)
}

async fn chain(db: &Db) -> Outcome<Vec<String>> {
    Ok(match ledger::verify(db).await? {
        Ok(_) => Vec::new(),
        Err(seq) => vec![format!(
            "the ledger was changed, or lacks an entry, at number {seq}"
        )],
    })
}
