//! Records of which there are too many for an index of their words: found among those that concern the actor, the newest
//! first, and at the records whose names hold the words.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use platform::access::Access;
use platform::labels;
use platform::problem::Result;
use platform::resource::{Guard, Record, Resource, Sought};
use platform::search::matching;
use rules::permission::Action;
use rules::value::Field;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, NullOrdering, Order, SelectStatement};
use uuid::Uuid;

use super::rank::{Needle, Rank};
use super::{SearchGroup, SearchHit, few, read_few, shown_label};

/// Records of the actor's own that are looked at, the newest: some six weeks of a busy person. Each costs about 15 µs.
const OWN: u64 = 300;
/// Of those that name the actor besides, the newest: fewer, since whoever owns them finds them too.
const NAMING: u64 = 100;
/// Records that the words name, such as customers, at which others are looked for; and how many of those.
const PLACES: u64 = 20;
const AT_PLACES: u64 = 100;
/// Characters of a text that tell why a record was found.
const EXCERPT: usize = 80;

pub async fn group(
    access: &Access,
    resource: &Arc<Resource>,
    sought: &Sought,
    text: &str,
    needle: &Needle,
    limit: usize,
) -> Result<Option<(Rank, SearchGroup)>> {
    let records = candidates(access, resource, sought, text).await?;
    let Some(place) = resource.field(sought.at) else {
        return Ok(None);
    };
    let target = place.reference.clone().unwrap_or_default();
    let is_open = access.field_rule(resource, place).is_none();
    let wanted: HashSet<(String, Uuid)> = records
        .iter()
        .filter(|_| is_open)
        .filter_map(|record| Some((target.clone(), record.reference(sought.at)?)))
        .collect();
    let names = labels::of(access, wanted).await?;
    let name_of = |record: &Record| names.get(&record.reference(sought.at)?).cloned();
    let mut ranked: Vec<(Rank, Record)> = Vec::new();
    for record in records {
        let name = name_of(&record);
        let mut texts = texts_of(access, &record, sought);
        texts.extend(name.as_deref().map(|name| (place, name)));
        if let Some(rank) = needle.rank(&texts) {
            ranked.push((rank, record));
        }
    }
    // Of what happened, the latest is meant.
    ranked.sort_by_key(|(rank, record)| (rank.closeness, Reverse(record.int(sought.newest_by))));
    ranked.truncate(limit);
    let Some((best, _)) = ranked.first() else {
        return Ok(None);
    };
    let best = best.clone();
    let hits = ranked
        .iter()
        .map(|(rank, record)| {
            let is_told = rank.field == resource.label_field || rank.field == sought.at;
            let why = (!is_told).then(|| record.text(&rank.field).chars().take(EXCERPT).collect());
            let label = shown_label(access, record);
            // What the name says already is not said again.
            let place = name_of(record).filter(|name| !label.contains(&**name));
            let parts: Vec<String> = place
                .map(|name| name.to_string())
                .into_iter()
                .chain(why)
                .collect();
            SearchHit {
                id: record.id(),
                label,
                detail: (!parts.is_empty()).then(|| parts.join(" · ")),
            }
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

/// The texts that the actor sees openly; the name comes first.
fn texts_of<'a>(
    access: &Access,
    record: &'a Record,
    sought: &'a Sought,
) -> Vec<(&'a Field, &'a str)> {
    let resource = &record.resource;
    sought
        .texts
        .iter()
        .filter_map(|name| resource.field(name))
        .filter(|field| access.field_rule(resource, field).is_none())
        .filter_map(|field| Some((field, record.get(&field.name).as_text()?)))
        .collect()
}

async fn candidates(
    access: &Access,
    resource: &Arc<Resource>,
    sought: &Sought,
    text: &str,
) -> Result<Vec<Record>> {
    let names = sought
        .texts
        .iter()
        .chain([&"id", &sought.at, &sought.newest_by]);
    let fields: Vec<usize> = names.filter_map(|name| resource.position(name)).collect();
    let me = access.actor.person_id;
    let mut conditions: Vec<(Expr, u64)> = access
        .named_exprs(resource, Some(NAMING))
        .into_iter()
        .map(|named| (named, NAMING))
        .collect();
    if let Guard::Owner(owner) = resource.guard {
        conditions.push((resource.column(owner).eq(me), OWN));
    }
    let registry = access.app.registry();
    let place = resource.field(sought.at);
    if let Some(place) = place
        .and_then(|field| field.reference.as_deref())
        .and_then(|name| registry.get(name))
        .filter(|place| access.allows(&place.name, Action::Read))
    {
        let found = matching(access, place, Action::Read, text, PLACES);
        conditions.push((resource.column(sought.at).in_subquery(found), AT_PLACES));
    }
    let mut records: HashMap<Uuid, Record> = HashMap::new();
    for (condition, most) in conditions {
        let mut select = few(access, resource, &fields)?;
        select.and_where(condition);
        newest(&mut select, resource, sought, most);
        let found = read_few(access, resource, &fields, &select).await?;
        records.extend(found.into_iter().map(|record| (record.id(), record)));
    }
    Ok(records.into_values().collect())
}

fn newest(select: &mut SelectStatement, resource: &Resource, sought: &Sought, most: u64) {
    select
        .order_by_with_nulls(
            (Alias::new(&resource.table), Alias::new(sought.newest_by)),
            Order::Desc,
            NullOrdering::Last,
        )
        .limit(most);
}
