//! How far a customer has been developed, and how well it is looked after.

use uuid::Uuid;

use crate::Company;
use crate::archetypes::Archetype;
use crate::calendar::{day_at, instant, working_second};
use crate::customers::{LevelReach, Origin};
use crate::opportunity::Opportunity;
use crate::random::Random;
use crate::stages::{LEVELS, level_of};

const DAY_MS: i64 = 86_400_000;

/// First reaches until a day: from the opportunities' stages, and what the first visits gave before any opportunity.
pub(crate) fn level_reaches(
    company: &Company,
    origin: &Origin<'_>,
    opportunities: &[Opportunity],
    last_day: i32,
    random: &mut Random,
) -> Vec<LevelReach> {
    let mut first = [i64::MAX; 5];
    first[0] = origin.created_at;
    for opportunity in opportunities {
        for entry in &opportunity.stages {
            if let Some(level) = level_of(opportunity.process, entry.stage) {
                first[level] = first[level].min(entry.entered_at);
            }
        }
    }
    if opportunities.is_empty() {
        let archetype = origin
            .ownership
            .seller(company.last_day)
            .map_or(Archetype::Steady, |seller| seller.archetype);
        let engaged = if archetype == Archetype::WeakOpener {
            0.12
        } else {
            0.42
        };
        let mut day = origin.created_day;
        for (level, chance, wait) in [(1, 0.62, 30), (2, engaged, 45), (3, 0.12, 60)] {
            day += random.range(2, wait);
            if day > last_day || !random.chance(chance) {
                break;
            }
            first[level] = instant(
                company.calendar.worked_from(day).min(company.last_day),
                working_second(0.44 + random.unit() * 0.56),
            );
        }
    }
    // Having reached a level means having reached those below, at the latest at the same moment.
    for level in (1..5).rev() {
        first[level - 1] = first[level - 1].min(first[level]);
    }
    first
        .into_iter()
        .zip(LEVELS)
        .filter(|(at, _)| *at < i64::MAX)
        .map(|(at, level)| LevelReach {
            level,
            at,
            by: origin.owner(company, at),
        })
        .collect()
}

/// The present level: the highest one reached, and after a win what has become of the customer since.
pub(crate) fn funnel_level(
    company: &Company,
    reaches: &[LevelReach],
    opportunities: &[Opportunity],
    random: &mut Random,
) -> &'static str {
    let highest = reaches.last().map_or(LEVELS[0], |reach| reach.level);
    if highest != "won" {
        return highest;
    }
    let wins = opportunities
        .iter()
        .filter(|opportunity| opportunity.outcome == "won")
        .count();
    let last_win = opportunities
        .iter()
        .filter(|opportunity| opportunity.outcome == "won")
        .filter_map(|opportunity| opportunity.stages.last())
        .map(|entry| entry.entered_at)
        .max();
    let days = last_win.map_or(0, |at| company.today_day - day_at(at));
    let is_open = opportunities
        .iter()
        .any(|opportunity| opportunity.outcome == "open");
    match days {
        400.. if !is_open => random.weighted(&[("dormant", 62), ("at_risk", 24), ("lost", 14)]),
        _ if (wins > 1 && days > 60) || days > 180 => "retained",
        _ => "won",
    }
}

/// Who looks after a customer, and when somebody last did.
pub(crate) struct Care {
    pub owner_id: Option<Uuid>,
    pub former_owner_id: Option<Uuid>,
    pub returned_to_pool_at: Option<i64>,
    pub last_followed_at: Option<i64>,
}

/// 8 % of the customers lie in the pool; as many have an owner who has not followed up for over 90 days.
pub(crate) fn care(
    company: &Company,
    origin: &Origin<'_>,
    opportunities: &[Opportunity],
    random: &mut Random,
) -> Care {
    let end = instant(company.last_day, 64_800);
    let owner_id = Some(company.people[origin.ownership.person(company.today_day)].id);
    let latest = opportunities
        .iter()
        .filter_map(|opportunity| opportunity.stages.last())
        .map(|entry| entry.entered_at)
        .max()
        .unwrap_or(origin.created_at);
    let age = company.last_day - day_at(latest);
    let followed = |days: i32| Some((end - i64::from(days) * DAY_MS - 3_600_000).max(latest));
    if opportunities.is_empty() && age > 50 && random.chance(0.167) {
        let since = random.range(1, (age - 40).min(400));
        let returned_at = instant(company.last_day - since, 7_200);
        let former_owner_id = Some(origin.owner(company, returned_at));
        let last_followed_at = random
            .chance(0.7)
            .then(|| (returned_at - 31 * DAY_MS).max(origin.created_at));
        return Care {
            owner_id: None,
            former_owner_id,
            returned_to_pool_at: Some(returned_at),
            last_followed_at,
        };
    }
    let is_open = opportunities
        .iter()
        .any(|opportunity| opportunity.outcome == "open");
    let last_followed_at = match age {
        92.. if !is_open && random.chance(0.152) => followed(random.range(91, age.min(320))),
        _ if opportunities.is_empty() && age < 20 && random.chance(0.4) => None,
        _ => followed(random.range(0, if is_open { 25 } else { 88 })),
    };
    Care {
        owner_id,
        former_owner_id: None,
        returned_to_pool_at: None,
        last_followed_at,
    }
}
