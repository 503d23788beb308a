//! A change that reaches from one occurrence to others of its series.

use std::collections::HashMap;

use chrono::{Days, NaiveDate, TimeDelta};
use platform::clock::new_id;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::Write;
use rules::activities::State;
use rules::recurrence::Recurrence;
use rules::value::{Changes, Value};
use uuid::Uuid;

use super::begin::{Begin, create_series, is_over};
use super::occurrences::{Which, placed, unticked};
use super::{HANDED_ON, RESOURCE, Scope, TIMES, day_of, occurrences, planned_day, remove, rule_of};

/// What was decided before the named occurrence is written.
#[derive(Debug)]
pub(super) enum Wide {
    /// The others follow the change.
    Change(Box<Change>),
    /// Another rule from this occurrence on.
    Rule {
        old: Uuid,
        cut: NaiveDate,
        begin: Begin,
    },
    /// The others are called off as well; from a day on, or all.
    Cancel {
        series: Uuid,
        from: Option<NaiveDate>,
    },
}

#[derive(Debug)]
pub(super) struct Change {
    /// As it was.
    series: Record,
    /// The series that the changed occurrences belong to afterwards; the same when nothing is split off.
    id: Uuid,
    /// The day from which on occurrences change; none for all.
    cut: Option<NaiveDate>,
    rule: Recurrence,
    first: NaiveDate,
    made_until: NaiveDate,
    /// Where the days of the rule go, when they go.
    days: HashMap<NaiveDate, NaiveDate>,
    times: bool,
}

async fn locked(write: &mut Write, series: Uuid) -> Result<Record> {
    let resource = write.access.resource(RESOURCE)?;
    write
        .lock(&resource, series)
        .await?
        .ok_or_else(Problem::not_found)
}

/// The days of a stored series; they are always there.
fn day(series: &Record, field: &str) -> Result<NaiveDate> {
    day_of(series, field).ok_or_else(|| Problem::internal("a series without its days"))
}

pub(super) async fn plan(
    write: &mut Write,
    id: Uuid,
    before: &Record,
    after: &mut Record,
    scope: Scope,
) -> Result<()> {
    let series = locked(write, id).await?;
    let (first, made_until) = (day(&series, "first_on")?, day(&series, "made_until")?);
    let slot = day_of(before, "series_on").unwrap_or(first);
    let is_touched = HANDED_ON
        .iter()
        .chain(&TIMES)
        .chain(&["checklist", "state"])
        .any(|field| before.get(field) != after.get(field));
    if !is_touched {
        return Ok(());
    }
    match State::from_code(after.text("state")) {
        Some(State::Cancelled) => {
            let from = (scope == Scope::Following).then_some(slot);
            write.memory.keep(Wide::Cancel { series: id, from });
            return Ok(());
        }
        // What was done was done alone.
        Some(State::Done) => return Ok(()),
        _ => {}
    }
    let times = TIMES
        .iter()
        .chain(&["is_all_day"])
        .any(|field| before.get(field) != after.get(field));
    let target = if times {
        planned_day(after, write).unwrap_or(slot)
    } else {
        slot
    };
    let cut = match scope {
        Scope::Following => slot,
        _ => {
            let open = occurrences::from(write, id, None, Which::Open).await?;
            let first_open = open.first().and_then(|record| day_of(record, "series_on"));
            Ord::min(first_open.unwrap_or(slot), slot)
        }
    };
    let splits = (scope == Scope::Following || target != slot) && cut > first;
    let rule = rule_of(&series, write.access.app.clock.zone())?;
    let rest = if splits {
        rule.going_on_from(first, cut)
            .ok_or_else(|| Problem::internal("an occurrence behind its rule"))?
    } else {
        rule
    };
    let start = if splits { cut } else { first };
    let mut change = Change {
        id: if splits { new_id() } else { id },
        cut: (scope == Scope::Following || splits).then_some(cut),
        first: start,
        made_until,
        days: HashMap::new(),
        times,
        rule: rest,
        series,
    };
    if target != slot {
        change
            .move_days(slot, target)
            .ok_or_else(|| Problem::field(moved_field(after), "repeat_cannot_move"))?;
    }
    after.set("series_id", change.id.to_string());
    after.set("series_on", target);
    if times {
        after.set("is_series_exception", false);
    }
    write.memory.keep(Wide::Change(Box::new(change)));
    Ok(())
}

fn moved_field(record: &Record) -> &'static str {
    if record.get("planned_start_at").is_null() {
        "due_on"
    } else {
        "planned_start_at"
    }
}

/// Another rule from this occurrence on.
pub(super) async fn plan_rule(
    write: &mut Write,
    id: Uuid,
    before: &Record,
    after: &mut Record,
    rule: &str,
) -> Result<()> {
    let series = locked(write, id).await?;
    let cut = day_of(before, "series_on").unwrap_or(day(&series, "first_on")?);
    let begin = Begin::read(write, after, rule)?;
    begin.mark(after);
    write.memory.keep(Wide::Rule {
        old: id,
        cut,
        begin,
    });
    Ok(())
}

