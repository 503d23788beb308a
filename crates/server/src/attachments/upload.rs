//! Receiving a file: as it comes, hashed on the way, and kept before anything names it.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use axum::response::Response;
use platform::access::Access;
use platform::clock::new_id;
use platform::problem::{Problem, Result};
use platform::web::{Path, batch_header, created};
use rules::permission::Action;
use serde_json::json as object;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::{ATTACH, Attachment, COLUMNS, SIZE_MAX, content, files};

/// Longest name kept; file systems take about as much.
const NAME_MAX: usize = 200;

pub async fn attach(
    access: Access,
    Path((name, id)): Path<(String, Uuid)>,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response> {
    let record = access
        .get_for(&access.resource(&name)?, id, Action::Edit)
        .await?;
    let mut form = form.map_err(|_| Problem::field("file", "required"))?;
    while let Some(field) = form.next_field().await.map_err(refused)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = clean_name(field.file_name().unwrap_or_default());
        let received = receive(&access, field).await?;
        let mut write = access.write().await?;
        let attachment = Attachment {
            id: new_id(),
            resource: record.resource.name.clone(),
            record_id: record.id(),
            name,
            content_type: received.content_type.to_owned(),
            size: received.size,
            content_hash: received.hash,
            created_at: write.now,
            created_by: access.actor.person(),
        };
        let row = vec![
            attachment.id.into(),
            attachment.resource.as_str().into(),
            attachment.record_id.into(),
            attachment.name.as_str().into(),
            attachment.content_type.as_str().into(),
            attachment.size.into(),
            attachment.content_hash.as_str().into(),
            attachment.created_at.into(),
            attachment.created_by.into(),
        ];
        write.insert("attachment", &COLUMNS, row).await?;
        let about = object!({ "attachment": attachment.id, "name": attachment.name });
        write.note_on(&record, ATTACH, None, Some(about)).await?;
        let batch = write.commit().await?;
        return Ok(batch_header(
            created(&attachment.row(&access, true))?,
            batch,
        ));
    }
    Err(Problem::field("file", "required"))
}

fn refused(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_form")
            .with(object!({ "reason": error.body_text() }))
    }
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large")
        .with(object!({ "max_mb": SIZE_MAX / 1_048_576 }))
}

struct Received {
    hash: String,
    size: i64,
    content_type: &'static str,
}

async fn receive(access: &Access, mut field: Field<'_>) -> Result<Received> {
    let growing = access.app.files.passing()?;
    let mut file = tokio::fs::File::create(&*growing).await?;
    let mut hasher = Sha256::new();
    let mut size: u64 = 0;
    while let Some(part) = field.chunk().await.map_err(refused)? {
        size += part.len() as u64;
        if size > SIZE_MAX {
            return Err(too_large());
        }
        hasher.update(&part);
        file.write_all(&part).await?;
    }
    if size == 0 {
        return Err(Problem::field("file", "empty_file"));
    }
    file.flush().await?;
    drop(file);
    let path = growing.to_path_buf();
    let content_type = tokio::task::spawn_blocking(move || content::type_of(&path))
        .await
        .map_err(Problem::internal)??;
    let hash: String = hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // Kept even when the content is known: the file is young then, and not cleared away before its row stands.
    access
        .app
        .files
        .keep(&files::key_of(&hash), growing)
        .await?;
    Ok(Received {
        hash,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        content_type,
    })
}

/// The last part of a path, without what no name should hold.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_deceptive(*c))
        .collect();
    let clean = clean.trim().trim_matches('.');
    if clean.is_empty() {
        return "file".into();
    }
    let count = clean.chars().count();
    if count <= NAME_MAX {
        return clean.to_owned();
    }
    // The ending tells people what it is.
    let ending = clean
        .rsplit_once('.')
        .map(|(_, ending)| ending)
        .filter(|ending| ending.chars().count() <= 10);
    let ending = ending
        .map(|ending| format!(".{ending}"))
        .unwrap_or_default();
    let stem: String = clean
        .chars()
        .take(NAME_MAX - ending.chars().count())
        .collect();
    stem + &ending
}

/// Marks that turn the writing direction make `gpj.exe` look like `exe.jpg`.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn a_name_is_its_last_part_without_tricks() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\合同\\报价单.xlsx"), "报价单.xlsx");
        assert_eq!(clean_name("a\r\nb\".txt"), "ab\".txt");
        assert_eq!(clean_name("photo\u{202e}gpj.exe"), "photogpj.exe");
        assert_eq!(clean_name(".."), "file");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = clean_name(&format!("{}.pdf", "长".repeat(300)));
        assert_eq!(name.chars().count(), 200);
        assert!(name.ends_with("长.pdf"));
    }
}
