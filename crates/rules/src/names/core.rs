//! The core of a company's name, by which the duplicate check compares.

use super::fold::{fold, is_han};
use crate::divisions::leading_place;

/// Legal forms and group words that end a Chinese name, longer ones before their own endings.
const HAN_FORMS: [&str; 12] = [
    "股份有限责任公司",
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "股份公司",
    "集团公司",
    "总公司",
    "公司",
    "集团",
    "股份",
    "有限合伙",
    "普通合伙",
];

/// Words that end a name in other languages without telling companies apart.
const LATIN_FORMS: [&str; 25] = [
    "co",
    "company",
    "corp",
    "corporation",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "ltd",
    "limited",
    "plc",
    "gmbh",
    "ag",
    "pty",
    "sa",
    "srl",
    "spa",
    "bv",
    "nv",
    "kg",
    "oy",
    "ab",
    "as",
    "group",
    "pte",
];

/// Words of two characters that say what a company does but not who it is: before them the place stays (深圳机场).
const GENERIC: &str = "银行 机场 汽车 啤酒 证券 保险 电力 钢铁 港口 港务 地铁 航空 化工 机械 医药 制药 电子 科技 能源 燃气 热电 热力 水务 \
    高速 路桥 铁路 地产 置业 建工 建设 城建 城投 交运 公交 旅游 百货 商场 粮油 食品 乳业 药业 纺织 水泥 煤业 矿业 石化 信托 期货 租赁 \
    物流 广电 传媒 出版 电信 联通 移动 国资 环保 环境 公用 大学 医院 发展 投资 建材 重工 电气 电机 机电 电缆 锅炉 机床 玻璃 \
    轮胎 化纤 资源 黄金 煤电 空调 电影 广告 饮食 有色 国贸 商业 贸易 实业 控股 联合 高新 焦化 冶炼 水表 酒家 建筑";

/// What remains of a name when width, case, script, punctuation, legal form and leading places are taken away:
/// `深圳市騰訊計算機系統有限公司` → `腾讯计算机系统`, `Acme Trading Co., Ltd.` → `acmetrading`. Never empty for a name with a
/// letter or character in it.
pub fn core_name(text: &str) -> String {
    place_and_core(text).1
}

/// The code of the leading place (empty without one), and the core.
pub(super) fn place_and_core(text: &str) -> (&'static str, String) {
    let folded = place_first(&fold(text));
    let latin_bare = without_latin_forms(&folded);
    let plain: String = latin_bare.chars().filter(|c| c.is_alphanumeric()).collect();
    let bare = without_han_forms(&plain);
    let Some((place, rest)) = leading_place(bare) else {
        return ("", bare.to_owned());
    };
    let length = rest.chars().count();
    let is_telling =
        length >= 2 && !(length == 2 && GENERIC.split_whitespace().any(|word| word == rest));
    (
        place.code.as_str(),
        if is_telling { rest } else { bare }.to_owned(),
    )
}

/// `红圈科技(北京)有限公司` is registered as often as `北京红圈科技有限公司`: a place in brackets goes to the front.
fn place_first(folded: &str) -> String {
    let bracketed = folded.split_once('(').and_then(|(before, rest)| {
        let (inside, behind) = rest.split_once(')')?;
        Some((before, inside.trim(), behind))
    });
    match bracketed {
        Some((before, place, behind))
            if !before.is_empty() && crate::divisions::find(place).is_some() =>
        {
            format!("{place}{before}{behind}")
        }
        _ => folded.to_owned(),
    }
}

