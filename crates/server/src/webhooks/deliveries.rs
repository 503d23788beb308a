//! Deliveries: one message to one webhook, from the write that wants it told until it is taken or given up.

use platform::access::Access;
use platform::clock::new_id;
use platform::db::col;
use platform::job;
use platform::problem::Result;
use platform::write::Write;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UpdateStatement};
use serde_json::json;
use uuid::Uuid;

use super::endpoint::ENDPOINT;
use super::sending::KIND;

pub const DELIVERY: &str = "webhook_delivery";
/// Afterwards a delivery is cleared away, whatever became of it.
pub const DELIVERY_DAYS: i64 = 30;
pub const STATES: [&str; 3] = ["waiting", "delivered", "failed"];
/// Longest reason that is kept, in characters.
const ERROR_MAX: usize = 200;

/// What is told of.
pub struct Message {
    pub event: String,
    pub resource: String,
    pub record_id: Uuid,
    pub body: String,
}

/// Puts a message at the end of a webhook's line; the caller sees to it that the sending begins.
pub async fn add(write: &mut Write, webhook: Uuid, message: Message) -> Result<Uuid> {
    let id = new_id();
    let (now, by) = (write.now, write.access.actor.person());
    let columns = [
        "id",
        "version",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "webhook_id",
        "event",
        "resource",
        "record_id",
        "state",
        "attempts",
        "next_at",
        "body",
    ];
    let row = vec![
        id.into(),
        1i64.into(),
        now.into(),
        by.into(),
        now.into(),
        by.into(),
        webhook.into(),
        message.event.into(),
        message.resource.into(),
        message.record_id.into(),
        "waiting".into(),
        0i64.into(),
        now.into(),
        message.body.into(),
    ];
    write.insert(DELIVERY, &columns, row).await?;
    Ok(id)
}

/// Lets the sending begin once this is committed.
pub async fn begin(write: &mut Write) -> Result<()> {
    job::enqueue(write, KIND, json!({})).await?;
    Ok(())
}

fn of_line(webhook: Uuid) -> UpdateStatement {
    Query::update()
        .table(Alias::new(DELIVERY))
        .and_where(col("webhook_id").eq(webhook))
        .and_where(col("next_at").is_not_null())
        .to_owned()
}

/// Ends the pause of a line: somebody has seen to the receiver.
pub async fn resume(write: &mut Write, webhook: Uuid) -> Result<()> {
    let mut update = of_line(webhook);
    update.value(Alias::new("next_at"), write.now);
    write.execute(&update).await?;
    begin(write).await
}

/// Gives up all that waits for a webhook.
pub async fn give_up(write: &mut Write, webhook: Uuid, error: &str) -> Result<()> {
    let mut update = of_line(webhook);
    update
        .value(Alias::new("state"), "failed")
        .value(Alias::new("error"), error)
        .value(Alias::new("next_at"), None::<i64>)
        .value(Alias::new("updated_at"), write.now);
    write.execute(&update).await?;
    Ok(())
}

/// Removes all deliveries of a webhook.
pub async fn clear(write: &mut Write, webhook: Uuid) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new(DELIVERY))
        .and_where(col("webhook_id").eq(webhook))
        .to_owned();
    write.execute(&delete).await?;
    Ok(())
}

/// The webhooks for which something waits, and when the first of each line is due.
pub async fn lines(write: &mut Write) -> Result<Vec<(Uuid, i64)>> {
    let waiting = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new(DELIVERY))
        .and_where(
            Expr::col((Alias::new(DELIVERY), Alias::new("webhook_id")))
                .equals((Alias::new(ENDPOINT), Alias::new("id"))),
        )
        .and_where(Expr::col((Alias::new(DELIVERY), Alias::new("next_at"))).is_not_null())
        .to_owned();
    let select = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(ENDPOINT))
        .and_where(Expr::exists(waiting))
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    let mut lines = Vec::new();
    for row in write.rows(&select).await? {
        let webhook: Uuid = row.try_get_by_index(0)?;
        if let Some(row) = write.rows(&head(webhook)).await?.first() {
            lines.push((webhook, Delivery::read(row)?.next_at));
        }
    }
    Ok(lines)
}

/// The first of a line.
fn head(webhook: Uuid) -> SelectStatement {
    Query::select()
        .columns(["id", "attempts", "next_at", "body"].map(Alias::new))
        .from(Alias::new(DELIVERY))
        .and_where(col("webhook_id").eq(webhook))
        .and_where(col("next_at").is_not_null())
        .order_by(Alias::new("id"), Order::Asc)
        .limit(1)
        .to_owned()
}

/// A delivery that waits.
pub struct Delivery {
    pub id: Uuid,
    pub attempts: i64,
    /// Milliseconds UTC; not before.
    pub next_at: i64,
    pub body: String,
}

/// How an attempt ended.
pub struct Attempt {
    pub status: Option<u16>,
    pub error: Option<String>,
    /// When to try again; none when it was taken or is given up.
    pub next_at: Option<i64>,
}

impl Attempt {
    pub fn is_taken(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

impl Delivery {
    fn read(row: &QueryResult) -> Result<Delivery> {
        Ok(Delivery {
            id: row.try_get_by_index(0)?,
            attempts: row.try_get_by_index(1)?,
            next_at: row.try_get_by_index(2)?,
            body: row.try_get_by_index(3)?,
        })
    }

    /// The next one of a webhook.
    pub async fn next(access: &Access, webhook: Uuid) -> Result<Option<Delivery>> {
        let row = access.row(&head(webhook)).await?;
        row.as_ref().map(Delivery::read).transpose()
    }

    /// Notes how the attempt ended that was just made.
    pub async fn note(&self, write: &mut Write, attempt: &Attempt) -> Result<()> {
        let now = write.now;
        let state = match attempt.next_at {
            Some(_) => "waiting",
            None if attempt.is_taken() => "delivered",
            None => "failed",
        };
        let error = attempt.error.as_deref();
        let error: Option<String> = error.map(|text| text.chars().take(ERROR_MAX).collect());
        let update = Query::update()
            .table(Alias::new(DELIVERY))
            .value(Alias::new("state"), state)
            .value(Alias::new("attempts"), self.attempts + 1)
            .value(Alias::new("status"), attempt.status.map(i64::from))
            .value(Alias::new("error"), error)
            .value(Alias::new("next_at"), attempt.next_at)
            .value(
                Alias::new("delivered_at"),
                attempt.is_taken().then_some(now),
            )
            .value(Alias::new("updated_at"), now)
            .and_where(col("id").eq(self.id))
            // It may have been given up meanwhile.
            .and_where(col("next_at").is_not_null())
            .to_owned();
        write.execute(&update).await?;
        Ok(())
    }
}
