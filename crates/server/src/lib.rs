//! Chengdan's features, one folder each, and the server that joins them.

pub mod commands;
pub mod contacts;
pub mod customers;
pub mod exports;
pub mod features;
pub mod imports;
pub mod meta;
pub mod migrations;
pub mod opportunities;
pub mod organisation;
pub mod pages;
pub mod products;
pub mod search;
pub mod serve;
pub mod settings;
pub mod sign_in;
pub mod start;
