//! What belongs to a record: a customer's contacts, opportunities and contracts.

use platform::access::Access;
use platform::db::col;
use platform::problem::Result;
use platform::resource::Record;
use rules::permission::Action;
use rules::value::OnDelete;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use uuid::Uuid;

/// Of each kind, those touched last; a timeline is read from its top.
const EACH: u64 = 200;

/// What of their history is news for the record that they belong to.
pub const ACTS: [&str; 8] = [
    "create", "delete", "restore", "advance", "close", "reopen", "comment", "attach",
];

/// Ids of what belongs to the record and the actor may see, the deleted ones of its own guard among them.
pub async fn of(access: &Access, record: &Record) -> Result<Vec<Uuid>> {
    let mut ids = Vec::new();
    let mut kinds = Vec::new();
    for (resource, field) in access.app.registry().referrers(&record.resource.name) {
        // What goes to the recycle bin with the record belongs to it. What has no name is a part of it, no news by itself.
        // Activities stand there by themselves.
        let goes_with_it = field.on_delete == OnDelete::Cascade;
        let belongs = (goes_with_it || resource.told_at.contains(&field.name.as_str()))
            && resource.label_field != "id"
            && resource.name != super::activities::NAME;
        if !belongs || !access.allows(&resource.name, Action::Read) {
            continue;
        }
        let mut select = access.scoped(&resource, Action::Read)?;
        select
            .expr(resource.column("id"))
            .and_where(resource.column(&field.name).eq(record.id()))
            .order_by(
                (Alias::new(&resource.table), Alias::new("updated_at")),
                Order::Desc,
            )
            .limit(EACH);
        for row in access.rows(&select).await? {
            ids.push(row.try_get_by_index(0)?);
        }
        kinds.push(resource.name.clone());
    }
    if !kinds.is_empty() {
        let deleted = Query::select()
            .column(Alias::new("record_id"))
            .from(Alias::new("recycle_bin"))
            .and_where(col("root_id").eq(record.id()))
            .and_where(col("resource").is_in(kinds))
            .limit(EACH)
            .to_owned();
        for row in access.rows(&deleted).await? {
            ids.push(row.try_get_by_index(0)?);
        }
    }
    Ok(ids)
}
