//! How close a record's texts are to what somebody typed.

use rules::names::{fold, is_han, pinyin, query_grams, search_line};
use rules::value::Field;

/// What somebody typed, made comparable.
pub struct Needle {
    whole: String,
    words: Vec<String>,
    spelled: String,
    /// Chinese characters stand in texts as they are written only, never in their pinyin.
    is_written: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    Exact,
    Beginning,
    BeginningOfWord,
    Anywhere,
}

/// Closest first; of equals the shorter text, then by text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    pub closeness: Closeness,
    /// A hit in the name comes before one in another field.
    is_other_field: bool,
    length: usize,
    text: String,
    pub field: String,
}

impl Needle {
    pub fn of(text: &str) -> Needle {
        let whole = fold(text).trim().to_owned();
        let words = query_grams(text).needles;
        Needle {
            spelled: pinyin(text).full,
            is_written: words.iter().all(|word| word.chars().any(is_han)),
            whole,
            words,
        }
    }
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
    /// As names are sorted.
    pub fn spelled(&self) -> &str {
        &self.spelled
    }

    /// The best of a record's texts, the first being its name; none when its words are not all in them.
    pub fn rank(&self, texts: &[(&Field, &str)]) -> Option<Rank> {
        let line_of = |text: &str| match self.is_written {
            true => fold(text),
            false => search_line(&[text]),
        };
        let lines: Vec<String> = texts.iter().map(|(_, text)| line_of(text)).collect();
        let is_there = |word: &String| lines.iter().any(|line| line.contains(word.as_str()));
        if !self.words.iter().all(is_there) {
            return None;
        }
        texts
            .iter()
            .enumerate()
            .filter_map(|(i, (field, text))| {
                Some(Rank {
                    closeness: self.closeness(&lines[i])?,
                    is_other_field: i > 0,
                    length: text.chars().count(),
                    text: (*text).to_owned(),
                    field: field.name.clone(),
                })
            })
            .min()
    }

    /// How close one text is, by its search line; none when none of the words is in it.
    fn closeness(&self, line: &str) -> Option<Closeness> {
        let parts = || line.split('|');
        if parts().any(|part| part == self.whole) {
            return Some(Closeness::Exact);
        }
        if parts().any(|part| part.starts_with(&self.whole)) {
            return Some(Closeness::Beginning);
        }
        let first = self
            .words
            .iter()
            .find(|word| line.contains(word.as_str()))?;
        let begins = |part: &str| {
            part.match_indices(first.as_str()).any(|(at, _)| {
                part[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|before| !before.is_alphanumeric())
            })
        };
        Some(if parts().any(begins) {
            Closeness::BeginningOfWord
        } else {
            Closeness::Anywhere
        })
    }
}
