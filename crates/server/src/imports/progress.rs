//! How far an import is, and whether somebody wants it to stop. Kept in memory: an import may hold the only writer.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use platform::app::App;
use platform::job::Running;
use platform::problem::Result;
use uuid::Uuid;

type Imports = LazyLock<Mutex<HashSet<Uuid>>>;

/// Imports that somebody cancelled in this process.
static CANCELLED: Imports = LazyLock::new(Mutex::default);
/// Imports that a job of this process works on: committed, they are not over until the caches know of them.
static WORKED_ON: Imports = LazyLock::new(Mutex::default);

fn locked(imports: &Imports) -> std::sync::MutexGuard<'_, HashSet<Uuid>> {
    imports.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn cancel(import: Uuid) {
    locked(&CANCELLED).insert(import);
}

pub fn began(import: Uuid) {
    locked(&WORKED_ON).insert(import);
}

/// Takes a cancel back, since the import has ended or begins anew.
pub fn ended(import: Uuid) {
    locked(&CANCELLED).remove(&import);
    locked(&WORKED_ON).remove(&import);
}

pub fn is_worked_on(import: Uuid) -> bool {
    locked(&WORKED_ON).contains(&import)
}

/// Looks after one running import; without a job (on the command line) nobody can cancel it.
pub struct Watch {
    job: Option<Running>,
    import: Uuid,
    total: i64,
}

impl Watch {
    pub fn new(job: Option<Running>, import: Uuid, total: i64) -> Watch {
        if let Some(job) = &job {
            job.progress(0, total);
        }
        Watch { job, import, total }
    }

    /// Notes the rows done; false when the import shall stop.
    pub async fn goes_on(&self, done: u64) -> Result<bool> {
        let Some(job) = &self.job else {
            return Ok(true);
        };
        job.progress(i64::try_from(done).unwrap_or(self.total), self.total);
        if locked(&CANCELLED).contains(&self.import) {
            return Ok(false);
        }
        // Another process may have been told.
        Ok(!job.app.db.is_postgres() || super::store::is_wanted(&job.app, self.import).await?)
    }
}

/// `(done, total)` of a running import in this process or another.
pub fn of(app: &App, job: Option<Uuid>) -> Option<(i64, i64)> {
    app.progress.get(&job?)
}
