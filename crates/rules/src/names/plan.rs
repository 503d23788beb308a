//! The questions that a search asks the index of names ([`super::grams`]).

use super::fold::fold;
use super::grams::{
    INITIALS, Run, SYLLABLE, push_asked_han, push_initials, push_syllable_pairs, push_triples, runs,
};
use super::pinyin::syllable_of;
use std::sync::OnceLock;

/// What to look up for a query.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SearchPlan {
    /// Candidates have all tokens of at least one of these sets; when there is no set, any record may be one.
    pub tokens: Vec<Vec<String>>,
    /// Each of these must stand on the candidate's search line.
    pub needles: Vec<String>,
}

/// Letters of a word that are looked up; the needle still checks the whole word.
const MOST_LETTERS: usize = 24;
/// Ways to read a word, and combinations of the words' ways, that are worth asking for.
const MOST_WAYS: usize = 32;

/// Tokens of a long word of letters that are asked for: each costs a walk along all records that have it, and so few tell
/// enough for the needle to decide about the rest.
const MOST_TELLING: usize = 4;

/// Legal forms as their pinyin and initials are typed behind a name; the index leaves them out, so the query does too.
const LEGAL_FORMS: [&str; 7] = [
    "gufenyouxiangongsi",
    "youxianzerengongsi",
    "youxiangongsi",
    "gufengongsi",
    "gfyxgs",
    "yxzrgs",
    "yxgs",
];

/// The plan for what somebody typed; each word must be found. A word of letters is tried as initials, as pinyin whose
/// last syllable may be unfinished, and as it stands.
pub fn query_grams(query: &str) -> SearchPlan {
    let mut plan = SearchPlan::default();
    let folded = fold(query);
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let form = LEGAL_FORMS.iter().find_map(|form| word.strip_suffix(form));
        let word = form
            .filter(|rest| rest.len() >= 2 && rest.is_ascii())
            .unwrap_or(word);
        plan.needles.push(word.to_owned());
        let ways = ways_of(word);
        if plan.tokens.is_empty() {
            plan.tokens = ways;
        } else if !ways.is_empty() && plan.tokens.len() * ways.len() <= MOST_WAYS {
            let both =
                |one: &Vec<String>, other: &Vec<String>| one.iter().chain(other).cloned().collect();
            let combined = plan
                .tokens
                .iter()
                .flat_map(|one| ways.iter().map(move |other| both(one, other)));
            plan.tokens = smallest(combined.collect());
        }
    }
    plan.needles.dedup();
    plan
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `needle` anywhere on a line.
pub fn like_pattern(needle: &str) -> String {
    let mut pattern = String::with_capacity(needle.len() + 2);
    pattern.push('%');
    for c in needle.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The sets of tokens of which one at least is among those of any name that has the word; none when nothing can be said.
fn ways_of(word: &str) -> Vec<Vec<String>> {
    let parts: Vec<Run> = runs(word).collect();
    if let [Run::Word(whole)] = parts[..]
        && whole.len() == word.len()
    {
        return ways_of_letters(word);
    }
    let mut tokens = Vec::new();
    for part in parts {
        match part {
            Run::Han(run) => push_asked_han(run, &mut tokens),
            Run::Word(run) if run.chars().count() < 3 => push_initials(run, &mut tokens),
            Run::Word(run) => push_triples(run, &mut tokens),
        }
    }
    smallest(vec![tokens])
}

fn ways_of_letters(word: &str) -> Vec<Vec<String>> {
    let end = word
        .char_indices()
        .nth(MOST_LETTERS)
        .map_or(word.len(), |(at, _)| at);
    let word = &word[..end];
    let mut as_it_stands = Vec::new();
    push_triples(word, &mut as_it_stands);
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return smallest(vec![as_it_stands]);
    }
    let mut as_initials = Vec::new();
    push_initials(word, &mut as_initials);
    let mut ways = vec![telling(as_initials)];
    if word.chars().count() >= 3 {
        ways.push(telling(as_it_stands));
    }
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        ways.extend(as_pinyin(word));
    }
    smallest(ways)
}

