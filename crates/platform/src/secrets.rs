//! Secrets that the product makes for itself at its first start and keeps with the data: the same in all its processes.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, ExprTrait, OnConflict, Query};

use crate::db::{Db, col};
use crate::problem::{Problem, Result};

/// The secret of this name; made when there is none. Of two processes that make it at once, both get the first one's.
pub async fn keep(db: &Db, name: &str, make: fn() -> Result<String>) -> Result<String> {
    let select = Query::select()
        .column(Alias::new("value"))
        .from(Alias::new("secret"))
        .and_where(col("name").eq(name))
        .to_owned();
    if let Some(row) = db.one(&select).await? {
        return Ok(row.try_get_by_index(0)?);
    }
    let insert = Query::insert()
        .into_table(Alias::new("secret"))
        .columns(["name", "value"].map(Alias::new))
        .values_panic([name.into(), make()?.into()])
        .on_conflict(
            OnConflict::column(Alias::new("name"))
                .do_nothing()
                .to_owned(),
        )
        .to_owned();
    db.writer().execute(&insert).await?;
    match db.one(&select).await? {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Err(Problem::internal("a secret was not kept")),
    }
}
