//! `export`: a list into a file, exactly as the UI does it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Failure, Outcome, PlaceArgs, import, place, say};
use crate::exports::{ExportQuery, FileFormat, Sink, export};

const EXAMPLES: &str = "\
Examples:
  chengdan export customers --out customers.xlsx
  chengdan export opportunities --out open.csv --filter '{\"field\":\"outcome\",\"op\":\"in\",\"value\":[\"open\"]}'
  chengdan export contacts --out mine.xlsx --as li@example.com --columns name,customer_id,mobile

The ending of --out chooses the kind of file. It holds what the person may export and see. The summary is JSON on stdout.";

/// Export a list as XLSX or CSV
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    /// What to export: customers, contacts, opportunities, products, people, teams…
    resource: String,
    /// File to write; .csv or .xlsx
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Filter tree as JSON, as lists take it
    #[arg(long, value_name = "JSON")]
    filter: Option<String>,
    /// Fields to sort by, with - for descending: -updated_at,name
    #[arg(long, value_name = "FIELDS")]
    sort: Option<String>,
    /// Fields to export, in this order
    #[arg(long, value_name = "FIELDS")]
    columns: Option<String>,
    /// Words, pinyin or initials to search for
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Whose rights hold; an administrator unless told
    #[arg(long = "as", value_name = "EMAIL")]
    person: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
}

pub async fn run(args: ExportArgs) -> Outcome {
    if args.out.is_dir() {
        return Err(Failure::new(format!("{} is a folder", args.out.display())));
    }
    let app = place::app(&args.place.existing()?).await?;
    let access = import::access_of(&app, args.person.as_deref()).await?;
    let query = ExportQuery {
        format: FileFormat::of(&args.out),
        filter: args.filter,
        sort: args.sort,
        columns: args.columns,
        q: args.search,
    };
    let exported = export(&access, &args.resource, &query, Sink::At(&args.out)).await?;
    app.db.clone().close().await?;
    say(json!({ "resource": args.resource, "file": args.out, "rows": exported.rows }))
}
