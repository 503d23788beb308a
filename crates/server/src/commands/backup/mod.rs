//! `backup` and `restore`: the whole of a Chengdan on SQLite as one zip file.

mod restore;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use platform::db::{Db, Source};
use platform::files::Files;
use platform::outbound::Outbound;
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Failure, Outcome, PlaceArgs, check, place, say};
use crate::start::Place;

pub use restore::{RestoreArgs, run as restore};

const EXAMPLES: &str = "\
Examples:
  chengdan backup /backup/chengdan-2026-11-20.backup --data /var/lib/chengdan
  chengdan restore /backup/chengdan-2026-11-20.backup --data /tmp/drill      see what is in it

The file is a zip of the database and the attachments; keep it where the data isn't. Attachments in a bucket are not in
it: the command says so, and their safety is the bucket's own (versioning, replication). It is made from one moment's state,
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
    /// Where the files are that are not in here, when they lie in a bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    files_in: Option<String>,
}

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "chengdan.db";
const FILES: &str = "files/";

pub async fn run(args: BackupArgs) -> Outcome {
    let place = args.place.existing()?;
    if place.database.is_some() {
        return Err(by_its_own_tools(&place)?);
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
    let made = make(&place, &copy, &partial).await.and_then(|made| {
        std::fs::rename(&partial, &args.file)?;
        sync_folder(&args.file)?;
        Ok(made)
    });
    let _ = std::fs::remove_file(&copy);
    let _ = std::fs::remove_file(&partial);
    let made = made?;
    say(format!(
        "{}: {} MB",
        args.file.display(),
        made.size.div_ceil(1_000_000)
    ))?;
    match (&made.files_in, made.missing) {
        (_, 0) => Ok(()),
        (Some(bucket), count) => say(format!(
            "not in it: {count} files, which are in {bucket}; see that the bucket keeps them"
        )),
        (None, count) => say(format!(
            "not in it: {count} files that the database names and that are not in {}; chengdan check names them \
             (or are they in a bucket? then give this command the s3_ options, too)",
            place.files_folder().display()
        )),
    }
}

/// What a backup came to.
struct Made {
    /// Of the file, in bytes.
    size: u64,
    files_in: Option<String>,
    /// Files that the database names and that are not in the backup.
    missing: usize,
}

fn by_its_own_tools(place: &Place) -> Outcome<Failure> {
    let (save, restore) = match files_of(place)? {
        files if files.is_bucket() => (
            format!(
                "The attachments are in {}; see that the bucket keeps them.",
                files.place()
            ),
            "and start with the same bucket",
        ),
        _ => (
            format!(
                "and after it the attachments:\n  tar -czf chengdan-files.tar.gz -C {} files",
                place.data.display()
            ),
            "and unpack the attachments into a data folder",
        ),
    };
    Ok(Failure::new(format!(
        "a PostgreSQL database is backed up by its own tool:\n  \
         pg_dump --format=custom --file=chengdan.dump DATABASE\n\
         {save}\n\
         To restore: createdb, pg_restore --dbname=…, {restore}."
    )))
}

fn files_of(place: &Place) -> Outcome<Files> {
    let outbound = Outbound::new().map_err(Failure::other)?;
    Ok(Files::new(
        place.files_folder(),
        place.bucket.clone(),
        outbound,
    )?)
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

async fn make(place: &Place, copy: &Path, partial: &Path) -> Outcome<Made> {
    let kept = files_of(place)?;
    let files_in = kept.is_bucket().then(|| kept.place());
    let told = |error| place::told(place, &error);
    // Not brought up to date: a server of an older version may be running on it.
    let db = Db::open(place.source()).await.map_err(told)?;
    db.backup(copy).await.map_err(told)?;
    db.close().await.map_err(told)?;
    let of_copy = Db::open(Source::Sqlite(copy.to_owned()))
        .await
        .map_err(told)?;
    let migrations = platform::db::applied_names(&of_copy).await.map_err(told)?;
    // A database of another version may not know all that files are named by.
    let mut missing = check::files::named(&of_copy).await.unwrap_or_default();
    // Closing takes the copy's own log back into it.
    of_copy.close().await.map_err(told)?;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: platform::clock::system_ms(),
        migrations,
        database_size: std::fs::metadata(copy)?.len(),
        files_in: files_in.clone(),
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
    // In a bucket they stay where they are; what a folder still holds from before is not theirs.
    let on_disk = match files_in {
        None => kept.all("").await?,
        Some(_) => BTreeMap::new(),
    };
    for key in on_disk.keys() {
        // What was removed since the folder was read belongs to no record any more.
        let Ok(mut file) = File::open(kept.folder().join(key)) else {
            continue;
        };
        zip.start_file(format!("{FILES}{key}"), stored)
            .map_err(broken)?;
        std::io::copy(&mut file, &mut zip)?;
        missing.remove(key);
    }
    let file = zip
        .finish()
        .map_err(broken)?
        .into_inner()
        .map_err(|error| Failure::other(error.error()))?;
    file.sync_all()?;
    Ok(Made {
        size: file.metadata()?.len(),
        files_in,
        missing: missing.len(),
    })
}

fn broken(error: zip::result::ZipError) -> Failure {
    Failure::new(format!("zip: {error}"))
}
