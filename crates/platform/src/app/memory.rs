//! What a process keeps in memory of the database, and when it forgets.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use rules::value::Field;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use uuid::Uuid;

use super::{App, settings};
use crate::access::Actor;
use crate::db::col;
use crate::directory::Directory;
use crate::i18n::LANGUAGES;
use crate::ledger::Entry;
use crate::problem::Result;
use crate::resource::Registry;

impl App {
    /// How often the caches were told to forget; asked before reading what `remember_…` will keep.
    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten.load(Ordering::SeqCst)
    }

    /// Keeps an actor, unless something was forgotten since it was read: then it may already be wrong.
    pub(crate) fn remember_actor(&self, hash: String, actor: Arc<Actor>, forgotten: u64) {
        self.actors.insert(hash.clone(), actor);
        if self.forgotten() != forgotten {
            self.actors.invalidate(&hash);
        }
    }

    /// Keeps a label, with the same care.
    pub(crate) fn remember_label(
        &self,
        key: (Uuid, &'static str),
        label: Arc<str>,
        forgotten: u64,
    ) {
        self.labels.insert(key, label);
        if self.forgotten() != forgotten {
            self.labels.invalidate(&key);
        }
    }

    /// Forgets who may do what.
    pub fn forget_actors(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.actors.invalidate_all();
    }

    pub async fn reload_directory(&self) -> Result<()> {
        let _one_at_a_time = self.reloading.lock().await;
        let directory = Arc::new(Directory::load(self.db.reader()).await?);
        *self
            .directory
            .write()
            .unwrap_or_else(PoisonError::into_inner) = directory;
        self.forget_actors();
        Ok(())
    }

    pub async fn reload_settings(&self) -> Result<()> {
        let _one_at_a_time = self.reloading.lock().await;
        let settings = Arc::new(settings::load(&self.db).await?);
        *self
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }

    /// Puts the custom fields behind the built-in ones.
    pub async fn reload_registry(&self) -> Result<()> {
        let _one_at_a_time = self.reloading.lock().await;
        let rows = self
            .db
            .all(
                Query::select()
                    .columns(["resource", "definition"].map(Alias::new))
                    .from(Alias::new("custom_field"))
                    .and_where(col("removed_at").is_null())
                    .order_by(Alias::new("position"), Order::Asc)
                    .order_by(Alias::new("id"), Order::Asc),
            )
            .await?;
        let mut custom: HashMap<String, Vec<Field>> = HashMap::new();
        for row in rows {
            let resource: String = row.try_get_by_index(0)?;
            let definition: String = row.try_get_by_index(1)?;
            if let Some(field) = crate::custom_field::Definition::read(&definition)
                .map(|definition| definition.field())
            {
                custom.entry(resource).or_default().push(field);
            }
        }
        let resources = self
            .built_in
            .iter()
            .map(|resource| match custom.remove(&resource.name) {
                Some(fields) => resource.with_custom(fields),
                None => (**resource).clone(),
            })
            .collect();
        *self
            .registry
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(Registry::new(resources));
        Ok(())
    }

    /// Drops from the caches what these entries made wrong.
    pub async fn forget(&self, entries: &[Entry]) -> Result<()> {
        let mut organisation = false;
        let mut fields = false;
        let mut settings = false;
        let mut actors = false;
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.kept.forget(Some(entries));
        for entry in entries {
            match entry.resource.as_str() {
                "people" | "teams" | "roles" => organisation = true,
                "custom_fields" => fields = true,
                "settings" => settings = true,
                "shares" | "sessions" | "tokens" => actors = true,
                "imports" if entry.action == "run" => {
                    organisation = true;
                    self.labels.invalidate_all();
                }
                _ if matches!(entry.action.as_str(), "share" | "unshare") => actors = true,
                _ => {}
            }
            for language in LANGUAGES {
                self.labels.invalidate(&(entry.record_id, language));
            }
        }
        if fields {
            self.reload_registry().await?;
        }
        if settings {
            self.reload_settings().await?;
        }
        if organisation {
            self.reload_directory().await?;
        } else if actors {
            self.forget_actors();
        }
        Ok(())
    }

    /// Forgets everything, after the connection that tells of other processes' changes was lost.
    pub async fn forget_all(&self) -> Result<()> {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.kept.forget(None);
        self.labels.invalidate_all();
        self.reload_registry().await?;
        self.reload_settings().await?;
        self.reload_directory().await
    }
}