/// The rarest of the tokens of a word of letters. What stands inside many syllables (`en`, `ang`) stands wherever pinyin is
/// written out, in most mail addresses for one; what joins two syllables is rare.
fn telling(mut tokens: Vec<String>) -> Vec<String> {
    tokens.sort_unstable();
    tokens.dedup();
    if tokens.len() > MOST_TELLING {
        tokens.sort_by_cached_key(|token| {
            let letters = token.trim_start_matches(INITIALS);
            let inside = syllables().iter().filter(|one| one.contains(letters));
            inside.count()
        });
        tokens.truncate(MOST_TELLING);
    }
    tokens
}

/// Each set once, without sets that hold another one (what they find is found by the smaller one already). A set without
/// tokens would let everything in, so there is then none at all.
fn smallest(mut ways: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for way in &mut ways {
        way.sort_unstable();
        way.dedup();
    }
    if ways.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    ways.sort_unstable_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    let mut kept: Vec<Vec<String>> = Vec::with_capacity(ways.len());
    for way in ways {
        if !kept
            .iter()
            .any(|smaller| smaller.iter().all(|token| way.binary_search(token).is_ok()))
        {
            kept.push(way);
        }
    }
    kept
}

/// All syllables that a character has, sorted.
fn syllables() -> &'static [&'static str] {
    static SYLLABLES: OnceLock<Vec<&'static str>> = OnceLock::new();
    SYLLABLES.get_or_init(|| {
        let blocks = [
            0x3007..=0x3007u32,
            0x3400..=0x9FFF,
            0xF900..=0xFAFF,
            0x2_0000..=0x3_FFFF,
        ];
        let characters = blocks.into_iter().flatten().filter_map(char::from_u32);
        let mut syllables: Vec<&str> = characters.filter_map(syllable_of).collect();
        syllables.sort_unstable();
        syllables.dedup();
        syllables
    })
}

fn syllables_from(start: &str) -> impl Iterator<Item = &'static str> {
    let first = syllables().partition_point(|syllable| *syllable < start);
    syllables()[first..]
        .iter()
        .copied()
        .take_while(move |syllable| syllable.starts_with(start))
}

/// The ways to read `letters` as whole syllables, the last one perhaps unfinished. Long ambiguous words (xianxianxian…)
/// have too many: then only their first half is read.
fn as_pinyin(letters: &str) -> Vec<Vec<String>> {
    let mut length = letters.len();
    loop {
        let mut ways = Vec::new();
        read_on(&letters[..length], &mut Vec::new(), &mut ways);
        if ways.len() <= MOST_WAYS {
            return ways;
        }
        length /= 2;
    }
}

fn read_on<'a>(rest: &'a str, read: &mut Vec<&'a str>, ways: &mut Vec<Vec<String>>) {
    if ways.len() > MOST_WAYS {
        return;
    }
    if rest.is_empty() {
        ways.push(asked(read, None));
        return;
    }
    if read.is_empty() {
        ways.extend(syllables_from(rest).map(|syllable| vec![format!("{SYLLABLE}{syllable}")]));
    } else if syllables_from(rest).any(|syllable| syllable != rest) {
        ways.push(asked(read, rest.chars().next()));
    }
    for length in 1..=rest.len().min(6) {
        let (syllable, behind) = rest.split_at(length);
        if syllables().binary_search(&syllable).is_ok() {
            read.push(syllable);
            read_on(behind, read, ways);
            read.pop();
        }
    }
}

/// The tokens of these syllables: their pairs, or the one itself; and the initials of the last and of one that is unfinished.
fn asked(read: &[&str], unfinished: Option<char>) -> Vec<String> {
    let mut tokens = Vec::new();
    match read {
        [one] => tokens.push(format!("{SYLLABLE}{one}")),
        more => push_syllable_pairs(more, &mut tokens),
    }
    let last = read.last().and_then(|syllable| syllable.chars().next());
    if let (Some(last), Some(unfinished)) = (last, unfinished) {
        tokens.push(format!("{INITIALS}{last}{unfinished}"));
    }
    tokens
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
