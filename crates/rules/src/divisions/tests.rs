use super::*;
use proptest::prelude::*;

#[test]
fn a_code_leads_to_its_full_name() {
    for (code, name, english) in [
        (
            "440305",
            "广东省/深圳市/南山区",
            "Guangdong/Shenzhen/Nanshan",
        ),
        ("4403", "广东省/深圳市", "Guangdong/Shenzhen"),
        ("110108", "北京市/海淀区", "Beijing/Haidian"),
        ("1101", "北京市", "Beijing"),
        ("15", "内蒙古自治区", "Inner Mongolia"),
        ("419001", "河南省/济源市", "Henan/Jiyuan"),
        ("4419", "广东省/东莞市", "Guangdong/Dongguan"),
        (
            "222401",
            "吉林省/延边朝鲜族自治州/延吉市",
            "Jilin/Yanbian/Yanji",
        ),
        ("81", "香港特别行政区", "Hong Kong"),
        ("5001", "重庆市", "Chongqing"),
    ] {
        assert_eq!(full_name(code).as_deref(), Some(name));
        assert_eq!(full_english_name(code).as_deref(), Some(english));
    }
    for wrong in ["", "1", "99", "4499", "440399", "4403055", "四四"] {
        assert_eq!(by_code(wrong), None, "{wrong}");
        assert_eq!(full_name(wrong), None);
    }
}

#[test]
fn free_text_leads_to_the_code() {
    for (text, code) in [
        ("深圳", "4403"),
        ("深圳市", "4403"),
        ("广东深圳", "4403"),
        ("广东省/深圳市/南山区", "440305"),
        ("广东 深圳 南山", "440305"),
        ("北京市海淀区", "110108"),
        ("北京市海淀区中关村大街1号", "110108"),
        ("北京朝阳", "110105"),
        ("内蒙", "15"),
        ("内蒙古自治区", "15"),
        ("廣東省", "44"),
        ("中国广东省", "44"),
        ("吉林", "22"),
        ("吉林市", "2202"),
        ("海南", "46"),
        ("延边", "2224"),
        ("新疆", "65"),
        ("香港", "81"),
        ("中国香港", "81"),
        ("重庆渝北", "500112"),
        ("440300", "4403"),
        ("440305", "440305"),
        ("110000", "11"),
        ("Shenzhen, Guangdong", "4403"),
        ("hong kong", "81"),
        ("Inner Mongolia", "15"),
        ("Xi'an City", "6101"),
        ("南山区 深圳", ""),
        ("朝阳区", ""),
        ("南京东路", ""),
        ("United States", ""),
        ("Fuzhou", ""),
        ("月球", ""),
        ("999999", ""),
        ("", ""),
    ] {
        assert_eq!(
            find(text),
            Some(code).filter(|code| !code.is_empty()),
            "{text}"
        );
    }
}

#[test]
fn the_tree_shows_every_named_division_once_and_no_unnamed_level() {
    fn count(branches: &[Branch]) -> usize {
        branches
            .iter()
            .map(|branch| 1 + count(&branch.children))
            .sum()
    }
    assert_eq!(tree().len(), 34);
    assert_eq!(
        count(tree()),
        all().iter().filter(|division| !division.is_unnamed).count()
    );
    let beijing = tree().iter().find(|branch| branch.code == "11").unwrap();
    assert_eq!(
        (beijing.children.len(), beijing.children[0].name),
        (16, "东城区")
    );
}

#[test]
fn short_names_drop_kind_and_people() {
    for (code, short) in [
        ("45", "广西"),
        ("64", "宁夏"),
        ("65", "新疆"),
        ("5328", "西双版纳"),
        ("6540", "伊犁"),
        ("130133", "赵县"),
        ("632621", "玛沁"),
    ] {
        assert_eq!(by_code(code).map(Division::short_name), Some(short));
    }
}

#[test]
fn every_full_name_finds_its_own_code() {
    for division in all().iter().filter(|division| !division.is_unnamed) {
        let name = full_name(&division.code).unwrap();
        for written in [&name, &name.replace('/', ""), &division.code] {
            assert_eq!(find(written), Some(division.code.as_str()), "{written}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_search(text in any::<String>(), near in "[北京市海淀区/ 内蒙a-z0-9]{0,20}") {
        let _ = (find(&text), find(&near));
    }
}
