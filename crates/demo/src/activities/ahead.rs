//! What is planned from today on with a customer, and the tasks that are due.

use chrono::Datelike;

use super::texts::{About, address, purpose};
use super::turn::minutes;
use super::{AHEAD_DAYS, Diary, Working};
use crate::activity::{Activity, Plan};
use crate::calendar::{date_of, day_at, day_of, instant, working_second};
use crate::catalogue::COMPETITORS;
use crate::opportunity::Opportunity;
use crate::random::Random;
use crate::stages::level_of;
use crate::tables::visit_phrases::PREPARATIONS;

impl Working<'_> {
    /// Adds the plans of the next two weeks, today among them, and the open tasks.
    pub(crate) fn plan_ahead(
        &self,
        activities: &mut Vec<Activity>,
        diary: &mut Diary,
        random: &mut Random,
    ) {
        if self.customer.owner_id.is_none() {
            return;
        }
        let (_, habits) = self.worker(self.company.today_day);
        for opportunity in &self.customer.opportunities {
            if opportunity.outcome != "open" {
                continue;
            }
            let level = level_of(opportunity.process, opportunity.stage).unwrap_or(0);
            if random.chance(habits.planned_ahead) {
                let kind = kind_at(level, random);
                let promised = opportunity
                    .next_step_on
                    .map(day_of)
                    .filter(|day| (0..AHEAD_DAYS).contains(&(day - self.company.today_day)));
                let day = promised.unwrap_or_else(|| self.coming_day(random));
                self.plan(activities, Some(opportunity), kind, day, diary, random);
            }
            if random.chance(habits.planned_ahead * 0.4) {
                let day = self.coming_day(random);
                self.plan(activities, Some(opportunity), "call", day, diary, random);
            }
            if random.chance(0.3) {
                let due = self.company.today_day + random.range(-4, 9);
                self.plan(activities, Some(opportunity), "task", due, diary, random);
            }
        }
        let kind = match self.customer.funnel_level {
            "won" | "retained" => "service",
            "dormant" | "lost" => return,
            "prospect" | "target" => "appointment",
            _ => "call",
        };
        if random.chance(0.05 * habits.cared) {
            let day = self.coming_day(random);
            self.plan(activities, None, kind, day, diary, random);
        }
    }

    /// A day of the next two weeks: the nearer, the fuller.
    fn coming_day(&self, random: &mut Random) -> i32 {
        let near = random.unit() * random.unit();
        self.company
            .calendar
            .worked_from(self.company.today_day + (near * f64::from(AHEAD_DAYS)) as i32)
    }

    fn plan(
        &self,
        activities: &mut Vec<Activity>,
        opportunity: Option<&Opportunity>,
        kind: &'static str,
        day: i32,
        diary: &mut Diary,
        random: &mut Random,
    ) {
        let company = self.company;
        let (person, habits) = self.worker(company.today_day);
        let contacts = &self.customer.contacts;
        let Some(contact) = contacts.get(random.below(contacts.len())) else {
            return;
        };
        let name = address(&contact.name, contact.title);
        let about = About {
            phase: self.phase(opportunity, day),
            contact: &name,
            department: contact.department,
            topic: opportunity.map_or("自动化改造", |opportunity| self.topic(opportunity)),
            competitor: opportunity
                .and_then(|opportunity| opportunity.competitor)
                .unwrap_or(COMPETITORS[0]),
            month: date_of(day).month(),
            amount: opportunity.map_or(20, |opportunity| opportunity.amount_minor / 1_000_000),
        };
        let earliest = self
            .customer
            .created_at
            .max(opportunity.map_or(0, |opportunity| opportunity.created_at))
            .max(instant(day_of(company.people[person].hired_on), 32_400))
            + 300_000;
        let made = company
            .calendar
            .worked_until(company.last_day - random.range(0, 5));
        let created_at = instant(made, working_second(random.unit())).max(earliest);
        let owner_id = company.people[person].id;
        let id = self.id(activities.len() as u64);
        let mut record = Activity {
            customer_id: Some(self.customer.id),
            contact_ids: vec![contact.id],
            opportunity_id: opportunity.map(|opportunity| opportunity.id),
            ..Activity::bare(id, kind, owner_id, created_at)
        };
        if kind == "task" {
            record.contact_ids = Vec::new();
            self.make_task(&mut record, &about, day, random);
            if let Some(task) = &mut record.task {
                let ticked = random.below(task.checklist.len() + 1);
                task.checklist
                    .iter_mut()
                    .skip(ticked)
                    .for_each(|(_, is_done)| *is_done = false);
            }
            activities.push(record);
            return;
        }
        let takes = minutes(kind);
        let day = company.calendar.worked_from(day);
        let wanted = 9 * 60 + random.range(0, 32) * 15;
        let start = diary.take(person, day, wanted, takes + 20, None);
        let is_moved = random.chance(habits.moved);
        if is_moved {
            record.state = "moved";
        }
        let before = company.calendar.worked_until(day - random.range(1, 4));
        let preparation = random.chance(habits.prepared);
        record.plan = Some(Plan {
            start_at: Some(start),
            end_at: Some(start + i64::from(takes) * 60_000),
            first_start_at: is_moved
                .then(|| instant(before, working_second(random.unit()) / 900 * 900)),
            due_on: None,
            purpose: (!random.chance(habits.purposeless))
                .then(|| about.text(purpose(kind, about.phase), random)),
            preparation: preparation.then(|| random.pick(PREPARATIONS)),
            reminder_minutes: random.chance(0.45).then(|| random.pick(&[15, 30, 60])),
        });
        self.follow_last(activities, &mut record, random);
        activities.push(record);
    }

    /// Makes it the follow-up of what was done last on the same way, when that is not long ago.
    fn follow_last(&self, activities: &mut [Activity], record: &mut Activity, random: &mut Random) {
        let (_, habits) = self.worker(self.company.today_day);
        let last = activities
            .iter_mut()
            .rev()
            .find(|before| before.opportunity_id == record.opportunity_id && before.deed.is_some());
        let Some(last) = last else { return };
        let Some(logged_at) = last.deed.as_ref().map(|deed| deed.logged_at) else {
            return;
        };
        let is_recent = self.company.today_day - day_at(logged_at) < 21;
        if is_recent
            && !last.has_follow_up
            && last.owner_id == record.owner_id
            && random.chance(habits.follows_up)
        {
            last.has_follow_up = true;
            record.follow_up_of_id = Some(last.id);
            record.created_at = logged_at;
            record.updated_at = logged_at;
        }
    }
}

fn kind_at(level: usize, random: &mut Random) -> &'static str {
    let choices: &[(&'static str, u32)] = match level {
        0 => &[("call", 60), ("appointment", 40)],
        1 => &[("appointment", 35), ("first", 50), ("call", 15)],
        2 => &[("presentation", 50), ("meeting", 20), ("call", 30)],
        _ => &[("closing", 60), ("call", 30), ("meeting", 10)],
    };
    random.weighted(choices)
}
