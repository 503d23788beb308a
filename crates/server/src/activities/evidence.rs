//! What activities say about their customers: an effective visit, an intention to buy.

use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::activities::{Family, State};
use rules::funnel::FunnelEvidence;

use super::kinds::Catalogue;
use crate::customers::development::{self, Evidence};

/// Shows what has become true of the customer with this write.
pub async fn show(write: &mut Write, before: Option<&Record>, after: &Record) -> Result<()> {
    let Some(customer) = after.reference("customer_id") else {
        return Ok(());
    };
    let is_done = |record: &Record| record.text("state") == State::Done.code();
    if !development::counts(write.cause) || !is_done(after) {
        return Ok(());
    }
    let kinds = Catalogue::of(write).await?;
    let is_visit = |record: &Record| {
        let kind = record.reference("kind_id").and_then(|id| kinds.get(id));
        kind.is_some_and(|kind| kind.family == Family::Visit)
    };
    let effective = |record: &Record| {
        is_done(record) && is_visit(record) && record.text("outcome") == "effective"
    };
    let intends = |record: &Record| {
        is_done(record) && record.get("intention_reached").as_bool() == Some(true)
    };
    let same_customer = |before: &Record| before.reference("customer_id") == Some(customer);
    let known = before.filter(|before| same_customer(before));
    let at = after.int("started_at").unwrap_or(write.now);
    let person_id = after.reference("owner_id");
    let news: [(bool, bool, FunnelEvidence); 2] = [
        (
            effective(after),
            known.is_some_and(effective),
            FunnelEvidence::EffectiveVisit,
        ),
        (
            intends(after),
            known.is_some_and(intends),
            FunnelEvidence::IntentionShown,
        ),
    ];
    for (is, was, shows) in news {
        if is && !was {
            let evidence = Evidence {
                at,
                shows,
                person_id,
            };
            development::show(write, customer, evidence);
        }
    }
    Ok(())
}
