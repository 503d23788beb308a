use super::*;
use proptest::prelude::*;

const SHANGHAI: Tz = Tz::Asia__Shanghai;
const BERLIN: Tz = Tz::Europe__Berlin;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn rule(text: &str) -> Recurrence {
    parse(text).expect(text)
}

fn parse(text: &str) -> Result<Recurrence, RecurrenceError> {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).expect("a time");
    Recurrence::parse(text, SHANGHAI, nine)
}

/// The first days of a rule, within five years.
fn first_days(text: &str, first: &str, number: usize) -> Vec<String> {
    let first = day(first);
    rule(text)
        .days(first, first, first + Days::new(1_830))
        .iter()
        .take(number)
        .map(NaiveDate::to_string)
        .collect()
}

#[test]
fn every_other_week_on_two_days() {
    assert_eq!(
        first_days("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "2026-03-02", 5),
        [
            "2026-03-02",
            "2026-03-05",
            "2026-03-16",
            "2026-03-19",
            "2026-03-30"
        ]
    );
}

#[test]
fn the_31st_skips_months_that_have_none() {
    assert_eq!(
        first_days("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", 4),
        ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]
    );
}

#[test]
fn the_last_friday_and_the_last_day_of_a_month() {
    assert_eq!(
        first_days("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-30", 3),
        ["2026-01-30", "2026-02-27", "2026-03-27"]
    );
    assert_eq!(
        first_days("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", 3),
        ["2026-01-31", "2026-02-28", "2026-03-31"]
    );
}

#[test]
fn the_last_working_day_of_a_month() {
    assert_eq!(
        first_days(
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2026-01-30",
            3
        ),
        ["2026-01-30", "2026-02-27", "2026-03-31"]
    );
}

#[test]
fn the_29th_of_february_comes_every_four_years() {
    assert_eq!(
        first_days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", 2),
        ["2024-02-29", "2028-02-29"]
    );
}

#[test]
fn a_count_is_counted_from_the_first_day_wherever_one_looks() {
    let ten = rule("FREQ=DAILY;COUNT=10");
    let days = ten.days(day("2026-03-01"), day("2026-03-08"), day("2026-12-31"));
    assert_eq!(days.last(), Some(&day("2026-03-10")));
    assert_eq!(days.len(), 3);
}

#[test]
fn until_as_an_instant_counts_in_the_zone_of_the_series() {
    // 16:00 UTC on the 9th is midnight of the 10th in Shanghai: nine o'clock that day is past the end.
    let early = first_days("FREQ=DAILY;UNTIL=20260309T160000Z", "2026-03-08", 9);
    assert_eq!(early, ["2026-03-08", "2026-03-09"]);
    let late = first_days("FREQ=DAILY;UNTIL=20260310T010000Z", "2026-03-08", 9);
    assert_eq!(late, ["2026-03-08", "2026-03-09", "2026-03-10"]);
    assert_eq!(
        first_days("FREQ=DAILY;UNTIL=20260309", "2026-03-08", 9),
        early
    );
}

