//! The stages of the two ready processes, and how far an opportunity gets.

use crate::archetypes::Figures;
use crate::random::Random;

/// Funnel levels in the order of development.
pub(crate) const LEVELS: [&str; 5] = ["prospect", "target", "engaged", "intention", "won"];

/// An open stage of a process.
pub(crate) struct Stage {
    pub code: &'static str,
    /// Index of the funnel level that it stands for.
    pub level: usize,
    /// Share of the cycle spent in it.
    pub share: f64,
    /// Chance to win, in percent.
    pub win_chance: u8,
}

/// A process: its open stages and the codes of its ends.
pub(crate) struct Process {
    pub code: &'static str,
    pub stages: &'static [Stage],
    pub won: &'static str,
}

/// The code of the stage that both processes end in when an opportunity is lost.
pub(crate) const LOST: &str = "lost";

pub(crate) const ORDINARY: Process = Process {
    code: "ordinary",
    stages: &[
        Stage {
            code: "prospect",
            level: 0,
            share: 0.07,
            win_chance: 5,
        },
        Stage {
            code: "target",
            level: 1,
            share: 0.20,
            win_chance: 10,
        },
        Stage {
            code: "engaged",
            level: 2,
            share: 0.33,
            win_chance: 30,
        },
        Stage {
            code: "intention",
            level: 3,
            share: 0.40,
            win_chance: 60,
        },
    ],
    won: "won",
};

pub(crate) const PROJECT: Process = Process {
    code: "project",
    stages: &[
        Stage {
            code: "lead",
            level: 1,
            share: 0.10,
            win_chance: 10,
        },
        Stage {
            code: "needs",
            level: 2,
            share: 0.20,
            win_chance: 20,
        },
        Stage {
            code: "solution",
            level: 2,
            share: 0.25,
            win_chance: 35,
        },
        Stage {
            code: "evaluation",
            level: 3,
            share: 0.22,
            win_chance: 50,
        },
        Stage {
            code: "negotiation",
            level: 3,
            share: 0.14,
            win_chance: 70,
        },
        Stage {
            code: "signing",
            level: 3,
            share: 0.09,
            win_chance: 90,
        },
    ],
    won: "handover",
};

/// How an opportunity ends, or would end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Lost before anybody at the customer was engaged.
    LostEarly,
    /// Lost before the customer had the intention to buy.
    LostMidway,
    /// Lost at the end.
    LostLate,
    Won,
}

impl Fate {
    /// Draws the fate from the owner's figures and the sum of what region, product, quarter and person do to the win.
    pub(crate) fn draw(
        random: &mut Random,
        figures: &Figures,
        shift: f64,
        experience: f64,
    ) -> Self {
        if !random.chance(figures.engaged * experience) {
            Self::LostEarly
        } else if !random.chance(figures.intention) {
            Self::LostMidway
        } else if !random.chance(figures.win + shift) {
            Self::LostLate
        } else {
            Self::Won
        }
    }

    /// Length of the way to this end, as a factor on the full cycle.
    pub(crate) fn cycle(self) -> f64 {
        match self {
            Self::LostEarly => 0.5,
            Self::LostMidway => 0.8,
            Self::LostLate => 1.1,
            Self::Won => 1.0,
        }
    }

    /// How many open stages of a process are passed on the way to this end.
    pub(crate) fn stages(self, process: &Process, random: &mut Random) -> usize {
        let below = |level: usize| {
            process
                .stages
                .iter()
                .take_while(|stage| stage.level < level)
                .count()
        };
        let (from, to) = match self {
            Self::LostEarly => (1, below(2)),
            Self::LostMidway => (below(2) + 1, below(3)),
            Self::LostLate => (below(3) + 1, process.stages.len()),
            Self::Won => (process.stages.len(), process.stages.len()),
        };
        from + random.below(to - from + 1)
    }
}

/// Start of each passed stage as a fraction of the way, the first 0; stages of intention are stretched by a factor.
pub(crate) fn stage_starts(
    stages: &[Stage],
    stretch: f64,
    random: &mut Random,
) -> ([f64; 6], usize) {
    let mut starts = [0.0; 6];
    let mut sum = 0.0;
    for (start, stage) in starts.iter_mut().zip(stages) {
        *start = sum;
        sum +=
            stage.share * random.between(0.7, 1.3) * if stage.level >= 3 { stretch } else { 1.0 };
    }
    starts.iter_mut().for_each(|start| *start /= sum);
    (starts, stages.len().min(6))
}

/// Index of the funnel level that a stage stands for; none for lost.
pub(crate) fn level_of(process: &str, stage: &str) -> Option<usize> {
    let process = if process == PROJECT.code {
        &PROJECT
    } else {
        &ORDINARY
    };
    if stage == process.won {
        return Some(4);
    }
    process
        .stages
        .iter()
        .find(|known| known.code == stage)
        .map(|known| known.level)
}
