//! Kinds of salespeople, with the figures by which they differ: what a diagnosis should find.

/// What a salesperson is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Archetype {
    /// High volume, high close rate.
    Strong,
    /// Average in everything.
    #[default]
    Steady,
    /// Enough opportunities, but few of them get past the first meetings.
    WeakOpener,
    /// Many customers reach intention, few sign; the last stages take long.
    WeakCloser,
    /// Cycles well over the team's third quartile.
    Slow,
    /// Closes a little more, at discounts of 14 to 28 % instead of 0 to 12 %.
    Discounter,
    /// Good quarters and bad ones take turns.
    Uneven,
    /// Hired within the last four months, with 25, 50, 75, 100 % of the volume in months 1 to 4.
    Newcomer,
}

/// The figures of an archetype.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Share of the salespeople, in percent.
    pub share_percent: u32,
    /// Volume of customers and opportunities, as a factor on the mean.
    pub volume: f64,
    /// Probability that an opportunity gets as far as engaged.
    pub engaged: f64,
    /// Probability that an engaged one gets as far as intention.
    pub intention: f64,
    /// Probability that one with intention is won (before region, product and person).
    pub win: f64,
    /// Length of the cycle, as a factor.
    pub cycle: f64,
    /// Length of the last stages, as a further factor.
    pub last_stage: f64,
    /// Discounts given, lowest and highest percent.
    pub discount_percent: (i32, i32),
    /// How much the probability to win swings up and down from quarter to quarter.
    pub swing: f64,
}

/// All archetypes.
pub const ARCHETYPES: [Archetype; 8] = [
    Archetype::Strong,
    Archetype::Steady,
    Archetype::WeakOpener,
    Archetype::WeakCloser,
    Archetype::Slow,
    Archetype::Discounter,
    Archetype::Uneven,
    Archetype::Newcomer,
];

impl Archetype {
    /// The figures by which this kind differs.
    pub fn figures(self) -> Figures {
        let steady = Figures {
            share_percent: 29,
            volume: 1.0,
            engaged: 0.85,
            intention: 0.80,
            win: 0.68,
            cycle: 1.0,
            last_stage: 1.0,
            discount_percent: (0, 12),
            swing: 0.0,
        };
        match self {
            Self::Strong => Figures {
                share_percent: 14,
                volume: 1.55,
                engaged: 0.92,
                intention: 0.87,
                win: 0.79,
                cycle: 0.9,
                discount_percent: (0, 8),
                ..steady
            },
            Self::Steady => steady,
            Self::WeakOpener => Figures {
                share_percent: 11,
                volume: 0.9,
                engaged: 0.48,
                ..steady
            },
            Self::WeakCloser => Figures {
                share_percent: 12,
                intention: 0.90,
                win: 0.36,
                cycle: 1.15,
                last_stage: 2.4,
                ..steady
            },
            Self::Slow => Figures {
                share_percent: 10,
                volume: 0.9,
                win: 0.65,
                cycle: 1.9,
                ..steady
            },
            Self::Discounter => Figures {
                share_percent: 9,
                volume: 1.05,
                win: 0.72,
                discount_percent: (14, 28),
                ..steady
            },
            Self::Uneven => Figures {
                share_percent: 8,
                win: 0.62,
                swing: 0.27,
                ..steady
            },
            Self::Newcomer => Figures {
                share_percent: 7,
                volume: 0.9,
                engaged: 0.72,
                intention: 0.75,
                win: 0.60,
                ..steady
            },
        }
    }
}

/// Share of full volume by month of service: 25, 50, 75 %, then all of it.
pub fn ramp_up(days_of_service: i32) -> f64 {
    match days_of_service {
        ..0 => 0.0,
        0..=30 => 0.25,
        31..=60 => 0.5,
        61..=91 => 0.75,
        _ => 1.0,
    }
}
