use super::*;
use proptest::prelude::*;

#[test]
fn usual_forms_are_read() {
    for (text, minor) in [
        ("1,234.50", 123_450),
        ("12.5万", 12_500_000),
        ("3亿", 30_000_000_000),
        ("¥1 200", 120_000),
        ("（1,000）", -100_000),
        ("(¥1,000.00)", -100_000),
        ("１２３．４５", 12_345),
        ("￥ 88元", 8_800),
        ("120万元", 120_000_000),
        ("RMB 5k", 500_000),
        ("$1.2M", 120_000_000),
        ("-¥5", -500),
        ("¥-5", -500),
        ("1,000-", -100_000),
        ("1.2E+06", 120_000_000),
        ("1,0000", 1_000_000),
        ("1’234’567", 123_456_700),
        (".5", 50),
        ("0.005", 1),
        ("-0.005", -1),
        ("0.0049", 0),
        ("3w", 3_000_000),
        ("550", 55_000),
    ] {
        assert_eq!(parse_minor(text, 1), Ok(minor), "{text}");
    }
}

#[test]
fn a_currency_that_is_named_is_known_from_one_that_may_be_meant() {
    for text in [
        "$100",
        "US$ 1.2M",
        "100美元",
        "€5",
        "HK$5",
        "港币100",
        "5 usd",
        "1万日元",
        "＄3",
    ] {
        assert!(names_other_currency(text, "CNY"), "{text}");
    }
    for text in [
        "100",
        "12.5万元",
        "¥100",
        "￥ 88元",
        "RMB 5k",
        "人民币100元",
        "cny 5",
    ] {
        assert!(!names_other_currency(text, "CNY"), "{text}");
    }
    assert!(!names_other_currency("$100", "HKD"));
    assert!(names_other_currency("US$100", "HKD"));
    assert!(names_other_currency("¥100", "EUR"));
}

#[test]
fn a_unit_in_the_text_beats_that_of_the_column() {
    assert_eq!(parse_minor("12.5", 10_000), Ok(12_500_000));
    assert_eq!(parse_minor("12.5万", 10_000), Ok(12_500_000));
}

#[test]
fn each_mistake_has_its_kind() {
    for (text, error) in [
        ("", AmountError::Empty),
        ("  ", AmountError::Empty),
        ("abc", AmountError::NotANumber),
        ("12abc", AmountError::NotANumber),
        ("-", AmountError::NotANumber),
        ("--5", AmountError::NotANumber),
        ("(-5)", AmountError::NotANumber),
        ("万", AmountError::NotANumber),
        ("1,23", AmountError::Grouping),
        ("1.234,50", AmountError::Grouping),
        ("1.2.3", AmountError::Grouping),
        ("1,2345,678", AmountError::Grouping),
        ("99999999999999999999", AmountError::TooLarge),
        ("9e400", AmountError::TooLarge),
        ("1000000万亿", AmountError::TooLarge),
    ] {
        assert_eq!(parse_minor(text, 1), Err(error), "{text}");
    }
}

#[test]
fn numbers_and_percentages_are_read() {
    assert_eq!(parse_number("1,234.5"), Ok(1234.5));
    assert_eq!(parse_number("-2.5e-3"), Ok(-0.0025));
    assert_eq!(parse_integer("12.0"), Ok(12));
    assert_eq!(parse_integer("1.2万"), Ok(12_000));
    assert_eq!(parse_integer("12.5"), Err(AmountError::NotANumber));
    assert_eq!(parse_percent("12.5%", Bare::Fraction), Ok(12.5));
    assert_eq!(parse_percent("12.5％", Bare::Percent), Ok(12.5));
    assert_eq!(parse_percent("30", Bare::Percent), Ok(30.0));
    assert_eq!(parse_percent("0.25", Bare::Fraction), Ok(25.0));
    assert_eq!(parse_percent("5‰", Bare::Percent), Ok(0.5));
    assert_eq!(parse_percent("%", Bare::Percent), Err(AmountError::Empty));
}

#[test]
fn short_forms_choose_the_unit_that_suits() {
    for (minor, zh, en) in [
        (0, "0元", "0"),
        (50, "0.5元", "0.5"),
        (999_950, "9,999.5元", "10K"),
        (12_500_000, "12.5万元", "125K"),
        (9_999_999_999, "1亿元", "100M"),
        (30_000_000_000, "3亿元", "300M"),
        (-123_456_789_000, "-12.35亿元", "-1.23B"),
    ] {
        assert_eq!(short_zh(minor), zh);
        assert_eq!(short_en(minor), en);
    }
}

proptest! {
    #[test]
    fn a_written_amount_reads_back(minor in -MOST_MINOR..=MOST_MINOR) {
        prop_assert_eq!(parse_minor(&format_minor(minor), 1), Ok(minor));
    }

    #[test]
    fn a_unit_multiplies_exactly(minor in -90_000_000_000i64..=90_000_000_000) {
        let text = format_minor(minor);
        prop_assert_eq!(parse_minor(&format!("{text}万"), 1), Ok(minor * 10_000));
        prop_assert_eq!(parse_minor(&text, 10_000), Ok(minor * 10_000));
    }

    #[test]
    fn a_short_form_is_within_half_a_hundredth_of_its_unit(minor in -MOST_MINOR..=MOST_MINOR) {
        let back = parse_minor(&short_zh(minor), 1);
        if let Ok(back) = back {
            prop_assert!((back - minor).abs() as f64 <= (minor.abs() as f64 * 0.005).max(0.5));
            prop_assert_eq!(short_zh(-minor).replace('-', ""), short_zh(minor).replace('-', ""));
        }
    }

    #[test]
    fn no_text_breaks_the_parsers(text in any::<String>()) {
        let _ = (parse_minor(&text, 10_000), parse_number(&text), parse_integer(&text), parse_percent(&text, Bare::Percent));
    }
}
