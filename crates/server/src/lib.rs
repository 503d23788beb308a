//! Chengdan's features, one folder each, and the server that joins them.

pub mod attachments;
pub mod commands;
pub mod comments;
pub mod contacts;
pub mod customers;
pub mod exports;
pub mod features;
pub mod imports;
pub mod ledger;
pub mod meta;
pub mod migrations;
pub mod notifications;
pub mod opportunities;
pub mod organisation;
pub mod pages;
pub mod products;
pub mod search;
pub mod serve;
pub mod settings;
pub mod shapes;
pub mod sharing;
pub mod sign_in;
pub mod start;
pub mod timeline;
