//! `import`: a file into a resource, exactly as the wizard does it.

use std::path::PathBuf;

use clap::Args;
use platform::access::{Access, Source};
use platform::app::App;
use std::sync::Arc;

use super::{Failure, Outcome, PlaceArgs, place, say};
use crate::imports::{Mapping, import_file};

const EXAMPLES: &str = "\
Examples:
  chengdan import customers customers.xlsx --dry-run          say what would happen, and change nothing
  chengdan import customers customers.csv --as it@example.com
  chengdan import opportunities deals.csv --mapping deals.json

The summary is JSON on stdout, with errors by row and column. Without --mapping the one kept in the wizard for a file with the
same headers is taken, else the suggested one; a summary's \"mapping\" can be saved, changed, and given. One bad row
refuses the file unless the mapping says \"skip_bad_rows\": true. An import is there whole or not at all, and can be undone in the
UI. Exit code 1 when nothing was imported.";

/// Import an XLSX or CSV file
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ImportArgs {
    /// What the rows are: customers, contacts, opportunities, products, people, teams…
    resource: String,
    file: PathBuf,
    /// Which column belongs to which field, as JSON
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Check everything, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Whose rights hold and who stands in the history; an administrator unless told
    #[arg(long = "as", value_name = "EMAIL")]
    person: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
}

pub async fn run(args: ImportArgs) -> Outcome {
    if !args.file.is_file() {
        return Err(Failure::new(format!("no file {}", args.file.display())));
    }
    let mapping: Option<Mapping> = match &args.mapping {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            let told = |error| Failure::new(format!("{}: {error}", path.display()));
            Some(serde_json::from_str(&text).map_err(told)?)
        }
        None => None,
    };
    let app = place::app(&args.place.existing()?).await?;
    let access = access_of(&app, args.person.as_deref()).await?;
    let summary = import_file(&access, &args.resource, &args.file, mapping, args.dry_run).await?;
    app.db.clone().close().await?;
    say(serde_json::to_string_pretty(&summary)?)?;
    match summary["state"].as_str() {
        Some("done" | "checked") => Ok(()),
        _ => Err(Failure::new("nothing was imported")),
    }
}

/// The access of the named person, or of an administrator.
pub async fn access_of(app: &Arc<App>, email: Option<&str>) -> Outcome<Access> {
    let person = match email {
        Some(email) => super::user::find(app, email)?,
        None => {
            let directory = app.directory();
            let administers = |person: &&platform::directory::Person| {
                person.is_active
                    && person.role_ids.iter().any(|id| {
                        let role = directory.roles.get(id);
                        role.is_some_and(|role| {
                            role.code.as_deref() == Some(crate::organisation::ADMINISTRATOR)
                        })
                    })
            };
            let found = directory
                .people
                .values()
                .filter(administers)
                .min_by_key(|person| person.id);
            found
                .map(|person| person.id)
                .ok_or_else(|| Failure::new("nobody administers; name a person with --as"))?
        }
    };
    Ok(Access::of_person(app, person, Source::Import(person)).await?)
}
