//! What was found at the steps of a visit: checked with the visit, scored on it, and kept as rows of their own.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use platform::clock::{new_id, part_id};
use platform::problem::{FieldProblem, Result};
use platform::resource::Record;
use platform::write::{Cause, Write};
use rules::value::Value;
use rules::visit_steps::{Answer, execution, execution_score, parse_answers};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::versions::{self, Version};

/// The steps that an activity was done by, and its answers to them.
struct Filled {
    version: Arc<Version>,
    answers: BTreeMap<String, Answer>,
}

fn is_changed(before: Option<&Record>, after: &Record, fields: &[&str]) -> bool {
    fields
        .iter()
        .any(|field| before.is_none_or(|before| before.get(field) != after.get(field)))
}

async fn read(
    write: &mut Write,
    activity: &Record,
    errors: &mut Vec<FieldProblem>,
) -> Result<Option<Filled>> {
    let empty = Map::new();
    let answers = match activity.get("answers") {
        Value::Json(Json::Object(answers)) => answers,
        Value::Null => &empty,
        _ => {
            let params = json!({ "type": "object" });
            errors.push(FieldProblem::new("answers", "wrong_type", params));
            return Ok(None);
        }
    };
    let named = activity.get("template_version_id").as_text();
    let id = named.and_then(|id| Uuid::parse_str(id).ok());
    let version = match id {
        Some(id) => versions::by_id(write, id).await?,
        None => None,
    };
    let Some(version) = version else {
        if named.is_some() || !answers.is_empty() {
            let field = "template_version_id";
            errors.push(FieldProblem::new(field, "unknown_reference", json!({})));
        }
        return Ok(None);
    };
    let settings = write.access.app.settings();
    match parse_answers(&version.steps, answers, &settings.currency) {
        Ok(answers) => Ok(Some(Filled { version, answers })),
        Err(wrong) => {
            let wrong = wrong.iter();
            errors.extend(wrong.map(|(at, refusal)| FieldProblem::refused(at, refusal)));
            Ok(None)
        }
    }
}

/// Checks the answers of an activity that is about to be written, and scores how well it kept to its steps.
pub async fn score(
    write: &mut Write,
    before: Option<&Record>,
    after: &mut Record,
    errors: &mut Vec<FieldProblem>,
) -> Result<()> {
    if !is_changed(before, after, &["answers", "template_version_id"]) {
        return Ok(());
    }
    let Some(filled) = read(write, after, errors).await? else {
        for field in ["steps_required", "steps_done", "execution_score"] {
            after.set(field, Value::Null);
        }
        return Ok(());
    };
    let (required, done) = execution(&filled.version.steps, &filled.answers);
    after.set("steps_required", required as i64);
    after.set("steps_done", done as i64);
    after.set("execution_score", execution_score(required, done));
    Ok(())
}

/// Keeps the answers of a written activity as rows that can be listed, filtered and exported.
pub async fn store(write: &mut Write, before: Option<&Record>, after: &Record) -> Result<()> {
    let shown = ["answers", "template_version_id", "done_on", "customer_id"];
    // What is taken back brings its rows back from the ledger.
    if write.cause == Cause::Undo || !is_changed(before, after, &shown) {
        return Ok(());
    }
    let rows = write.access.resource("visit_answers")?;
    if before.is_some_and(|before| !before.get("answers").is_null()) {
        let mut old = rows.select();
        old.and_where(rows.column("activity_id").eq(after.id()));
        let old: Vec<Uuid> = write
            .rows(&old)
            .await?
            .iter()
            .map(|row| Record::read(&rows, row).map(|record| record.id()))
            .collect::<Result<_>>()?;
        for id in old {
            write.delete(&rows, id, None).await?;
        }
    }
    if after.get("answers").is_null() || after.get("done_on").is_null() {
        return Ok(());
    }
    let Some(filled) = read(write, after, &mut Vec::new()).await? else {
        return Ok(());
    };
    let region = region_of(write, after.reference("customer_id")).await?;
    for (position, step) in filled.version.steps.iter().enumerate() {
        let Some(answer) = filled.answers.get(&step.code) else {
            continue;
        };
        let products = answer
            .products
            .iter()
            .map(Uuid::to_string)
            .collect::<Vec<_>>();
        let values = [
            ("activity_id", Value::Id(after.id())),
            ("customer_id", after.get("customer_id").clone()),
            ("region", region.clone().into()),
            ("done_on", after.get("done_on").clone()),
            ("template_id", Value::Id(filled.version.template_id)),
            ("steps_version", filled.version.number.into()),
            ("step_code", step.code.as_str().into()),
            ("step_name", step.name.as_str().into()),
            ("step_kind", step.kind.code().into()),
            ("answer_text", answer.text.clone().into()),
            ("answer_bool", answer.yes.into()),
            ("answer_number", answer.number.into()),
            ("competitor", answer.competitor.clone().into()),
            ("price", answer.amount_minor.into()),
        ];
        let mut row = Record::empty(&rows);
        for (name, value) in values {
            row.set(name, value);
        }
        if !products.is_empty() {
            row.set("product_ids", Value::List(products));
        }
        // The demo company's answers were given when the visit was logged, and are the same in every database.
        let (id, created_at) = match write.cause {
            Cause::Load => (part_id(after.id(), position), after.int("updated_at")),
            _ => (new_id(), None),
        };
        row.set("id", id);
        row.set("created_at", created_at.unwrap_or(write.now));
        row.set("created_by", after.reference("owner_id"));
        write.create_record(row).await?;
    }
    Ok(())
}

/// Regions of customers, as far as a write knows them.
#[derive(Default)]
struct Regions(HashMap<Uuid, Option<String>>);

/// Tells a bulk write where a customer is, so that the answers found there need not ask.
pub fn know_region(write: &mut Write, customer: Uuid, region: Option<String>) {
    write.memory.change(|regions: &mut Regions| {
        regions.0.insert(customer, region);
    });
}

async fn region_of(write: &mut Write, customer: Option<Uuid>) -> Result<Option<String>> {
    let Some(id) = customer else { return Ok(None) };
    let known = write.memory.get::<Regions>();
    if let Some(region) = known.and_then(|known| known.0.get(&id)) {
        return Ok(region.clone());
    }
    let customers = write.access.resource("customers")?;
    let mut select = Query::select();
    select
        .expr(customers.column("region"))
        .from(Alias::new(&customers.table))
        .and_where(customers.column("id").eq(id));
    match write.rows(&select).await?.first() {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Ok(None),
    }
}
