//! What an administrator enters, made into a definition.

use platform::custom_field::{PREFIX, TYPES};
use platform::problem::{Problem, Result};
use rules::names::pinyin;
use rules::value::{Choice, FieldType, Label};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// With its prefix; PostgreSQL cuts names at 63 bytes.
const NAME_MAX: usize = 50;
const LABEL_MAX: usize = 60;
const CHOICES_MAX: usize = 200;

/// A text in one or both languages; the other one takes over where one is missing.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    #[serde(rename = "zh-CN", default)]
    zh: String,
    #[serde(default)]
    en: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChoice {
    /// Kept in records; made from the label unless given.
    code: Option<String>,
    label: Words,
}

pub fn label_of(words: Words) -> Result<Label> {
    label_at(words, "label")
}

fn label_at(words: Words, pointer: &str) -> Result<Label> {
    let (zh, en) = (words.zh.trim(), words.en.trim());
    let (zh, en) = match (zh.is_empty(), en.is_empty()) {
        (true, true) => return Err(Problem::field(pointer, "required")),
        (true, false) => (en, en),
        (false, true) => (zh, zh),
        (false, false) => (zh, en),
    };
    if zh.chars().count() > LABEL_MAX || en.chars().count() > LABEL_MAX {
        return Err(Problem::field_with(
            pointer,
            "too_long",
            json!({ "max": LABEL_MAX }),
        ));
    }
    if zh.chars().chain(en.chars()).any(char::is_control) {
        return Err(Problem::field(pointer, "control_characters"));
    }
    Ok(Label {
        zh: zh.into(),
        en: en.into(),
    })
}

pub fn kind_of(name: &str) -> Result<FieldType> {
    let kind = TYPES.into_iter().find(|kind| kind.name() == name);
    kind.ok_or_else(|| {
        Problem::field_with(
            "type",
            "unknown_type",
            json!({ "types": TYPES.map(FieldType::name) }),
        )
    })
}

/// Lower-case letters, digits and underscores of a text's Latin writing.
fn plain(text: &str) -> String {
    // Word by word: the pinyin of a whole text runs together.
    text.split(|c: char| !c.is_alphanumeric())
        .map(|word| {
            let latin = pinyin(word).full;
            latin
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

/// The column's name: this text stands in SQL, so it can hold nothing but letters, digits and underscores.
pub fn name_of(given: Option<&str>, label: &Label) -> Result<String> {
    let bare = match given.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => {
            let name = name.strip_prefix(PREFIX).unwrap_or(name);
            let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if !fits {
                return Err(Problem::field("name", "bad_name"));
            }
            if name.len() + PREFIX.len() > NAME_MAX {
                return Err(Problem::field_with(
                    "name",
                    "too_long",
                    json!({ "max": NAME_MAX - PREFIX.len() }),
                ));
            }
            name.to_owned()
        }
        None => {
            let from_label = plain(if label.en.is_ascii() {
                &label.en
            } else {
                &label.zh
            });
            from_label.chars().take(NAME_MAX - PREFIX.len()).collect()
        }
    };
    if bare.is_empty() {
        return Err(Problem::field("name", "required"));
    }
    Ok(format!("{PREFIX}{bare}"))
}

/// The choices with their codes; those known by label keep theirs.
pub fn choices_of(kind: FieldType, given: Vec<NewChoice>, known: &[Choice]) -> Result<Vec<Choice>> {
    if !matches!(kind, FieldType::Choice | FieldType::MultiChoice) {
        return if given.is_empty() {
            Ok(Vec::new())
        } else {
            Err(Problem::field("choices", "unknown_field"))
        };
    }
    if given.is_empty() {
        return Err(Problem::field("choices", "choices_required"));
    }
    if given.len() > CHOICES_MAX {
        return Err(Problem::field_with(
            "choices",
            "too_many",
            json!({ "max": CHOICES_MAX }),
        ));
    }
    let mut choices: Vec<Choice> = Vec::new();
    for (i, choice) in given.into_iter().enumerate() {
        let label = label_at(choice.label, &format!("/choices/{i}/label"))?;
        let code = match choice
            .code
            .as_deref()
            .map(str::trim)
            .filter(|code| !code.is_empty())
        {
            Some(code) => code.to_owned(),
            None => {
                let same = known.iter().find(|old| old.label.as_ref() == Some(&label));
                same.map_or_else(
                    || {
                        plain(if label.en.is_ascii() {
                            &label.en
                        } else {
                            &label.zh
                        })
                    },
                    |old| old.code.clone(),
                )
            }
        };
        let code = if code.is_empty() {
            format!("choice_{}", i + 1)
        } else {
            code
        };
        let fits = code.len() <= 60 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !fits {
            return Err(Problem::field(&format!("/choices/{i}/code"), "bad_name"));
        }
        if choices.iter().any(|other| other.code == code) {
            return Err(Problem::field(&format!("/choices/{i}"), "already_exists"));
        }
        choices.push(Choice {
            code,
            label: Some(label),
        });
    }
    Ok(choices)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(zh: &str, en: &str) -> Label {
        Label {
            zh: zh.into(),
            en: en.into(),
        }
    }

    #[test]
    fn a_name_comes_from_the_label_in_latin_letters() {
        assert_eq!(
            name_of(None, &label("客户等级", "客户等级")).expect("a name"),
            "x_kehudengji"
        );
        assert_eq!(
            name_of(None, &label("等级", "Their level (2026)")).expect("a name"),
            "x_their_level_2026"
        );
        assert_eq!(
            name_of(Some("x_size"), &label("a", "b")).expect("a name"),
            "x_size"
        );
    }

    #[test]
    fn a_name_can_hold_no_sql() {
        for name in ["a b", "a;drop", "1a", "\"a\"", "名", "A"] {
            assert!(name_of(Some(name), &label("a", "b")).is_err(), "{name}");
        }
    }

    #[test]
    fn a_type_that_cannot_be_added_is_refused() {
        assert!(kind_of("json").is_err());
        assert_eq!(
            kind_of("multi_choice").expect("a type"),
            FieldType::MultiChoice
        );
    }
}
