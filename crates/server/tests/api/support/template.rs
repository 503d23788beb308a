//! Databases by copying: migrating and filling one takes a second, copying it milliseconds.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::UNIX_EPOCH;

use platform::clock::Clock;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use server::start::{Place, TIME_ZONE, start};

use super::{NOW_MS, company};

/// Names this build of the tests, so that a template of older code is never used.
fn build() -> String {
    let program = std::env::current_exe().expect("the test program");
    let changed = program
        .metadata()
        .and_then(|file| file.modified())
        .expect("its time");
    let age = changed
        .duration_since(UNIX_EPOCH)
        .expect("a time after 1970");
    format!("{:x}", age.as_nanos())
}

async fn make(place: &Place) -> std::sync::Arc<platform::app::App> {
    super::tell_errors();
    let app = start(place, Clock::fixed(NOW_MS, TIME_ZONE))
        .await
        .expect("the app starts");
    company::found(&app).await;
    app
}

/// The template's file; the first test that needs it makes it while the others wait.
async fn sqlite_template() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("template-{}.db", build()));
    let guard = File::create(folder.join("template.lock")).expect("a lock file");
    guard.lock().expect("the lock");
    if !file.exists() {
        for old in std::fs::read_dir(folder).expect("the folder").flatten() {
            if old
                .path()
                .extension()
                .is_some_and(|extension| extension == "db")
            {
                let _ = std::fs::remove_file(old.path());
            }
        }
        let making = tempfile::tempdir_in(folder).expect("a folder");
        let app = make(&Place::in_folder(making.path())).await;
        let made = making.path().join("made.db");
        app.db.backup(&made).await.expect("a copy");
        app.db.clone().close().await.expect("closing");
        std::fs::rename(&made, &file).expect("the template in its place");
    }
    file
}

pub async fn copy_sqlite(folder: &Path) {
    std::fs::copy(sqlite_template().await, folder.join("chengdan.db"))
        .expect("a copy of the template");
}

/// The address of the server for tests, without a database's name.
pub fn postgres_server() -> Option<String> {
    let url = std::env::var("CHENGDAN_TEST_POSTGRES").ok()?;
    let (server, _) = url.rsplit_once('/')?;
    Some(server.to_owned())
}

async fn administer(server: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(format!("{server}/postgres"));
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("PostgreSQL")
}

static COPIES: AtomicU32 = AtomicU32::new(0);

/// A new database's name and address.
pub async fn copy_postgres(server: &str) -> (String, String) {
    let connection = administer(server).await;
    let template = format!("template_{}", build());
    connection
        .execute_unprepared("SELECT pg_advisory_lock(7418)")
        .await
        .expect("the lock");
    let known = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT 1 FROM pg_database WHERE datname = $1",
        [template.as_str().into()],
    );
    if connection
        .query_one_raw(known)
        .await
        .expect("the list of databases")
        .is_none()
    {
        let making = format!("{template}_making");
        connection
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"))
            .await
            .expect("no rest");
        connection
            .execute_unprepared(&format!("CREATE DATABASE {making}"))
            .await
            .expect("a database");
        let folder = tempfile::tempdir().expect("a folder");
        let mut place = Place::in_folder(folder.path());
        place.database = Some(format!("{server}/{making}"));
        let app = make(&place).await;
        app.db.clone().close().await.expect("closing");
        connection
            .execute_unprepared(&format!("ALTER DATABASE {making} RENAME TO {template}"))
            .await
            .expect("the template in its place");
    }
    let name = format!(
        "test_{}_{}",
        std::process::id(),
        COPIES.fetch_add(1, Ordering::Relaxed)
    );
    connection
        .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
        .await
        .expect("a copy of the template");
    connection
        .execute_unprepared("SELECT pg_advisory_unlock(7418)")
        .await
        .expect("unlocking");
    connection.close().await.expect("closing");
    let url = format!("{server}/{name}");
    (name, url)
}

pub async fn drop_postgres(server: &str, name: &str) {
    let connection = administer(server).await;
    connection
        .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        .await
        .expect("dropping");
    connection.close().await.expect("closing");
}
