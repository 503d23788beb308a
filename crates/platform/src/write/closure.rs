//! The closures of teams and of the line of command, kept right in the write that changes them.

use std::collections::HashSet;

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::directory::Directory;
use crate::problem::Result;

const CHUNK: usize = 1_000;

/// Compares both closures with the people and teams as they now stand, and writes the difference.
pub async fn renew(tx: &DatabaseTransaction) -> Result<()> {
    let directory = Directory::load(tx).await?;
    replace(tx, "team_closure", directory.team_closure()).await?;
    replace(tx, "command_closure", directory.command_closure()).await
}

async fn replace(
    tx: &DatabaseTransaction,
    table: &str,
    wanted: HashSet<(Uuid, Uuid)>,
) -> Result<()> {
    let columns = ["ancestor_id", "descendant_id"].map(Alias::new);
    let rows = tx
        .query_all(
            Query::select()
                .columns(columns.clone())
                .from(Alias::new(table)),
        )
        .await?;
    let mut known = HashSet::with_capacity(rows.len());
    for row in rows {
        known.insert((
            row.try_get_by_index::<Uuid>(0)?,
            row.try_get_by_index::<Uuid>(1)?,
        ));
    }
    let gone: Vec<_> = known.difference(&wanted).copied().collect();
    for chunk in gone.chunks(CHUNK / 4) {
        let mut any = Condition::any();
        for (ancestor, descendant) in chunk {
            any = any.add(
                Expr::col(Alias::new("ancestor_id"))
                    .eq(*ancestor)
                    .and(Expr::col(Alias::new("descendant_id")).eq(*descendant)),
            );
        }
        tx.execute(
            &Query::delete()
                .from_table(Alias::new(table))
                .cond_where(any)
                .to_owned(),
        )
        .await?;
    }
    let new: Vec<_> = wanted.difference(&known).copied().collect();
    for chunk in new.chunks(CHUNK) {
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(table))
            .columns(columns.clone());
        for (ancestor, descendant) in chunk {
            insert.values_panic([(*ancestor).into(), (*descendant).into()]);
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}
