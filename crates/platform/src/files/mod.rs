//! Files: whatever is kept beside the database, on disk or, when one is configured, in an S3-compatible bucket.
//!
//! A file is whole or not there: it grows in a passing folder on this machine and gets its key at the end.

mod bucket;
mod disk;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use tokio::io::AsyncWriteExt;

use crate::clock::new_id;
use crate::outbound::Outbound;
use crate::problem::Problem;
use bucket::Bucket;
pub use bucket::BucketOptions;
use disk::Disk;

/// Why a file could not be kept, read or removed, in words for the administrator; never with a secret.
#[derive(Debug)]
pub enum Unavailable {
    Disk(std::io::Error),
    /// What the bucket's server said, or that it said nothing.
    Bucket(String),
}

pub type Result<T, E = Unavailable> = std::result::Result<T, E>;

impl std::fmt::Display for Unavailable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unavailable::Disk(error) => error.fmt(f),
            Unavailable::Bucket(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Unavailable {}

impl From<std::io::Error> for Unavailable {
    fn from(error: std::io::Error) -> Self {
        Unavailable::Disk(error)
    }
}

/// People are told that the files can't be reached; the log says why.
impl From<Unavailable> for Problem {
    fn from(why: Unavailable) -> Self {
        match why {
            Unavailable::Disk(error) => Problem::internal(error),
            Unavailable::Bucket(why) => {
                tracing::error!(%why, "the bucket of files can't be used");
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "files_unavailable")
            }
        }
    }
}

/// Folder of what is only on its way; never part of a backup.
pub const PASSING: &str = "tmp";

/// What is left in the passing folder for so long belongs to nobody any more.
const FORGOTTEN: Duration = Duration::from_secs(6 * 3_600);

pub struct Files {
    disk: Disk,
    bucket: Option<Bucket>,
}

/// A file that is read.
pub struct Opened {
    /// In bytes.
    pub size: u64,
    pub bytes: BoxStream<'static, std::io::Result<Bytes>>,
}

/// A file of this machine that goes when it is dropped, unless it was kept.
#[derive(Debug)]
pub struct Passing(PathBuf);

impl Deref for Passing {
    type Target = Path;
    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // After it was kept it is no longer there.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A kept file as a file of this machine, for readers that need one.
#[derive(Debug)]
pub enum Local {
    Kept(PathBuf),
    Copy(Passing),
}

impl Deref for Local {
    type Target = Path;
    fn deref(&self) -> &Path {
        match self {
            Local::Kept(path) => path,
            Local::Copy(copy) => copy,
        }
    }
}

impl Files {
    /// In a folder, or in a bucket beside a folder for what is on its way.
    pub fn new(
        folder: PathBuf,
        bucket: Option<BucketOptions>,
        outbound: Outbound,
    ) -> Result<Files> {
        Ok(Files {
            disk: Disk::new(folder),
            bucket: bucket
                .map(|options| Bucket::new(options, outbound))
                .transpose()?,
        })
    }

    pub fn folder(&self) -> &Path {
        self.disk.folder()
    }

    pub fn is_bucket(&self) -> bool {
        self.bucket.is_some()
    }

    /// Where the files are, in words.
    pub fn place(&self) -> String {
        match &self.bucket {
            Some(bucket) => bucket.place(),
            None => self.disk.folder().display().to_string(),
        }
    }

