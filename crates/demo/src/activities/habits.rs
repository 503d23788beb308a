//! How the kinds of salespeople work from day to day: what a diagnosis should find in their activities.

use chrono::Weekday;

use crate::archetypes::Archetype;

/// Habits of an archetype; shares between 0 and 1.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Days between two contacts with a customer, as a factor on the mean: below 1 is busier.
    pub gap: f64,
    /// Appointments that are got when asked for.
    pub booked: f64,
    /// Visits that change nothing at the customer, for each that does (where the pipeline leaves it open).
    pub fruitless: f64,
    /// Plans without a purpose.
    pub purposeless: f64,
    /// Plans with a preparation.
    pub prepared: f64,
    /// Deeds that nobody had planned.
    pub unplanned: f64,
    /// Deeds whose follow-up is planned in the same step.
    pub follows_up: f64,
    /// Plans moved before they are done.
    pub moved: f64,
    /// Plans cancelled.
    pub cancelled: f64,
    /// Plans neither done nor cancelled (only of the last three months, then somebody tidies up).
    pub left_open: f64,
    /// Deeds written down one to three days later.
    pub backdated: f64,
    /// Visits begun with a check-in.
    pub checked_in: f64,
    /// Deeds with an analysis of the situation.
    pub analysed: f64,
    /// Visits that name the customer's needs.
    pub needs: f64,
    /// First and presentation visits filled in by the standard.
    pub filled_in: f64,
    /// Steps of a filled-in standard visit that have an answer.
    pub answered: f64,
    /// Return visits made, of those that would be due.
    pub cared: f64,
    /// Open opportunities with a plan for the next two weeks.
    pub planned_ahead: f64,
    /// The weekday on which hardly anything is done.
    pub weak_weekday: Option<Weekday>,
    /// Whether the days after a refusal are idle.
    pub thin_skinned: bool,
}

impl Archetype {
    /// How this kind works from day to day.
    pub fn habits(self) -> Habits {
        let steady = Habits {
            gap: 1.0,
            booked: 0.66,
            fruitless: 0.5,
            purposeless: 0.10,
            prepared: 0.42,
            unplanned: 0.16,
            follows_up: 0.68,
            moved: 0.10,
            cancelled: 0.05,
            left_open: 0.02,
            backdated: 0.06,
            checked_in: 0.82,
            analysed: 0.45,
            needs: 0.42,
            filled_in: 0.45,
            answered: 0.88,
            cared: 0.75,
            planned_ahead: 0.85,
            weak_weekday: None,
            thin_skinned: false,
        };
        match self {
            Self::Strong => Habits {
                gap: 0.84,
                booked: 0.80,
                fruitless: 0.3,
                purposeless: 0.03,
                prepared: 0.70,
                unplanned: 0.10,
                follows_up: 0.88,
                moved: 0.06,
                cancelled: 0.03,
                left_open: 0.003,
                backdated: 0.02,
                checked_in: 0.94,
                analysed: 0.70,
                needs: 0.66,
                filled_in: 0.70,
                answered: 0.97,
                cared: 0.92,
                planned_ahead: 0.97,
                ..steady
            },
            Self::Steady => steady,
            // Enough calls and visits, but they are refused, and a refusal costs the days after it.
            Self::WeakOpener => Habits {
                booked: 0.34,
                fruitless: 1.3,
                purposeless: 0.16,
                needs: 0.14,
                answered: 0.74,
                planned_ahead: 0.75,
                thin_skinned: true,
                ..steady
            },
            // Sees the customers often, but talks without an aim when it comes to signing.
            Self::WeakCloser => Habits {
                gap: 0.92,
                fruitless: 0.9,
                purposeless: 0.24,
                prepared: 0.22,
                analysed: 0.25,
                ..steady
            },
            Self::Slow => Habits {
                gap: 1.55,
                follows_up: 0.34,
                moved: 0.28,
                left_open: 0.09,
                backdated: 0.18,
                cared: 0.5,
                planned_ahead: 0.55,
                weak_weekday: Some(Weekday::Fri),
                ..steady
            },
            Self::Discounter => Habits {
                prepared: 0.28,
                needs: 0.22,
                analysed: 0.35,
                ..steady
            },
            // These are the figures of a good turn; a bad one is worse in everything.
            Self::Uneven => Habits {
                weak_weekday: Some(Weekday::Mon),
                cared: 0.6,
                ..steady
            },
            Self::Newcomer => Habits {
                booked: 0.52,
                fruitless: 0.9,
                purposeless: 0.34,
                prepared: 0.30,
                unplanned: 0.30,
                follows_up: 0.50,
                left_open: 0.04,
                needs: 0.25,
                filled_in: 0.75,
                answered: 0.70,
                planned_ahead: 0.7,
                ..steady
            },
        }
    }
}

impl Habits {
    /// The same person in a bad turn of 91 days.
    pub(crate) fn in_a_bad_turn(self) -> Self {
        Self {
            gap: self.gap * 1.7,
            booked: self.booked * 0.7,
            fruitless: self.fruitless * 1.8,
            purposeless: 0.30,
            prepared: 0.15,
            unplanned: 0.38,
            follows_up: 0.35,
            left_open: 0.08,
            backdated: 0.16,
            planned_ahead: 0.45,
            ..self
        }
    }
}
