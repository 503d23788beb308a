//! The way of an opportunity through the stages: one row per entry, without gaps from the first to now.

use std::collections::HashMap;

use axum::response::Response;
use platform::access::Access;
use platform::clock::new_id;
use platform::db::col;
use platform::labels;
use platform::problem::Result;
use platform::resource::Record;
use platform::web::{Doc, Labels, Path, Routes, json};
use platform::write::{Cause, Write};
use rules::opportunities::{Entered, Outcome, passed};
use rules::value::{Field, FieldType, instant_text};
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query, SelectStatement};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::stages::{Process, Processes, Stage};

pub const TABLE: &str = "stage_history";
const COLUMNS: [&str; 7] = [
    "id",
    "opportunity_id",
    "stage_id",
    "entered_at",
    "left_at",
    "passed_at",
    "person_id",
];
const DAY_MS: f64 = 86_400_000.0;

/// One entry into a stage, as an import or a loader knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct StageEntry {
    pub id: Uuid,
    pub stage_id: Uuid,
    /// Milliseconds UTC.
    pub entered_at: i64,
    pub person_id: Option<Uuid>,
}

impl StageEntry {
    pub fn new(stage_id: Uuid, entered_at: i64, person_id: Option<Uuid>) -> StageEntry {
        StageEntry {
            id: new_id(),
            stage_id,
            entered_at,
            person_id,
        }
    }
}

#[derive(Default)]
struct Given(HashMap<Uuid, Vec<StageEntry>>);

/// Gives the whole way of an opportunity that is about to be created in a bulk write, in the order of time; the last entry
/// is its present stage. Without it the way is made from the record's own days.
pub fn give(write: &mut Write, opportunity_id: Uuid, entries: Vec<StageEntry>) {
    write.memory.change(|given: &mut Given| {
        given.0.insert(opportunity_id, entries);
    });
}

/// When the given way entered its last stage.
pub fn given_end(write: &Write, opportunity_id: Uuid) -> Option<&StageEntry> {
    write.memory.get::<Given>()?.0.get(&opportunity_id)?.last()
}

/// What lists may be filtered by: `{"has":"stages","with":…}`.
pub fn fields() -> Vec<Field> {
    vec![
        Field::reference("stage_id", "stages"),
        Field::new("entered_at", FieldType::Instant),
        Field::new("left_at", FieldType::Instant),
        Field::new("passed_at", FieldType::Instant),
        Field::reference("person_id", "people"),
    ]
}

/// Writes the way of a new opportunity; answers it.
pub async fn begin(
    write: &mut Write,
    record: &Record,
    process: &Process,
    stage: &Stage,
) -> Result<Vec<StageEntry>> {
    let mut given = None;
    write
        .memory
        .change(|known: &mut Given| given = known.0.remove(&record.id()));
    let entered_at = record.int("stage_entered_at").unwrap_or(write.now);
    let created_at = record.int("created_at").unwrap_or(entered_at);
    let person_id = match write.cause {
        Cause::Edit => write.access.actor.person(),
        _ => record.reference("owner_id"),
    };
    let entries = match given {
        Some(entries) if !entries.is_empty() => entries,
        _ => {
            let mut entries = Vec::new();
            // An opportunity that is recorded after the fact began somewhere: its time must be covered from the beginning.
            if let (Some(first), true) = (process.first_open(), created_at < entered_at)
                && first.id != stage.id
            {
                entries.push(StageEntry::new(first.id, created_at, person_id));
            }
            entries.push(StageEntry::new(stage.id, entered_at, person_id));
            entries
        }
    };
    insert(write, record.id(), process, &entries).await?;
    Ok(entries)
}

async fn insert(
    write: &mut Write,
    opportunity_id: Uuid,
    process: &Process,
    entries: &[StageEntry],
) -> Result<()> {
    let passed_at = passed(&entered(process, entries));
    for (i, entry) in entries.iter().enumerate() {
        let row: Vec<sea_orm::Value> = vec![
            entry.id.into(),
            opportunity_id.into(),
            entry.stage_id.into(),
            entry.entered_at.into(),
            entries.get(i + 1).map(|next| next.entered_at).into(),
            passed_at[i].into(),
            entry.person_id.into(),
        ];
        write.insert(TABLE, &COLUMNS, row).await?;
    }
    Ok(())
}

fn entered(process: &Process, entries: &[StageEntry]) -> Vec<Entered> {
    entries
        .iter()
        .map(|entry| {
            let stage = process
                .stages
                .iter()
                .find(|stage| stage.id == entry.stage_id);
            Entered {
                // A stage of an earlier revision stands before all of this one.
                position: stage.map_or(-1, |stage| stage.position),
                is_lost: stage.is_some_and(|stage| stage.outcome == Outcome::Lost),
                at: entry.entered_at,
            }
        })
        .collect()
}

/// Notes that an opportunity went on to another stage.
pub async fn advance(
    write: &mut Write,
    record: &Record,
    process: &Process,
    stage: &Stage,
) -> Result<()> {
    let entered_at = record.int("stage_entered_at").unwrap_or(write.now);
    let of_this = |update: &mut sea_orm::sea_query::UpdateStatement| {
        update
            .table(Alias::new(TABLE))
            .and_where(col("opportunity_id").eq(record.id()));
    };
    let mut leave = Query::update();
    of_this(
        leave
            .value(Alias::new("left_at"), entered_at)
            .and_where(col("left_at").is_null()),
    );
    write.execute(&leave).await?;
    let behind = process.before(stage);
    if stage.outcome != Outcome::Lost && !behind.is_empty() {
        let mut pass = Query::update();
        of_this(
            pass.value(Alias::new("passed_at"), entered_at)
                .and_where(col("passed_at").is_null())
                .and_where(col("stage_id").is_in(behind)),
        );
        write.execute(&pass).await?;
    }
    let entry = StageEntry::new(stage.id, entered_at, write.access.actor.person());
    insert(write, record.id(), process, &[entry]).await
}

