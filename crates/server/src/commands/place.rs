//! Where the data is: the options that all commands share, from flags, variables and a file.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use platform::app::App;
use platform::db::Db;
use platform::files::BucketOptions;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Failure, Outcome};
use crate::start::{self, Place};

#[derive(Args, Serialize, Debug, Clone, Default)]
pub struct PlaceArgs {
    /// Read options from this TOML file; flags and variables win over it
    #[arg(long, env = "CHENGDAN_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Folder with the database and the attachments [default: data]
    #[arg(long, env = "CHENGDAN_DATA", value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// PostgreSQL instead of the SQLite in the data folder: postgres://user:password@host/name
    #[arg(
        long,
        env = "CHENGDAN_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    pub bucket: BucketArgs,
}

/// Where files are kept instead of the data folder.
#[derive(Args, Serialize, Clone, Default)]
#[command(next_help_heading = "Files in an S3-compatible bucket instead of the data folder")]
pub struct BucketArgs {
    /// The server's address: https://…, or http://… inside your own network (MinIO)
    #[arg(long, env = "CHENGDAN_S3_ENDPOINT", value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_endpoint: Option<String>,
    /// The bucket's name; it must exist, and belong to this Chengdan alone
    #[arg(long, env = "CHENGDAN_S3_BUCKET", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_bucket: Option<String>,
    /// The region that requests are signed for [default: us-east-1]
    #[arg(long, env = "CHENGDAN_S3_REGION", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_region: Option<String>,
    /// Whether the bucket's name stands in the path (MinIO) or before the host: false for Alibaba OSS, Tencent COS, AWS [default: true]
    #[arg(long, env = "CHENGDAN_S3_PATH_STYLE", value_name = "BOOL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_path_style: Option<bool>,
    /// The key's name; it may read, write, remove and list in the bucket
    #[arg(
        long,
        env = "CHENGDAN_S3_ACCESS_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_access_key: Option<String>,
    /// The key itself; better in a variable or the file, since others on this machine can see a command's flags
    #[arg(
        long,
        env = "CHENGDAN_S3_SECRET_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_secret_key: Option<String>,
}

impl std::fmt::Debug for BucketArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BucketArgs")
            .field("s3_endpoint", &self.s3_endpoint)
            .field("s3_bucket", &self.s3_bucket)
            .finish_non_exhaustive()
    }
}

/// What may stand in the configuration file; commands take from it what concerns them. It holds secrets, and is not shown.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    #[serde(default = "data")]
    pub data: PathBuf,
    pub database: Option<String>,
    #[serde(default = "listen")]
    pub listen: String,
    #[serde(default)]
    pub base_url: String,
    pub smtp_url: Option<String>,
    #[serde(default = "mail_from")]
    pub mail_from: String,
    s3_endpoint: Option<String>,
    s3_bucket: Option<String>,
    s3_region: Option<String>,
    s3_path_style: Option<bool>,
    s3_access_key: Option<String>,
    s3_secret_key: Option<String>,
}

fn data() -> PathBuf {
    "data".into()
}
fn listen() -> String {
    "127.0.0.1:8080".into()
}
fn mail_from() -> String {
    "Chengdan <noreply@localhost>".into()
}

impl PlaceArgs {
    /// The file's options with these and other given ones over them.
    pub fn configuration(&self, other: &impl Serialize) -> Outcome<Configuration> {
        let mut figment = Figment::new();
        if let Some(file) = &self.config {
            if !file.is_file() {
                return Err(Failure::new(format!(
                    "no configuration file {}",
                    file.display()
                )));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let configuration: Configuration = extract(
            figment
                .merge(Serialized::defaults(self))
                .merge(Serialized::defaults(other)),
        )?;
        let is_postgres =
            |url: &String| url.starts_with("postgres://") || url.starts_with("postgresql://");
        if configuration
            .database
            .as_ref()
            .is_some_and(|url| !is_postgres(url))
        {
            return Err(Failure::new(
                "--database takes the address of a PostgreSQL (postgres://user:password@host/name); \
                     for SQLite give the folder with --data",
            ));
        }
        Ok(configuration)
    }

    pub fn place(&self) -> Outcome<Place> {
        self.configuration(&serde_json::json!({}))?.place()
    }

    /// The place of data that must be there already: a mistyped folder must not become a new, empty company.
    pub fn existing(&self) -> Outcome<Place> {
        let place = self.place()?;
        if place.database.is_none() && !place.database_file().is_file() {
            return Err(Failure::new(format!(
                "no data in {}; name the folder with --data",
                place.data.display()
            )));
        }
        Ok(place)
    }
}

fn extract<T: DeserializeOwned>(figment: Figment) -> Outcome<T> {
    figment
        .extract()
        .map_err(|error| Failure::new(format!("configuration: {error}")))
}

impl Configuration {
    pub fn place(&self) -> Outcome<Place> {
        Ok(Place {
            data: self.data.clone(),
            database: self.database.clone(),
            base_url: self.base_url.clone(),
            smtp_url: self.smtp_url.clone(),
            mail_from: self.mail_from.clone(),
            bucket: self.bucket()?,
        })
    }

    /// The bucket for files: all of it, or nothing.
    fn bucket(&self) -> Outcome<Option<BucketOptions>> {
        let parts = [
            ("s3_endpoint", &self.s3_endpoint),
            ("s3_bucket", &self.s3_bucket),
            ("s3_access_key", &self.s3_access_key),
            ("s3_secret_key", &self.s3_secret_key),
        ]
        .map(|(name, value)| (name, value.clone().filter(|value| !value.is_empty())));
        if let [
            (_, Some(endpoint)),
            (_, Some(bucket)),
            (_, Some(access_key)),
            (_, Some(secret_key)),
        ] = parts.clone()
        {
            let region = self.s3_region.clone().filter(|region| !region.is_empty());
            return Ok(Some(BucketOptions {
                endpoint,
                bucket,
                region: region.unwrap_or_else(|| "us-east-1".into()),
                path_style: self.s3_path_style.unwrap_or(true),
                access_key,
                secret_key,
            }));
        }
        let missing: Vec<&str> = parts
            .iter()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| *name)
            .collect();
        if missing.len() == parts.len() {
            return Ok(None);
        }
        Err(Failure::new(format!(
            "files in a bucket also need {}; without any s3_ option they lie in the data folder",
            missing.join(", ")
        )))
    }
}

/// The database, brought up to date.
pub async fn open(place: &Place) -> Outcome<Db> {
    start::open(place)
        .await
        .map_err(|error| told(place, &error))
}

/// The app on the database of a place, brought up to date.
pub async fn app(place: &Place) -> Outcome<Arc<App>> {
    Ok(start::on(open(place).await?, place, start::system_clock()).await?)
}

/// The app on the database of a place that is brought up to date, to be filled by this process alone.
pub async fn app_to_load(place: &Place) -> Outcome<Arc<App>> {
    let db = Db::open_to_load(place.source())
        .await
        .map_err(|error| told(place, &error))?;
    Ok(start::on(db, place, start::system_clock()).await?)
}

/// An error of opening, with the place that was meant; never with a password.
pub fn told(place: &Place, error: &sea_orm::DbErr) -> Failure {
    let name = match &place.database {
        Some(_) => "the PostgreSQL given".to_owned(),
        None => place.database_file().display().to_string(),
    };
    Failure::new(format!("cannot open {name}: {}", Failure::from_db(error)))
}
