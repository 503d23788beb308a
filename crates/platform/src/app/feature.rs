//! What a feature brings into the running program.

use std::sync::Arc;

use crate::facts::FactsOf;
use crate::job::JobKind;
use crate::resource::Resource;
use crate::write::{Outbox, Plain, Rules, UndoAct};

/// One feature: what it describes, what it decides, what it does in the background.
#[derive(Default)]
pub struct Feature {
    pub resources: Vec<(Resource, Arc<dyn Rules>)>,
    pub jobs: Vec<JobKind>,
    pub outboxes: Vec<Arc<dyn Outbox>>,
    /// How acts that change no field are taken back, by verb.
    pub undo_acts: Vec<(&'static str, UndoAct)>,
    pub facts: Vec<Arc<dyn FactsOf>>,
}

impl Feature {
    pub fn resource(mut self, resource: Resource, rules: impl Rules + 'static) -> Self {
        self.resources.push((resource, Arc::new(rules)));
        self
    }
    pub fn plain(self, resource: Resource) -> Self {
        self.resource(resource, Plain)
    }
    pub fn outbox(mut self, outbox: impl Outbox + 'static) -> Self {
        self.outboxes.push(Arc::new(outbox));
        self
    }
    pub fn undo_act(mut self, verb: &'static str, undo: UndoAct) -> Self {
        self.undo_acts.push((verb, undo));
        self
    }
    pub fn facts(mut self, facts: impl FactsOf + 'static) -> Self {
        self.facts.push(Arc::new(facts));
        self
    }
    pub fn job(mut self, job: JobKind) -> Self {
        self.jobs.push(job);
        self
    }
}
