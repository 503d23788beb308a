//! Phone numbers and e-mail addresses: one canonical form each, and their masks.

use crate::names::half_width;
use std::fmt;

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// Chinese mobile, `13812341234`.
    Mobile,
    /// Chinese land line, `0755-12345678`, perhaps with an extension.
    LandLine,
    /// Service number, `4008001234` or `95588`.
    Service,
    /// A number abroad with its country code, `+14155550100`.
    Foreign,
}

/// A phone number in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    text: String,
    pub kind: PhoneKind,
}

/// The text can't be a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPhone;

impl fmt::Display for NotAPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a phone number")
    }
}

impl std::error::Error for NotAPhone {}

const EXTENSION_WORDS: [&str; 6] = ["转分机", "分机", "转", "ext.", "ext", "x"];

impl Phone {
    /// Reads a number as people write it: full width, spaces, brackets, hyphens, +86, extensions.
    pub fn parse(text: &str) -> Result<Phone, NotAPhone> {
        let text: String = text
            .trim()
            .chars()
            .map(half_width)
            .flat_map(char::to_lowercase)
            .collect();
        let (number, extension) = split_extension(&text);
        let is_foreign_form =
            number.trim_start().starts_with('+') || number.trim_start().starts_with("00");
        if number
            .chars()
            .any(|c| !c.is_ascii_digit() && !" -()+./\u{a0}－–—".contains(c))
        {
            return Err(NotAPhone);
        }
        let mut digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let mut extension: String = extension.chars().filter(char::is_ascii_digit).collect();
        if is_foreign_form {
            digits = digits.trim_start_matches('0').to_owned();
        }
        if let Some(domestic) = digits
            .strip_prefix("86")
            .filter(|rest| is_foreign_form || rest.len() == 11)
        {
            let is_land_line =
                !is_mobile(domestic) && !domestic.starts_with('0') && domestic.len() >= 9;
            digits = if is_land_line {
                format!("0{domestic}")
            } else {
                domestic.to_owned()
            };
        } else if is_foreign_form {
            let text = format!("+{digits}");
            let is_possible = (8..=15).contains(&digits.len()) && extension.is_empty();
            return if is_possible {
                Ok(Phone {
                    text,
                    kind: PhoneKind::Foreign,
                })
            } else {
                Err(NotAPhone)
            };
        }
        // `0755-12345678-801`: the third group of a land line is its extension.
        if extension.is_empty()
            && let [area, line, rest] = number.split('-').collect::<Vec<_>>()[..]
            && area.starts_with('0')
            && (7..=8).contains(&line.trim().len())
        {
            extension = rest.trim().to_owned();
            digits.truncate(digits.len().saturating_sub(extension.len()));
        }
        let (text, kind) = domestic(&digits).ok_or(NotAPhone)?;
        match (extension.len(), kind) {
            (0, _) => Ok(Phone { text, kind }),
            (1..=6, PhoneKind::LandLine | PhoneKind::Service) => Ok(Phone {
                text: format!("{text}-{extension}"),
                kind,
            }),
            _ => Err(NotAPhone),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The digits alone, for finding the same number again however it was written.
    pub fn key(&self) -> String {
        self.text.chars().filter(char::is_ascii_digit).collect()
    }
}

fn split_extension(text: &str) -> (&str, &str) {
    let found = EXTENSION_WORDS
        .iter()
        .find_map(|word| text.split_once(word));
    found.or_else(|| text.split_once('#')).unwrap_or((text, ""))
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9')
}

fn domestic(digits: &str) -> Option<(String, PhoneKind)> {
    if is_mobile(digits) {
        return Some((digits.to_owned(), PhoneKind::Mobile));
    }
    let is_service = (digits.len() == 10
        && (digits.starts_with("400") || digits.starts_with("800")))
        || (matches!(digits.len(), 5..=8)
            && (digits.starts_with("95") || digits.starts_with("96")));
    if is_service {
        return Some((digits.to_owned(), PhoneKind::Service));
    }
    match (digits.as_bytes(), digits.len()) {
        ([b'0', b'1', b'0', b'2'..=b'9', ..] | [b'0', b'2', b'0'..=b'9', b'2'..=b'9', ..], 11) => {
            Some((
                format!("{}-{}", &digits[..3], &digits[3..]),
                PhoneKind::LandLine,
            ))
        }
        ([b'0', b'3'..=b'9', _, _, b'2'..=b'9', ..], 11 | 12) => Some((
            format!("{}-{}", &digits[..4], &digits[4..]),
            PhoneKind::LandLine,
        )),
        // A local number without its area code: kept, for nobody can know the area.
        ([b'2'..=b'8', ..], 7 | 8) => Some((digits.to_owned(), PhoneKind::LandLine)),
        _ => None,
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A number with its middle hidden: `138****1234`, `0755-****5678`; at most seven digits stay, short texts vanish.
pub fn mask(text: &str) -> String {
    let characters: Vec<char> = text.trim().chars().collect();
    let digits = characters.iter().filter(|c| c.is_ascii_digit()).count();
    if digits < 8 {
        return "****".to_owned();
    }
    let head = if characters[0] == '0' {
        characters
            .iter()
            .position(|c| *c == '-')
            .map_or(3, |at| at + 1)
    } else {
        3
    };
    let head: String = characters[..head.min(5)].iter().collect();
    let tail: String = characters[characters.len() - 4..].iter().collect();
    format!("{head}****{tail}")
}

/// An e-mail address in canonical form (trimmed, half width, lower case), or none when it hasn't the shape of one.
pub fn normal_email(text: &str) -> Option<String> {
    let address: String = text
        .trim()
        .chars()
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect();
    let (local, domain) = address.split_once('@')?;
    let is_local = !local.is_empty()
        && local.chars().count() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
    let is_label = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let last = domain.rsplit('.').next()?;
    let is_domain = domain.contains('.')
        && domain.len() <= 253
        && domain.split('.').all(is_label)
        && last.chars().count() >= 2
        && !last.chars().all(|c| c.is_ascii_digit());
    (is_local && is_domain).then_some(address)
}

/// An address with only its first letter and its domain: `l***@x.cn`; what is no address vanishes.
pub fn mask_email(text: &str) -> String {
    match (text.trim().chars().next(), text.trim().split_once('@')) {
        (Some(first), Some((local, domain))) if !local.is_empty() => format!("{first}***@{domain}"),
        _ => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests;
