//! One running Chengdan: database, descriptions, organisation, caches, live updates.

mod feature;
mod memory;
mod settings;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use crate::access::Actor;
use crate::clock::{Clock, new_id};
use crate::db::Db;
use crate::directory::Directory;
use crate::facts::FactsOf;
use crate::files::{BucketOptions, Files};
use crate::i18n::Catalog;
use crate::job::JobKind;
use crate::kept::Kept;
use crate::ledger::{self, Entry};
use crate::live::{self, Change, Own};
use crate::mail::Mailer;
use crate::outbound::Outbound;
use crate::pace::Pace;
use crate::problem::{Problem, Result};
use crate::resource::Registry;
use crate::write::{Outbox, Plain, Rules, UndoAct};

pub use feature::Feature;
pub use settings::Settings;

/// How this process was started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where attachments and uploads lie, or pass through on their way to the bucket.
    pub files: PathBuf,
    /// Where they lie instead, when it is configured.
    pub bucket: Option<BucketOptions>,
    /// The address that people use, for links in mails; empty when unknown.
    pub base_url: String,
    /// Cookies only over TLS.
    pub secure_cookies: bool,
    pub smtp_url: Option<String>,
    pub mail_from: String,
}

pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub process_id: Uuid,
    pub options: Options,
    pub catalog: Catalog,
    pub mailer: Mailer,
    /// Requests to foreign servers.
    pub outbound: Outbound,
    /// Attachments, uploads, and what is on its way.
    pub files: Files,
    /// Names of records, by the language that they are in.
    pub labels: Cache<(Uuid, &'static str), Arc<str>>,
    /// Who signs with which hashed secret.
    pub actors: Cache<String, Arc<Actor>>,
    pub jobs: HashMap<&'static str, JobKind>,
    pub(crate) job_wake: Notify,
    pub(crate) pace: Pace,
    /// How far this process's running jobs are: `(done, total)`.
    pub progress: Cache<Uuid, (i64, i64)>,
    pub outboxes: Vec<Arc<dyn Outbox>>,
    pub undo_acts: HashMap<&'static str, UndoAct>,
    /// What records mean for the figures, by resource.
    pub facts: BTreeMap<&'static str, Arc<dyn FactsOf>>,
    pub metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
    /// Definitions that writes ask for.
    pub(crate) kept: Kept,
    /// What this process has written, on SQLite.
    pub(crate) own: Own,
    live: broadcast::Sender<Arc<Vec<Change>>>,
    /// The ledger's head before anything was read into memory: what came later must be looked at again.
    read_at: i64,
    /// Reloads one after the other: of two, the later one must also be the one that stays.
    reloading: tokio::sync::Mutex<()>,
    /// How often the caches of actors and of labels were told to forget; see `remember_actor`.
    forgotten: AtomicU64,
    built_in: Registry,
    registry: RwLock<Arc<Registry>>,
    directory: RwLock<Arc<Directory>>,
    settings: RwLock<Arc<Settings>>,
    rules: HashMap<String, Arc<dyn Rules>>,
}

/// Names kept: enough for the busy part of a large organisation, about 20 MB at most.
const LABELS: u64 = 100_000;
/// How long a session is trusted without a look at the database; every change that matters clears it at once.
const ACTOR_TTL: Duration = Duration::from_secs(60);
/// Changes that a slow listener may lag behind before it is told to reload.
const LIVE_BACKLOG: usize = 1_024;

fn locked<T: Clone>(lock: &RwLock<T>) -> T {
    lock.read().unwrap_or_else(PoisonError::into_inner).clone()
}

