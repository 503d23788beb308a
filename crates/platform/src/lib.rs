//! The mechanisms that every feature stands on. They know no sales word.

pub mod access;
pub mod app;
pub mod clock;
pub mod custom_field;
pub mod db;
pub mod derived;
pub mod directory;
pub mod facts;
pub mod files;
pub mod following;
pub mod i18n;
pub mod job;
pub mod labels;
pub mod ledger;
pub mod listing;
pub mod live;
pub mod mail;
pub mod outbound;
mod pace;
pub mod problem;
pub mod push;
pub mod resource;
pub mod search;
pub mod secrets;
pub mod signing;
pub mod web;
pub mod write;
