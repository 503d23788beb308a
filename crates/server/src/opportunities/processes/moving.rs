//! Running opportunities go over to a new revision of their process.

use std::collections::{BTreeMap, HashMap};

use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::Write;
use rules::opportunities::Outcome;
use rules::value::{Changes, Value};
use sea_orm::sea_query::{ExprTrait, Order};
use serde_json::json;
use uuid::Uuid;

use super::wanted::WantedStage;

/// Moves by the mapping from old stages to wanted ones, `made` in their order; all that runs, or nothing when there is no mapping.
/// Answers how many opportunities went over.
pub async fn move_running(
    write: &mut Write,
    known: &[Record],
    made: &[Record],
    wanted: &[WantedStage],
    moves: BTreeMap<Uuid, String>,
) -> Result<usize> {
    if moves.is_empty() {
        return Ok(0);
    }
    let targets = targets(known, made, wanted, &moves)?;
    let resource = write.access.app.registry().find("opportunities")?;
    let open: Vec<&Record> = known
        .iter()
        .filter(|stage| stage.text("kind") == Outcome::Open.code())
        .collect();
    let mut select = resource.select();
    select
        .and_where(
            resource
                .column("stage_id")
                .is_in(open.iter().map(|stage| stage.id())),
        )
        .order_by_expr(resource.column("id"), Order::Asc);
    let running = write.records(&resource, &select).await?;
    let left: Vec<&str> = open
        .iter()
        .filter(|stage| !targets.contains_key(&stage.id()))
        .filter(|stage| {
            running
                .iter()
                .any(|record| record.reference("stage_id") == Some(stage.id()))
        })
        .map(|stage| stage.text("name"))
        .collect();
    if !left.is_empty() {
        return Err(Problem::field_with(
            "move",
            "stages_not_mapped",
            json!({ "stages": left.join(", ") }),
        ));
    }
    let was_automatic = std::mem::replace(&mut write.automatic, true);
    let mut count = 0;
    for record in running {
        let target = record
            .reference("stage_id")
            .and_then(|id| targets.get(&id))
            .copied();
        if let Some(target) = target.and_then(|i| made.get(i)) {
            let changes = Changes::from([
                ("process_id".into(), target.get("process_id").clone()),
                ("stage_id".into(), Value::Id(target.id())),
            ]);
            write.apply("move", record, changes).await?;
            count += 1;
        }
    }
    write.automatic = was_automatic;
    Ok(count)
}

/// Old stage → place among the wanted stages.
fn targets(
    known: &[Record],
    made: &[Record],
    wanted: &[WantedStage],
    moves: &BTreeMap<Uuid, String>,
) -> Result<HashMap<Uuid, usize>> {
    let mut targets = HashMap::new();
    let mut errors = Vec::new();
    for (old, new) in moves {
        let by_id = new.parse::<Uuid>().ok();
        let found = wanted
            .iter()
            .position(|stage| by_id.is_some() && stage.id == by_id || stage.code == *new)
            .filter(|i| {
                made.get(*i)
                    .is_some_and(|stage| stage.text("kind") == Outcome::Open.code())
            });
        match found {
            Some(i) if known.iter().any(|stage| stage.id() == *old) => {
                targets.insert(*old, i);
            }
            _ => errors.push(FieldProblem::new(
                &format!("/move/{old}"),
                "unknown_reference",
                json!({}),
            )),
        }
    }
    if errors.is_empty() {
        Ok(targets)
    } else {
        Err(Problem::invalid(errors))
    }
}
