//! What files of opportunities hold beside the record's own fields: its way through the stages, and a product line.

use std::collections::{BTreeMap, HashMap};

use platform::access::Access;
use platform::clock::new_id;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::Write;
use rules::opportunities::line_minor;
use rules::value::{Field, FieldType, Label, Value};
use sea_orm::sea_query::Order;
use serde_json::json;
use uuid::Uuid;

use super::engine::Extras;
use crate::opportunities::history::{self, StageEntry};
use crate::opportunities::stages::{Process, Processes};

/// Prefix of the fields that hold the day of entering a stage; its code follows.
const STAGE_DAY: &str = "stage_day.";
const OPENED_ON: &str = "opened_on";

/// Whether a column of this field tells when an opportunity began.
pub fn is_opening_day(field: &str) -> bool {
    field == OPENED_ON || field.starts_with(STAGE_DAY)
}

/// The additional fields: creation day, one day for each stage, and the parts of a product line.
pub async fn extra_fields(access: &Access) -> Result<Vec<Field>> {
    let mut fields = vec![
        Field::new(OPENED_ON, FieldType::Day),
        Field::reference("product_id", "products"),
        Field::new("quantity", FieldType::Number),
        Field::new("price", FieldType::Money),
        Field::new("discount_percent", FieldType::Number),
    ];
    let stages = access.resource("stages")?;
    let mut select = stages.select();
    select.order_by_expr(stages.column("position"), Order::Asc);
    let mut labels: BTreeMap<String, Label> = BTreeMap::new();
    for stage in access.records(&stages, &select).await? {
        let english = stage.get("name_en").as_text().unwrap_or(stage.text("name"));
        labels
            .entry(stage.text("code").to_owned())
            .or_insert_with(|| {
                let text = |language: &str, name: &str| {
                    access.app.catalog.text(
                        language,
                        "imports.stage_day",
                        &json!({ "stage": name }),
                    )
                };
                Label {
                    zh: text("zh-CN", stage.text("name")),
                    en: text("en", english),
                }
            });
    }
    for (code, label) in labels {
        let mut field = Field::new(format!("{STAGE_DAY}{code}"), FieldType::Day);
        field.label = Some(label);
        fields.push(field);
    }
    Ok(fields)
}

/// The process whose stages a file means that names none.
pub async fn usual_process(access: &Access) -> Result<Option<Uuid>> {
    Ok(Processes::read(access)
        .await?
        .usual(false)
        .map(|process| process.id))
}

/// The product line of a row, ready to be written behind its opportunity.
pub struct Line {
    product_id: Uuid,
    quantity: f64,
    price: i64,
    discount: f64,
}

#[derive(Default)]
struct ListPrices(HashMap<Uuid, Option<i64>>);

/// Completes an opportunity before it is created: creation day, way through the stages, and the amount of its line.
pub async fn prepare(
    write: &mut Write,
    record: &mut Record,
    extras: &Extras,
) -> Result<Option<Line>> {
    let processes = Processes::of(write).await?;
    if let Some(stage) = record
        .reference("stage_id")
        .and_then(|id| processes.stage(id))
    {
        if let Some(process) = processes.process(stage.process_id) {
            days(write, record, process, stage.id, extras)?;
        }
    } else if let Some(day) = extras.get(OPENED_ON).and_then(Value::as_day) {
        record.set("created_at", write.access.app.clock.start_of(day));
    }
    let line = line_of(write, record, extras).await?;
    if let Some(line) = &line {
        let amount = line_minor(line.quantity, line.price, line.discount);
        record.set(
            "amount",
            amount.ok_or_else(|| Problem::field("quantity", "amount_too_large"))?,
        );
    }
    Ok(line)
}