/// Takes the words from the end as long as they are legal forms and something remains.
fn without_latin_forms(folded: &str) -> String {
    let mut words: Vec<&str> = folded
        .split([' ', ',', '(', ')'])
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    let letters = |word: &str| {
        word.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    while let [before @ .., last] = words.as_slice() {
        let last = letters(last);
        let is_form = last.is_empty() || LATIN_FORMS.contains(&last.as_str());
        if !is_form || before.iter().all(|word| letters(word).is_empty()) {
            break;
        }
        words.pop();
    }
    words.concat()
}

fn without_han_forms(plain: &str) -> &str {
    let mut bare = plain;
    while let Some(shorter) = HAN_FORMS.iter().find_map(|form| bare.strip_suffix(form)) {
        // One character alone is no name any more, except that nothing longer was there.
        if shorter.chars().filter(|c| is_han(*c)).count() < 2
            && !shorter.chars().any(|c| c.is_ascii_alphanumeric())
        {
            break;
        }
        bare = shorter;
    }
    bare
}

/// Whether two names are the same but for writing, legal form and place: their cores are equal, and their places, where
/// both have one, lie within each other (`北京华联` is not `上海华联`).
pub fn same_name(one: &str, other: &str) -> bool {
    let ((place, core), (other_place, other_core)) = (place_and_core(one), place_and_core(other));
    !core.is_empty() && core == other_core && are_compatible(place, other_place)
}

fn are_compatible(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// How near two names are, 0 to 1; 1 means the same core. The mean of the Dice coefficient of character pairs, which
/// forgives a changed order, and of Jaro-Winkler, which forgives single wrong characters. From about 0.85 on it is
/// worth asking whether they are one company.
pub fn similarity(one: &str, other: &str) -> f64 {
    let (one, other) = (core_name(one), core_name(other));
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    // In one order always: Jaro pairs greedily from its first argument.
    let (first, second) = if one <= other {
        (&one, &other)
    } else {
        (&other, &one)
    };
    ((dice(first, second) + strsim::jaro_winkler(first, second)) / 2.0).clamp(0.0, 1.0)
}

/// Twice the shared pairs of neighbouring characters over all pairs. (The one in strsim divides by bytes, which is wrong
/// for everything but ASCII.)
fn dice(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let pairs = |text: &str| text.chars().zip(text.chars().skip(1)).collect::<Vec<_>>();
    let (of_one, mut of_other) = (pairs(one), pairs(other));
    let all = of_one.len() + of_other.len();
    let take = |pair: &(char, char)| {
        of_other
            .iter()
            .position(|other| other == pair)
            .map(|at| of_other.swap_remove(at))
    };
    let shared = of_one.iter().filter_map(take).count();
    if all == 0 {
        0.0
    } else {
        2.0 * shared as f64 / all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn form_place_script_and_punctuation_are_taken_away() {
        for (name, core) in [
            ("深圳市騰訊計算機系統有限公司", "腾讯计算机系统"),
            ("腾讯科技（深圳）有限公司", "腾讯科技"),
            ("上海医药集团股份有限公司", "上海医药"),
            ("上海医药(集团)有限公司", "上海医药"),
            ("北京市海淀区红圈科技有限责任公司", "红圈科技"),
            ("深圳机场集团", "深圳机场"),
            ("广东腾讯", "腾讯"),
            ("内蒙古伊利实业集团股份有限公司", "伊利实业"),
            ("ＡＢＣ　Trading Co., Ltd.", "abctrading"),
            ("The Smith & Co. Inc", "smith"),
            ("Cancity", "cancity"),
            ("Group", "group"),
            ("有限公司", "有限公司"),
            ("北京", "北京"),
            ("……", ""),
        ] {
            assert_eq!(core_name(name), core, "{name}");
        }
    }

    #[test]
    fn the_same_company_is_known_in_its_variants() {
        for (one, other) in [
            ("深圳市腾讯计算机系统有限公司", "騰訊計算機系統"),
            ("北京红圈科技有限公司", "红圈科技（北京）有限公司"),
            ("广东美的集团股份有限公司", "美的集团有限公司"),
            ("Acme Co., Ltd.", "ACME Inc"),
            ("北京红圈科技有限公司", "北京市海淀区红圈科技股份有限公司"),
        ] {
            assert!(same_name(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("北京华联商厦", "上海华联商厦"),
            ("北京银行", "上海银行"),
            ("红圈科技", "红圈软件"),
            ("…", "。"),
        ] {
            assert!(!same_name(one, other), "{one} {other}");
        }
    }

    #[test]
    fn near_names_come_before_far_ones() {
        let near = similarity("广州红圈信息技术有限公司", "红圈信息科技股份有限公司");
        let far = similarity("广州红圈信息技术有限公司", "蓝海信息技术有限公司");
        assert!(near > 0.7 && far < near, "{near} {far}");
        assert_eq!(similarity("红圈", "…"), 0.0);
    }

    const NAME: &str =
        "[北京上海深圳市红圈科技信息集团（）a-c A-C.,]{0,10}(有限公司|股份有限公司| Co., Ltd.|)";

    proptest! {
        #[test]
        fn similarity_is_symmetric_and_one_for_the_same(one in NAME, other in NAME) {
            let there = similarity(&one, &other);
            prop_assert!((0.0..=1.0).contains(&there));
            prop_assert_eq!(there, similarity(&other, &one));
            prop_assert!(core_name(&one).is_empty() || similarity(&one, &one) == 1.0);
            prop_assert!(!same_name(&one, &other) || there == 1.0);
        }

        #[test]
        fn writing_and_form_do_not_change_the_core(name in "[红圈科技信息腾讯][红圈科技信息腾讯a-c]{1,8}") {
            prop_assume!(!GENERIC.contains(name.as_str()));
            let core = core_name(&name);
            for variant in [
                name.to_uppercase(),
                format!("{name}有限公司"),
                format!("{name}（集团）股份有限公司"),
                format!(" {name} Co., Ltd."),
                format!("深圳市{name}有限责任公司"),
            ] {
                prop_assert_eq!(core_name(&variant), core.clone(), "{}", variant);
            }
        }

        #[test]
        fn a_name_with_letters_has_a_core(name in any::<String>(), near in NAME) {
            for name in [name, near] {
                prop_assert_eq!(core_name(&name).is_empty(), !fold(&name).chars().any(char::is_alphanumeric), "{}", name);
            }
        }
    }
}
