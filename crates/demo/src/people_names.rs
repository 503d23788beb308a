//! Names of people with their pinyin, and numbers on which nobody can be called.

use pinyin::ToPinyin;

use crate::random::Random;
use crate::tables::people_names::{FEMALE, FEMALE_FIRST, MALE, MALE_FIRST, SURNAMES};

/// A character with its pinyin in plain letters.
#[derive(Clone)]
struct Syllable(char, String);

/// The pinyin of a text in plain letters, without tones; other characters are left out.
pub(crate) fn plain_pinyin(text: &str) -> String {
    text.to_pinyin()
        .flatten()
        .map(|syllable| syllable.plain())
        .collect()
}

/// A person's name and what an e-mail address is made of.
pub(crate) struct PersonName {
    pub name: String,
    pub pinyin: String,
}

/// The syllables of names, read once.
pub(crate) struct PeopleNames {
    surnames: Vec<Syllable>,
    first: [Vec<Syllable>; 2],
    second: [Vec<Syllable>; 2],
}

impl PeopleNames {
    pub(crate) fn new() -> Self {
        Self {
            surnames: syllables(SURNAMES),
            first: [MALE_FIRST, FEMALE_FIRST].map(syllables),
            second: [MALE, FEMALE].map(syllables),
        }
    }

    /// A name; frequent surnames come up more often, four of five given names have two characters.
    pub(crate) fn invent(&self, random: &mut Random, share_of_men: f64) -> PersonName {
        let skew = random.unit();
        let surname = &self.surnames
            [((skew * skew * self.surnames.len() as f64) as usize).min(self.surnames.len() - 1)];
        let sex = usize::from(!random.chance(share_of_men));
        let second = &self.second[sex][random.below(self.second[sex].len())];
        let first = random
            .chance(0.8)
            .then(|| &self.first[sex][random.below(self.first[sex].len())])
            .filter(|first| first.0 != second.0);
        let mut name = String::with_capacity(9);
        let mut pinyin = String::with_capacity(16);
        for syllable in [Some(surname), first, Some(second)].into_iter().flatten() {
            name.push(syllable.0);
            pinyin.push_str(&syllable.1);
        }
        PersonName { name, pinyin }
    }
}

fn syllables(characters: &str) -> Vec<Syllable> {
    characters
        .chars()
        .map(|character| {
            // The common reading of 曾 is céng, but not as a surname.
            let pinyin = if character == '曾' {
                "zeng".to_owned()
            } else {
                plain_pinyin(character.encode_utf8(&mut [0; 4]))
            };
            Syllable(character, pinyin)
        })
        .collect()
}

/// A mobile number of the right form with a prefix that no operator has been given, so that a test message reaches nobody.
pub(crate) fn mobile(random: &mut Random) -> String {
    let prefix = random.pick(&["154", "160", "161", "163", "164", "168", "169", "179"]);
    let mut number = String::with_capacity(11);
    number.push_str(prefix);
    push_digits(&mut number, random.next(), 8);
    number
}

/// A landline number; local numbers never begin with 9.
pub(crate) fn landline(random: &mut Random, area_code: &str) -> String {
    let mut number = String::with_capacity(13);
    number.push_str(area_code);
    number.push_str("-9");
    push_digits(&mut number, random.next(), 7);
    number
}

/// Appends the given number of decimal digits of a random number.
fn push_digits(text: &mut String, mut number: u64, count: usize) {
    for _ in 0..count {
        text.push(char::from(b'0' + (number % 10) as u8));
        number /= 10;
    }
}
