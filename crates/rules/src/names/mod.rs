//! Names of companies and people: folded for searching, reduced to their core for the duplicate check, and in pinyin.

mod core;
mod fold;
mod grams;
mod pinyin;
mod plan;

pub use core::{core_name, same_name, similarity};
pub use fold::{fold, half_width, is_han};
pub use grams::{REVISION, grams_of, search_line};
pub use pinyin::{Pinyin, pinyin};
pub use plan::{SearchPlan, like_pattern, query_grams};
