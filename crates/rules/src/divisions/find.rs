//! Which division a free text names.

use super::{Division, all, by_code};
use crate::names::fold;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The code of the division that `text` names: `深圳`, `广东深圳`, `北京市海淀区`, `内蒙`, `Shenzhen, Guangdong`, `440300`, or an
/// address that begins with full names. None when it names nothing or could be several (`朝阳区` alone).
pub fn find(text: &str) -> Option<&'static str> {
    let folded = fold(text);
    let folded = folded.trim_matches(is_separator);
    if folded.bytes().all(|byte| byte.is_ascii_digit()) {
        return padded_code(folded);
    }
    if folded.is_ascii() {
        return by_english(folded);
    }
    let bare = folded
        .strip_prefix("中国")
        .map_or(folded, |rest| rest.trim_start_matches(is_separator));
    read_on(bare, "").map(|division| division.code.as_str())
}

/// The places that a company's name begins with, and the rest: `深圳市腾讯` gives Shenzhen and `腾讯`. Districts count by
/// their full names only, for many short ones are ordinary words (和平, 长安).
pub(crate) fn leading_place(folded: &str) -> Option<(&'static Division, &str)> {
    let mut place: Option<&'static Division> = None;
    let mut rest = folded;
    loop {
        let above = place.map_or("", |division| division.code.as_str());
        let step = names_at(rest, above)
            .find(|(division, name)| division.depth() < 6 || *name == division.name);
        let Some((division, name)) = step else { break };
        place = Some(division);
        rest = &rest[name.len()..];
    }
    place.map(|division| (division, rest))
}

fn is_separator(c: char) -> bool {
    " /\\-_,.;:>·、，。()[]".contains(c) || c == '→'
}

/// The code itself; the official six digits of a province or city end in zeros.
fn padded_code(digits: &str) -> Option<&'static str> {
    let bare = match digits.len() {
        6 => digits
            .strip_suffix("0000")
            .or_else(|| digits.strip_suffix("00"))
            .unwrap_or(digits),
        _ => digits,
    };
    by_code(bare).map(|division| division.code.as_str())
}

/// The deepest division that the text spells out from its start, inside `above`.
fn read_on(text: &str, above: &str) -> Option<&'static Division> {
    names_at(text, above).find_map(|(division, name)| {
        let behind = &text[name.len()..];
        let rest = behind.trim_start_matches(is_separator);
        if rest.is_empty() {
            return Some(division);
        }
        let is_parted = rest.len() < behind.len();
        let is_full = name == division.name;
        // 南京东路 is no place in 南京: behind a short name only a place or a separator may follow.
        read_on(rest, &division.code).or((is_full || is_parted).then_some(division))
    })
}

/// Divisions below `above` whose name the text begins with, with that name; the longest first, ambiguous ones left out.
fn names_at<'a>(
    text: &'a str,
    above: &'a str,
) -> impl Iterator<Item = (&'static Division, &'a str)> {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take(MOST_CHARACTERS)
        .collect();
    ends.into_iter().rev().filter_map(move |end| {
        let name = &text[..end];
        let named = by_name().get(name)?.iter().map(|&at| &all()[at]);
        let below: Vec<&'static Division> = named
            .filter(|division| division.depth() > above.len() && division.code.starts_with(above))
            .collect();
        let depth = below.iter().map(|division| division.depth()).min()?;
        let mut highest = below
            .into_iter()
            .filter(|division| division.depth() == depth);
        let first = highest.next()?;
        highest.next().is_none().then_some((first, name))
    })
}

/// The longest name, 积石山保安族东乡族撒拉族自治县 and its like, stays below this.
const MOST_CHARACTERS: usize = 16;

/// Names that people use beside the full and the short one.
const ALIASES: [(&str, &str); 5] = [
    ("内蒙", "15"),
    ("香港", "81"),
    ("澳门", "82"),
    ("中国台湾", "71"),
    ("大兴安岭", "2327"),
];

/// Positions in [`all`] by full name, short name and alias.
fn by_name() -> &'static HashMap<&'static str, Vec<usize>> {
    static BY_NAME: OnceLock<HashMap<&'static str, Vec<usize>>> = OnceLock::new();
    BY_NAME.get_or_init(|| {
        let mut names: HashMap<&'static str, Vec<usize>> = HashMap::with_capacity(7000);
        for (at, division) in all()
            .iter()
            .enumerate()
            .filter(|(_, division)| !division.is_unnamed)
        {
            let aliases = ALIASES
                .iter()
                .filter(|(_, code)| *code == division.code)
                .map(|(name, _)| *name);
            for name in [division.name, division.short_name()]
                .into_iter()
                .chain(aliases)
            {
                let places = names.entry(name).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
        }
        names
    })
}

/// Provinces and cities named in English, alone or as `city, province` in either order.
fn by_english(text: &str) -> Option<&'static str> {
    let letters = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
    };
    let whole = english_names().get(&letters(text)).copied().flatten();
    if whole.is_some() {
        return whole;
    }
    let is_kind = |word: &&str| {
        ![
            "",
            "province",
            "city",
            "china",
            "prc",
            "municipality",
            "sar",
        ]
        .contains(word)
    };
    let words: Vec<&str> = text
        .split([',', '/', ';', '-'])
        .map(str::trim)
        .filter(is_kind)
        .collect();
    let bare = |word: &str| {
        letters(
            word.trim_end_matches(" province")
                .trim_end_matches(" city")
                .trim_end_matches(" municipality"),
        )
    };
    let codes: Option<Vec<&'static str>> = words
        .iter()
        .map(|word| english_names().get(&bare(word)).copied().flatten())
        .collect();
    let codes = codes?;
    let deepest = *codes.iter().max_by_key(|code| code.len())?;
    codes
        .iter()
        .all(|code| deepest.starts_with(code))
        .then_some(deepest)
}

/// Codes by the letters of the English name; none where two cities share it (福州 and 抚州).
fn english_names() -> &'static HashMap<String, Option<&'static str>> {
    static NAMES: OnceLock<HashMap<String, Option<&'static str>>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: HashMap<String, Option<&'static str>> = HashMap::with_capacity(400);
        let named = all().iter().filter(|division| !division.is_unnamed);
        let cities = named.clone().filter(|division| division.depth() == 4);
        for division in cities {
            let name = division.english_name().to_lowercase();
            names
                .entry(name)
                .and_modify(|code| *code = None)
                .or_insert(Some(&division.code));
        }
        // A province comes before a city of the same name.
        for division in named.filter(|division| division.depth() == 2) {
            let name = division.english_name().to_lowercase().replace(' ', "");
            names.insert(name, Some(&division.code));
        }
        for (name, code) in [
            ("neimenggu", "15"),
            ("xizang", "54"),
            ("xianggang", "81"),
            ("macau", "82"),
            ("aomen", "82"),
        ] {
            names.insert(
                name.to_owned(),
                by_code(code).map(|division| division.code.as_str()),
            );
        }
        names
    })
}
