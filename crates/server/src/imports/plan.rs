//! A mapping that fits its file: checked once, so that rows meet only their own mistakes.

use std::sync::Arc;

use platform::access::Access;
use platform::problem::{FieldProblem, Problem, Result};
use platform::resource::Resource;
use rules::permission::Action;
use rules::value::{Field, FieldType};
use serde_json::{Value as Json, json};
use sheet::{Cell, Row};

use super::cells::Reader;
use super::mapping::{ColumnMapping, Duplicates, Mapping, Mode};
use super::resolve::shared_parent;
use super::targets::{self, Target, names_of};

/// Where a field's values come from.
enum From {
    /// Position among the sheet's columns.
    Column(usize),
    /// Text with cells of the row in it.
    Template(Vec<Piece>),
}

enum Piece {
    Text(String),
    Cell(usize),
}

/// One field to fill.
pub struct Source {
    from: From,
    /// None for a constant.
    pub header: Option<String>,
    pub target: Target,
    pub reader: Reader,
    pub by: Option<String>,
    pub create_missing: bool,
    /// The field of the same row in whose record the named one lies: a stage in its process.
    pub within: Option<String>,
}

impl Source {
    pub fn field(&self) -> &Field {
        &self.target.field
    }
    pub fn name(&self) -> &str {
        &self.target.field.name
    }
    /// The resource that the cells name records of.
    pub fn refers_to(&self) -> Option<&str> {
        self.target.field.reference.as_deref()
    }
    pub fn cell(&self, row: &Row) -> Cell {
        match &self.from {
            From::Column(i) => row.cells.get(*i).cloned().unwrap_or(Cell::Empty),
            From::Template(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(piece) => text.push_str(piece),
                        Piece::Cell(i) => text.push_str(
                            row.cells
                                .get(*i)
                                .map(|cell| cell.text())
                                .unwrap_or_default()
                                .trim(),
                        ),
                    }
                }
                Cell::Text(text.trim().to_owned())
            }
        }
    }
}

pub struct Plan {
    pub resource: Arc<Resource>,
    pub mode: Mode,
    pub key: Option<String>,
    pub sources: Vec<Source>,
    pub skip_bad_rows: bool,
    pub duplicates: Duplicates,
}

/// Fields that the resource's own rules fill when a file leaves them out.
const FILLED: [(&str, &str); 2] = [
    ("opportunities", "process_id"),
    ("opportunities", "stage_id"),
];

impl Plan {
    /// 422 with a pointer for everything in the mapping that doesn't fit.
    pub async fn new(
        access: &Access,
        resource: &Arc<Resource>,
        mapping: &Mapping,
        headers: &[String],
    ) -> Result<Plan> {
        let mut targets = targets::of(access, resource).await?;
        if mapping.key.as_deref() == Some("id")
            && let Some(id) = resource.field("id")
        {
            targets.push(Target {
                resource: resource.name.clone(),
                field: id.clone(),
                is_extra: false,
            });
        }
        let mut check = Check {
            access,
            resource,
            targets,
            headers,
            errors: Vec::new(),
        };
        let mut sources: Vec<Source> = Vec::new();
        for (header, column) in &mapping.columns {
            let Some(column) = column else { continue };
            let pointer = format!("/mapping/columns/{header}");
            match headers.iter().position(|known| known == header) {
                Some(at) => check.add(
                    &mut sources,
                    From::Column(at),
                    Some(header.clone()),
                    column,
                    &pointer,
                ),
                None => check.refuse(&pointer, "unknown_column", json!({ "column": header })),
            }
        }
        for (field, value) in &mapping.constants {
            let text = match value {
                Json::Null => continue,
                Json::String(text) => text.clone(),
                Json::Object(money) if money.contains_key("amount_minor") => {
                    let minor = money
                        .get("amount_minor")
                        .and_then(Json::as_i64)
                        .unwrap_or_default();
                    let named = money.get("currency").and_then(Json::as_str);
                    let amount = rules::amount::format_minor(minor);
                    format!("{amount} {}", named.unwrap_or_default())
                }
                Json::Array(items) => items
                    .iter()
                    .filter_map(Json::as_str)
                    .collect::<Vec<_>>()
                    .join(";"),
                other => other.to_string(),
            };
            let from = From::Template(pieces(&text, headers));
            let column = ColumnMapping {
                field: field.clone(),
                ..ColumnMapping::default()
            };
            check.add(
                &mut sources,
                from,
                None,
                &column,
                &format!("/mapping/constants/{field}"),
            );
        }
        check.whole(mapping, &sources);
        if !check.errors.is_empty() {
            return Err(Problem::invalid(check.errors));
        }
        Ok(Plan {
            resource: resource.clone(),
            mode: mapping.mode,
            key: mapping.key.clone(),
            sources,
            skip_bad_rows: mapping.skip_bad_rows,
            duplicates: mapping.duplicates,
        })
    }

