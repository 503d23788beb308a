//! Amounts as people read them.

/// A whole amount with separators and both decimals: `-1,234.50`.
pub fn format_minor(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, rest) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
    format!("{sign}{}.{rest:02}", grouped(whole))
}

/// The amount in the unit that suits its size: `9,999.5元`, `12.5万元`, `3亿元`; at most two decimals.
pub fn short_zh(minor: i64) -> String {
    short(
        minor,
        [
            (100_000_000_000_000, "万亿元"),
            (10_000_000_000, "亿元"),
            (1_000_000, "万元"),
            (100, "元"),
        ],
    )
}

/// The amount in the unit that suits its size: `999.5`, `12.5K`, `3M`, `1.2B`; at most two decimals.
pub fn short_en(minor: i64) -> String {
    short(
        minor,
        [
            (100_000_000_000, "B"),
            (100_000_000, "M"),
            (100_000, "K"),
            (100, ""),
        ],
    )
}

/// `units` from the largest (each a multiple of 100 times the next): the first one that the magnitude, as the next
/// smaller unit would show it, reaches. So 99,999,999.99 元 reads 1亿元, never 10,000万元.
fn short(minor: i64, units: [(u64, &str); 4]) -> String {
    let magnitude = u128::from(minor.unsigned_abs());
    let reaches = |index: usize| {
        let step = units
            .get(index + 1)
            .map_or(1, |(smaller, _)| u128::from(smaller / 100));
        (magnitude + step / 2) / step * step >= u128::from(units[index].0)
    };
    let (unit, name) = units[(0..units.len() - 1)
        .find(|&index| reaches(index))
        .unwrap_or(units.len() - 1)];
    let hundredths = (magnitude * 100 + u128::from(unit) / 2) / u128::from(unit);
    let fraction = format!("{:02}", hundredths % 100);
    let fraction = fraction.trim_end_matches('0');
    let sign = if minor < 0 && hundredths > 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!(
        "{sign}{}{point}{fraction}{name}",
        grouped(u64::try_from(hundredths / 100).unwrap_or(u64::MAX))
    )
}

fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
