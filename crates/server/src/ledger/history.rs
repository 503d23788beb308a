//! The history of one record, newest first.

use axum::response::Response;
use platform::access::Access;
use platform::db::col;
use platform::labels;
use platform::ledger::{COLUMNS, Entry};
use platform::listing;
use platform::problem::Result;
use platform::web::{Doc, Labels, Path, Query as Asked, Routes, Total, asked_number, json};
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::changes::{EntryRow, Names, describe, is_undoable};

const PAGE_SIZE: u64 = 50;
/// Nobody reads further back page by page; the audit search does.
const PAGE_MAX: u64 = 2_000;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/{resource}/{id}/history",
        Doc::new(
            "ledger",
            "Who changed what of a record, newest first, 50 a page",
        )
        .about("Masked fields come masked, hidden ones not at all.")
        .query::<Page>()
        .answers::<HistoryPage>(),
        history,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// From 1.
    page: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct HistoryPage {
    rows: Vec<EntryRow>,
    labels: Labels,
    total: Total,
}

async fn history(
    access: Access,
    Path((name, id)): Path<(String, Uuid)>,
    Asked(page): Asked<Page>,
) -> Result<Response> {
    let number = asked_number("page", page.page, 1, PAGE_MAX)?;
    let resource = access.resource(&name)?;
    let record = access.get(&resource, id).await?;
    let base = Query::select()
        .from(Alias::new("ledger"))
        .and_where(col("record_id").eq(id))
        .and_where(col("resource").eq(resource.name.as_str()))
        .to_owned();
    let mut rows = base.clone();
    rows.columns(COLUMNS.map(Alias::new))
        .order_by(Alias::new("seq"), Order::Desc)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE);
    let mut names = Names::new();
    let mut entries = Vec::new();
    for row in access.rows(&rows).await? {
        let entry = Entry::read(&row)?;
        let mut described = describe(&access, Some(&resource), &entry, &mut names);
        described.can_undo = is_undoable(&access, &resource, Some(&record), &entry);
        entries.push(described);
    }
    let (count, exact) = listing::count(&access, &base, false).await?;
    json(&HistoryPage {
        rows: entries,
        labels: labels::of(&access, names).await?.into(),
        total: Total { count, exact },
    })
}
