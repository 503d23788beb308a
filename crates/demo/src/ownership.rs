//! Who owns a customer on a day.
//!
//! Each customer belongs to a group; within it the owner is drawn by weighted rendezvous: everybody in service on
//! the day gets a score for the customer, and the best one owns it. So shares follow volume and ramp-up exactly, and
//! an owner changes only when somebody leaves or a newcomer grows into the work.

use crate::archetypes::{Archetype, Figures, ramp_up};
use crate::random::{fraction, key};

/// A salesperson as the generator knows one.
pub(crate) struct Seller {
    /// Index among the people.
    pub person: u32,
    /// First day of service.
    pub hired: i32,
    /// First day after the service.
    pub left: i32,
    /// Volume as a factor, with a personal deviation.
    pub volume: f64,
    /// Personal deviation of the probability to win.
    pub skill: f64,
    pub archetype: Archetype,
    pub figures: Figures,
}

/// A supervisor with the salespeople of the group, also those who have left.
pub(crate) struct Group {
    pub supervisor: u32,
    pub sellers: Vec<Seller>,
}

/// The scores of a group's salespeople for one customer.
pub(crate) struct Ownership<'a> {
    group: &'a Group,
    scores: [f64; 24],
}

impl<'a> Ownership<'a> {
    pub(crate) fn new(group: &'a Group, seed: u64, customer: u64) -> Self {
        let own = key(seed, 20, customer);
        let mut scores = [f64::MAX; 24];
        for (score, seller) in scores.iter_mut().zip(&group.sellers) {
            // An exponentially distributed number; divided by the weight, the smallest wins in proportion to the weights.
            *score =
                -libm::log(fraction(key(own, 21, seller.person.into())).max(f64::MIN_POSITIVE));
        }
        Self { group, scores }
    }

    /// The owner on a day: a salesperson in service, or none (then the supervisor stands in).
    pub(crate) fn seller(&self, day: i32) -> Option<&'a Seller> {
        let mut best = None;
        let mut best_score = f64::INFINITY;
        for (score, seller) in self.scores.iter().zip(&self.group.sellers) {
            if seller.hired <= day && day < seller.left {
                let score = score / (seller.volume * ramp_up(day - seller.hired));
                if score < best_score {
                    best_score = score;
                    best = Some(seller);
                }
            }
        }
        best
    }

    /// Index of the supervisor of the group that sells to the customer.
    pub(crate) fn supervisor(&self) -> usize {
        self.group.supervisor as usize
    }

    /// Index of the person who owns the customer on a day.
    pub(crate) fn person(&self, day: i32) -> usize {
        self.seller(day)
            .map_or(self.group.supervisor, |seller| seller.person) as usize
    }
}