fn days(
    write: &mut Write,
    record: &mut Record,
    process: &Process,
    current: Uuid,
    extras: &Extras,
) -> Result<()> {
    let app = write.access.app.clone();
    let today = app.clock.today();
    let closed_on = record.get("closed_on").as_day();
    let mut entries: Vec<StageEntry> = Vec::new();
    for stage in &process.stages {
        let field = format!("{STAGE_DAY}{}", stage.code);
        let Some(day) = extras.get(&field).and_then(Value::as_day) else {
            continue;
        };
        if day > today {
            return Err(Problem::field(&field, "in_future"));
        }
        if closed_on.is_some_and(|closed| day > closed) {
            return Err(Problem::field("closed_on", "before_start"));
        }
        let person_id = record.reference("owner_id");
        entries.push(StageEntry::new(
            stage.id,
            app.clock.start_of(day),
            person_id,
        ));
    }
    entries.sort_by_key(|entry| entry.entered_at);
    let first_known = entries.first().map(|entry| entry.entered_at);
    let closed_at = closed_on.map(|day| app.clock.start_of(day));
    let opened_at = match extras.get(OPENED_ON).and_then(Value::as_day) {
        Some(day) if closed_on.is_some_and(|closed| day > closed) => {
            return Err(Problem::field("closed_on", "before_start"));
        }
        Some(day) => Some(app.clock.start_of(day)),
        None => first_known.or(closed_at),
    };
    let Some(opened_at) = opened_at else {
        return Ok(());
    };
    record.set("created_at", opened_at);
    if first_known.is_none_or(|first| opened_at < first)
        && let Some(first) = process
            .first_open()
            .filter(|first| first.id != current || first_known.is_some())
        && entries
            .first()
            .is_none_or(|entry| entry.stage_id != first.id)
    {
        let person_id = record.reference("owner_id");
        entries.insert(0, StageEntry::new(first.id, opened_at, person_id));
    }
    // Where it stands now comes last, whatever else is known.
    let known = entries
        .iter()
        .position(|entry| entry.stage_id == current)
        .map(|at| entries.remove(at).entered_at);
    let last = entries.last().map_or(opened_at, |entry| entry.entered_at);
    let entered_at = Ord::max(known.or(closed_at).unwrap_or(last), last);
    entries.push(StageEntry::new(
        current,
        entered_at,
        record.reference("owner_id"),
    ));
    history::give(write, record.id(), entries);
    Ok(())
}

async fn line_of(write: &mut Write, record: &Record, extras: &Extras) -> Result<Option<Line>> {
    let Some(product_id) = extras.get("product_id").and_then(Value::as_id) else {
        return Ok(None);
    };
    let quantity = extras
        .get("quantity")
        .and_then(Value::as_number)
        .unwrap_or(1.0);
    let discount = extras
        .get("discount_percent")
        .and_then(Value::as_number)
        .unwrap_or_default();
    let price = match (
        extras.get("price").and_then(Value::as_int),
        record.int("amount"),
    ) {
        (Some(price), _) => price,
        // The amount of a row with one product is that product's.
        (None, Some(amount)) if quantity > 0.0 && discount == 0.0 => {
            (amount as f64 / quantity).round() as i64
        }
        (None, _) => list_price(write, product_id).await?.unwrap_or_default(),
    };
    Ok(Some(Line {
        product_id,
        quantity,
        price,
        discount,
    }))
}

async fn list_price(write: &mut Write, product: Uuid) -> Result<Option<i64>> {
    if let Some(price) = write
        .memory
        .get::<ListPrices>()
        .and_then(|prices| prices.0.get(&product))
    {
        return Ok(*price);
    }
    let products = write.access.resource("products")?;
    let price = write
        .lock(&products, product)
        .await?
        .and_then(|product| product.int("list_price"));
    write.memory.change(|prices: &mut ListPrices| {
        prices.0.insert(product, price);
    });
    Ok(price)
}

/// Writes a row's product line behind its opportunity.
pub async fn follow(write: &mut Write, opportunity: &Record, line: Line) -> Result<()> {
    let lines = write.access.resource("opportunity_lines")?;
    let mut record = Record::empty(&lines);
    record.set("id", new_id());
    record.set(
        "created_at",
        opportunity.int("created_at").unwrap_or(write.now),
    );
    record.set("opportunity_id", opportunity.id());
    record.set("product_id", line.product_id);
    record.set("quantity", line.quantity);
    record.set("price", line.price);
    if line.discount != 0.0 {
        record.set("discount_percent", line.discount);
    }
    write.create_record(record).await?;
    Ok(())
}
