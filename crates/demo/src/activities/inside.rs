//! What a group does among itself: the weekly meeting, events, and the tasks of the office.

use chrono::Datelike;
use uuid::Uuid;

use super::texts::{About, Phase};
use super::{AHEAD_DAYS, Diary, habits_on};
use crate::Company;
use crate::activity::{Activity, Deed, Plan, Task};
use crate::calendar::{date_of, instant, working_second};
use crate::catalogue::COMPETITORS;
use crate::ids::{Kind, id};
use crate::ownership::{Group, Seller};
use crate::plan::HISTORY_DAYS;
use crate::random::Random;
use crate::tables::visit_phrases::{EVENTS, GROUP_PURPOSES, GROUP_RESULTS, OFFICE_TASKS};

/// Activities of one group at most; the ids count on it.
const MOST: u64 = 1 << 16;
const MINUTE: i64 = 60_000;

struct Inside<'a> {
    company: &'a Company,
    number: usize,
    group: &'a Group,
    random: Random,
    made: Vec<Activity>,
}

/// The activities of a group, in the order of their days.
pub(crate) fn of_group(company: &Company, number: usize, diary: &mut Diary) -> Vec<Activity> {
    let Some(group) = company.organisation.groups.get(number) else {
        return Vec::new();
    };
    let mut inside = Inside {
        company,
        number,
        group,
        random: Random::new(company.seed, 91, number as u64),
        made: Vec::new(),
    };
    let first = company.today_day - HISTORY_DAYS;
    let mut event = first + inside.random.range(5, 40);
    for day in first..company.today_day + AHEAD_DAYS {
        if company.calendar.worked_from(day) != day {
            continue;
        }
        // The first worked day of a week begins with the meeting.
        let is_first = company.calendar.worked_until(day - 1) < day - (day + 3).rem_euclid(7);
        if is_first {
            inside.weekly_meeting(day, diary);
        }
        if day >= event {
            inside.event(day, diary);
            event = day + inside.random.range(32, 60);
        }
        for seller in &group.sellers {
            if inside.random.chance(1.0 / 17.0) {
                inside.office_task(seller, day);
            }
        }
    }
    inside.made
}

