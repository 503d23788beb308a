//! The search index of names: what is stored for a name. [`super::plan`] makes the questions to it.

use super::fold::{fold, is_han};
use super::pinyin::{Piece, spell};

/// Pairs of characters inside the legal forms, which nearly every company has: neither stored nor asked for.
const STOP_PAIRS: [&str; 8] = [
    "有限", "限公", "公司", "股份", "份有", "责任", "限责", "任公",
];
const STOP_CHARACTERS: [char; 6] = ['有', '限', '公', '司', '股', '份'];
const LEGAL_FORMS: [&str; 4] = ["股份有限公司", "有限责任公司", "有限公司", "股份公司"];

/// Mark of a token that is a syllable, `~hong`.
pub(super) const SYLLABLE: char = '~';
/// Mark of a token that is two neighbouring initials, `^hq`.
pub(super) const INITIALS: char = '^';

/// Goes up when a name gets other tokens or another line than before: the index is then made anew at the next start.
pub const REVISION: u32 = 2;

/// The index tokens of one name or phone number, each once:
/// Chinese characters and their pairs; for the pinyin (without a legal form at the end, or every company would be found
/// by `gongsi` and `xian`) its syllables, their pairs, and the pairs of its initials; and where other letters or digits are in the text,
/// the triples of the whole pinyin. A Chinese company's name of 14 characters has about 40.
pub fn grams_of(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut tokens = Vec::with_capacity(48);
    for run in runs(&folded) {
        if let Run::Han(characters) = run {
            push_han(characters, &mut tokens);
        }
    }
    let spelled = Spelled::of(&folded);
    tokens.extend(
        spelled
            .syllables
            .iter()
            .map(|syllable| format!("{SYLLABLE}{syllable}")),
    );
    push_syllable_pairs(&spelled.syllables, &mut tokens);
    push_initials(&spelled.initials, &mut tokens);
    if spelled.has_letters {
        push_triples(&spelled.full, &mut tokens);
    }
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// The searchable line kept beside the tokens: each text folded, its full pinyin, and its initials, parted by `|`.
/// A found record counts only when each needle of the plan is on its line.
pub fn search_line(texts: &[&str]) -> String {
    let mut line = String::new();
    let mut push = |part: &str| {
        if !part.is_empty() {
            if !line.is_empty() {
                line.push('|');
            }
            line.push_str(part);
        }
    };
    for text in texts {
        let folded = fold(text);
        let spelled = Spelled::of(&folded);
        push(&folded);
        if spelled.full != folded {
            push(&spelled.full);
        }
        if spelled.initials != spelled.full {
            push(&spelled.initials);
        }
    }
    line
}

/// A stretch of a folded text that is of one kind.
pub(super) enum Run<'a> {
    Han(&'a str),
    /// Letters and digits of other scripts.
    Word(&'a str),
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Han,
    Word,
    Sign,
}

fn kind(c: char) -> Kind {
    if is_han(c) {
        Kind::Han
    } else if c.is_alphanumeric() {
        Kind::Word
    } else {
        Kind::Sign
    }
}

/// The runs of a folded text; signs and spaces part them.
pub(super) fn runs(folded: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        loop {
            let first = kind(rest.chars().next()?);
            let (run, behind) =
                rest.split_at(rest.find(|c| kind(c) != first).unwrap_or(rest.len()));
            rest = behind;
            match first {
                Kind::Han => return Some(Run::Han(run)),
                Kind::Word => return Some(Run::Word(run)),
                Kind::Sign => {}
            }
        }
    })
}

/// The pinyin of a folded text without its legal form.
struct Spelled {
    full: String,
    initials: String,
    syllables: Vec<&'static str>,
    has_letters: bool,
}

impl Spelled {
    fn of(folded: &str) -> Spelled {
        let bare = LEGAL_FORMS
            .iter()
            .find_map(|form| folded.strip_suffix(form))
            .unwrap_or(folded);
        let bare = if bare.chars().any(|c| kind(c) != Kind::Sign) {
            bare
        } else {
            folded
        };
        let mut spelled = Spelled {
            full: String::new(),
            initials: String::new(),
            syllables: Vec::new(),
            has_letters: false,
        };
        for piece in spell(bare) {
            match piece {
                Piece::Syllable(syllable) => {
                    spelled.full.push_str(syllable);
                    spelled.initials.push_str(&syllable[..1]);
                    spelled.syllables.push(syllable);
                }
                Piece::Letter(letter) => {
                    spelled.full.push(letter);
                    spelled.initials.push(letter);
                    spelled.has_letters = true;
                }
            }
        }
        spelled
    }
}

fn push_han(run: &str, tokens: &mut Vec<String>) {
    tokens.extend(
        run.chars()
            .filter(|c| !STOP_CHARACTERS.contains(c))
            .map(String::from),
    );
    push_pairs(run, tokens);
}

/// What a run of Chinese characters in a query asks for: its pairs, or the character itself when it stands alone.
pub(super) fn push_asked_han(run: &str, tokens: &mut Vec<String>) {
    if run.chars().nth(1).is_some() {
        push_pairs(run, tokens);
    } else {
        push_han(run, tokens);
    }
}

fn push_pairs(run: &str, tokens: &mut Vec<String>) {
    tokens.extend(
        windows(run, 2)
            .filter(|pair| !STOP_PAIRS.contains(pair))
            .map(String::from),
    );
}

/// Two neighbouring syllables, `~hong~quan`: a syllable is in every tenth name, a pair in few.
pub(super) fn push_syllable_pairs(syllables: &[&str], tokens: &mut Vec<String>) {
    let pairs = syllables.windows(2);
    tokens.extend(pairs.map(|pair| format!("{SYLLABLE}{}{SYLLABLE}{}", pair[0], pair[1])));
}

/// Two digits side by side are in every phone number and select nothing: left out.
pub(super) fn push_initials(initials: &str, tokens: &mut Vec<String>) {
    let telling =
        windows(initials, 2).filter(|pair| !pair.bytes().all(|byte| byte.is_ascii_digit()));
    tokens.extend(telling.map(|pair| format!("{INITIALS}{pair}")));
}

pub(super) fn push_triples(word: &str, tokens: &mut Vec<String>) {
    tokens.extend(windows(word, 3).map(String::from));
}

/// All stretches of `count` characters.
fn windows(text: &str, count: usize) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().map(|(at, _)| at);
    let ends = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .skip(count - 1);
    starts.zip(ends).map(|(start, end)| &text[start..end])
}
