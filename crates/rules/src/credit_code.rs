//! The unified social credit code (统一社会信用代码, GB 32100-2015).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A valid code: 18 capital letters and digits whose check digit holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

/// Why a text is no credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditCodeError {
    /// Not 18 characters; how many there are (spaces and hyphens not counted).
    Length(usize),
    /// A character that the standard does not use (I, O, S, V, Z among the letters); its place counts from 1.
    Character { place: usize, found: char },
    /// The last character is not the one that the others demand.
    CheckDigit { expected: char },
}

impl fmt::Display for CreditCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CreditCodeError::Length(length) => {
                write!(f, "a credit code has 18 characters, not {length}")
            }
            CreditCodeError::Character { place, found } => {
                write!(f, "character {place} can't be {found}")
            }
            CreditCodeError::CheckDigit { expected } => {
                write!(f, "the last character should be {expected}")
            }
        }
    }
}

impl std::error::Error for CreditCodeError {}

/// Values 0 to 30 of the characters, GB 32100-2015 table 1.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    /// Reads a code as people write it: any case, half or full width, with spaces or hyphens.
    pub fn parse(text: &str) -> Result<CreditCode, CreditCodeError> {
        let code: Vec<char> = text
            .chars()
            .map(crate::names::half_width)
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if code.len() != 18 {
            return Err(CreditCodeError::Length(code.len()));
        }
        let mut values = [0u32; 18];
        for (index, &found) in code.iter().enumerate() {
            let value = ALPHABET
                .iter()
                .position(|&letter| char::from(letter) == found);
            let wrong = CreditCodeError::Character {
                place: index + 1,
                found,
            };
            values[index] = value
                .and_then(|value| u32::try_from(value).ok())
                .ok_or(wrong)?;
        }
        let expected = check_digit(&values[..17]);
        if code[17] != expected {
            return Err(CreditCodeError::CheckDigit { expected });
        }
        Ok(CreditCode(code.into_iter().collect()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The division code of the registering authority (six digits; may be one that has since been abolished).
    pub fn division(&self) -> &str {
        &self.0[2..8]
    }
}

/// 31 less the sum of value × 3^place, modulo 31 (GB 32100-2015, 5.4).
fn check_digit(values: &[u32]) -> char {
    let (sum, _) = values.iter().fold((0, 1), |(sum, weight), value| {
        ((sum + value * weight) % 31, weight * 3 % 31)
    });
    char::from(ALPHABET[((31 - sum) % 31) as usize])
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<Self, CreditCodeError> {
        CreditCode::parse(&text)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> String {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: [&str; 2] = ["91330100799655058B", "9144030071526726XG"];

    fn code() -> impl Strategy<Value = String> {
        prop::collection::vec(0u32..31, 17).prop_map(|values| {
            let body: String = values
                .iter()
                .map(|&value| char::from(ALPHABET[value as usize]))
                .collect();
            format!("{body}{}", check_digit(&values))
        })
    }

    #[test]
    fn codes_of_real_companies_hold() {
        for known in KNOWN {
            assert_eq!(
                CreditCode::parse(known).map(String::from).as_deref(),
                Ok(known)
            );
        }
    }

    #[test]
    fn writing_habits_are_put_right() {
        let code = CreditCode::parse(" 91330100-799655058b ").unwrap();
        assert_eq!(code.as_str(), KNOWN[0]);
        assert_eq!(
            CreditCode::parse("９１３３０１００７９９６５５０５８Ｂ"),
            Ok(code.clone())
        );
        assert_eq!(code.division(), "330100");
    }

    #[test]
    fn each_mistake_is_named() {
        assert_eq!(CreditCode::parse("9133"), Err(CreditCodeError::Length(4)));
        assert_eq!(
            CreditCode::parse("9133010079965505OB"),
            Err(CreditCodeError::Character {
                place: 17,
                found: 'O'
            })
        );
        assert_eq!(
            CreditCode::parse("91330100799655058C"),
            Err(CreditCodeError::CheckDigit { expected: 'B' })
        );
    }

    proptest! {
        #[test]
        fn a_code_with_its_check_digit_is_read_in_either_case(code in code()) {
            prop_assert_eq!(CreditCode::parse(&code.to_lowercase()).map(String::from), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_always_noticed(code in code(), place in 0usize..18, value in 0usize..31) {
            let mut letters = code.clone().into_bytes();
            prop_assume!(letters[place] != ALPHABET[value]);
            letters[place] = ALPHABET[value];
            prop_assert!(CreditCode::parse(&String::from_utf8(letters).unwrap()).is_err());
        }
    }
}
