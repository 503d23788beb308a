//! Pinyin without tones. Characters with several readings take the one usual in names of companies and places.

use super::fold::{fold, is_han};
use pinyin::ToPinyin;

/// A text in pinyin; words of other scripts stay, spaces and punctuation go.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Pinyin {
    /// All syllables, without spaces: `hongquancrm`.
    pub full: String,
    /// The first letter of each syllable, other words whole: `hqcrm`.
    pub initials: String,
}

/// `text` in pinyin.
pub fn pinyin(text: &str) -> Pinyin {
    let mut spelled = Pinyin::default();
    for piece in spell(&fold(text)) {
        match piece {
            Piece::Syllable(syllable) => {
                spelled.full.push_str(syllable);
                spelled.initials.push_str(&syllable[..1]);
            }
            Piece::Letter(letter) => {
                spelled.full.push(letter);
                spelled.initials.push(letter);
            }
        }
    }
    spelled
}

/// One step of a spelled text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Syllable(&'static str),
    /// A letter or digit that isn't Chinese.
    Letter(char),
}

/// Readings that differ from the dictionary's first one, sorted by text; the longest that fits is taken.
const READINGS: [(&str, &[&str]); 81] = [
    ("东莞", &["dong", "guan"]),
    ("乐亭", &["lao", "ting"]),
    ("乐器", &["yue", "qi"]),
    ("乐团", &["yue", "tuan"]),
    ("乐清", &["yue", "qing"]),
    ("井陉", &["jing", "xing"]),
    ("什", &["shi"]),
    ("会计", &["kuai", "ji"]),
    ("佛", &["fo"]),
    ("供给", &["gong", "ji"]),
    ("六安", &["lu", "an"]),
    ("出行", &["chu", "xing"]),
    ("单县", &["shan", "xian"]),
    ("卜", &["bu"]),
    ("厦", &["xia"]),
    ("发行", &["fa", "xing"]),
    ("台州", &["tai", "zhou"]),
    ("同行", &["tong", "xing"]),
    ("咖啡", &["ka", "fei"]),
    ("喀什", &["ka", "shi"]),
    ("增长", &["zeng", "zhang"]),
    ("大厦", &["da", "sha"]),
    ("大埔", &["da", "bu"]),
    ("大夫", &["dai", "fu"]),
    ("大都", &["da", "du"]),
    ("家长", &["jia", "zhang"]),
    ("尉犁", &["yu", "li"]),
    ("尉迟", &["yu", "chi"]),
    ("弹性", &["tan", "xing"]),
    ("弹簧", &["tan", "huang"]),
    ("成长", &["cheng", "zhang"]),
    ("执行", &["zhi", "xing"]),
    ("旅行", &["lv", "xing"]),
    ("曾", &["zeng"]),
    ("枞阳", &["zong", "yang"]),
    ("柏林", &["bo", "lin"]),
    ("校长", &["xiao", "zhang"]),
    ("模具", &["mu", "ju"]),
    ("模板", &["mu", "ban"]),
    ("步行", &["bu", "xing"]),
    ("泊", &["bo"]),
    ("泌阳", &["bi", "yang"]),
    ("洪洞", &["hong", "tong"]),
    ("浚县", &["xun", "xian"]),
    ("涡阳", &["guo", "yang"]),
    ("率", &["lv"]),
    ("生长", &["sheng", "zhang"]),
    ("番禺", &["pan", "yu"]),
    ("盱眙", &["xu", "yi"]),
    ("空调", &["kong", "tiao"]),
    ("繁峙", &["fan", "shi"]),
    ("翟", &["zhai"]),
    ("自行车", &["zi", "xing", "che"]),
    ("莘县", &["shen", "xian"]),
    ("蔚县", &["yu", "xian"]),
    ("薄", &["bo"]),
    ("藏医", &["zang", "yi"]),
    ("藏族", &["zang", "zu"]),
    ("藏药", &["zang", "yao"]),
    ("蚌埠", &["beng", "bu"]),
    ("行", &["hang"]),
    ("行为", &["xing", "wei"]),
    ("行动", &["xing", "dong"]),
    ("行政", &["xing", "zheng"]),
    ("行星", &["xing", "xing"]),
    ("行者", &["xing", "zhe"]),
    ("行走", &["xing", "zou"]),
    ("西藏", &["xi", "zang"]),
    ("调味", &["tiao", "wei"]),
    ("调节", &["tiao", "jie"]),
    ("调频", &["tiao", "pin"]),
    ("运行", &["yun", "xing"]),
    ("还", &["huan"]),
    ("都", &["du"]),
    ("重复", &["chong", "fu"]),
    ("重庆", &["chong", "qing"]),
    ("重组", &["chong", "zu"]),
    ("铅山", &["yan", "shan"]),
    ("长", &["chang"]),
    ("音乐", &["yin", "yue"]),
    ("飞行", &["fei", "xing"]),
];

