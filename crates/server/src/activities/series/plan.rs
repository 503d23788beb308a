//! A series as it stands: what it would be told in one sentence to somebody who is invited to it.

use std::collections::HashSet;

use chrono::NaiveDate;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::activities::State;
use rules::icalendar::When;
use rules::recurrence::Recurrence;
use uuid::Uuid;

use super::occurrences::{Which, from, model, placed};
use super::{RESOURCE, day_of, rule_of, series_id};

pub struct Plan {
    pub rule: Recurrence,
    /// An open occurrence that is like the rule.
    pub like: Record,
    /// Open occurrences that were changed by themselves.
    pub exceptions: Vec<Record>,
    first: NaiveDate,
    made_until: NaiveDate,
    /// Days of the rule that have an occurrence.
    present: HashSet<NaiveDate>,
}

impl Plan {
    /// None for a series of which nothing is left to come.
    pub async fn read(write: &mut Write, id: Uuid) -> Result<Option<Plan>> {
        let resource = write.access.resource(RESOURCE)?;
        let Some(series) = write.lock(&resource, id).await? else {
            return Ok(None);
        };
        let (Some(first), Some(made_until)) =
            (day_of(&series, "first_on"), day_of(&series, "made_until"))
        else {
            return Ok(None);
        };
        let zone = write.access.app.clock.zone();
        let rule = rule_of(&series, zone)?;
        let state = |record: &Record| State::from_code(record.text("state"));
        let mut all = from(write, id, None, Which::Any).await?;
        all.retain(|record| state(record) != Some(State::Cancelled));
        let present = all
            .iter()
            .filter_map(|record| day_of(record, "series_on"))
            .collect();
        let open: Vec<Record> = all
            .into_iter()
            .filter(|record| state(record).is_some_and(State::is_open))
            .collect();
        let Some(like) = model(&open).cloned() else {
            return Ok(None);
        };
        let exceptions = open
            .into_iter()
            .filter(|record| record.get("is_series_exception").as_bool() == Some(true))
            .collect();
        Ok(Some(Plan {
            rule,
            like,
            exceptions,
            first,
            made_until,
            present,
        }))
    }

    fn on(&self, write: &Write, day: NaiveDate) -> When {
        let clock = &write.access.app.clock;
        let times = placed(&self.like, day, clock);
        let instant = |field: &str| times.get(field).and_then(rules::value::Value::as_int);
        let is_all_day = self.like.get("is_all_day").as_bool() == Some(true);
        match (instant("planned_start_at"), instant("planned_end_at")) {
            (Some(starts_at), end) if !is_all_day => When::Span {
                starts_at,
                ends_at: end.unwrap_or(starts_at),
            },
            (Some(_), Some(end)) => When::Days {
                first: day,
                last: Ord::max(clock.day_of(end - 1), day),
            },
            _ => When::Days {
                first: day,
                last: day,
            },
        }
    }

    /// When the first occurrence is by the rule.
    pub fn first_time(&self, write: &Write) -> When {
        self.on(write, self.first)
    }

    /// The beginnings of the occurrences that fell out, in milliseconds.
    pub fn left_out(&self, write: &Write) -> Vec<i64> {
        let clock = &write.access.app.clock;
        self.rule
            .days(self.first, self.first, self.made_until)
            .into_iter()
            .filter(|day| !self.present.contains(day))
            .map(|day| match self.on(write, day) {
                When::Span { starts_at, .. } => starts_at,
                When::Days { first, .. } => clock.start_of(first),
            })
            .collect()
    }

    /// When an occurrence would be by the rule.
    pub fn slot_of(&self, write: &Write, occurrence: &Record) -> Option<When> {
        Some(self.on(write, day_of(occurrence, "series_on")?))
    }
}

/// When an occurrence of a series that people are invited to would be by the rule; none for what is no part of one.
pub async fn slot_start(write: &mut Write, record: &Record) -> Result<Option<When>> {
    let Some(series) = series_id(record) else {
        return Ok(None);
    };
    let plan = Plan::read(write, series).await?;
    let plan = plan.filter(|plan| plan.like.get("invite").as_bool() == Some(true));
    Ok(plan.and_then(|plan| plan.slot_of(write, record)))
}
