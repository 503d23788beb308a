//! Background jobs: stored, claimed with a lease, retried with back-off, the same on one process or ten.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sea_orm::sea_query::{Alias, Condition, ExprTrait, LockBehavior, LockType, Order, Query};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::app::App;
use crate::clock::new_id;
use crate::db::col;
use crate::problem::{Problem, Result};
use crate::write::Write;

/// A kind of job: its `run` may be called again after a crash, and must then end in the same state.
#[derive(Clone)]
pub struct JobKind {
    pub name: &'static str,
    run: Arc<dyn Fn(Running) -> BoxFuture<'static, Result<Json>> + Send + Sync>,
    attempts: i64,
    /// Between two runs of a kind that repeats.
    pause: Option<Duration>,
    is_long: bool,
}

impl JobKind {
    /// A kind that is run once per request, and tried so many times before it counts as failed.
    pub fn new<F>(name: &'static str, attempts: i64, run: fn(Running) -> F) -> JobKind
    where
        F: Future<Output = Result<Json>> + Send + 'static,
    {
        JobKind {
            name,
            run: Arc::new(move |running| Box::pin(run(running))),
            attempts,
            pause: None,
            is_long: false,
        }
    }
    /// Repeats after this pause, without being asked for.
    pub fn every(mut self, pause: Duration) -> JobKind {
        self.pause = Some(pause);
        self
    }
    pub fn repeats(&self) -> bool {
        self.pause.is_some()
    }
    /// May run for minutes or hours. Such jobs follow one another, and short ones pass beside them.
    pub fn long(mut self) -> JobKind {
        self.is_long = true;
        self
    }
}

/// A claimed job while it runs.
#[derive(Clone)]
pub struct Running {
    pub app: Arc<App>,
    pub id: Uuid,
    pub payload: Json,
    pub created_by: Option<Uuid>,
}

/// A claim holds this long, and is renewed while the job runs; after a crash another process takes over.
const LEASE_MS: i64 = 60_000;
const RENEW: Duration = Duration::from_secs(20);
/// How often other processes learn of a job's progress.
const PROGRESS: Duration = Duration::from_secs(2);
/// First pause before a retry; it doubles each time.
const BACK_OFF_MS: i64 = 5_000;
/// How often an idle worker looks for jobs that other processes left.
const POLL: Duration = Duration::from_secs(5);
/// Serialises the processes that start on one PostgreSQL, so that a repeating job is in the queue once.
const SCHEDULE_LOCK: &str = "SELECT pg_advisory_xact_lock(741855)";

/// Puts a job in the queue, in the same transaction as the write that wants it.
pub async fn enqueue(write: &mut Write, kind: &str, payload: Json) -> Result<Uuid> {
    let now = write.now;
    enqueue_at(write, kind, payload, now).await
}

/// The same, to be run at this instant (milliseconds UTC) at the earliest.
pub async fn enqueue_at(write: &mut Write, kind: &str, payload: Json, run_at: i64) -> Result<Uuid> {
    let id = new_id();
    let now = write.now;
    let by = write.access.actor.person();
    write.wakes_jobs |= run_at <= now;
    write
        .insert(
            "job",
            &[
                "id",
                "kind",
                "payload",
                "state",
                "run_at",
                "attempts",
                "created_at",
                "created_by",
            ],
            vec![
                id.into(),
                kind.into(),
                payload.to_string().into(),
                "queued".into(),
                run_at.into(),
                0i64.into(),
                now.into(),
                by.into(),
            ],
        )
        .await?;
    Ok(id)
}

/// Runs jobs until the process ends: long ones one after the other, and beside them the short ones.
pub async fn work(app: Arc<App>) {
    if let Err(problem) = schedule(&app).await {
        tracing::warn!(%problem, "could not schedule repeating jobs");
    }
    tokio::join!(walk(&app, false), walk(&app, true));
}

async fn walk(app: &Arc<App>, is_long: bool) {
    loop {
        // Listens before it looks, so that a job that comes meanwhile is not left waiting.
        let woken = app.job_wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        match claim(app, is_long).await {
            Ok(Some((running, kind, attempts))) => run(running, kind, attempts).await,
            Ok(None) => {
                tokio::select! {
                    () = woken => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
            Err(problem) => {
                tracing::warn!(%problem, "could not look for jobs");
                tokio::time::sleep(POLL).await;
            }
        }
    }
}

/// Runs what is due now, and what that makes due, then ends: for tests, which have no worker.
pub async fn run_due(app: &Arc<App>) -> Result<usize> {
    schedule(app).await?;
    let mut count = 0;
    for is_long in [false, true] {
        while let Some((running, kind, attempts)) = claim(app, is_long).await? {
            run(running, kind, attempts).await;
            count += 1;
        }
    }
    Ok(count)
}

/// Repeating kinds are always in the queue once.
async fn schedule(app: &Arc<App>) -> Result<()> {
    for kind in app.jobs.values().filter(|kind| kind.repeats()) {
        let tx = app.db.begin().await?;
        if app.db.is_postgres() {
            tx.execute_unprepared(SCHEDULE_LOCK).await?;
        }
        let present = tx
            .query_one(
                Query::select()
                    .column(Alias::new("id"))
                    .from(Alias::new("job"))
                    .and_where(col("kind").eq(kind.name))
                    .and_where(col("state").is_in(["queued", "running"])),
            )
            .await?;
        if present.is_none() {
            let now = app.clock.now_ms();
            let insert = Query::insert()
                .into_table(Alias::new("job"))
                .columns(
                    [
                        "id",
                        "kind",
                        "payload",
                        "state",
                        "run_at",
                        "attempts",
                        "created_at",
                    ]
                    .map(Alias::new),
                )
                .values_panic([
                    new_id().into(),
                    kind.name.into(),
                    "{}".into(),
                    "queued".into(),
                    now.into(),
                    0i64.into(),
                    now.into(),
                ])
                .to_owned();
            tx.execute(&insert).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn claim(app: &Arc<App>, is_long: bool) -> Result<Option<(Running, JobKind, i64)>> {
    let now = app.clock.now_ms();
    let kinds = app.jobs.values().filter(|kind| kind.is_long == is_long);
    let due = Condition::any()
        .add(col("state").eq("queued").and(col("run_at").lte(now)))
        .add(col("state").eq("running").and(col("lease_until").lt(now)));
    let mut next = Query::select();
    next.columns(["id", "kind", "payload", "attempts", "created_by"].map(Alias::new))
        .from(Alias::new("job"))
        .cond_where(due)
        .and_where(col("kind").is_in(kinds.map(|kind| kind.name)))
        .order_by(Alias::new("run_at"), Order::Asc)
        .limit(1);
    // A look without a lock first: most looks find nothing, and must not keep writers waiting.
    if app.db.one(&next).await?.is_none() {
        return Ok(None);
    }
    let tx = app.db.begin().await?;
    if app.db.backend() == DbBackend::Postgres {
        next.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let Some(row) = tx.query_one(&next).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let id: Uuid = row.try_get_by_index(0)?;
    let name: String = row.try_get_by_index(1)?;
    let payload: String = row.try_get_by_index(2)?;
    let attempts: i64 = row.try_get_by_index::<i64>(3)? + 1;
    let created_by: Option<Uuid> = row.try_get_by_index(4)?;
    let update = Query::update()
        .table(Alias::new("job"))
        .value(Alias::new("state"), "running")
        .value(Alias::new("attempts"), attempts)
        .value(Alias::new("lease_until"), now + LEASE_MS)
        .value(Alias::new("lease_owner"), app.process_id)
        .value(Alias::new("started_at"), now)
        .and_where(col("id").eq(id))
        .to_owned();
    tx.execute(&update).await?;
    tx.commit().await?;
    let Some(kind) = app.jobs.get(name.as_str()).cloned() else {
        return Ok(None);
    };
    let payload = serde_json::from_str(&payload).unwrap_or(Json::Null);
    Ok(Some((
        Running {
            app: app.clone(),
            id,
            payload,
            created_by,
        },
        kind,
        attempts,
    )))
}

async fn run(running: Running, kind: JobKind, attempts: i64) {
    let app = running.app.clone();
    let id = running.id;
    tracing::debug!(job = kind.name, %id, attempts, "job starts");
    let renewal = tokio::spawn(renew(app.clone(), id));
    let outcome = tokio::spawn((kind.run)(running))
        .await
        .unwrap_or_else(|panic| Err(Problem::internal(panic)));
    renewal.abort();
    let now = app.clock.now_ms();
    let mut update = Query::update();
    update
        .table(Alias::new("job"))
        .and_where(col("id").eq(id))
        .and_where(col("state").eq("running"));
    match outcome {
        Ok(_) if kind.repeats() => {
            let pause = kind.pause.unwrap_or_default().as_millis() as i64;
            update
                .value(Alias::new("state"), "queued")
                .value(Alias::new("attempts"), 0i64)
                .value(Alias::new("run_at"), now + pause);
        }
        Ok(result) => {
            update
                .value(Alias::new("state"), "done")
                .value(Alias::new("result"), result.to_string())
                .value(Alias::new("finished_at"), now);
        }
        Err(problem)
            if problem.status.is_server_error() && (attempts < kind.attempts || kind.repeats()) =>
        {
            update
                .value(Alias::new("state"), "queued")
                .value(Alias::new("error"), problem.to_string())
                .value(
                    Alias::new("run_at"),
                    now + (BACK_OFF_MS << Ord::min(attempts, 8)),
                );
        }
        Err(problem) => {
            update
                .value(Alias::new("state"), "failed")
                .value(Alias::new("error"), problem.to_string())
                .value(Alias::new("finished_at"), now);
        }
    }
    if let Err(error) = app.db.writer().execute(&update).await {
        tracing::warn!(%error, %id, "could not note the end of a job");
    }
}

/// Keeps the claim while a job runs. On PostgreSQL it also tells the other processes how far the job is; on SQLite there
/// are none, and the job itself may hold the only writer.
async fn renew(app: Arc<App>, id: Uuid) {
    loop {
        let pause = if app.db.is_postgres() {
            PROGRESS
        } else {
            RENEW
        };
        tokio::time::sleep(pause).await;
        let mut update = Query::update();
        update
            .table(Alias::new("job"))
            .value(Alias::new("lease_until"), app.clock.now_ms() + LEASE_MS)
            .and_where(col("id").eq(id));
        if let Some((done, total)) = app.progress.get(&id) {
            update
                .value(Alias::new("progress_done"), done)
                .value(Alias::new("progress_total"), total);
        }
        // A missed renewal only means that the next one must come in time.
        let _ = app.db.writer().execute(&update).await;
    }
}

impl App {
    /// Lets the workers look for jobs at once.
    pub fn wake_jobs(&self) {
        self.job_wake.notify_waiters();
    }
}

impl Running {
    /// Notes how far the job is, in memory: a job may hold the only writer of SQLite while it runs.
    pub fn progress(&self, done: i64, total: i64) {
        self.app.progress.insert(self.id, (done, total));
    }

    /// Whether somebody cancelled it; reads only, so that it can be asked inside a long write.
    pub async fn is_cancelled(&self) -> Result<bool> {
        let select = Query::select()
            .column(Alias::new("state"))
            .from(Alias::new("job"))
            .and_where(col("id").eq(self.id))
            .to_owned();
        let state: Option<String> = match self.app.db.one(&select).await? {
            Some(row) => row.try_get_by_index(0)?,
            None => None,
        };
        Ok(state.as_deref() != Some("running"))
    }
}
