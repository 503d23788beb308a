//! What follows from the records and is kept beside them: the sums of facts, and the search index. The database says of which
//! revision of the program they are; another revision makes them anew at its start.

use std::sync::Arc;

use sea_orm::sea_query::{Alias, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::app::App;
use crate::db::col;
use crate::problem::Result;
use crate::{facts, ledger, search};

const FACTS: &str = "facts";
const SEARCH: &str = "search_index";

/// Makes anew what is of another revision, or was never made. Of several processes that start at once, one does, and the
/// others wait; so do writers.
pub async fn bring_up_to_date(app: &Arc<App>) -> Result<()> {
    let wanted = [
        (FACTS, facts::revision(app)),
        (SEARCH, rules::names::REVISION.to_string()),
    ];
    for (name, revision) in wanted {
        if kept(app.db.reader(), name).await?.as_ref() == Some(&revision) {
            continue;
        }
        let tx = app.db.begin().await?;
        ledger::Chain::lock(&tx).await?;
        if kept(&tx, name).await?.as_ref() != Some(&revision) {
            tracing::info!(name, revision, "made anew from the records");
            match name {
                FACTS => facts::renew(app, &tx).await?,
                _ => search::renew(app, &tx).await?,
            }
            keep(&tx, name, &revision).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn kept(db: &impl ConnectionTrait, name: &str) -> Result<Option<String>> {
    let select = Query::select()
        .column(Alias::new("value"))
        .from(Alias::new("setting"))
        .and_where(col("name").eq(name))
        .to_owned();
    let row = db.query_one(&select).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn keep(tx: &DatabaseTransaction, name: &str, revision: &str) -> Result<()> {
    let insert = Query::insert()
        .into_table(Alias::new("setting"))
        .columns(["name", "value"].map(Alias::new))
        .values_panic([name.into(), revision.into()])
        .on_conflict(
            OnConflict::column(Alias::new("name"))
                .update_column(Alias::new("value"))
                .to_owned(),
        )
        .to_owned();
    tx.execute(&insert).await?;
    Ok(())
}
