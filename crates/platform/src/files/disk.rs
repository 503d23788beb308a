//! Files in a folder.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Opened, PASSING, Result, stream};

pub struct Disk {
    folder: PathBuf,
}

fn unless_missing<T>(outcome: std::io::Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Disk {
    pub fn new(folder: PathBuf) -> Disk {
        Disk { folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn find(&self, key: &str) -> Option<PathBuf> {
        let path = self.folder.join(key);
        path.is_file().then_some(path)
    }

    pub async fn keep(&self, key: &str, file: &Path) -> Result<()> {
        // A row that names the file must never outlive it in a power cut.
        tokio::fs::File::open(file).await?.sync_all().await?;
        let path = self.folder.join(key);
        let folder = path.parent().unwrap_or(&self.folder);
        tokio::fs::create_dir_all(folder).await?;
        tokio::fs::rename(file, &path).await?;
        Ok(tokio::fs::File::open(folder).await?.sync_all().await?)
    }

    pub async fn open(&self, key: &str) -> Result<Option<Opened>> {
        let opened = tokio::fs::File::open(self.folder.join(key)).await;
        let Some(file) = unless_missing(opened)? else {
            return Ok(None);
        };
        Ok(Some(Opened {
            size: file.metadata().await?.len(),
            bytes: stream(file),
        }))
    }

    pub async fn age(&self, key: &str) -> Result<Option<Duration>> {
        let found = unless_missing(tokio::fs::metadata(self.folder.join(key)).await)?;
        // A clock that was set back makes files of the future; they are young.
        Ok(found.map(|file| {
            let modified = file.modified().ok();
            modified
                .and_then(|at| at.elapsed().ok())
                .unwrap_or_default()
        }))
    }

    pub async fn remove(&self, key: &str) -> Result<bool> {
        let removed = tokio::fs::remove_file(self.folder.join(key)).await;
        Ok(unless_missing(removed)?.is_some())
    }

    pub async fn all(&self, prefix: &str) -> Result<BTreeMap<String, u64>> {
        let (folder, prefix) = (self.folder.clone(), prefix.to_owned());
        tokio::task::spawn_blocking(move || walk(&folder, &prefix))
            .await
            .map_err(std::io::Error::other)?
    }

    /// Removes the files of a folder that were not written for so long.
    pub async fn remove_older(&self, folder: &str, age: Duration) -> Result<()> {
        let Some(mut entries) =
            unless_missing(tokio::fs::read_dir(self.folder.join(folder)).await)?
        else {
            return Ok(());
        };
        while let Some(entry) = entries.next_entry().await? {
            let key = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().await?.is_file()
                && self.age(&key).await?.is_some_and(|is| is > age)
            {
                self.remove(&key).await?;
            }
        }
        Ok(())
    }
}

fn walk(root: &Path, prefix: &str) -> Result<BTreeMap<String, u64>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Some(entries) = unless_missing(std::fs::read_dir(&folder))? else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            let names = path.strip_prefix(root).unwrap_or(&path).components();
            let names: Vec<_> = names
                .map(|name| name.as_os_str().to_string_lossy().into_owned())
                .collect();
            let key = names.join("/");
            if path.is_dir() {
                if key != PASSING {
                    folders.push(path);
                }
            } else if key.starts_with(prefix) {
                // What was removed meanwhile belongs to nothing any more.
                if let Some(file) = unless_missing(std::fs::metadata(&path))? {
                    all.insert(key, file.len());
                }
            }
        }
    }
    Ok(all)
}
