//! What is true about opportunities: weights, amounts of lines, and the way through the stages.

pub mod facts;

use serde::Serialize;
use utoipa::ToSchema;

use crate::value::MONEY_MAX;

/// How an opportunity stands; a stage's kind says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Open,
    Won,
    Lost,
}

impl Outcome {
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Open => "open",
            Outcome::Won => "won",
            Outcome::Lost => "lost",
        }
    }

    pub fn from_code(code: &str) -> Option<Outcome> {
        [Outcome::Open, Outcome::Won, Outcome::Lost]
            .into_iter()
            .find(|outcome| outcome.code() == code)
    }
}

/// Hundredths of a percent: finer than anybody estimates, and exact in integers.
fn basis_points(percent: f64) -> i128 {
    (percent * 100.0).round() as i128
}

/// `numerator ÷ denominator`, half up; both not negative.
fn divide(numerator: i128, denominator: i128) -> i128 {
    (numerator + denominator / 2) / denominator
}

/// Amount × win chance (percent) in minor units, rounded half up; all of it when won, nothing when lost.
pub fn weighted_minor(amount_minor: i64, win_chance: f64, outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Won => amount_minor,
        Outcome::Lost => 0,
        Outcome::Open => {
            let chance = basis_points(win_chance.clamp(0.0, 100.0));
            divide(i128::from(amount_minor.max(0)) * chance, 10_000) as i64
        }
    }
}

/// Quantity × price less the discount (percent) in minor units, rounded half up; `None` beyond the largest amount.
/// A quantity counts to a millionth.
pub fn line_minor(quantity: f64, price_minor: i64, discount_percent: f64) -> Option<i64> {
    const MILLION: i128 = 1_000_000;
    if !(0.0..=1e12).contains(&quantity) || !(0..=MONEY_MAX).contains(&price_minor) {
        return None;
    }
    let kept = 10_000 - basis_points(discount_percent.clamp(0.0, 100.0));
    let quantity = (quantity * MILLION as f64).round() as i128;
    let whole = quantity
        .checked_mul(i128::from(price_minor))?
        .checked_mul(kept)?;
    i64::try_from(divide(whole, MILLION * 10_000))
        .ok()
        .filter(|minor| *minor <= MONEY_MAX)
}

/// Whether a price after discount (percent) lies below the product's floor price.
pub fn is_below_floor(price_minor: i64, discount_percent: f64, floor_minor: Option<i64>) -> bool {
    let kept = 10_000 - basis_points(discount_percent.clamp(0.0, 100.0));
    floor_minor.is_some_and(|floor| i128::from(price_minor) * kept < i128::from(floor) * 10_000)
}

/// `part ÷ whole`; no value when the whole is 0.
pub fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole != 0).then(|| part as f64 / whole as f64)
}

/// One entry into a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The stage's place in its process.
    pub position: i64,
    /// Whether the stage is the end of lost opportunities: it stands behind the others but is no progress.
    pub is_lost: bool,
    /// Milliseconds UTC.
    pub at: i64,
}

/// For each entry, in the order of time, the instant at which the opportunity first went further than that stage;
/// none while it has not.
pub fn passed(entries: &[Entered]) -> Vec<Option<i64>> {
    let further = |i: usize, entry: &Entered| {
        let later = &entries[i + 1..];
        later
            .iter()
            .find(|next| !next.is_lost && next.position > entry.position)
            .map(|next| next.at)
    };
    entries
        .iter()
        .enumerate()
        .map(|(i, entry)| {
            if entry.is_lost {
                None
            } else {
                further(i, entry)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_weight_is_rounded_half_up_and_ends_with_the_deal() {
        assert_eq!(weighted_minor(101, 50.0, Outcome::Open), 51);
        assert_eq!(weighted_minor(100, 33.3, Outcome::Open), 33);
        assert_eq!(weighted_minor(100, 33.3, Outcome::Won), 100);
        assert_eq!(weighted_minor(100, 33.3, Outcome::Lost), 0);
    }

    #[test]
    fn a_line_is_quantity_times_price_less_the_discount() {
        assert_eq!(line_minor(3.0, 1_999, 10.0), Some(5_397));
        assert_eq!(line_minor(0.5, 1, 0.0), Some(1));
        assert_eq!(line_minor(2.5, 100, 100.0), Some(0));
        assert_eq!(line_minor(1e12, MONEY_MAX, 0.0), None);
    }

    #[test]
    fn a_price_at_the_floor_is_not_below_it() {
        assert!(!is_below_floor(10_000, 10.0, Some(9_000)));
        assert!(is_below_floor(10_000, 10.01, Some(9_000)));
        assert!(!is_below_floor(1, 99.0, None));
    }

    #[test]
    fn a_share_of_nothing_has_no_value() {
        assert_eq!(ratio(1, 0), None);
        assert_eq!(ratio(1, 4), Some(0.25));
    }

    #[test]
    fn losing_passes_no_stage_and_a_step_back_is_passed_again() {
        let entered = |position, is_lost, at| Entered {
            position,
            is_lost,
            at,
        };
        let way = [
            entered(0, false, 1),
            entered(1, false, 2),
            entered(0, false, 3),
            entered(2, false, 4),
            entered(9, true, 5),
        ];
        assert_eq!(passed(&way), [Some(2), Some(4), Some(4), None, None]);
    }

    proptest! {
        #[test]
        fn a_weight_lies_between_nothing_and_the_amount(amount in 0..=MONEY_MAX, chance in 0.0..=100.0f64) {
            let weighted = weighted_minor(amount, chance, Outcome::Open);
            prop_assert!((0..=amount).contains(&weighted));
            let exact = amount as f64 * (chance * 100.0).round() / 10_000.0;
            prop_assert!((weighted as f64 - exact).abs() <= 0.51 + exact * 1e-12);
        }

        #[test]
        fn whole_lines_without_discount_are_exact(quantity in 0..1_000_000i64, price in 0..1_000_000_000i64) {
            prop_assert_eq!(line_minor(quantity as f64, price, 0.0), Some(quantity * price));
        }

        #[test]
        fn a_way_straight_ahead_is_passed_at_each_next_entry(steps in prop::collection::vec(1..3i64, 1..8)) {
            let mut position = 0;
            let way: Vec<Entered> = steps.iter().enumerate().map(|(i, step)| {
                position += step;
                Entered { position, is_lost: false, at: i as i64 }
            }).collect();
            let expected: Vec<Option<i64>> = (1..=way.len()).map(|i| (i < way.len()).then_some(i as i64)).collect();
            prop_assert_eq!(passed(&way), expected);
        }
    }
}
