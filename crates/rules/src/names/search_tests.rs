use super::super::pinyin::{Piece, spell};
use super::*;
use crate::names::{grams_of, search_line};
use proptest::prelude::*;

fn finds(query: &str, name: &str) -> bool {
    let (plan, tokens, line) = (query_grams(query), grams_of(name), search_line(&[name]));
    let has_all = |way: &Vec<String>| way.iter().all(|token| tokens.contains(token));
    (plan.tokens.is_empty() || plan.tokens.iter().any(has_all))
        && plan.needles.iter().all(|needle| line.contains(needle))
}

#[test]
fn a_company_is_found_by_characters_pinyin_and_initials() {
    let name = "北京红圈移动信息技术股份有限公司";
    for query in [
        "红圈",
        "圈移动信",
        "红",
        "hq",
        "hongq",
        "hongquan",
        "hongquanyi",
        "bjhq",
        "quanyidong",
        "紅圈",
        "信息技术股份有限公司",
        "有限公司",
        "北京 技术",
        "hq 移动",
        "HQ",
        "ｈｑ",
        "bjhqydxxjsgfyxgs",
        "hongquanyidongxinxijishugufenyouxiangongsi",
    ] {
        assert!(finds(query, name), "{query}: {:?}", query_grams(query));
    }
    for query in ["xian", "gongsi", "gs", "qh", "圈红", "红圈 上海", "hongqin"] {
        assert!(!finds(query, name), "{query}");
    }
}

#[test]
fn latin_names_mixed_names_and_numbers_are_found() {
    for (query, name) in [
        ("anb", "Ping An Bank Co., Ltd."),
        ("bank", "Ping An Bank Co., Ltd."),
        ("pinganbank", "Ping An Bank Co., Ltd."),
        ("co., ltd", "Ping An Bank Co., Ltd."),
        ("t&t", "AT&T"),
        ("crm", "红圈CRM系统"),
        ("quancrmxi", "红圈CRM系统"),
        ("qcrmx", "红圈CRM系统"),
        ("360an", "奇虎360安全"),
        ("0aq", "奇虎360安全"),
        ("1234", "138-1234-5678"),
        ("13812345678", "138-1234-5678"),
        ("4567", "13812345678"),
        ("xian", "西安饮食股份有限公司"),
        ("xia", "西安饮食股份有限公司"),
        ("fangan", "万方案例"),
        ("fang", "翻盖手机"),
        ("héq", "红é圈"),
    ] {
        assert!(
            finds(query, name),
            "{query} in {name}: {:?} {:?}",
            query_grams(query),
            grams_of(name)
        );
    }
    assert!(!finds("microsoft", "红圈CRM系统"));
}

#[test]
fn words_that_select_nothing_have_no_tokens() {
    for query in ["有限公司", "公司", "公", "h", "13", "", " ", "%", "h 公司"] {
        assert_eq!(
            query_grams(query).tokens,
            Vec::<Vec<String>>::new(),
            "{query}"
        );
    }
    assert_eq!(query_grams("公司").needles, ["公司"]);
    assert_eq!(query_grams(" ").needles, Vec::<String>::new());
}

#[test]
fn of_a_long_word_only_what_is_rare_is_asked_for() {
    let plan = query_grams("mingyueshengwu");
    let initials: Vec<&Vec<String>> = plan
        .tokens
        .iter()
        .filter(|way| way.iter().all(|token| token.starts_with(INITIALS)))
        .collect();
    // `^ng`, `^in` and `^en` are in every third mail address.
    assert_eq!(
        initials,
        [&["^es", "^gw", "^gy", "^wu"].map(String::from).to_vec()]
    );
    assert!(plan.tokens.iter().all(|way| way.len() <= MOST_TELLING));
}

