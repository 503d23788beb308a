//! `backup` and `restore`: the whole of a Chengdan on SQLite as one zip file.

mod restore;

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use platform::db::{Db, Source};
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Failure, Outcome, PlaceArgs, place, say};
use crate::start::Place;

pub use restore::{RestoreArgs, run as restore};

const EXAMPLES: &str = "\
Examples:
  chengdan backup /backup/chengdan-2026-11-20.backup --data /var/lib/chengdan
  chengdan restore /backup/chengdan-2026-11-20.backup --data /tmp/drill      see what is in it

The file is a zip of the database and the attachments; keep it where the data isn't. It is made from one moment's state,
while the server runs, and takes its name only when it is whole. PostgreSQL has its own tool; this command says which.";

/// Write database and attachments into one file, also while serving
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct BackupArgs {
    /// The file to write; it must not exist
    file: PathBuf,
    #[command(flatten)]
    place: PlaceArgs,
}

/// What a backup says of itself, its first entry.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    /// The program that wrote it.
    version: String,
    /// Milliseconds since 1970 UTC.
    made_at: i64,
    /// The database's migrations, oldest first.
    migrations: Vec<String>,
    /// Size in bytes of the database.
    database_size: u64,
}

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "chengdan.db";
const FILES: &str = "files/";
/// Folder below `files` for what is only on its way.
const PASSING: &str = "tmp";

pub async fn run(args: BackupArgs) -> Outcome {
    let place = args.place.existing()?;
    if place.database.is_some() {
        return Err(Failure::new(format!(
            "a PostgreSQL database is backed up by its own tool:\n  \
             pg_dump --format=custom --file=chengdan.dump DATABASE\n\
             and after it the attachments:\n  \
             tar -czf chengdan-files.tar.gz -C {} files\n\
             To restore: createdb, pg_restore --dbname=…, and unpack the attachments into a data folder.",
            place.data.display()
        )));
    }
    if args.file.exists() {
        return Err(Failure::new(format!(
            "{} exists; a backup overwrites nothing",
            args.file.display()
        )));
    }
    // Beside the wanted file, so that the last step is a mere renaming.
    let copy = beside(&args.file, "database");
    let partial = beside(&args.file, "partial");
    let made = make(&place, &copy, &partial).await.and_then(|size| {
        std::fs::rename(&partial, &args.file)?;
        sync_folder(&args.file)?;
        Ok(size)
    });
    let _ = std::fs::remove_file(&copy);
    let _ = std::fs::remove_file(&partial);
    let size = made?;
    say(format!(
        "{}: {} MB",
        args.file.display(),
        size.div_ceil(1_000_000)
    ))
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.{suffix}", std::process::id()));
    file.with_file_name(name)
}

/// A new name lasts only when its folder is on disk as well.
fn sync_folder(file: &Path) -> Outcome {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Ok(File::open(folder)?.sync_all()?)
}

async fn make(place: &Place, copy: &Path, partial: &Path) -> Outcome<u64> {
    let told = |error| place::told(place, &error);
    // Not brought up to date: a server of an older version may be running on it.
    let db = Db::open(place.source()).await.map_err(told)?;
    db.backup(copy).await.map_err(told)?;
    db.close().await.map_err(told)?;
    let of_copy = Db::open(Source::Sqlite(copy.to_owned()))
        .await
        .map_err(told)?;
    let migrations = platform::db::applied_names(&of_copy).await.map_err(told)?;
    // Closing takes the copy's own log back into it.
    of_copy.close().await.map_err(told)?;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: platform::clock::system_ms(),
        migrations,
        database_size: std::fs::metadata(copy)?.len(),
    };
    let mut zip = ZipWriter::new(BufWriter::with_capacity(
        1 << 20,
        File::create_new(partial)?,
    ));
    let packed = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .large_file(true);
    // Attachments are mostly pictures and office files, packed already.
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(true);
    zip.start_file(MANIFEST, packed).map_err(broken)?;
    zip.write_all(serde_json::to_string_pretty(&manifest)?.as_bytes())?;
    zip.start_file(DATABASE, packed).map_err(broken)?;
    std::io::copy(
        &mut BufReader::with_capacity(1 << 20, File::open(copy)?),
        &mut zip,
    )?;
    let files = place.data.join("files");
    let mut folders = vec![files.clone()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                if path != files.join(PASSING) {
                    folders.push(path);
                }
                continue;
            }
            // What was removed since the folder was read belongs to no record any more.
            let Ok(mut file) = File::open(&path) else {
                continue;
            };
            let name = path.strip_prefix(&files).map_err(Failure::other)?;
            let name: Vec<_> = name
                .components()
                .map(|part| part.as_os_str().to_string_lossy())
                .collect();
            zip.start_file(format!("{FILES}{}", name.join("/")), stored)
                .map_err(broken)?;
            std::io::copy(&mut file, &mut zip)?;
        }
    }
    let file = zip
        .finish()
        .map_err(broken)?
        .into_inner()
        .map_err(|error| Failure::other(error.error()))?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

fn broken(error: zip::result::ZipError) -> Failure {
    Failure::new(format!("zip: {error}"))
}