/// Makes this occurrence the last. The occurrence itself may stay as it is, so nothing waits for it to be written.
pub(super) async fn stop_after(write: &mut Write, id: Uuid, last: &Record) -> Result<()> {
    let series = locked(write, id).await?;
    let slot = day_of(last, "series_on").unwrap_or(day(&series, "first_on")?);
    let from = Some(slot + Days::new(1));
    remove::remove_from(write, id, from).await?;
    remove::end(write, id, from).await
}

/// Days by which the first day of a moved rule may differ from the shift itself: every second Monday and every second
/// Tuesday of a month lie up to a week apart.
const LEEWAY: [i64; 15] = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7];

impl Change {
    /// Moves the rule so that this day becomes that one, and each other day of it the one at the same place.
    fn move_days(&mut self, slot: NaiveDate, target: NaiveDate) -> Option<()> {
        let moved = self.rule.moved(slot, target)?;
        let old = self.rule.days(self.first, self.first, self.made_until);
        let place = old.iter().position(|day| *day == slot)?;
        let shift = target - slot;
        let first = LEEWAY
            .iter()
            .filter_map(|leeway| {
                self.first
                    .checked_add_signed(shift + TimeDelta::days(*leeway))
            })
            .find(|first| {
                *first <= target
                    && moved.check_start(*first).is_ok()
                    && moved.days(*first, *first, target).len() == place + 1
            })?;
        let far = self.made_until + Days::new(800);
        let new: Vec<NaiveDate> = moved
            .days(first, first, far)
            .into_iter()
            .take(old.len())
            .collect();
        self.made_until = *new.last()?;
        self.first = first;
        self.days = old.into_iter().zip(new).collect();
        self.rule = moved;
        Some(())
    }

    async fn carry_out(self, write: &mut Write, before: &Record, after: &Record) -> Result<()> {
        let old = self.series.id();
        // Before the series is written, while its occurrences still belong to it.
        let others = occurrences::from(write, old, self.cut, Which::Open).await?;
        self.write_series(write, after).await?;
        let mut common = Changes::new();
        for field in HANDED_ON {
            if before.get(field) != after.get(field) {
                common.insert(field.into(), after.get(field).clone());
            }
        }
        if before.get("checklist") != after.get("checklist") {
            common.insert("checklist".into(), unticked(after.get("checklist")));
        }
        for other in others {
            if other.id() != after.id() {
                self.change(write, other, after, &common).await?;
            }
        }
        Ok(())
    }

    async fn change(
        &self,
        write: &mut Write,
        other: Record,
        like: &Record,
        common: &Changes,
    ) -> Result<()> {
        let is_exception = other.get("is_series_exception").as_bool() == Some(true);
        let slot = day_of(&other, "series_on");
        let new_slot = slot.map(|slot| self.days.get(&slot).copied().unwrap_or(slot));
        let mut changes = Changes::from([
            ("series_id".to_owned(), Value::Text(self.id.to_string())),
            ("series_on".to_owned(), Value::from(new_slot)),
        ]);
        if is_exception {
            // It keeps what makes it one, and only its place in the series goes along.
            write.apply("update", other, changes).await?;
            return Ok(());
        }
        changes.extend(common.clone());
        if let (true, Some(day)) = (self.times, new_slot) {
            changes.extend(placed(like, day, &write.access.app.clock));
        }
        write.update_known(other, changes).await?;
        Ok(())
    }

    async fn write_series(&self, write: &mut Write, like: &Record) -> Result<()> {
        if self.id != self.series.id() {
            remove::end(write, self.series.id(), self.cut).await?;
            let begin = Begin {
                id: self.id,
                rule: self.rule.clone(),
                first: self.first,
            };
            return create_series(write, &begin, self.made_until, like).await;
        }
        let changes = Changes::from([
            ("rrule".to_owned(), Value::Text(self.rule.text())),
            ("first_on".to_owned(), Value::from(self.first)),
            ("made_until".to_owned(), Value::from(self.made_until)),
            (
                "is_over".to_owned(),
                Value::Bool(is_over(&self.rule, self.first, self.made_until)),
            ),
            ("owner_id".to_owned(), like.get("owner_id").clone()),
        ]);
        let series = locked(write, self.id).await?;
        if write.is_handed_over(like.id()) {
            write.hand_over(self.id);
        }
        write.apply("update", series, changes).await?;
        Ok(())
    }
}

impl Wide {
    pub(super) async fn carry_out(
        self,
        write: &mut Write,
        before: &Record,
        after: &Record,
    ) -> Result<()> {
        match self {
            Wide::Change(change) => change.carry_out(write, before, after).await,
            Wide::Rule { old, cut, begin } => {
                remove::remove_from(write, old, Some(cut)).await?;
                remove::end(write, old, Some(cut)).await?;
                begin.carry_out(write, after).await
            }
            Wide::Cancel { series, from } => {
                for other in occurrences::from(write, series, from, Which::Open).await? {
                    let changes = ["state", "cancel_reason"]
                        .map(|field| (field.to_owned(), after.get(field).clone()));
                    write.update_known(other, Changes::from(changes)).await?;
                }
                remove::end(write, series, from).await
            }
        }
    }
}
