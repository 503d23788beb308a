//! Audit: administrators search the whole ledger, and take it away as a file.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use platform::access::Access;
use platform::db::col;
use platform::labels;
use platform::ledger::{COLUMNS, Entry};
use platform::problem::{Problem, Result};
use platform::web::{Doc, Labels, Query as Asked, Routes, json};
use rules::permission::Action;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sheet::{CsvWriter, Kind, Out, OutColumn};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::changes::{EntryRow, Names, describe};

const PAGE_SIZE: u64 = 50;
/// Entries read at once while exporting.
const EXPORT_PAGE: u64 = 2_000;

pub fn routes() -> Routes {
    Routes::default()
        .get(
            "/api/audit",
            Doc::new("ledger", "Search the ledger, newest first, 50 a page")
                .query::<Question>()
                .answers::<AuditPage>(),
            search,
        )
        .get(
            "/api/audit/export",
            Doc::new(
                "ledger",
                "The same as a CSV file, one line for each changed field",
            )
            .query::<Question>()
            .answer_schema("text/csv", serde_json::json!({ "type": "string" })),
            export,
        )
}

#[derive(Debug, Clone, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Question {
    /// Who did it.
    actor_id: Option<Uuid>,
    resource: Option<String>,
    record_id: Option<Uuid>,
    /// `create`, `update`, `delete`, `advance`, `share`, `sign_in` …
    action: Option<String>,
    /// `session`, `token`, `import` or `system`.
    source: Option<String>,
    /// First and last day, in the organisation's time zone.
    from: Option<chrono::NaiveDate>,
    to: Option<chrono::NaiveDate>,
    /// Only entries before this number: the `next` of the page before.
    before: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct AuditPage {
    rows: Vec<EntryRow>,
    labels: Labels,
    /// Give it as `before` for the next page; none at the end.
    next: Option<i64>,
}

impl Question {
    fn select(&self, access: &Access, limit: u64) -> Result<SelectStatement> {
        let mut select = Query::select();
        select
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("ledger"))
            .order_by(Alias::new("seq"), Order::Desc)
            .limit(limit);
        if let Some(person) = self.actor_id {
            select.and_where(col("actor_id").eq(person));
        }
        if let Some(resource) = &self.resource {
            select.and_where(col("resource").eq(resource.as_str()));
        }
        if let Some(record) = self.record_id {
            select.and_where(col("record_id").eq(record));
        }
        if let Some(action) = &self.action {
            select.and_where(col("action").eq(action.as_str()));
        }
        if let Some(source) = &self.source {
            if !["session", "token", "import", "system"].contains(&source.as_str()) {
                return Err(Problem::field("source", "unknown_choice"));
            }
            // `;` follows `:`, so this range holds all texts that begin with the source and a colon.
            select
                .and_where(col("source").gte(format!("{source}:")))
                .and_where(col("source").lt(format!("{source};")));
        }
        let clock = &access.app.clock;
        if let Some(day) = self.from {
            select.and_where(col("at").gte(clock.start_of(day)));
        }
        if let Some(day) = self.to {
            select.and_where(col("at").lt(clock.start_of(day.succ_opt().unwrap_or(day))));
        }
        if let Some(seq) = self.before {
            select.and_where(col("seq").lt(seq));
        }
        Ok(select)
    }
}

/// A page of entries with the names in it: of people, of references, and of the records themselves while they exist.
async fn page(
    access: &Access,
    question: &Question,
    limit: u64,
) -> Result<(Vec<EntryRow>, HashMap<Uuid, Arc<str>>)> {
    let registry = access.app.registry();
    let mut names = Names::new();
    let mut rows = Vec::new();
    for row in access.rows(&question.select(access, limit)?).await? {
        let entry = Entry::read(&row)?;
        names.insert((entry.resource.clone(), entry.record_id));
        rows.push(describe(
            access,
            registry.get(&entry.resource),
            &entry,
            &mut names,
        ));
    }
    names.retain(|(resource, _)| registry.get(resource).is_some());
    Ok((rows, labels::of(access, names).await?))
}

async fn search(access: Access, Asked(question): Asked<Question>) -> Result<Response> {
    access.require("audit", Action::Read)?;
    let (rows, names) = page(&access, &question, PAGE_SIZE).await?;
    let next = (rows.len() as u64 == PAGE_SIZE)
        .then(|| rows.last().map(|row| row.seq))
        .flatten();
    json(&AuditPage {
        rows,
        labels: names.into(),
        next,
    })
}

/// What the CSV writer has written and nobody has sent yet.
#[derive(Clone, Default)]
struct Pending(Arc<Mutex<Vec<u8>>>);

