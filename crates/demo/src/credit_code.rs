//! Unified social credit codes (GB 32100-2015) with right check digits, of companies that do not exist.

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CODE_WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];
const BODY_WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// How many different bodies there are: `MA` and six characters.
pub(crate) const BODIES: u64 = 31 * 31 * 31 * 31 * 31 * 31;

/// The code of an enterprise (`91`) registered at a six-digit division, with the given number below [`BODIES`] as its body.
pub(crate) fn credit_code(division: &str, body: u64) -> String {
    let mut code = Vec::with_capacity(18);
    code.extend_from_slice(b"91");
    code.extend_from_slice(division.as_bytes());
    code.extend_from_slice(b"MA");
    let mut rest = body;
    for _ in 0..6 {
        code.push(ALPHABET[(rest % 31) as usize]);
        rest /= 31;
    }
    code.push(body_check(&code[8..16]));
    let sum: usize = code
        .iter()
        .zip(CODE_WEIGHTS)
        .map(|(character, weight)| value(*character) * weight)
        .sum();
    code.push(ALPHABET[(31 - sum % 31) % 31]);
    code.into_iter().map(char::from).collect()
}

/// The check character of an organisation code (GB 11714), where letters count from A = 10 without gaps.
fn body_check(body: &[u8]) -> u8 {
    let sum: usize = body
        .iter()
        .zip(BODY_WEIGHTS)
        .map(|(character, weight)| {
            let value = if character.is_ascii_digit() {
                character - b'0'
            } else {
                character - b'A' + 10
            };
            usize::from(value) * weight
        })
        .sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    }
}

fn value(character: u8) -> usize {
    ALPHABET
        .iter()
        .position(|known| *known == character)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_standard_form_ends_in_the_digit_that_the_standard_asks_for() {
        let code = credit_code("320583", 123_456_789);
        assert_eq!(code.len(), 18);
        let sum: usize = code
            .bytes()
            .zip(CODE_WEIGHTS)
            .map(|(character, weight)| value(character) * weight)
            .sum();
        assert_eq!((sum + value(code.as_bytes()[17])) % 31, 0);
    }

    #[test]
    fn the_check_character_agrees_with_a_published_organisation_code() {
        // The worked example of GB 11714: D2143569-X.
        assert_eq!(body_check(b"D2143569"), b'X');
    }
}
