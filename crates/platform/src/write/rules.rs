//! What features add to the writes of their resources.

use async_trait::async_trait;
use futures_util::future::BoxFuture;

use super::Write;
use crate::ledger::Entry;
use crate::problem::Result;
use crate::resource::Record;

/// What a feature adds to the writes of its resource.
#[async_trait]
pub trait Rules: Send + Sync {
    /// Decides before a row is written: completes `after`, or refuses. `before` is none on create, `after` on delete.
    async fn before(
        &self,
        _write: &mut Write,
        _before: Option<&Record>,
        _after: Option<&mut Record>,
    ) -> Result<()> {
        Ok(())
    }
    /// Follows a written row, in the same transaction.
    async fn after(
        &self,
        _write: &mut Write,
        _before: Option<&Record>,
        _after: Option<&Record>,
    ) -> Result<()> {
        Ok(())
    }
    /// Ends a write that touched the resource, once before its commit: what `after` gathered is written together.
    async fn finish(&self, _write: &mut Write) -> Result<()> {
        Ok(())
    }
}

/// What follows from the entries of a write, whatever their resource, in the same transaction: notifications, for one.
#[async_trait]
pub trait Outbox: Send + Sync {
    async fn entered(&self, write: &mut Write, entries: &[Entry]) -> Result<()>;
}

/// Takes back an act that `Write::note_on` entered under its verb.
pub type UndoAct = for<'a> fn(&'a mut Write, &'a Entry) -> BoxFuture<'a, Result<()>>;

/// A resource that needs no rules beyond its description.
pub struct Plain;
impl Rules for Plain {}
