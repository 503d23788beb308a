//! Shapes that many answers have.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::access::Access;
use crate::i18n::LANGUAGES;

/// Names of the ids in an answer.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl From<HashMap<Uuid, Arc<str>>> for Labels {
    fn from(names: HashMap<Uuid, Arc<str>>) -> Labels {
        Labels(
            names
                .into_iter()
                .map(|(id, name)| (id.to_string(), name.to_string()))
                .collect(),
        )
    }
}

/// How many there are; beyond 10,000 the count is a lower bound.
#[derive(Debug, Serialize, ToSchema)]
pub struct Total {
    pub count: u64,
    pub exact: bool,
}

/// An amount in minor units (分) of the organisation's currency.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Money {
    pub amount_minor: i64,
    pub currency: String,
}

impl Money {
    pub fn of(access: &Access, amount_minor: i64) -> Money {
        Money {
            amount_minor,
            currency: access.app.settings().currency.clone(),
        }
    }
}

/// Stands for one of `LANGUAGES` in a shape that keeps it as text.
pub enum Language {}

impl PartialSchema for Language {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(LANGUAGES))
            .into()
    }
}
impl ToSchema for Language {}
