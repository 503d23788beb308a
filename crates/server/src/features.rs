//! The one list of features.

use std::sync::Arc;

use platform::app::{App, Feature};
use platform::i18n::Catalog;
use platform::problem::{Problem, Result};
use platform::web::{Routes, live_routes, resources};

use crate::{
    activities, attachments, calendar, comments, contacts, contracts, custom_fields, customers,
    dashboard, exports, figures, imports, jobs, ledger, meta, metrics, notifications,
    opportunities, organisation, products, search, settings, sharing, sign_in, timeline, today,
    views, visit_templates, webhooks,
};

/// What each feature describes and does in the background.
pub fn features() -> Vec<Feature> {
    vec![
        customers::feature(),
        contacts::feature(),
        opportunities::feature(),
        contracts::feature(),
        activities::feature(),
        visit_templates::feature(),
        calendar::feature(),
        products::feature(),
        metrics::feature(),
        organisation::feature(),
        imports::feature(),
        ledger::feature(),
        sharing::feature(),
        notifications::feature(),
        comments::feature(),
        attachments::feature(),
        webhooks::feature(),
    ]
}

/// The API: what every resource has, and what single features add.
pub fn routes(app: &Arc<App>) -> Routes {
    resources::all(app)
        .merge(live_routes())
        .merge(meta::routes())
        .merge(sign_in::routes())
        .merge(settings::routes())
        .merge(organisation::routes())
        .merge(search::routes())
        .merge(ledger::routes())
        .merge(jobs::routes())
        .merge(custom_fields::routes())
        .merge(views::routes())
        .merge(sharing::routes())
        .merge(timeline::routes())
        .merge(notifications::routes())
        .merge(comments::routes())
        .merge(attachments::routes())
        .merge(customers::routes())
        .merge(opportunities::routes())
        .merge(contracts::routes())
        .merge(activities::routes())
        .merge(visit_templates::routes())
        .merge(calendar::routes())
        .merge(metrics::routes())
        .merge(figures::routes())
        .merge(dashboard::routes())
        .merge(today::routes())
        .merge(exports::routes(app))
        .merge(imports::routes())
        .merge(webhooks::routes())
}

#[derive(rust_embed::Embed)]
#[folder = "../../locales"]
#[include = "*.json"]
struct Locales;

/// The texts of all features in all languages.
pub fn catalog() -> Result<Catalog> {
    let mut catalog = Catalog::default();
    for path in Locales::iter() {
        let Some((language, file)) = path.split_once('/') else {
            continue;
        };
        let Some(file_data) = Locales::get(&path) else {
            continue;
        };
        let text = String::from_utf8_lossy(&file_data.data);
        catalog
            .add(language, file.trim_end_matches(".json"), &text)
            .map_err(Problem::internal)?;
    }
    Ok(catalog)
}
