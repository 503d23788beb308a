//! The national classification of industries (GB/T 4754-2017): 20 sections (`J`) and their 97 divisions (`J66`).

use crate::names::fold;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::OnceLock;

static INDUSTRIES: &str = include_str!("../data/industries.txt");

/// A section or division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Industry {
    /// The section's letter, for a division followed by its two digits.
    pub code: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    words: &'static str,
}

/// A section with its divisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Branch {
    pub code: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Branch>,
}

impl Industry {
    fn is_section(&self) -> bool {
        self.code.len() == 1
    }
}

/// All sections and divisions, each section before its divisions.
pub fn all() -> &'static [Industry] {
    static ALL: OnceLock<Vec<Industry>> = OnceLock::new();
    ALL.get_or_init(|| {
        let lines = INDUSTRIES.lines().filter(|line| !line.starts_with('#'));
        let mut fields = lines.map(|line| line.split('|').map(str::trim));
        let mut industries = Vec::with_capacity(117);
        while let Some([code, name, name_en, words]) = fields
            .next()
            .map(|mut line| std::array::from_fn(|_| line.next().unwrap_or_default()))
        {
            industries.push(Industry {
                code,
                name,
                name_en,
                words,
            });
        }
        industries
    })
}

/// The section or division with exactly this code.
pub fn by_code(code: &str) -> Option<&'static Industry> {
    all().iter().find(|industry| industry.code == code)
}

/// `制造业/汽车制造业`; a division named like its section stands alone.
pub fn full_name(code: &str) -> Option<String> {
    joined(code, |industry| industry.name)
}

/// As [`full_name`], in English.
pub fn full_english_name(code: &str) -> Option<String> {
    joined(code, |industry| industry.name_en)
}

fn joined(code: &str, name: impl Fn(&Industry) -> &'static str) -> Option<String> {
    let industry = by_code(code)?;
    let section = by_code(&industry.code[..1])?;
    let (above, own) = (name(section), name(industry));
    Some(if above == own {
        own.to_owned()
    } else {
        format!("{above}/{own}")
    })
}

/// The sections with their divisions, to choose from.
pub fn tree() -> &'static [Branch] {
    static TREE: OnceLock<Vec<Branch>> = OnceLock::new();
    TREE.get_or_init(|| {
        let mut tree: Vec<Branch> = Vec::with_capacity(20);
        for industry in all() {
            let branch = Branch {
                code: industry.code,
                name: industry.name,
                name_en: industry.name_en,
                children: Vec::new(),
            };
            match tree.last_mut().filter(|_| !industry.is_section()) {
                Some(section) => section.children.push(branch),
                None => tree.push(branch),
            }
        }
        tree
    })
}

/// The code of the industry that `text` means: a code (`J66`, `66`), a name in either language, a usual word for it
/// (`银行`, `全国地产`, `software`), or a longer text that holds such a word (`家用电器制造`); the longest word decides.
pub fn find(text: &str) -> Option<&'static str> {
    let text = plain(text);
    if text.is_empty() {
        return None;
    }
    let as_code = |industry: &&Industry| {
        let code = industry.code.to_ascii_lowercase();
        text == code || (!industry.is_section() && text == code[1..])
    };
    if let Some(industry) = all().iter().find(as_code) {
        return Some(industry.code);
    }
    let words = by_word();
    if let Some(code) = words.get(text.as_str()) {
        return Some(code);
    }
    // Latin words only whole: `it` is no part of `hospitality`.
    let is_within = |word: &str| {
        if word.is_ascii() {
            text.split(' ').any(|part| part == word)
        } else {
            word.chars().count() >= 2 && text.contains(word)
        }
    };
    let held = words.iter().filter(|(word, _)| is_within(word));
    held.max_by_key(|(word, code)| (word.chars().count(), std::cmp::Reverse(**code)))
        .map(|(_, code)| *code)
}

