//! What an opportunity means for the figures.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use uuid::Uuid;

use super::Outcome;
use crate::facts::{Axis, Fact, RollUp, Tenure, counted_tenths, stock, tenths};
use crate::metrics::families::{CREATED, ENDED, Family, OPEN, roll_ups_of};

/// The roll-ups of opportunities. That by owner serves every scope; the others whoever sees all opportunities.
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

pub static ROLL_UPS: LazyLock<Vec<RollUp>> = LazyLock::new(|| {
    let others = [
        STANDING_BY_OWNER,
        STANDING_BY_DAY,
        ENTERED,
        PASSED,
        STAYED,
        CLOSED,
        CYCLE,
    ];
    roll_ups_of("opportunities", &others)
});

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
    /// Who owned it on the day of its creation, and on that of its closing.
    pub first_owner: Option<Uuid>,
    pub closed_owner: Option<Uuid>,
    /// Who owned it until which day; who owns it now comes last.
    pub tenures: Vec<Tenure>,
    /// The customer's.
    pub class: String,
    pub region: String,
    /// The product of each line, its line of products, and the line's amount.
    pub lines: Vec<(Uuid, Option<Uuid>, i64)>,
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
    facts.extend(history(opportunity));
    facts
}

/// What happened on its days, whose it was then: of the whole, and of each product and line of products in it.
fn history(opportunity: &Figured) -> Vec<Fact> {
    let mut products: BTreeMap<Uuid, i64> = BTreeMap::new();
    for (product, line, amount) in &opportunity.lines {
        for one in [Some(*product), *line].into_iter().flatten() {
            *products.entry(one).or_default() += amount;
        }
    }
    let mut facts = Vec::new();
    let mut add = |family: &Family, part: &str, on: NaiveDate, owner, count: i64, mark: &str| {
        let fact = |metric: &'static str, product, amount: i64| Fact {
            day: Some(on),
            owner,
            mark: mark.to_owned(),
            class: opportunity.class.clone(),
            region: opportunity.region.clone(),
            product,
            count,
            value: count * amount,
            ..Fact::new(metric, part)
        };
        facts.push(fact(family.metric, None, opportunity.amount));
        if let Some(roll_up) = family.products {
            let sold = products.iter();
            facts.extend(
                sold.map(|(product, amount)| fact(roll_up.metric, Some(*product), *amount)),
            );
        }
    };
    let created_on = opportunity.created_on;
    add(&CREATED, "", created_on, opportunity.first_owner, 1, "");
    let closed_on = opportunity
        .closed_on
        .filter(|_| opportunity.outcome != Outcome::Open);
    if let Some(closed_on) = closed_on {
        let days = (closed_on - created_on).num_days();
        // Recorded only after it was closed: nobody knows how long it took.
        let mark = match days >= 0 {
            true => days.to_string(),
            false => String::new(),
        };
        let (part, owner) = (opportunity.outcome.code(), opportunity.closed_owner);
        add(&ENDED, part, closed_on, owner, 1, &mark);
    }
    for ((day, owner), count) in passed_on(opportunity, created_on, closed_on) {
        add(&OPEN, "", day, owner, count, "");
    }
    facts
}

