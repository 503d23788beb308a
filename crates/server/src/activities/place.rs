//! With whom it is: an opportunity or a contact brings its customer.

use std::collections::HashMap;

use platform::db::col;
use platform::labels;
use platform::problem::{FieldProblem, Result};
use platform::resource::Record;
use platform::write::{Cause, Write};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

/// What a bulk write has asked for already: its rows come by the million.
#[derive(Default)]
struct Asked {
    customers: HashMap<Uuid, Option<Uuid>>,
    names: HashMap<Uuid, Option<String>>,
}

/// An opportunity is one of the activity's customer. Where no customer is named, it is that of the opportunity or the contact.
pub async fn settle(
    write: &mut Write,
    before: Option<&Record>,
    after: &mut Record,
    errors: &mut Vec<FieldProblem>,
) -> Result<()> {
    // The demo company fits together by itself.
    if write.cause == Cause::Load {
        return Ok(());
    }
    let same = |field: &str| before.is_some_and(|before| before.get(field) == after.get(field));
    if same("opportunity_id") && same("customer_id") {
        return Ok(());
    }
    if let Some(opportunity) = after.reference("opportunity_id") {
        let customer = customer_of(write, "opportunity", opportunity).await?;
        if after.get("customer_id").is_null() {
            after.set("customer_id", customer);
        } else if customer.is_some() && after.reference("customer_id") != customer {
            errors.push(FieldProblem::new(
                "opportunity_id",
                "opportunity_of_another_customer",
                json!({}),
            ));
        }
    }
    if after.get("customer_id").is_null()
        && let Some(contact) = after.get("contact_ids").as_ids().first()
    {
        let customer = customer_of(write, "contact", *contact).await?;
        after.set("customer_id", customer);
    }
    Ok(())
}

/// None also of what does not exist; that is said where references are checked.
async fn customer_of(write: &mut Write, table: &str, id: Uuid) -> Result<Option<Uuid>> {
    if let Some(known) = write
        .memory
        .get::<Asked>()
        .and_then(|asked| asked.customers.get(&id))
    {
        return Ok(*known);
    }
    let found: Option<Uuid> = match column(write, table, "customer_id", id).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    if write.cause.is_bulk() {
        write.memory.change(|asked: &mut Asked| {
            asked.customers.insert(id, found);
        });
    }
    Ok(found)
}

/// What the customer is called.
pub async fn customer_name(write: &mut Write, id: Uuid) -> Result<Option<String>> {
    if let Some(known) = write
        .memory
        .get::<Asked>()
        .and_then(|asked| asked.names.get(&id))
    {
        return Ok(known.clone());
    }
    if write.cause == Cause::Edit
        && !write.has_touched(&["customers"])
        && let Some(known) = labels::known(&write.access, "customers", id)
    {
        return Ok(Some(known.to_string()));
    }
    let found: Option<String> = match column(write, "customer", "name", id).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    if write.cause.is_bulk() {
        let name = found.clone();
        write.memory.change(|asked: &mut Asked| {
            asked.names.insert(id, name);
        });
    }
    Ok(found)
}

async fn column(
    write: &mut Write,
    table: &str,
    column: &str,
    id: Uuid,
) -> Result<Option<QueryResult>> {
    let select = Query::select()
        .column(Alias::new(column))
        .from(Alias::new(table))
        .and_where(col("id").eq(id))
        .to_owned();
    Ok(write.rows(&select).await?.into_iter().next())
}
