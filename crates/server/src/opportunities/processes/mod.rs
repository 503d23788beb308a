//! Sales processes: the two that ship, and how their stages are changed.

mod editor;
mod moving;
mod seed;
mod wanted;

use futures_util::future::BoxFuture;
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

impl Rules for Processes {
    fn before<'a>(
        &'a self,
        write: &'a mut Write,
        before: Option<&'a Record>,
        after: Option<&'a mut Record>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
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
        })
    }

    fn after<'a>(
        &'a self,
        write: &'a mut Write,
        _before: Option<&'a Record>,
        _after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            stages::Processes::forget(write);
            Ok(())
        })
    }
}

pub struct Stages;

impl Rules for Stages {
    fn after<'a>(
        &'a self,
        write: &'a mut Write,
        _before: Option<&'a Record>,
        _after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            stages::Processes::forget(write);
            Ok(())
        })
    }
}
