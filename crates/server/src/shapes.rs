//! Shapes that several features answer.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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