/// Folded, without the signs and endings by which the same industry is written differently.
fn plain(text: &str) -> String {
    let folded = fold(text);
    let signs = folded
        .replace(['、', ',', '，', '&', '/', '-', '_', '(', ')'], " ")
        .replace(" and ", " ");
    let words = signs.split_whitespace().collect::<Vec<_>>();
    // Chinese needs no spaces, English does.
    let joined = if folded.is_ascii() {
        words.join(" ")
    } else {
        words.concat()
    };
    let bare = ["行业", "产业", "业"]
        .iter()
        .find_map(|ending| joined.strip_suffix(ending))
        .unwrap_or(&joined);
    let bare = if bare.chars().nth(1).is_some() {
        bare
    } else {
        &joined
    };
    bare.to_owned()
}

/// Names and words in plain form; of a section and a division with the same name the division is meant.
fn by_word() -> &'static HashMap<String, &'static str> {
    static BY_WORD: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    BY_WORD.get_or_init(|| {
        let mut words = HashMap::with_capacity(700);
        for industry in all() {
            for word in industry.words.split_whitespace() {
                words.entry(plain(word)).or_insert(industry.code);
            }
        }
        for industry in all() {
            for name in [industry.name, industry.name_en] {
                words.insert(plain(name), industry.code);
            }
        }
        words
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn there_are_20_sections_and_97_divisions_in_order() {
        assert_eq!(tree().len(), 20);
        let divisions: Vec<&str> = tree()
            .iter()
            .flat_map(|section| &section.children)
            .map(|division| division.code)
            .collect();
        assert_eq!(divisions.len(), 97);
        for (number, code) in divisions.iter().enumerate() {
            assert_eq!(code[1..], format!("{:02}", number + 1));
        }
        for section in tree() {
            assert!(
                section
                    .children
                    .iter()
                    .all(|division| division.code.starts_with(section.code))
            );
        }
    }

    #[test]
    fn words_from_real_files_find_their_industry() {
        for (words, code) in [
            ("银行 货币金融服务 J66 66 banking", "J66"),
            (
                "软件 软件服务 软件和信息技术服务业 software Software&IT行业的软件",
                "I65",
            ),
            ("房地产 全国地产 区域地产 园区开发 房地产业", "K70"),
            ("火力发电 水力发电 新型电力", "D44"),
            ("家用电器 电气设备 家用电器制造", "C38"),
            ("元器件 半导体 IT设备 通信设备", "C39"),
            ("专用机械 工程机械", "C35"),
            ("白酒 啤酒 红黄酒 软饮料", "C15"),
            ("technology", "I"),
            ("medical 医疗保健", "Q84"),
            ("retail 百货 零售业 超市连锁", "F52"),
            ("finance 多元金融", "J"),
            ("marketing employment", "L72"),
            ("telecommunications 电信运营", "I63"),
            ("services 综合类", "L"),
            ("entertainment", "R"),
            ("制造业 c 製造業", "C"),
        ] {
            for word in words.split(' ') {
                assert_eq!(find(word), Some(code), "{word}");
            }
        }
        assert_eq!(find("Film and television"), Some("R87"));
        for wrong in ["", "未知", "X99", "99", "、"] {
            assert_eq!(find(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_code_and_name_finds_itself() {
        for industry in all() {
            assert_eq!(find(industry.code), Some(industry.code));
            for name in [industry.name, industry.name_en] {
                let found = find(name).and_then(by_code).unwrap();
                assert!([found.name, found.name_en].contains(&name), "{name}");
            }
            assert!(by_code(industry.code).is_some() && full_name(industry.code).is_some());
        }
        assert_eq!(full_name("C36").as_deref(), Some("制造业/汽车制造业"));
        assert_eq!(full_english_name("K70").as_deref(), Some("Real estate"));
    }

    #[test]
    fn no_word_means_two_industries() {
        let mut seen = HashMap::new();
        for industry in all() {
            for word in industry.words.split_whitespace() {
                let before = seen.insert(plain(word), industry.code);
                assert!(before.is_none_or(|code| code == industry.code), "{word}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_search(text in any::<String>()) {
            let _ = find(&text);
        }
    }
}
