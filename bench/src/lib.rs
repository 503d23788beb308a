//! The real binary, started, asked over HTTP, measured and killed.

pub mod bare;
pub mod client;
pub mod company;
pub mod figures;
pub mod floor;
pub mod kill;
pub mod results;
pub mod running;

/// Anything that went wrong; a measurement has nobody to recover for.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
pub type Result<T, E = Error> = std::result::Result<T, E>;
