use super::*;
use chrono::NaiveTime;
use proptest::prelude::*;

/// 2026-03-02 09:00 in Shanghai.
const NINE: i64 = 1_772_413_200_000;

fn event(summary: &str) -> Event {
    Event {
        uid: "018f@chengdan".into(),
        sequence: 0,
        created_at: NINE,
        changed_at: NINE,
        when: When::Span {
            starts_at: NINE,
            ends_at: NINE + 3_600_000,
        },
        summary: summary.into(),
        description: String::new(),
        location: String::new(),
        url: String::new(),
        is_cancelled: false,
        is_busy: true,
        organizer: None,
        attendees: Vec::new(),
        repeat: None,
        instead_of: None,
    }
}

fn weekly(zone: Tz) -> Repeat {
    let rule = Recurrence::parse("FREQ=WEEKLY;UNTIL=20270301", zone, NaiveTime::MIN);
    Repeat {
        rule: rule.expect("a rule"),
        zone,
        left_out: vec![NINE + 7 * 86_400_000],
    }
}

/// What a parser sees: lines joined again.
fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "")
}

#[test]
fn every_line_ends_with_crlf_and_is_at_most_75_octets_long() {
    let text = calendar(
        Method::Publish,
        "李明的日程",
        &[event(&"促成拜访：上海精密仪器有限公司🚗".repeat(9))],
    );
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']));
    }
}

#[test]
fn texts_are_escaped() {
    let text = calendar(
        Method::Publish,
        "x",
        &[event("一、二,三;四\\五\r\n六\n七\u{7}")],
    );
    assert!(
        unfolded(&text).contains("SUMMARY:一、二\\,三\\;四\\\\五\\n六\\n七\r\n"),
        "{text}"
    );
}

#[test]
fn a_name_cannot_leave_its_parameter() {
    let mut invited = event("x");
    invited.attendees = vec![Party {
        name: "李\"明\";X=1:\r\nEVIL:1".into(),
        email: "li@example.com".into(),
    }];
    let text = unfolded(&calendar(Method::Request, "x", &[invited]));
    assert!(
        text.contains("CN=\"李'明';X=1:EVIL:1\":mailto:li@example.com"),
        "{text}"
    );
    assert!(!text.contains("\r\nEVIL"), "{text}");
}

#[test]
fn whole_days_are_days_and_end_on_the_day_after() {
    let mut fair = event("展会");
    let first = NaiveDate::from_ymd_opt(2026, 2, 28).expect("a day");
    fair.when = When::Days {
        first,
        last: first.succ_opt().expect("a day"),
    };
    let text = calendar(Method::Publish, "x", &[fair]);
    assert!(
        text.contains("DTSTART;VALUE=DATE:20260228\r\nDTEND;VALUE=DATE:20260302\r\n"),
        "{text}"
    );
}

#[test]
fn a_series_keeps_its_time_of_day_in_a_zone_that_is_described() {
    let mut meeting = event("周会");
    meeting.repeat = Some(weekly(Tz::Europe__Berlin));
    let text = calendar(Method::Request, "x", &[meeting]);
    assert!(
        text.contains("DTSTART;TZID=Europe/Berlin:20260302T020000\r\n"),
        "{text}"
    );
    assert!(
        text.contains("EXDATE;TZID=Europe/Berlin:20260309T020000\r\n"),
        "{text}"
    );
    // The end of 1 March 2027 in Berlin.
    assert!(
        text.contains("RRULE:FREQ=WEEKLY;UNTIL=20270301T225959Z\r\n"),
        "{text}"
    );
    let spring =
        "BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n";
    assert!(text.contains(spring), "{text}");
    let autumn =
        "BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n";
    assert!(text.contains(autumn), "{text}");
}

#[test]
fn a_zone_without_clock_changes_is_short() {
    let mut meeting = event("周会");
    meeting.repeat = Some(weekly(Tz::Asia__Shanghai));
    let text = calendar(Method::Request, "x", &[meeting]);
    assert_eq!(text.matches("TZOFFSETTO:+0800").count(), 1, "{text}");
}

#[test]
fn a_cancelled_invitation_says_so() {
    let mut meeting = event("周会");
    meeting.is_cancelled = true;
    meeting.sequence = 3;
    let text = calendar(Method::Cancel, "x", &[meeting]);
    for line in [
        "METHOD:CANCEL",
        "STATUS:CANCELLED",
        "SEQUENCE:3",
        "UID:018f@chengdan",
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{text}");
    }
}

proptest! {
    /// Whatever a text holds, it comes out of the lines again and brings no line of its own.
    #[test]
    fn a_text_comes_back_from_its_lines(text in "\\PC{0,200}") {
        let written = calendar(Method::Request, "x", &[event(&text)]);
        prop_assert!(written.split("\r\n").all(|line| line.len() <= 75));
        let joined = unfolded(&written);
        let line = joined.split("\r\n").find_map(|line| line.strip_prefix("SUMMARY:")).expect("a summary");
        let mut back = String::new();
        let mut escaped = false;
        for character in line.chars() {
            match (escaped, character) {
                (false, '\\') => escaped = true,
                (true, 'n') => { back.push('\n'); escaped = false; }
                (_, other) => { back.push(other); escaped = false; }
            }
        }
        prop_assert_eq!(back, text.replace(['\u{2028}', '\u{2029}'], "\n"));
    }
}
