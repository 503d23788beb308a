//! What is written down around an opportunity: slips, next steps, reasons, forecast.

use uuid::Uuid;

use crate::archetypes::Archetype;
use crate::calendar::{date_of, day_at, instant, working_second};
use crate::catalogue::{COMPETITORS, Product};
use crate::ids::{Kind, id};
use crate::opportunities::{Course, Draft};
use crate::opportunity::{ExpectedCloseChange, Opportunity, OpportunityLine, StageEntry};
use crate::stages::{Fate, LOST};
use crate::tables::phrases::{LOSS_NOTES, NEXT_STEPS, PROJECT_WORDS, SOURCES, WIN_REASONS};

impl Draft<'_> {
    /// Puts an opportunity together, but for its number, which follows from the order of all of the customer's.
    pub(crate) fn finish(
        &mut self,
        index: u64,
        course: Course,
        lines: Vec<OpportunityLine>,
        leading: &Product,
    ) -> Opportunity {
        let company = self.company;
        let mut stages: Vec<StageEntry> = course
            .entries
            .iter()
            .map(|(stage, at)| StageEntry {
                stage: self.process.stages[*stage].code,
                entered_at: *at,
                by: self.owner(*at),
            })
            .collect();
        let present = course.entries.last().map_or(0, |entry| entry.0);
        let outcome = course
            .closed
            .map_or("open", |(_, won)| if won { "won" } else { "lost" });
        if let Some((at, won)) = course.closed {
            stages.push(StageEntry {
                stage: if won { self.process.won } else { LOST },
                entered_at: at,
                by: self.owner(at),
            });
        }
        let level = self.process.stages[present].level;
        let win_chance = match outcome {
            "won" => 100,
            "lost" => 0,
            _ => self.process.stages[present].win_chance,
        };
        let owner_id = course.closed.map_or_else(
            || company.people[self.origin.ownership.person(company.today_day)].id,
            |(at, _)| self.owner(at),
        );
        let (next_step, next_step_on) = if outcome == "open" {
            self.next_step(level)
        } else {
            (None, None)
        };
        let loss = (outcome == "lost").then(|| {
            self.loss(
                course.fate,
                course.closed.map_or(course.created, |(at, _)| at),
            )
        });
        let names_competitor =
            loss.is_some_and(|(reason, _)| reason == "competitor") || self.random.chance(0.5);
        let project = self.random.pick(PROJECT_WORDS);
        Opportunity {
            id: id(company.seed, Kind::Opportunity, index, course.created),
            number: String::new(),
            name: [&self.origin.short_name, " ", leading.topic, project].concat(),
            process: self.process.code,
            stage: stages.last().map_or(LOST, |entry| entry.stage),
            outcome,
            amount_minor: lines.iter().map(|line| line.amount_minor).sum(),
            expected_close_on: date_of(course.expected),
            expected_close_changes: self.slips(&course),
            win_chance,
            forecast_category: self.forecast(outcome, level, course.expected),
            source: self.random.weighted(SOURCES),
            owner_id,
            next_step,
            next_step_on: next_step_on.map(date_of),
            competitor: names_competitor.then(|| self.random.pick(&COMPETITORS)),
            win_reason: (outcome == "won").then(|| self.random.weighted(WIN_REASONS)),
            loss_reason: loss.map(|loss| loss.0),
            loss_note: loss.map(|loss| loss.1),
            closed_on: course.closed.map(|(at, _)| date_of(day_at(at))),
            created_at: course.created,
            created_by: self.owner(course.created),
            lines,
            stages,
        }
    }

    /// Who owned the customer at an instant.
    fn owner(&self, at: i64) -> Uuid {
        self.company.people[self.origin.ownership.person(day_at(at))].id
    }

    /// Slips of the expected close, found backwards: each was made a few days before the day that was missed.
    fn slips(&mut self, course: &Course) -> Vec<ExpectedCloseChange> {
        let created = day_at(course.created);
        let end = course
            .closed
            .map_or(self.company.last_day + 1, |(at, _)| day_at(at));
        let mut changes = Vec::new();
        let mut after = course.expected;
        let mut wanted = self.random.weighted(&[(0, 62), (1, 22), (2, 11), (3, 5)]);
        // What is already overdue on an old opportunity has been moved before.
        if course.closed.is_none() && after - created > 120 {
            wanted += 1;
        }
        for _ in 0..wanted {
            let before = after - self.random.range(10, 38);
            let day = self
                .company
                .calendar
                .worked_until(before - self.random.range(1, 6));
            if day <= created + 2 {
                break;
            }
            if day < end {
                let changed_at = instant(day, working_second(self.random.unit()));
                let by = self.owner(changed_at);
                changes.push(ExpectedCloseChange {
                    changed_at,
                    before_on: date_of(before),
                    after_on: date_of(after),
                    by,
                });
                after = before;
            }
        }
        changes.reverse();
        changes
    }

    /// Six of seven open opportunities have a next step, a fifth of these overdue.
    fn next_step(&mut self, level: usize) -> (Option<&'static str>, Option<i32>) {
        if self.random.chance(0.14) {
            return (None, None);
        }
        let today = self.company.today_day;
        let overdue = self.random.chance(0.2);
        let day = if overdue {
            today - self.random.range(1, 20)
        } else {
            today + self.random.range(0, 21)
        };
        (
            Some(self.random.pick(NEXT_STEPS[level.saturating_sub(1).min(2)])),
            Some(self.company.calendar.worked_from(day)),
        )
    }

    /// Why it was lost, by how far it had got and who owned it.
    fn loss(&mut self, fate: Fate, at: i64) -> (&'static str, &'static str) {
        let archetype = self
            .origin
            .ownership
            .seller(day_at(at))
            .map_or(Archetype::Steady, |seller| seller.archetype);
        // In the order of LOSS_NOTES: price, competitor, no budget, no decision, fit, timing, relationship.
        let weights: [u32; 7] = match (fate, archetype) {
            (Fate::LostEarly, _) => [4, 14, 20, 10, 14, 6, 32],
            (Fate::LostMidway, _) => [12, 20, 16, 10, 32, 8, 2],
            (_, Archetype::WeakCloser) => [16, 20, 8, 46, 4, 4, 2],
            (_, Archetype::Slow) => [14, 30, 8, 12, 4, 30, 2],
            (_, Archetype::Discounter) => [12, 36, 16, 16, 10, 8, 2],
            _ => [34, 30, 10, 12, 6, 6, 2],
        };
        let mut choices = [(("", ""), 0); 7];
        for ((choice, note), weight) in choices.iter_mut().zip(LOSS_NOTES).zip(weights) {
            *choice = (*note, weight);
        }
        self.random.weighted(&choices)
    }

    fn forecast(&mut self, outcome: &str, level: usize, expected: i32) -> &'static str {
        let days = expected - self.company.today_day;
        match outcome {
            "won" => "commit",
            "lost" => "omitted",
            _ if level >= 3 && days <= 45 => {
                if self.random.chance(0.6) {
                    "commit"
                } else {
                    "best_case"
                }
            }
            _ if level >= 3 => "best_case",
            _ if level == 0 => "omitted",
            _ => "pipeline",
        }
    }
}
