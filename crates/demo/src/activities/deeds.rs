//! What was done: when, where, with whom, and what was written down about it.

use uuid::Uuid;

use super::records::{MINUTE, Writing};
use super::standard::{INTRODUCED_DAYS, Visit, standard_steps};
use super::texts::{About, Phase, result};
use super::turn::{Turn, is_outside, minutes};
use super::{Habits, Working, is_refused_on};
use crate::activity::{Activity, CheckIn, Deed, Step};
use crate::calendar::{date_of, day_at, day_of, instant, working_second};
use crate::contacts::Contact;
use crate::opportunity::Opportunity;
use crate::random::Random;
use crate::stages::level_of;
use crate::tables::visit_phrases::{ANALYSIS_BAD, ANALYSIS_GOOD, ANALYSIS_KEPT, NEEDS, REFUSALS};

impl Working<'_> {
    /// The contact, and sometimes another; only those who were known by then.
    pub(crate) fn met(&self, contact: &Contact, at: i64, random: &mut Random) -> Vec<Uuid> {
        let another = random.below(self.customer.contacts.len());
        let is_joined = random.chance(0.22);
        let others = self.customer.contacts.get(another).filter(|_| is_joined);
        let mut met: Vec<Uuid> = [Some(contact), others]
            .into_iter()
            .flatten()
            .filter(|contact| contact.created_at < at)
            .map(|contact| contact.id)
            .collect();
        met.dedup();
        met
    }

    /// Who comes along from our side: pre-sales to exchanges, the supervisor to newcomers and to large deals.
    pub(crate) fn participants(&self, writing: &Writing<'_>, random: &mut Random) -> Vec<Uuid> {
        let (company, day) = (self.company, writing.step.day);
        let mut people = Vec::new();
        let wants_pre_sales = match writing.step.kind {
            "meeting" => 0.9,
            "presentation" => 0.25,
            _ => 0.0,
        };
        let pre_sales = &company.organisation.pre_sales;
        if random.chance(wants_pre_sales)
            && let Some(number) = pre_sales.get(random.below(pre_sales.len()))
        {
            people.push(*number as usize);
        }
        let is_new = day - day_of(company.people[writing.person].hired_on) < 120;
        let wants_supervisor = match writing.step.kind {
            kind if !is_outside(kind) => 0.0,
            _ if is_new => 0.30,
            "closing" if self.customer.class == "key_account" => 0.22,
            "closing" => 0.08,
            _ => 0.03,
        };
        if random.chance(wants_supervisor) {
            people.push(self.ownership.supervisor());
        }
        people
            .into_iter()
            .filter(|person| {
                *person != writing.person && company.people[*person].hired_on <= date_of(day)
            })
            .map(|person| company.people[person].id)
            .collect()
    }

    /// Where the matter stood in the morning of a day.
    pub(crate) fn phase(&self, opportunity: Option<&Opportunity>, day: i32) -> Phase {
        let level = match opportunity {
            Some(opportunity) => opportunity
                .stages
                .iter()
                .rev()
                .find(|entry| day_at(entry.entered_at) < day)
                .and_then(|entry| level_of(opportunity.process, entry.stage)),
            None => self
                .customer
                .level_reaches
                .iter()
                .rposition(|reach| day_at(reach.at) < day),
        };
        match level {
            Some(4) => Phase::Kept,
            Some(2 | 3) => Phase::Open,
            _ => Phase::Early,
        }
    }

    pub(crate) fn topic(&self, opportunity: &Opportunity) -> &'static str {
        opportunity
            .lines
            .first()
            .and_then(|line| {
                self.company
                    .products
                    .iter()
                    .find(|product| product.id == line.product_id)
            })
            .map_or("自动化改造", |product| product.topic)
    }

    pub(crate) fn deed(
        &self,
        record: &Activity,
        writing: &Writing<'_>,
        start: i64,
        about: &About<'_>,
        random: &mut Random,
    ) -> Deed {
        let Writing {
            step,
            person,
            habits,
            ..
        } = *writing;
        let takes = i64::from(minutes(step.kind));
        let late = match (step.limit, is_outside(step.kind)) {
            (Some(_), _) => random.range(-6, 0),
            (None, true) => random.range(-5, 12),
            (None, false) => random.range(-3, 8),
        };
        let started_at = (start + i64::from(late) * MINUTE).max(instant(step.day, 6 * 3_600));
        let mut ended_at =
            started_at + (takes as f64 * random.between(0.6, 1.1) * 60.0) as i64 * 1_000;
        if let Some(limit) = step.limit {
            ended_at = ended_at.min(limit - MINUTE).max(started_at);
        }
        let logged_at = self.logged_at(step.day, ended_at, habits, random);
        let is_outside = is_outside(step.kind);
        let is_effective = step.turn.is_effective();
        let check_in = if is_outside && random.chance(habits.checked_in) {
            Some(self.check_in(started_at, random))
        } else {
            None
        };
        let is_refused = match step.turn {
            Turn::TurnedDown => true,
            Turn::NotBooked | Turn::Attempt if !habits.thin_skinned => random.chance(0.22),
            Turn::NotBooked | Turn::Attempt => {
                is_refused_on(self.company, person, step.day) && random.chance(0.75)
            }
            _ => false,
        };
        let refusal_reason = match (is_refused, writing.opportunity) {
            (false, _) => None,
            (true, Some(opportunity)) if step.turn == Turn::TurnedDown => opportunity.loss_note,
            (true, _) => Some(random.pick(REFUSALS)),
        };
        let finds = matches!(
            step.turn,
            Turn::Opened | Turn::Shown | Turn::Convinced | Turn::Exchange
        );
        let names_competitor =
            finds || matches!(step.turn, Turn::Bargained | Turn::Stalled | Turn::Unmoved);
        Deed {
            started_at,
            ended_at,
            logged_at,
            device_at: check_in
                .as_ref()
                .map(|_| logged_at - i64::from(random.range(0, 4_000))),
            result: (step.turn != Turn::Work)
                .then(|| about.text(result(step.kind, step.turn, about.phase), random)),
            analysis: (is_outside && random.chance(habits.analysed)).then(|| {
                let parts = match is_effective {
                    _ if about.phase == Phase::Kept => ANALYSIS_KEPT,
                    Some(true) => ANALYSIS_GOOD,
                    _ => ANALYSIS_BAD,
                };
                about.text(parts, random)
            }),
            is_effective,
            intention_reached: step.turn == Turn::Convinced,
            appointment_got: (step.kind == "appointment").then_some(step.turn == Turn::Booked),
            refusal_reason,
            needs_found: (finds && random.chance(habits.needs)).then(|| about.text(NEEDS, random)),
            competitor: writing
                .opportunity
                .and_then(|opportunity| opportunity.competitor)
                .filter(|_| names_competitor && random.chance(0.4)),
            steps: self.filled_in(record, writing, about, random),
            check_in,
        }
    }

    /// The steps of a standard visit, where they were filled in.
    fn filled_in(
        &self,
        record: &Activity,
        writing: &Writing<'_>,
        about: &About<'_>,
        random: &mut Random,
    ) -> Vec<Step> {
        let is_standard = writing.step.day > self.company.today_day - INTRODUCED_DAYS;
        if !is_standard || !random.chance(writing.habits.filled_in) {
            return Vec::new();
        }
        let visit = Visit {
            kind: record.kind,
            turn: writing.step.turn,
            products: writing.opportunity.map_or_else(Vec::new, |opportunity| {
                opportunity
                    .lines
                    .iter()
                    .map(|line| line.product_id)
                    .collect()
            }),
            competitor: writing
                .opportunity
                .and_then(|opportunity| opportunity.competitor),
        };
        standard_steps(&visit, about, &writing.habits, random)
    }

    /// Minutes after the end, the same evening, or on one of the next three days; never after the history's end.
    fn logged_at(&self, day: i32, ended_at: i64, habits: Habits, random: &mut Random) -> i64 {
        let later = self.company.calendar.worked_from(day + random.range(1, 3));
        if random.chance(habits.backdated) && later <= (day + 3).min(self.company.last_day) {
            return instant(later, working_second(random.unit()));
        }
        let minutes = if random.chance(0.3) {
            random.range(60, 240)
        } else {
            random.range(2, 40)
        };
        (ended_at + i64::from(minutes) * MINUTE)
            .min(instant(day, 23 * 3_600))
            .max(ended_at)
    }

    fn check_in(&self, started_at: i64, random: &mut Random) -> CheckIn {
        let at = started_at - i64::from(random.range(-120, 420)) * 1_000;
        let position = random.weighted(&[("located", 88), ("refused", 6), ("unavailable", 6)]);
        let place = (position == "located").then(|| {
            let (latitude, longitude) = self.customer.position;
            // One in fifty is somewhere else in town.
            let spread = if random.chance(0.02) { 0.05 } else { 0.0005 };
            let mut near = |middle: f64| ((middle + spread * random.normal()) * 1e6).round() / 1e6;
            let (latitude, longitude) = (near(latitude), near(longitude));
            (latitude, longitude, i64::from(random.range(6, 65)))
        });
        CheckIn {
            at: at.min(started_at + 120_000),
            position,
            place,
        }
    }
}
