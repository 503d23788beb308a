//! What features keep in mind during one write: catalogues read once, effects gathered until the end.

use std::any::{Any, TypeId};
use std::collections::HashMap;

/// One value of each type; features use types of their own, so that they never meet.
#[derive(Default)]
pub struct Memory {
    kept: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
}

impl Memory {
    pub fn keep<T: Any + Send + Sync>(&mut self, value: T) {
        self.kept.insert(TypeId::of::<T>(), Box::new(value));
    }

    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.kept.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// The kept value, to be changed; made when it is missing.
    pub fn change<T: Any + Send + Sync + Default>(&mut self, change: impl FnOnce(&mut T)) {
        let kept = self
            .kept
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Box::new(T::default()));
        if let Some(value) = kept.downcast_mut() {
            change(value);
        }
    }

    pub fn take<T: Any + Send + Sync>(&mut self) -> Option<T> {
        let kept = self.kept.remove(&TypeId::of::<T>())?;
        kept.downcast().ok().map(|value| *value)
    }
}
