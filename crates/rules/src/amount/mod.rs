//! Amounts, numbers and percentages as people write them.

mod format;

pub use format::{format_minor, short_en, short_zh};

use crate::names::half_width;
use std::fmt;

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    Empty,
    /// Something in it belongs to no number.
    NotANumber,
    /// Separators that don't part thousands (`1,23`) or come in the wrong order (`1.234,50`).
    Grouping,
    /// Beyond ±9,007,199,254,740,991 minor units, the largest whole number that every client reads exactly.
    TooLarge,
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AmountError::Empty => "empty",
            AmountError::NotANumber => "not a number",
            AmountError::Grouping => "unclear separators",
            AmountError::TooLarge => "too large",
        })
    }
}

impl std::error::Error for AmountError {}

/// Largest magnitude of an amount in minor units, 2^53 − 1.
pub const MOST_MINOR: i64 = 9_007_199_254_740_991;

/// `mantissa` × 10^`exponent`.
struct Decimal {
    mantissa: i128,
    exponent: i32,
}

const CURRENCY_WORDS: [&str; 16] = [
    "人民币",
    "rmb",
    "cny",
    "usd",
    "hkd",
    "eur",
    "美元",
    "港元",
    "欧元",
    "圆",
    "元整",
    "元",
    "¥",
    "$",
    "€",
    "£",
];

/// Signs and words that name a currency, and what each may stand for; longer ones before those inside them. 元 alone names
/// none: it is what several currencies are counted in.
const CURRENCIES: [(&str, &[&str]); 20] = [
    ("us$", &["USD"]),
    ("hk$", &["HKD"]),
    ("nt$", &["TWD"]),
    ("人民币", &["CNY"]),
    ("rmb", &["CNY"]),
    ("cny", &["CNY"]),
    ("美元", &["USD"]),
    ("美金", &["USD"]),
    ("usd", &["USD"]),
    ("港元", &["HKD"]),
    ("港币", &["HKD"]),
    ("hkd", &["HKD"]),
    ("欧元", &["EUR"]),
    ("eur", &["EUR"]),
    ("€", &["EUR"]),
    ("日元", &["JPY"]),
    ("jpy", &["JPY"]),
    ("£", &["GBP"]),
    ("¥", &["CNY", "JPY"]),
    (
        "$",
        &["USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD", "MXN"],
    ),
];

/// Whether the text names a currency that can't be this one: `$100` where amounts are in CNY.
pub fn names_other_currency(text: &str, currency: &str) -> bool {
    let text: String = text
        .chars()
        .map(half_width)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    CURRENCIES
        .iter()
        .find(|(word, _)| text.contains(word))
        .is_some_and(|(_, meant)| !meant.contains(&currency))
}

/// Words after a number and the powers of ten that they stand for; longer words before their own endings.
const MULTIPLIERS: [(&str, i32); 21] = [
    ("万亿", 12),
    ("百亿", 10),
    ("十亿", 9),
    ("千万", 7),
    ("百万", 6),
    ("十万", 5),
    ("亿", 8),
    ("億", 8),
    ("万", 4),
    ("萬", 4),
    ("千", 3),
    ("百", 2),
    ("billion", 9),
    ("million", 6),
    ("thousand", 3),
    ("bn", 9),
    ("mn", 6),
    ("b", 9),
    ("m", 6),
    ("k", 3),
    // How 万 is typed where no Chinese input is at hand.
    ("w", 4),
];

/// An amount in minor units (1/100 of the currency), rounded half away from zero. `unit` is what one stands for when the
/// text names no unit of its own: 1 for 元, 10,000 for a column headed 万元.
pub fn parse_minor(text: &str, unit: u32) -> Result<i64, AmountError> {
    let mut decimal = parse_decimal(text)?;
    if !decimal.1 {
        decimal.0.mantissa = decimal
            .0
            .mantissa
            .checked_mul(i128::from(unit))
            .ok_or(AmountError::TooLarge)?;
    }
    decimal.0.exponent += 2;
    let minor = decimal.0.rounded().ok_or(AmountError::TooLarge)?;
    i64::try_from(minor)
        .ok()
        .filter(|minor| minor.abs() <= MOST_MINOR)
        .ok_or(AmountError::TooLarge)
}

/// A number with or without separators, multiplier words included: `1,234.5`, `12.5万`.
pub fn parse_number(text: &str) -> Result<f64, AmountError> {
    let (decimal, _) = parse_decimal(text)?;
    let number: f64 = format!("{}e{}", decimal.mantissa, decimal.exponent)
        .parse()
        .map_err(|_| AmountError::NotANumber)?;
    if number.is_finite() {
        Ok(number)
    } else {
        Err(AmountError::TooLarge)
    }
}

