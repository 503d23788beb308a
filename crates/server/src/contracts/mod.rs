//! Contracts: what was agreed, when it is to be paid, what came in, and what is still to be received.

mod amounts;
mod books;
mod facts;
mod instalments;
mod invoices;
mod matching;
mod payments;
mod plan;
mod receivables;
mod reminders;
mod resources;
mod rules_of;
mod settle;
mod terms;

pub use facts::{OF_CUSTOMER as RUNS, spans};
pub use resources::running_fields;

use platform::app::Feature;
use platform::web::Routes;

pub const CONTRACTS: &str = "contracts";
pub const INSTALMENTS: &str = "instalments";
pub const PAYMENTS: &str = "payments";
pub const MATCHES: &str = "payment_matches";
pub const INVOICES: &str = "invoices";

pub fn feature() -> Feature {
    Feature::default()
        .resource(resources::contracts(), rules_of::Contracts)
        .resource(resources::instalments(), instalments::Instalments)
        .resource(resources::payments(), payments::Payments)
        .resource(resources::matches(), matching::Matches)
        .resource(resources::invoices(), invoices::Invoices)
        .job(reminders::job())
        .facts(facts::ContractFacts)
        .facts(facts::InstalmentFacts)
        .facts(facts::PaymentFacts)
}

pub fn routes() -> Routes {
    plan::routes()
        .merge(matching::routes())
        .merge(receivables::routes())
        .merge(terms::routes())
}
