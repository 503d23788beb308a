//! The activities of a record's timeline: at a customer, of an opportunity, with a contact.
//!
//! They stand at the time at which they happened, not at which somebody wrote them down: an import brings years of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use platform::access::Access;
use platform::db::col;
use platform::listing::RowWriter;
use platform::problem::{Problem, Result};
use platform::resource::{Record, Resource};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::ledger::Names;

pub const NAME: &str = "activities";
/// Plans ahead that stand above the first page.
const UPCOMING: u64 = 3;

/// One activity on a timeline.
pub struct Happening {
    /// Milliseconds UTC.
    pub at: i64,
    pub id: Uuid,
    pub owner_id: Option<Uuid>,
    /// As the API shows it, with how many files are attached.
    pub row: Json,
}

/// Walks a record's activities; who may read the record may read what happened with it.
pub struct Walk<'a> {
    access: &'a Access,
    resource: Arc<Resource>,
    of: Condition,
}

impl<'a> Walk<'a> {
    /// None where a record has no activities, or the actor may read none.
    pub fn of(access: &'a Access, record: &Record) -> Result<Option<Walk<'a>>> {
        if !access.allows(NAME, Action::Read) {
            return Ok(None);
        }
        let resource = access.resource(NAME)?;
        let is =
            |field: &str, id: Option<Uuid>| Condition::all().add(resource.column(field).eq(id));
        let of = match record.resource.name.as_str() {
            "customers" => is("customer_id", Some(record.id())),
            "opportunities" => is("opportunity_id", Some(record.id())),
            // The customer's are few, and an index finds them.
            "contacts" => is("customer_id", record.reference("customer_id")).add(holds(
                access,
                &resource,
                record.id(),
            )),
            _ => return Ok(None),
        };
        Ok(Some(Walk {
            access,
            resource,
            of,
        }))
    }

    fn select(&self) -> SelectStatement {
        let mut select = Query::select();
        select
            .from(Alias::new(&self.resource.table))
            .cond_where(self.of.clone());
        select
    }

    /// What happened until `now`, newest first, from behind the last one seen.
    pub async fn past(
        &self,
        now: i64,
        seen: Option<(i64, Uuid)>,
        limit: usize,
        names: &mut Names,
    ) -> Result<Vec<Happening>> {
        let (at, id) = (
            self.resource.column("happens_at"),
            self.resource.column("id"),
        );
        let mut select = self.select();
        match seen {
            None => select.and_where(at.clone().lte(now)),
            Some((seen_at, seen_id)) => {
                let same = at.clone().eq(seen_at).and(id.clone().lt(seen_id));
                select
                    .and_where(at.clone().lte(seen_at))
                    .and_where(at.clone().lt(seen_at).or(same))
            }
        };
        select
            .order_by_expr(at, Order::Desc)
            .order_by_expr(id, Order::Desc)
            .limit(limit as u64);
        self.read(select, names).await
    }

    /// The next open plans, the furthest first as on the timeline.
    pub async fn upcoming(&self, now: i64, names: &mut Names) -> Result<Vec<Happening>> {
        let at = self.resource.column("happens_at");
        let mut select = self.select();
        select
            .and_where(at.clone().gt(now))
            .and_where(self.resource.column("state").is_in(["planned", "moved"]))
            .order_by_expr(at, Order::Asc)
            .order_by_expr(self.resource.column("id"), Order::Asc)
            .limit(UPCOMING);
        let mut next = self.read(select, names).await?;
        next.reverse();
        Ok(next)
    }

    async fn read(&self, mut select: SelectStatement, names: &mut Names) -> Result<Vec<Happening>> {
        let writer = RowWriter::new(self.access, &self.resource, None)?;
        writer.select(&mut select);
        for field in ["id", "happens_at", "owner_id"] {
            select.expr_as(
                self.resource.column(field),
                Alias::new(format!("own_{field}")),
            );
        }
        let rows = self.access.rows(&select).await?;
        let mut referred = HashSet::new();
        let mut happenings = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut out = Vec::with_capacity(1_500);
            writer.write_row(row, &[], &mut out, &mut referred)?;
            happenings.push(Happening {
                at: row.try_get("", "own_happens_at")?,
                id: row.try_get("", "own_id")?,
                owner_id: row.try_get("", "own_owner_id")?,
                row: serde_json::from_slice(&out).map_err(Problem::internal)?,
            });
        }
        names.extend(writer.targets(referred));
        let files = self.files(&happenings).await?;
        for happening in &mut happenings {
            let count = files.get(&happening.id).copied().unwrap_or_default();
            happening.row["attachment_count"] = json!(count);
        }
        Ok(happenings)
    }

    async fn files(&self, happenings: &[Happening]) -> Result<HashMap<Uuid, i64>> {
        if happenings.is_empty() {
            return Ok(HashMap::new());
        }
        let select = Query::select()
            .column(Alias::new("record_id"))
            .expr(Expr::cust("COUNT(*)"))
            .from(Alias::new("attachment"))
            .and_where(col("record_id").is_in(happenings.iter().map(|happening| happening.id)))
            .and_where(col("removed_at").is_null())
            .group_by_col(Alias::new("record_id"))
            .to_owned();
        self.access
            .rows(&select)
            .await?
            .iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect()
    }
}

/// The activity was with this contact.
fn holds(access: &Access, resource: &Resource, contact: Uuid) -> Expr {
    let position = if access.app.db.is_postgres() {
        "STRPOS"
    } else {
        "INSTR"
    };
    let position = Func::cust(Alias::new(position))
        .arg(resource.column("contact_ids"))
        .arg(contact.to_string());
    Expr::from(position).gt(0)
}
