//! Which instalments a payment settles: what is proposed until a person decides.

use chrono::NaiveDate;
use uuid::Uuid;

/// An instalment of the payer's that is not settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub id: Uuid,
    /// The number of its contract.
    pub number: String,
    pub due_on: NaiveDate,
    /// Minor units still to be received; more than nothing.
    pub open_minor: i64,
}

/// Why an instalment was proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Exactly this amount is open.
    Amount,
    /// The payment's reference names the contract.
    Reference,
    /// It is the oldest.
    Oldest,
}

impl Because {
    pub const fn code(self) -> &'static str {
        match self {
            Because::Amount => "amount",
            Because::Reference => "reference",
            Because::Oldest => "oldest",
        }
    }
}

/// A part of a payment for an instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub instalment: Uuid,
    /// Minor units.
    pub amount_minor: i64,
    pub because: Because,
}

/// Shares out what is left of a payment (minor units): to the instalment that is open with exactly this amount; else to the
/// contracts that the reference names, then to all, the oldest first. What is over is shared out to nobody.
pub fn propose(rest_minor: i64, reference: &str, open: &[Open]) -> Vec<Share> {
    let reference = folded(reference);
    let is_named = |one: &Open| {
        let number = folded(&one.number);
        !number.is_empty() && reference.contains(&number)
    };
    let mut order: Vec<(bool, &Open)> = open.iter().map(|one| (is_named(one), one)).collect();
    order.sort_by_key(|(named, one)| (!named, one.due_on, one.id));
    if let Some((_, exact)) = order.iter().find(|(_, one)| one.open_minor == rest_minor) {
        return vec![Share {
            instalment: exact.id,
            amount_minor: rest_minor,
            because: Because::Amount,
        }];
    }
    let mut rest = rest_minor;
    let mut shares = Vec::new();
    for (named, one) in order {
        if rest <= 0 {
            break;
        }
        let amount_minor = Ord::min(rest, one.open_minor);
        rest -= amount_minor;
        shares.push(Share {
            instalment: one.id,
            amount_minor,
            because: if named {
                Because::Reference
            } else {
                Because::Oldest
            },
        });
    }
    shares
}

/// Numbers are typed with and without their dashes.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn open(id: u128, number: &str, due: &str, open_minor: i64) -> Open {
        Open {
            id: Uuid::from_u128(id),
            number: number.into(),
            due_on: due.parse().expect("a day"),
            open_minor,
        }
    }

    fn shares(rest: i64, reference: &str, open: &[Open]) -> Vec<(u128, i64, Because)> {
        propose(rest, reference, open)
            .into_iter()
            .map(|share| {
                (
                    share.instalment.as_u128(),
                    share.amount_minor,
                    share.because,
                )
            })
            .collect()
    }

    #[test]
    fn the_exact_amount_comes_before_the_oldest() {
        let all = [
            open(1, "HT-2026-0001", "2026-01-01", 500),
            open(2, "HT-2026-0002", "2026-03-01", 300),
            open(3, "HT-2026-0003", "2026-02-01", 300),
        ];
        assert_eq!(shares(300, "", &all), [(3, 300, Because::Amount)]);
        // Of two with the same amount the one that is named.
        assert_eq!(
            shares(300, "货款 ht20260002", &all),
            [(2, 300, Because::Amount)]
        );
    }

    #[test]
    fn a_named_contract_comes_first_and_the_oldest_takes_the_rest() {
        let all = [
            open(1, "HT-2026-0001", "2026-01-01", 500),
            open(2, "HT-2026-0002", "2026-03-01", 300),
            open(3, "HT-2026-0002", "2026-02-01", 200),
        ];
        assert_eq!(
            shares(600, "HT-2026-0002尾款", &all),
            [
                (3, 200, Because::Reference),
                (2, 300, Because::Reference),
                (1, 100, Because::Oldest)
            ]
        );
        assert_eq!(
            shares(600, "", &all),
            [(1, 500, Because::Oldest), (3, 100, Because::Oldest)]
        );
    }

    proptest! {
        #[test]
        fn never_more_is_shared_out_than_there_is_or_than_is_open(
            rest in 0..2_000i64, amounts in prop::collection::vec(1..500i64, 0..8),
        ) {
            let all: Vec<Open> = amounts.iter().enumerate()
                .map(|(i, amount)| open(i as u128 + 1, "", "2026-01-01", *amount)).collect();
            let shares = propose(rest, "", &all);
            let total: i64 = shares.iter().map(|share| share.amount_minor).sum();
            prop_assert_eq!(total, Ord::min(rest, amounts.iter().sum()));
            for share in shares {
                let one = all.iter().find(|one| one.id == share.instalment).expect("known");
                prop_assert!(share.amount_minor > 0 && share.amount_minor <= one.open_minor);
            }
        }
    }
}
