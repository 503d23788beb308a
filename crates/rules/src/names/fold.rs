//! One form for all ways to write the same text.

use std::sync::OnceLock;

/// First character and length of the block that the simplification table covers (CJK Unified Ideographs).
const FIRST: u32 = 0x4E00;
const COUNT: usize = 0x9FFF - 0x4E00 + 1;

static PAIRS: &str = include_str!("../../data/traditional.txt");

/// The half-width form of a full-width letter, digit, sign or space; any other character as it is.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{FFE5}' => '¥',
        _ => c,
    }
}

/// `text` for comparing and searching: half width, lower case, simplified characters, single spaces, none at the ends.
/// The fold of a part of a text is a part of the fold of that text.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match half_width(c) {
            // The searchable line separates its texts by this sign.
            c if c.is_whitespace() || c.is_control() || c == '|' => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => {}
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            c if is_han(c) => folded.push(simplified(c)),
            c => folded.extend(c.to_lowercase()),
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Whether `c` is a Chinese character.
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x3007 | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

fn simplified(c: char) -> char {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: Vec<char> = (FIRST..).map_while(char::from_u32).take(COUNT).collect();
        for pair in PAIRS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
        {
            let mut characters = pair.chars();
            if let (Some(traditional), Some(simple)) = (characters.next(), characters.next()) {
                table[(u32::from(traditional) - FIRST) as usize] = simple;
            }
        }
        table
    });
    u32::from(c)
        .checked_sub(FIRST)
        .and_then(|at| table.get(at as usize))
        .copied()
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn width_case_script_and_spaces_do_not_matter() {
        assert_eq!(fold("　ＡＢＣ　（深圳）  國際貿易 "), "abc (深圳) 国际贸易");
        assert_eq!(fold("a|b\u{200B}c\td"), "a bc d");
    }

    #[test]
    fn every_line_of_the_table_holds_pairs_of_the_covered_block() {
        let pairs = PAIRS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace);
        for pair in pairs {
            let characters: Vec<char> = pair.chars().collect();
            assert!(
                characters.len() == 2
                    && characters
                        .iter()
                        .all(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)),
                "{pair}"
            );
            assert_eq!(simplified(characters[1]), characters[1], "{pair}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn the_fold_of_a_part_is_a_part_of_the_fold(text in "[a-zA-Z０-９國华 　\\t（）|]{0,24}", from in 0usize..24, length in 0usize..24) {
            let part: String = text.chars().skip(from).take(length).collect();
            prop_assert!(fold(&text).contains(&fold(&part)));
        }
    }
}
