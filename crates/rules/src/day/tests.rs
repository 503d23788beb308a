use super::*;
use proptest::prelude::*;

fn on(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn usual_forms_are_read_without_a_hint() {
    for text in [
        "2026-01-02",
        "2026/1/2",
        "2026.1.2",
        "2026年1月2日",
        "2026 年 1 月 2 日",
        "20260102",
        "２０２６－０１－０２",
        "2 Jan 2026",
        "Jan 2, 2026",
        "January 2 2026",
        "02-JAN-26",
        "2026-Jan-02",
        "46024",
        "46024.0",
        "2026-01-02T15:30:00Z",
        "2026/1/2 15:30",
        "2026年1月2日 下午3:30",
        "2026-01-02 15:30:00.123+08:00",
        "20260102153000",
        "2026 1 2",
    ] {
        assert_eq!(parse(text, None), Ok(on(2026, 1, 2)), "{text}");
    }
}

#[test]
fn times_are_kept_when_asked_for() {
    let time = NaiveTime::from_hms_opt(15, 30, 0);
    for text in [
        "2026-01-02T15:30:00Z",
        "2026/1/2 15:30",
        "2026年1月2日 下午3:30",
        "1/2/2026 3:30 PM",
        "2026-01-02 15时30分",
        "46024.645833333336",
    ] {
        assert_eq!(
            parse_with_time(text, Some(DayOrder::Mdy)),
            Ok((on(2026, 1, 2), time)),
            "{text}"
        );
    }
    assert_eq!(
        parse_with_time("2026-01-02 25:00", None),
        Err(DayError::Impossible)
    );
    assert_eq!(
        parse_with_time("2026-01-02 soon", None),
        Err(DayError::Form)
    );
}

#[test]
fn the_hint_decides_and_is_never_overruled() {
    assert_eq!(parse("1/2/2026", Some(DayOrder::Mdy)), Ok(on(2026, 1, 2)));
    assert_eq!(parse("1/2/2026", Some(DayOrder::Dmy)), Ok(on(2026, 2, 1)));
    assert_eq!(parse("26/1/2", Some(DayOrder::Ymd)), Ok(on(2026, 1, 2)));
    assert_eq!(parse("1/2/26", Some(DayOrder::Dmy)), Ok(on(2026, 2, 1)));
    assert_eq!(parse("31/12/99", Some(DayOrder::Dmy)), Ok(on(1999, 12, 31)));
    assert_eq!(
        parse("13/2/2026", Some(DayOrder::Mdy)),
        Err(DayError::Impossible)
    );
}

#[test]
fn without_a_hint_only_what_is_clear_passes() {
    assert_eq!(parse("1/2/2026", None), Err(DayError::Ambiguous));
    assert_eq!(
        parse("1/2/2026", Some(DayOrder::Ymd)),
        Err(DayError::Ambiguous)
    );
    assert_eq!(parse("1/2/26", None), Err(DayError::Ambiguous));
    assert_eq!(parse("13/2/2026", None), Ok(on(2026, 2, 13)));
    assert_eq!(parse("2/13/2026", None), Ok(on(2026, 2, 13)));
    assert_eq!(parse("5/5/2026", None), Ok(on(2026, 5, 5)));
}

#[test]
fn each_mistake_has_its_kind() {
    for (text, error) in [
        ("", DayError::Empty),
        ("tomorrow", DayError::Form),
        ("2026", DayError::Form),
        ("2026-01", DayError::Form),
        ("2026-1/2", DayError::Form),
        ("1899-12-31", DayError::Year),
        ("2201-01-01", DayError::Year),
        ("18991231", DayError::Year),
        ("2026-02-29", DayError::Impossible),
        ("2026-13-01", DayError::Impossible),
        ("0000-00-00", DayError::Year),
        ("20260230", DayError::Impossible),
        ("32/13/2026", DayError::Impossible),
        ("999999", DayError::Year),
        ("2026-01-02-03", DayError::Form),
    ] {
        assert_eq!(parse(text, None), Err(error), "{text}");
    }
}

#[test]
fn spreadsheet_numbers_count_from_1900() {
    assert_eq!(from_serial(1.0), Ok((on(1900, 1, 1), None)));
    assert_eq!(from_serial(59.0), Ok((on(1900, 2, 28), None)));
    assert_eq!(from_serial(60.0), Err(DayError::Impossible));
    assert_eq!(from_serial(61.0), Ok((on(1900, 3, 1), None)));
    assert_eq!(
        from_serial(45_292.5),
        Ok((on(2024, 1, 1), NaiveTime::from_hms_opt(12, 0, 0)))
    );
    for wrong in [0.0, -5.0, 1e9, f64::NAN] {
        assert_eq!(from_serial(wrong), Err(DayError::Year));
    }
}

proptest! {
    #[test]
    fn a_day_reads_back_from_every_form(days in 61u64..109_900) {
        let day = on(1899, 12, 30) + Days::new(days);
        prop_assert_eq!(from_serial(days as f64), Ok((day, None)));
        for form in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y.%m.%d", "%Y年%-m月%-d日", "%Y%m%d", "%d %b %Y", "%B %-d, %Y"] {
            prop_assert_eq!(parse(&day.format(form).to_string(), None), Ok(day), "{}", form);
        }
        prop_assert_eq!(parse(&day.format("%-m/%-d/%Y").to_string(), Some(DayOrder::Mdy)), Ok(day));
        prop_assert_eq!(parse(&day.format("%-d.%-m.%Y").to_string(), Some(DayOrder::Dmy)), Ok(day));
    }

    #[test]
    fn what_passes_without_a_hint_means_the_same_with_one(text in "[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}", mdy in any::<bool>()) {
        let order = if mdy { DayOrder::Mdy } else { DayOrder::Dmy };
        if let (Ok(without), Ok(with)) = (parse(&text, None), parse(&text, Some(order))) {
            prop_assert_eq!(without, with);
        }
    }

    #[test]
    fn no_text_breaks_the_parser(text in any::<String>(), near in "[0-9年月日/. :tTpm-]{0,24}") {
        let _ = (parse(&text, None), parse(&near, Some(DayOrder::Dmy)));
    }
}
