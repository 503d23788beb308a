//! What an opportunity means for the figures.

use chrono::NaiveDate;
use uuid::Uuid;

use super::Outcome;
use crate::facts::{Axis, Fact, RollUp, counted_tenths, tenths};

/// The roll-ups of opportunities. Those by owner serve every scope; the others whoever sees all opportunities.
pub const STANDING: RollUp = roll_up("standing", STANDS, &[]);
pub const STANDING_BY_OWNER: RollUp = roll_up("standing_by_owner", STANDS, &[Axis::Owner]);
/// By the day of the expected close, of those that are open.
pub const STANDING_BY_DAY: RollUp = roll_up("standing_by_day", STANDS, &[Axis::Day]);
pub const ENTERED: RollUp = roll_up("stage_entered", ENTERS, &[Axis::Day, Axis::Since]);
pub const PASSED: RollUp = roll_up("stage_passed", PASSES, &[Axis::Day, Axis::Since]);
/// Marked with the tenths of a day, as `counted_tenths` has them.
pub const STAYED: RollUp = roll_up("stage_stayed", STAYS, &[Axis::Month, Axis::Mark]);
/// By process; marked with the outcome and, when lost, `:` and the reason.
pub const CLOSED: RollUp = roll_up("closed", CLOSES, &[Axis::Day, Axis::Mark]);
/// By process; marked with the days from creation to winning.
pub const CYCLE: RollUp = roll_up("cycle", CYCLES, &[Axis::Month, Axis::Mark]);

pub const ROLL_UPS: [RollUp; 8] = [
    STANDING,
    STANDING_BY_OWNER,
    STANDING_BY_DAY,
    ENTERED,
    PASSED,
    STAYED,
    CLOSED,
    CYCLE,
];

const STANDS: &str = "opportunities_standing";
const ENTERS: &str = "stages_entered";
const PASSES: &str = "stages_passed";
const STAYS: &str = "stages_left";
const CLOSES: &str = "opportunities_closed";
const CYCLES: &str = "opportunities_won";

const fn roll_up(name: &'static str, metric: &'static str, by: &'static [Axis]) -> RollUp {
    RollUp { name, metric, by }
}

/// An opportunity as the figures see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figured {
    pub owner: Option<Uuid>,
    pub process: Uuid,
    pub stage: Uuid,
    pub outcome: Outcome,
    /// Minor units; nothing when unknown.
    pub amount: i64,
    pub weighted_amount: i64,
    pub expected_close_on: Option<NaiveDate>,
    pub created_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub loss_reason: Option<String>,
}

/// One entry into a stage; entries come in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct StageEntry {
    pub stage: Uuid,
    pub entered_on: NaiveDate,
    /// How long it stayed, in milliseconds; none while it is there.
    pub stayed_ms: Option<i64>,
    pub has_passed: bool,
}

pub fn facts_of(opportunity: &Figured, way: &[StageEntry]) -> Vec<Fact> {
    let of = |metric: &'static str, part: Uuid| Fact {
        owner: opportunity.owner,
        value: opportunity.amount,
        ..Fact::new(metric, part.to_string())
    };
    let mut facts = vec![Fact {
        day: opportunity
            .expected_close_on
            .filter(|_| opportunity.outcome == Outcome::Open),
        weighted: opportunity.weighted_amount,
        ..of(STANDS, opportunity.stage)
    }];
    for (i, entry) in way.iter().enumerate() {
        let day = Some(entry.entered_on);
        let before = way[..i]
            .iter()
            .rev()
            .find(|before| before.stage == entry.stage);
        let since = before.map(|before| before.entered_on);
        facts.push(Fact {
            day,
            since,
            ..of(ENTERS, entry.stage)
        });
        if entry.has_passed {
            facts.push(Fact {
                day,
                since,
                ..of(PASSES, entry.stage)
            });
        }
        if let Some(stayed) = entry.stayed_ms {
            facts.push(Fact {
                day,
                mark: counted_tenths(tenths(stayed)).to_string(),
                value: 0,
                ..of(STAYS, entry.stage)
            });
        }
    }
    if let (Some(closed_on), false) = (opportunity.closed_on, opportunity.outcome == Outcome::Open)
    {
        facts.extend(closing(opportunity, closed_on, &of));
    }
    facts
}

fn closing(
    opportunity: &Figured,
    closed_on: NaiveDate,
    of: &impl Fn(&'static str, Uuid) -> Fact,
) -> Vec<Fact> {
    let mark = match (&opportunity.loss_reason, opportunity.outcome) {
        (Some(reason), Outcome::Lost) => format!("{}:{reason}", Outcome::Lost.code()),
        (_, outcome) => outcome.code().to_owned(),
    };
    let mut facts = vec![Fact {
        day: Some(closed_on),
        mark,
        ..of(CLOSES, opportunity.process)
    }];
    let days = (closed_on - opportunity.created_on).num_days();
    // Recorded only after it was won: nobody knows how long it took.
    if opportunity.outcome == Outcome::Won && days >= 0 {
        facts.push(Fact {
            day: Some(closed_on),
            mark: days.to_string(),
            value: 0,
            ..of(CYCLES, opportunity.process)
        });
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn opportunity() -> Figured {
        Figured {
            owner: Some(Uuid::from_u128(9)),
            process: Uuid::from_u128(1),
            stage: Uuid::from_u128(2),
            outcome: Outcome::Open,
            amount: 500,
            weighted_amount: 250,
            expected_close_on: Some(day("2026-07-01")),
            created_on: day("2026-05-01"),
            closed_on: None,
            loss_reason: None,
        }
    }

    fn entry(stage: u128, on: &str) -> StageEntry {
        StageEntry {
            stage: Uuid::from_u128(stage),
            entered_on: day(on),
            stayed_ms: None,
            has_passed: false,
        }
    }

    #[test]
    fn a_stage_entered_again_says_since_when() {
        let way = [
            entry(2, "2026-05-01"),
            entry(3, "2026-05-02"),
            entry(2, "2026-05-09"),
        ];
        let facts = facts_of(&opportunity(), &way);
        let entered: Vec<Option<NaiveDate>> = facts
            .iter()
            .filter(|fact| fact.metric == ENTERS)
            .map(|fact| fact.since)
            .collect();
        assert_eq!(entered, [None, None, Some(day("2026-05-01"))]);
    }

    #[test]
    fn only_an_open_one_is_expected_to_close() {
        let closed = Figured {
            outcome: Outcome::Lost,
            closed_on: Some(day("2026-06-01")),
            loss_reason: Some("price".into()),
            ..opportunity()
        };
        assert_eq!(
            facts_of(&opportunity(), &[])[0].day,
            Some(day("2026-07-01"))
        );
        let facts = facts_of(&closed, &[]);
        assert_eq!((facts[0].day, facts.len()), (None, 2));
        assert_eq!(facts[1].mark, "lost:price");
    }

    #[test]
    fn a_win_that_was_recorded_after_it_has_no_cycle() {
        let won = |closed: &str| Figured {
            outcome: Outcome::Won,
            closed_on: Some(day(closed)),
            ..opportunity()
        };
        let cycles = |won: Figured| -> Vec<String> {
            let facts = facts_of(&won, &[]);
            let cycles = facts.into_iter().filter(|fact| fact.metric == CYCLES);
            cycles.map(|fact| fact.mark).collect()
        };
        assert_eq!(cycles(won("2026-05-11")), ["10"]);
        assert!(cycles(won("2026-04-30")).is_empty());
    }
}
