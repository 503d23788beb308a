//! Imports: spreadsheets of any source become records, after a dry run that names every bad cell.

mod activities;
mod bad_rows;
mod bands;
mod cells;
mod command;
mod engine;
mod existing;
mod jobs;
pub mod mapping;
mod opportunities;
mod plan;
mod progress;
mod reading;
mod resolve;
mod routes;
mod saved;
mod shown;
mod store;
pub mod targets;
mod troubles;
mod upload;

use platform::app::Feature;

pub use command::import_file;
pub use engine::Summary;
pub use mapping::Mapping;
pub use routes::routes;
pub use store::{PREFIX, remove_files};

pub fn feature() -> Feature {
    Feature::default().job(jobs::kind())
}
