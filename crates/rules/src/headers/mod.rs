//! Which column of an imported file belongs to which field.

mod content;

use crate::names::fold;
use crate::value::FieldType;
use content::{Fit, fit};

static SYNONYMS: &str = include_str!("../../data/header_synonyms.txt");

/// A field that a column can be mapped to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub field: String,
    pub field_type: FieldType,
    /// What the field is called on screen, in every language.
    pub labels: Vec<String>,
    /// Other headers that mean it, the surest first; [`synonyms`] knows those of the built-in fields.
    pub synonyms: Vec<String>,
}

/// Headers that mean this field of this resource, the surest first; none for fields that only we have.
pub fn synonyms(resource: &str, field: &str) -> Vec<&'static str> {
    let lines = SYNONYMS.lines().filter_map(|line| line.split_once(" | "));
    let of = |wanted: &str| {
        let mut found = lines
            .clone()
            .filter(|(key, _)| key.split_once('.') == Some((wanted, field)));
        found
            .next()
            .map(|(_, headers)| headers.split(',').map(str::trim).collect::<Vec<_>>())
    };
    of(resource).or_else(|| of("*")).unwrap_or_default()
}

/// How many of the base unit one stands for in a column with this header: `金额（万元）` 10,000, otherwise 1.
pub fn unit_of(header: &str) -> u32 {
    let header = fold(header);
    let units = [
        ("百万元", 1_000_000),
        ("亿元", 100_000_000),
        ("万元", 10_000),
        ("千元", 1_000),
        ("(万)", 10_000),
        ("(亿)", 100_000_000),
    ];
    units
        .iter()
        .find(|(word, _)| header.contains(word))
        .map_or(1, |(_, unit)| *unit)
}

/// Below this a guess would mislead more often than help.
const LEAST_SCORE: f64 = 25.0;

/// For each header the field that its column most likely holds, or none; no field is given twice. `samples` has some values
/// of each column, in the order of the headers (fewer or none are fine).
/// A name decides first (equal to the field, a label or a synonym; then holding one; then nearly one); values that can't
/// be of the field's type speak against it, and values of an unmistakable type find a field without any name.
pub fn suggest<Text: AsRef<str>>(
    headers: &[Text],
    samples: &[Vec<Text>],
    targets: &[Target],
) -> Vec<Option<String>> {
    let names: Vec<Vec<String>> = targets.iter().map(names_of).collect();
    let mut scored: Vec<(f64, usize, usize)> = Vec::new();
    for (column, header) in headers.iter().enumerate() {
        let header = plain(header.as_ref());
        let values: Vec<&str> = samples.get(column).map_or_else(Vec::new, |values| {
            values.iter().map(AsRef::as_ref).collect()
        });
        for (at, target) in targets.iter().enumerate() {
            let score = score(&header, &names[at], fit(target, &values));
            if score >= LEAST_SCORE {
                scored.push((score, column, at));
            }
        }
    }
    scored.sort_by(|one, other| {
        other
            .0
            .total_cmp(&one.0)
            .then(one.1.cmp(&other.1))
            .then(one.2.cmp(&other.2))
    });
    let mut suggested: Vec<Option<String>> = vec![None; headers.len()];
    let mut is_taken = vec![false; targets.len()];
    for (_, column, at) in scored {
        if suggested[column].is_none() && !is_taken[at] {
            suggested[column] = Some(targets[at].field.clone());
            is_taken[at] = true;
        }
    }
    suggested
}

/// The target's names in plain form, the surest first.
fn names_of(target: &Target) -> Vec<String> {
    let texts = std::iter::once(&target.field)
        .chain(&target.labels)
        .chain(&target.synonyms);
    let mut names: Vec<String> = Vec::new();
    for name in texts
        .map(|text| plain(text))
        .filter(|name| !name.is_empty())
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Folded, without remarks in brackets, signs and spaces: `Deal_Stage *` and `deal stage` are the same.
fn plain(header: &str) -> String {
    let folded = fold(header);
    let mut depth = 0usize;
    let mut kept = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            '(' | '[' | '【' | '{' => depth += 1,
            ')' | ']' | '】' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && c.is_alphanumeric() => kept.push(c),
            _ => {}
        }
    }
    if kept.is_empty() {
        folded.chars().filter(|c| c.is_alphanumeric()).collect()
    } else {
        kept
    }
}

fn score(header: &str, names: &[String], fit: Fit) -> f64 {
    let named = names
        .iter()
        .enumerate()
        .map(|(rank, name)| named(header, name) - rank.min(100) as f64 * 0.1);
    let named = named.fold(0.0, f64::max);
    match fit {
        Fit::No => named - 60.0,
        Fit::Unknown => named,
        Fit::Yes(_) if named > 0.0 => named + 3.0,
        Fit::Yes(certainty) => certainty,
    }
}

/// How well the header matches one name, 0 to 100.
fn named(header: &str, name: &str) -> f64 {
    if header.is_empty() {
        return 0.0;
    }
    if header == name {
        return 100.0;
    }
    let (longer, shorter) = if header.len() > name.len() {
        (header, name)
    } else {
        (name, header)
    };
    // Two Chinese characters are a word, in Latin letters it takes four.
    let is_word = if shorter.is_ascii() {
        shorter.len() >= 4
    } else {
        shorter.chars().count() >= 2
    };
    if is_word && longer.contains(shorter) {
        // 联系人电话 is a 电话, not a 联系人: in both languages what a thing is stands last.
        let place = if longer.ends_with(shorter) { 10.0 } else { 0.0 };
        return 40.0
            + place
            + 30.0 * shorter.chars().count() as f64 / longer.chars().count() as f64;
    }
    let nearness = strsim::jaro_winkler(header, name);
    if header.is_ascii() && header.len() >= 5 && nearness > 0.92 {
        60.0 * nearness
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests;
