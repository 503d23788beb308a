//! What happens between us and a customer in two years: the steps that lead to its funnel levels and stages, and those that lead nowhere.

use super::turn::{Step, Turn};
use super::{HISTORY_DAYS, Working};
use crate::calendar::day_at;
use crate::opportunity::Opportunity;
use crate::random::Random;
use crate::stages::level_of;

/// Days between two contacts while an opportunity is open.
const OPEN_GAP: f64 = 11.5;
/// Days between two contacts with a customer that has no opportunity, by its level A to D.
const QUIET_GAP: [f64; 4] = [48.0, 70.0, 105.0, 150.0];
/// Days after a win until nobody comes back for that deal.
const AFTERCARE_DAYS: i32 = 420;

impl Working<'_> {
    /// All steps until the last day on which the customer was looked after, in the order of time.
    pub(crate) fn steps(&self, random: &mut Random) -> Vec<Step> {
        let mut steps = Vec::with_capacity(32);
        let customer = self.customer;
        for (number, opportunity) in customer.opportunities.iter().enumerate() {
            self.pursue(number, opportunity, random, &mut steps);
            if opportunity.outcome == "won" {
                self.after_the_win(number, opportunity, random, &mut steps);
            }
        }
        if customer.opportunities.is_empty() {
            self.sound_out(random, &mut steps);
        }
        if let Some(at) = customer.last_followed_at {
            self.push(&mut steps, day_at(at), "call", Turn::Talk, None, None);
        }
        // The sort is stable: what belongs to one day stays in the order in which it was thought of.
        steps.sort_by_key(|step| step.day);
        steps
    }

    fn push(
        &self,
        steps: &mut Vec<Step>,
        day: i32,
        kind: &'static str,
        turn: Turn,
        opportunity: Option<usize>,
        limit: Option<i64>,
    ) {
        let day = match limit {
            Some(_) => day,
            None => self.free_day(day),
        };
        if day >= self.company.today_day - HISTORY_DAYS && day <= self.until {
            steps.push(Step {
                day,
                kind,
                turn,
                opportunity,
                limit,
            });
        }
    }

    /// The work on an opportunity from its first stage to its end, or to now.
    fn pursue(
        &self,
        number: usize,
        opportunity: &Opportunity,
        random: &mut Random,
        steps: &mut Vec<Step>,
    ) {
        for (entry, next) in opportunity
            .stages
            .iter()
            .zip(opportunity.stages.iter().skip(1).map(Some).chain([None]))
        {
            let Some(level @ 0..=3) = level_of(opportunity.process, entry.stage) else {
                return;
            };
            let from = day_at(entry.entered_at);
            let to = next.map_or(self.until + 1, |next| day_at(next.entered_at));
            if to < self.company.today_day - HISTORY_DAYS {
                continue;
            }
            self.stage(number, level, (from, to), random, steps);
            let Some(next) = next else { return };
            let (kind, turn) = match level_of(opportunity.process, next.stage) {
                None => self.refusal(level, random),
                Some(4) => ("closing", Turn::Signed),
                Some(1) => ("call", Turn::Talk),
                Some(2) if level < 2 => ("first", Turn::Opened),
                Some(2) => ("presentation", Turn::Shown),
                Some(3) if level < 3 => ("presentation", Turn::Convinced),
                _ => ("closing", Turn::Bargained),
            };
            // Not everything that moves a deal is written down; what makes a level is.
            let is_noted = matches!(turn, Turn::Opened | Turn::Convinced | Turn::Signed)
                || random.chance(0.75);
            if is_noted {
                if turn == Turn::Convinced && random.chance(0.6) {
                    self.book(to - random.range(1, 3), to, Some(number), steps);
                }
                let at = Some(next.entered_at);
                self.push(steps, to, kind, turn, Some(number), at);
            }
        }
    }

    /// An appointment got for a day before it, where there is one.
    fn book(&self, day: i32, before: i32, opportunity: Option<usize>, steps: &mut Vec<Step>) {
        let day = self.free_day(self.company.calendar.worked_until(day));
        if day < before && day > day_at(self.customer.created_at) {
            self.push(steps, day, "appointment", Turn::Booked, opportunity, None);
        }
    }

    fn refusal(&self, level: usize, random: &mut Random) -> (&'static str, Turn) {
        let kind = match level {
            _ if random.chance(0.55) => "call",
            0 | 1 => "first",
            2 => "presentation",
            _ => "closing",
        };
        (kind, Turn::TurnedDown)
    }

    /// What happens while an opportunity stands in a stage of a level, between two days.
    fn stage(
        &self,
        number: usize,
        level: usize,
        (from, to): (i32, i32),
        random: &mut Random,
        steps: &mut Vec<Step>,
    ) {
        let (_, habits) = self.worker(from);
        let mut day = from + ((OPEN_GAP * habits.gap * random.between(0.1, 0.9)) as i32).max(1);
        // Two days without anything before the step that ends the stage.
        while day < to - 1 {
            let (_, habits) = self.worker(day);
            let fruitless = habits.fruitless;
            let one = Some(number);
            match level {
                0 => self.push(steps, day, "call", talk(random), one, None),
                1 => self.knock(number, day, to, random, steps),
                2 => match random.unit() {
                    unit if unit < 0.42 => self.push(steps, day, "call", talk(random), one, None),
                    unit if unit < 0.72 => {
                        let turn = if random.chance(fruitless / (1.0 + fruitless)) {
                            Turn::Unmoved
                        } else {
                            Turn::Shown
                        };
                        self.push(steps, day, "presentation", turn, one, None);
                    }
                    unit if unit < 0.84 => {
                        self.push(steps, day, "meeting", Turn::Exchange, one, None);
                    }
                    _ => self.push(steps, day, "task", Turn::Work, one, None),
                },
                _ => match random.unit() {
                    unit if unit < 0.44 => self.push(steps, day, "call", talk(random), one, None),
                    unit if unit < 0.80 => {
                        let turn = if random.chance(fruitless / (1.0 + fruitless)) {
                            Turn::Stalled
                        } else {
                            Turn::Bargained
                        };
                        self.push(steps, day, "closing", turn, one, None);
                    }
                    unit if unit < 0.86 => {
                        self.push(steps, day, "meeting", Turn::Exchange, one, None);
                    }
                    _ => self.push(steps, day, "task", Turn::Work, one, None),
                },
            }
            // The longer a deal lies, the less often somebody looks at it.
            let tired = 1.0 + f64::from(day - from) / 45.0;
            day += ((OPEN_GAP * habits.gap * tired * random.between(0.55, 1.5)) as i32).max(1);
        }
    }

    /// Asking for an appointment, and the visit when it is got.
    fn knock(&self, number: usize, day: i32, to: i32, random: &mut Random, steps: &mut Vec<Step>) {
        let (_, habits) = self.worker(day);
        if random.chance(0.4) {
            return self.push(steps, day, "call", talk(random), Some(number), None);
        }
        if !random.chance(habits.booked) {
            return self.push(
                steps,
                day,
                "appointment",
                Turn::NotBooked,
                Some(number),
                None,
            );
        }
        self.push(steps, day, "appointment", Turn::Booked, Some(number), None);
        let visit = self.free_day(day) + random.range(1, 3);
        if visit < to && random.chance((habits.fruitless * 0.75).min(0.95)) {
            let turn = if visit > self.engaged_from && random.chance(0.4) {
                Turn::Opened
            } else {
                Turn::Attempt
            };
            self.push(steps, visit, "first", turn, Some(number), None);
        }
    }

    /// Return visits of the four kinds.
    fn after_the_win(
        &self,
        number: usize,
        opportunity: &Opportunity,
        random: &mut Random,
        steps: &mut Vec<Step>,
    ) {
        let Some(won) = opportunity
            .stages
            .last()
            .map(|entry| day_at(entry.entered_at))
        else {
            return;
        };
        let make = |steps: &mut Vec<Step>, day: i32, kind, random: &mut Random| {
            if random.chance(self.worker(day.min(self.until)).1.cared) {
                self.push(steps, day, kind, Turn::Kept, Some(number), None);
            }
        };
        make(steps, won + random.range(4, 16), "coordination", random);
        make(steps, won + random.range(22, 48), "collection", random);
        if random.chance(0.6) {
            make(steps, won + random.range(60, 110), "collection", random);
        }
        make(steps, won + random.range(80, 150), "survey", random);
        let mut day = won + random.range(40, 80);
        while day < (won + AFTERCARE_DAYS).min(self.until) {
            make(steps, day, "service", random);
            day += random.range(75, 140);
        }
    }

    /// Contacts with a customer that never had an opportunity.
    fn sound_out(&self, random: &mut Random, steps: &mut Vec<Step>) {
        let customer = self.customer;
        for reach in &customer.level_reaches {
            let (kind, turn) = match reach.level {
                "target" => ("call", Turn::Talk),
                "engaged" => ("first", Turn::Opened),
                "intention" => ("presentation", Turn::Convinced),
                _ => continue,
            };
            let day = day_at(reach.at);
            if turn == Turn::Opened && random.chance(0.7) {
                self.book(day - random.range(1, 4), day, None, steps);
            }
            self.push(steps, day, kind, turn, None, Some(reach.at));
        }
        let gap = QUIET_GAP[match customer.level {
            "A" => 0,
            "B" => 1,
            "C" => 2,
            _ => 3,
        }];
        let mut day = (day_at(customer.created_at) + random.range(1, 20))
            .max(self.company.today_day - HISTORY_DAYS + random.range(0, gap as i32));
        while day <= self.until {
            let (_, habits) = self.worker(day);
            match random.unit() {
                unit if unit < 0.5 => self.push(steps, day, "call", talk(random), None, None),
                unit if unit < 0.75 && !random.chance(habits.booked) => {
                    self.push(steps, day, "appointment", Turn::NotBooked, None, None);
                }
                _ => {
                    self.push(steps, day, "appointment", Turn::Booked, None, None);
                    let visit = self.free_day(day) + random.range(1, 3);
                    let turn = if visit > self.engaged_from && random.chance(0.45) {
                        Turn::Opened
                    } else {
                        Turn::Attempt
                    };
                    self.push(steps, visit, "first", turn, None, None);
                }
            }
            day += ((gap * habits.gap * random.between(0.6, 1.5)) as i32).max(2);
        }
    }
}

fn talk(random: &mut Random) -> Turn {
    if random.chance(0.22) {
        Turn::NoAnswer
    } else {
        Turn::Talk
    }
}
