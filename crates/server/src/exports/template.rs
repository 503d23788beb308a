//! An empty file to fill in: one column for each field that an import knows, in the person's language.

use axum::response::Response;
use platform::access::Access;
use platform::problem::Result;
use rules::permission::Action;
use rules::value::FieldType;
use serde_json::json;
use sheet::{Kind, OutColumn};

use super::writing::FileWriter;
use super::{Exported, FileFormat, file_answer};
use crate::imports::targets;

pub async fn answer(access: &Access, resource: &str, format: FileFormat) -> Result<Response> {
    access.require(resource, Action::Import)?;
    let language = access.actor.language.clone();
    let known = targets::of(access, &access.resource(resource)?).await?;
    let columns = known
        .iter()
        .map(|target| {
            let kind = match target.field.kind {
                FieldType::Integer | FieldType::Number => Kind::Number,
                FieldType::Money => Kind::Money,
                FieldType::Day => Kind::Day,
                FieldType::Instant => Kind::DateTime,
                _ => Kind::Text,
            };
            // The star says that no row can do without it; reading the file back takes no notice of it.
            let star = if target.is_required() { "*" } else { "" };
            OutColumn::new(format!("{}{star}", target.label(access, &language)), kind)
        })
        .collect();
    let title = access
        .app
        .catalog
        .text(&language, &format!("{resource}.title"), &json!({}));
    let file = FileWriter::start(
        format,
        &title,
        columns,
        access.app.files.passing_folder()?,
        None,
    )
    .finish()
    .await?;
    let word = access
        .app
        .catalog
        .text(&language, "imports.template", &json!({}));
    let name = format!("{title}-{word}.{}", format.ending());
    file_answer(
        Exported {
            file,
            name,
            rows: 0,
        },
        format,
    )
}
