//! Facts: figures are read from sums that are kept in the transaction that changes a record.
//!
//! A feature says what its records mean (`FactsOf`); before a write changes a record its facts are taken out of the sums,
//! and at the write's end those of the record as it then stands are put in. `roll_up` holds the sums, a row per cell.

mod store;

use async_trait::async_trait;
use rules::facts::{Fact, RollUp};
use rules::permission::Action;
use sea_orm::DatabaseTransaction;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

pub use store::{Difference, differences, repair};
pub(crate) use store::{additions, read, renew, revision};

use crate::access::Access;
use crate::clock::Clock;
use crate::problem::Result;
use crate::resource::Resource;

/// What the records of one resource mean for the figures.
#[async_trait]
pub trait FactsOf: Send + Sync {
    fn resource(&self) -> &'static str;
    /// Goes up when the same records mean something else than before, or are summed otherwise: the sums are then made anew
    /// at the next start.
    fn revision(&self) -> u32;
    /// The fields that the facts follow from, with those that a side table follows; another change leaves the facts.
    fn fields(&self) -> &'static [&'static str];
    /// Records of other resources that the facts follow from, too.
    fn follows(&self) -> &'static [Follow] {
        &[]
    }
    fn roll_ups(&self) -> &'static [RollUp];
    /// The facts of those of the records that stand, as the transaction sees them.
    async fn read(
        &self,
        tx: &DatabaseTransaction,
        clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>>;
}

/// Fields of another resource from which facts follow.
#[derive(Debug)]
pub struct Follow {
    pub resource: &'static str,
    pub fields: &'static [&'static str],
    pub by: FollowedBy,
}

/// Whose facts follow from a record of another resource.
#[derive(Debug)]
pub enum FollowedBy {
    /// The record that this field of it names; so they do when it comes or goes.
    Named(&'static str),
    /// The records whose field names it.
    Naming(&'static str),
    /// The records whose field names what this field of it names; so they do when it comes or goes.
    Sharing(&'static str),
    /// `SELECT key FROM table WHERE column = id`.
    Beside {
        table: &'static str,
        key: &'static str,
        column: &'static str,
    },
    /// The records whose field names one of those.
    Beyond {
        field: &'static str,
        table: &'static str,
        key: &'static str,
        column: &'static str,
    },
}

/// The table of sums.
pub const TABLE: &str = "roll_up";

/// A column of a cell: `part day class region product_id since mark owner_id count value weighted`.
pub fn column(name: &str) -> Expr {
    Expr::col((Alias::new(TABLE), Alias::new(name)))
}

/// An empty `SELECT … FROM` the cells of a roll-up, limited to the actor's scope; the caller adds its expressions. `None`
/// when the roll-up does not know the scope apart: then the records themselves must be asked.
pub fn cells(
    access: &Access,
    resource: &Resource,
    all: &RollUp,
    by_owner: Option<&RollUp>,
) -> Result<Option<SelectStatement>> {
    access.require(&resource.name, Action::Read)?;
    let mut select = Query::select();
    select.from(Alias::new(TABLE));
    if access.condition(resource, Action::Read).is_none() {
        select.and_where(column("roll_up").eq(all.name));
        return Ok(Some(select));
    }
    let owners = access.owners(resource, Action::Read, column("owner_id"));
    Ok(match (by_owner, owners) {
        (Some(by_owner), Some(owners)) => {
            select
                .and_where(column("roll_up").eq(by_owner.name))
                .cond_where(owners);
            Some(select)
        }
        _ => None,
    })
}
