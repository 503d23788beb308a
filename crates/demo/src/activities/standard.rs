//! What is filled in of a standard visit, by the two templates that ship with the product.

use uuid::Uuid;

use super::Habits;
use super::texts::About;
use super::turn::Turn;
use crate::activity::{Answer, Step};
use crate::random::Random;
use crate::tables::visit_phrases::{BUSINESSES_MET, NEEDS, NEXT_STEPS_AGREED, OBJECTIONS};

/// Days since when the company has standard visits.
pub(crate) const INTRODUCED_DAYS: i32 = 182;

const FIRST: &[&str] = &[
    "met_decider",
    "business",
    "in_use",
    "rival_price",
    "budget",
    "next_step",
];
const PRESENTATION: &[&str] = &[
    "audience",
    "decider_came",
    "shown",
    "reaction",
    "objections",
    "rival_price",
    "materials_left",
    "next_step",
];

/// What the answers to a visit's steps are made from.
pub(crate) struct Visit<'a> {
    pub kind: &'a str,
    pub turn: Turn,
    /// Products of the opportunity.
    pub products: Vec<Uuid>,
    pub competitor: Option<&'static str>,
}

/// The answers given on a visit; none for kinds without a template.
pub(crate) fn standard_steps(
    visit: &Visit<'_>,
    about: &About<'_>,
    habits: &Habits,
    random: &mut Random,
) -> Vec<Step> {
    let codes = match visit.kind {
        "first" => FIRST,
        "presentation" => PRESENTATION,
        _ => return Vec::new(),
    };
    let mut steps = Vec::with_capacity(codes.len());
    for code in codes {
        if random.chance(habits.answered)
            && let Some(answer) = answer(code, visit, about, random)
        {
            steps.push(Step { code, answer });
        }
    }
    steps
}

fn answer(code: &str, visit: &Visit<'_>, about: &About<'_>, random: &mut Random) -> Option<Answer> {
    let is_good = visit.turn.is_effective() == Some(true);
    let text = |parts, random: &mut Random| Some(Answer::Text(about.text(parts, random)));
    match code {
        "met_decider" | "decider_came" => {
            Some(Answer::Yes(random.chance(if is_good { 0.7 } else { 0.2 })))
        }
        "materials_left" => Some(Answer::Yes(random.chance(0.85))),
        "audience" => Some(Answer::Number(f64::from(random.range(1, 7)))),
        "business" => text(BUSINESSES_MET, random),
        "in_use" => Some(Answer::Text(about.phrase(
            random.pick(&[
                "{k}，用了{n}年，备件贵",
                "{k}的旧型号，响应慢",
                "{k}，总体够用，报警多",
                "没有专门系统，靠人工",
            ]),
            random,
        ))),
        "budget" => Some(Answer::Choice(random.weighted(match is_good {
            true => &[("approved", 34), ("planned", 46), ("unknown", 20)],
            false => &[("none", 42), ("unknown", 40), ("planned", 18)],
        }))),
        "reaction" => Some(Answer::Choice(match visit.turn {
            Turn::Convinced => "convinced",
            _ => random.weighted(match is_good {
                true => &[("interested", 66), ("convinced", 14), ("doubtful", 20)],
                false => &[("doubtful", 60), ("against", 26), ("interested", 14)],
            }),
        })),
        "objections" => text(OBJECTIONS, random),
        "shown" => {
            Some(Answer::Products(visit.products.clone())).filter(|_| !visit.products.is_empty())
        }
        "rival_price" => {
            let competitor = visit.competitor.filter(|_| random.chance(0.45))?;
            let share = random.between(0.82, 1.12);
            let yuan = (about.amount.max(3) as f64 * share * 10.0) as i64 * 1_000;
            let what = random.pick(&["整套方案", "同配置", "不含安装", "含一年维保"]);
            Some(Answer::CompetitorPrice(competitor, yuan * 100, what))
        }
        "next_step" => text(NEXT_STEPS_AGREED, random),
        _ => text(NEEDS, random),
    }
}
