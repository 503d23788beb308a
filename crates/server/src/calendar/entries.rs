//! Activities as stretches of somebody's time: what calendars and feeds show.

use platform::access::Access;
use platform::clock::Clock;
use platform::problem::Result;
use platform::resource::Resource;
use rules::activities::{DAY_MS, HOUR_MS, LONGEST_DAYS, LONGEST_HOURS, State};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

/// Who takes part besides the owner.
const PARTICIPANTS: &str = "activity_participant";

/// Columns that say when; see `Stretch::read`.
const TIMES: [&str; 8] = [
    "state",
    "is_all_day",
    "planned_start_at",
    "planned_end_at",
    "due_on",
    "started_at",
    "ended_at",
    "happens_at",
];

/// When an activity takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub starts_at: i64,
    pub ends_at: i64,
    pub is_all_day: bool,
    /// It takes time; what only has a day by which it is due takes none.
    pub is_timed: bool,
}

impl Stretch {
    /// Reads the columns of `TIMES` behind `at`; none for what has no time.
    fn read(row: &QueryResult, at: usize, clock: &Clock) -> Result<Option<Stretch>> {
        let state: String = row.try_get_by_index(at)?;
        let is_all_day = row.try_get_by_index::<Option<bool>>(at + 1)? == Some(true);
        let instant = |i: usize| row.try_get_by_index::<Option<i64>>(at + i);
        let due: Option<String> = row.try_get_by_index(at + 4)?;
        let stretch = |starts_at: i64, ends_at: Option<i64>, is_all_day| Stretch {
            starts_at,
            ends_at: ends_at.unwrap_or(starts_at),
            is_all_day,
            is_timed: true,
        };
        let done = (state == State::Done.code())
            .then_some(instant(5)?)
            .flatten();
        let due = due.and_then(|day| day.parse().ok());
        Ok(match (done, instant(2)?, due) {
            (Some(started_at), _, _) => Some(stretch(started_at, instant(6)?, false)),
            (None, Some(start), _) => Some(stretch(start, instant(3)?, is_all_day)),
            (None, None, Some(day)) => Some(Stretch {
                starts_at: clock.start_of(day),
                ends_at: clock.start_of(day.succ_opt().unwrap_or(day)),
                is_all_day: true,
                is_timed: false,
            }),
            (None, None, None) => None,
        })
    }

    /// Whether it touches this time.
    pub(super) fn touches(&self, from: i64, until: i64) -> bool {
        self.starts_at < until && (self.ends_at > from || self.starts_at >= from)
    }
}

/// Whose time, and when.
pub(super) struct Asked<'a> {
    pub people: &'a [Uuid],
    /// Milliseconds UTC; the end is not included.
    pub from: i64,
    pub until: i64,
}

/// An activity in somebody's time.
pub(super) struct Entry {
    pub person: Uuid,
    pub stretch: Stretch,
    /// The activity's values: `columns` of the question in their order.
    pub row: QueryResult,
}

/// What is in these people's time, besides what was cancelled; `columns` are read as well, and nothing is left out that the
/// caller may not see.
pub(super) async fn entries(
    access: &Access,
    activities: &Resource,
    asked: &Asked<'_>,
    columns: &[&str],
) -> Result<Vec<Entry>> {
    let longest = LONGEST_HOURS * HOUR_MS;
    // A plan of whole days may have begun a month ago; of those there are few, and they have an index of their own.
    let long_ago = asked.from - (LONGEST_DAYS + 1) * DAY_MS;
    let short = asked.from - longest;
    let is_all_day = || activities.column("is_all_day").eq(Expr::cust("TRUE"));
    let owner = || {
        activities
            .column("owner_id")
            .is_in(asked.people.iter().copied())
    };
    let happens = || activities.column("happens_at");
    let mut found = Vec::new();
    let mut own = select(activities, columns);
    own.expr(activities.column("owner_id"))
        .and_where(owner())
        .and_where(happens().gte(short))
        .and_where(happens().lt(asked.until));
    let mut own_long = select(activities, columns);
    own_long
        .expr(activities.column("owner_id"))
        .and_where(owner())
        .and_where(is_all_day())
        .and_where(happens().gte(long_ago))
        .and_where(happens().lt(short));
    let part = |column: &str| Expr::col((Alias::new(PARTICIPANTS), Alias::new(column)));
    let mut others = select(activities, columns);
    others
        .expr(part("person_id"))
        .inner_join(
            Alias::new(PARTICIPANTS),
            part("activity_id").equals((Alias::new(&activities.table), Alias::new("id"))),
        )
        .and_where(part("person_id").is_in(asked.people.iter().copied()))
        .and_where(part("happens_at").gte(long_ago))
        .and_where(part("happens_at").lt(asked.until));
    let clock = &access.app.clock;
    for select in [own, own_long, others] {
        for row in access.rows(&select).await? {
            let Some(stretch) = Stretch::read(&row, columns.len(), clock)? else {
                continue;
            };
            if stretch.touches(asked.from, asked.until) {
                found.push(Entry {
                    person: row.try_get_by_index(columns.len() + TIMES.len())?,
                    stretch,
                    row,
                });
            }
        }
    }
    // Somebody may be both the owner and among those who take part.
    Ok(found)
}

fn select(activities: &Resource, columns: &[&str]) -> SelectStatement {
    let mut select = Query::select();
    for column in columns.iter().chain(&TIMES) {
        select.expr(activities.column(column));
    }
    select
        .from(Alias::new(&activities.table))
        .and_where(activities.column("state").ne(State::Cancelled.code()));
    select
}

/// A local time as people of every language read it: `2026-06-15 14:00`, or the day alone.
pub(super) fn local_text(at: i64, has_time: bool, clock: &Clock) -> String {
    let format = if has_time {
        "%Y-%m-%d %H:%M"
    } else {
        "%Y-%m-%d"
    };
    chrono::DateTime::from_timestamp_millis(at)
        .unwrap_or_default()
        .with_timezone(&clock.zone())
        .format(format)
        .to_string()
}
