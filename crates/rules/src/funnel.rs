//! How far a customer has been developed.

pub mod facts;

use serde::{Deserialize, Serialize};

/// A customer's funnel level: the five steps up to the first deal, and the four states after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunnelLevel {
    Prospect,
    Target,
    Engaged,
    Intention,
    Won,
    Retained,
    Dormant,
    AtRisk,
    Lost,
}

/// What has happened at a customer that can lift its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunnelEvidence {
    /// The customer was recorded.
    Recorded,
    /// Someone confirmed it as a target.
    ConfirmedAsTarget,
    /// An effective visit took place.
    EffectiveVisit,
    /// An activity's outcome says that the customer intends to buy.
    IntentionShown,
    /// An opportunity entered a stage that stands for this level.
    StageReached(FunnelLevel),
    /// An opportunity was won or a contract signed.
    DealWon,
}

/// The five steps in order.
pub const STEPS: [FunnelLevel; 5] = [
    FunnelLevel::Prospect,
    FunnelLevel::Target,
    FunnelLevel::Engaged,
    FunnelLevel::Intention,
    FunnelLevel::Won,
];

/// Share of customers that the standard expects to pass from one step to the next.
pub const STANDARD_CONVERSION: f64 = 0.5;

impl FunnelLevel {
    pub const ALL: [FunnelLevel; 9] = [
        FunnelLevel::Prospect,
        FunnelLevel::Target,
        FunnelLevel::Engaged,
        FunnelLevel::Intention,
        FunnelLevel::Won,
        FunnelLevel::Retained,
        FunnelLevel::Dormant,
        FunnelLevel::AtRisk,
        FunnelLevel::Lost,
    ];

    /// The level's code as stored and as in the API, such as `at_risk`.
    pub fn code(self) -> &'static str {
        match self {
            FunnelLevel::Prospect => "prospect",
            FunnelLevel::Target => "target",
            FunnelLevel::Engaged => "engaged",
            FunnelLevel::Intention => "intention",
            FunnelLevel::Won => "won",
            FunnelLevel::Retained => "retained",
            FunnelLevel::Dormant => "dormant",
            FunnelLevel::AtRisk => "at_risk",
            FunnelLevel::Lost => "lost",
        }
    }

    /// The level with this code.
    pub fn from_code(code: &str) -> Option<FunnelLevel> {
        FunnelLevel::ALL
            .into_iter()
            .find(|level| level.code() == code)
    }

    /// The highest step reached, 1 (prospect) to 5 (won); the states after the first deal have all reached won.
    pub fn rank(self) -> u8 {
        match self {
            FunnelLevel::Prospect => 1,
            FunnelLevel::Target => 2,
            FunnelLevel::Engaged => 3,
            FunnelLevel::Intention => 4,
            FunnelLevel::Won
            | FunnelLevel::Retained
            | FunnelLevel::Dormant
            | FunnelLevel::AtRisk
            | FunnelLevel::Lost => 5,
        }
    }

    /// Whether the customer has bought at least once.
    pub fn is_after_first_deal(self) -> bool {
        self.rank() == 5
    }
}

/// The level after `evidence`: lifted when the evidence stands higher, never moved backwards. A further deal brings a
/// customer that was dormant, at risk or lost back to retained.
pub fn reached(current: FunnelLevel, evidence: FunnelEvidence) -> FunnelLevel {
    let shown = match evidence {
        FunnelEvidence::Recorded => FunnelLevel::Prospect,
        FunnelEvidence::ConfirmedAsTarget => FunnelLevel::Target,
        FunnelEvidence::EffectiveVisit => FunnelLevel::Engaged,
        FunnelEvidence::IntentionShown => FunnelLevel::Intention,
        // A stage speaks of its deal only; what becomes of the customer after the deal isn't for a stage to say.
        FunnelEvidence::StageReached(level) if level.is_after_first_deal() => FunnelLevel::Won,
        FunnelEvidence::StageReached(level) => level,
        FunnelEvidence::DealWon
            if matches!(
                current,
                FunnelLevel::Dormant | FunnelLevel::AtRisk | FunnelLevel::Lost
            ) =>
        {
            return FunnelLevel::Retained;
        }
        FunnelEvidence::DealWon => FunnelLevel::Won,
    };
    if shown.rank() > current.rank() {
        shown
    } else {
        current
    }
}

/// Customers that the standard expects at each step out of `prospects`, rounded down at each: 100→50→25→12→6.
pub fn standard_funnel(prospects: u64) -> [u64; 5] {
    std::array::from_fn(|step| prospects >> step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn level() -> impl Strategy<Value = FunnelLevel> {
        prop::sample::select(FunnelLevel::ALL.to_vec())
    }

    fn evidence() -> impl Strategy<Value = FunnelEvidence> {
        prop_oneof![
            Just(FunnelEvidence::Recorded),
            Just(FunnelEvidence::ConfirmedAsTarget),
            Just(FunnelEvidence::EffectiveVisit),
            Just(FunnelEvidence::IntentionShown),
            Just(FunnelEvidence::DealWon),
            level().prop_map(FunnelEvidence::StageReached),
        ]
    }

    #[test]
    fn the_standard_halves_at_each_step() {
        assert_eq!(standard_funnel(100), [100, 50, 25, 12, 6]);
    }

    #[test]
    fn a_deal_lifts_a_prospect_and_revives_a_lost_customer() {
        assert_eq!(
            reached(FunnelLevel::Prospect, FunnelEvidence::DealWon),
            FunnelLevel::Won
        );
        assert_eq!(
            reached(FunnelLevel::Lost, FunnelEvidence::DealWon),
            FunnelLevel::Retained
        );
        assert_eq!(
            reached(FunnelLevel::Dormant, FunnelEvidence::EffectiveVisit),
            FunnelLevel::Dormant
        );
        assert_eq!(
            reached(
                FunnelLevel::Prospect,
                FunnelEvidence::StageReached(FunnelLevel::Lost)
            ),
            FunnelLevel::Won
        );
    }

    #[test]
    fn codes_read_back_and_equal_the_json_names() {
        for level in FunnelLevel::ALL {
            assert_eq!(FunnelLevel::from_code(level.code()), Some(level));
            assert_eq!(serde_json::to_value(level).ok(), Some(level.code().into()));
        }
        assert_eq!(FunnelLevel::from_code("winner"), None);
    }

    proptest! {
        #[test]
        fn evidence_never_moves_a_customer_backwards(current in level(), evidence in evidence()) {
            prop_assert!(reached(current, evidence).rank() >= current.rank());
        }

        #[test]
        fn the_same_evidence_twice_changes_nothing_more(current in level(), evidence in evidence()) {
            let once = reached(current, evidence);
            prop_assert_eq!(reached(once, evidence), once);
        }

        #[test]
        fn before_the_first_deal_the_order_of_evidence_does_not_matter(one in evidence(), other in evidence()) {
            let start = FunnelLevel::Prospect;
            prop_assert_eq!(reached(reached(start, one), other), reached(reached(start, other), one));
        }
    }
}
