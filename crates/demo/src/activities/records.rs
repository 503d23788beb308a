//! Steps as records: planned or not, done, moved, cancelled or left open, with what was written down.

use chrono::Datelike;
use uuid::Uuid;

use super::texts::{About, address, purpose};
use super::turn::{Step, Turn, is_outside, minutes};
use super::{Diary, Habits, Working};
use crate::activity::{Activity, Plan, Task};
use crate::calendar::{date_of, day_at, day_of, instant, working_second};
use crate::catalogue::COMPETITORS;
use crate::ids::{Kind, id, in_order};
use crate::opportunity::Opportunity;
use crate::random::Random;
use crate::tables::visit_phrases::{CANCEL_REASONS, PREPARATIONS, PURPOSE_FIRST, TASKS};

/// Activities of one customer at most; the ids count on it.
const MOST: u64 = 1 << 14;
/// Days after which nobody leaves a plan open any more.
const TIDY_DAYS: i32 = 90;
pub(crate) const MINUTE: i64 = 60_000;

/// What is being written down, and by whom.
pub(crate) struct Writing<'a> {
    pub step: &'a Step,
    pub person: usize,
    pub habits: Habits,
    pub opportunity: Option<&'a Opportunity>,
}

impl Working<'_> {
    /// The steps as records, in their order.
    pub(crate) fn records(
        &self,
        steps: &[Step],
        diary: &mut Diary,
        random: &mut Random,
    ) -> Vec<Activity> {
        let mut records: Vec<Activity> = Vec::with_capacity(steps.len() + 4);
        // The last record on each opportunity's way, and at the end that on the way without one.
        let mut last = vec![None; self.customer.opportunities.len() + 1];
        for step in steps {
            let way = step
                .opportunity
                .unwrap_or(self.customer.opportunities.len());
            let record = self.record(step, records.len() as u64, diary, random);
            let Some(mut record) = record else { continue };
            if let Some(before) = last[way] {
                self.follow(&mut records[before], &mut record, random);
            }
            if record.deed.is_some() {
                last[way] = Some(records.len());
            }
            records.push(record);
        }
        records
    }

    /// Makes a plan the follow-up of what was done before, when the plan could have been made then.
    fn follow(&self, before: &mut Activity, record: &mut Activity, random: &mut Random) {
        let Some(deed) = &before.deed else { return };
        let starts = record.plan.as_ref().and_then(|plan| {
            let due = plan.due_on.map(|due| instant(day_of(due), 0));
            plan.start_at.or(due)
        });
        let is_possible = starts.is_some_and(|starts| deed.logged_at < starts)
            && !before.has_follow_up
            && before.owner_id == record.owner_id;
        let owner = self.worker(day_at(deed.logged_at));
        if is_possible && random.chance(owner.1.follows_up) {
            before.has_follow_up = true;
            record.follow_up_of_id = Some(before.id);
            record.created_at = deed.logged_at;
            record.created_by = before.owner_id;
            record.updated_at = record.updated_at.max(record.created_at);
        }
    }

    /// The identifier of the customer's activity with a number. Identifiers follow each other as they are made, not as time
    /// does: a database puts tens of millions of them at the end of its index.
    pub(crate) fn id(&self, number: u64) -> Uuid {
        let made_at = self.customer.created_at;
        let index = self.customer.index * MOST + number;
        in_order(
            id(self.company.seed, Kind::Activity, index, made_at),
            number,
        )
    }

    fn record(
        &self,
        step: &Step,
        number: u64,
        diary: &mut Diary,
        random: &mut Random,
    ) -> Option<Activity> {
        let (person, habits) = self.worker(step.day);
        let opportunity = step
            .opportunity
            .and_then(|number| self.customer.opportunities.get(number));
        let contacts = &self.customer.contacts;
        let contact = contacts.get(random.below(contacts.len()))?;
        let writing = Writing {
            step,
            person,
            habits,
            opportunity,
        };
        let takes = minutes(step.kind);
        let way = if is_outside(step.kind) { 20 } else { 12 };
        let wanted = 8 * 60 + 30 + random.range(0, 34) * 15;
        let start = diary.take(person, step.day, wanted, takes + way, step.limit);
        let is_planned = step.turn == Turn::Work || !random.chance(habits.unplanned);
        let created_at = if is_planned {
            self.planned_at(step.day, start, random)
        } else {
            None
        };
        let owner_id = self.company.people[person].id;
        let mut record = Activity {
            state: "done",
            participant_ids: self.participants(&writing, random),
            customer_id: Some(self.customer.id),
            opportunity_id: opportunity.map(|opportunity| opportunity.id),
            updated_at: start,
            ..Activity::bare(
                Uuid::nil(),
                step.kind,
                owner_id,
                created_at.unwrap_or(start),
            )
        };
        if step.turn != Turn::Work {
            record.contact_ids = self.met(contact, start, random);
        }
        let competitor = opportunity
            .and_then(|opportunity| opportunity.competitor)
            .unwrap_or(COMPETITORS[(self.customer.index % COMPETITORS.len() as u64) as usize]);
        let contact_name = address(&contact.name, contact.title);
        let about = About {
            phase: self.phase(opportunity, step.day),
            contact: &contact_name,
            department: contact.department,
            topic: opportunity.map_or("自动化改造", |opportunity| self.topic(opportunity)),
            competitor,
            month: date_of(step.day).month(),
            amount: opportunity.map_or(20, |opportunity| opportunity.amount_minor / 1_000_000),
        };
        if let Some(created_at) = created_at {
            record.created_by = self.company.people[self.ownership.person(day_at(created_at))].id;
            let mut plan = Plan {
                start_at: Some(start),
                end_at: Some(start + i64::from(takes) * MINUTE),
                ..Plan::default()
            };
            if random.chance(habits.moved) && step.turn != Turn::Work {
                let first = self
                    .company
                    .calendar
                    .worked_until(step.day - random.range(1, 8));
                plan.first_start_at =
                    Some(instant(first, working_second(random.unit()) / 900 * 900))
                        .filter(|first| *first > created_at);
            }
            if !random.chance(habits.purposeless) {
                let parts = if step.turn == Turn::Attempt {
                    PURPOSE_FIRST
                } else {
                    purpose(step.kind, about.phase)
                };
                plan.purpose = Some(about.text(parts, random));
            }
            if is_outside(step.kind) && random.chance(habits.prepared) {
                plan.preparation = Some(random.pick(PREPARATIONS));
            }
            record.plan = Some(plan);
        }
        if step.turn == Turn::Work {
            self.make_task(&mut record, &about, step.day, random);
        }
        record.id = self.id(number);
        self.end(&mut record, &writing, start, &about, random);
        Some(record)
    }

    /// When a plan for a start was made; none when there was no time to plan.
    pub(crate) fn planned_at(&self, day: i32, start: i64, random: &mut Random) -> Option<i64> {
        let calendar = &self.company.calendar;
        let made = calendar.worked_until(
            day - random.weighted(&[(1, 30), (2, 24), (3, 18), (4, 12), (6, 10), (9, 6)]),
        );
        let earliest = self.customer.created_at + 5 * MINUTE;
        let made = instant(made, working_second(random.unit())).max(earliest);
        (made < start - 20 * MINUTE).then_some(made)
    }

    /// Makes it a task that was due on a day.
    pub(crate) fn make_task(
        &self,
        record: &mut Activity,
        about: &About<'_>,
        due: i32,
        random: &mut Random,
    ) {
        let (text, checklist) = TASKS[random.below(TASKS.len())];
        record.subject = Some(about.phrase(text, random));
        record.plan = Some(Plan {
            due_on: Some(date_of(due)),
            ..Plan::default()
        });
        let supervisor = self.company.people[self.ownership.supervisor()].id;
        let is_given = random.chance(0.18) && supervisor != record.owner_id;
        record.task = Some(Task {
            priority: random.weighted(&[("normal", 62), ("high", 26), ("low", 12)]),
            checklist: checklist.iter().map(|text| (*text, true)).collect(),
            giver_id: is_given.then_some(supervisor),
        });
        if is_given {
            record.created_by = supervisor;
        }
    }

    /// What became of it: done, cancelled, or left open.
    fn end(
        &self,
        record: &mut Activity,
        writing: &Writing<'_>,
        start: i64,
        about: &About<'_>,
        random: &mut Random,
    ) {
        let Writing { step, habits, .. } = writing;
        let is_loose = record.plan.is_some()
            && step.limit.is_none()
            && matches!(
                step.turn,
                Turn::Talk
                    | Turn::NoAnswer
                    | Turn::Attempt
                    | Turn::Shown
                    | Turn::Unmoved
                    | Turn::Bargained
                    | Turn::Stalled
                    | Turn::Kept
                    | Turn::Exchange
                    | Turn::Work
            );
        let is_moved = record
            .plan
            .as_ref()
            .is_some_and(|plan| plan.first_start_at.is_some());
        if is_loose && random.chance(habits.cancelled) {
            record.state = "cancelled";
            record.cancel_reason = Some(random.pick(CANCEL_REASONS));
            record.updated_at =
                (start - i64::from(random.range(30, 600)) * MINUTE).max(record.created_at + MINUTE);
            self.untick(record);
            return;
        }
        let is_recent = step.day > self.company.last_day - TIDY_DAYS;
        if is_loose && is_recent && random.chance(habits.left_open) {
            record.state = if is_moved { "moved" } else { "planned" };
            record.updated_at = if is_moved {
                record.created_at + 10 * MINUTE
            } else {
                record.created_at
            };
            self.untick(record);
            return;
        }
        let deed = self.deed(record, writing, start, about, random);
        if record.plan.is_none() {
            record.created_at = deed.logged_at;
        }
        record.updated_at = deed.logged_at;
        record.deed = Some(deed);
    }

    fn untick(&self, record: &mut Activity) {
        if let Some(task) = &mut record.task {
            task.checklist
                .iter_mut()
                .skip(1)
                .for_each(|(_, is_done)| *is_done = false);
        }
    }
}
