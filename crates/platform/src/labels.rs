//! Names for ids: what a reference is called, remembered until the record changes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rules::value::Changes;
use sea_orm::sea_query::{Alias, Expr, Func, Query};
use uuid::Uuid;

use crate::access::Access;
use crate::i18n::LANGUAGES;
use crate::problem::{Problem, Result};
use crate::resource::Resource;

const ENGLISH: &str = LANGUAGES[1];

/// The language that a resource's labels are kept in for this actor: only few resources name their records in both.
fn language_of(access: &Access, resource: &str) -> &'static str {
    let registry = access.app.registry();
    let in_both = registry
        .get(resource)
        .is_some_and(|resource| resource.label_field_en.is_some());
    if in_both && access.actor.language == ENGLISH {
        ENGLISH
    } else {
        LANGUAGES[0]
    }
}

/// Looks up the labels of `(resource, id)` pairs. Ids that no longer exist are left out.
///
/// A reference inside a record that the actor may see shows its label even when the referred record itself is out of
/// scope: the name is part of the record.
pub async fn of(
    access: &Access,
    wanted: HashSet<(String, Uuid)>,
) -> Result<HashMap<Uuid, Arc<str>>> {
    let app = &access.app;
    let directory = app.directory();
    let mut found = HashMap::with_capacity(wanted.len());
    let mut missing: HashMap<String, Vec<Uuid>> = HashMap::new();
    for (resource, id) in wanted {
        let known = match resource.as_str() {
            "people" => directory
                .people
                .get(&id)
                .map(|person| Arc::from(person.name.as_str())),
            "teams" => directory
                .teams
                .get(&id)
                .map(|team| Arc::from(team.name.as_str())),
            "roles" => directory
                .roles
                .get(&id)
                .map(|role| Arc::from(role.name.as_str())),
            _ => app.labels.get(&(id, language_of(access, &resource))),
        };
        match known {
            Some(label) => {
                found.insert(id, label);
            }
            None => missing.entry(resource).or_default().push(id),
        }
    }
    let forgotten = app.forgotten();
    for (name, ids) in missing {
        let registry = app.registry();
        let Some(resource) = registry.get(&name) else {
            continue;
        };
        // Parts of records, such as product lines, are called nothing by themselves.
        if resource.label_field == "id" {
            continue;
        }
        let language = language_of(access, &name);
        let own = resource.column(&resource.label_field);
        let label = match resource.label_field_en {
            Some(english) if language == ENGLISH => {
                Expr::expr(Func::coalesce([resource.column(english), own]))
            }
            _ => own,
        };
        let select = Query::select()
            .expr(resource.column("id"))
            .expr(label)
            .from(Alias::new(&resource.table))
            .and_where(sea_orm::sea_query::ExprTrait::is_in(
                resource.column("id"),
                ids,
            ))
            .to_owned();
        for row in app.db.all(&select).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            let label: Arc<str> = Arc::from(
                row.try_get_by_index::<Option<String>>(1)?
                    .unwrap_or_default(),
            );
            app.remember_label((id, language), label.clone(), forgotten);
            found.insert(id, label);
        }
    }
    Ok(found)
}

/// The label where it is at hand already.
pub fn known(access: &Access, resource: &str, id: Uuid) -> Option<Arc<str>> {
    access.app.labels.get(&(id, language_of(access, resource)))
}

/// Brings the labels of what a new record refers to to hand: its answer names them, and what is read before the write begins
/// keeps no other writer waiting.
pub async fn prepare(access: &Access, resource: &Resource, changes: &Changes) -> Result<()> {
    let mut wanted = HashSet::new();
    for field in &resource.fields {
        if let (Some(target), Some(value)) = (&field.reference, changes.get(&field.name)) {
            wanted.extend(value.ids().into_iter().map(|id| (target.clone(), id)));
        }
    }
    of(access, wanted).await.map(|_| ())
}

/// Writes the labels as a JSON object, by id: the same answer is the same bytes.
pub async fn write(
    access: &Access,
    wanted: HashSet<(String, Uuid)>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let mut labels = Vec::from_iter(of(access, wanted).await?);
    labels.sort_unstable_by_key(|(id, _)| *id);
    out.push(b'{');
    for (i, (id, label)) in labels.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(format!("\"{id}\":").as_bytes());
        serde_json::to_writer(&mut *out, label.as_ref()).map_err(Problem::internal)?;
    }
    out.push(b'}');
    Ok(())
}
