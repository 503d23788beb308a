//! Names of companies that do not exist, no two alike.
//!
//! A name is place + core + line of business + legal suffix. Each company has a pair of core and business of its own
//! (6,726 × 188 pairs), so uniqueness needs no memory; cores that a listed or well-known company uses are left out.

use std::collections::HashSet;

use crate::people_names::plain_pinyin;
use crate::random::{Permutation, Random, key};
use crate::tables::company_names::{BUSINESSES, FIRST, SECOND, SUFFIXES, TAKEN, THIRD};

struct Core {
    text: String,
    pinyin: String,
}

struct Business {
    industry: &'static str,
    word: &'static str,
    initials: String,
}

/// All cores and businesses, and the order in which the pairs are given out.
pub(crate) struct CompanyNames {
    cores: Vec<Core>,
    businesses: Vec<Business>,
    order: Permutation,
}

/// An invented company.
pub(crate) struct CompanyName {
    pub name: String,
    pub short_name: String,
    /// Division of the national classification.
    pub industry: &'static str,
    /// Domain under `.example`, which nobody can own.
    pub domain: String,
}

impl CompanyNames {
    pub(crate) fn new(seed: u64) -> Self {
        let taken: Vec<char> = TAKEN.chars().collect();
        let taken: HashSet<&[char]> = taken.chunks(2).collect();
        let mut cores = Vec::new();
        for first in FIRST.chars() {
            for second in SECOND.chars().filter(|second| *second != first) {
                if !taken.contains([first, second].as_slice()) {
                    let text = String::from_iter([first, second]);
                    let pinyin = plain_pinyin(&text);
                    cores.push(Core { text, pinyin });
                }
            }
        }
        let mut businesses = Vec::new();
        for (industry, words) in BUSINESSES {
            for word in *words {
                let initials = word
                    .chars()
                    .filter_map(|character| {
                        plain_pinyin(character.encode_utf8(&mut [0; 4]))
                            .chars()
                            .next()
                    })
                    .collect();
                businesses.push(Business {
                    industry,
                    word,
                    initials,
                });
            }
        }
        let order = Permutation::new((cores.len() * businesses.len()) as u64, seed, 40);
        Self {
            cores,
            businesses,
            order,
        }
    }

    /// The company with a number; numbers up to a million give different names.
    pub(crate) fn at(&self, number: u64, place: &str, seed: u64) -> CompanyName {
        let pair = self.order.at(number) as usize;
        let core = &self.cores[pair / self.businesses.len() % self.cores.len()];
        let business = &self.businesses[pair % self.businesses.len()];
        let mut random = Random::new(seed, 41, key(seed, 42, number));
        let third = random
            .chance(0.14)
            .then(|| random.pick(&[0, 1, 2, 3]))
            .and_then(|index| THIRD.chars().nth(index))
            .filter(|third| !core.text.contains(*third));
        let suffix = random.weighted(SUFFIXES);
        let mut core_text = core.text.clone();
        core_text.extend(third);
        let name = match random.below(100) {
            0..80 => [place, &core_text, business.word, suffix].concat(),
            80..91 => [&core_text, business.word, suffix].concat(),
            _ => [&core_text, "（", place, "）", business.word, suffix].concat(),
        };
        core_text.extend(business.word.chars().take(2));
        let domain = [&core.pinyin, "-", &business.initials, ".example"].concat();
        CompanyName {
            name,
            short_name: core_text,
            industry: business.industry,
            domain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::cities::CITIES;

    #[test]
    fn no_two_pairs_of_core_and_business_can_give_the_same_name() {
        let words: Vec<&str> = BUSINESSES
            .iter()
            .flat_map(|business| business.1)
            .copied()
            .collect();
        assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len());
        assert!(
            words
                .iter()
                .all(|word| !word.starts_with(|first| THIRD.contains(first)))
        );
        for city in CITIES {
            let others = CITIES.iter().filter(|other| other.place != city.place);
            assert!(
                others
                    .into_iter()
                    .all(|other| !other.place.starts_with(city.place))
            );
        }
        let names = CompanyNames::new(1);
        assert!(
            names
                .cores
                .iter()
                .all(|core| CITIES.iter().all(|city| city.place != core.text))
        );
        assert!(names.cores.len() * names.businesses.len() > 1_000_000);
    }

    #[test]
    fn a_taken_core_is_never_used() {
        let names = CompanyNames::new(1);
        for taken in ["恒瑞", "汇川", "德美", "恒大"] {
            assert!(names.cores.iter().all(|core| core.text != taken), "{taken}");
        }
    }
}
