//! What is filled in of a standard visit.

use super::Habits;
use super::texts::About;
use super::turn::Turn;
use crate::activity::{Answer, Asked, Step};
use crate::random::Random;
use crate::tables::visit_phrases::NEEDS;

const FIRST: &[Asked] = &[
    Asked::MetDecider,
    Asked::Equipment,
    Asked::Supplier,
    Asked::Needs,
    Asked::Budget,
    Asked::NextStep,
];
const PRESENTATION: &[Asked] = &[
    Asked::MetDecider,
    Asked::SolutionShown,
    Asked::CompetitorPrice,
    Asked::Objection,
    Asked::NextStep,
];

/// The answers given on a visit; none for kinds without a template.
pub(crate) fn standard_steps(
    kind: &str,
    turn: Turn,
    about: &About<'_>,
    habits: &Habits,
    random: &mut Random,
) -> Vec<Step> {
    let asked = match kind {
        "first" => FIRST,
        "presentation" => PRESENTATION,
        _ => return Vec::new(),
    };
    let is_good = turn.is_effective() == Some(true);
    let mut steps = Vec::with_capacity(asked.len());
    for asked in asked {
        if random.chance(habits.answered) {
            steps.push(Step {
                asked: *asked,
                answer: answer(*asked, is_good, about, random),
            });
        }
    }
    steps
}

fn answer(asked: Asked, is_good: bool, about: &About<'_>, random: &mut Random) -> Answer {
    match asked {
        Asked::MetDecider => Answer::Yes(random.chance(if is_good { 0.7 } else { 0.2 })),
        Asked::SolutionShown => Answer::Yes(is_good || random.chance(0.6)),
        Asked::Equipment => Answer::Number(f64::from(random.range(4, 160))),
        Asked::Budget => Answer::Choice(if is_good {
            random.below(2)
        } else {
            1 + random.below(2)
        }),
        Asked::Objection => Answer::Choice(random.below(4)),
        Asked::Supplier => Answer::Text(about.competitor.to_owned()),
        Asked::Needs => Answer::Text(about.text(NEEDS, random)),
        Asked::NextStep => Answer::Text(about.phrase(
            random.pick(&[
                "发初步方案",
                "约{d}技术交流",
                "下周再联系{c}",
                "请售前现场调研",
                "寄样册和案例",
                "等客户内部讨论",
            ]),
            random,
        )),
        Asked::CompetitorPrice => Answer::CompetitorPrice(
            crate::catalogue::COMPETITORS
                .into_iter()
                .find(|name| *name == about.competitor)
                .unwrap_or_default(),
            (about.amount.max(3) as f64 * random.between(0.82, 1.12)) as i64 * 1_000_000,
        ),
    }
}
