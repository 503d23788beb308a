//! How many customers there are when, and how many opportunities each has.
//!
//! Customers are numbered by the instant of creation: number `i` of `n` is created where the share `i / n` of all
//! is reached. The stretch is cut into 1,000 slots of `scale` customers each; a fixed template with a sum of 2,000
//! says how many opportunities the customers of a slot have, so the total is exact at every scale, and any customer
//! can be made without those before it.

use crate::calendar::{Calendar, Curve};
use crate::random::{Random, key, split};

/// Days over which deals have been closed.
pub(crate) const HISTORY_DAYS: i32 = 730;
/// Days over which customers have been recorded.
pub(crate) const CUSTOMER_DAYS: i32 = 1_461;
/// Share of the opportunities that are still open.
pub(crate) const OPEN_SHARE: f64 = 0.17;
const SHARE_BEFORE_HISTORY: f64 = 0.55;
/// Days from a customer's creation to the earliest close of a deal.
pub(crate) const FIRST_CLOSE_DAYS: i32 = 45;
const SLOTS: usize = 1_000;
const BIN: usize = 20;

/// The plan of a company's customers.
pub(crate) struct Plan {
    scale: u64,
    seed: u64,
    customers: Curve,
    /// On which days deals close.
    pub closings: Curve,
    counts: Vec<u8>,
    open_shares: Vec<f64>,
}

impl Plan {
    pub(crate) fn new(scale: u32, seed: u64, today: i32, calendar: &Calendar) -> Self {
        let customers = customer_curve(today, calendar);
        let first = today - HISTORY_DAYS;
        // The more customers there are on a day, the less often each one closes: so the total follows the calendar alone.
        let closings = Curve::new(
            first,
            (first..today)
                .map(|day| calendar.weight(day) / customers.before(day - FIRST_CLOSE_DAYS)),
        );
        let mut plan = Self {
            scale: scale.into(),
            seed,
            customers,
            closings,
            counts: vec![0; SLOTS],
            open_shares: Vec::new(),
        };
        plan.fill_slots();
        plan
    }

    /// Day and fraction of the day of a customer's creation; grows with the number.
    pub(crate) fn created(&self, number: u64, jitter: f64) -> (i32, f64) {
        self.customers.at(
            (number as f64 + jitter) / (SLOTS as u64 * self.scale) as f64 * self.customers.total(),
        )
    }

    /// How many opportunities a customer has, and the share of them that is open (as an expectation).
    pub(crate) fn opportunities(&self, number: u64) -> (usize, f64) {
        let (slot, row) = ((number / self.scale) as usize, number % self.scale);
        let bin = slot / BIN;
        // Within a bin each row has an order of its own: multiplying by a unit modulo 20 permutes.
        let order = key(self.seed, 31, row * SLOTS as u64 + bin as u64);
        let factor = [1, 3, 7, 9, 11, 13, 17, 19][(order % 8) as usize];
        let place = (slot % BIN * factor + (order >> 8) as usize % BIN) % BIN;
        (self.counts[bin * BIN + place].into(), self.open_shares[bin])
    }

    fn fill_slots(&mut self) {
        let mut random = Random::new(self.seed, 30, 0);
        let closed: Vec<f64> = (0..SLOTS)
            .map(|slot| {
                let (day, _) = self
                    .customers
                    .at((slot as f64 + 0.5) / SLOTS as f64 * self.customers.total());
                self.closings.total() - self.closings.before(day + FIRST_CLOSE_DAYS)
            })
            .collect();
        let all_closed: f64 = closed.iter().sum();
        let closed_in: Vec<f64> = closed
            .chunks(BIN)
            .map(|bin| {
                bin.iter().sum::<f64>() / all_closed * (1.0 - OPEN_SHARE) * 2.0 * SLOTS as f64
            })
            .collect();
        let open_in = OPEN_SHARE * 2.0 * BIN as f64;
        let totals = split(
            2 * SLOTS,
            &closed_in
                .iter()
                .map(|closed| closed + open_in)
                .collect::<Vec<f64>>(),
        );
        for ((counts, total), closed) in self.counts.chunks_mut(BIN).zip(totals).zip(closed_in) {
            // About half of the customers have opportunities: more among old ones, fewer among new ones.
            let having = ((10.0 * libm::pow(total as f64 / 40.0, 0.45) + 0.5) as usize)
                .clamp(1, 15)
                .min(total);
            let weights: Vec<f64> = (0..having)
                .map(|rank| libm::pow(rank as f64 / having as f64, 2.2))
                .collect();
            for (count, more) in counts.iter_mut().zip(split(total - having, &weights)) {
                *count = 1 + more.min(60) as u8;
            }
            random.shuffle(counts);
            self.open_shares.push(open_in / (open_in + closed));
        }
    }
}

/// Customers by day of creation: the same seasons as the business, and a fixed share before the history begins.
fn customer_curve(today: i32, calendar: &Calendar) -> Curve {
    let first = today - CUSTOMER_DAYS;
    let history = today - HISTORY_DAYS;
    let sum = |from: i32, to: i32| (from..to).map(|day| calendar.weight(day)).sum::<f64>();
    let before = SHARE_BEFORE_HISTORY / sum(first, history);
    let since = (1.0 - SHARE_BEFORE_HISTORY) / sum(history, today);
    Curve::new(
        first,
        (first..today).map(|day| calendar.weight(day) * if day < history { before } else { since }),
    )
}
