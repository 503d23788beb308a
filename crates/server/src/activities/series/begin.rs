//! A series begins: an activity becomes its first occurrence, and the others are made.

use chrono::{Days, NaiveDate, NaiveTime};
use platform::clock::new_id;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::Write;
use rules::activities::State;
use rules::recurrence::Recurrence;
use rules::value::{Changes, Value};
use uuid::Uuid;

use super::{AHEAD_DAYS, RESOURCE, occurrences, planned_day, refusal};

/// What was decided before the first occurrence is written.
#[derive(Debug)]
pub(super) struct Begin {
    pub(super) id: Uuid,
    pub(super) rule: Recurrence,
    pub(super) first: NaiveDate,
}

/// Reads the rule and makes the activity the first occurrence.
pub(super) fn plan(write: &mut Write, after: &mut Record, rule: &str) -> Result<()> {
    let begin = Begin::read(write, after, rule)?;
    begin.mark(after);
    write.memory.keep(begin);
    Ok(())
}

impl Begin {
    pub(super) fn read(write: &Write, after: &Record, rule: &str) -> Result<Begin> {
        let is_open = State::from_code(after.text("state")).is_some_and(State::is_open);
        let first = planned_day(after, write).filter(|_| is_open);
        let first = first.ok_or_else(|| Problem::field("repeat", "repeat_needs_a_plan"))?;
        let clock = &write.access.app.clock;
        let time = after.int("planned_start_at").map_or(NaiveTime::MIN, |at| {
            chrono::DateTime::from_timestamp_millis(at)
                .unwrap_or_default()
                .with_timezone(&clock.zone())
                .time()
        });
        let rule = Recurrence::parse(rule, clock.zone(), time).map_err(refusal)?;
        rule.check_start(first).map_err(refusal)?;
        Ok(Begin {
            id: new_id(),
            rule,
            first,
        })
    }

    /// Makes an activity the first occurrence.
    pub(super) fn mark(&self, after: &mut Record) {
        after.set("series_id", self.id.to_string());
        after.set("series_on", self.first);
        after.set("is_series_exception", false);
    }

    /// Makes the series and its other occurrences.
    pub(super) async fn carry_out(self, write: &mut Write, first: &Record) -> Result<()> {
        let made_until = horizon(write, self.first);
        create_series(write, &self, made_until, first).await?;
        for day in self.rule.days(self.first, self.first, made_until) {
            if day != self.first {
                occurrences::make(write, self.id, first, day).await?;
            }
        }
        Ok(())
    }
}

/// The last day for which occurrences are made now. A series that begins late has a whole stretch as well.
pub(super) fn horizon(write: &Write, first: NaiveDate) -> NaiveDate {
    let today = write.access.app.clock.today();
    Ord::max(today, first) + Days::new(AHEAD_DAYS.unsigned_abs())
}

/// Whether nothing of the rule lies behind a day.
pub(super) fn is_over(rule: &Recurrence, first: NaiveDate, made_until: NaiveDate) -> bool {
    let next = made_until + Days::new(1);
    // Rules that go on do so within four years, also those of 29 February.
    rule.days(first, next, next + Days::new(8 * 366)).is_empty()
}

pub(super) async fn create_series(
    write: &mut Write,
    begin: &Begin,
    made_until: NaiveDate,
    like: &Record,
) -> Result<()> {
    let series = write.access.resource(RESOURCE)?;
    let changes = Changes::from([
        ("rrule".to_owned(), Value::Text(begin.rule.text())),
        ("owner_id".to_owned(), like.get("owner_id").clone()),
        ("first_on".to_owned(), Value::from(begin.first)),
        ("made_until".to_owned(), Value::from(made_until)),
        (
            "is_over".to_owned(),
            Value::Bool(is_over(&begin.rule, begin.first, made_until)),
        ),
    ]);
    if write.is_handed_over(like.id()) {
        write.hand_over(begin.id);
    }
    write.create_with_id(&series, begin.id, changes).await?;
    Ok(())
}
