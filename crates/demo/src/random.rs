//! A small generator of pseudo-random numbers (SplitMix64): the same seed gives the same numbers on every machine.
//!
//! Only IEEE arithmetic and the pure-Rust `libm` are used, since the system's `exp` and `ln` differ in their last bits.

/// Scrambles a number so that near inputs give unrelated outputs (the finaliser of SplitMix64).
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Scrambles a seed, a purpose and an index into one number.
pub(crate) fn key(seed: u64, purpose: u64, index: u64) -> u64 {
    mix(mix(seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add(index.wrapping_mul(0xD1B5_4A32_D192_ED03)))
}

/// Turns a scrambled number into a fraction in `[0, 1)`.
pub(crate) fn fraction(value: u64) -> f64 {
    (value >> 11) as f64 / (1_u64 << 53) as f64
}

/// A stream of numbers.
pub(crate) struct Random(u64);

impl Random {
    /// A stream of its own for one thing (`index`) of one kind (`purpose`).
    pub(crate) fn new(seed: u64, purpose: u64, index: u64) -> Self {
        Self(key(seed, purpose, index))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A fraction in `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        fraction(self.next())
    }

    /// A fraction between two bounds.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in `0..bound`; 0 when the bound is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A whole number between two bounds, both included.
    pub(crate) fn range(&mut self, low: i32, high: i32) -> i32 {
        low + self.below(usize::try_from(high - low + 1).unwrap_or(0)) as i32
    }

    /// True with a probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A normally distributed number with mean 0 and deviation 1 (twelve uniform ones in three draws), within ±6.
    pub(crate) fn normal(&mut self) -> f64 {
        let mut sum = 0.0;
        for _ in 0..3 {
            let mut bits = self.next();
            for _ in 0..4 {
                sum += (bits & 0xFFFF) as f64;
                bits >>= 16;
            }
        }
        sum / 65_536.0 - 6.0 + 6.0 / 65_536.0
    }

    /// One of several; the default when there are none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        choices
            .get(self.below(choices.len()))
            .copied()
            .unwrap_or_default()
    }

    /// One of several by weight.
    pub(crate) fn weighted<T: Copy + Default>(&mut self, choices: &[(T, u32)]) -> T {
        let total: u32 = choices.iter().map(|choice| choice.1).sum();
        let mut left = self.below(total as usize) as u32;
        for (choice, weight) in choices {
            if left < *weight {
                return *choice;
            }
            left -= weight;
        }
        T::default()
    }

    /// Shuffles in place.
    pub(crate) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

/// Splits a whole so that the parts sum to it exactly, in proportion to the weights; the largest remainders take the rest.
pub(crate) fn split(whole: usize, weights: &[f64]) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights
        .iter()
        .map(|weight| whole as f64 * weight / total)
        .collect();
    let mut parts: Vec<usize> = exact.iter().map(|part| *part as usize).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| {
        (exact[*b] - exact[*b].floor())
            .total_cmp(&(exact[*a] - exact[*a].floor()))
            .then(a.cmp(b))
    });
    let missing = whole.saturating_sub(parts.iter().sum());
    for index in order.into_iter().cycle().take(missing) {
        parts[index] += 1;
    }
    parts
}

/// A one-to-one scramble of `0..size`: the same index always goes to the same place, and no two to one.
pub(crate) struct Permutation {
    size: u64,
    half_bits: u32,
    keys: [u64; 4],
}

impl Permutation {
    pub(crate) fn new(size: u64, seed: u64, purpose: u64) -> Self {
        let bits = 64 - size.max(2).saturating_sub(1).leading_zeros();
        let keys = [0, 1, 2, 3].map(|round| key(seed, purpose, round));
        Self {
            size,
            half_bits: bits.div_ceil(2),
            keys,
        }
    }

    /// Where an index below the size goes.
    pub(crate) fn at(&self, index: u64) -> u64 {
        let mask = (1_u64 << self.half_bits) - 1;
        let mut value = index;
        loop {
            let (mut left, mut right) = (value >> self.half_bits, value & mask);
            for round_key in self.keys {
                (left, right) = (right, left ^ (mix(right ^ round_key) & mask));
            }
            value = (left << self.half_bits) | right;
            // The network permutes a power of four; walking on until within the size keeps it one-to-one.
            if value < self.size {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_split_sum_to_the_whole() {
        assert_eq!(split(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(split(7, &[0.5, 0.0, 0.25]).iter().sum::<usize>(), 7);
    }

    #[test]
    fn a_permutation_reaches_every_place_once() {
        let permutation = Permutation::new(1_000, 5, 6);
        let mut places: Vec<u64> = (0..1_000).map(|index| permutation.at(index)).collect();
        assert!(!places.is_sorted());
        places.sort_unstable();
        assert_eq!(places, (0..1_000).collect::<Vec<u64>>());
    }
}
