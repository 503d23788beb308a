//! What is true about selling: pure functions and types, with no database, clock or random numbers.
#![forbid(unsafe_code)]

pub mod activities;
pub mod amount;
pub mod contracts;
pub mod credit_code;
pub mod day;
pub mod digest;
pub mod divisions;
pub mod facts;
pub mod filter;
pub mod funnel;
pub mod headers;
pub mod holidays;
pub mod icalendar;
pub mod industries;
pub mod metrics;
pub mod money;
pub mod names;
pub mod opportunities;
pub mod period;
pub mod permission;
pub mod phone;
pub mod position;
pub mod quiet_hours;
pub mod recurrence;
pub mod suggestions;
pub mod value;
pub mod visit_steps;
