//! What happens on a way to a deal, before it is written down as anybody would.

/// What an activity did to the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// A call that brought something to know.
    Talk,
    /// A call that nobody took.
    NoAnswer,
    /// An appointment was got.
    Booked,
    NotBooked,
    /// A first visit that opened nothing.
    Attempt,
    /// A first visit after which the customer is engaged.
    Opened,
    /// A presentation that helped.
    Shown,
    /// A presentation that left the customer as it was.
    Unmoved,
    /// A presentation after which the customer wants to buy.
    Convinced,
    /// A closing visit that brought the contract nearer.
    Bargained,
    /// A closing visit without progress.
    Stalled,
    /// The visit on which the contract was signed.
    Signed,
    /// The end of a lost opportunity.
    TurnedDown,
    /// A return visit.
    Kept,
    /// A technical exchange with our pre-sales.
    Exchange,
    /// A task.
    Work,
}

impl Turn {
    /// The outcome; none of work that has no outcome.
    pub(crate) fn is_effective(self) -> Option<bool> {
        match self {
            Turn::Work => None,
            Turn::NoAnswer
            | Turn::NotBooked
            | Turn::Attempt
            | Turn::Unmoved
            | Turn::Stalled
            | Turn::TurnedDown => Some(false),
            _ => Some(true),
        }
    }
}

/// Something that happens, before anybody wrote it down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub day: i32,
    pub kind: &'static str,
    pub turn: Turn,
    /// Place among the customer's opportunities.
    pub opportunity: Option<usize>,
    /// The instant (milliseconds UTC) of what it led to on the same day; it ends before.
    pub limit: Option<i64>,
}

/// Minutes that a kind takes.
pub(crate) fn minutes(kind: &str) -> i32 {
    match kind {
        "presentation" | "closing" => 90,
        "first" | "meeting" => 60,
        "collection" | "coordination" | "survey" | "service" => 45,
        "event" => 120,
        "task" => 30,
        "call" => 15,
        _ => 10,
    }
}

/// Whether somebody goes to the customer for it.
pub(crate) fn is_outside(kind: &str) -> bool {
    matches!(
        kind,
        "first" | "presentation" | "closing" | "collection" | "coordination" | "survey" | "service"
    )
}
