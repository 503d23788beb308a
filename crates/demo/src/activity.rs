//! What is known of an activity: plan and deed in one record.

use chrono::NaiveDate;
use uuid::Uuid;

/// Something that somebody did, or means to do.
#[derive(Clone, Debug)]
pub struct Activity {
    pub id: Uuid,
    /// Some where the kind and the customer don't say it already.
    pub subject: Option<String>,
    /// `first`, `presentation`, `closing`, `appointment`, `collection`, `coordination`, `survey`, `service`, `call`, `meeting`,
    /// `event` or `task`.
    pub kind: &'static str,
    /// `planned`, `moved`, `done` or `cancelled`.
    pub state: &'static str,
    pub owner_id: Uuid,
    /// From our side, without the owner.
    pub participant_ids: Vec<Uuid>,
    pub customer_id: Option<Uuid>,
    pub contact_ids: Vec<Uuid>,
    pub opportunity_id: Option<Uuid>,
    /// None of a deed that nobody had planned.
    pub plan: Option<Plan>,
    /// Some exactly when done.
    pub deed: Option<Deed>,
    /// Some exactly when cancelled.
    pub cancel_reason: Option<&'static str>,
    /// The activity in whose logging this one was planned.
    pub follow_up_of_id: Option<Uuid>,
    pub has_follow_up: bool,
    /// Some exactly of tasks.
    pub task: Option<Task>,
    /// Milliseconds UTC.
    pub created_at: i64,
    pub created_by: Uuid,
    /// Milliseconds UTC of the last change.
    pub updated_at: i64,
}

impl Activity {
    /// One that is planned, of which nothing is known yet but whose it is and since when, in milliseconds UTC.
    pub fn bare(id: Uuid, kind: &'static str, owner_id: Uuid, created_at: i64) -> Activity {
        Activity {
            id,
            subject: None,
            kind,
            state: "planned",
            owner_id,
            participant_ids: Vec::new(),
            customer_id: None,
            contact_ids: Vec::new(),
            opportunity_id: None,
            plan: None,
            deed: None,
            cancel_reason: None,
            follow_up_of_id: None,
            has_follow_up: false,
            task: None,
            created_at,
            created_by: owner_id,
            updated_at: created_at,
        }
    }
}

/// What was meant to be done.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Milliseconds UTC; none of a task, which has only the day by which it is due.
    pub start_at: Option<i64>,
    /// Milliseconds UTC.
    pub end_at: Option<i64>,
    /// Milliseconds UTC of the start before the first move; some exactly when moved.
    pub first_start_at: Option<i64>,
    pub due_on: Option<NaiveDate>,
    pub purpose: Option<String>,
    pub preparation: Option<&'static str>,
    pub reminder_minutes: Option<i64>,
}

/// What was done, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Deed {
    /// Milliseconds UTC.
    pub started_at: i64,
    /// Milliseconds UTC.
    pub ended_at: i64,
    /// Milliseconds UTC of the server's clock, when it was written down.
    pub logged_at: i64,
    /// What the device's clock said then, when it was written down on one.
    pub device_at: Option<i64>,
    pub check_in: Option<CheckIn>,
    pub result: Option<String>,
    pub analysis: Option<String>,
    /// None where an activity has no outcome (tasks, meetings among ourselves).
    pub is_effective: Option<bool>,
    /// The customer has the intention to buy since this visit.
    pub intention_reached: bool,
    pub appointment_got: Option<bool>,
    /// Some exactly when refused.
    pub refusal_reason: Option<&'static str>,
    pub needs_found: Option<String>,
    pub competitor: Option<&'static str>,
    /// Steps of the standard visit that were filled in; none where nothing was.
    pub steps: Vec<Step>,
}

/// Where somebody was when a visit began.
#[derive(Clone, Debug)]
pub struct CheckIn {
    /// Milliseconds UTC.
    pub at: i64,
    /// `located`, `refused` or `unavailable`.
    pub position: &'static str,
    /// Latitude and longitude in degrees to a millionth, and how exact they are in metres; some exactly when located.
    pub place: Option<(f64, f64, i64)>,
}

/// A task's own part.
#[derive(Clone, Debug)]
pub struct Task {
    /// `high`, `normal` or `low`.
    pub priority: &'static str,
    /// Texts, and whether each is done.
    pub checklist: Vec<(&'static str, bool)>,
    /// Who gave it, when that isn't the owner.
    pub giver_id: Option<Uuid>,
}

/// The answer to a step of a standard visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// As in the templates that ship with the product.
    pub code: &'static str,
    pub answer: Answer,
}

/// A typed answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Yes(bool),
    Number(f64),
    Text(String),
    /// The code of the chosen one among the step's choices.
    Choice(&'static str),
    Products(Vec<Uuid>),
    /// Who competes, at what price in 分, and with what.
    CompetitorPrice(&'static str, i64, &'static str),
}
