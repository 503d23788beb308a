//! What is known of an opportunity.

use chrono::NaiveDate;
use uuid::Uuid;

/// A chance of a sale.
#[derive(Clone, Debug)]
pub struct Opportunity {
    pub id: Uuid,
    /// Unique; counts the customer's opportunities in the order of creation.
    pub number: String,
    pub name: String,
    /// `ordinary` or `project` (key accounts).
    pub process: &'static str,
    /// Code of the present stage; the last of `stages`.
    pub stage: &'static str,
    /// `open`, `won` or `lost`.
    pub outcome: &'static str,
    /// Sum of the lines, in 分.
    pub amount_minor: i64,
    /// One to three.
    pub lines: Vec<OpportunityLine>,
    pub expected_close_on: NaiveDate,
    /// How the expected close was moved, oldest first; each change starts where the one before ended.
    pub expected_close_changes: Vec<ExpectedCloseChange>,
    /// In percent; 100 when won, 0 when lost.
    pub win_chance: u8,
    /// `commit`, `best_case`, `pipeline` or `omitted`.
    pub forecast_category: &'static str,
    pub source: &'static str,
    pub owner_id: Uuid,
    /// Some only while open.
    pub next_step: Option<&'static str>,
    pub next_step_on: Option<NaiveDate>,
    pub competitor: Option<&'static str>,
    /// `product`, `service`, `relationship`, `price` or `delivery`; some exactly when won.
    pub win_reason: Option<&'static str>,
    /// `price`, `competitor`, `no_budget`, `no_decision`, `fit`, `timing` or `relationship`; some exactly when lost.
    pub loss_reason: Option<&'static str>,
    pub loss_note: Option<&'static str>,
    /// Some exactly when won or lost.
    pub closed_on: Option<NaiveDate>,
    /// From the first stage to the present one, in order of time.
    pub stages: Vec<StageEntry>,
    /// Milliseconds UTC; the instant of the first stage.
    pub created_at: i64,
    pub created_by: Uuid,
}

/// A product line of an opportunity.
#[derive(Clone, Debug)]
pub struct OpportunityLine {
    pub product_id: Uuid,
    pub quantity: i64,
    /// Price of one before discount, in 分.
    pub price_minor: i64,
    pub discount_percent: i64,
    /// Quantity × price less the discount, in 分; exact.
    pub amount_minor: i64,
}

/// The entry into a stage.
#[derive(Clone, Debug)]
pub struct StageEntry {
    pub stage: &'static str,
    /// Milliseconds UTC.
    pub entered_at: i64,
    /// Who did it: the owner at that time.
    pub by: Uuid,
}

/// A slip of the expected close.
#[derive(Clone, Debug)]
pub struct ExpectedCloseChange {
    /// Milliseconds UTC.
    pub changed_at: i64,
    pub before_on: NaiveDate,
    pub after_on: NaiveDate,
    pub by: Uuid,
}
