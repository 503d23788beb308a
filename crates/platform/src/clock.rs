//! The only places where time and chance come from, so that tests can hold them still.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use rand::RngExt;
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

use crate::problem::{Problem, Result};

/// The server's time. The business day is the day in the organisation's time zone.
#[derive(Debug)]
pub struct Clock {
    /// 0 while running; a fixed instant in tests.
    fixed_ms: AtomicI64,
    zone: Tz,
}

impl Clock {
    pub fn system(zone: Tz) -> Self {
        Clock {
            fixed_ms: AtomicI64::new(0),
            zone,
        }
    }

    /// A clock that stands at this instant until it is `set`.
    pub fn fixed(at_ms: i64, zone: Tz) -> Self {
        Clock {
            fixed_ms: AtomicI64::new(at_ms),
            zone,
        }
    }

    pub fn set(&self, at_ms: i64) {
        self.fixed_ms.store(at_ms, Ordering::Relaxed);
    }

    /// Milliseconds since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        match self.fixed_ms.load(Ordering::Relaxed) {
            0 => system_ms(),
            at => at,
        }
    }

    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now_ms())
    }

    /// The business day that an instant falls on.
    pub fn day_of(&self, at_ms: i64) -> NaiveDate {
        let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
        at.with_timezone(&self.zone).date_naive()
    }

    /// The instant at which a business day begins, in milliseconds.
    pub fn start_of(&self, day: NaiveDate) -> i64 {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        // A day whose midnight was skipped by a clock change begins at its first hour that exists.
        (0..24)
            .find_map(|hour| {
                (midnight + chrono::TimeDelta::hours(hour))
                    .and_local_timezone(self.zone)
                    .earliest()
            })
            .map_or(midnight.and_utc().timestamp_millis(), |at| {
                at.timestamp_millis()
            })
    }

    pub fn zone(&self) -> Tz {
        self.zone
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the system's clock"
)]
pub fn system_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// A new record id: UUIDv7, so ids sort by creation.
#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// An unguessable secret of 256 bits, URL-safe.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that draws secrets"
)]
pub fn new_secret() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The id of a part that has none of its own: the whole's with the part's number in its last bits, so that the same whole has
/// the same parts in every database, and they lie beside each other.
pub fn part_id(whole: Uuid, number: usize) -> Uuid {
    // An odd multiplier spreads the number over the 62 random bits, far away from the ids of other wholes.
    const SPREAD: u128 = 0x1E37_79B9_7F4A_7C15;
    const RANDOM: u128 = 0x3FFF_FFFF_FFFF_FFFF;
    let bits = whole.as_u128();
    let random = ((bits & RANDOM) ^ (number as u128 + 1).wrapping_mul(SPREAD)) & RANDOM;
    Uuid::from_u128((bits & !RANDOM) | random)
}

/// The system's randomness, for making keys.
pub fn randomness() -> SystemRandom {
    SystemRandom::new()
}

/// Fills with unguessable bytes.
pub fn fill_random(bytes: &mut [u8]) -> Result<()> {
    randomness()
        .fill(bytes)
        .map_err(|_| Problem::internal("no randomness"))
}