#[test]
fn more_than_once_a_day_is_refused() {
    for text in [
        "FREQ=HOURLY",
        "FREQ=MINUTELY;INTERVAL=3",
        "FREQ=DAILY;BYHOUR=9,10,11",
        "FREQ=DAILY;BYMINUTE=0,1,2,3",
        "FREQ=SECONDLY;COUNT=500",
    ] {
        assert_eq!(parse(text), Err(RecurrenceError::TooOften), "{text}");
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    for text in [
        "",
        "WEEKLY",
        "FREQ=SOMETIMES",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=99999999",
        "FREQ=DAILY;COUNT=3;UNTIL=20260101",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYWEEKNO=7",
        "FREQ=DAILY;X=1\r\nDTSTART:20200101T000000Z",
    ] {
        let refused = parse(text).and_then(|rule| rule.check_start(day("2026-03-02")));
        assert!(refused.is_err(), "{text}");
    }
}

#[test]
fn a_series_begins_on_a_day_of_its_rule() {
    assert_eq!(
        rule("FREQ=WEEKLY;BYDAY=MO").check_start(day("2026-03-02")),
        Ok(())
    );
    assert_eq!(
        rule("FREQ=WEEKLY;BYDAY=MO").check_start(day("2026-03-03")),
        Err(RecurrenceError::MissesStart)
    );
    assert_eq!(
        rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").check_start(day("2026-03-03")),
        Err(RecurrenceError::MissesStart)
    );
}

#[test]
fn a_split_leaves_as_many_days_as_before() {
    let first = day("2026-03-02");
    let split = day("2026-03-16");
    let ten = rule("FREQ=WEEKLY;BYDAY=MO;COUNT=10");
    let before = ten.ending_before(first, split).expect("two are left");
    let after = ten.going_on_from(first, split).expect("eight follow");
    assert_eq!(before.text(), "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260315");
    assert_eq!(after.text(), "FREQ=WEEKLY;BYDAY=MO;COUNT=8");
    assert_eq!(ten.ending_before(first, first), None);
}

#[test]
fn moving_occurrences_moves_the_rule() {
    let moved = |text: &str, from: &str, to: &str| {
        rule(text).moved(day(from), day(to)).map(|rule| rule.text())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        moved("FREQ=WEEKLY;BYDAY=MO,WE", "2026-03-02", "2026-03-03"),
        some("FREQ=WEEKLY;BYDAY=TU,TH")
    );
    assert_eq!(
        moved("FREQ=MONTHLY;BYDAY=1MO", "2026-03-02", "2026-03-10"),
        some("FREQ=MONTHLY;BYDAY=2TU")
    );
    assert_eq!(
        moved("FREQ=MONTHLY;BYDAY=-1FR", "2026-03-27", "2026-03-26"),
        some("FREQ=MONTHLY;BYDAY=-1TH")
    );
    assert_eq!(
        moved("FREQ=MONTHLY;BYMONTHDAY=2", "2026-03-02", "2026-03-05"),
        some("FREQ=MONTHLY;BYMONTHDAY=5")
    );
    assert_eq!(
        moved("FREQ=DAILY;UNTIL=20260310", "2026-03-02", "2026-03-04"),
        some("FREQ=DAILY;UNTIL=20260312")
    );
    assert_eq!(
        moved(
            "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1",
            "2026-03-02",
            "2026-03-05"
        ),
        None
    );
}

#[test]
fn nine_o_clock_stays_nine_o_clock_when_clocks_change() {
    let nine = |text: &str| instant(day(text).and_hms_opt(9, 0, 0).expect("a time"), BERLIN);
    assert_eq!(nine("2026-03-28").to_rfc3339(), "2026-03-28T08:00:00+00:00");
    assert_eq!(nine("2026-03-29").to_rfc3339(), "2026-03-29T07:00:00+00:00");
}

#[test]
fn a_time_that_a_clock_change_skips_comes_an_hour_later_and_a_repeated_one_comes_first() {
    let at = |text: &str| instant(text.parse().expect("a time"), BERLIN).to_rfc3339();
    assert_eq!(at("2026-03-29T02:30:00"), "2026-03-29T01:30:00+00:00");
    assert_eq!(at("2026-10-25T02:30:00"), "2026-10-25T00:30:00+00:00");
}

fn any_rule() -> impl Strategy<Value = String> {
    let end = prop_oneof![
        Just(String::new()),
        (1u32..60).prop_map(|count| format!(";COUNT={count}")),
        (0u64..700).prop_map(|days| {
            let last = day("2026-03-02") + Days::new(days);
            format!(";UNTIL={}", last.format("%Y%m%d"))
        }),
    ];
    let kind = prop_oneof![
        Just("FREQ=DAILY".to_owned()),
        Just("FREQ=WEEKLY;BYDAY=MO,WE,FR".to_owned()),
        Just("FREQ=WEEKLY".to_owned()),
        Just("FREQ=MONTHLY;BYMONTHDAY=2".to_owned()),
        Just("FREQ=MONTHLY;BYDAY=1MO".to_owned()),
        Just("FREQ=YEARLY".to_owned()),
    ];
    (kind, 1u32..5, end)
        .prop_map(|(kind, interval, end)| format!("{kind};INTERVAL={interval}{end}"))
}

proptest! {
    #[test]
    fn a_rule_reads_back_as_it_was_written(text in any_rule()) {
        let once = rule(&text);
        prop_assert_eq!(rule(&once.text()), once);
    }

    #[test]
    fn days_grow_and_lie_where_they_were_asked_for(text in any_rule(), skip in 0u64..500, span in 0u64..500) {
        let first = day("2026-03-02");
        let (from, until) = (first + Days::new(skip), first + Days::new(skip + span));
        let days = rule(&text).days(first, from, until);
        prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(days.iter().all(|day| (from..=until).contains(day)));
    }

    /// Splitting a series anywhere loses no day and adds none.
    #[test]
    fn both_parts_of_a_split_series_are_the_whole(text in any_rule(), at in 0usize..40) {
        let first = day("2026-03-02");
        let end = first + Days::new(1_000);
        let whole = rule(&text);
        let days = whole.days(first, first, end);
        prop_assume!(!days.is_empty());
        let split = days[at % days.len()];
        let mut parts = whole
            .ending_before(first, split)
            .map(|part| part.days(first, first, end))
            .unwrap_or_default();
        if let Some(part) = whole.going_on_from(first, split) {
            parts.extend(part.days(split, split, end));
        }
        prop_assert_eq!(parts, days);
    }
}
