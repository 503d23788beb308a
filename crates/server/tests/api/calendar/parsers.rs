//! Two readers of iCalendar that are not ours: a Rust one and Python's. What we write must mean the same to both.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use icalendar::{Calendar, CalendarComponent, Component};
use serde_json::{Value as Json, json};

const PYTHON: &str = r#"
import json, sys
import icalendar

calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())

def when(event, name):
    value = event.get(name)
    return None if value is None else value.dt.isoformat()

def people(event, name):
    value = event.get(name, [])
    value = value if isinstance(value, list) else [value]
    return [[str(one), str(one.params.get("CN", ""))] for one in value]

def left_out(event):
    value = event.get("EXDATE", [])
    value = value if isinstance(value, list) else [value]
    return [date.dt.isoformat() for one in value for date in one.dts]

events = [
    {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "summary": str(event["SUMMARY"]),
        "description": str(event.get("DESCRIPTION", "")),
        "status": str(event["STATUS"]),
        "start": when(event, "DTSTART"),
        "end": when(event, "DTEND"),
        "recurrence_id": when(event, "RECURRENCE-ID"),
        "rrule": event["RRULE"].to_ical().decode() if "RRULE" in event else None,
        "exdates": left_out(event),
        "organizer": people(event, "ORGANIZER"),
        "attendees": people(event, "ATTENDEE"),
        "errors": [str(error) for error in event.errors],
    }
    for event in calendar.walk("VEVENT")
]
zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
json.dump({
    "method": str(calendar["METHOD"]), "events": events, "zones": zones,
    "errors": [str(error) for error in calendar.errors],
}, sys.stdout)
"#;

/// What both parsers find in a text: Python's reading, after the Rust one agreed. Null where this machine has no Python.
pub fn read(text: &str) -> Json {
    let rust = by_rust(text);
    let Some(python) = by_python(text) else {
        return Json::Null;
    };
    assert_eq!(python["errors"], json!([]), "{text}");
    let events = python["events"].as_array().cloned().unwrap_or_default();
    let short: Vec<Json> = events
        .iter()
        .map(|event| {
            json!([
                event["uid"],
                event["summary"],
                event["description"],
                event["sequence"]
            ])
        })
        .collect();
    assert_eq!(
        json!(short),
        json!(rust),
        "the two parsers differ in\n{text}"
    );
    for event in &events {
        assert_eq!(event["errors"], json!([]), "{text}");
    }
    python
}

/// Name, summary, description and sequence of each event.
pub fn by_rust(text: &str) -> Vec<Json> {
    let calendar: Calendar = text
        .parse()
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    calendar
        .components
        .iter()
        .filter_map(|component| match component {
            CalendarComponent::Event(event) => Some(event),
            _ => None,
        })
        .map(|event| {
            let sequence = event
                .property_value("SEQUENCE")
                .and_then(|n| n.parse::<i64>().ok());
            json!([
                event.get_uid(),
                event.get_summary(),
                event.get_description().unwrap_or_default(),
                sequence,
            ])
        })
        .collect()
}

/// None, with a word about it, where this machine has no Python that could have the package.
fn by_python(text: &str) -> Option<Json> {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .map(|target| target.join("icalendar-python/bin/python"))?;
    let python = if own.exists() { own } else { "python3".into() };
    let runs = |code: &str| {
        Command::new(&python)
            .args(["-c", code])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !runs("import icalendar") {
        assert!(
            !runs("import venv, ensurepip"),
            "run scripts/icalendar-python once: it installs Python's icalendar beside the build"
        );
        eprintln!(
            "skipped: this machine has no Python with pip for a second reading of the calendar"
        );
        return None;
    }
    let mut child = Command::new(&python)
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    child
        .stdin
        .take()
        .expect("its input")
        .write_all(text.as_bytes())
        .expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "Python can't read\n{text}");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}
