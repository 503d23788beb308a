//! iCalendar as RFC 5545 writes it, and invitations by RFC 5546: events as text.

mod lines;
mod zone;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::recurrence::Recurrence;
use lines::Lines;

/// What a receiver shall do with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Show it: a feed.
    Publish,
    /// Invite, or change an invitation.
    Request,
    /// Take an invitation back.
    Cancel,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Method::Publish => "PUBLISH",
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whole days, both included.
    Days { first: NaiveDate, last: NaiveDate },
    /// Milliseconds UTC.
    Span { starts_at: i64, ends_at: i64 },
}

/// Somebody with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub name: String,
    pub email: String,
}

/// How an event repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    pub rule: Recurrence,
    /// Occurrences keep their time of day here.
    pub zone: Tz,
    /// Occurrences that are left out, by their beginnings in milliseconds UTC.
    pub left_out: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The same for as long as the event lives, and nobody else's.
    pub uid: String,
    /// Counts the changes that invited people must know of.
    pub sequence: i64,
    /// Milliseconds UTC.
    pub created_at: i64,
    pub changed_at: i64,
    pub when: When,
    pub summary: String,
    pub description: String,
    pub location: String,
    pub url: String,
    pub is_cancelled: bool,
    /// Whether the time counts as taken.
    pub is_busy: bool,
    pub organizer: Option<Party>,
    pub attendees: Vec<Party>,
    pub repeat: Option<Repeat>,
    /// The occurrence of the series `uid` that this event stands for, by its first beginning, and the series' zone.
    pub instead_of: Option<When>,
}

/// A calendar with its events; `name` is what a subscriber sees.
pub fn calendar(method: Method, name: &str, events: &[Event]) -> String {
    let mut out = Lines::default();
    out.plain("BEGIN", "VCALENDAR");
    out.plain("VERSION", "2.0");
    out.plain("PRODID", "-//Chengdan//Chengdan//EN");
    out.plain("CALSCALE", "GREGORIAN");
    out.plain("METHOD", method.name());
    if method == Method::Publish {
        // Without a pause of its own, a client asks as seldom as once a week.
        out.text("NAME", name);
        out.text("X-WR-CALNAME", name);
        out.plain("REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
        out.plain("X-PUBLISHED-TTL", "PT15M");
    }
    let mut zones: Vec<Tz> = Vec::new();
    for event in events {
        if let (Some(repeat), When::Span { starts_at, .. }) = (&event.repeat, event.when)
            && !zones.contains(&repeat.zone)
        {
            zones.push(repeat.zone);
            zone::write(&mut out, repeat.zone, starts_at);
        }
    }
    for event in events {
        write(&mut out, event);
    }
    out.plain("END", "VCALENDAR");
    out.into_text()
}

fn utc(at_ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(at_ms)
        .unwrap_or_default()
        .format("%Y%m%dT%H%M%SZ")
        .to_string()
}

fn local(at_ms: i64, zone: Tz) -> String {
    DateTime::<Utc>::from_timestamp_millis(at_ms)
        .unwrap_or_default()
        .with_timezone(&zone)
        .format("%Y%m%dT%H%M%S")
        .to_string()
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

fn write(out: &mut Lines, event: &Event) {
    out.plain("BEGIN", "VEVENT");
    out.text("UID", &event.uid);
    out.plain("SEQUENCE", &event.sequence.to_string());
    // The same as LAST-MODIFIED, so that an unchanged feed is the same text.
    out.plain("DTSTAMP", &utc(event.changed_at));
    out.plain("CREATED", &utc(event.created_at));
    out.plain("LAST-MODIFIED", &utc(event.changed_at));
    time(out, event);
    match event.instead_of {
        Some(When::Days { first, .. }) => out.plain("RECURRENCE-ID;VALUE=DATE", &date(first)),
        Some(When::Span { starts_at, .. }) => out.plain("RECURRENCE-ID", &utc(starts_at)),
        None => {}
    }
    out.text("SUMMARY", &event.summary);
    for (name, value) in [
        ("DESCRIPTION", &event.description),
        ("LOCATION", &event.location),
    ] {
        if !value.is_empty() {
            out.text(name, value);
        }
    }
    if !event.url.is_empty() {
        out.plain("URL", &event.url);
    }
    out.plain(
        "STATUS",
        if event.is_cancelled {
            "CANCELLED"
        } else {
            "CONFIRMED"
        },
    );
    out.plain(
        "TRANSP",
        if event.is_busy {
            "OPAQUE"
        } else {
            "TRANSPARENT"
        },
    );
    if let Some(organizer) = &event.organizer {
        let name = format!("ORGANIZER;CN={}", lines::quoted(&organizer.name));
        out.plain(&name, &format!("mailto:{}", organizer.email));
    }
    for attendee in &event.attendees {
        let name = format!(
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN={}",
            lines::quoted(&attendee.name)
        );
        out.plain(&name, &format!("mailto:{}", attendee.email));
    }
    out.plain("END", "VEVENT");
}

fn time(out: &mut Lines, event: &Event) {
    match (event.when, &event.repeat) {
        (When::Days { first, last }, repeat) => {
            out.plain("DTSTART;VALUE=DATE", &date(first));
            // The end is the first day that no longer belongs to it.
            out.plain("DTEND;VALUE=DATE", &date(last.succ_opt().unwrap_or(last)));
            if let Some(repeat) = repeat {
                out.plain("RRULE", &repeat.rule.text());
                for at in &repeat.left_out {
                    let day = local(*at, repeat.zone);
                    out.plain("EXDATE;VALUE=DATE", &day[..8]);
                }
            }
        }
        (When::Span { starts_at, ends_at }, None) => {
            out.plain("DTSTART", &utc(starts_at));
            out.plain("DTEND", &utc(ends_at));
        }
        (When::Span { starts_at, ends_at }, Some(repeat)) => {
            let zone = repeat.zone;
            out.plain(&format!("DTSTART;TZID={zone}"), &local(starts_at, zone));
            out.plain(&format!("DTEND;TZID={zone}"), &local(ends_at, zone));
            out.plain("RRULE", &repeat.rule.text_at(zone));
            for at in &repeat.left_out {
                out.plain(&format!("EXDATE;TZID={zone}"), &local(*at, zone));
            }
        }
    }
}

#[cfg(test)]
mod tests;
