#![cfg(test)]
//! Features through HTTP, on SQLite and (when `CHENGDAN_TEST_POSTGRES` is set) on PostgreSQL.

mod attachments;
mod comments;
mod ledger;
mod opportunities;
mod organisation;
mod search;
mod sharing;
mod support;
mod texts;
mod timeline;
