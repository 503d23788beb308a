//! From a configuration to a running `App`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::app::{App, Options};
use platform::clock::{Clock, system_ms};
use platform::db::{Db, Source, migrate};
use platform::files::BucketOptions;
use platform::problem::Result;
use sea_orm::DbErr;

use crate::{features, migrations};

/// Business days are counted here unless the organisation says otherwise.
pub const TIME_ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// Where data lies and how people reach it.
#[derive(Debug, Clone)]
pub struct Place {
    pub data: PathBuf,
    /// `postgres://…`; the embedded SQLite in `data` unless given.
    pub database: Option<String>,
    pub base_url: String,
    pub smtp_url: Option<String>,
    pub mail_from: String,
    /// Files in a bucket; in `data` unless given.
    pub bucket: Option<BucketOptions>,
}

impl Place {
    pub fn in_folder(data: &Path) -> Place {
        Place {
            data: data.to_owned(),
            database: None,
            base_url: String::new(),
            smtp_url: None,
            mail_from: "Chengdan <noreply@localhost>".into(),
            bucket: None,
        }
    }

    /// The embedded database's file.
    pub fn database_file(&self) -> PathBuf {
        self.data.join("chengdan.db")
    }

    /// What is kept beside the database, or passes through on its way to the bucket.
    pub fn files_folder(&self) -> PathBuf {
        self.data.join("files")
    }

    pub fn source(&self) -> Source {
        match &self.database {
            Some(url) => Source::Postgres(url.clone()),
            None => Source::Sqlite(self.database_file()),
        }
    }
}

/// Opens the database and brings it up to date.
pub async fn open(place: &Place) -> std::result::Result<Db, DbErr> {
    std::fs::create_dir_all(&place.data)
        .map_err(|error| DbErr::Custom(format!("{}: {error}", place.data.display())))?;
    let db = Db::open(place.source()).await?;
    migrate(&db, &migrations::migrations(), system_ms()).await?;
    // A load that died has left some out.
    db.bring_indexes_back(|_| ()).await?;
    Ok(db)
}

/// Starts the app on an open database.
pub async fn on(db: Db, place: &Place, clock: Clock) -> Result<Arc<App>> {
    let files = place.files_folder();
    std::fs::create_dir_all(&files)?;
    let options = Options {
        files,
        bucket: place.bucket.clone(),
        secure_cookies: place.base_url.starts_with("https://"),
        base_url: place.base_url.trim_end_matches('/').to_owned(),
        smtp_url: place.smtp_url.clone(),
        mail_from: place.mail_from.clone(),
    };
    let app = App::start(
        db,
        clock,
        features::catalog()?,
        features::features(),
        options,
    )
    .await?;
    platform::derived::bring_up_to_date(&app).await?;
    Ok(app)
}

/// Opens the database, brings it up to date, and starts the app on it.
pub async fn start(place: &Place, clock: Clock) -> Result<Arc<App>> {
    on(open(place).await?, place, clock).await
}

/// The system's clock in the organisation's time zone.
pub fn system_clock() -> Clock {
    Clock::system(TIME_ZONE)
}