/// What the stock of open ones holds besides what was created less what was closed: mostly nothing.
fn passed_on(
    opportunity: &Figured,
    created_on: NaiveDate,
    closed_on: Option<NaiveDate>,
) -> BTreeMap<(NaiveDate, Option<Uuid>), i64> {
    let mut moves: BTreeMap<(NaiveDate, Option<Uuid>), i64> = BTreeMap::new();
    // What was recorded after its end never stood open.
    if closed_on.is_none_or(|closed_on| closed_on >= created_on) {
        for (day, owner, count) in stock(&opportunity.tenures, created_on, closed_on) {
            *moves.entry((day, owner)).or_default() += count;
        }
    }
    *moves
        .entry((created_on, opportunity.first_owner))
        .or_default() -= 1;
    if let Some(closed_on) = closed_on {
        *moves
            .entry((closed_on, opportunity.closed_owner))
            .or_default() += 1;
    }
    moves.retain(|_, count| *count != 0);
    moves
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
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn opportunity() -> Figured {
        Figured {
            owner: Some(Uuid::from_u128(9)),
            first_owner: Some(Uuid::from_u128(7)),
            closed_owner: Some(Uuid::from_u128(8)),
            tenures: vec![
                Tenure {
                    until: Some(day("2026-05-20")),
                    person: Some(Uuid::from_u128(7)),
                },
                Tenure {
                    until: None,
                    person: Some(Uuid::from_u128(9)),
                },
            ],
            class: "ordinary".into(),
            region: "3101".into(),
            lines: Vec::new(),
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
        assert_eq!(facts[0].day, None);
        let closing: Vec<&str> = facts
            .iter()
            .filter(|fact| fact.metric == CLOSES)
            .map(|fact| fact.mark.as_str())
            .collect();
        assert_eq!(closing, ["lost:price"]);
    }

    #[test]
    fn what_happened_stays_with_whose_it_was() {
        let won = Figured {
            outcome: Outcome::Won,
            closed_on: Some(day("2026-06-01")),
            ..opportunity()
        };
        let facts = facts_of(&won, &[]);
        let of = |family: &Family| -> Vec<(u128, i64, i64)> {
            let facts = facts.iter().filter(|fact| fact.metric == family.metric);
            facts
                .map(|fact| {
                    (
                        fact.owner.unwrap_or_default().as_u128(),
                        fact.count,
                        fact.value,
                    )
                })
                .collect()
        };
        assert_eq!(of(&CREATED), [(7, 1, 500)]);
        assert_eq!(of(&ENDED), [(8, 1, 500)]);
        assert_eq!(
            of(&OPEN),
            [(7, -1, -500), (9, 1, 500), (8, 1, 500), (9, -1, -500)]
        );
        let ended = facts.iter().find(|fact| fact.metric == ENDED.metric);
        assert_eq!(ended.map(|fact| fact.mark.as_str()), Some("31"));
    }

    #[test]
    fn a_deal_of_two_products_counts_once_for_each_and_once_for_their_line() {
        let (a, b, line) = (
            Uuid::from_u128(21),
            Uuid::from_u128(22),
            Uuid::from_u128(30),
        );
        let sold = Figured {
            lines: vec![
                (a, Some(line), 100),
                (b, Some(line), 300),
                (a, Some(line), 100),
            ],
            ..opportunity()
        };
        let facts = facts_of(&sold, &[]);
        let created: Vec<(Option<Uuid>, i64, i64)> = facts
            .iter()
            .filter(|fact| fact.metric.starts_with(CREATED.metric))
            .map(|fact| (fact.product, fact.count, fact.value))
            .collect();
        assert_eq!(
            created,
            [
                (None, 1, 500),
                (Some(a), 1, 200),
                (Some(b), 1, 300),
                (Some(line), 1, 500)
            ]
        );
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

    proptest! {
        #[test]
        fn what_was_created_less_what_ended_stands_open_with_whose_it_is(
            ends in prop::collection::vec(0..40i64, 0..4), created in 0..40i64, closed in prop::option::of(0..40i64), at in 0..50i64,
        ) {
            let on = |number: i64| day("2026-05-01") + chrono::Duration::days(number);
            let mut ends = ends;
            ends.sort_unstable();
            let mut tenures: Vec<Tenure> = ends.iter().enumerate()
                .map(|(i, end)| Tenure { until: Some(on(*end)), person: Some(Uuid::from_u128(i as u128 + 1)) })
                .collect();
            tenures.push(Tenure { until: None, person: Some(Uuid::from_u128(99)) });
            let owner = |number: i64| crate::facts::owner_on(&tenures, on(number));
            let facts = facts_of(&Figured {
                first_owner: owner(created),
                closed_owner: closed.and_then(owner),
                created_on: on(created),
                closed_on: closed.map(on),
                outcome: if closed.is_some() { Outcome::Lost } else { Outcome::Open },
                tenures: tenures.clone(),
                ..opportunity()
            }, &[]);
            let mut held: BTreeMap<Option<Uuid>, (i64, i64)> = BTreeMap::new();
            let mut signs = vec![(&OPEN, 1)];
            signs.extend(OPEN.besides.iter().map(|(family, _, sign)| (*family, *sign)));
            for (family, sign) in signs {
                for fact in facts.iter().filter(|fact| fact.metric == family.metric && fact.day <= Some(on(at))) {
                    let sum = held.entry(fact.owner).or_default();
                    *sum = (sum.0 + sign * fact.count, sum.1 + sign * fact.value);
                }
            }
            held.retain(|_, sum| *sum != (0, 0));
            let stands = at >= created && closed.is_none_or(|closed| at < closed);
            let expected: BTreeMap<Option<Uuid>, (i64, i64)> = stands.then(|| (owner(at), (1, 500))).into_iter().collect();
            prop_assert_eq!(held, expected);
        }
    }
}
