//! What nobody is shown of a webhook: the secrets that its messages are signed with, and which run of the job sends to it.

use platform::access::Access;
use platform::db::col;
use platform::problem::{Problem, Result};
use platform::signing::SigningSecret;
use platform::write::Write;
use sea_orm::sea_query::{Alias, Condition, ExprTrait, Query};
use uuid::Uuid;

use super::deliveries::Delivery;

pub const ENDPOINT: &str = "webhook_endpoint";
/// How long messages are signed with the secret of before, too, so that a receiver has time to change over.
const OLD_SECRET_MS: i64 = 24 * 3_600_000;
/// A run holds an endpoint this long at most; after a crash another goes on.
const TURN_MS: i64 = 60_000;

/// Gives a new webhook its secret, and answers it; one that has come back keeps the one it had.
pub async fn make(write: &mut Write, id: Uuid) -> Result<Option<String>> {
    let known = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(ENDPOINT))
        .and_where(col("id").eq(id))
        .to_owned();
    if !write.rows(&known).await?.is_empty() {
        write.mark_removed(ENDPOINT, id, None).await?;
        return Ok(None);
    }
    let secret = SigningSecret::generate()?;
    let row = vec![id.into(), secret.as_str().into()];
    write.insert(ENDPOINT, &["id", "secret"], row).await?;
    Ok(Some(secret))
}

/// Keeps the secret of a removed webhook for as long as the webhook can come back.
pub async fn put_aside(write: &mut Write, id: Uuid) -> Result<()> {
    let now = write.now;
    write.mark_removed(ENDPOINT, id, Some(now)).await
}

/// Replaces the secret; the one of before holds for a day beside it.
pub async fn rotate(write: &mut Write, id: Uuid) -> Result<String> {
    let secret = SigningSecret::generate()?;
    let update = Query::update()
        .table(Alias::new(ENDPOINT))
        .value(Alias::new("old_secret"), col("secret"))
        .value(Alias::new("old_secret_until"), write.now + OLD_SECRET_MS)
        .value(Alias::new("secret"), secret.as_str())
        .and_where(col("id").eq(id))
        .to_owned();
    match write.execute(&update).await? {
        0 => Err(Problem::not_found()),
        _ => Ok(secret),
    }
}

/// What stands in `webhook-signature`: one signature for each secret that holds.
pub async fn sign(access: &Access, id: Uuid, delivery: &Delivery, at_s: i64) -> Result<String> {
    let columns = ["secret", "old_secret", "old_secret_until"];
    let select = Query::select()
        .columns(columns.map(Alias::new))
        .from(Alias::new(ENDPOINT))
        .and_where(col("id").eq(id))
        .to_owned();
    let row = access.row(&select).await?.ok_or_else(Problem::not_found)?;
    let mut secrets: Vec<String> = vec![row.try_get_by_index(0)?];
    let until: Option<i64> = row.try_get_by_index(2)?;
    if until.is_some_and(|until| until > at_s * 1_000) {
        secrets.extend(row.try_get_by_index::<Option<String>>(1)?);
    }
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| {
            let secret = SigningSecret::read(secret)?;
            Ok(secret.sign(&delivery.id.to_string(), at_s, &delivery.body))
        })
        .collect::<Result<_>>()?;
    Ok(signatures.join(" "))
}

/// Takes an endpoint for one run of the job; false while another run has it.
pub async fn take(write: &mut Write, id: Uuid, run: Uuid) -> Result<bool> {
    let free = Condition::any()
        .add(col("taken_until").is_null())
        .add(col("taken_until").lt(write.now))
        .add(col("taken_by").eq(run));
    let update = Query::update()
        .table(Alias::new(ENDPOINT))
        .value(Alias::new("taken_by"), run)
        .value(Alias::new("taken_until"), write.now + TURN_MS)
        .and_where(col("id").eq(id))
        .cond_where(free)
        .to_owned();
    Ok(write.execute(&update).await? > 0)
}

/// Lets go of all that a run has taken.
pub async fn release(write: &mut Write, run: Uuid) -> Result<()> {
    let update = Query::update()
        .table(Alias::new(ENDPOINT))
        .value(Alias::new("taken_by"), None::<Uuid>)
        .value(Alias::new("taken_until"), None::<i64>)
        .and_where(col("taken_by").eq(run))
        .to_owned();
    write.execute(&update).await?;
    Ok(())
}
