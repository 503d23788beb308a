//! What comes next: planned in the same step as the deed, and known to it.

use std::collections::BTreeSet;

use platform::db::col;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Write};
use rules::activities::State;
use rules::value::Value;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The member of a body that plans the next activity.
pub const FOLLOW_UP: &str = "follow_up";

/// What the next activity takes from the one before, unless told.
const INHERITED: [&str; 4] = ["customer_id", "opportunity_id", "contact_ids", "owner_id"];

/// Activities whose follow-ups this write has added or taken away.
#[derive(Default)]
struct Touched(BTreeSet<Uuid>);

pub fn schema() -> Json {
    json!({
        "$ref": "#/components/schemas/ActivityCreate"
    })
}

/// Whether the body plans a follow-up of this activity.
pub fn is_planned(write: &Write) -> bool {
    write
        .said
        .get(FOLLOW_UP)
        .is_some_and(|said| !said.is_null())
}

/// Plans what the body says comes next.
pub async fn plan(write: &mut Write, origin: &Record) -> Result<()> {
    let Some(said) = write.said.remove(FOLLOW_UP).filter(|said| !said.is_null()) else {
        return Ok(());
    };
    let Json::Object(body) = said else {
        return Err(Problem::field_with(
            FOLLOW_UP,
            "wrong_type",
            json!({ "type": "object" }),
        ));
    };
    let resource = origin.resource.clone();
    let mut changes = write.access.parse(&resource, &body, true).map_err(within)?;
    let state = changes.get("state").and_then(Value::as_text);
    if state.is_some_and(|state| state != State::Planned.code()) {
        return Err(within(Problem::field("state", "follow_up_is_a_plan")));
    }
    for field in INHERITED {
        if !changes.contains_key(field) {
            changes.insert(field.into(), origin.get(field).clone());
        }
    }
    changes.insert("follow_up_of_id".into(), Value::Id(origin.id()));
    let record = write.create(&resource, changes).await.map_err(within)?;
    write
        .answer
        .insert("follow_up_id".into(), json!(record.id()));
    Ok(())
}

/// The pointers of the follow-up's fields as the body has them.
fn within(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        *error = FieldProblem {
            pointer: format!("/{FOLLOW_UP}{}", error.pointer),
            ..error.clone()
        };
    }
    problem
}

/// Remembers whose follow-ups changed, until the write ends: what is taken back comes in any order.
pub fn touch(write: &mut Write, before: Option<&Record>, after: Option<&Record>) {
    let of = |record: Option<&Record>| record.and_then(|r| r.reference("follow_up_of_id"));
    let (was, is) = (of(before), of(after));
    // The demo company brings it along.
    if was != is && write.cause != Cause::Load {
        write
            .memory
            .change(|touched: &mut Touched| touched.0.extend(was.into_iter().chain(is)));
    }
}

/// Origins brought up to date at once.
const CHUNK: usize = 500;

/// Says of each touched activity whether something follows it. It follows from other records, so it makes no version of its own.
pub async fn finish(write: &mut Write) -> Result<()> {
    let touched = write.memory.take::<Touched>().unwrap_or_default().0;
    let ids: Vec<Uuid> = touched.into_iter().collect();
    for some in ids.chunks(CHUNK) {
        let follows = Query::select()
            .expr(Expr::val(1))
            .from_as(Alias::new("activity"), Alias::new("next"))
            .and_where(
                Expr::col((Alias::new("next"), Alias::new("follow_up_of_id")))
                    .equals((Alias::new("activity"), Alias::new("id"))),
            )
            .to_owned();
        let update = Query::update()
            .table(Alias::new("activity"))
            .value(Alias::new("has_follow_up"), Expr::exists(follows))
            .and_where(col("id").is_in(some.iter().copied()))
            .to_owned();
        write.execute(&update).await?;
    }
    Ok(())
}
