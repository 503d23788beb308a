//! Who is told of what happens to a record: its creator and owner, whom it names, and whoever asked to be; not who asked
//! not to be.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use uuid::Uuid;

use crate::access::Access;
use crate::db::col;
use crate::problem::Result;
use crate::resource::{Guard, Record, Resource};
use crate::write::Write;

/// Whether the actor follows the row that a statement on the resource's table reads.
pub fn expr(access: &Access, resource: &Resource) -> Expr {
    let me = access.actor.person_id;
    let choice = Query::select()
        .column((Alias::new("follower"), Alias::new("is_following")))
        .from(Alias::new("follower"))
        .and_where(
            Expr::col((Alias::new("follower"), Alias::new("record_id")))
                .equals((Alias::new(&resource.table), Alias::new("id"))),
        )
        .and_where(Expr::col((Alias::new("follower"), Alias::new("person_id"))).eq(me))
        .to_owned();
    let mut by_nature = resource.column("created_by").eq(me);
    if let Guard::Owner(owner) = resource.guard {
        by_nature = by_nature.or(resource.column(owner).eq(me));
    }
    for named in access.named_exprs(resource, None) {
        by_nature = by_nature.or(named);
    }
    Func::coalesce([
        Expr::SubQuery(None, Box::new(choice.into())),
        by_nature,
        Expr::val(false),
    ])
    .into()
}

/// Whether the actor follows a record.
pub async fn follows(access: &Access, record: &Record) -> Result<bool> {
    let mut select = Query::select();
    select
        .expr(expr(access, &record.resource))
        .from(Alias::new(&record.resource.table))
        .and_where(record.resource.column("id").eq(record.id()));
    Ok(match access.row(&select).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => false,
    })
}

/// Everybody who follows a record, as the write sees it.
pub async fn followers(write: &mut Write, record: &Record) -> Result<Vec<Uuid>> {
    let choices = Query::select()
        .columns(["person_id", "is_following"].map(Alias::new))
        .from(Alias::new("follower"))
        .and_where(col("record_id").eq(record.id()))
        .to_owned();
    let mut people: Vec<Uuid> = Vec::new();
    people.extend(record.reference("created_by"));
    if let Guard::Owner(owner) = record.resource.guard {
        people.extend(record.reference(owner));
    }
    people.extend(record.named());
    for row in write.rows(&choices).await? {
        let person: Uuid = row.try_get_by_index(0)?;
        people.retain(|known| *known != person);
        if row.try_get_by_index(1)? {
            people.push(person);
        }
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}