/// The pieces of a folded text in order; what is neither letter nor digit, or has no reading, is left out.
pub(super) fn spell(folded: &str) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(folded.len() / 2);
    let mut rest = folded;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        if !is_han(c) {
            if c.is_alphanumeric() {
                pieces.push(Piece::Letter(c));
            }
        } else if let Some((text, reading)) = special_reading(rest, c) {
            length = text.len();
            pieces.extend(reading.iter().map(|syllable| Piece::Syllable(syllable)));
        } else if let Some(syllable) = syllable_of(c) {
            pieces.push(Piece::Syllable(syllable));
        }
        rest = &rest[length..];
    }
    pieces
}

fn special_reading(rest: &str, first: char) -> Option<(&'static str, &'static [&'static str])> {
    let start = READINGS.partition_point(|(text, _)| text.chars().next() < Some(first));
    let same_start = READINGS[start..]
        .iter()
        .take_while(|(text, _)| text.starts_with(first));
    same_start
        .filter(|(text, _)| rest.starts_with(text))
        .max_by_key(|(text, _)| text.len())
        .copied()
}

/// The plain syllable of a character, with v for ü as it is typed; interjections without a vowel have none.
pub(super) fn syllable_of(c: char) -> Option<&'static str> {
    match c.to_pinyin()?.plain() {
        "lü" => Some("lv"),
        "nü" => Some("nv"),
        "lüe" => Some("lve"),
        "nüe" => Some("nve"),
        "ê" => Some("e"),
        plain => (plain.is_ascii() && plain.contains(['a', 'e', 'i', 'o', 'u'])).then_some(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> (String, String) {
        let Pinyin { full, initials } = pinyin(text);
        (full, initials)
    }

    #[test]
    fn latin_words_stay_and_signs_go() {
        assert_eq!(
            spelled("红圈 CRM（360）"),
            ("hongquancrm360".into(), "hqcrm360".into())
        );
        assert_eq!(spelled("Ping An"), ("pingan".into(), "pingan".into()));
        assert_eq!(spelled("——"), (String::new(), String::new()));
    }

    #[test]
    fn names_are_read_as_people_say_them() {
        for (text, full) in [
            ("重庆长安汽车", "chongqingchanganqiche"),
            ("重庆銀行", "chongqingyinhang"),
            ("厦门国际银行", "xiamenguojiyinhang"),
            ("成都旅行社", "chengdulvxingshe"),
            ("西藏", "xizang"),
            ("模具空调", "mujukongtiao"),
            ("吕率绿女", "lvlvlvnv"),
            ("曾国藩", "zengguofan"),
        ] {
            assert_eq!(pinyin(text).full, full, "{text}");
        }
    }

    #[test]
    fn special_readings_are_sorted_and_as_long_as_their_text() {
        for pair in READINGS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
        for (text, reading) in READINGS {
            assert_eq!(text.chars().count(), reading.len(), "{text}");
            assert_eq!(fold(text), text);
        }
    }
}
