//! One search over everything: records in scope, the closest names first.

mod newest;
mod rank;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::response::Response;
use futures_util::future::try_join_all;
use platform::access::Access;
use platform::labels;
use platform::problem::Result;
use platform::resource::{Guard, Record, Resource, read_value};
use platform::search::matching;
use platform::web::{Doc, Query as Asked, Routes, json};
use rules::permission::Action;
use rules::value::{Field, Value};
use sea_orm::sea_query::{Alias, ExprTrait, Order, SelectStatement};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use rank::{Needle, Rank};

/// Hits of one resource unless told, and at most.
const HITS: usize = 8;
const HITS_MAX: usize = 50;
/// Records looked at per resource: of a word that thousands of names hold, the newest so many, and those that begin with it.
const CANDIDATES: u64 = 100;
/// A longer text is no name.
const QUESTION_MAX: usize = 100;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/search",
        Doc::new("platform", "Search all records in scope by name, number, pinyin or initials")
            .about("Exact names come first, then names that begin with the words, then words inside a name, then the rest. Activities are found by their customer, and by their own words among the newest that concern the caller.")
            .query::<Question>()
            .answers::<SearchAnswer>(),
        search,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Question {
    q: String,
    /// Hits per resource, 1 to 50, 8 unless told.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SearchAnswer {
    groups: Vec<SearchGroup>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SearchGroup {
    resource: String,
    hits: Vec<SearchHit>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SearchHit {
    id: Uuid,
    label: String,
    /// What tells it from others of its name: the customer of a contact, the code of a product.
    detail: Option<String>,
}

async fn search(access: Access, Asked(question): Asked<Question>) -> Result<Response> {
    let limit = question.limit.unwrap_or(HITS).clamp(1, HITS_MAX);
    let text: String = question.q.trim().chars().take(QUESTION_MAX).collect();
    let needle = Needle::of(&text);
    if needle.is_empty() {
        return json(&SearchAnswer { groups: Vec::new() });
    }
    let registry = access.app.registry();
    let searches = registry
        .iter()
        .filter(|resource| resource.searchable || resource.sought.is_some())
        .filter(|resource| access.allows(&resource.name, Action::Read))
        .map(|resource| group(&access, resource, &text, &needle, limit));
    let mut groups: Vec<(Rank, SearchGroup)> = try_join_all(searches)
        .await?
        .into_iter()
        .flatten()
        .collect();
    // The resource with the closest hit comes first; equals keep the order of features.
    groups.sort_by_key(|(best, _)| best.closeness);
    json(&SearchAnswer {
        groups: groups.into_iter().map(|(_, group)| group).collect(),
    })
}

async fn group(
    access: &Access,
    resource: &Arc<Resource>,
    text: &str,
    needle: &Needle,
    limit: usize,
) -> Result<Option<(Rank, SearchGroup)>> {
    if let Some(sought) = &resource.sought {
        return newest::group(access, resource, sought, text, needle, limit).await;
    }
    let records = candidates(access, resource, text, needle).await?;
    let mut ranked: Vec<(Rank, Record)> = records
        .into_iter()
        .filter_map(|record| Some((needle.rank(&shown_texts(access, &record))?, record)))
        .collect();
    ranked.sort_by(|(one, _), (other, _)| one.cmp(other));
    ranked.truncate(limit);
    let Some((best, _)) = ranked.first() else {
        return Ok(None);
    };
    let best = best.clone();
    let mut wanted = HashSet::new();
    for (_, record) in &ranked {
        wanted.extend(context(access, record));
    }
    let names = labels::of(access, wanted).await?;
    let hits = ranked
        .iter()
        .map(|(rank, record)| SearchHit {
            id: record.id(),
            label: shown_label(access, record),
            detail: detail(access, record, rank, &names),
        })
        .collect();
    Ok(Some((
        best,
        SearchGroup {
            resource: resource.name.clone(),
            hits,
        },
    )))
}

/// Records whose name begins with the words, by the order of names; and those that hold them anywhere. Of each only what
/// ranks it and what tells where it belongs.
async fn candidates(
    access: &Access,
    resource: &Arc<Resource>,
    text: &str,
    needle: &Needle,
) -> Result<Vec<Record>> {
    let fields = needed(resource);
    let mut found = few(access, resource, &fields)?;
    let ids = matching(access, resource, Action::Read, text, CANDIDATES);
    found.and_where(resource.column("id").in_subquery(ids));
    let mut records = read_few(access, resource, &fields, &found).await?;
    if records.len() as u64 >= CANDIDATES {
        let mut first = few(access, resource, &fields)?;
        first
            .and_where(resource.column("sort_key").gte(needle.spelled()))
            .and_where(
                resource
                    .column("sort_key")
                    .lt(format!("{}\u{10ffff}", needle.spelled())),
            )
            .order_by(
                (Alias::new(&resource.table), Alias::new("sort_key")),
                Order::Asc,
            )
            .limit(CANDIDATES);
        let known: HashSet<Uuid> = records.iter().map(Record::id).collect();
        let more = read_few(access, resource, &fields, &first).await?;
        records.extend(
            more.into_iter()
                .filter(|record| !known.contains(&record.id())),
        );
    }
    Ok(records)
}

/// Positions of the fields that a hit is made of.
fn needed(resource: &Resource) -> Vec<usize> {
    let is_needed = |field: &Field| {
        field.name == "id"
            || field.searchable
            || field.name == resource.label_field
            || contexts(resource).any(|name| name == field.name)
    };
    let fields = resource.fields.iter().enumerate();
    fields
        .filter(|(_, field)| is_needed(field))
        .map(|(i, _)| i)
        .collect()
}

fn few(access: &Access, resource: &Resource, fields: &[usize]) -> Result<SelectStatement> {
    let mut select = access.tested(resource, Action::Read)?;
    for i in fields {
        select.expr(resource.column(&resource.fields[*i].name));
    }
    Ok(select)
}

async fn read_few(
    access: &Access,
    resource: &Arc<Resource>,
    fields: &[usize],
    select: &SelectStatement,
) -> Result<Vec<Record>> {
    let mut records = Vec::new();
    for row in access.rows(select).await? {
        let mut record = Record::empty(resource);
        for (at, i) in fields.iter().enumerate() {
            record.values[*i] = read_value(&row, at, resource.fields[*i].kind)?;
        }
        records.push(record);
    }
    Ok(records)
}

/// The searchable texts that the actor sees openly; the name comes first.
fn shown_texts<'a>(access: &Access, record: &'a Record) -> Vec<(&'a Field, &'a str)> {
    let resource = &record.resource;
    let mut texts: Vec<(&Field, &str)> = resource
        .fields
        .iter()
        .zip(&record.values)
        .filter(|(field, _)| field.searchable && access.field_rule(resource, field).is_none())
        .filter_map(|(field, value)| Some((field, value.as_text()?)))
        .collect();
    texts.sort_by_key(|(field, _)| field.name != resource.label_field);
    texts
}

fn shown_label(access: &Access, record: &Record) -> String {
    let resource = &record.resource;
    let label = resource.field(&resource.label_field);
    match label.and_then(|field| access.shown(resource, field, record.get(&field.name))) {
        Some(Value::Text(text)) => text,
        _ => record.id().to_string(),
    }
}

/// The fields by which a record may tell where it belongs.
fn contexts(resource: &Resource) -> impl Iterator<Item = &'static str> {
    let by_guard = match resource.guard {
        Guard::Via(field) => Some(field),
        _ => None,
    };
    by_guard
        .into_iter()
        .chain(["customer_id", "team_id", "line_id", "owner_id"])
}

/// The record that tells where this one belongs.
fn context(access: &Access, record: &Record) -> Option<(String, Uuid)> {
    let resource = &record.resource;
    contexts(resource).find_map(|name| {
        let field = resource
            .field(name)
            .filter(|field| access.field_rule(resource, field).is_none())?;
        Some((field.reference.clone()?, record.reference(name)?))
    })
}

fn detail(
    access: &Access,
    record: &Record,
    rank: &Rank,
    names: &HashMap<Uuid, Arc<str>>,
) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    if let Some(name) = context(access, record).and_then(|(_, id)| names.get(&id).cloned()) {
        parts.push(name.to_string());
    }
    // Found by its number, not by its name: show the number.
    if rank.field != record.resource.label_field {
        let field = record.resource.field(&rank.field)?;
        if let Some(Value::Text(text)) =
            access.shown(&record.resource, field, record.get(&field.name))
        {
            parts.push(text);
        }
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}
