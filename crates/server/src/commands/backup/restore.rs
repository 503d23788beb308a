//! `restore`: from a backup to a data folder; whole, or not at all.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use platform::db::{Db, Source};
use zip::ZipArchive;

use super::{DATABASE, FILES, MANIFEST, Manifest};
use crate::commands::{Failure, Outcome, say};
use crate::migrations;

const EXAMPLES: &str = "\
Examples:
  chengdan restore chengdan-2026-11-20.backup --data /tmp/drill
  chengdan check --data /tmp/drill && chengdan serve --data /tmp/drill --listen 127.0.0.1:9090

A damaged file, or one of a newer version, is refused, and nothing is written. Data that is there already is kept:
with --force it is moved into a folder replaced-… inside the data folder. Stop the server before.";

/// Put a backup into a data folder
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct RestoreArgs {
    /// The file that `chengdan backup` wrote
    file: PathBuf,
    /// Folder that the data shall be in
    #[arg(
        long,
        env = "CHENGDAN_DATA",
        value_name = "DIR",
        default_value = "data"
    )]
    data: PathBuf,
    /// Set aside what is in the folder
    #[arg(long)]
    force: bool,
}

pub async fn run(args: RestoreArgs) -> Outcome {
    let (mut zip, manifest) = open(&args.file)?;
    refuse_newer(&manifest)?;
    let was_there = args.data.exists();
    let in_use = ["chengdan.db", "files"]
        .map(|name| args.data.join(name))
        .into_iter()
        .any(|path| is_full(&path));
    if in_use && !args.force {
        return Err(Failure::new(format!(
            "{} holds data already; choose another folder, or set it aside with --force",
            args.data.display()
        )));
    }
    if in_use {
        require_stopped(&args.data).await?;
    }
    let fresh = args.data.join(format!(".restore-{}", std::process::id()));
    std::fs::create_dir_all(&fresh)?;
    let unpacked = unpack(&mut zip, &manifest, &fresh).await;
    let outcome = unpacked.and_then(|count| {
        if in_use {
            set_aside(&args.data)?;
        }
        for name in [DATABASE, "files"] {
            let target = args.data.join(name);
            // An empty folder of attachments may stand there.
            let _ = std::fs::remove_dir(&target);
            std::fs::rename(fresh.join(name), target)?;
        }
        Ok(File::open(&args.data)?.sync_all().map(|()| count)?)
    });
    let _ = std::fs::remove_dir_all(&fresh);
    if outcome.is_err() && !was_there {
        let _ = std::fs::remove_dir(&args.data);
    }
    let count = outcome?;
    say(format!(
        "restored into {}: the database ({} MB) and {count} files, as of {}",
        args.data.display(),
        manifest.database_size.div_ceil(1_000_000),
        rules::value::instant_text(manifest.made_at)
    ))?;
    match &manifest.files_in {
        Some(bucket) => say(format!(
            "the attachments were not in the backup: they are in {bucket}; serve and check with the same s3_ options"
        )),
        None => Ok(()),
    }
}

fn is_full(path: &Path) -> bool {
    match std::fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => path.exists(),
    }
}

fn damaged(file: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::new(format!(
        "{} is damaged, or no backup: {why}",
        file.display()
    ))
}

type Zip = ZipArchive<BufReader<File>>;

fn open(path: &Path) -> Outcome<(Zip, Manifest)> {
    let file =
        File::open(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    let mut zip = ZipArchive::new(BufReader::with_capacity(1 << 20, file))
        .map_err(|error| damaged(path, error))?;
    let mut text = String::new();
    zip.by_name(MANIFEST)
        .map_err(|error| damaged(path, error))?
        .read_to_string(&mut text)
        .map_err(|error| damaged(path, error))?;
    let manifest = serde_json::from_str(&text).map_err(|error| damaged(path, error))?;
    Ok((zip, manifest))
}

fn refuse_newer(manifest: &Manifest) -> Outcome {
    let known = migrations::migrations();
    match manifest
        .migrations
        .iter()
        .find(|name| !known.iter().any(|migration| migration.name == **name))
    {
        Some(newer) => Err(Failure::new(format!(
            "this backup is of a newer Chengdan ({}, with migration {newer}); please use that version",
            manifest.version
        ))),
        None => Ok(()),
    }
}

/// Another process on the folder would go on writing into files that are no longer there.
async fn require_stopped(data: &Path) -> Outcome {
    let path = data.join(DATABASE);
    if !path.exists() {
        return Ok(());
    }
    Db::release(&path).await.map_err(|error| {
        Failure::new(format!(
            "{} is in use; stop the server before ({})",
            path.display(),
            Failure::from_db(&error)
        ))
    })
}

/// Writes everything under `fresh` and looks whether it is sound; answers the number of attachments.
async fn unpack(zip: &mut Zip, manifest: &Manifest, fresh: &Path) -> Outcome<usize> {
    let files = fresh.join("files");
    std::fs::create_dir_all(&files)?;
    let mut count = 0;
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).map_err(super::broken)?;
        let name = entry.name().map_err(super::broken)?.into_owned();
        // A name that leads out of the folder is not one of ours.
        let path = entry
            .enclosed_name()
            .ok_or_else(|| Failure::new(format!("a bad name in the backup: {name}")))?;
        let target = match name.as_str() {
            MANIFEST => continue,
            DATABASE => fresh.join(DATABASE),
            other if other.starts_with(FILES) => fresh.join(path),
            other => {
                return Err(Failure::new(format!(
                    "an unknown part of the backup: {other}"
                )));
            }
        };
        count += usize::from(name != DATABASE);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut out = BufWriter::with_capacity(1 << 20, File::create_new(&target)?);
        std::io::copy(&mut entry, &mut out)
            .map_err(|error| Failure::new(format!("{name} in the backup is damaged: {error}")))?;
        out.into_inner()
            .map_err(|error| Failure::other(error.error()))?
            .sync_all()?;
    }
    let path = fresh.join(DATABASE);
    if std::fs::metadata(&path).map_or(0, |file| file.len()) != manifest.database_size {
        return Err(Failure::new("the database in the backup is not whole"));
    }
    let db = Db::open(Source::Sqlite(path.clone())).await?;
    let faults = db.integrity().await?;
    let newer = platform::db::pending(&db, &migrations::migrations()).await;
    db.close().await?;
    Db::release(&path).await?;
    newer?;
    if let Some(fault) = faults.first() {
        return Err(Failure::new(format!(
            "the database in the backup is damaged: {fault}"
        )));
    }
    Ok(count)
}

/// Moves what is there into a folder of its own.
fn set_aside(data: &Path) -> Outcome {
    let folder = data.join(format!("replaced-{}", platform::clock::system_ms()));
    std::fs::create_dir(&folder)?;
    for name in [DATABASE, "chengdan.db-wal", "chengdan.db-shm", "files"] {
        let path = data.join(name);
        if path.exists() {
            std::fs::rename(path, folder.join(name))?;
        }
    }
    say(format!("what was there is now in {}", folder.display()))
}
