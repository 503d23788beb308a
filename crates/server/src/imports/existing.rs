//! What the database already has: the records that keys mean, and values that may stand only once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use platform::access::Access;
use platform::problem::Result;
use platform::resource::{Record, Resource};
use platform::write::Write;
use rules::names::{core_name, fold, pinyin};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait};
use uuid::Uuid;

/// Values in one statement.
const AT_ONCE: usize = 300;

/// The records in the importer's scope that the keys mean, by folded key.
pub async fn by_key(
    write: &mut Write,
    resource: &Arc<Resource>,
    key: &str,
    texts: &HashSet<String>,
) -> Result<HashMap<String, Vec<Record>>> {
    let texts: Vec<&String> = texts.iter().collect();
    let mut found: HashMap<String, Vec<Record>> = HashMap::new();
    for some in texts.chunks(AT_ONCE) {
        let mut select = write.access.select(resource, Action::Read)?;
        if key == "id" {
            let ids = some.iter().filter_map(|text| Uuid::parse_str(text).ok());
            select.and_where(resource.column("id").is_in(ids));
        } else if key == resource.label_field && resource.searchable {
            // The key for sorting is indexed, and two texts that people take for the same have the same key.
            let column = Expr::col((Alias::new(&resource.table), Alias::new("sort_key")));
            select.and_where(column.is_in(some.iter().map(|text| pinyin(text).full)));
        } else {
            select.and_where(
                resource
                    .column(key)
                    .is_in(some.iter().map(|text| text.as_str())),
            );
        }
        if write.access.app.db.is_postgres() && !write.is_rehearsal() {
            select.lock_exclusive();
        }
        for row in write.rows(&select).await? {
            let record = Record::read(resource, &row)?;
            let text = if key == "id" {
                record.id().to_string()
            } else {
                fold(record.text(key))
            };
            found.entry(text).or_default().push(record);
        }
    }
    Ok(found)
}

/// Who has these values of a unique field, whatever the scope.
pub async fn holders(
    access: &Access,
    resource: &Arc<Resource>,
    field: &str,
    values: &HashSet<String>,
) -> Result<HashMap<String, Uuid>> {
    let everything = Access::system(&access.app, "unique values of an import");
    let values: Vec<&String> = values.iter().collect();
    let mut found = HashMap::new();
    for some in values.chunks(AT_ONCE) {
        let mut select = everything.scoped(resource, Action::Read)?;
        select
            .expr(resource.column("id"))
            .expr(resource.column(field))
            .and_where(
                resource
                    .column(field)
                    .is_in(some.iter().map(|value| value.as_str())),
            );
        for row in everything.rows(&select).await? {
            found.insert(row.try_get_by_index(1)?, row.try_get_by_index(0)?);
        }
    }
    Ok(found)
}

/// A customer that may be the same as one in the file.
#[derive(Debug, Clone)]
pub struct Namesake {
    pub id: Uuid,
    pub name: String,
}

/// Customers with the same core of their name, by core, whatever the scope: one that somebody else has matters most.
pub async fn namesakes(
    access: &Access,
    resource: &Arc<Resource>,
    names: &HashSet<String>,
) -> Result<HashMap<String, Vec<Namesake>>> {
    let everything = Access::system(&access.app, "duplicate check of an import");
    let cores: HashSet<String> = names
        .iter()
        .map(|name| core_name(name))
        .filter(|core| !core.is_empty())
        .collect();
    let cores: Vec<String> = cores.into_iter().collect();
    let mut found: HashMap<String, Vec<Namesake>> = HashMap::new();
    for some in cores.chunks(AT_ONCE) {
        let mut select = everything.scoped(resource, Action::Read)?;
        select
            .expr(resource.column("id"))
            .expr(resource.column("name"))
            .expr(resource.column("name_core"))
            .cond_where(
                Condition::all().add(
                    resource
                        .column("name_core")
                        .is_in(some.iter().map(String::as_str)),
                ),
            );
        for row in everything.rows(&select).await? {
            let core: String = row.try_get_by_index(2)?;
            found.entry(core).or_default().push(Namesake {
                id: row.try_get_by_index(0)?,
                name: row.try_get_by_index(1)?,
            });
        }
    }
    Ok(found)
}
