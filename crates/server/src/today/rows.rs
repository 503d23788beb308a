//! Rows of a day as JSON, and the names of what they refer to.

use std::collections::HashSet;
use std::sync::Arc;

use platform::access::Access;
use platform::labels;
use platform::listing::RowWriter;
use platform::problem::Result;
use platform::resource::{Guard, Record, Resource};
use rules::permission::Action;
use sea_orm::sea_query::{Expr, ExprTrait, NullOrdering, Order, SelectStatement};
use uuid::Uuid;

/// Writes an answer part by part and gathers whose names it needs.
pub struct Answer<'a> {
    access: &'a Access,
    out: Vec<u8>,
    referred: HashSet<(String, Uuid)>,
}

impl<'a> Answer<'a> {
    pub fn new(access: &'a Access) -> Answer<'a> {
        Answer {
            access,
            out: vec![b'{'],
            referred: HashSet::new(),
        }
    }

    fn key(&mut self, name: &str) {
        if self.out.len() > 1 {
            self.out.push(b',');
        }
        self.out
            .extend_from_slice(format!("\"{name}\":").as_bytes());
    }

    /// A member that is JSON already.
    pub fn member(&mut self, name: &str, json: &impl serde::Serialize) -> Result<()> {
        self.key(name);
        serde_json::to_writer(&mut self.out, json).map_err(platform::problem::Problem::internal)
    }

    /// A list of records, each with `extra` (`"key":value` pairs) at its end.
    pub fn rows<'r>(
        &mut self,
        name: &str,
        resource: &Arc<Resource>,
        records: impl IntoIterator<Item = (&'r Record, Vec<u8>)>,
    ) -> Result<()> {
        self.key(name);
        let writer = RowWriter::new(self.access, resource, None)?;
        let mut referred = HashSet::new();
        self.out.push(b'[');
        for (i, (record, extra)) in records.into_iter().enumerate() {
            if i > 0 {
                self.out.push(b',');
            }
            let owner = match record.resource.guard {
                Guard::Owner(field) => record.reference(field),
                _ => None,
            };
            writer.write_record(
                record,
                (record.id(), owner),
                &extra,
                &mut self.out,
                &mut referred,
            )?;
        }
        self.out.push(b']');
        self.referred.extend(writer.targets(referred));
        Ok(())
    }

    pub fn refers(&mut self, resource: &str, id: Uuid) {
        self.referred.insert((resource.to_owned(), id));
    }

    /// The names, and the end.
    pub async fn finish(mut self) -> Result<Vec<u8>> {
        self.key("labels");
        labels::write(self.access, self.referred, &mut self.out).await?;
        self.out.push(b'}');
        Ok(self.out)
    }
}

/// `SELECT` of what one person owns, when that is in the actor's scope: the scope decides about the person once, so that the
/// database finds the rows along an index by owner. None when it is out of scope.
pub fn owned_by(
    access: &Access,
    resource: &Arc<Resource>,
    person: Uuid,
) -> Option<SelectStatement> {
    covers(access, resource, person).then(|| {
        let mut select = resource.select();
        select.and_where(resource.column("owner_id").eq(person));
        select
    })
}

/// Earliest first, as the indexes have it: PostgreSQL would put nulls at the end.
pub fn ascending(select: &mut SelectStatement, by: Expr) -> &mut SelectStatement {
    select.order_by_expr_with_nulls(by, Order::Asc, NullOrdering::First)
}

/// Latest first, along the same indexes.
pub fn descending(select: &mut SelectStatement, by: Expr) -> &mut SelectStatement {
    select.order_by_expr_with_nulls(by, Order::Desc, NullOrdering::Last)
}

/// Whether the actor may read what this person owns.
pub fn covers(access: &Access, resource: &Resource, person: Uuid) -> bool {
    access.allows(&resource.name, Action::Read)
        && access.covers(resource, Uuid::nil(), Some(person), Action::Read)
}