impl App {
    pub async fn start(
        db: Db,
        clock: Clock,
        catalog: Catalog,
        features: Vec<Feature>,
        options: Options,
    ) -> Result<Arc<App>> {
        let mut rules = HashMap::new();
        let mut resources = Vec::new();
        let mut jobs = HashMap::new();
        let mut outboxes = Vec::new();
        let mut undo_acts = HashMap::new();
        let mut facts = BTreeMap::new();
        for feature in features {
            for (resource, rule) in feature.resources {
                rules.insert(resource.name.clone(), rule);
                resources.push(resource);
            }
            outboxes.extend(feature.outboxes);
            undo_acts.extend(feature.undo_acts);
            facts.extend(
                feature
                    .facts
                    .into_iter()
                    .map(|facts| (facts.resource(), facts)),
            );
            for job in feature.jobs {
                jobs.insert(job.name, job);
            }
        }
        let read_at = ledger::head(&db).await?;
        let built_in = Registry::new(resources);
        let mailer = Mailer::new(options.smtp_url.as_deref(), &options.mail_from)?;
        let outbound = Outbound::new().map_err(Problem::internal)?;
        let files = Files::new(
            options.files.clone(),
            options.bucket.clone(),
            outbound.clone(),
        )?;
        let app = App {
            clock,
            process_id: new_id(),
            catalog,
            mailer,
            outbound,
            files,
            labels: Cache::new(LABELS),
            actors: Cache::builder()
                .max_capacity(20_000)
                .time_to_live(ACTOR_TTL)
                .build(),
            jobs,
            job_wake: Notify::new(),
            pace: Pace::default(),
            progress: Cache::new(1_000),
            outboxes,
            undo_acts,
            facts,
            metrics: None,
            kept: Kept::default(),
            own: Own::default(),
            live: broadcast::channel(LIVE_BACKLOG).0,
            read_at,
            reloading: tokio::sync::Mutex::new(()),
            forgotten: AtomicU64::new(0),
            registry: RwLock::new(Arc::new(built_in.clone())),
            built_in,
            directory: RwLock::new(Arc::new(Directory::load(db.reader()).await?)),
            settings: RwLock::new(Arc::new(settings::load(&db).await?)),
            rules,
            options,
            db,
        };
        app.reload_registry().await?;
        Ok(Arc::new(app))
    }

    pub fn with_metrics(
        mut self: Arc<Self>,
        handle: metrics_exporter_prometheus::PrometheusHandle,
    ) -> Arc<Self> {
        if let Some(app) = Arc::get_mut(&mut self) {
            app.metrics = Some(handle);
        }
        self
    }

    pub fn registry(&self) -> Arc<Registry> {
        locked(&self.registry)
    }
    pub fn directory(&self) -> Arc<Directory> {
        locked(&self.directory)
    }
    pub fn settings(&self) -> Arc<Settings> {
        locked(&self.settings)
    }
    pub fn rules(&self, resource: &str) -> Arc<dyn Rules> {
        self.rules
            .get(resource)
            .cloned()
            .unwrap_or_else(|| Arc::new(Plain))
    }

    /// Changes as they are committed, by this process and the others.
    pub fn watch(&self) -> broadcast::Receiver<Arc<Vec<Change>>> {
        self.live.subscribe()
    }

    pub(crate) fn read_at(&self) -> i64 {
        self.read_at
    }

    /// After a commit: caches forget what changed, and listeners are told. On PostgreSQL the listener tells them, in
    /// the ledger's order, so that changes of all processes arrive once and in sequence.
    pub async fn committed(&self, entries: Vec<Entry>) -> Result<()> {
        self.forget(&entries).await?;
        if !self.db.is_postgres() {
            self.announce(&entries).await;
        }
        Ok(())
    }

    /// Tells open pages of what these entries changed.
    pub async fn announce(&self, entries: &[Entry]) {
        if entries.is_empty() || self.live.receiver_count() == 0 {
            return;
        }
        let changes = live::changes_of(self, entries).await;
        // What is written is written; whoever can't be found now asks again sooner or later.
        let changes = changes.unwrap_or_else(|problem| {
            tracing::warn!(%problem, "could not see who may read what changed");
            entries.iter().map(Change::from).collect()
        });
        // Nobody listening is no error.
        let _ = self.live.send(Arc::new(changes));
    }

    /// Tells these people's open pages that their inbox changed.
    pub fn tell(&self, people: &[Uuid]) {
        if !people.is_empty() {
            let _ = self.live.send(Arc::new(
                people.iter().map(|person| Change::inbox(*person)).collect(),
            ));
        }
    }

    pub async fn ledger_head(&self) -> Result<i64> {
        ledger::head(&self.db).await
    }
}
