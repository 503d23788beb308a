//! Product lines: what an opportunity is about, and the amount that comes of it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use platform::db::sum;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::opportunities::line_minor;
use rules::value::{Changes, Value};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

pub struct Lines;

/// Opportunities whose lines this write has changed.
#[derive(Default)]
struct Changed(BTreeSet<Uuid>);

#[async_trait]
impl Rules for Lines {
    async fn before(
        &self,
        write: &mut Write,
        _before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        if write.cause == Cause::Undo {
            return Ok(());
        }
        let mut errors = Vec::new();
        let quantity = after.get("quantity").as_number().unwrap_or_default();
        let price = after.int("price").unwrap_or_default();
        let discount = after
            .get("discount_percent")
            .as_number()
            .unwrap_or_default();
        if quantity <= 0.0 {
            errors.push(FieldProblem::new("quantity", "not_positive", json!({})));
        }
        if price < 0 {
            errors.push(FieldProblem::new("price", "negative", json!({})));
        }
        if !(0.0..=100.0).contains(&discount) {
            errors.push(FieldProblem::new(
                "discount_percent",
                "out_of_range",
                json!({ "min": 0, "max": 100 }),
            ));
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        match line_minor(quantity, price, discount) {
            Some(amount) => after.set("amount", amount),
            None => return Err(Problem::field("quantity", "amount_too_large")),
        }
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<()> {
        // The ledger and the loaded data bring the sums with them.
        if matches!(write.cause, Cause::Edit | Cause::Import(_)) {
            for record in [before, after].into_iter().flatten() {
                if let Some(id) = record.reference("opportunity_id") {
                    write.memory.change(|changed: &mut Changed| {
                        changed.0.insert(id);
                    });
                }
            }
        }
        Ok(())
    }

    async fn finish(&self, write: &mut Write) -> Result<()> {
        for id in write.memory.take::<Changed>().unwrap_or_default().0 {
            let resource = write.access.app.registry().find("opportunities")?;
            if let Some(record) = write.lock(&resource, id).await? {
                sum_up(write, record).await?;
            }
        }
        Ok(())
    }
}

/// Makes the amount the sum of the lines; an opportunity without lines keeps what it has.
pub async fn sum_up(write: &mut Write, opportunity: Record) -> Result<Record> {
    let select = Query::select()
        .expr(sum(Expr::col(Alias::new("amount"))))
        .from(Alias::new("opportunity_line"))
        .and_where(Expr::col(Alias::new("opportunity_id")).eq(opportunity.id()))
        .to_owned();
    let total: Option<i64> = match write.rows(&select).await?.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    write.memory.change(|changed: &mut Changed| {
        changed.0.remove(&opportunity.id());
    });
    let Some(total) = total else {
        return Ok(opportunity);
    };
    if total > rules::value::MONEY_MAX {
        return Err(Problem::field("amount", "amount_too_large"));
    }
    let was_automatic = std::mem::replace(&mut write.automatic, true);
    let changes = Changes::from([("amount".into(), Value::Int(total))]);
    let saved = write.apply("update", opportunity, changes).await;
    write.automatic = was_automatic;
    saved
}
