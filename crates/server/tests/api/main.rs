#![cfg(test)]
//! Features through HTTP, on SQLite and (when `CHENGDAN_TEST_POSTGRES` is set) on PostgreSQL.

mod activities;
mod attachments;
mod bad_input;
mod bucket;
mod calendar;
mod comments;
mod contracts;
mod custom_fields;
mod dashboard;
mod digests;
mod exports;
mod facts;
mod goldens;
mod imports;
mod jobs;
mod keyed;
mod ledger;
mod lists;
mod live;
mod opportunities;
mod organisation;
mod people;
mod push;
mod resources;
mod search;
mod sharing;
mod sign_in;
mod support;
mod texts;
mod timeline;
mod today;
mod tokens;
mod views;
mod visit_templates;
mod webhooks;