#[test]
fn a_legal_name_of_fourteen_characters_has_few_tokens() {
    let tokens = grams_of("深圳腾讯软件科技股份有限公司");
    assert!(tokens.len() <= 45, "{} {tokens:?}", tokens.len());
    assert!(
        tokens.contains(&"~teng".to_owned())
            && tokens.contains(&"^tx".to_owned())
            && tokens.contains(&"腾讯".to_owned())
    );
    assert!(
        !tokens
            .iter()
            .any(|token| token == "有限" || token == "~gong")
    );
}

#[test]
fn a_pattern_takes_wildcards_as_they_stand() {
    assert_eq!(like_pattern("50%_\\"), "%50\\%\\_\\\\%");
}

const CHARACTERS: &str = "中国华平安北京上海深圳银行长城重庆西安方案先县恩饿阿昂欧尔红圈移动信息技术科有限责任公司股份集团南宁能源嗯呒乐曾厦绿女略𠀀〇亚洲";

fn name() -> impl Strategy<Value = String> {
    let hanzi = prop::sample::select(CHARACTERS.chars().collect::<Vec<_>>()).prop_map(String::from);
    let latin = "[a-zA-Z]{1,6}|[0-9]{1,5}|[ .&()é-]";
    let form = prop::sample::select(vec!["", "", "有限公司", "股份有限公司", "有限责任公司"]);
    let pieces = prop::collection::vec(
        prop_oneof![6 => hanzi, 1 => latin.prop_map(String::from)],
        1..14,
    );
    (pieces, form).prop_map(|(pieces, form)| pieces.concat() + form)
}

/// What the index spells of a name: everything before the legal form.
fn spelled(name: &str) -> Vec<Piece> {
    let folded = fold(name);
    let forms = ["股份有限公司", "有限责任公司", "有限公司", "股份公司"];
    let bare = forms
        .iter()
        .find_map(|form| folded.strip_suffix(form))
        .filter(|bare| bare.chars().any(char::is_alphanumeric));
    spell(bare.unwrap_or(&folded))
}

fn part(text: &str, from: usize, length: usize) -> Option<String> {
    let part: String = text.chars().skip(from).take(length).collect();
    (part.chars().count() >= 2).then_some(part)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_part_of_a_name_finds_it(name in name(), from in 0usize..30, length in 2usize..30) {
        if let Some(query) = part(&name, from, length) {
            prop_assert!(finds(&query, &name), "{} {:?} {:?}", query, query_grams(&query), grams_of(&name));
        }
    }

    #[test]
    fn any_part_of_the_pinyin_from_a_syllable_on_finds_it(name in name(), from in 0usize..20, length in 2usize..80) {
        let pieces = spelled(&name);
        let full: String = pieces.iter().skip(from).map(|piece| match piece {
            Piece::Syllable(syllable) => (*syllable).to_owned(),
            Piece::Letter(letter) => letter.to_string(),
        }).collect();
        if let Some(query) = part(&full, 0, length) {
            prop_assert!(finds(&query, &name), "{} {:?} {:?}", query, query_grams(&query), grams_of(&name));
        }
    }

    #[test]
    fn any_part_of_the_initials_finds_it(name in name(), from in 0usize..20, length in 2usize..20) {
        let initials: String = spelled(&name).iter().map(|piece| match piece {
            Piece::Syllable(syllable) => syllable.chars().next().unwrap(),
            Piece::Letter(letter) => *letter,
        }).collect();
        if let Some(query) = part(&initials, from, length) {
            prop_assert!(finds(&query, &name), "{} {:?} {:?}", query, query_grams(&query), grams_of(&name));
        }
    }

    #[test]
    fn no_query_breaks_the_plan(query in any::<String>(), letters in "[a-z ]{0,60}") {
        for query in [query, letters] {
            let plan = query_grams(&query);
            prop_assert!(plan.tokens.len() <= MOST_WAYS + 2);
            prop_assert!(plan.tokens.iter().all(|way| !way.is_empty()));
        }
    }
}
