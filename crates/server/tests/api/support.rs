//! The harness: one small organisation on a fresh database, and clients that speak to the real router.
//!
//! A test is `each_database(async |world| …)`: it runs on a new SQLite file, then, when `CHENGDAN_TEST_POSTGRES` names a
//! server, on a new PostgreSQL database. Both are copies of a template that is made once for each build of the tests.

mod client;
mod company;
mod mailbox;
pub mod s3;
mod template;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use futures_util::FutureExt;
use platform::app::App;
use platform::clock::Clock;
use serde_json::Value as Json;
use server::start::{Place, TIME_ZONE, start};

pub use client::{Answer, Client, Events, id_of, version_of};
pub use company::{PASSWORD, id};
pub use mailbox::{Letter, Mailbox};

/// The test's now: Monday 2026-06-15, 10:00 in Shanghai.
pub const NOW_MS: i64 = 1_781_488_800_000;
pub const MINUTE_MS: i64 = 60_000;
pub const DAY_MS: i64 = 86_400_000;

/// One running Chengdan with the small organisation in it.
pub struct World {
    pub app: Arc<App>,
    pub openapi: Json,
    router: Router,
    place: Place,
    listener: Option<tokio::task::JoinHandle<()>>,
}

impl World {
    async fn at(place: Place) -> World {
        tell_errors();
        let app = start(&place, Clock::fixed(NOW_MS, TIME_ZONE))
            .await
            .expect("the app starts");
        let (router, openapi) = server::serve::router(&app);
        World {
            app,
            openapi,
            router,
            place,
            listener: None,
        }
    }

    /// Another process on the same database. On SQLite it would be a mistake, so there it is refused.
    pub async fn another_process(&self) -> World {
        assert!(self.is_postgres(), "SQLite has one process");
        World::at(self.place.clone()).await
    }

    /// Follows what other processes commit, as a served app does.
    pub async fn listen(&mut self) {
        self.listener = Some(tokio::spawn(platform::live::listen(self.app.clone())));
        if self.is_postgres() {
            // LISTEN must stand before the test's first write.
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        }
    }

    /// Starts again with a mail server, and answers what that receives.
    pub async fn with_mail(&mut self) -> Mailbox {
        let mailbox = Mailbox::open().await;
        let mut place = self.place.clone();
        place.smtp_url = Some(mailbox.url.clone());
        place.base_url = "http://chengdan.test".into();
        let _ = self.app.db.clone().close().await;
        *self = World::at(place).await;
        mailbox
    }

    /// Starts again with its files in a bucket.
    pub async fn with_bucket(&mut self, options: platform::files::BucketOptions) {
        let mut place = self.place.clone();
        place.bucket = Some(options);
        let _ = self.app.db.clone().close().await;
        *self = World::at(place).await;
    }

    /// Runs the jobs that are due.
    pub async fn run_jobs(&self) {
        platform::job::run_due(&self.app).await.expect("the jobs");
    }

    pub fn is_postgres(&self) -> bool {
        self.app.db.is_postgres()
    }

    /// Sums that are not those over the records.
    pub async fn wrong_sums(&self) -> Vec<platform::facts::Difference> {
        let reading = self.app.db.begin_read().await.expect("a transaction");
        let found = platform::facts::differences(&self.app, &reading).await;
        reading.rollback().await.expect("its end");
        found.expect("a comparison")
    }

    /// Moves the clock, and forgets who is signed in as the passing of a minute would.
    pub fn set_clock(&self, at_ms: i64) {
        self.app.clock.set(at_ms);
        self.app.actors.invalidate_all();
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A person of the organisation in a session of theirs: `admin director supervisor north_supervisor li wang zhao qian support`.
    pub fn as_person(&self, name: &str) -> Client {
        self.visitor().with_session(&company::session_secret(name))
    }

    /// The same in a session that begins now, after the clock went further than a session lives.
    pub async fn fresh_session(&self, name: &str) -> Client {
        let body =
            serde_json::json!({ "login": format!("{name}@example.com"), "password": PASSWORD });
        let answer = self.visitor().post("/api/session", body).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        self.visitor()
            .with_session(&answer.session().expect("a session"))
    }

    async fn stop(self) {
        if let Some(listener) = self.listener {
            listener.abort();
        }
        drop(self.router);
        // A last note of a session's use may still be on its way; it is of no interest.
        let _ = self.app.db.clone().close().await;
    }
}

/// What goes wrong inside is told beside the test that failed.
fn tell_errors() {
    let _ = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::ERROR)
        .with_test_writer()
        .try_init();
}

/// Runs a test on each database.
pub async fn each_database(test: impl AsyncFn(&mut World)) {
    on_sqlite(&test).await;
    on_postgres(&test).await;
}

pub async fn on_sqlite(test: &impl AsyncFn(&mut World)) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    template::copy_sqlite(folder.path()).await;
    run(Place::in_folder(folder.path()), test).await;
}

/// Does nothing without a PostgreSQL server.
pub async fn on_postgres(test: &impl AsyncFn(&mut World)) {
    let Some(server) = template::postgres_server() else {
        return;
    };
    eprintln!("on PostgreSQL:");
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (name, url) = template::copy_postgres(&server).await;
    let mut place = Place::in_folder(folder.path());
    place.database = Some(url);
    let outcome = AssertUnwindSafe(run(place, test)).catch_unwind().await;
    template::drop_postgres(&server, &name).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

async fn run(place: Place, test: &impl AsyncFn(&mut World)) {
    let mut world = World::at(place).await;
    test(&mut world).await;
    // Whatever a test did, the sums that figures are read from have followed.
    assert_eq!(world.wrong_sums().await, [], "sums");
    world.stop().await;
}
