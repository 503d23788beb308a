//! Slowing down guesses, per account and per address.

use std::sync::Arc;

use platform::access::Access;
use platform::app::App;
use platform::problem::{Problem, Result};
use platform::web::hash_secret;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use uuid::Uuid;

/// Wrong tries before waiting begins: people mistype a few times.
const FREE_ACCOUNT: i64 = 5;
/// An office shares one address.
const FREE_ADDRESS: i64 = 50;
/// First wait; it doubles with each further failure.
const WAIT_MS: i64 = 15_000;
const WAIT_MAX_MS: i64 = 15 * 60_000;
/// Failures older than this are forgotten.
const MEMORY_MS: i64 = 60 * 60_000;

/// What is counted: the account, however it is written, and the address. An account that nobody has is counted like others.
pub fn names(
    purpose: &str,
    login: &str,
    person: Option<Uuid>,
    address: &str,
) -> [(String, i64); 2] {
    let account = match person {
        Some(person) => person.to_string(),
        None => hash_secret(&login.trim().to_lowercase()),
    };
    [
        (format!("{purpose}:{account}"), FREE_ACCOUNT),
        (format!("{purpose} from:{address}"), FREE_ADDRESS),
    ]
}

/// What is counted of guesses at a secret that stands for a person by itself: the address alone.
pub fn guesses(purpose: &str, address: &str) -> [(String, i64); 1] {
    [(format!("{purpose} from:{address}"), FREE_ADDRESS)]
}

/// Counts a try before it is made, so that many at the same moment are all counted; 429 while a name must wait.
pub async fn count(app: &Arc<App>, names: &[(String, i64)]) -> Result<()> {
    let access = Access::system(app, "sign-in throttle");
    let mut write = access.write().await?;
    let now = write.now;
    for (name, free) in names {
        // The row is taken first: others with this name wait until this try is counted.
        let take = Query::insert()
            .into_table(Alias::new("throttle"))
            .columns(["name", "failures", "blocked_until", "last_at"].map(Alias::new))
            .values_panic([name.as_str().into(), 0.into(), 0.into(), now.into()])
            .on_conflict(
                OnConflict::column(Alias::new("name"))
                    .update_column(Alias::new("name"))
                    .to_owned(),
            )
            .to_owned();
        write.execute(&take).await?;
        let select = Query::select()
            .columns(["failures", "blocked_until", "last_at"].map(Alias::new))
            .from(Alias::new("throttle"))
            .and_where(Expr::col(Alias::new("name")).eq(name.as_str()))
            .to_owned();
        let (failures, blocked_until, last_at): (i64, i64, i64) =
            match write.rows(&select).await?.first() {
                Some(row) => (
                    row.try_get_by_index(0)?,
                    row.try_get_by_index(1)?,
                    row.try_get_by_index(2)?,
                ),
                None => (0, 0, now),
            };
        if blocked_until > now {
            return Err(Problem::too_fast((blocked_until - now + 999) / 1_000));
        }
        let failures = if last_at > now - MEMORY_MS {
            failures + 1
        } else {
            1
        };
        let over = failures - free;
        let wait = if over <= 0 {
            0
        } else {
            Ord::min(WAIT_MS << Ord::min(over - 1, 10), WAIT_MAX_MS)
        };
        let update = Query::update()
            .table(Alias::new("throttle"))
            .value(Alias::new("failures"), failures)
            .value(Alias::new("blocked_until"), now + wait)
            .value(Alias::new("last_at"), now)
            .and_where(Expr::col(Alias::new("name")).eq(name.as_str()))
            .to_owned();
        write.execute(&update).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Forgets an account's tries, and takes this one back from its address: an office that signs in isn't guessing.
pub async fn succeeded(app: &Arc<App>, names: &[(String, i64); 2]) -> Result<()> {
    let access = Access::system(app, "sign-in throttle");
    let mut write = access.write().await?;
    let [(account, _), (address, _)] = names;
    let delete = Query::delete()
        .from_table(Alias::new("throttle"))
        .and_where(Expr::col(Alias::new("name")).eq(account.as_str()))
        .to_owned();
    write.execute(&delete).await?;
    let less = Query::update()
        .table(Alias::new("throttle"))
        .value(
            Alias::new("failures"),
            Expr::col(Alias::new("failures")).sub(1),
        )
        .value(Alias::new("blocked_until"), 0)
        .and_where(Expr::col(Alias::new("name")).eq(address.as_str()))
        .and_where(Expr::col(Alias::new("failures")).gt(0))
        .to_owned();
    write.execute(&less).await?;
    write.commit().await?;
    Ok(())
}