    /// The folder on this machine for what is on its way.
    pub fn passing_folder(&self) -> std::io::Result<PathBuf> {
        let folder = self.disk.folder().join(PASSING);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// A name for a file that shall grow.
    pub fn passing(&self) -> std::io::Result<Passing> {
        Ok(Passing(self.passing_folder()?.join(new_id().to_string())))
    }

    /// Keeps a whole file under a key; it lasts when this returns. What had the key before is replaced, and counts as new.
    pub async fn keep(&self, key: &str, file: Passing) -> Result<()> {
        match &self.bucket {
            Some(bucket) => bucket.put(key, &file).await,
            None => self.disk.keep(key, &file).await,
        }
    }

    /// A kept file's bytes as they come.
    pub async fn open(&self, key: &str) -> Result<Option<Opened>> {
        match &self.bucket {
            Some(bucket) => bucket.get(key).await,
            None => self.disk.open(key).await,
        }
    }

    /// A kept file on this machine.
    pub async fn local(&self, key: &str) -> Result<Option<Local>> {
        let Some(bucket) = &self.bucket else {
            return Ok(self.disk.find(key).map(Local::Kept));
        };
        let Some(opened) = bucket.get(key).await? else {
            return Ok(None);
        };
        let copy = self.passing()?;
        write(opened, &copy).await?;
        Ok(Some(Local::Copy(copy)))
    }

    /// How long a file has been there, by the clock of where it lies; none when it isn't there.
    pub async fn age(&self, key: &str) -> Result<Option<Duration>> {
        match &self.bucket {
            Some(bucket) => bucket.age(key).await,
            None => self.disk.age(key).await,
        }
    }

    /// Removes a file; false when there was none.
    pub async fn remove(&self, key: &str) -> Result<bool> {
        match &self.bucket {
            Some(bucket) => bucket.remove(key).await,
            None => self.disk.remove(key).await,
        }
    }

    /// All kept files whose key begins so, with their sizes in bytes.
    pub async fn all(&self, prefix: &str) -> Result<BTreeMap<String, u64>> {
        match &self.bucket {
            Some(bucket) => bucket.all(prefix).await,
            None => self.disk.all(prefix).await,
        }
    }

    /// Whether files can be read and listed now.
    pub async fn ready(&self) -> Result<()> {
        match &self.bucket {
            Some(bucket) => bucket.ready().await,
            None => Ok(()),
        }
    }

    /// Whether files can be written, read and removed: tried with one of its own.
    pub async fn rehearse(&self) -> Result<()> {
        let Some(bucket) = &self.bucket else {
            return Ok(());
        };
        bucket.ready().await?;
        let key = format!("rehearsal/{}", new_id());
        let file = self.passing()?;
        let text = key.as_bytes();
        tokio::fs::write(&*file, text).await?;
        bucket.put(&key, &file).await?;
        let size = bucket.get(&key).await?.map(|opened| opened.size);
        let is_removed = bucket.remove(&key).await?;
        if is_removed && size == Some(text.len() as u64) {
            Ok(())
        } else {
            Err(Unavailable::Bucket(format!(
                "{} does not give back what was put into it",
                bucket.place()
            )))
        }
    }

    /// Removes what uploads left on this machine that never ended, for instance when the process was killed.
    pub async fn remove_forgotten(&self) -> Result<()> {
        self.disk.remove_older(PASSING, FORGOTTEN).await
    }

    /// Copies one file from another place, unless one of the same size is here already; true when it was copied.
    pub async fn take(
        &self,
        from: &Files,
        key: &str,
        size: u64,
        here: Option<u64>,
    ) -> Result<bool> {
        if here == Some(size) {
            return Ok(false);
        }
        let Some(opened) = from.open(key).await? else {
            return Ok(false);
        };
        let file = self.passing()?;
        write(opened, &file).await?;
        self.keep(key, file).await?;
        Ok(true)
    }
}

async fn write(opened: Opened, path: &Path) -> Result<()> {
    let size = opened.size;
    let mut bytes = opened.bytes;
    let mut file = tokio::fs::File::create(path).await?;
    let mut written: u64 = 0;
    while let Some(part) = bytes
        .try_next()
        .await
        .map_err(|error| Unavailable::Bucket(error.to_string()))?
    {
        written += part.len() as u64;
        file.write_all(&part).await?;
    }
    file.flush().await?;
    if written == size {
        return Ok(());
    }
    Err(Unavailable::Bucket(format!(
        "a file of {size} bytes came with {written}"
    )))
}

fn stream(file: tokio::fs::File) -> BoxStream<'static, std::io::Result<Bytes>> {
    tokio_util::io::ReaderStream::with_capacity(file, 64 << 10).boxed()
}
