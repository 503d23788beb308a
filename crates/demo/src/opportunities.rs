//! Makes opportunities with their whole history.

use crate::Company;
use crate::archetypes::{Archetype, Figures};
use crate::calendar::{day_at, instant, working_second};
use crate::catalogue::Product;
use crate::customers::Origin;
use crate::opportunity::Opportunity;
use crate::ownership::Seller;
use crate::plan::FIRST_CLOSE_DAYS;
use crate::random::Random;
use crate::regions::win_shift;
use crate::stages::{Fate, ORDINARY, PROJECT, Process, stage_starts};

/// An opportunity in the making.
pub(crate) struct Draft<'a> {
    pub company: &'a Company,
    pub origin: &'a Origin<'a>,
    pub random: Random,
    pub process: &'static Process,
}

/// Where an opportunity stands in time.
pub(crate) struct Course {
    pub created: i64,
    /// Stages passed, as their number among the process's open ones, with the instants of entry.
    pub entries: Vec<(usize, i64)>,
    /// Day of closing and whether won.
    pub closed: Option<(i64, bool)>,
    pub expected: i32,
    pub fate: Fate,
}

/// Makes an opportunity of a customer; `number` only tells them apart (below 64).
pub(crate) fn opportunity<'a>(
    company: &'a Company,
    origin: &'a Origin<'a>,
    number: u64,
    open_share: f64,
) -> Opportunity {
    let index = origin.index * 64 + number;
    let process = if origin.is_key_account {
        &PROJECT
    } else {
        &ORDINARY
    };
    let mut draft = Draft {
        company,
        origin,
        random: Random::new(company.seed, 60, index),
        process,
    };
    let target = draft.target_amount();
    let is_open = draft.random.chance(open_share);
    let close_day = if is_open { None } else { draft.close_day() };
    let end_day = close_day.unwrap_or(company.last_day);
    let seller = origin.ownership.seller(end_day);
    let figures = seller.map_or(Archetype::Steady.figures(), |seller| seller.figures);
    let leading = draft.product(target, end_day - 60);
    let fate = draft.fate(seller, &figures, leading, end_day);
    let cycle = draft.cycle(target, &figures, fate);
    let course = match close_day {
        Some(day) => draft.closed_course(day, cycle, fate, &figures),
        None => draft.open_course(cycle, fate, &figures),
    };
    let lines = draft.lines(target, leading, day_at(course.created), &figures);
    draft.finish(index, course, lines, leading)
}

