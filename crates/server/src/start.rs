//! From a configuration to a running `App`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::app::{App, Options};
use platform::clock::{Clock, system_ms};
use platform::db::{Db, Source, migrate};
use platform::problem::{Problem, Result};

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
}

impl Place {
    pub fn in_folder(data: &Path) -> Place {
        Place {
            data: data.to_owned(),
            database: None,
            base_url: String::new(),
            smtp_url: None,
            mail_from: "Chengdan <noreply@localhost>".into(),
        }
    }

    pub fn source(&self) -> Source {
        match &self.database {
            Some(url) => Source::Postgres(url.clone()),
            None => Source::Sqlite(self.data.join("chengdan.db")),
        }
    }
}

/// Opens the database, brings it up to date, and starts the app on it.
pub async fn start(place: &Place, clock: Clock) -> Result<Arc<App>> {
    let files = place.data.join("files");
    std::fs::create_dir_all(&files)?;
    let db = Db::open(place.source()).await?;
    migrate(&db, &migrations::migrations(), system_ms()).await?;
    let options = Options {
        files,
        secure_cookies: place.base_url.starts_with("https://"),
        base_url: place.base_url.trim_end_matches('/').to_owned(),
        smtp_url: place.smtp_url.clone(),
        mail_from: place.mail_from.clone(),
    };
    App::start(
        db,
        clock,
        features::catalog()?,
        features::features(),
        options,
    )
    .await
}

/// The system's clock in the organisation's time zone.
pub fn system_clock() -> Clock {
    Clock::system(TIME_ZONE)
}

/// A problem as the command line tells it.
pub fn in_words(app: Option<&App>, problem: &Problem) -> String {
    let Some(app) = app else {
        return problem.to_string();
    };
    let mut text = app
        .catalog
        .text("en", &format!("problems.{}", problem.code), &problem.params);
    for error in &problem.errors {
        let words = app
            .catalog
            .text("en", &format!("problems.{}", error.code), &error.params);
        text.push_str(&format!(
            "\n  {}: {words}",
            error.pointer.trim_start_matches('/')
        ));
    }
    text
}
