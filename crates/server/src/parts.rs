//! Parts of a record that are replaced together: the lines of an opportunity, the instalments of a contract.

use std::sync::Arc;

use platform::access::Access;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::{Record, Resource};
use platform::write::Write;
use rules::value::{Changes, Value};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// A part as the client wants it, with its id where it is there already.
pub struct Wanted {
    pub id: Option<Uuid>,
    pub changes: Changes,
}

/// Points into the parts, which stand at `place` of the body.
pub fn at(place: &str, i: usize, error: FieldProblem) -> FieldProblem {
    FieldProblem {
        pointer: format!("{place}/{i}{}", error.pointer),
        ..error
    }
}

/// Reads what a client wants of each part. A client may send back what it was given: `is_answered` names what is left out of it.
pub fn parse(
    access: &Access,
    resource: &Resource,
    place: &str,
    rows: Vec<Json>,
    required: &[&str],
    is_answered: impl Fn(&str) -> bool,
) -> Result<Vec<Wanted>> {
    let mut wanted = Vec::new();
    let mut errors = Vec::new();
    for (i, row) in rows.into_iter().enumerate() {
        let Json::Object(row) = row else {
            let params = json!({ "type": "object" });
            errors.push(FieldProblem::new(
                &format!("{place}/{i}"),
                "wrong_type",
                params,
            ));
            continue;
        };
        match part(access, resource, row, required, &is_answered) {
            Ok(part) => wanted.push(part),
            Err(found) => errors.extend(found.into_iter().map(|error| at(place, i, error))),
        }
    }
    if errors.is_empty() {
        Ok(wanted)
    } else {
        Err(Problem::invalid(errors))
    }
}

fn part(
    access: &Access,
    resource: &Resource,
    mut row: Map<String, Json>,
    required: &[&str],
    is_answered: impl Fn(&str) -> bool,
) -> std::result::Result<Wanted, Vec<FieldProblem>> {
    let id = row.get("id").and_then(Json::as_str);
    let id = id.and_then(|id| id.parse().ok());
    row.retain(|name, _| !is_answered(name));
    let mut errors = lacking(&row, required);
    match access.parse(resource, &row, false) {
        Ok(changes) if errors.is_empty() => return Ok(Wanted { id, changes }),
        Ok(_) => {}
        Err(problem) => errors.extend(problem.errors),
    }
    Err(errors)
}

fn lacking(row: &Map<String, Json>, required: &[&str]) -> Vec<FieldProblem> {
    let lacking = required.iter().filter(|name| !row.contains_key(**name));
    lacking
        .map(|name| FieldProblem::new(name, "required", json!({})))
        .collect()
}

/// Writes the wanted parts over the `known` ones in their order, and deletes what is not wanted any more. A part is the known
/// one that `is_same` says; a new one names its `whole` (field and id).
pub async fn replace(
    write: &mut Write,
    resource: &Arc<Resource>,
    place: &str,
    whole: (&str, Uuid),
    mut known: Vec<Record>,
    wanted: Vec<Wanted>,
    is_same: impl Fn(&Record, &Wanted) -> bool,
) -> Result<()> {
    for (i, mut part) in wanted.into_iter().enumerate() {
        part.changes.insert("position".into(), Value::Int(i as i64));
        let same = known.iter().position(|record| is_same(record, &part));
        let written = match same {
            Some(found) => {
                write
                    .apply("update", known.remove(found), part.changes)
                    .await
            }
            None => {
                part.changes.insert(whole.0.into(), whole.1.into());
                write.create(resource, part.changes).await
            }
        };
        written.map_err(|mut problem| {
            let errors = problem.errors.into_iter();
            problem.errors = errors.map(|error| at(place, i, error)).collect();
            problem
        })?;
    }
    for gone in known {
        write.delete(resource, gone.id(), None).await?;
    }
    Ok(())
}
