//! Where the data is: the options that all commands share, from flags, variables and a file.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use platform::app::App;
use platform::db::Db;
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
}

/// What may stand in the configuration file; commands take from it what concerns them.
#[derive(Debug, Clone, Deserialize)]
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
        Ok(self.configuration(&serde_json::json!({}))?.place())
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
    pub fn place(&self) -> Place {
        Place {
            data: self.data.clone(),
            database: self.database.clone(),
            base_url: self.base_url.clone(),
            smtp_url: self.smtp_url.clone(),
            mail_from: self.mail_from.clone(),
        }
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

/// An error of opening, with the place that was meant; never with a password.
pub fn told(place: &Place, error: &sea_orm::DbErr) -> Failure {
    let name = match &place.database {
        Some(_) => "the PostgreSQL given".to_owned(),
        None => place.database_file().display().to_string(),
    };
    Failure::new(format!("cannot open {name}: {}", Failure::from_db(error)))
}
