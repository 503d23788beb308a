//! The resources that there are.

use std::collections::HashMap;
use std::sync::Arc;

use rules::value::{Field, FieldType};

use super::Resource;
use crate::problem::{Problem, Result};

/// All resources, as they stand now; replaced whole when a custom field comes or goes.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    resources: Vec<Arc<Resource>>,
    index: HashMap<String, usize>,
}

impl Registry {
    pub fn new(resources: Vec<Resource>) -> Registry {
        let resources: Vec<Arc<Resource>> = resources.into_iter().map(Arc::new).collect();
        let index = resources
            .iter()
            .enumerate()
            .map(|(i, resource)| (resource.name.clone(), i))
            .collect();
        Registry { resources, index }
    }
    pub fn get(&self, name: &str) -> Option<&Arc<Resource>> {
        self.index.get(name).map(|i| &self.resources[*i])
    }
    /// A resource that code names; a name that no description has is a mistake in the code, answered as a 404.
    pub fn find(&self, name: &str) -> Result<Arc<Resource>> {
        self.get(name).cloned().ok_or_else(Problem::not_found)
    }
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Resource>> {
        self.resources.iter()
    }
    /// The fields of other resources that refer to this one. Lists of references are none of them: they keep the id of a
    /// deleted record, so that it is there again when the record comes back.
    pub fn referrers(&self, name: &str) -> Vec<(Arc<Resource>, Field)> {
        let mut found = Vec::new();
        for resource in &self.resources {
            for field in resource.fields.iter().filter(|field| !field.system) {
                if field.kind == FieldType::Reference && field.reference.as_deref() == Some(name) {
                    found.push((resource.clone(), field.clone()));
                }
            }
        }
        found
    }
    pub fn replace(&self, changed: Resource) -> Registry {
        let resources = self
            .resources
            .iter()
            .map(|resource| {
                if resource.name == changed.name {
                    changed.clone()
                } else {
                    (**resource).clone()
                }
            })
            .collect();
        Registry::new(resources)
    }
}
