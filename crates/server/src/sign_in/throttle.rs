//! Slowing down guesses, per account and per address.

use std::sync::Arc;

use platform::access::Access;
use platform::app::App;
use platform::problem::{Problem, Result};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};

/// Wrong tries before waiting begins: people mistype a few times.
const FREE_ACCOUNT: i64 = 5;
/// An office shares one address.
const FREE_ADDRESS: i64 = 50;
/// First wait; it doubles with each further failure.
const WAIT_MS: i64 = 15_000;
const WAIT_MAX_MS: i64 = 15 * 60_000;
/// Failures older than this are forgotten.
const MEMORY_MS: i64 = 60 * 60_000;

pub fn names(login: &str, address: &str) -> [(String, i64); 2] {
    [
        (format!("account:{}", login.to_lowercase()), FREE_ACCOUNT),
        (format!("address:{address}"), FREE_ADDRESS),
    ]
}

/// 429 while a name must wait.
pub async fn check(app: &Arc<App>, names: &[(String, i64)]) -> Result<()> {
    let now = app.clock.now_ms();
    let access = Access::system(app, "sign-in throttle");
    for (name, _) in names {
        let select = Query::select()
            .column(Alias::new("blocked_until"))
            .from(Alias::new("throttle"))
            .and_where(Expr::col(Alias::new("name")).eq(name.as_str()))
            .to_owned();
        if let Some(row) = access.row(&select).await? {
            let until: i64 = row.try_get_by_index(0)?;
            if until > now {
                return Err(Problem::too_fast((until - now + 999) / 1_000));
            }
        }
    }
    Ok(())
}

pub async fn failed(app: &Arc<App>, names: &[(String, i64)]) -> Result<()> {
    let access = Access::system(app, "sign-in throttle");
    let mut write = access.write().await?;
    let now = write.now;
    for (name, free) in names {
        let select = Query::select()
            .columns(["failures", "last_at"].map(Alias::new))
            .from(Alias::new("throttle"))
            .and_where(Expr::col(Alias::new("name")).eq(name.as_str()))
            .to_owned();
        let failures = match write.rows(&select).await?.first() {
            Some(row) if row.try_get_by_index::<i64>(1)? > now - MEMORY_MS => {
                row.try_get_by_index::<i64>(0)? + 1
            }
            _ => 1,
        };
        let over = failures - free;
        let wait = if over <= 0 {
            0
        } else {
            Ord::min(WAIT_MS << Ord::min(over - 1, 10), WAIT_MAX_MS)
        };
        let insert = Query::insert()
            .into_table(Alias::new("throttle"))
            .columns(["name", "failures", "blocked_until", "last_at"].map(Alias::new))
            .values_panic([
                name.as_str().into(),
                failures.into(),
                (now + wait).into(),
                now.into(),
            ])
            .on_conflict(
                OnConflict::column(Alias::new("name"))
                    .update_columns(["failures", "blocked_until", "last_at"].map(Alias::new))
                    .to_owned(),
            )
            .to_owned();
        write.execute(&insert).await?;
    }
    write.commit().await?;
    Ok(())
}

pub async fn succeeded(app: &Arc<App>, login: &str) -> Result<()> {
    let access = Access::system(app, "sign-in throttle");
    let mut write = access.write().await?;
    let delete = Query::delete()
        .from_table(Alias::new("throttle"))
        .and_where(Expr::col(Alias::new("name")).eq(format!("account:{}", login.to_lowercase())))
        .to_owned();
    write.execute(&delete).await?;
    write.commit().await?;
    Ok(())
}
