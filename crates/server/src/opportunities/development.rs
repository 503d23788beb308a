//! What opportunities say about their customers: a stage or a won deal.

use platform::resource::Record;
use platform::write::Write;
use rules::funnel::FunnelEvidence;
use rules::opportunities::Outcome;

use super::history::StageEntry;
use super::stages::Stage;
use crate::customers::development::{self, Evidence};

/// Shows what the entry into a stage says of the customer.
pub fn show(write: &mut Write, opportunity: &Record, stage: &Stage, entry: &StageEntry) {
    let shows = match (stage.outcome, stage.funnel_level) {
        (Outcome::Won, _) => FunnelEvidence::DealWon,
        (Outcome::Open, Some(level)) => FunnelEvidence::StageReached(level),
        _ => return,
    };
    let Some(customer) = opportunity.reference("customer_id") else {
        return;
    };
    let person_id = entry
        .person_id
        .or_else(|| opportunity.reference("owner_id"));
    let evidence = Evidence {
        at: entry.entered_at,
        shows,
        person_id,
    };
    development::show(write, customer, evidence);
}
