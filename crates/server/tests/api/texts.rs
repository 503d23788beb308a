//! Everything that people read has words in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use platform::i18n::{Catalog, LANGUAGES};
use server::features;

fn lacks(catalog: &Catalog, missing: &mut BTreeSet<String>, keys: &[String]) {
    for language in LANGUAGES {
        if !keys.iter().any(|key| catalog.find(language, key).is_some()) {
            missing.insert(format!("{language}: {}", keys[0]));
        }
    }
}

#[test]
fn every_field_choice_and_view_has_words_in_both_languages() {
    let catalog = features::catalog().unwrap();
    let mut missing = BTreeSet::new();
    for feature in features::features() {
        for (resource, _) in &feature.resources {
            let name = &resource.name;
            for field in resource.fields.iter().filter(|field| !field.internal) {
                let own = format!("{name}.fields.{}", field.name);
                let shared = format!("app.fields.{}", field.name);
                lacks(&catalog, &mut missing, &[own, shared]);
                for choice in &field.choices {
                    lacks(
                        &catalog,
                        &mut missing,
                        &[format!("{name}.choices.{}.{}", field.name, choice.code)],
                    );
                }
            }
            for view in &resource.views {
                lacks(
                    &catalog,
                    &mut missing,
                    &[format!("{name}.views.{}", view.name)],
                );
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no words for:\n{}",
        missing.into_iter().collect::<Vec<_>>().join("\n")
    );
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The literal behind each call that names a problem's code.
fn codes(text: &str) -> BTreeSet<String> {
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = BTreeSet::new();
    for (call, position) in [
        ("Problem::rule(", 0),
        ("Problem::new(", 1),
        ("Problem::field(", 1),
        ("Problem::field_with(", 1),
        ("FieldProblem::new(", 1),
        ("Refusal::new(", 0),
        ("Refusal::with(", 0),
        ("self.bad(", 0),
    ] {
        for (start, _) in flat.match_indices(call) {
            let arguments: Vec<&str> = flat[start + call.len()..]
                .splitn(position + 2, ", ")
                .collect();
            let Some(argument) = arguments.get(position) else {
                continue;
            };
            let literal = argument
                .trim()
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next());
            if let Some(code) =
                literal.filter(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
            {
                found.insert(code.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_problem_has_words_in_both_languages() {
    let catalog = features::catalog().unwrap();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for name in ["rules", "platform", "server"] {
        sources(&crates.join(name).join("src"), &mut files);
    }
    let mut all = BTreeSet::new();
    for file in files {
        all.extend(codes(&fs::read_to_string(file).unwrap()));
    }
    assert!(all.len() > 50, "the scan finds the codes: {all:?}");
    let mut missing = BTreeSet::new();
    for code in all {
        lacks(&catalog, &mut missing, &[format!("problems.{code}")]);
    }
    assert!(
        missing.is_empty(),
        "no words for:\n{}",
        missing.into_iter().collect::<Vec<_>>().join("\n")
    );
}
