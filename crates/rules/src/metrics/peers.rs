//! How a figure stands beside another time and beside its peers.

/// `(now − then) ÷ |then|`; no value when then was 0.
pub fn change(now: f64, then: f64) -> Option<f64> {
    (then != 0.0).then(|| (now - then) / then.abs())
}

/// What the figures of peers come to together.
#[derive(Debug, Clone, PartialEq)]
pub struct Peers {
    pub count: usize,
    pub mean: f64,
    pub median: f64,
    pub best: f64,
    /// Worst first.
    sorted: Vec<f64>,
}

impl Peers {
    /// Of those that have a value; none of none. `low_is_good` when less is better, as of days.
    pub fn of(values: impl IntoIterator<Item = f64>, low_is_good: bool) -> Option<Peers> {
        let mut sorted: Vec<f64> = values
            .into_iter()
            .filter(|value| value.is_finite())
            .collect();
        sorted.sort_by(f64::total_cmp);
        if low_is_good {
            sorted.reverse();
        }
        let best = *sorted.last()?;
        let count = sorted.len();
        Some(Peers {
            count,
            mean: sorted.iter().sum::<f64>() / count as f64,
            median: f64::midpoint(sorted[(count - 1) / 2], sorted[count / 2]),
            best,
            sorted,
        })
    }

    fn is_better(&self, one: f64, other: f64) -> bool {
        match self.sorted.first() {
            Some(worst) if *worst > self.best => one < other,
            _ => one > other,
        }
    }

    /// 1 for the best; equal figures share their rank.
    pub fn rank(&self, value: f64) -> usize {
        1 + self
            .sorted
            .iter()
            .filter(|other| self.is_better(**other, value))
            .count()
    }

    /// The share of the other peers that are worse, those that are equal by half; no value without others.
    pub fn percentile(&self, value: f64) -> Option<f64> {
        let others = self.count.checked_sub(1).filter(|others| *others > 0)?;
        let worse = self
            .sorted
            .iter()
            .filter(|other| self.is_better(value, **other))
            .count();
        let equal = self.sorted.iter().filter(|other| **other == value).count();
        Some((worse as f64 + equal.saturating_sub(1) as f64 / 2.0) / others as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_change_from_nothing_has_no_value_and_one_from_a_debt_its_direction() {
        assert_eq!(change(5.0, 0.0), None);
        assert_eq!(change(15.0, 10.0), Some(0.5));
        assert_eq!(change(-5.0, -10.0), Some(0.5));
    }

    #[test]
    fn the_best_is_first_and_of_days_the_least() {
        let peers = Peers::of([3.0, 1.0, 2.0, 2.0], false).expect("peers");
        assert_eq!((peers.mean, peers.median, peers.best), (2.0, 2.0, 3.0));
        assert_eq!([3.0, 2.0, 1.0].map(|value| peers.rank(value)), [1, 2, 4]);
        assert_eq!(peers.percentile(3.0), Some(1.0));
        assert_eq!(peers.percentile(2.0), Some(0.5));
        let days = Peers::of([3.0, 1.0], true).expect("peers");
        assert_eq!((days.best, days.rank(1.0), days.rank(3.0)), (1.0, 1, 2));
        assert_eq!(Peers::of([], false), None);
        assert_eq!(Peers::of([7.0], false).expect("one").percentile(7.0), None);
    }

    proptest! {
        #[test]
        fn ranks_and_percentiles_go_the_same_way(values in prop::collection::vec(-50..50i32, 2..30), low in any::<bool>()) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let peers = Peers::of(values.clone(), low).expect("peers");
            for one in &values {
                let percentile = peers.percentile(*one).expect("others");
                prop_assert!((0.0..=1.0).contains(&percentile));
                for other in &values {
                    prop_assert_eq!(peers.rank(*one) < peers.rank(*other), percentile > peers.percentile(*other).expect("others"));
                }
            }
            prop_assert_eq!(peers.rank(peers.best), 1);
        }
    }
}