struct Row {
    entry: StageEntry,
    left_at: Option<i64>,
    passed_at: Option<i64>,
}

fn select(opportunity_id: Uuid) -> SelectStatement {
    Query::select()
        .columns(
            [
                "id",
                "stage_id",
                "entered_at",
                "left_at",
                "passed_at",
                "person_id",
            ]
            .map(Alias::new),
        )
        .from(Alias::new(TABLE))
        .and_where(col("opportunity_id").eq(opportunity_id))
        // Ids follow time, so entries of the same millisecond keep their order.
        .order_by(Alias::new("entered_at"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned()
}

fn read(row: &sea_orm::QueryResult) -> Result<Row> {
    Ok(Row {
        entry: StageEntry {
            id: row.try_get_by_index(0)?,
            stage_id: row.try_get_by_index(1)?,
            entered_at: row.try_get_by_index(2)?,
            person_id: row.try_get_by_index(5)?,
        },
        left_at: row.try_get_by_index(3)?,
        passed_at: row.try_get_by_index(4)?,
    })
}

/// Follows an undone move: a move taken back takes its entry back, one done again is entered again.
pub async fn undo(
    write: &mut Write,
    before: &Record,
    after: &Record,
    process: &Process,
    stage: &Stage,
) -> Result<()> {
    let mut rows: Vec<Row> = write
        .rows(&select(after.id()))
        .await?
        .iter()
        .map(read)
        .collect::<Result<_>>()?;
    let is_at = |row: Option<&Row>, record: &Record| {
        row.is_some_and(|row| Some(row.entry.stage_id) == record.reference("stage_id"))
    };
    let goes_back = is_at(rows.last(), before)
        && is_at(rows.iter().rev().nth(1), after)
        && rows.iter().rev().nth(1).map(|row| row.entry.entered_at)
            == after.int("stage_entered_at");
    if !goes_back {
        return advance(write, after, process, stage).await;
    }
    if let Some(undone) = rows.pop() {
        let delete = Query::delete()
            .from_table(Alias::new(TABLE))
            .and_where(col("id").eq(undone.entry.id))
            .to_owned();
        write.execute(&delete).await?;
    }
    let entries: Vec<StageEntry> = rows.iter().map(|row| row.entry.clone()).collect();
    let passed_at = passed(&entered(process, &entries));
    for (i, row) in rows.iter().enumerate() {
        let left_at = entries.get(i + 1).map(|next| next.entered_at);
        if row.left_at != left_at || row.passed_at != passed_at[i] {
            let update = Query::update()
                .table(Alias::new(TABLE))
                .value(Alias::new("left_at"), left_at)
                .value(Alias::new("passed_at"), passed_at[i])
                .and_where(col("id").eq(row.entry.id))
                .to_owned();
            write.execute(&update).await?;
        }
    }
    Ok(())
}

/// A restored opportunity finds the way that it had; one whose way is gone begins it again.
pub async fn restore(
    write: &mut Write,
    record: &Record,
    process: &Process,
    stage: &Stage,
) -> Result<()> {
    if write.rows(&select(record.id())).await?.is_empty() {
        begin(write, record, process, stage).await?;
    }
    Ok(())
}

#[derive(Debug, Serialize, ToSchema)]
struct Way {
    rows: Vec<Passage>,
    labels: Labels,
}

#[derive(Debug, Serialize, ToSchema)]
struct Passage {
    stage_id: Uuid,
    entered_at: String,
    #[schema(required)]
    left_at: Option<String>,
    /// In the stage so far, to a tenth.
    days: f64,
    #[schema(required)]
    standard_days: Option<i64>,
    #[schema(required)]
    by: Option<Uuid>,
}

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/opportunities/{id}/stages",
        Doc::new("opportunities", "The way through the stages").answers::<Way>(),
        way,
    )
}

async fn way(access: Access, Path(id): Path<Uuid>) -> Result<Response> {
    let record = access.get(&access.resource("opportunities")?, id).await?;
    let processes = Processes::read(&access).await?;
    let now = access.app.clock.now_ms();
    let mut wanted = std::collections::HashSet::new();
    let mut rows = Vec::new();
    for row in access.rows(&select(record.id())).await? {
        let row = read(&row)?;
        let entry = row.entry;
        wanted.insert(("stages".to_owned(), entry.stage_id));
        wanted.extend(entry.person_id.map(|person| ("people".to_owned(), person)));
        rows.push(Passage {
            stage_id: entry.stage_id,
            entered_at: instant_text(entry.entered_at),
            left_at: row.left_at.map(instant_text),
            days: days(row.left_at.unwrap_or(now) - entry.entered_at),
            standard_days: processes
                .stage(entry.stage_id)
                .and_then(|stage| stage.standard_days),
            by: entry.person_id,
        });
    }
    json(&Way {
        rows,
        labels: labels::of(&access, wanted).await?.into(),
    })
}

/// Milliseconds as days, to a tenth that has passed: 3.96 days are not four yet, as whoever counts whole days sees them.
pub fn days(ms: i64) -> f64 {
    (ms as f64 / DAY_MS * 10.0).floor() / 10.0
}
