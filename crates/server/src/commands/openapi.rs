//! `openapi`: the API as a document.

use clap::Args;

use super::{Outcome, place, say};
use crate::start::Place;

const EXAMPLES: &str = "\
Example:
  chengdan openapi > openapi.json

A running server answers the same document, with its custom fields, at /api/openapi.json.";

/// Print the OpenAPI document of the API
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct OpenapiArgs {}

pub async fn run(_: OpenapiArgs) -> Outcome {
    // The routes follow the described resources, and those come with an app: an empty one does.
    let folder =
        std::env::temp_dir().join(format!("chengdan-openapi-{}", platform::clock::new_id()));
    let document = document(&folder).await;
    let _ = std::fs::remove_dir_all(&folder);
    say(document?)
}

async fn document(folder: &std::path::Path) -> Outcome<String> {
    let app = place::app(&Place::in_folder(folder)).await?;
    let (_, document) = crate::serve::router(&app);
    app.db.clone().close().await?;
    Ok(serde_json::to_string_pretty(&document)?)
}
