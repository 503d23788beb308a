//! Imports: the wizard's way from a file to records and back, on data with real dirt.

mod activities;
mod bad_input;
mod listed;
mod maven;
mod maven_figures;
mod rows;
mod undo;
pub mod wizard;
