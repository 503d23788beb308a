//! What is cleared away when its time is over: the recycle bin with all that hung on its records, and used-up secrets.

use std::sync::Arc;
use std::time::Duration;

use platform::access::Access;
use platform::app::App;
use platform::db::col;
use platform::problem::Result;
use platform::web::SESSION_IDLE_MS;
use platform::write::{UNDO_DAYS, Write};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Query};
use serde::Serialize;
use uuid::Uuid;

use crate::{attachments, imports, webhooks};

const DAY_MS: i64 = 86_400_000;
/// A client that repeats a request after a week has forgotten it.
const IDEMPOTENCY_DAYS: i64 = 7;
const NOTIFICATION_DAYS: i64 = 180;
/// Finished jobs stay for a look back.
const JOB_DAYS: i64 = 90;
/// Records in one transaction: writers wait no longer than a moment.
const CHUNK: u64 = 500;

/// What hangs on a record, and by which column.
const SIDE_TABLES: [(&str, &str); 7] = [
    ("comment", "record_id"),
    ("attachment", "record_id"),
    ("follower", "record_id"),
    ("share", "record_id"),
    ("notification", "record_id"),
    ("stage_history", "opportunity_id"),
    ("funnel_reach", "customer_id"),
];

/// How much went.
#[derive(Debug, Default, Serialize)]
pub struct Cleared {
    pub records: u64,
    pub rows: u64,
    pub files: u64,
}

/// Clears away what is over; running it again does no more.
pub async fn purge(app: &Arc<App>) -> Result<Cleared> {
    // Rows first, then their files: what can't be removed now must not be forgotten.
    app.files.ready().await?;
    let access = Access::system(app, "purge");
    let mut cleared = Cleared::default();
    let now = app.clock.now_ms();
    let oldest = now - UNDO_DAYS * DAY_MS;
    loop {
        let mut write = access.write().await?;
        let ids = expired_records(&mut write, oldest).await?;
        if ids.is_empty() {
            break;
        }
        let hashes = attachments::hashes_of(
            &mut write,
            Condition::all().add(col("record_id").is_in(ids.clone())),
        )
        .await?;
        for (table, column) in SIDE_TABLES {
            cleared.rows += clear(
                &mut write,
                table,
                Condition::all().add(col(column).is_in(ids.clone())),
            )
            .await?;
        }
        cleared.records += clear(
            &mut write,
            "recycle_bin",
            Condition::all().add(col("record_id").is_in(ids)),
        )
        .await?;
        write.commit().await?;
        cleared.files += remove_unused(&access, &hashes).await?;
    }
    let removed = || Condition::all().add(col("removed_at").lt(oldest));
    let mut write = access.write().await?;
    let hashes = attachments::hashes_of(&mut write, removed()).await?;
    for table in ["attachment", "comment", webhooks::ENDPOINT] {
        cleared.rows += clear(&mut write, table, removed()).await?;
    }
    let today = app.clock.today().to_string();
    let before = |column: &str, at: i64| Condition::all().add(col(column).lt(at));
    for (table, over) in [
        (
            "idempotency",
            before("created_at", now - IDEMPOTENCY_DAYS * DAY_MS),
        ),
        ("one_time_link", before("expires_at", now)),
        ("session", before("last_used_at", now - SESSION_IDLE_MS)),
        (
            "notification",
            before("at", now - NOTIFICATION_DAYS * DAY_MS),
        ),
        ("job", before("finished_at", now - JOB_DAYS * DAY_MS)),
        ("share", Condition::all().add(col("until_on").lt(today))),
        (
            webhooks::DELIVERY,
            before("created_at", now - webhooks::DELIVERY_DAYS * DAY_MS),
        ),
    ] {
        cleared.rows += clear(&mut write, table, over).await?;
    }
    write.commit().await?;
    cleared.files += remove_unused(&access, &hashes).await?;
    app.files.remove_forgotten().await?;
    // An import can be taken back as long as its records can.
    cleared.files += imports::remove_files(app, &access, oldest).await?;
    Ok(cleared)
}

async fn expired_records(write: &mut Write, oldest: i64) -> Result<Vec<Uuid>> {
    let select = Query::select()
        .column(Alias::new("record_id"))
        .from(Alias::new("recycle_bin"))
        .and_where(col("deleted_at").lt(oldest))
        .limit(CHUNK)
        .to_owned();
    write
        .rows(&select)
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect()
}

async fn clear(write: &mut Write, table: &str, condition: Condition) -> Result<u64> {
    write
        .execute(
            &Query::delete()
                .from_table(Alias::new(table))
                .cond_where(condition)
                .to_owned(),
        )
        .await
}

/// A file that was written within the hour may belong to an attachment that is just being made.
const YOUNG: Duration = Duration::from_secs(3_600);

/// Removes those files that no attachment has any more.
async fn remove_unused(access: &Access, hashes: &[String]) -> Result<u64> {
    let mut count = 0;
    for hash in hashes {
        let used = Query::select()
            .expr(Expr::val(1))
            .from(Alias::new("attachment"))
            .and_where(col("content_hash").eq(hash.as_str()))
            .limit(1)
            .to_owned();
        let key = attachments::key_of(hash);
        let files = &access.app.files;
        if access.row(&used).await?.is_none()
            && files.age(&key).await?.is_some_and(|age| age > YOUNG)
            && files.remove(&key).await?
        {
            count += 1;
        }
    }
    Ok(count)
}