impl Pending {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::io::Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn export(access: Access, Asked(question): Asked<Question>) -> Result<Response> {
    access.require("audit", Action::Export)?;
    // A bad question is a problem, not a broken file.
    question.select(&access, 1)?;
    note(&access, &question).await?;
    let (sender, receiver) = tokio::sync::mpsc::channel(4);
    tokio::spawn(async move {
        if let Err(problem) = write_csv(&access, question, &sender).await {
            // The file must not look whole.
            let _ = sender
                .send(Err(std::io::Error::other(problem.to_string())))
                .await;
        }
    });
    let parts = stream::unfold(receiver, |mut receiver| async move {
        receiver
            .recv()
            .await
            .map(|part: std::io::Result<bytes::Bytes>| (part, receiver))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.csv\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

/// Who takes the ledger away stands in the ledger, even when they look with a token that reads only.
async fn note(access: &Access, question: &Question) -> Result<()> {
    if access.actor.read_only {
        return Ok(());
    }
    let mut write = access.write().await?;
    let asked = serde_json::to_value(question).map_err(Problem::internal)?;
    write.note("audit", Uuid::nil(), "export", asked);
    write.commit().await?;
    Ok(())
}

const TITLES: [(&str, Kind); 10] = [
    ("seq", Kind::Number),
    ("at", Kind::Text),
    ("person", Kind::Text),
    ("source", Kind::Text),
    ("action", Kind::Text),
    ("resource", Kind::Text),
    ("record", Kind::Text),
    ("field", Kind::Text),
    ("before", Kind::Text),
    ("after", Kind::Text),
];

type Sender = tokio::sync::mpsc::Sender<std::io::Result<bytes::Bytes>>;

async fn write_csv(access: &Access, mut question: Question, sender: &Sender) -> Result<()> {
    let catalog = &access.app.catalog;
    let language = access.actor.language.as_str();
    let title = |name: &str| catalog.text(language, &format!("ledger.columns.{name}"), &Json::Null);
    let columns: Vec<OutColumn> = TITLES
        .iter()
        .map(|(name, kind)| OutColumn::new(title(name), *kind))
        .collect();
    let pending = Pending::default();
    let mut csv = CsvWriter::new(&columns, pending.clone()).map_err(Problem::internal)?;
    let registry = access.app.registry();
    loop {
        let (rows, names) = page(access, &question, EXPORT_PAGE).await?;
        let Some(last) = rows.last().map(|row| row.seq) else {
            break;
        };
        for row in &rows {
            let name = |id: &Uuid| {
                names
                    .get(id)
                    .map_or_else(|| id.to_string(), |name| name.to_string())
            };
            let person = row.actor_id.as_ref().map(&name).unwrap_or_default();
            let record = name(&row.record_id);
            let action = catalog
                .find(language, &format!("ledger.actions.{}", row.action))
                .unwrap_or(&row.action);
            let mut line = |field: &str, before: String, after: String| {
                let texts = [
                    row.at.as_str(),
                    &person,
                    &row.source,
                    action,
                    &row.resource,
                    &record,
                    field,
                    &before,
                    &after,
                ];
                let mut cells = vec![Out::Number(row.seq as f64)];
                cells.extend(texts.map(Out::text));
                csv.row(&cells).map_err(Problem::internal)
            };
            if row.changes.is_empty() {
                line(
                    "",
                    String::new(),
                    row.about.as_ref().map(Json::to_string).unwrap_or_default(),
                )?;
            }
            for change in &row.changes {
                let resource = registry.get(&row.resource);
                let field = resource
                    .and_then(|resource| {
                        Some(catalog.field(
                            language,
                            &resource.name,
                            resource.field(&change.field)?,
                        ))
                    })
                    .unwrap_or_else(|| change.field.clone());
                line(
                    &field,
                    plain(&change.before, &names),
                    plain(&change.after, &names),
                )?;
            }
        }
        question.before = Some(last);
        if sender.send(Ok(pending.take().into())).await.is_err() {
            // Nobody reads any more.
            return Ok(());
        }
    }
    csv.finish().map_err(Problem::internal)?.flush()?;
    let _ = sender.send(Ok(pending.take().into())).await;
    Ok(())
}

/// A value as a cell's text: names instead of ids, amounts in units.
fn plain(value: &Json, names: &HashMap<Uuid, Arc<str>>) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => match Uuid::parse_str(text).ok().and_then(|id| names.get(&id)) {
            Some(name) => name.to_string(),
            None => text.clone(),
        },
        Json::Object(money) if money.contains_key("amount_minor") => {
            let minor = money["amount_minor"].as_i64().unwrap_or_default();
            let sign = if minor < 0 { "-" } else { "" };
            format!(
                "{sign}{}.{:02}",
                minor.unsigned_abs() / 100,
                minor.unsigned_abs() % 100
            )
        }
        Json::Array(items) => items
            .iter()
            .map(|item| plain(item, names))
            .collect::<Vec<_>>()
            .join("; "),
        other => other.to_string(),
    }
}
