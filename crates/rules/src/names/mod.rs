//! Names of companies and people: folded for searching, reduced to their core for the duplicate check, and in pinyin.

mod fold;

pub use fold::{fold, half_width};
