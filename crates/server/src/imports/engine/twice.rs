//! What a row repeats: values that may stand once, and customers that seem to exist.

use std::hash::{DefaultHasher, Hash, Hasher};

use platform::problem::Result;
use rules::names::{core_name, fold, same_name};
use serde_json::json;

use super::Running;
use super::chunk::{Draft, Known};
use super::rows::{Act, Row, cell_text};
use crate::imports::mapping::Duplicates;

impl Running<'_> {
    /// Values that may stand only once: in the file, and in the database.
    pub(super) fn once_only(&mut self, draft: &Draft, row: &mut Row, known: &Known, act: &Act) {
        for (i, source) in self.plan.sources.iter().enumerate() {
            let is_key = self.plan.key.as_deref() == Some(source.name());
            if !(is_key || source.field().unique) || source.target.is_extra {
                continue;
            }
            let Some(text) = draft.text(i) else { continue };
            let mut hasher = DefaultHasher::new();
            fold(text).hash(&mut hasher);
            let first = *self.seen.entry((i, hasher.finish())).or_insert(row.number);
            if first != row.number {
                row.refuse(Some(i), "duplicate_in_file", json!({ "row": first }));
                continue;
            }
            let own = match act {
                Act::Update(record) => Some(record.id()),
                _ => None,
            };
            let holders = known.holders.get(&i);
            let holder = holders.and_then(|holders| {
                holders
                    .get(text)
                    .or_else(|| holders.get(&text.to_uppercase()))
            });
            if holder.is_some_and(|holder| Some(*holder) != own) && !matches!(act, Act::Skip) {
                row.refuse(Some(i), "already_exists", json!({}));
            }
        }
    }

    /// A new customer that seems to exist, in the database or further up in the file.
    pub(super) fn namesake(
        &mut self,
        draft: &Draft,
        row: &mut Row,
        known: &mut Known,
        act: &Act,
    ) -> Result<Option<Act>> {
        if self.plan.resource.name != "customers" || !matches!(act, Act::Create) {
            return Ok(None);
        }
        let by_code = self.plan.source_of("credit_code").and_then(|source| {
            let text = draft.text(source)?.to_uppercase();
            known
                .holders
                .get(&source)?
                .get(&text)
                .map(|id| (source, *id))
        });
        let name = self
            .plan
            .source_of("name")
            .and_then(|source| Some((source, draft.text(source)?.to_owned())));
        let core = name
            .as_ref()
            .map(|(_, name)| core_name(name))
            .filter(|core| !core.is_empty());
        let (mut hit, mut warning) = (by_code, None);
        if let (Some((source, name)), Some(core)) = (&name, core) {
            let stored = known
                .namesakes
                .get(&core)
                .into_iter()
                .flatten()
                .find(|other| same_name(&other.name, name));
            let in_file = self.cores.entry(core).or_default();
            let above = in_file
                .iter()
                .find(|(_, other)| same_name(other, name))
                .cloned();
            in_file.push((row.number, name.clone()));
            if let Some(stored) = stored {
                hit = hit.or(Some((*source, stored.id)));
                warning = Some((*source, "same_name_exists", json!({})));
            } else if let Some((first, other)) = above {
                warning = Some((
                    *source,
                    "same_name_in_file",
                    json!({ "row": first, "name": other }),
                ));
            }
        }
        if by_code.is_none() && warning.is_none() {
            return Ok(None);
        }
        let act = match (self.plan.duplicates, hit) {
            (Duplicates::Create, _) => None,
            (Duplicates::Skip, _) | (Duplicates::Update, None) => Some(Act::Skip),
            (Duplicates::Update, Some((source, id))) => {
                // Only what the importer can see may be updated by the likeness of a name.
                match known.likely.get(&id) {
                    Some(record) => Some(Act::Update(Box::new(record.clone()))),
                    None => {
                        row.refuse(Some(source), "exists_out_of_reach", json!({}));
                        None
                    }
                }
            }
        };
        if let Some((source, code, params)) = warning {
            let mut trouble = self.trouble_at(
                row.number,
                Some(source),
                cell_text(self, draft, source),
                code,
                params,
            );
            trouble.is_warning = true;
            self.troubles.add(trouble)?;
        }
        Ok(act)
    }
}
