//! Word lists: everything invented is put together from these.

pub(crate) mod cities;
pub(crate) mod company_names;
pub(crate) mod people_names;
pub(crate) mod phrases;
#[rustfmt::skip]
pub(crate) mod visit_phrases;
