//! Definitions that many writes ask for and that rarely change: kept in memory until the ledger says that they did.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::QueryResult;
use sea_orm::sea_query::SelectStatement;

use crate::access::Access;
use crate::app::App;
use crate::ledger::Entry;
use crate::problem::Result;
use crate::write::Write;

/// What is read as a whole, from few rows.
pub trait Definitions: Any + Send + Sync + Sized {
    /// The resources of which a change makes it wrong.
    const RESOURCES: &'static [&'static str];
    fn select(app: &App) -> Result<SelectStatement>;
    fn read(app: &App, rows: &[QueryResult]) -> Result<Self>;
}

/// One value of each type, until it is forgotten.
#[derive(Default)]
pub(crate) struct Kept {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    values: HashMap<TypeId, (&'static [&'static str], Arc<dyn Any + Send + Sync>)>,
    /// How often something was forgotten: what was read before must not be kept after.
    forgotten: u64,
}

impl Kept {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get<D: Definitions>(&self) -> (Option<Arc<D>>, u64) {
        let known = self.known();
        let value = known.values.get(&TypeId::of::<D>());
        let value = value.and_then(|(_, value)| value.clone().downcast().ok());
        (value, known.forgotten)
    }

    fn keep<D: Definitions>(&self, value: Arc<D>, forgotten: u64) {
        let mut known = self.known();
        if known.forgotten == forgotten {
            known
                .values
                .insert(TypeId::of::<D>(), (D::RESOURCES, value));
        }
    }

    /// These records have changed, whichever process did it; none: any may have.
    pub(crate) fn forget(&self, changed: Option<&[Entry]>) {
        let is_wrong = |resources: &[&str]| {
            let mut changed = changed.unwrap_or_default().iter();
            changed.any(|entry| resources.contains(&entry.resource.as_str()))
        };
        let mut known = self.known();
        known.forgotten += 1;
        match changed {
            Some(_) => known
                .values
                .retain(|_, (resources, _)| !is_wrong(resources)),
            None => known.values.clear(),
        }
    }
}

impl Access {
    /// The definitions as they were last committed.
    pub async fn definitions<D: Definitions>(&self) -> Result<Arc<D>> {
        let app = &self.app;
        let (known, forgotten) = app.kept.get::<D>();
        if let Some(known) = known {
            return Ok(known);
        }
        let value = Arc::new(D::read(app, &self.rows(&D::select(app)?).await?)?);
        app.kept.keep(value.clone(), forgotten);
        Ok(value)
    }
}

impl Write {
    /// The definitions as this write sees them, its own changes included.
    pub async fn definitions<D: Definitions>(&mut self) -> Result<Arc<D>> {
        let app = self.access.app.clone();
        // What this write itself has changed may still be taken back.
        let is_own = self.has_touched(D::RESOURCES);
        let (known, forgotten) = app.kept.get::<D>();
        if let Some(known) = known.filter(|_| !is_own) {
            return Ok(known);
        }
        let value = Arc::new(D::read(&app, &self.rows(&D::select(&app)?).await?)?);
        if !is_own {
            app.kept.keep(value.clone(), forgotten);
        }
        Ok(value)
    }
}
