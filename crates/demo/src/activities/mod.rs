//! Two years of activities: what was planned and done around the customers, and inside the groups.
//!
//! The steps of a customer follow from its opportunities and funnel levels (`course`); each then becomes a record as its owner
//! would have left it (`records`), by the habits of the kind of person (`habits`). What is planned from today on is in `ahead`,
//! meetings, events and tasks of the groups in `inside`.

mod ahead;
mod course;
mod deeds;
mod diary;
mod habits;
mod inside;
mod records;
mod standard;
mod texts;
mod turn;

use chrono::{Datelike, Weekday};

pub use diary::Diary;
pub use habits::Habits;

use crate::Company;
use crate::activity::Activity;
use crate::archetypes::Archetype;
use crate::calendar::{date_of, day_at};
use crate::customers::Customer;
use crate::ownership::Ownership;
use crate::plan::HISTORY_DAYS;
use crate::random::{Random, fraction, key};

/// Days from today on for which there are plans.
const AHEAD_DAYS: i32 = 14;

impl Company {
    /// An empty diary. The same activities come only with one that saw the same calls before.
    pub fn diary(&self) -> Diary {
        Diary::new(
            self,
            self.today_day - HISTORY_DAYS,
            self.today_day + 2 * AHEAD_DAYS,
        )
    }

    /// How many groups sell.
    pub fn group_count(&self) -> usize {
        self.organisation.groups.len()
    }

    /// What a group (a number below [`Company::group_count`]) did and plans among itself, oldest first.
    pub fn group_activities(&self, group: usize, diary: &mut Diary) -> Vec<Activity> {
        inside::of_group(self, group, diary)
    }

    /// What was done and is planned with a customer: a plan that follows up comes after what it follows up.
    pub fn activities(&self, customer: &Customer, diary: &mut Diary) -> Vec<Activity> {
        let mut random = Random::new(self.seed, 90, customer.index);
        let working = Working::new(self, customer);
        let steps = working.steps(&mut random);
        let mut activities = working.records(&steps, diary, &mut random);
        working.plan_ahead(&mut activities, diary, &mut random);
        activities
    }
}

/// A customer with what the making of its activities has to know.
pub(crate) struct Working<'a> {
    pub company: &'a Company,
    pub customer: &'a Customer,
    pub ownership: Ownership<'a>,
    /// The last day on which somebody looked after it.
    pub until: i32,
    /// The day on which it became engaged; far away when it never did.
    pub engaged_from: i32,
}

impl<'a> Working<'a> {
    fn new(company: &'a Company, customer: &'a Customer) -> Self {
        let group = &company.organisation.groups[customer.group];
        Self {
            company,
            customer,
            ownership: Ownership::new(group, company.seed, customer.index),
            until: customer
                .last_followed_at
                .max(customer.level_reaches.last().map(|reach| reach.at))
                .map_or(i32::MIN, day_at)
                .min(company.last_day),
            engaged_from: customer
                .level_reaches
                .iter()
                .find(|reach| reach.level == "engaged")
                .map_or(i32::MAX, |reach| day_at(reach.at)),
        }
    }

    /// Who works on a day (a place among the people), and by which habits.
    pub(crate) fn worker(&self, day: i32) -> (usize, Habits) {
        match self.ownership.seller(day) {
            Some(seller) => {
                let person = seller.person as usize;
                (person, habits_on(seller.archetype, person, day))
            }
            None => (self.ownership.person(day), Archetype::Steady.habits()),
        }
    }

    /// The day itself or the next on which its worker does something of their own accord.
    pub(crate) fn free_day(&self, day: i32) -> i32 {
        let calendar = &self.company.calendar;
        let mut free = calendar.worked_from(day);
        if free != day {
            // What would fall on days off goes to some day after them, not all to the first.
            let salt = self.company.seed ^ self.customer.index;
            for _ in 0..key(salt, 94, day as u64) % 4 {
                free = calendar.worked_from(free + 1);
            }
        }
        let mut day = free;
        for _ in 0..3 {
            let (person, habits) = self.worker(day);
            if !is_idle(self.company, person, &habits, day, self.customer.index) {
                break;
            }
            day = self.company.calendar.worked_from(day + 1);
        }
        day
    }
}

/// The habits of a kind of person on a day: an uneven one has bad turns.
pub(crate) fn habits_on(archetype: Archetype, person: usize, day: i32) -> Habits {
    let is_bad = archetype == Archetype::Uneven && (day.div_euclid(91) + person as i32) % 2 != 0;
    if is_bad {
        archetype.habits().in_a_bad_turn()
    } else {
        archetype.habits()
    }
}

/// Share of what would be done on a weak weekday, or after a refusal, that is put off.
const PUT_OFF: f64 = 0.8;

fn is_idle(company: &Company, person: usize, habits: &Habits, day: i32, salt: u64) -> bool {
    let is_weak_weekday = habits.weak_weekday == Some(date_of(day).weekday());
    let is_hurt =
        habits.thin_skinned && (1..=3).any(|ago| is_refused_on(company, person, day - ago));
    (is_weak_weekday || is_hurt)
        && fraction(key(
            company.seed ^ salt,
            92,
            (day as u64) << 32 | person as u64,
        )) < PUT_OFF
}

/// Whether a day is one on which a person's refusals come: a Monday or Tuesday of every other week. So what a refusal
/// does to the days after it can be seen.
pub(crate) fn is_refused_on(company: &Company, person: usize, day: i32) -> bool {
    let weekday = date_of(day).weekday();
    let week = (day + 3).div_euclid(7);
    matches!(weekday, Weekday::Mon | Weekday::Tue)
        && key(company.seed, 93, (week as u64) << 32 | person as u64).is_multiple_of(2)
}
