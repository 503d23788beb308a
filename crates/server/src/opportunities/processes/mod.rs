//! Sales processes: the two that ship, and how their stages are changed.

mod editor;
mod moving;
mod seed;
mod wanted;

use async_trait::async_trait;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::web::Routes;
use platform::write::{Cause, Rules, Write};
use rules::value::Value;

use super::stages;

pub use seed::{seed, seed_in};

pub fn routes() -> Routes {
    editor::routes()
}

pub struct Processes;

#[async_trait]
impl Rules for Processes {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        // An old revision only serves what runs on it; new opportunities belong to its successor.
        let replaced = !after.get("replaced_by").is_null();
        if replaced
            && *after.get("is_active") == Value::Bool(true)
            && write.cause == Cause::Edit
            && !write.automatic
        {
            let was_active =
                before.is_some_and(|before| *before.get("is_active") == Value::Bool(true));
            if !was_active {
                return Err(Problem::field("is_active", "process_replaced"));
            }
        }
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        _before: Option<&Record>,
        _after: Option<&Record>,
    ) -> Result<()> {
        stages::Processes::forget(write);
        Ok(())
    }
}

pub struct Stages;

#[async_trait]
impl Rules for Stages {
    async fn after(
        &self,
        write: &mut Write,
        _before: Option<&Record>,
        _after: Option<&Record>,
    ) -> Result<()> {
        stages::Processes::forget(write);
        Ok(())
    }
}
