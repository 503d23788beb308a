//! Checking in: where somebody was, and how far from the customer.

use platform::db::col;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Record;
use platform::write::Write;
use rules::position::Position;
use rules::value::{Changes, Field, FieldType, Value};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// The member of a body that checks in.
pub const CHECK_IN: &str = "check_in";

/// A position vaguer than this says nothing of where the customer is.
const ACCURACY_FOR_CUSTOMER_M: i64 = 500;

/// A customer whose position a check-in has found.
#[derive(Default)]
struct Found(Option<(Uuid, Position)>);

pub fn schema() -> Json {
    json!({
        "type": "object", "required": ["position"],
        "properties": {
            "position": { "type": "string", "enum": ["located", "refused", "unavailable"] },
            "latitude": { "type": "number" }, "longitude": { "type": "number" },
            "accuracy_m": { "type": "integer" },
            "device_at": { "type": "string", "format": "date-time" }
        }
    })
}

/// Writes a check-in that the body carries into the activity. The server's clock says when; the device's is kept beside.
pub async fn check_in(
    write: &mut Write,
    after: &mut Record,
    errors: &mut Vec<FieldProblem>,
) -> Result<()> {
    let Some(said) = write.said.remove(CHECK_IN) else {
        return Ok(());
    };
    if !after.get("checked_in_at").is_null() {
        return Err(Problem::rule("already_checked_in").with(json!({ "version": after.version() })));
    }
    let Json::Object(said) = said else {
        errors.push(FieldProblem::new(
            CHECK_IN,
            "wrong_type",
            json!({ "type": "object" }),
        ));
        return Ok(());
    };
    let known = errors.len();
    let values = read(&after.resource.clone(), &said, errors);
    if errors.len() > known {
        return Ok(());
    }
    let is_located = values.get("position").and_then(Value::as_text) == Some("located");
    let degrees = |name: &str| values.get(name).and_then(Value::as_number);
    let position = match (degrees("latitude"), degrees("longitude")) {
        (Some(latitude), Some(longitude)) if is_located => {
            match Position::new(latitude, longitude) {
                Some(position) => Some(position),
                None => {
                    errors.push(FieldProblem::new(
                        "latitude",
                        "impossible_position",
                        json!({}),
                    ));
                    return Ok(());
                }
            }
        }
        (None, None) if !is_located => None,
        _ => {
            let code = if is_located {
                "required"
            } else {
                "impossible_position"
            };
            errors.push(FieldProblem::new("latitude", code, json!({})));
            return Ok(());
        }
    };
    for (name, value) in values {
        after.set(&name, value);
    }
    after.set("checked_in_at", write.now);
    if let (Some(position), Some(customer)) = (position, after.reference("customer_id")) {
        measure(write, after, customer, position).await?;
    }
    Ok(())
}

/// Reads the body by the activity's own fields.
fn read(
    resource: &platform::resource::Resource,
    said: &Map<String, Json>,
    errors: &mut Vec<FieldProblem>,
) -> Changes {
    let mut values = Changes::new();
    if !said.contains_key("position") {
        errors.push(FieldProblem::new("position", "required", json!({})));
    }
    let accuracy = Field::new("accuracy_m", FieldType::Integer);
    for (name, json) in said {
        let field = match name.as_str() {
            "position" | "latitude" | "longitude" | "device_at" => resource.field(name),
            "accuracy_m" => Some(&accuracy),
            _ => None,
        };
        let Some(field) = field else {
            errors.push(FieldProblem::new(name, "unknown_field", json!({})));
            continue;
        };
        match field.parse(json) {
            Ok(Value::Int(metres)) if name == "accuracy_m" && metres < 0 => {
                errors.push(FieldProblem::new(name, "negative", json!({})));
            }
            Ok(value) => {
                values.insert(name.clone(), value);
            }
            Err(refusal) => errors.push(FieldProblem::refused(name, &refusal)),
        }
    }
    values
}

async fn measure(
    write: &mut Write,
    after: &mut Record,
    customer: Uuid,
    position: Position,
) -> Result<()> {
    let select = Query::select()
        .columns(["latitude", "longitude"].map(Alias::new))
        .from(Alias::new("customer"))
        .and_where(col("id").eq(customer))
        .to_owned();
    let Some(row) = write.rows(&select).await?.into_iter().next() else {
        return Ok(());
    };
    let latitude: Option<f64> = row.try_get_by_index(0)?;
    let longitude: Option<f64> = row.try_get_by_index(1)?;
    match latitude.zip(longitude) {
        Some((latitude, longitude)) => {
            let distance = Position::new(latitude, longitude)
                .map(|customer| position.distance_m(customer).round() as i64);
            after.set("distance_m", distance);
        }
        None if after.int("accuracy_m").unwrap_or_default() <= ACCURACY_FOR_CUSTOMER_M => {
            write.memory.keep(Found(Some((customer, position))));
        }
        None => {}
    }
    Ok(())
}

/// Gives the customer the position that was found.
pub async fn place_customer(write: &mut Write) -> Result<()> {
    let Some(Found(Some((id, position)))) = write.memory.take::<Found>() else {
        return Ok(());
    };
    let customers = write.access.app.registry().find("customers")?;
    let Some(customer) = write.lock(&customers, id).await? else {
        return Ok(());
    };
    if !customer.get("latitude").is_null() {
        return Ok(());
    }
    let was_automatic = std::mem::replace(&mut write.automatic, true);
    let changes = Changes::from([
        ("latitude".into(), position.latitude().into()),
        ("longitude".into(), position.longitude().into()),
    ]);
    write.apply("update", customer, changes).await?;
    write.automatic = was_automatic;
    Ok(())
}
