//! Who of our people takes part, kept where calendars and lists find them.

use platform::db::col;
use platform::problem::Result;
use platform::resource::{Record, SideTable};
use platform::write::Write;
use sea_orm::sea_query::{Alias, ExprTrait, Query};

/// Who takes part, besides the owner.
pub const PARTICIPANTS: SideTable = SideTable {
    table: "activity_participant",
    key: "activity_id",
    person: "person_id",
};

/// Keeps the side table as the list says.
pub async fn keep(
    write: &mut Write,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<()> {
    let of = |record: Option<&Record>| {
        record.map_or((Vec::new(), None), |record| {
            (
                record.get("participant_ids").as_ids(),
                record.int("happens_at"),
            )
        })
    };
    let (was, is) = (of(before), of(after));
    if was == is || (was.0.is_empty() && is.0.is_empty()) {
        return Ok(());
    }
    let Some(id) = after.or(before).map(Record::id) else {
        return Ok(());
    };
    if !was.0.is_empty() {
        let delete = Query::delete()
            .from_table(Alias::new(PARTICIPANTS.table))
            .and_where(col(PARTICIPANTS.key).eq(id))
            .to_owned();
        write.execute(&delete).await?;
    }
    for person in is.0 {
        let row = vec![id.into(), person.into(), is.1.into()];
        write
            .insert(
                PARTICIPANTS.table,
                &[PARTICIPANTS.key, PARTICIPANTS.person, "happens_at"],
                row,
            )
            .await?;
    }
    Ok(())
}
