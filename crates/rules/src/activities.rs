//! What is true of activities: their states and families, and the times that a plan and a deed can have.

/// How far an activity has come. A moved one is still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Planned,
    Moved,
    Done,
    Cancelled,
}

pub const STATES: [State; 4] = [State::Planned, State::Moved, State::Done, State::Cancelled];

impl State {
    /// The code as stored and as in the API.
    pub const fn code(self) -> &'static str {
        match self {
            State::Planned => "planned",
            State::Moved => "moved",
            State::Done => "done",
            State::Cancelled => "cancelled",
        }
    }
    pub fn from_code(code: &str) -> Option<State> {
        STATES.into_iter().find(|state| state.code() == code)
    }
    pub fn is_open(self) -> bool {
        matches!(self, State::Planned | State::Moved)
    }
}

/// What sort of thing a kind of activity is; figures count by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Visit,
    Appointment,
    ReturnVisit,
    Call,
    Meeting,
    Event,
    Task,
    Other,
}

pub const FAMILIES: [Family; 8] = [
    Family::Visit,
    Family::Appointment,
    Family::ReturnVisit,
    Family::Call,
    Family::Meeting,
    Family::Event,
    Family::Task,
    Family::Other,
];

impl Family {
    /// The code as stored and as in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Family::Visit => "visit",
            Family::Appointment => "appointment",
            Family::ReturnVisit => "return_visit",
            Family::Call => "call",
            Family::Meeting => "meeting",
            Family::Event => "event",
            Family::Task => "task",
            Family::Other => "other",
        }
    }
    pub fn from_code(code: &str) -> Option<Family> {
        FAMILIES.into_iter().find(|family| family.code() == code)
    }
}

pub mod facts;

pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// Clocks of devices and servers may differ by this much without anybody having made a mistake.
pub const CLOCK_TOLERANCE_MS: i64 = 2 * MINUTE_MS;
/// The longest that anybody visits, calls or meets at a stretch.
pub const LONGEST_HOURS: i64 = 24;
/// The longest plan of whole days: a fair, a journey.
pub const LONGEST_DAYS: i64 = 31;

/// What is wrong with a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadStretch {
    EndBeforeStart,
    /// Longer than the hours or days above.
    TooLong,
}

/// Checks a stretch of time, in milliseconds UTC.
pub fn check_stretch(start: i64, end: i64, longest_ms: i64) -> Result<(), BadStretch> {
    if end < start {
        Err(BadStretch::EndBeforeStart)
    } else if end - start > longest_ms {
        Err(BadStretch::TooLong)
    } else {
        Ok(())
    }
}

/// Whether an instant lies further ahead than clocks may differ.
pub fn is_in_future(at: i64, now: i64) -> bool {
    at > now + CLOCK_TOLERANCE_MS
}

/// By how much a device's clock is ahead of the server's, in milliseconds; 0 within the tolerance. A clock that is behind can't
/// be told from a log that waited for the network.
pub fn clock_ahead_ms(device_at: i64, now: i64) -> i64 {
    if is_in_future(device_at, now) {
        device_at - now
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_read_back() {
        for state in STATES {
            assert_eq!(State::from_code(state.code()), Some(state));
        }
        for family in FAMILIES {
            assert_eq!(Family::from_code(family.code()), Some(family));
        }
    }

    #[test]
    fn a_year_is_too_long_and_a_night_is_not() {
        let longest = LONGEST_HOURS * HOUR_MS;
        assert_eq!(
            check_stretch(0, 365 * DAY_MS, longest),
            Err(BadStretch::TooLong)
        );
        assert_eq!(check_stretch(0, 10 * HOUR_MS, longest), Ok(()));
        assert_eq!(
            check_stretch(1, 0, longest),
            Err(BadStretch::EndBeforeStart)
        );
    }

    proptest! {
        #[test]
        fn a_corrected_device_is_never_ahead(device_at in 0i64..10_000_000_000_000, now in 0i64..10_000_000_000_000) {
            prop_assert!(!is_in_future(device_at - clock_ahead_ms(device_at, now), now));
        }
    }
}
