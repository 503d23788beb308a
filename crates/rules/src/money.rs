//! Sharing out whole amounts without losing or inventing a 分.

/// Splits `whole_minor` (minor units, may be negative) in proportion to `weights` so that the parts sum to the whole
/// exactly; each part differs from its exact share by less than one minor unit, and the largest remainders (the
/// earlier part on a tie) take the odd units. When all weights are zero the split is equal. No weights, no parts.
pub fn split(whole_minor: i64, weights: &[u64]) -> Vec<i64> {
    let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if total == 0 {
        return if weights.is_empty() {
            Vec::new()
        } else {
            split(whole_minor, &vec![1; weights.len()])
        };
    }
    // Below 2^63 × 2^64, so the product fits u128 whatever comes in.
    let whole = u128::from(whole_minor.unsigned_abs());
    let shares = weights.iter().map(|&weight| whole * u128::from(weight));
    let mut parts: Vec<(u128, u128)> = shares.map(|share| (share / total, share % total)).collect();
    let mut left = whole - parts.iter().map(|(part, _)| part).sum::<u128>();
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    by_remainder.sort_by_key(|&index| (std::cmp::Reverse(parts[index].1), index));
    for index in by_remainder {
        if left == 0 {
            break;
        }
        parts[index].0 += 1;
        left -= 1;
    }
    let sign = if whole_minor < 0 { -1 } else { 1 };
    // Only i64::MIN itself has a part (the sole one) outside i64 before the sign is put back.
    parts
        .into_iter()
        .map(|(part, _)| i64::try_from(part).map_or(i64::MIN, |part| sign * part))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hundred_in_three_gives_the_odd_unit_to_the_first() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(split(100, &[0, 0]), [50, 50]);
        assert_eq!(split(i64::MIN, &[5]), [i64::MIN]);
        assert!(split(100, &[]).is_empty());
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(whole in any::<i64>(), weights in prop::collection::vec(any::<u64>(), 1..40)) {
            let parts = split(whole, &weights);
            prop_assert_eq!(parts.len(), weights.len());
            prop_assert_eq!(parts.iter().map(|&part| i128::from(part)).sum::<i128>(), i128::from(whole));
        }

        #[test]
        fn each_part_is_within_one_unit_of_its_share(whole in any::<i32>(), weights in prop::collection::vec(0u64..1000, 1..20)) {
            let total: u64 = weights.iter().sum();
            prop_assume!(total > 0);
            for (part, weight) in split(i64::from(whole), &weights).into_iter().zip(&weights) {
                let exact = f64::from(whole) * *weight as f64 / total as f64;
                prop_assert!((part as f64 - exact).abs() < 1.0);
                prop_assert!(*weight > 0 || part == 0);
            }
        }
    }
}