    pub fn source_of(&self, field: &str) -> Option<usize> {
        self.sources
            .iter()
            .position(|source| source.name() == field)
    }

    /// Whether rows may refer to other rows of the same file.
    pub fn refers_to_itself(&self) -> bool {
        self.mode != Mode::Update
            && self.sources.iter().any(|source| {
                source.name() != "id" && source.refers_to() == Some(&self.resource.name)
            })
    }
}

struct Check<'a> {
    access: &'a Access,
    resource: &'a Arc<Resource>,
    targets: Vec<Target>,
    headers: &'a [String],
    errors: Vec<FieldProblem>,
}

impl Check<'_> {
    fn refuse(&mut self, pointer: &str, code: &str, params: Json) {
        self.errors.push(FieldProblem::new(pointer, code, params));
    }

    fn add(
        &mut self,
        sources: &mut Vec<Source>,
        from: From,
        header: Option<String>,
        column: &ColumnMapping,
        pointer: &str,
    ) {
        let Some(target) = self
            .targets
            .iter()
            .find(|target| target.field.name == column.field)
            .cloned()
        else {
            let code = match self.resource.field(&column.field) {
                Some(field) if self.access.field_rule(self.resource, field).is_some() => {
                    "field_not_allowed"
                }
                Some(_) => "read_only",
                None => "unknown_field",
            };
            return self.refuse(pointer, code, json!({ "field": column.field }));
        };
        if sources.iter().any(|source| source.name() == column.field) {
            return self.refuse(pointer, "mapped_twice", json!({ "field": column.field }));
        }
        let registry = self.access.app.registry();
        if let Some(referred) = target
            .field
            .reference
            .as_deref()
            .and_then(|name| registry.get(name))
        {
            if let Some(by) = &column.by
                && !names_of(referred).contains(&by.as_str())
            {
                return self.refuse(pointer, "unknown_match", json!({ "match": by }));
            }
            if column.create_missing && !self.access.allows(&referred.name, Action::Create) {
                return self.refuse(
                    pointer,
                    "create_missing_not_allowed",
                    json!({ "resource": referred.name }),
                );
            }
        }
        let within = target
            .field
            .reference
            .as_deref()
            .and_then(|name| registry.get(name))
            .and_then(|referred| shared_parent(self.resource, referred));
        sources.push(Source {
            from,
            header,
            reader: Reader::new(self.access, &self.resource.name, &target.field, column),
            target,
            by: column.by.clone(),
            create_missing: column.create_missing,
            within,
        });
    }

    /// What only the mapping as a whole can lack.
    fn whole(&mut self, mapping: &Mapping, sources: &[Source]) {
        let has = |field: &str| sources.iter().any(|source| source.name() == field);
        let known = |field: &str| self.resource.field(field);
        match &mapping.key {
            Some(key) => {
                let fits = key == "id"
                    || *key == self.resource.label_field
                    || known(key).is_some_and(|field| field.unique && field.kind.is_text());
                if !fits {
                    self.refuse("/mapping/key", "not_a_key", json!({ "field": key }));
                } else if !has(key) {
                    self.refuse("/mapping/key", "key_not_mapped", json!({ "field": key }));
                }
            }
            None if mapping.mode != Mode::Create => {
                self.refuse("/mapping/key", "key_missing", json!({}))
            }
            None => {}
        }
        if mapping.mode == Mode::Update {
            return;
        }
        let missing: Vec<String> = self
            .targets
            .iter()
            .filter(|target| {
                target.is_required() && !target.is_extra && target.field.kind != FieldType::Json
            })
            .map(|target| target.field.name.clone())
            .filter(|field| {
                !has(field) && !FILLED.contains(&(self.resource.name.as_str(), field.as_str()))
            })
            .collect();
        for field in missing {
            self.refuse(
                &format!("/mapping/{field}"),
                "required_not_mapped",
                json!({ "field": field }),
            );
        }
        if self.headers.is_empty() {
            self.refuse("/mapping/columns", "empty_file", json!({}));
        }
    }
}

/// `{account} – {product}` with the columns' positions in it; braces around no header stay as they are.
fn pieces(text: &str, headers: &[String]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let header = rest[open + 1..]
            .find('}')
            .map(|close| &rest[open + 1..open + 1 + close]);
        let column = header.and_then(|header| {
            Some((
                headers.iter().position(|known| known == header)?,
                header.len(),
            ))
        });
        match column {
            Some((at, length)) => {
                plain.push_str(&rest[..open]);
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Cell(at));
                rest = &rest[open + length + 2..];
            }
            None => {
                plain.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    plain.push_str(rest);
    pieces.push(Piece::Text(plain));
    pieces
}
