#![cfg(test)]
//! Features through HTTP, on SQLite and (when `CHENGDAN_TEST_POSTGRES` is set) on PostgreSQL.

mod opportunities;
mod organisation;
mod support;
mod texts;