impl Inside<'_> {
    /// Sellers in service on a day, but for those who were hired on it.
    fn here(&self, day: i32) -> Vec<usize> {
        self.group
            .sellers
            .iter()
            .filter(|seller| seller.hired < day && day < seller.left)
            .map(|seller| seller.person as usize)
            .collect()
    }

    fn ids(&self, people: &[usize]) -> Vec<Uuid> {
        people
            .iter()
            .map(|person| self.company.people[*person].id)
            .collect()
    }

    fn about(&self, day: i32) -> About<'static> {
        About {
            phase: Phase::Open,
            contact: "",
            department: "",
            topic: "",
            competitor: COMPETITORS[day.unsigned_abs() as usize % COMPETITORS.len()],
            month: date_of(day).month(),
            amount: 0,
        }
    }

    /// A record of the group without plan and deed.
    fn record(&self, kind: &'static str, owner: Uuid, created_at: i64) -> Activity {
        let number = self.number as u64 * MOST + self.made.len() as u64;
        let id = id(self.company.seed, Kind::GroupActivity, number, created_at);
        Activity::bare(id, kind, owner, created_at)
    }

    fn weekly_meeting(&mut self, day: i32, diary: &mut Diary) {
        let supervisor = self.group.supervisor as usize;
        let sellers = self.here(day);
        let start = instant(day, 8 * 3_600 + 45 * 60);
        for person in sellers.iter().chain([&supervisor]) {
            diary.mark(*person, start, 60);
        }
        let created_at = instant(self.company.calendar.worked_until(day - 4), 61_000);
        let mut record = self.record("meeting", self.company.people[supervisor].id, created_at);
        record.subject = Some("周例会".to_owned());
        record.participant_ids = self.ids(&sellers);
        record.plan = Some(Plan {
            start_at: Some(start),
            end_at: Some(start + 60 * MINUTE),
            purpose: Some(self.random.pick(GROUP_PURPOSES).to_owned()),
            reminder_minutes: Some(15),
            ..Plan::default()
        });
        let phrase = self.random.pick(GROUP_RESULTS);
        let ended = start + i64::from(self.random.range(42, 75)) * MINUTE;
        self.done(&mut record, day, (start, ended), phrase);
        self.made.push(record);
    }

    fn event(&mut self, day: i32, diary: &mut Diary) {
        let sellers = self.here(day);
        let Some(owner) = sellers.get(self.random.below(sellers.len())).copied() else {
            return;
        };
        let others: Vec<usize> = sellers
            .into_iter()
            .filter(|person| *person != owner && self.random.chance(0.55))
            .collect();
        let (subject, result) = EVENTS[self.random.below(EVENTS.len())];
        let start = instant(day, 13 * 3_600 + 30 * 60);
        for person in others.iter().chain([&owner]) {
            diary.mark(*person, start, 150);
        }
        let made = self
            .company
            .calendar
            .worked_until(day - self.random.range(9, 24));
        let hired = crate::calendar::day_of(self.company.people[owner].hired_on);
        let created_at = instant(made.max(hired), 55_000);
        let mut record = self.record("event", self.company.people[owner].id, created_at);
        record.subject = Some(self.about(day).phrase(subject, &mut self.random));
        record.participant_ids = self.ids(&others);
        record.plan = Some(Plan {
            start_at: Some(start),
            end_at: Some(start + 150 * MINUTE),
            purpose: Some("接触新客户，收集需求，会后三天内回访".to_owned()),
            ..Plan::default()
        });
        let ended = start + i64::from(self.random.range(110, 170)) * MINUTE;
        self.done(&mut record, day, (start, ended), result);
        self.made.push(record);
    }

    /// What lies before today was done.
    fn done(
        &mut self,
        record: &mut Activity,
        day: i32,
        (started_at, ended_at): (i64, i64),
        phrase: &str,
    ) {
        if day > self.company.last_day {
            return;
        }
        let logged_at = ended_at + i64::from(self.random.range(3, 90)) * MINUTE;
        record.state = "done";
        record.updated_at = logged_at;
        record.deed = Some(Deed {
            started_at,
            ended_at,
            logged_at,
            result: Some(self.about(day).phrase(phrase, &mut self.random)),
            ..Deed::default()
        });
    }

    /// A task of a seller that falls due on a day, given by the supervisor or set to oneself.
    fn office_task(&mut self, seller: &Seller, due: i32) {
        let set = self
            .company
            .calendar
            .worked_until(due - self.random.range(2, 9))
            .min(self.company.last_day);
        if seller.hired > set || due >= seller.left {
            return;
        }
        let person = seller.person as usize;
        let habits = habits_on(seller.archetype, person, due);
        let owner = self.company.people[person].id;
        let supervisor = self.company.people[self.group.supervisor as usize].id;
        let is_given = self.random.chance(0.4);
        let created_at = instant(set, working_second(self.random.unit()));
        let mut record = self.record("task", owner, created_at);
        let (subject, checklist) = OFFICE_TASKS[self.random.below(OFFICE_TASKS.len())];
        record.subject = Some(subject.to_owned());
        if is_given {
            record.created_by = supervisor;
        }
        record.plan = Some(Plan {
            due_on: Some(date_of(due)),
            ..Plan::default()
        });
        let late = if self.random.chance(habits.left_open * 3.0 + 0.08) {
            1
        } else {
            0
        };
        let done = self
            .company
            .calendar
            .worked_from(due + late * self.random.range(1, 6));
        // What was forgotten lately is still open.
        let is_forgotten =
            due > self.company.last_day - 25 && self.random.chance(habits.left_open * 4.0);
        let is_done = done <= self.company.last_day && done < seller.left && !is_forgotten;
        if is_done {
            let started_at =
                instant(done, working_second(self.random.unit())).max(created_at + MINUTE);
            record.state = "done";
            record.updated_at = started_at + 30 * MINUTE;
            record.deed = Some(Deed {
                started_at,
                ended_at: started_at + 30 * MINUTE,
                logged_at: started_at + 30 * MINUTE,
                ..Deed::default()
            });
        } else if seller.left <= self.company.today_day {
            record.state = "cancelled";
            record.cancel_reason = Some("人员离职，任务取消");
        }
        let ticked = if is_done {
            checklist.len()
        } else {
            self.random.below(checklist.len() + 1)
        };
        record.task = Some(Task {
            priority: self
                .random
                .weighted(&[("normal", 66), ("high", 20), ("low", 14)]),
            checklist: checklist
                .iter()
                .enumerate()
                .map(|(place, text)| (*text, place < ticked))
                .collect(),
            giver_id: is_given.then_some(supervisor),
        });
        self.made.push(record);
    }
}
