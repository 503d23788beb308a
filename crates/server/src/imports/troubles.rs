//! What is wrong with which cell: the first ones to show, all of them in a file, and how often each kind occurs.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::path::Path;

use platform::app::App;
use platform::problem::{Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Shown in the wizard; the file has them all.
const SHOWN: usize = 200;
/// Kinds of trouble that are told apart.
const KINDS: usize = 2_000;
/// The most frequent kinds, which a mapping may repair.
const KINDS_SHOWN: usize = 100;
/// A longer cell is cut in messages.
const VALUE_MAX: usize = 120;

/// One bad cell, or a bad row when no column is named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trouble {
    /// As the spreadsheet program numbers it.
    pub row: u32,
    /// The header.
    pub column: Option<String>,
    pub field: Option<String>,
    pub value: String,
    pub code: String,
    pub params: Json,
    /// The row is imported all the same.
    #[serde(default)]
    pub is_warning: bool,
}

/// The same trouble in many rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kind {
    pub column: Option<String>,
    pub field: Option<String>,
    pub code: String,
    pub value: String,
    pub count: u64,
    pub is_warning: bool,
    pub params: Json,
}

/// Gathers troubles while an import runs.
pub struct Troubles {
    pub first: Vec<Trouble>,
    pub warnings: Vec<Trouble>,
    pub warning_count: u64,
    kinds: HashMap<(Option<String>, String, String), Kind>,
    all: BufWriter<File>,
}

impl Troubles {
    /// Begins a new file of troubles at `path`.
    pub fn at(path: &Path) -> Result<Troubles> {
        Ok(Troubles {
            first: Vec::new(),
            warnings: Vec::new(),
            warning_count: 0,
            kinds: HashMap::new(),
            all: BufWriter::new(File::create(path)?),
        })
    }

    pub fn add(&mut self, mut trouble: Trouble) -> Result<()> {
        if trouble.value.chars().count() > VALUE_MAX {
            trouble.value = trouble.value.chars().take(VALUE_MAX).chain(['…']).collect();
        }
        let key = (
            trouble.column.clone(),
            trouble.code.clone(),
            trouble.value.clone(),
        );
        if let Some(kind) = self.kinds.get_mut(&key) {
            kind.count += 1;
        } else if self.kinds.len() < KINDS {
            let kind = Kind {
                column: trouble.column.clone(),
                field: trouble.field.clone(),
                code: trouble.code.clone(),
                value: trouble.value.clone(),
                count: 1,
                is_warning: trouble.is_warning,
                params: trouble.params.clone(),
            };
            self.kinds.insert(key, kind);
        }
        serde_json::to_writer(&mut self.all, &trouble).map_err(Problem::internal)?;
        self.all.write_all(b"\n")?;
        if trouble.is_warning {
            self.warning_count += 1;
            if self.warnings.len() < SHOWN {
                self.warnings.push(trouble);
            }
        } else if self.first.len() < SHOWN {
            self.first.push(trouble);
        }
        Ok(())
    }

    /// The most frequent kinds, first the most frequent one.
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.kinds.values().cloned().collect();
        kinds.sort_by(|a, b| {
            b.count
                .cmp(&a.count)
                .then_with(|| (&a.column, &a.value).cmp(&(&b.column, &b.value)))
        });
        kinds.truncate(KINDS_SHOWN);
        kinds
    }

    pub fn finish(&mut self) -> Result<()> {
        Ok(self.all.flush()?)
    }
}

/// What a code says, in the reader's language.
pub fn message(app: &App, language: &str, code: &str, params: &Json) -> String {
    app.catalog
        .text(language, &format!("problems.{code}"), params)
}

/// All troubles that keep rows out, by row.
pub fn read_all(path: &Path) -> Result<HashMap<u32, Vec<Trouble>>> {
    let mut all: HashMap<u32, Vec<Trouble>> = HashMap::new();
    let Ok(file) = File::open(path) else {
        return Ok(all);
    };
    for line in BufReader::new(file).lines() {
        if let Ok(trouble) = serde_json::from_str::<Trouble>(&line?)
            && !trouble.is_warning
        {
            all.entry(trouble.row).or_default().push(trouble);
        }
    }
    Ok(all)
}
