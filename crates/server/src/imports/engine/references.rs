//! What the names in a row refer to: records, other rows of the file, or what is yet to be made.

use platform::problem::Result;
use rules::value::Value;
use serde_json::json;
use uuid::Uuid;

use super::chunk::Draft;
use super::rows::{Act, Row, cell_text};
use super::{Forward, Running};
use crate::imports::cells::Parsed;
use crate::imports::resolve::Found;

impl Running<'_> {
    pub(super) fn resolved(&self, draft: &Draft) -> Row {
        let customer = self.customer_of(draft);
        let mut row = Row {
            number: draft.row.number,
            ..Row::default()
        };
        for (i, source) in self.plan.sources.iter().enumerate() {
            match &draft.cells[i] {
                Err(refusal) => row.refuse(Some(i), refusal.code, refusal.params.clone()),
                Ok(Parsed::Value(Value::Null)) => {}
                Ok(Parsed::Value(value)) => row.values.push((i, value.clone())),
                Ok(Parsed::Name(text)) if source.name() == "id" => match Uuid::parse_str(text) {
                    Ok(id) => row.values.push((i, Value::Id(id))),
                    Err(_) => row.refuse(Some(i), "not_an_id", json!({})),
                },
                Ok(Parsed::Name(text)) => match self.find_at(customer, draft, i, text) {
                    Found::One(id) => row.values.push((i, Value::Id(id))),
                    Found::Several(ids) => row.several.push((i, ids)),
                    Found::Nothing if source.create_missing => row.missing.push((i, text.clone())),
                    Found::Nothing => self.unknown(&mut row, i),
                },
                Ok(Parsed::Names(texts)) => {
                    let mut ids = Vec::new();
                    for text in texts {
                        match self.find_at(customer, draft, i, text) {
                            Found::One(id) => ids.push(id.to_string()),
                            Found::Several(several) => {
                                row.refuse(
                                    Some(i),
                                    "ambiguous_reference",
                                    json!({ "count": several.len() }),
                                );
                            }
                            Found::Nothing => self.unknown(&mut row, i),
                        }
                    }
                    row.values.push((i, Value::List(ids)));
                }
            }
        }
        row
    }

    /// The customer that the row names.
    fn customer_of(&self, draft: &Draft) -> Option<Uuid> {
        let source = self.plan.source_of("customer_id")?;
        match &draft.cells[source] {
            Ok(Parsed::Name(text)) => match self.find(draft, source, text) {
                Found::One(id) => Some(id),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a name means in a row of this customer: its contacts and opportunities, not others' of the same name.
    fn find_at(&self, customer: Option<Uuid>, draft: &Draft, source: usize, text: &str) -> Found {
        let found = self.find(draft, source, text);
        let Some(customer) = customer else {
            return found;
        };
        let ids = match &found {
            Found::Nothing => return found,
            Found::One(id) => vec![*id],
            Found::Several(ids) => ids.clone(),
        };
        let mut there = Found::Nothing;
        for id in ids {
            if self.names.customer_of(id).is_none_or(|of| of == customer) {
                there.add(id);
            }
        }
        there
    }

    fn find(&self, draft: &Draft, source: usize, text: &str) -> Found {
        let within = self.within(draft, source);
        match self.name_of(&self.plan.sources[source], text, within) {
            Some(name) => self.names.get(&name),
            None => Found::Nothing,
        }
    }

    fn unknown(&self, row: &mut Row, source: usize) {
        let resource = self.plan.sources[source].refers_to().unwrap_or_default();
        row.refuse(
            Some(source),
            "unknown_name",
            json!({ "resource": resource }),
        );
    }

    /// A name that fits several records means the one that the record already refers to, if that is among them.
    pub(super) fn settle_several(&self, row: &mut Row, act: &Act) {
        for (source, ids) in std::mem::take(&mut row.several) {
            let current = match act {
                Act::Update(record) => record.reference(self.plan.sources[source].name()),
                _ => None,
            };
            match current.filter(|id| ids.contains(id)) {
                Some(id) => row.values.push((source, Value::Id(id))),
                None => row.refuse(
                    Some(source),
                    "ambiguous_reference",
                    json!({ "count": ids.len() }),
                ),
            }
        }
    }

    /// References to other rows of the file, or to records of the same resource: no circles.
    pub(super) fn check_own_references(&mut self, draft: &Draft, row: &mut Row, id: Uuid) {
        for (i, source) in self.plan.sources.iter().enumerate() {
            if source.refers_to() != Some(&self.plan.resource.name) || source.name() == "id" {
                continue;
            }
            let Some(above) = row.value(i).and_then(Value::as_id) else {
                continue;
            };
            if !self.lies_below(i, id, above) {
                row.refuse(Some(i), "cycle", json!({}));
            } else if self.promised.contains(&above) {
                let text = cell_text(self, draft, i);
                self.forward.push(Forward {
                    row: row.number,
                    source: i,
                    record: id,
                    refers_to: above,
                    text,
                });
            }
        }
    }

    pub(super) async fn make_missing(&mut self, row: &mut Row) -> Result<()> {
        let owner = self
            .plan
            .source_of("owner_id")
            .and_then(|source| row.value(source))
            .and_then(Value::as_id);
        for (source, text) in std::mem::take(&mut row.missing) {
            if let Some(id) = self.make(source, &text, owner).await? {
                row.values.push((source, Value::Id(id)));
            }
        }
        Ok(())
    }
}
