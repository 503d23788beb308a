//! Who is busy when, so that nobody is at two customers at once.

use crate::Company;
use crate::calendar::{day_at, instant};

/// First minute of the day that can be taken.
const FIRST_MINUTE: i32 = 8 * 60 + 30;
/// Minutes in a slot; 64 slots reach to half past midnight, of which the last are never asked for.
const SLOT: i32 = 15;
/// Slots of a working day: until 18:30.
const SLOTS: i32 = 40;
/// 12:00 to 13:15, when nobody is visited.
const LUNCH: u64 = 0b1_1111 << 14;

/// The taken quarters of an hour of everybody from the history's begin to two weeks from today.
///
/// A person's days cost eight bytes each and are kept from the first entry on, so a company of 30,000 people needs 180 MB at most.
pub struct Diary {
    first_day: i32,
    days: usize,
    people: Vec<Vec<u64>>,
}

impl Diary {
    pub(crate) fn new(company: &Company, first_day: i32, last_day: i32) -> Self {
        Self {
            first_day,
            days: usize::try_from(last_day - first_day + 1).unwrap_or(0),
            people: vec![Vec::new(); company.people.len()],
        }
    }

    /// Takes the free stretch of so many minutes that lies nearest to a wanted minute of the day, and ends before `limit`
    /// (an instant in milliseconds UTC of the same day, where there is one). When nothing is free, the wanted one is taken.
    /// Answers the instant of its begin.
    pub(crate) fn take(
        &mut self,
        person: usize,
        day: i32,
        minute: i32,
        minutes: i32,
        limit: Option<i64>,
    ) -> i64 {
        let length = ((minutes + SLOT - 1) / SLOT).clamp(1, SLOTS);
        let until = match limit {
            Some(limit) => {
                let free = (limit - instant(day, FIRST_MINUTE * 60)) / 60_000;
                // Where the limit is too early for a day's ordinary begin, so is the begin.
                if free < i64::from(length * SLOT) {
                    return limit - i64::from(minutes) * 60_000;
                }
                (free as i32 / SLOT).min(SLOTS)
            }
            None => SLOTS,
        };
        let wanted = ((minute - FIRST_MINUTE) / SLOT).clamp(0, until - length);
        let block = (1_u64 << length) - 1;
        let Some(taken) = self.day(person, day) else {
            return instant(day, (FIRST_MINUTE + wanted * SLOT) * 60);
        };
        let is_free = |slot: &i32| {
            (0..=until - length).contains(slot) && (*taken | LUNCH) & (block << slot) == 0
        };
        let slot = (0..SLOTS)
            .flat_map(|distance| [wanted + distance, wanted - distance])
            .find(is_free)
            .unwrap_or(wanted);
        *taken |= block << slot;
        instant(day, (FIRST_MINUTE + slot * SLOT) * 60)
    }

    /// Marks a time as taken that was decided elsewhere.
    pub(crate) fn mark(&mut self, person: usize, start: i64, minutes: i32) {
        let day = day_at(start);
        let slot = ((start - instant(day, FIRST_MINUTE * 60)) / 60_000) as i32 / SLOT;
        let length = ((minutes + SLOT - 1) / SLOT).clamp(1, SLOTS);
        if let (Some(taken), 0..SLOTS) = (self.day(person, day), slot) {
            *taken |= ((1_u64 << length) - 1) << slot;
        }
    }

    fn day(&mut self, person: usize, day: i32) -> Option<&mut u64> {
        let index = usize::try_from(day - self.first_day).ok()?;
        let days = self.people.get_mut(person)?;
        if days.is_empty() {
            days.resize(self.days, 0);
        }
        days.get_mut(index)
    }
}