/// A whole number; `12.0` is one, `12.5` is not.
pub fn parse_integer(text: &str) -> Result<i64, AmountError> {
    let (decimal, _) = parse_decimal(text)?;
    let whole = decimal.rounded().ok_or(AmountError::TooLarge)?;
    let divisor = 10i128.checked_pow(decimal.exponent.min(0).unsigned_abs());
    if divisor.is_none_or(|divisor| decimal.mantissa % divisor != 0) {
        return Err(AmountError::NotANumber);
    }
    i64::try_from(whole).map_err(|_| AmountError::TooLarge)
}

/// What a percentage without a sign means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// `12.5` is 12.5 %, as people type it.
    Percent,
    /// `0.125` is 12.5 %, as spreadsheets store it.
    Fraction,
}

/// A percentage in percent: `12.5%`, `12.5％` and (as `bare` says) plain `12.5` or `0.125` give 12.5; `5‰` gives 0.5.
pub fn parse_percent(text: &str, bare: Bare) -> Result<f64, AmountError> {
    let text = text.trim();
    let signs = [('%', 1.0), ('％', 1.0), ('‰', 0.1)];
    match signs
        .iter()
        .find_map(|(sign, factor)| text.strip_suffix(*sign).map(|rest| (rest, factor)))
    {
        Some((rest, factor)) => parse_number(rest).map(|number| number * factor),
        None if bare == Bare::Fraction => parse_number(text).map(|number| number * 100.0),
        None => parse_number(text),
    }
}

impl Decimal {
    /// The nearest whole number, halves away from zero; none beyond i128.
    fn rounded(&self) -> Option<i128> {
        let power = 10i128.checked_pow(self.exponent.unsigned_abs());
        if self.exponent >= 0 {
            return if self.mantissa == 0 {
                Some(0)
            } else {
                self.mantissa.checked_mul(power?)
            };
        }
        // A divisor beyond i128 leaves nothing of a mantissa within it.
        let Some(power) = power else { return Some(0) };
        let (whole, rest) = (self.mantissa / power, self.mantissa % power);
        Some(if rest.abs() >= power - rest.abs() {
            whole + rest.signum()
        } else {
            whole
        })
    }
}

/// The number in `text`, and whether the text itself named a multiplier.
fn parse_decimal(text: &str) -> Result<(Decimal, bool), AmountError> {
    let mut text: String = text
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            if c == '−' || c == '–' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    if text.is_empty() {
        return Err(AmountError::Empty);
    }
    let mut is_negative = false;
    if let Some(inner) = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        is_negative = true;
        text = inner.to_owned();
    }
    let mut body = strip_currency(&text);
    // Accounting programs put the sign behind, and `-¥5` is as common as `¥-5`.
    for (sign, negates) in [('-', true), ('+', false)] {
        let stripped = body.strip_prefix(sign).or_else(|| body.strip_suffix(sign));
        if let Some(rest) = stripped {
            if is_negative && negates {
                return Err(AmountError::NotANumber);
            }
            is_negative |= negates;
            body = strip_currency(rest);
            break;
        }
    }
    let multiplier = MULTIPLIERS
        .iter()
        .find_map(|(word, power)| body.strip_suffix(word).map(|rest| (rest, *power)));
    let (digits, power) = multiplier.unwrap_or((body, 0));
    let mut decimal = parse_digits(digits)?;
    decimal.exponent += power;
    if is_negative {
        decimal.mantissa = -decimal.mantissa;
    }
    Ok((decimal, multiplier.is_some()))
}

fn strip_currency(text: &str) -> &str {
    let text = CURRENCY_WORDS
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    CURRENCY_WORDS
        .iter()
        .find_map(|word| text.strip_suffix(word))
        .unwrap_or(text)
}

/// Digits with separators, a point, and perhaps an exponent as spreadsheets write it (`1.2e+06`).
fn parse_digits(text: &str) -> Result<Decimal, AmountError> {
    let (number, power) = match text.split_once('e') {
        Some((number, power)) => (
            number,
            power.parse::<i32>().map_err(|_| AmountError::NotANumber)?,
        ),
        None => (text, 0),
    };
    if power.abs() > 300 {
        return Err(AmountError::TooLarge);
    }
    let is_separator = |c: char| c == ',' || c == '\'' || c == '’' || c == '、';
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains(is_separator) || fraction.contains('.') {
        return Err(AmountError::Grouping);
    }
    let groups: Vec<&str> = whole.split(is_separator).collect();
    if let [first, rest @ ..] = groups.as_slice()
        && !rest.is_empty()
    {
        // Thousands, or the 万 groups of four that Chinese counting uses.
        let is_even = [3, 4].iter().any(|&size| {
            (1..=size).contains(&first.len()) && rest.iter().all(|group| group.len() == size)
        });
        if !is_even {
            return Err(AmountError::Grouping);
        }
    }
    let digits = groups.concat() + fraction;
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(AmountError::NotANumber);
    }
    let mantissa = digits.parse::<i128>().map_err(|_| AmountError::TooLarge)?;
    let scale = i32::try_from(fraction.len()).map_err(|_| AmountError::TooLarge)?;
    Ok(Decimal {
        mantissa,
        exponent: power - scale,
    })
}

#[cfg(test)]
mod tests;