impl Draft<'_> {
    /// Log-normal, 32,000 to 6,000,000 元, before products are chosen; in 分.
    fn target_amount(&mut self) -> f64 {
        let (median, spread) = if self.origin.is_key_account {
            (480_000.0, 0.95)
        } else {
            (130_000.0, 0.95)
        };
        let yuan: f64 = median * libm::exp(spread * self.random.normal());
        yuan.clamp(32_000.0, 6_000_000.0) * 100.0
    }

    /// A day of closing by the company's seasons, at least [`FIRST_CLOSE_DAYS`] after the customer's creation.
    fn close_day(&mut self) -> Option<i32> {
        let closings = &self.company.plan.closings;
        let (low, high) = (
            closings.before(self.origin.created_day + FIRST_CLOSE_DAYS),
            closings.total(),
        );
        (low < high).then(|| closings.at(self.random.between(low, high)).0)
    }

    fn fate(
        &mut self,
        seller: Option<&Seller>,
        figures: &Figures,
        leading: &Product,
        day: i32,
    ) -> Fate {
        let mut shift = win_shift(self.origin.province) + leading.win_shift();
        let mut experience = 1.0;
        if let Some(seller) = seller {
            // Quarters of 91 days, so that a good one is always followed by a bad one.
            let good = (day.div_euclid(91) + seller.person as i32) % 2 == 0;
            shift += seller.skill + if good { figures.swing } else { -figures.swing };
            if day - seller.hired < 180 {
                experience = 0.92;
                shift -= 0.05;
            }
        }
        Fate::draw(&mut self.random, figures, shift, experience)
    }

    /// Days from creation to the end: 30 to 120 by size, then by the owner and by how it ends.
    fn cycle(&mut self, target: f64, figures: &Figures, fate: Fate) -> f64 {
        let by_size = 32.0 * libm::pow(target / 2_000_000.0, 0.2);
        let project = if self.origin.is_key_account { 1.1 } else { 1.0 };
        let days: f64 = by_size
            * project
            * figures.cycle
            * fate.cycle()
            * libm::exp(0.28 * self.random.normal());
        days.clamp(9.0, 360.0)
    }

    fn closed_course(
        &mut self,
        close_day: i32,
        cycle: f64,
        fate: Fate,
        figures: &Figures,
    ) -> Course {
        let room = f64::from(close_day - self.origin.created_day - 1);
        let cycle = cycle.min(room);
        let created_day = self.company.calendar.worked_from(close_day - cycle as i32);
        let passed = fate.stages(self.process, &mut self.random);
        let (starts, count) = stage_starts(
            &self.process.stages[..passed],
            figures.last_stage,
            &mut self.random,
        );
        let mut entries = Vec::with_capacity(count);
        let mut last = self.origin.created_at;
        for (stage, start) in starts[..count].iter().enumerate() {
            last = self.moment(
                created_day + (start * f64::from(close_day - created_day)) as i32,
                last,
            );
            entries.push((stage, last));
        }
        let closed = self.moment(close_day, last);
        let expected = (close_day + self.random.range(-6, 5)).max(created_day + 5);
        Course {
            created: entries[0].1,
            entries,
            closed: Some((closed, fate == Fate::Won)),
            expected,
            fate,
        }
    }

    fn open_course(&mut self, cycle: f64, fate: Fate, figures: &Figures) -> Course {
        let company = self.company;
        let is_stuck = self.random.chance(0.16);
        let progress = self.random.unit();
        let age = if is_stuck {
            cycle * self.random.between(1.4, 3.2)
        } else {
            cycle * progress
        };
        let created_day = company
            .calendar
            .worked_until(company.last_day - age as i32)
            .max(self.origin.created_day);
        let age = f64::from(company.last_day - created_day);
        let passed = fate.stages(self.process, &mut self.random);
        let (starts, count) = stage_starts(
            &self.process.stages[..passed],
            figures.last_stage,
            &mut self.random,
        );
        let mut entries = Vec::with_capacity(count);
        let mut last = self.origin.created_at;
        for (stage, start) in starts[..count].iter().enumerate() {
            let days = start * cycle;
            if days > age {
                break;
            }
            last = self.moment((created_day + days as i32).min(company.last_day), last);
            entries.push((stage, last));
        }
        let planned = created_day + (cycle * self.random.between(0.85, 1.25)) as i32;
        let expected = if self.random.chance(if is_stuck { 0.5 } else { 0.1 }) && age > 20.0 {
            company.today_day
                - self
                    .random
                    .range(2, if is_stuck { 60 } else { 20 })
                    .min(age as i32 - 5)
        } else {
            planned.max(company.today_day + self.random.range(4, 70))
        };
        Course {
            created: entries.first().map_or(last, |entry| entry.1),
            entries,
            closed: None,
            expected,
            fate,
        }
    }

    /// An instant on a working day from the given one on, after another instant.
    pub(crate) fn moment(&mut self, day: i32, after: i64) -> i64 {
        let calendar = &self.company.calendar;
        let before = calendar.worked_until(day);
        // What would fall on days off goes to the days on either side.
        let day = if before < day && before > day_at(after) && self.random.chance(0.5) {
            before
        } else {
            calendar.worked_from(day)
        }
        .min(self.company.last_day);
        // Not before a visit of the same morning that led to it can have ended.
        let free = instant(day, working_second(0.44 + self.random.unit() * 0.5));
        if free > after {
            free
        } else {
            after + 1_000 * i64::from(self.random.range(120, 900))
        }
    }
}
