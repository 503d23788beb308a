use super::*;
use RelativePeriod as P;
use proptest::prelude::*;

fn day() -> impl Strategy<Value = NaiveDate> {
    (0u64..109_000).prop_map(|days| NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + Days::new(days))
}

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_week_starts_on_monday_also_seen_from_sunday() {
    assert_eq!(
        range(P::ThisWeek, on("2026-11-22")),
        (on("2026-11-16"), on("2026-11-22"))
    );
    assert_eq!(
        range(P::NextWeek, on("2026-11-22")),
        (on("2026-11-23"), on("2026-11-29"))
    );
}

#[test]
fn quarters_and_years_follow_the_calendar() {
    assert_eq!(
        range(P::LastQuarter, on("2026-02-28")),
        (on("2025-10-01"), on("2025-12-31"))
    );
    assert_eq!(
        range(P::LastMonth, on("2024-03-31")),
        (on("2024-02-01"), on("2024-02-29"))
    );
    assert_eq!(
        range(P::NextYear, on("2026-11-22")),
        (on("2027-01-01"), on("2027-12-31"))
    );
}

#[test]
fn names_read_back_and_wrong_ones_are_refused() {
    for (name, period) in NAMES {
        assert_eq!(name.parse(), Ok(period));
        assert_eq!(period.to_string(), name);
    }
    assert_eq!("last_n_days:30".parse(), Ok(P::LastDays(30)));
    assert_eq!(P::NextDays(7).to_string(), "next_n_days:7");
    for wrong in [
        "",
        "this_decade",
        "last_n_days",
        "last_n_days:0",
        "last_n_days:-1",
        "last_n_days:9999",
        "today:3",
    ] {
        assert_eq!(
            wrong.parse::<RelativePeriod>(),
            Err(UnknownPeriod(wrong.to_owned()))
        );
    }
}

#[test]
fn months_read_back_and_list_both_ends() {
    let months = Month::between(on("2025-11-30"), on("2026-02-01"));
    let names: Vec<String> = months.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["2025-11", "2025-12", "2026-01", "2026-02"]);
    assert_eq!(
        "2026-02".parse::<Month>().unwrap().last_day(),
        on("2026-02-28")
    );
    assert!("2026-13".parse::<Month>().is_err());
    assert!(Month::between(on("2026-02-01"), on("2026-01-31")).is_empty());
}

proptest! {
    #[test]
    fn today_lies_in_this_and_the_neighbours_touch(today in day()) {
        for (last, this, next) in [
            (P::Yesterday, P::Today, P::Tomorrow),
            (P::LastWeek, P::ThisWeek, P::NextWeek),
            (P::LastMonth, P::ThisMonth, P::NextMonth),
            (P::LastQuarter, P::ThisQuarter, P::NextQuarter),
            (P::LastYear, P::ThisYear, P::NextYear),
        ] {
            let ((last_first, last_last), (first, end), (next_first, next_last)) =
                (range(last, today), range(this, today), range(next, today));
            prop_assert!(first <= today && today <= end);
            prop_assert_eq!(last_last.succ_opt(), Some(first));
            prop_assert_eq!(end.succ_opt(), Some(next_first));
            prop_assert_eq!(range(this, last_first), (last_first, last_last));
            prop_assert_eq!(range(this, next_last), (next_first, next_last));
        }
    }

    #[test]
    fn n_days_are_n_days_and_include_today(today in day(), days in 1u16..=3660) {
        for period in [P::LastDays(days), P::NextDays(days)] {
            let (first, last) = range(period, today);
            prop_assert!(first <= today && today <= last);
            prop_assert_eq!((last - first).num_days() + 1, i64::from(days));
            prop_assert_eq!(period.to_string().parse(), Ok(period));
        }
    }

    #[test]
    fn a_month_holds_its_days_and_no_others(today in day()) {
        let month = Month::of(today);
        prop_assert!(month.first_day() <= today && today <= month.last_day());
        prop_assert_eq!(Month::of(month.last_day()), month);
        prop_assert_eq!(Month::of(month.last_day().succ_opt().unwrap()), month.offset(1));
        prop_assert_eq!(month.to_string().parse(), Ok(month));
    }
}

proptest! {
    #[test]
    fn whole_months_and_the_ends_are_each_day_once(from in 0..900i64, length in 0..900i64) {
        let from = NaiveDate::default() + chrono::TimeDelta::days(from);
        let to = from + chrono::TimeDelta::days(length);
        let (months, ends) = whole_months(from, to);
        let mut stretches = ends;
        if let Some((first, last)) = months {
            prop_assert!(first <= last);
            stretches.push((first.first_day(), last.last_day()));
        }
        stretches.sort_unstable();
        let mut next = from;
        for (first, last) in stretches {
            prop_assert_eq!(first, next);
            prop_assert!(first <= last);
            next = last + chrono::TimeDelta::days(1);
        }
        prop_assert_eq!(next, to + chrono::TimeDelta::days(1));
    }
}
