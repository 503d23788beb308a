//! The rules of a time zone, for events that keep their time of day while clocks change.

use chrono::{DateTime, Datelike, FixedOffset, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, Tz};

use super::lines::Lines;

/// A series without an end is described this far; clients know the usual zones by their names anyway.
const YEARS: i32 = 10;

/// Writes the zone as it is around and after an instant (milliseconds UTC).
pub(super) fn write(out: &mut Lines, zone: Tz, from_ms: i64) {
    let from = DateTime::<Utc>::from_timestamp_millis(from_ms).unwrap_or_default();
    let begin = Utc
        .with_ymd_and_hms(from.year() - 1, 1, 1, 0, 0, 0)
        .single()
        .unwrap_or(from);
    out.plain("BEGIN", "VTIMEZONE");
    out.plain("TZID", zone.name());
    observance(out, zone, begin, offset(zone, begin));
    let mut at = begin;
    let end_year = from.year() + YEARS;
    while at.year() <= end_year {
        let next = at + TimeDelta::days(1);
        let before = offset(zone, at);
        if offset(zone, next) != before {
            observance(out, zone, change(zone, at, next), before);
        }
        at = next;
    }
    out.plain("END", "VTIMEZONE");
}

fn offset(zone: Tz, at: DateTime<Utc>) -> FixedOffset {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix()
}

/// The first second of the offset that holds at `late` but not at `early`.
fn change(zone: Tz, mut early: DateTime<Utc>, mut late: DateTime<Utc>) -> DateTime<Utc> {
    let old = offset(zone, early);
    while late - early > TimeDelta::seconds(1) {
        let middle = early + TimeDelta::seconds((late - early).num_seconds() / 2);
        if offset(zone, middle) == old {
            early = middle;
        } else {
            late = middle;
        }
    }
    late
}

fn observance(out: &mut Lines, zone: Tz, at: DateTime<Utc>, before: FixedOffset) {
    let new = zone.offset_from_utc_datetime(&at.naive_utc());
    let kind = if new.dst_offset().is_zero() {
        "STANDARD"
    } else {
        "DAYLIGHT"
    };
    out.plain("BEGIN", kind);
    // In the local time that held until then.
    let local = at.with_timezone(&before).naive_local();
    out.plain("DTSTART", &local.format("%Y%m%dT%H%M%S").to_string());
    out.plain("TZOFFSETFROM", &written(before));
    out.plain("TZOFFSETTO", &written(new.fix()));
    out.plain("END", kind);
}

fn written(offset: FixedOffset) -> String {
    let seconds = offset.local_minus_utc();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}
