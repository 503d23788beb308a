use super::*;
use proptest::prelude::*;

fn canonical(text: &str) -> Option<String> {
    Phone::parse(text)
        .ok()
        .map(|phone| phone.as_str().to_owned())
}

#[test]
fn mobiles_are_read_however_they_are_written() {
    for written in [
        "13812341234",
        "138 1234 1234",
        "+86 138-1234-1234",
        "0086 13812341234",
        "8613812341234",
        "１３８１２３４１２３４",
        "(86)13812341234",
    ] {
        assert_eq!(
            canonical(written).as_deref(),
            Some("13812341234"),
            "{written}"
        );
    }
}

#[test]
fn land_lines_keep_area_and_extension() {
    assert_eq!(
        canonical("(0755) 8601 3388").as_deref(),
        Some("0755-86013388")
    );
    assert_eq!(canonical("010-62561155").as_deref(), Some("010-62561155"));
    assert_eq!(
        canonical("+86 10 62561155").as_deref(),
        Some("010-62561155")
    );
    assert_eq!(
        canonical("0755-86013388-801").as_deref(),
        Some("0755-86013388-801")
    );
    assert_eq!(
        canonical("0571-85022088转8012").as_deref(),
        Some("0571-85022088-8012")
    );
    assert_eq!(canonical("86013388").as_deref(), Some("86013388"));
}

#[test]
fn service_and_foreign_numbers_pass() {
    assert_eq!(canonical("400-800-1234").as_deref(), Some("4008001234"));
    assert_eq!(canonical("95588").as_deref(), Some("95588"));
    assert_eq!(
        canonical("+1 (415) 555-0100").as_deref(),
        Some("+14155550100")
    );
}

#[test]
fn what_is_no_number_is_refused() {
    for wrong in [
        "",
        "abc",
        "12345",
        "138123412345",
        "12812341234",
        "138-1234",
        "13812341234转8",
        "+1",
        "010-1",
        "------",
    ] {
        assert_eq!(Phone::parse(wrong), Err(NotAPhone), "{wrong}");
    }
}

#[test]
fn masks_hide_the_middle() {
    assert_eq!(mask("13812341234"), "138****1234");
    assert_eq!(mask("0755-86013388"), "0755-****3388");
    assert_eq!(mask("95588"), "****");
    assert_eq!(mask_email("li.ming@x.cn"), "l***@x.cn");
    assert_eq!(mask_email("nobody"), "***");
}

#[test]
fn an_address_needs_a_local_part_and_a_domain() {
    assert_eq!(
        normal_email(" Li.Ming＠Example.COM.cn ").as_deref(),
        Some("li.ming@example.com.cn")
    );
    for wrong in [
        "",
        "a",
        "a@",
        "@b.cn",
        "a@b",
        "a b@c.cn",
        "a@b..cn",
        "a@-b.cn",
        "a@@b.cn",
        ".a@b.cn",
        "a@1.2.3.4",
        "a@b.c",
    ] {
        assert_eq!(normal_email(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn the_canonical_form_reads_as_itself(text in "[+]?(86)?[ -]?[01][0-9]{2,3}[- ]?[0-9]{4}[- ]?[0-9]{3,4}") {
        if let Ok(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
        }
    }

    #[test]
    fn every_mobile_is_read_and_its_mask_hides_four_digits(number in "1[3-9][0-9]{9}") {
        let phone = Phone::parse(&number).unwrap();
        prop_assert_eq!(phone.kind, PhoneKind::Mobile);
        prop_assert_eq!(phone.key(), number.clone());
        prop_assert_eq!(mask(&number), format!("{}****{}", &number[..3], &number[7..]));
    }

    #[test]
    fn no_text_breaks_the_parsers(text in any::<String>()) {
        let _ = (Phone::parse(&text), mask(&text), mask_email(&text));
        if let Some(address) = normal_email(&text) {
            prop_assert_eq!(normal_email(&address), Some(address.clone()));
        }
    }
}
